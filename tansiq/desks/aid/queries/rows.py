"""Events and consignments as rows of a list: with quantities of both sides, names, and what corrected them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from tansiq.desks.aid.models import (
    AidEvent,
    AidMeasure,
    Consignment,
    ConsignmentDetail,
    ConsignmentIdentities,
    ConsignmentLine,
    HandlingUnit,
)
from tansiq.desks.aid.queries.words import Names, Words, named


@dataclass(frozen=True)
class Amount:
    """How much of what, as both sides state it."""

    unit: Names | str
    goods: Names | str
    giver: Decimal | None
    receiver: Decimal | None
    damaged: Decimal | None

    @property
    def differs(self) -> bool:
        """Whether the two sides state different quantities."""
        return None not in (self.giver, self.receiver) and self.giver != self.receiver

    @property
    def stated(self) -> Decimal | None:
        """What the receiver states, else what the giver states."""
        return self.giver if self.receiver is None else self.receiver


@dataclass(frozen=True)
class EventRow:
    """One event of a list."""

    event: AidEvent
    stage: Names | str
    crossing: Names | str
    place: Names | str  # of the area, where the event names one by its p-code
    source: Names | str
    reason: Names | str
    correction: Names | str  # why it replaces a former event
    amounts: tuple[Amount, ...]
    is_replaced: bool  # a later edition stands in its place

    @property
    def is_struck(self) -> bool:
        """Whether it does not count any more, or never did."""
        return self.is_replaced or self.event.withdrawn

    @property
    def is_late(self) -> bool:
        """Whether it was written down more than an hour after it happened."""
        if self.event.import_run_id:  # a ledger comes when it comes
            return False
        return (self.event.recorded_at - self.event.occurred_at).total_seconds() > 3600


@dataclass(frozen=True)
class ConsignmentRow:
    """One consignment of a list."""

    consignment: Consignment
    consignor: Names | str
    crossing: Names | str
    source: Names | str
    lines: tuple[Amount, ...]
    stage: Names | str  # of its latest event
    latest: AidEvent | None


def event_rows(found: Sequence[AidEvent], words: Words) -> list[EventRow]:
    """The events with all that a list shows of them, in two queries for any length."""
    ids = [event.pk for event in found]
    amounts = _amounts(found, words)
    replaced = set(AidEvent.objects.filter(corrects__in=ids).values_list("corrects", flat=True))
    return [
        EventRow(
            event, named(words.stages, event.stage), named(words.crossings, event.crossing_code),
            named(words.areas, event.place), named(words.sources, event.source), named(words.reasons, event.reason),
            named(words.reasons, event.correction_reason), tuple(amounts.get(event.pk, ())), event.pk in replaced,
        )
        for event in found
    ]  # fmt: skip


def consignment_rows(found: Sequence[Consignment], words: Words) -> list[ConsignmentRow]:
    """The consignments with their lines and latest events, in two queries for any length."""
    ids = [one.pk for one in found]
    lines: dict[UUID, list[Amount]] = defaultdict(list)
    for line in ConsignmentLine.objects.filter(consignment__in=ids).order_by("consignment", "number"):
        lines[line.consignment_id].append(line_amount(line, words))
    latest = {event.consignment_id: event for event in _latest("consignment", ids)}
    return [
        ConsignmentRow(
            one, named(words.consignors, one.consignor_class), named(words.crossings, one.crossing_code),
            named(words.sources, one.source), tuple(lines.get(one.pk, ())),
            named(words.stages, latest[one.pk].stage) if one.pk in latest else "", latest.get(one.pk),
        )
        for one in found
    ]  # fmt: skip


def line_amount(line: ConsignmentLine, words: Words) -> Amount:
    """A line item as an amount: what was asked for."""
    goods = named(words.commodities, line.commodity) if line.commodity else line.cargo
    return Amount(named(words.units, line.unit), goods, line.quantity, None, None)


def latest_of_units(units: Sequence[HandlingUnit]) -> dict[UUID, AidEvent]:
    """The latest event of each unit."""
    return {event.handling_unit_id: event for event in _latest("handling_unit", [unit.pk for unit in units])}


def events_of_consignment(consignment: Consignment) -> list[AidEvent]:
    """Every event of a consignment, those that were replaced and repeated scans too, in order of time."""
    found = AidEvent.objects.filter(room=consignment.room_id, consignment=consignment)
    return list(found.select_related("room", "handling_unit").order_by("occurred_at", "recorded_at", "pk"))


def rows_on_line(record_type: str, record_id: UUID, line: str) -> list[tuple[type, list[UUID]]]:
    """The rows of a record of this room on one tear line, with all that hangs on it, for a release."""
    if record_type == "aid_event":
        return _event_rows_on_line(record_id, line)
    own: Mapping[str, Sequence[type]] = {
        "headline": (AidEvent,), "detail": (HandlingUnit, ConsignmentDetail, ConsignmentLine),
        "identities": (ConsignmentIdentities,),
    }  # fmt: skip
    found = [(model, _ids(model, consignment=record_id)) for model in own[line]]
    if line == "headline":
        found.insert(0, (Consignment, [record_id]))
    if line == "detail":
        found.append((AidMeasure, _ids(AidMeasure, event__in=_ids(AidEvent, consignment=record_id))))
    return found


def _event_rows_on_line(event_id: UUID, line: str) -> list[tuple[type, list[UUID]]]:
    event = AidEvent.objects.filter(pk=event_id).first()
    if event is None or line == "identities":
        return []
    editions = _ids(AidEvent, room=event.room_id, source=event.source, source_key=event.source_key)
    if line == "headline":
        return [(AidEvent, editions)]
    units = [event.handling_unit_id] if event.handling_unit_id else []
    return [(HandlingUnit, units), (AidMeasure, _ids(AidMeasure, event__in=editions))]


def _ids(model: type, **narrowed: object) -> list[UUID]:
    return list(model._default_manager.filter(**narrowed).values_list("pk", flat=True))  # type: ignore[attr-defined]


def _latest(about: str, ids: Sequence[UUID]) -> Iterable[AidEvent]:
    rows = AidEvent.objects.filter(**{f"{about}__in": ids}, withdrawn=False, repeats=None)
    return rows.order_by(about, "-occurred_at", "-recorded_at").distinct(about)


def _amounts(events: Sequence[AidEvent], words: Words) -> dict[UUID, list[Amount]]:
    """What the events amount to; the bare unit itself ("one truck") is left out where goods are stated."""
    kinds = {event.pk: event.handling_unit.kind if event.handling_unit else "" for event in events}
    found: dict[UUID, list[tuple[bool, Amount]]] = defaultdict(list)
    for row in AidMeasure.objects.filter(event__in=list(kinds)).order_by("event", "unit", "commodity", "pk"):
        goods = named(words.commodities, row.commodity)
        amount = Amount(named(words.units, row.unit), goods, row.quantity_giver, row.quantity_receiver,
                        row.quantity_damaged)  # fmt: skip
        found[row.event_id].append((row.unit == kinds[row.event_id], amount))
    return {
        event: [amount for is_unit, amount in rows if not is_unit] or [amount for _, amount in rows]
        for event, rows in found.items()
    }
