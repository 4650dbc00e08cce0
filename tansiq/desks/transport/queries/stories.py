"""One manifest with everything of it: its versions, its units, its steps, and its rows on each tear line."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.words import Names, Words, named
from tansiq.desks.requests.queries.tokens import ManifestToken, tokens_of
from tansiq.desks.transport.models import (
    Difference,
    Manifest,
    ManifestDetail,
    ManifestIdentities,
    ManifestLine,
    ManifestStep,
    Scan,
    SealReading,
    UnitCode,
)
from tansiq.desks.transport.queries.codes import newest_codes
from tansiq.desks.transport.queries.lists import ManifestRow, rows_of
from tansiq.desks.transport.queries.settings import Settings

ON_LINE: Mapping[str, tuple[type[Any], ...]] = {
    "headline": (),
    "detail": (ManifestDetail, ManifestLine, ManifestStep, UnitCode, SealReading, Scan, Difference),
    "identities": (ManifestIdentities,),
}


@dataclass(frozen=True)
class LineShown:
    """A line of a manifest in words."""

    line: ManifestLine
    goods: Names | str
    unit: Names | str
    quantity: Decimal


@dataclass(frozen=True)
class UnitShown:
    """A handling unit with what stands on it."""

    id: UUID
    code: str
    kind: Names | str
    lines: list[LineShown]
    short: str = ""  # what is typed of its code; "" before the sealing


@dataclass(frozen=True)
class ManifestStory:
    """A manifest on every tear line that is open to the reader; closed lines are absent."""

    row: ManifestRow
    units: list[UnitShown]
    details: list[ManifestDetail]  # newest version first
    identities: list[ManifestIdentities]  # newest version first
    steps: list[ManifestStep]  # the first one first


def manifest_story(by: Actor, manifest_id: UUID, words: Words, usual: Settings) -> ManifestStory | None:
    """One manifest; None when there is none, or none for this room."""
    found = Manifest.objects.select_related("room").filter(pk=manifest_id, room__operation=by.operation_id).first()
    if found is None:
        return None
    row, own = rows_of([found], words, usual)[0], {"room": found.room_id, "manifest": found}
    return ManifestStory(
        row, units_of(row.lines, words, newest_codes(found)),
        list(ManifestDetail.objects.filter(**own).order_by("-version")),
        list(ManifestIdentities.objects.filter(**own).order_by("-version")),
        list(ManifestStep.objects.filter(**own).order_by("at", "created_at", "pk")),
    )  # fmt: skip


def units_of(lines: list[ManifestLine], words: Words, codes: Mapping[UUID | None, UnitCode]) -> list[UnitShown]:
    """The handling units of these lines, in the order in which they first stand there."""
    units: dict[UUID, UnitShown] = {}
    for line in lines:
        kind = named(words.units, line.unit_kind)
        code = codes.get(line.handling_unit_id)
        fresh = UnitShown(line.handling_unit_id, line.unit_code, kind, [], code.short if code else "")
        unit = units.setdefault(line.handling_unit_id, fresh)
        goods = named(words.commodities, line.commodity) if line.commodity else line.cargo
        unit.lines.append(LineShown(line, goods, named(words.units, line.unit), _plain(line.quantity)))
    return list(units.values())


def tokens_on(story: ManifestStory) -> list[tuple[str, ManifestToken]]:
    """The pre-approvals of the lines that the truck carries, each with its consignment's reference; four queries."""
    carried = {(one.consignment_id, one.consignment_line): one.consignment_reference for one in story.row.lines}
    found = tokens_of([*{consignment for consignment, _line in carried}])
    listed = [token for tokens in found.values() for token in tokens]
    return [(carried[key], token) for token in listed if (key := (token.consignment_id, token.line_number)) in carried]


def rows_on_line(manifest_id: UUID, line: str) -> list[tuple[type[models.Model], list[UUID]]]:
    """The rows of a manifest of this room on one tear line, for a release."""
    found = Manifest.objects.get(pk=manifest_id)
    rows: list[tuple[type[models.Model], list[UUID]]] = [(Manifest, [found.pk])] if line == "headline" else []
    for model in ON_LINE[line]:
        kept = model._default_manager.filter(manifest=found, room=found.room_id)
        rows.append((model, list(kept.values_list("pk", flat=True))))
    return rows


def _plain(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()
