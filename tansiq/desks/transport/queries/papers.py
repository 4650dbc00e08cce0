"""What stands on labels, manifests and waybills, in the words of each language that is asked for."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.queries.words import Words
from tansiq.desks.transport.models import SealReading, UnitCode
from tansiq.desks.transport.queries.codes import newest_codes
from tansiq.desks.transport.queries.seals import seals_on
from tansiq.desks.transport.queries.settings import Settings
from tansiq.desks.transport.queries.stories import LineShown, ManifestStory, UnitShown, tokens_on
from tansiq.engine.exports import Label, LabelSheet, Paper, Section

LANGUAGES = ("ar", "en", "he")
FIRST_LINES = 3  # of what a unit carries, on its label


def label_sheet(story: ManifestStory, usual: Settings, sheet: str, languages: Sequence[str]) -> LabelSheet:
    """A label for each unit of a sealed manifest and one for the manifest itself, in these languages."""
    held, codes, body = story.row.manifest, newest_codes(story.row.manifest), usual.sheets[sheet]
    count = len(story.units)
    labels = [
        _label(codes[unit.id], unit.code, f"{place} / {count}", _said(story, unit.lines, languages))
        for place, unit in enumerate(story.units, 1) if unit.id in codes
    ]  # fmt: skip
    own = [_label(codes[None], "", "", _said(story, [], languages))] if None in codes else []
    return LabelSheet(held.number, body["columns"], body["rows"], tuple(own + labels))


def paper(
    story: ManifestStory, words: Words, languages: Sequence[str], *, kind: str, seals: Sequence[SealReading],
    marking: str = "",
) -> Paper:  # fmt: skip
    """The manifest, or its waybill with places to sign, in these languages.

    kind : "manifest" or "waybill"
    """
    own = newest_codes(story.row.manifest).get(None)
    sections = []
    for language in languages:
        with translation.override(language):
            sections.append(_section(story, words, kind, seals))
    number = story.row.manifest.number
    tokens = tuple(
        (token.text, f"{reference} / {token.line_number} · {token.valid_until:%Y-%m-%d}")
        for reference, token in tokens_on(story) if token.is_valid
    )  # fmt: skip
    return Paper(number, own.payload if own else "", own.short if own else "", marking, tuple(sections), tokens)


def _label(code: UnitCode, unit: str, place: str, texts: tuple[tuple[str, tuple[str, ...]], ...]) -> Label:
    return Label(code.payload, code.short, code.manifest.number, unit, place, code.issue, texts)


def _said(
    story: ManifestStory, lines: Sequence[LineShown], languages: Sequence[str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What a label says: goods with their quantities, and the crossing; nothing of persons, plates or routes."""
    found = []
    for language in languages:
        with translation.override(language):
            goods = [f"{_figure(one)} {local_name(one.unit)} {local_name(one.goods)}" for one in lines[:FIRST_LINES]]
            more = [_("and %(count)s more") % {"count": len(lines) - FIRST_LINES}] if len(lines) > FIRST_LINES else []
            crossing = local_name(story.row.crossing)
            whole = [] if lines else [_("Manifest"), _("Handling units: %(count)s") % {"count": len(story.units)}]
            found.append((language, (*whole, *goods, *more, *([crossing] if crossing else []))))
    return tuple(found)


def _section(story: ManifestStory, words: Words, kind: str, seals: Sequence[SealReading]) -> Section:
    held, detail, row = story.row.manifest, story.row.detail, story.row
    facts = [
        (_("Day of departure"), held.day.isoformat()), (_("Room"), local_name(held.room.names)),
        (_("Consignor class"), local_name(row.consignor)), (_("Crossing"), local_name(row.crossing)),
        (_("Version"), str(held.version)),
    ]  # fmt: skip
    if detail is not None:
        facts += [
            (_("Vehicle"), detail.vehicle), (_("Waybill"), detail.waybill), (_("Origin"), detail.origin),
            (_("Destination"), detail.destination), (_("Route"), detail.route),
            (_("Seals"), ", ".join(seals_on(seals))), (_("Remark"), detail.remark),
        ]  # fmt: skip
    if row.fill:
        load = f"{row.fill.load.normalize():f} / {row.fill.capacity.normalize():f} {local_name(row.fill.unit)}"
        facts.append((_("Load"), load))
    columns = [
        pgettext("handling unit", "Unit"),
        _("Kind"),
        _("Goods"),
        _("Quantity"),
        _("Counted in"),
        _("Consignment"),
    ]
    rows = [_row(unit, one) for unit in story.units for one in unit.lines]
    if kind == "waybill":
        columns += [_("Good"), _("Damaged")]
        rows = [(*row, "", "") for row in rows]
    return Section(
        translation.get_language() or "en", _("Waybill") if kind == "waybill" else _("Manifest"), tuple(facts),
        tuple(columns), frozenset({3}), tuple(rows), (), _signatures() if kind == "waybill" else (),
        {"page": _("Page {page} of {pages}")},
    )  # fmt: skip


def _row(unit: UnitShown, one: LineShown) -> tuple[str, ...]:
    return (
        unit.code, local_name(unit.kind), local_name(one.goods), _figure(one), local_name(one.unit),
        one.line.consignment_reference,
    )  # fmt: skip


def _signatures() -> tuple[tuple[str, tuple[str, ...]], ...]:
    asked = (_("Name"), _("Day and hour"), _("Signature"))
    return ((_("Handed over by"), asked), (_("Driver"), asked), (_("Received by"), asked))


def _figure(one: LineShown) -> str:
    return f"{one.line.quantity.normalize():f}"
