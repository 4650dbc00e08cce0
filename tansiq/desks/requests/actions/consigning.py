"""Turns what was cleared of a request into a consignment, part by part."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions import register_consignment
from tansiq.desks.aid.rules import Act as AidAct
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.requests.actions.checks import locked, moment
from tansiq.desks.requests.actions.labels import label_of
from tansiq.desks.requests.models import ConsignedLine, Request, RequestDetail
from tansiq.desks.requests.queries.movable import Movable, movable_lines
from tansiq.desks.requests.queries.operation import Words, words
from tansiq.desks.requests.queries.standing import Standing
from tansiq.desks.requests.rules import STANDING_NAMES, TOPIC, Act, Part, next_state, plain

Chosen = list[tuple[Movable, Decimal]]


@act(Act.CONSIGN_REQUEST)
def consign_request(*, by: Actor, request: Request, part: Part, at: datetime | None = None) -> Done:
    """Make a consignment of lines that every authority cleared, of no more than it cleared. Raises Refused.

    It can be done again for what is left; each consignment keeps which line of the request it came from.
    """
    at = moment(by, at)
    held, known = locked(by, request, Act.CONSIGN_REQUEST), words(by.operation_id)
    chosen = _chosen(held, part, known)
    number = 1 + (ConsignedLine.objects.filter(request=held).aggregate(last=Max("part"))["last"] or 0)
    consignment = register_consignment(by=_entrusted(by), statement=_statement(held, part, chosen, number))
    held.state = next_state(held.state, Act.CONSIGN_REQUEST)
    held.save(update_fields=["state"])
    made = [
        ConsignedLine.objects.create(
            room_id=by.room_id, audience_id=label_of(by, held.pk, TearLine.DETAIL, []), request=held, item=one.line,
            consignment=consignment, part=number, number=place, quantity=quantity, at=at,
        )
        for place, (one, quantity) in enumerate(chosen, 1)
    ]  # fmt: skip
    facts = {"reference": held.reference, "consignment": str(consignment.pk), "part": number, "lines": len(made)}
    return Done(held, wrote=[held, *made], facts=facts, topics=[TOPIC])


def _chosen(held: Request, part: Part, known: Words) -> Chosen:
    lines = {one.line.pk: one for one in movable_lines(held)}
    chosen = [(lines.get(pk), pk, quantity) for pk, quantity in part.quantities.items() if quantity]
    if not chosen:
        raise Refused("consign_nothing")
    found: Chosen = []
    for one, pk, quantity in chosen:
        if one is None:
            raise Refused("consign_line_unknown", found=str(pk))
        _check(one, quantity, known)
        found.append((one, quantity))
    return sorted(found, key=lambda pair: pair[0].line.number)


def _check(one: Movable, quantity: Decimal, known: Words) -> None:
    if one.holding:
        raise Refused(
            "consign_not_cleared", row=one.line.number, room=local_name(known.rooms[_of(one.holding)].names),
            found=STANDING_NAMES[one.holding.code],
        )  # fmt: skip
    if not quantity.is_finite() or quantity < 0 or quantity > one.left or quantity != round(quantity, 6):
        unit = local_name(known.units.get(one.line.unit, {})) or one.line.unit
        raise Refused(
            "consign_too_much", row=one.line.number, found=str(quantity), unit=unit, expected=plain(one.left),
            allowed=plain(one.allowed), made=plain(one.made),
        )  # fmt: skip


def _of(standing: Standing) -> Any:
    return standing.clearance.authority_id


def _statement(held: Request, part: Part, chosen: Chosen, number: int) -> ConsignmentStatement:
    detail = RequestDetail.objects.get(request=held, version=held.version)
    places = ", ".join(held.places)
    said = {
        "origin": detail.origin, "consignee": part.consignee.strip() or detail.organisations,
        "destination": part.destination.strip() or places,
        "consignor": local_name(held.room.names), "remark": f"{held.reference} {held.title}",
    }  # fmt: skip
    return ConsignmentStatement(
        reference=part.reference.strip() or f"{held.room.slug}-{held.reference}-{number}",
        lines=tuple(
            LineStatement(quantity, one.line.unit, one.line.commodity, one.line.description) for one, quantity in chosen
        ),
        consignor_class=held.consignor_class, crossing_code=part.crossing_code or held.crossing_code,
        detail={name: text for name, text in said.items() if text},
    )  # fmt: skip


def _entrusted(by: Actor) -> Actor:
    """The same person, who registers the consignment as a consequence of this act."""
    acts = by.acts | {AidAct.REGISTER_CONSIGNMENT}
    return Actor(by.account_id, by.room_id, by.operation_id, acts, by.name, by.via)
