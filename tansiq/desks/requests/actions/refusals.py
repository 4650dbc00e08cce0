"""Opens the impediment over a refusal at a crossing in spite of a valid token, once for each refusal."""

from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import Consignment
from tansiq.desks.impediments.actions import open_impediment
from tansiq.desks.impediments.models import Impediment
from tansiq.desks.impediments.queries.words import words as impediment_words
from tansiq.desks.impediments.rules import ImpedimentStatement, RecordReference
from tansiq.desks.requests.actions.answering import TITLE_AT_MOST
from tansiq.desks.requests.models import Request
from tansiq.desks.requests.queries.operation import words
from tansiq.desks.requests.queries.refusals import ORIGIN, RefusedInSpite


def open_refused_in_spite(*, by: Actor, refusal: RefusedInSpite) -> Impediment:
    """Open it, as the room whose consignment was refused; the authority that approved must answer. Raises Refused."""
    event, asked, request = refusal.event, refusal.asked, refusal.request
    with eyes_of(by):
        known, terms = words(by.operation_id), impediment_words(by.operation_id)
        consignment = Consignment.objects.get(pk=event.consignment_id)
    origin = terms.bodies["origin"].get(ORIGIN)
    if origin is None:
        raise Refused("not_found")
    item = local_name(known.commodities.get(asked.commodity, {})) or asked.commodity
    tokens = ", ".join(f"{one.decision_id.hex[:8]} ({one.valid_until:%Y-%m-%d})" for one in refusal.tokens)
    reason = local_name(known.reasons.get(event.reason, {})) or event.reason
    return open_impediment(
        by=by, origin=ORIGIN, about=event, statement=ImpedimentStatement(
            title=f"{request.reference} · {item} · {request.title}"[:TITLE_AT_MOST], kind=origin["type"],
            owner=Holder(asked.authority_id, asked.role), chain_links=tuple(origin.get("chain_links", ())),
            place=event.crossing_code if event.crossing_code in terms.places else "",
            description="\n".join(text for text in (reason, tokens) if text),
            records=(
                _named(request),
                RecordReference("aid.consignment", consignment.pk, {"en": consignment.reference}),
            ),
        ),
    )  # fmt: skip


def _named(request: Request) -> RecordReference:
    return RecordReference(request._meta.label_lower, request.pk, {"en": f"{request.reference} {request.title}"})
