"""Rounds of monitoring with their results and margins, and complaints with their story, as each side reads them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tansiq.building.clocks.queries import Face, clocks_seen, faces
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.words import named
from tansiq.desks.distribution.models import Complaint, Interview, MonitoringRound, Step
from tansiq.desks.distribution.queries.settings import Names, Words, settings_or_none
from tansiq.desks.distribution.rules import (
    ANSWERED,
    CLOSED,
    OPEN,
    SILENT,
    STATE_WORDS,
    Act,
    complaint_state,
)
from tansiq.engine.sampling import Share, share_of


@dataclass(frozen=True)
class Result:
    """What was answered to one question."""

    code: str
    names: Names
    asked: int  # who answered it
    shares: dict[str, Share]  # answer → its share, with the interval
    answers: dict[str, Names]  # answer → its names; none for yes and no
    good: str  # the answer that is hoped for; "": none

    @property
    def is_good(self) -> bool | None:
        """Whether the hoped-for answer is what most gave; None where none is hoped for."""
        return self.shares[self.good].share > 0.5 if self.good and self.asked else None


@dataclass(frozen=True)
class RoundRow:
    """A round as a list and its page show it."""

    round: MonitoringRound
    distributor: Names
    interviewer: Names
    asked: int
    face: Face | None

    @property
    def size(self) -> int:
        """How many were drawn."""
        return len(self.round.drawn)

    @property
    def deadline(self) -> Face | None:
        """Its clock, while it is not finished."""
        return self.face if self.face and self.face.band != "stopped" else None


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint as a list and its page show it."""

    complaint: Complaint
    state: str
    category: Names | str
    channel: Names | str
    area: Names | str
    room: Names
    handler: Names
    steps: tuple[tuple[Step, Names], ...]  # with the room that took it, in order
    face: Face | None

    @property
    def state_name(self) -> str:
        """The state in words."""
        return str(STATE_WORDS[self.state])

    @property
    def deadline(self) -> Face | None:
        """The clock that runs."""
        return self.face if self.face and self.face.band != "stopped" and self.state != CLOSED else None


def rounds(by: Actor) -> QuerySet[MonitoringRound]:
    """The rounds that this room sees, the latest first."""
    return MonitoringRound.objects.filter(room__operation=by.operation_id).order_by("-drawn_at", "pk")


def round_rows(found: Iterable[MonitoringRound], by: Actor, words: Words) -> list[RoundRow]:
    """Rounds with how many were asked, in a fixed number of queries."""
    listed = list(found)
    asked = Counter(Interview.objects.filter(round__in=[one.pk for one in listed]).values_list("round", flat=True))
    drawn = _faces((one.clock_id for one in listed), by)
    return [
        RoundRow(one, words.rooms[one.distributor_room_id].names, words.rooms[one.interviewer_room_id].names,
                 asked[one.pk], drawn.get(one.clock_id))
        for one in listed
    ]  # fmt: skip


def results_of(found: MonitoringRound, interviews: Sequence[Interview], confidence: str = "0.95") -> list[Result]:
    """The share of each answer to each question, with its interval (Wilson 1927, finite population)."""
    results = []
    for question in found.questionnaire:
        given = [one.answers[question["code"]] for one in interviews if question["code"] in one.answers]
        known = ["yes", "no"] if question["kind"] == "yes_no" else [one["code"] for one in question["choices"]]
        counted = Counter(given)
        shares = {
            code: share_of(counted[code], len(given), max(found.population, len(given)), confidence) for code in known
        } if given else {}  # fmt: skip
        good = {True: "yes", False: "no", None: ""}[question.get("good")]
        names = {one["code"]: one["names"] for one in question.get("choices", ())}
        results.append(Result(question["code"], question["names"], len(given), shares, names, good))
    return results


def confidence_of(by: Actor) -> str:
    """The confidence with which margins are told."""
    stated = settings_or_none(by.operation_id)
    return stated.sampling.confidence if stated else "0.95"


def complaints(by: Actor, *, state: str = "", category: str = "") -> QuerySet[Complaint]:
    """The complaints that this room sees, the latest first."""
    found = Complaint.objects.filter(room__operation=by.operation_id)
    if category:
        found = found.filter(category=category)
    later = Step.objects.filter(complaint=OuterRef("pk"))
    told, answered = later.filter(act=Act.FEED_COMPLAINT_BACK), later.filter(act=Act.ANSWER_COMPLAINT)
    after = answered.filter(~Exists(_reopened_since()))
    closed = Q(Exists(told.filter(~Exists(_reopened_since()))))
    narrowed = {
        CLOSED: closed, ANSWERED: Q(Exists(after)) & ~closed, OPEN: ~Q(Exists(after)) & ~closed,
        SILENT: ~Q(Exists(after)) & ~closed & Q(Exists(later.filter(act=Act.RECORD_COMPLAINT_SILENCE))),
    }  # fmt: skip
    return (found.filter(narrowed[state]) if state in narrowed else found).order_by("-received_at", "pk")


def complaint_rows(found: Iterable[Complaint], by: Actor, words: Words) -> list[ComplaintRow]:
    """Complaints with their steps, in a fixed number of queries."""
    listed = list(found)
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(complaint__in=[one.pk for one in listed]).order_by("at", "created_at", "pk"):
        steps[step.complaint_id].append(step)
    drawn = _faces((one.clock_id for one in listed), by)
    return [
        ComplaintRow(
            one, complaint_state(steps[one.pk]), named(words.lists["complaint_categories"], one.category),
            named(words.lists["complaint_channels"], one.channel), named(words.aid.areas, one.area),
            words.rooms[one.room_id].names, words.rooms[one.handler_room_id].names,
            tuple((step, words.rooms[step.room_id].names) for step in steps[one.pk]), drawn.get(one.clock_id),
        )
        for one in listed
    ]  # fmt: skip


def _reopened_since() -> QuerySet[Step]:
    """That the complaint of an outer step was opened again after it."""
    return Step.objects.filter(
        complaint=OuterRef("complaint"), act=Act.REOPEN_COMPLAINT, created_at__gt=OuterRef("created_at")
    )


def _faces(clock_ids: Iterable[UUID | None], by: Actor) -> dict[UUID | None, Face]:
    clocks = clocks_seen(by).in_bulk({pk for pk in clock_ids if pk})
    return {face.clock.pk: face for face in faces(clocks.values(), by)}
