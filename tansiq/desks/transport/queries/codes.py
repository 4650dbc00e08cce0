"""Codes of a manifest, and what a code that was scanned or typed leads to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.desks.transport.models import Manifest, ManifestLine, UnitCode
from tansiq.desks.transport.queries.keys import verifier_key
from tansiq.engine.codes import Code, CodeFault, UnreadableCode, operation_mark, read_code, read_short
from tansiq.engine.merkle import VerifierKey


@dataclass(frozen=True)
class Sighted:
    """What a text that was scanned or typed is."""

    text: str
    code: Code | None = None  # what it says, once its signature is right
    fault: str = ""  # a CodeFault other than "no code", or "other_operation"
    short: str = ""  # the short code, or the words on the unit, that were typed instead


@dataclass(frozen=True)
class Led:
    """Where a code leads in what this room reads: a unit of a manifest, or a manifest."""

    manifest: Manifest
    unit: UUID | None
    unit_code: str
    unit_kind: str
    issue: int | None  # of the code that was scanned; None where words were typed
    newest: int  # issue now in force
    lines: tuple[ManifestLine, ...]  # what the unit carries by the manifest's present version


def issues_of(held: Manifest) -> dict[UUID | None, int]:
    """The newest issue of each unit's code; None is the manifest's own."""
    found: dict[UUID | None, int] = {}
    rows = UnitCode.objects.filter(room=held.room_id, manifest=held).order_by("issue")
    found.update(rows.values_list("handling_unit", "issue"))
    return found


def units_changed(held: Manifest) -> list[UUID]:
    """The units whose load the present version states otherwise than the one before; their labels no longer hold."""
    loads: dict[int, dict[UUID, list[tuple[object, ...]]]] = {held.version: {}, held.version - 1: {}}
    rows = ManifestLine.objects.filter(room=held.room_id, manifest=held, version__in=loads).order_by("number")
    for one in rows:
        said = (one.consignment_id, one.consignment_line, one.quantity)
        loads[one.version].setdefault(one.handling_unit_id, []).append(said)
    now, before = loads[held.version], loads[held.version - 1]
    return [unit for unit, said in now.items() if before.get(unit) != said]


def newest_codes(held: Manifest) -> dict[UUID | None, UnitCode]:
    """The code in force of each unit that the manifest carries now, and the manifest's own under None."""
    lines = ManifestLine.objects.filter(room=held.room_id, manifest=held, version=held.version)
    carried = {None, *lines.values_list("handling_unit", flat=True)}
    rows = UnitCode.objects.filter(room=held.room_id, manifest=held).order_by("issue")
    return {one.handling_unit_id: one for one in rows if one.handling_unit_id in carried}


def sighted(text: str, operation_id: UUID, key: VerifierKey | None = None) -> Sighted:
    """Tell a genuine code from a forged one, and either from what was typed."""
    try:
        code = read_code(text, key or verifier_key())
    except UnreadableCode as unreadable:
        if unreadable.fault is CodeFault.NO_CODE:
            return Sighted(text, short=read_short(text) or text.strip())
        return Sighted(text, fault=unreadable.fault)
    if code.operation != operation_mark(operation_id):
        return Sighted(text, fault="other_operation")
    return Sighted(text, code)


def leads(by: Actor, seen: Sequence[Sighted]) -> list[Led | None]:
    """Where each of these leads, for this room; a fixed number of queries. None: nowhere that is open to it."""
    subjects = {one.code.subject for one in seen if one.code}
    typed = {one.short for one in seen if one.short}
    codes = list(
        UnitCode.objects.filter(handling_unit__in=subjects).select_related("manifest")
        | UnitCode.objects.filter(manifest__in=subjects, handling_unit=None).select_related("manifest")
        | UnitCode.objects.filter(short__in=typed).select_related("manifest")
    )
    named = (
        ManifestLine.objects.filter(unit_code__in=typed).select_related("manifest").order_by("-manifest__changed_at")
    )
    manifests = {one.manifest_id: one.manifest for one in codes if one.manifest is not None}
    written = {one.unit_code: one for one in reversed(named) if one.version == one.manifest.version}
    manifests |= {one.manifest_id: one.manifest for one in written.values()}
    lines = _lines(manifests.values())
    newest = _newest(manifests)
    return [_led(one, codes, written, lines, newest) for one in seen]


def _led(
    one: Sighted, codes: list[UnitCode], written: dict[str, ManifestLine],
    lines: dict[UUID, list[ManifestLine]], newest: dict[tuple[UUID, UUID | None], int],
) -> Led | None:  # fmt: skip
    if one.code:
        fit = [c for c in codes if (c.handling_unit_id or c.manifest_id) == one.code.subject
               and c.issue == one.code.issue and c.manifest.number == one.code.manifest]  # fmt: skip
        return _of_code(fit[0], lines, newest) if fit else None
    typed = next((c for c in codes if c.short == one.short), None)
    if typed is not None:
        return _of_code(typed, lines, newest)
    line = written.get(one.short)
    if line is None:
        return None
    here = tuple(x for x in lines[line.manifest_id] if x.handling_unit_id == line.handling_unit_id)
    now = newest.get((line.manifest_id, line.handling_unit_id), 0)
    return Led(line.manifest, line.handling_unit_id, line.unit_code, line.unit_kind, None, now, here)


def _of_code(code: UnitCode, lines: dict[UUID, list[ManifestLine]], newest: dict[tuple[UUID, UUID | None], int]) -> Led:
    unit = code.handling_unit_id
    ever = [one for one in lines[code.manifest_id] if one.handling_unit_id == unit]
    now = tuple(one for one in ever if one.version == code.manifest.version)
    name, kind = (ever[0].unit_code, ever[0].unit_kind) if ever else ("", "")
    return Led(code.manifest, unit, name, kind, code.issue, newest[code.manifest_id, unit], now)


def _lines(manifests: Iterable[Manifest]) -> dict[UUID, list[ManifestLine]]:
    found: dict[UUID, list[ManifestLine]] = {one.pk: [] for one in manifests}
    for line in ManifestLine.objects.filter(manifest__in=found).order_by("-version", "number"):
        found[line.manifest_id].append(line)
    return found


def _newest(manifests: Iterable[UUID]) -> dict[tuple[UUID, UUID | None], int]:
    rows = UnitCode.objects.filter(manifest__in=list(manifests)).order_by("issue")
    return {(manifest, unit): issue for manifest, unit, issue in rows.values_list("manifest", "handling_unit", "issue")}
