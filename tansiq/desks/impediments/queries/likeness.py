"""Live impediments that resemble one that is about to be opened, so that it is raised again and not opened twice."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.desks.impediments.models import LIVE_STATES, Impediment, RelatedRecord, Relation
from tansiq.engine.names import normal_form

COMPARED = 500  # live impediments, the latest; more are not looked at
SHOWN = 5
OFFERED = 20  # precedents
ENOUGH = 0.5  # likeness from which one is shown
SAME_RECORD, SAME_KIND, SAME_PLACE, TITLE = 0.6, 0.15, 0.15, 0.7
"""What each likeness is worth; a title as good as equal is enough by itself, and so is nothing but a title."""


@dataclass(frozen=True)
class Sought:
    """What is known of an impediment that is about to be opened."""

    title: str
    kind: str = ""
    place: str = ""
    record_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Resemblance:
    """A live impediment that resembles the one sought, and in what."""

    impediment: Impediment
    likeness: float  # 0..1
    same_record: bool
    same_kind: bool
    same_place: bool


def resembling(by: Actor, sought: Sought, *, most: int = SHOWN) -> list[Resemblance]:
    """The live impediments that this room reads and that resemble the one sought, most alike first."""
    live = Impediment.objects.filter(room__operation=by.operation_id, state__in=LIVE_STATES)
    held = _holding(sought.record_ids)
    latest = list(live.select_related("room", "owner_room").order_by("-raised_at", "pk")[:COMPARED])
    known = {one.pk for one in latest}
    latest += live.filter(pk__in=held - known).select_related("room", "owner_room") if held - known else []
    found = [_compared(one, sought, held) for one in latest]
    alike = [one for one in found if one.likeness >= ENOUGH]
    return sorted(alike, key=lambda one: (-one.likeness, one.impediment.raised_at, one.impediment.pk))[:most]


def precedents_for(by: Actor, impediment: Impediment, *, most: int = OFFERED) -> list[Impediment]:
    """Other impediments that this room reads, closed ones too, of the same type or a like title, most alike first."""
    others = Impediment.objects.filter(room__operation=by.operation_id).exclude(pk=impediment.pk)
    worth = [
        (SAME_KIND * (one.kind == impediment.kind) + TITLE * title_likeness(one.title, impediment.title), one)
        for one in others.order_by("-raised_at", "pk")[:COMPARED]
    ]
    alike = sorted(((value, one) for value, one in worth if value > 0), key=lambda pair: (-pair[0], pair[1].pk))
    return [one for _value, one in alike[:most]]


def title_likeness(one: str, other: str) -> float:
    """How many groups of three letters two titles share, 0..1 (Jaccard), after letters that read alike are made one."""
    first, second = _trigrams(one), _trigrams(other)
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def _holding(record_ids: Collection[UUID]) -> set[UUID]:
    if not record_ids:
        return set()
    rows = RelatedRecord.objects.filter(record_id__in=record_ids, relation=Relation.HELD)
    return set(rows.values_list("impediment", flat=True))


def _compared(one: Impediment, sought: Sought, held: Collection[UUID]) -> Resemblance:
    same_record = one.pk in held or one.origin_id in sought.record_ids
    same_kind = bool(sought.kind) and one.kind == sought.kind
    same_place = bool(sought.place) and one.place == sought.place
    likeness = (
        SAME_RECORD * same_record + SAME_KIND * same_kind + SAME_PLACE * same_place
        + TITLE * title_likeness(one.title, sought.title)
    )  # fmt: skip
    return Resemblance(one, min(1.0, likeness), same_record, same_kind, same_place)


def _trigrams(text: str) -> set[str]:
    padded = f"  {normal_form(text)} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)} if padded.strip() else set()
