"""Events and consignments as rows of a list: with quantities of both sides, names, and what corrected them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
from tansiq.desks.aid.queries.sharing import CONSIGNMENT, EVENT, records_of_events
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
    place: Names | str  # of the area, where it is named by its p-code; "" where the detail is closed to the reader
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
    amounts, places = _amounts(found, words)
    replaced = set(AidEvent.objects.filter(corrects__in=ids).values_list("corrects", flat=True))
    return [
        EventRow(
            event, named(words.stages, event.stage), named(words.crossings, event.crossing_code),
            named(words.areas, places.get(event.pk, "")), named(words.sources, event.source),
            named(words.reasons, event.reason), named(words.reasons, event.correction_reason),
            tuple(amounts.get(event.pk, ())), event.pk in replaced,
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
    """The rows of a record of this room on one tear line, with all that hangs on it, for a release.

    The editions of an event stand together, whichever consignment each names.
    """
    of = {"consignment": record_id} if record_type == CONSIGNMENT else {"pk": record_id}
    named = list(AidEvent.objects.filter(**of).values_list("room", "source", "source_key").distinct())
    editions = records_of_events(named[0][0], [(source, key) for _, source, key in named]) if named else {}
    events = [pk for places in editions.values() for kind, pk in places if kind == EVENT]
    if line == "headline":
        return [*([(Consignment, [record_id])] if record_type == CONSIGNMENT else []), (AidEvent, events)]
    found: list[tuple[type, list[UUID]]] = []
    if record_type == CONSIGNMENT:
        own = (ConsignmentDetail, ConsignmentLine) if line == "detail" else (ConsignmentIdentities,)
        found = [(model, _ids(model, consignment=record_id)) for model in own]
    if line == "detail":
        units = set(
            AidEvent.objects.filter(pk__in=events, handling_unit__isnull=False).values_list("handling_unit", flat=True)
        )
        if record_type == CONSIGNMENT:
            units.update(_ids(HandlingUnit, consignment=record_id))
        found += [(HandlingUnit, sorted(units)), (AidMeasure, _ids(AidMeasure, event__in=events))]
    return found


def _ids(model: type, **narrowed: object) -> list[UUID]:
    return list(model._default_manager.filter(**narrowed).values_list("pk", flat=True))  # type: ignore[attr-defined]


def _latest(about: str, ids: Sequence[UUID]) -> Iterable[AidEvent]:
    rows = AidEvent.objects.filter(**{f"{about}__in": ids}, withdrawn=False, repeats=None)
    return rows.order_by(about, "-occurred_at", "-recorded_at").distinct(about)


def _amounts(events: Sequence[AidEvent], words: Words) -> tuple[dict[UUID, list[Amount]], dict[UUID, str]]:
    """What the events amount to, and where they were, as far as their detail is open.

    The bare unit itself ("one truck") is left out where goods are stated.
    """
    kinds = {event.pk: event.handling_unit.kind if event.handling_unit else "" for event in events}
    found: dict[UUID, list[tuple[bool, Amount]]] = defaultdict(list)
    places: dict[UUID, str] = {}
    for row in AidMeasure.objects.filter(event__in=list(kinds)).order_by("event", "unit", "commodity", "pk"):
        places[row.event_id] = row.place
        if not row.unit:
            continue
        goods = named(words.commodities, row.commodity)
        amount = Amount(named(words.units, row.unit), goods, row.quantity_giver, row.quantity_receiver,
                        row.quantity_damaged)  # fmt: skip
        found[row.event_id].append((row.unit == kinds[row.event_id], amount))
    amounts = {
        event: [amount for is_unit, amount in rows if not is_unit] or [amount for _, amount in rows]
        for event, rows in found.items()
    }
    return amounts, places
