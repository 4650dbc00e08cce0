"""Opens impediments; what opens them by itself raises the same one again under the same origin and record."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.desks.impediments.actions.checks import checked_owner
from tansiq.desks.impediments.actions.labels import label_of
from tansiq.desks.impediments.actions.moving import raise_impediment
from tansiq.desks.impediments.actions.related import relate
from tansiq.desks.impediments.actions.steps import first_clock, moment, start
from tansiq.desks.impediments.models import (
    Impediment,
    ImpedimentDetail,
    ImpedimentIdentities,
    ImpedimentStep,
    Relation,
)
from tansiq.desks.impediments.queries.records import reference_to
from tansiq.desks.impediments.queries.words import words
from tansiq.desks.impediments.rules import (
    TOPIC,
    Act,
    ImpedimentStatement,
    RecordReference,
    next_state,
)


def open_impediment(
    *,
    by: Actor,
    statement: ImpedimentStatement,
    origin: str = "",
    about: models.Model | None = None,
    key: UUID | None = None,
    at: datetime | None = None,
) -> Impediment:
    """Open an impediment of the acting room; with an origin, raise the one again that stands under origin and record.

    statement : what stands in the way, whose it is, what it holds up
    origin : code of the operation's origins, when a desk opens it by itself; "" when a person does
    about : the record over which it opens by itself; it counts among the records held up
    at : a moment in the past, in a sample operation alone
    Raises Refused.
    """
    if not origin or about is None:
        return _open(by=by, key=key, statement=statement, origin=origin, at=at)
    with eyes_of(by):
        _one_at_a_time(by, origin, about)
        label = about._meta.label_lower
        held = reference_to(label, about.pk) or RecordReference(label, about.pk, {"en": str(about)})
        named = {record.id: record for record in (held, *statement.records)}
        former = Impediment.objects.filter(room=by.room_id, origin=origin, origin_id=about.pk).first()
        if former is not None:
            reason = statement.description or statement.title
            return raise_impediment(by=by, key=key, impediment=former, reason=reason, at=at,
                                    records=tuple(named.values()))  # fmt: skip
        return _open(by=by, key=key, statement=statement, origin=origin, origin_id=about.pk, at=at,
                     records=tuple(named.values()))  # fmt: skip


@act(Act.OPEN_IMPEDIMENT)
def _open(
    *,
    by: Actor,
    statement: ImpedimentStatement,
    origin: str = "",
    origin_id: UUID | None = None,
    records: tuple[RecordReference, ...] = (),
    at: datetime | None = None,
) -> Done:
    at, known = moment(by, at), words(by.operation_id)
    owner = checked_owner(by, statement, origin, known)
    pk = uuid4()
    labels = {line: label_of(by, pk, line, [owner.pk]) for line in TearLine.values}
    impediment = Impediment.objects.create(
        id=pk, room_id=by.room_id, audience_id=labels["headline"], title=statement.title.strip(), kind=statement.kind,
        state=next_state(None, Act.OPEN_IMPEDIMENT), place=statement.place, chain_links=list(statement.chain_links),
        obligation=statement.obligation, owner_room=owner, owner_role=statement.owner.role, origin=origin,
        origin_id=origin_id, raised_at=at, next_forum=statement.next_forum.strip(),
        next_forum_date=statement.next_forum_date,
    )  # fmt: skip
    wrote = [impediment, *_parts(by, impediment, statement, labels, at)]
    wrote += relate(by, impediment, Relation.HELD, records or statement.records)
    wrote += relate(by, impediment, Relation.PRECEDENT, statement.precedents)
    clock = first_clock(by, statement.kind)
    if clock:
        wrote += start(by, impediment, clock, at)
        impediment.save(update_fields=["clock"])
    facts = {"type": statement.kind, "owner": str(owner.pk), "origin": origin, "raised": 1}
    return Done(impediment, wrote=wrote, facts=facts, topics=[TOPIC])


def _parts(
    by: Actor, impediment: Impediment, statement: ImpedimentStatement, labels: dict[str, int], at: datetime
) -> list[Any]:
    own = {"room_id": by.room_id, "impediment": impediment}
    step = ImpedimentStep.objects.create(
        **own, audience_id=labels["headline"], act=Act.OPEN_IMPEDIMENT, at=at, by_room_id=by.room_id, number=1,
        by_system=by.account_id is None, owner_room_id=impediment.owner_room_id, owner_role=impediment.owner_role,
    )  # fmt: skip
    detail = ImpedimentDetail.objects.create(
        **own, audience_id=labels["detail"], version=1, description=statement.description.strip(),
        clause=statement.clause.strip(), cost_quantity=statement.cost_quantity, cost_unit=statement.cost_unit,
        cost_source=statement.cost_source.strip(),
    )  # fmt: skip
    if not (statement.owner_person.strip() or statement.contact.strip()):
        return [step, detail]
    person = ImpedimentIdentities.objects.create(
        **own, audience_id=labels["identities"], version=1, owner_person=statement.owner_person.strip(),
        contact=statement.contact.strip(),
    )  # fmt: skip
    return [step, detail, person]


def _one_at_a_time(by: Actor, origin: str, about: models.Model) -> None:
    """Let two processes that find the same thing at once open one impediment, not two."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"impediment {by.room_id} {origin} {about.pk}"])
