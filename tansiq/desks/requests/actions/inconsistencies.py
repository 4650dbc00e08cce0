"""Records that the same item was decided differently, where both decisions are read, and takes the answer to it."""

from collections.abc import Iterable
from uuid import UUID

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import audience, share_states
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests.actions.labels import own_label
from tansiq.desks.requests.models import ClearanceDecision, Inconsistency
from tansiq.desks.requests.queries.inconsistencies import readable_pair
from tansiq.desks.requests.queries.operation import rules_of
from tansiq.desks.requests.rules import INCONSISTENCIES, Act, differ


@act(Act.RECORD_INCONSISTENCY)
def record_inconsistency(*, by: Actor, earlier: ClearanceDecision, later: ClearanceDecision) -> Done:
    """Keep two decisions side by side in the acting room, once. Raises Refused unless it reads both, and they differ.

    Where the acting room took both, whoever reads both of them reads this too. Where it took one or none, it cannot
    know who else reads the other's, and so nobody but itself reads this.
    """
    pair = readable_pair(earlier.pk, later.pk)
    if pair is None or not differ(pair[0].outcome, pair[1].outcome):
        raise Refused("not_found")
    label = _label(by, pair)
    made = Inconsistency.objects.create(
        room_id=by.room_id, audience_id=label, earlier=pair[0], later=pair[1], commodity=pair[1].commodity,
        found_at=database_now(), owner_role=rules_of(by.operation_id).inconsistency_role,
    )  # fmt: skip
    facts = {"earlier": str(pair[0].pk), "later": str(pair[1].pk), "commodity": made.commodity}
    return Done(made, wrote=[made], facts=facts, topics=[INCONSISTENCIES])


@act(Act.ANSWER_INCONSISTENCY)
def answer_inconsistency(*, by: Actor, inconsistency: Inconsistency, answer: str) -> Done:
    """Say, as the room that owns it, which of the two stands and what is done about the other. Raises Refused."""
    own = Inconsistency.objects.filter(pk=inconsistency.pk, room=by.room_id)
    list(own.select_for_update().values_list("pk"))
    held = own.first()
    if held is None:
        raise Refused("inconsistency_not_owner" if _is_read(inconsistency.pk) else "not_found")
    if held.answered_at:
        raise Refused("inconsistency_answered")
    if not answer.strip():
        raise Refused("request_reason_missing")
    held.answer, held.answered_at = answer.strip(), database_now()
    held.save(update_fields=["answer", "answered_at"])
    return Done(held, wrote=[held], facts={"commodity": held.commodity}, topics=[INCONSISTENCIES])


def _label(by: Actor, pair: Iterable[ClearanceDecision]) -> int:
    """Who reads both decisions, as far as the acting room can know it."""
    listed = list(pair)
    if any(one.room_id != by.room_id for one in listed):
        return own_label(by)
    members = share_states([one.audience_id for one in listed])
    readers = [dict(members.get(one.audience_id, [])) for one in listed]
    both: list[tuple[UUID, None]] = [
        (room, None) for room, until in readers[0].items() if until is None and readers[1].get(room, "") is None
    ]
    return audience(by.room_id, both)


def _is_read(pk: UUID) -> bool:
    return Inconsistency.objects.filter(pk=pk).exists()
