"""Scans as they came in: which can be taken, what was answered, and those of a manifest with their differences."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from tansiq.building.places.models import Crossing
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Membership
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import sentence
from tansiq.desks.aid.queries.latest import Order, Page, latest
from tansiq.desks.aid.queries.reference import rooms_of
from tansiq.desks.aid.queries.words import Names, Words, named
from tansiq.desks.transport.models import Difference, DifferenceKind, Manifest, Scan, ScanAnswer
from tansiq.desks.transport.queries.settings import Settings, settings_of
from tansiq.desks.transport.rules.scans import KnownScans, ScanAsked, scan_fault

BY_RECEIPT = Order("received_at")
SHOWN = 200  # scans of a manifest on its page


@dataclass(frozen=True)
class DifferenceShown:
    """A difference in words."""

    difference: Difference
    kind: str
    found: str
    expected: str


@dataclass(frozen=True)
class ScanShown:
    """A scan in words, with what it differs in."""

    scan: Scan
    deed: Names | str
    place: Names | str
    stage: Names | str
    before: Names | str
    unit: Names | str
    condition: Names | str
    crossing: Names | str
    answers: list[tuple[str, str]]  # code, words
    differences: list[DifferenceShown]


def known_scans(by: Actor) -> KnownScans:
    """What the operation knows of scans, and the roles of the acting person in the acting room."""
    usual = settings_of(by.operation_id)
    roles = Membership.objects.filter(room=by.room_id, account=by.account_id, ended_at=None).values_list(
        "roles", flat=True
    )
    crossings = Crossing.objects.filter(operation=by.operation_id).values_list("code", flat=True)
    held = {role for one in roles for role in one}
    return KnownScans(usual.deeds, list(usual.places), usual.conditions, set(crossings), held)


def sorted_out(by: Actor, scans: Sequence[ScanAsked]) -> tuple[list[ScanAsked], list[tuple[int, str, str]]]:
    """Those scans that can be taken; and of the others number from 1, code and sentence of what is wrong."""
    known, good, faults = known_scans(by), [], []
    held: dict[UUID, Scan | ScanAsked] = {one.key: one for one in scans_by_key(by, [one.key for one in scans])}
    for number, one in enumerate(scans, 1):
        fault = scan_fault(number, one, known)
        if fault is None and not is_same(held.setdefault(one.key, one), one):
            fault = "scan_key_reused", {"scan": number}
        if fault:
            faults.append((number, fault[0], sentence(*fault)))
        else:
            good.append(one)
    return good, faults


def scans_by_key(by: Actor, keys: Collection[UUID]) -> list[Scan]:
    """The acting room's scans under these keys."""
    return list(Scan.objects.filter(room=by.room_id, key__in=keys))


def is_same(held: Scan | ScanAsked, asked: ScanAsked) -> bool:
    """Whether a scan under a key that was used is the same scan once more."""
    said = (held.code.strip()[:400], held.deed, held.place, held.crossing_code)
    return said == (asked.code.strip()[:400], asked.deed, asked.place, asked.crossing_code)


def wanted_scans(by: Actor, answer: str, place: str) -> QuerySet[Scan]:
    """Scans of every room that fit, in no order."""
    rows = Scan.objects.all()
    if answer:
        rows = rows.filter(answers__contains=[answer])
    return rows.filter(place=place) if place else rows


def scan_page(by: Actor, answer: str, place: str, *, after: str | None = None, size: int = 50) -> Page:
    """A page of scans, received last first. Raises ValueError for what is no mark."""
    rows = wanted_scans(by, answer, place)
    found = latest(rows, rooms_of(by.operation_id), BY_RECEIPT, after=after, size=size)
    prefetch_related_objects(found.rows, "room", "manifest", "by_account")
    return found


def scans_of(held: Manifest) -> QuerySet[Scan]:
    """What this room reads of the scans of a manifest, latest first."""
    return Scan.objects.filter(manifest=held).select_related("room", "by_account").order_by("-claimed_at", "pk")[:SHOWN]


def differences_of_manifest(held: Manifest) -> list[Difference]:
    """What this room reads of the differences of a manifest, the first one first."""
    return list(Difference.objects.filter(manifest=held).select_related("room").order_by("at", "pk"))


def scans_shown(
    scans: Iterable[Scan], words: Words, usual: Settings, *, known: Collection[UUID] = ()
) -> list[ScanShown]:
    """These scans in words with their differences, in one query more.

    known : keys that were there already when they came in once more
    """
    listed = list(scans)
    differing: dict[UUID, list[DifferenceShown]] = defaultdict(list)
    for one in Difference.objects.filter(scan__in=[scan.pk for scan in listed]).order_by("at", "pk"):
        differing[one.scan_id].append(difference_shown(one, words))
    return [_shown(scan, differing[scan.pk], words, usual, scan.key in known) for scan in listed]


def difference_shown(one: Difference, words: Words) -> DifferenceShown:
    """A difference in words; codes of the operation by their names."""
    found, expected = one.found, one.expected
    if one.kind == DifferenceKind.OTHER_CROSSING:
        found, expected = (local_name(named(words.crossings, code)) for code in (found, expected))
    if one.kind == DifferenceKind.BALANCE:
        found = expected = ""  # the arithmetic is told by aid's discrepancy, in the reader's language
    if one.kind == DifferenceKind.NOT_COUNTED:
        found, expected = sentence(found, json.loads(expected or "{}")), ""
    if one.kind == DifferenceKind.FORGED_CODE:
        expected = ""
    return DifferenceShown(one, str(DifferenceKind(one.kind).label), found, expected)


def _shown(
    scan: Scan, differences: list[DifferenceShown], words: Words, usual: Settings, is_known: bool
) -> ScanShown:  # fmt: skip
    answers = ["known", *(one for one in scan.answers if one != "new")] if is_known else scan.answers
    return ScanShown(
        scan, _names(usual.deeds, scan.deed), usual.places.get(scan.place, scan.place), named(words.stages, scan.stage),
        named(words.stages, scan.before_stage), named(words.units, scan.unit),
        _names(usual.conditions, scan.condition), named(words.crossings, scan.crossing_code),
        [(code, str(ScanAnswer(code).label)) for code in answers], differences,
    )  # fmt: skip


def _names(listed: Mapping[str, Mapping[str, Any]], code: str) -> Names | str:
    return listed[code]["names"] if code in listed else code
