"""What concerns one partner's room: what comes to it, what it must do, and what was decided about what it asked."""

from dataclasses import dataclass

from tansiq.building.rooms.actors import Actor
from tansiq.desks.distribution.models import PlanState, Warehouse
from tansiq.desks.distribution.queries.feedback import ComplaintRow, complaint_rows, complaints
from tansiq.desks.distribution.queries.partners import ReleaseRow, release_rows, releases
from tansiq.desks.distribution.queries.plans import PlanRow, plan_rows, plans
from tansiq.desks.distribution.queries.settings import Words
from tansiq.desks.distribution.queries.stock import WarehouseRow, warehouse_rows
from tansiq.desks.distribution.rules import ANSWERED, CLOSED, WAITING
from tansiq.desks.impediments.queries.lists import ImpedimentRow, Wanted, impediments, rows_of
from tansiq.desks.impediments.queries.words import words as impediment_words

MOST = 10  # of each list; the rest is one press further


@dataclass(frozen=True)
class Portal:
    """Everything on a partner's page."""

    coming: list[ReleaseRow]  # to be answered
    answered: list[ReleaseRow]
    due: list[PlanRow]  # of which a report is owed, or a difference to be explained
    ahead: list[PlanRow]
    held: list[PlanRow]
    to_answer: list[ComplaintRow]  # handled by this room
    to_tell: list[ComplaintRow]  # of which the answer must be told
    asked: list[ComplaintRow]  # of this room, with what was answered
    obstacles: list[ImpedimentRow]  # raised by this room, with what was decided
    stores: list[WarehouseRow]


def portal(by: Actor, words: Words) -> Portal:
    """A partner's page, in a fixed number of queries."""
    to_me = release_rows(releases(by, partner=by.room_id)[: 2 * MOST], by, words)
    own = plan_rows(plans(by, own=True)[: 3 * MOST], by, words)
    told = complaint_rows(complaints(by)[: 3 * MOST], by, words)
    raised = impediments(by, Wanted(state="")).filter(room=by.room_id).order_by("-raised_at", "pk")
    stores = Warehouse.objects.filter(room=by.room_id, is_open=True).order_by("name")
    return Portal(
        coming=[row for row in to_me if row.standing == WAITING],
        answered=[row for row in to_me if row.standing != WAITING][:MOST],
        due=[row for row in own if row.is_over or row.differs],
        ahead=[row for row in own if row.is_live and not row.is_over],
        held=[row for row in own if row.plan.state == PlanState.HELD][:MOST],
        to_answer=[row for row in told if _handles(row, by) and row.state not in (ANSWERED, CLOSED)],
        to_tell=[row for row in told if row.complaint.room_id == by.room_id and row.state == ANSWERED],
        asked=[row for row in told if row.complaint.room_id == by.room_id][:MOST],
        obstacles=rows_of(list(raised[:MOST]), by, impediment_words(by.operation_id)),
        stores=warehouse_rows(stores, by, words),
    )


def _handles(row: ComplaintRow, by: Actor) -> bool:
    return bool(row.complaint.handler_room_id == by.room_id)
