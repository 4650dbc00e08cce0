"""An authority's own file on one asking, as far as the reader may see it; the asking too, where that is open."""

from dataclasses import dataclass
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.desks.coordination.models import Asking, Decision, DecisionStep
from tansiq.desks.coordination.queries.stories import Happening, happenings
from tansiq.desks.coordination.queries.words import Names, Words


@dataclass(frozen=True)
class DecisionStory:
    """What one authority said and did about one asking."""

    decision: Decision
    authority: Names
    asker: Names
    asking: Asking | None  # where it is open to the reader
    happenings: list[Happening]


def decision_story(by: Actor, decision_id: UUID, words: Words) -> DecisionStory | None:
    """One file; None when there is none, or none for this room."""
    found = Decision.objects.filter(pk=decision_id, room__operation=by.operation_id).first()
    if found is None:
        return None
    steps = list(DecisionStep.objects.filter(decision=found, room=found.room_id).order_by("at"))
    return DecisionStory(
        found, words.rooms[found.room_id].names, words.rooms[found.asked_by_id].names,
        Asking.objects.filter(pk=found.asking_id).first(), happenings([steps], [found.asking_id], words),
    )  # fmt: skip
