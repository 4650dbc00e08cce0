"""Releases to partners with their lines and answers, as each side reads them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tansiq.building.clocks.queries import Face, clocks_seen, faces
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.words import named
from tansiq.desks.distribution.models import Line, PartnerRelease, Step, Warehouse
from tansiq.desks.distribution.queries.settings import Names, Words, settings_or_none
from tansiq.desks.distribution.rules import ACCEPTED, SHORT, WAITING, WITHDRAWN, Act, Lot, missing, standing_of

Parts = tuple[list[Step], list[Line], Mapping[UUID, Mapping[int, Line]]]  # steps, lines, answers by number


@dataclass(frozen=True)
class ReleaseLine:
    """One line of a release with what the partner says of it."""

    line: Line
    answer: Line | None
    commodity: Names | str
    unit: Names | str

    @property
    def short(self) -> Decimal:
        """What is missing of it, by the partner's count."""
        answer = self.answer
        if answer is None:
            return Decimal(0)
        return missing(self.line.quantity, answer.received or Decimal(0), answer.damaged or Decimal(0))


@dataclass(frozen=True)
class ReleaseRow:
    """A release as a list and its page show it."""

    release: PartnerRelease
    standing: str
    giver: Names
    partner: Names
    warehouse: str  # its name, where this room may read it
    lines: tuple[ReleaseLine, ...]
    answer: Step | None
    remarks: tuple[Step, ...]
    face: Face | None

    @property
    def differing(self) -> list[ReleaseLine]:
        """Lines of which the two sides do not say the same."""
        return [one for one in self.lines if one.answer and (one.short or one.answer.damaged)]

    @property
    def deadline(self) -> Face | None:
        """Its clock, while the partner still has to answer."""
        return self.face if self.face and self.standing == WAITING and self.face.band != "stopped" else None


def releases(by: Actor, *, standing: str = "", partner: UUID | None = None) -> QuerySet[PartnerRelease]:
    """The releases that this room sees, the latest first."""
    found = PartnerRelease.objects.filter(room__operation=by.operation_id).select_related("room")
    answered = Step.objects.filter(release=OuterRef("pk"), act=Act.ACCEPT_RELEASE, room=OuterRef("partner_room"))
    narrowed = {
        WAITING: Q(~Exists(answered), withdrawn_at=None), WITHDRAWN: Q(withdrawn_at__isnull=False),
        ACCEPTED: Q(Exists(answered.filter(is_so=True)), withdrawn_at=None),
        SHORT: Q(Exists(answered.filter(is_so=False)), withdrawn_at=None),
    }  # fmt: skip
    if standing in narrowed:
        found = found.filter(narrowed[standing])
    if partner:
        found = found.filter(partner_room=partner)
    return found.order_by("-released_at", "pk")


def release_rows(found: Iterable[PartnerRelease], by: Actor, words: Words) -> list[ReleaseRow]:
    """Releases with lines, answers and clocks, in a fixed number of queries."""
    listed = list(found)
    ids = [one.pk for one in listed]
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(release__in=ids).order_by("at", "created_at", "pk"):
        steps[step.release_id].append(step)
    lines: dict[UUID, list[Line]] = defaultdict(list)
    for line in Line.objects.filter(release__in=ids).order_by("number"):
        lines[line.release_id].append(line)
    answers = [step.pk for kept in steps.values() for step in kept if step.act == Act.ACCEPT_RELEASE]
    counted: dict[UUID, dict[int, Line]] = defaultdict(dict)
    for line in Line.objects.filter(step__in=answers):
        counted[line.step_id][line.number] = line
    clocks = clocks_seen(by).in_bulk({one.clock_id for one in listed if one.clock_id})
    drawn = {face.clock.pk: face for face in faces(clocks.values(), by)}
    names = dict(Warehouse.objects.filter(pk__in={one.warehouse_id for one in listed}).values_list("pk", "name"))
    return [
        _row(
            one,
            words,
            (steps[one.pk], lines[one.pk], counted),
            names.get(one.warehouse_id, ""),
            drawn.get(one.clock_id),
        )
        for one in listed
    ]


def release_seen(by: Actor, release_id: UUID) -> PartnerRelease | None:
    """One release; None where there is none for this room."""
    return releases(by).filter(pk=release_id).first()


def partner_rooms(by: Actor, words: Words) -> dict[UUID, Names]:
    """The rooms that goods may be given to: of the kinds that the operation names, other than the acting one."""
    stated = settings_or_none(by.operation_id)
    kinds = stated.partner_kinds if stated else ()
    return {pk: room.names for pk, room in words.rooms.items() if room.kind in kinds and pk != by.room_id}


def givers_of(by: Actor, lots: Iterable[Lot]) -> list[UUID]:
    """The rooms that gave the acting room goods of these lots: whom its plans and reports are about."""
    wanted = {lot.consignment_id for lot in lots if lot.consignment_id}
    answered = Step.objects.filter(room=by.room_id, act=Act.ACCEPT_RELEASE, release__isnull=False)
    taken = Line.objects.filter(room=by.room_id, step__in=answered.values("pk"))
    goods = {(lot.commodity, lot.unit) for lot in lots}
    rows = taken.filter(Q(consignment_id__in=wanted) | Q(consignment_id=None)).values_list(
        "step__release", "commodity", "unit"
    )
    ids = {release for release, commodity, unit in rows if (commodity, unit) in goods}
    found = PartnerRelease.objects.filter(pk__in=ids, partner_room=by.room_id).exclude(room=F("partner_room"))
    return list(found.order_by("room").values_list("room", flat=True).distinct())


def waiting_since(rows: Iterable[ReleaseRow]) -> Mapping[UUID, datetime]:
    """Release → since when the partner's answer is waited for."""
    return {row.release.pk: row.release.released_at for row in rows if row.standing == WAITING}


def _row(one: PartnerRelease, words: Words, of: Parts, warehouse: str, face: Face | None) -> ReleaseRow:
    steps, lines, counted = of
    answer = next((step for step in reversed(steps) if step.act == Act.ACCEPT_RELEASE), None)
    said = counted.get(answer.pk, {}) if answer else {}
    return ReleaseRow(
        one, standing_of(one, steps), words.rooms[one.room_id].names, words.rooms[one.partner_room_id].names, warehouse,
        tuple(
            ReleaseLine(line, said.get(line.number), named(words.aid.commodities, line.commodity),
                        named(words.aid.units, line.unit))
            for line in lines
        ),
        answer, tuple(step for step in steps if step.text), face,
    )  # fmt: skip
