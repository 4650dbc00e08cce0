"""Plants quantities that do not add up: insisted on, taken on, explained, left standing, settled by a correction."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.models import Discrepancy
from tansiq.desks.aid.rules import ConsignmentStatement, EventStatement, LineStatement, Quantity
from tansiq.desks.aid.rules.changes import ChangeKind, ChangeStatement, Portion

HOUR = timedelta(hours=1)


def quantities(by: Actor, mark: str) -> None:
    """Discrepancies in every state that a person can bring about, each with the mark in all its words."""
    consignment = f"{mark} quantities"
    line = LineStatement(Decimal(5), "pallet", cargo=f"{mark} beans")
    aid.register_consignment(by=by, statement=ConsignmentStatement(consignment, (line,)))
    for number, further in enumerate(("open", "owned", "left", "settled")):
        stated = EventStatement(
            "loaded", datetime.now(UTC) - HOUR, (Quantity("pallet", Decimal(5), line=1),), consignment=consignment,
            source_key=f"{mark} load {number}", unit_code=f"{mark} van {number}", insists=number > 0,
            insists_because=f"{mark} insists",
        )  # fmt: skip
        aid.record_event(by=by, statement=stated)
        more = replace(
            stated, stage="offloaded", source_key=f"{mark} off {number}", insists=True,
            quantities=(Quantity("pallet", Decimal(6), line=1),),
        )  # fmt: skip
        event = aid.record_event(by=by, statement=more)
        with eyes_of(by):
            held = Discrepancy.objects.filter(room=by.room_id, kind="over_unit").order_by("-opened_at").first()
        asked = {"by": by, "discrepancy_id": held.pk}
        if further != "open":
            aid.take_on_discrepancy(**asked, role="officer", reason=f"{mark} takes on")
        if further == "left":
            aid.explain_discrepancy(**asked, reason=f"{mark} explains")
            aid.leave_discrepancy(**asked, reason=f"{mark} leaves")
        if further == "owned":
            split(by, stated, mark)
        if further == "settled":
            aid.correct_event(by=by, event_id=event.pk, reason=f"{mark} corrects")


def split(by: Actor, whole: EventStatement, mark: str) -> None:
    """A change of units that does not add up, with the mark in what it makes."""
    made = tuple(Portion(1, Decimal(3), f"{mark} part {number}") for number in range(2))
    aid.change_units(
        by=by, statement=ChangeStatement(
            ChangeKind.SPLIT, whole.consignment, "offloaded", whole.occurred_at,
            (Portion(1, Decimal(5), whole.unit_code),), made, place=f"{mark} yard", insists=True,
            insists_because=f"{mark} insists",
        ),
    )  # fmt: skip
