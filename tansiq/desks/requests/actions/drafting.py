"""Writes requests down and amends them while they are drafts, read by their own room alone."""

from typing import Any

from django.db.models import Max

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.desks.requests.actions.checks import check_statement, locked, one_at_a_time
from tansiq.desks.requests.actions.labels import own_label
from tansiq.desks.requests.models import Request, RequestDetail, RequestIdentities, RequestLine
from tansiq.desks.requests.queries.operation import words
from tansiq.desks.requests.rules import TOPIC, Act, RequestStatement, next_state

HEADLINE = ("consignor_class", "crossing_code", "ready_date")
DETAIL = ("origin", "organisations", "group", "needs", "remark")


@act(Act.DRAFT_REQUEST)
def draft_request(*, by: Actor, statement: RequestStatement) -> Done:
    """Write a request down; nobody else reads it before it is sent. Raises Refused."""
    check_statement(statement, words(by.operation_id))
    one_at_a_time(by, "requests number")
    last = Request.objects.filter(room=by.room_id).aggregate(last=Max("number"))["last"] or 0
    request = Request.objects.create(
        room_id=by.room_id, audience_id=own_label(by), number=last + 1, title=statement.title.strip(),
        state=next_state(None, Act.DRAFT_REQUEST), places=list(statement.places),
        **{name: getattr(statement, name) for name in HEADLINE},
    )  # fmt: skip
    parts = _parts(by, request, statement)
    facts = {"reference": request.reference, "lines": len(statement.lines)}
    return Done(request, wrote=[request, *parts], facts=facts, topics=[TOPIC])


@act(Act.AMEND_REQUEST)
def amend_request(*, by: Actor, request: Request, statement: RequestStatement) -> Done:
    """Say anew what a draft asks for; the former version stays with its room. Raises Refused."""
    held = locked(by, request, Act.AMEND_REQUEST)
    check_statement(statement, words(by.operation_id))
    held.version += 1
    held.title, held.places = statement.title.strip(), list(statement.places)
    for name in HEADLINE:
        setattr(held, name, getattr(statement, name))
    held.save()
    parts = _parts(by, held, statement)
    return Done(held, wrote=[held, *parts], facts={"version": held.version}, topics=[TOPIC])


def _parts(by: Actor, request: Request, said: RequestStatement) -> list[Any]:
    own: dict[str, Any] = {
        "room_id": by.room_id, "audience_id": own_label(by), "request": request, "version": request.version
    }  # fmt: skip
    detail = RequestDetail.objects.create(
        **own, households=said.households, individuals=said.individuals,
        **{name: getattr(said, name).strip() for name in DETAIL},
    )  # fmt: skip
    lines = RequestLine.objects.bulk_create(
        RequestLine(
            **own, number=number, commodity=line.commodity, description=line.description.strip(),
            quantity=line.quantity, unit=line.unit, mass_kg=line.mass_kg,
        )
        for number, line in enumerate(said.lines, 1)
    )  # fmt: skip
    if not (said.person.strip() or said.contact.strip()):
        return [detail, *lines]
    person = RequestIdentities.objects.create(**own, person=said.person.strip(), contact=said.contact.strip())
    return [detail, *lines, person]
