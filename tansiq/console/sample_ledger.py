"""An invented warehouse's own ledger of what the simulated trucks brought, in editions, as files that people send."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.actions import ImportOptions, import_ledger, seal_file
from tansiq.desks.aid.queries.reference import mapping
from tansiq.engine.simulation import SimulatedEvent

HEADINGS = ("Line", "Date", "Goods", "Pallets", "Gate", "Waybill")


@dataclass(frozen=True)
class Line:
    """One row as the warehouse's clerk writes it."""

    number: int
    day: str
    goods: str
    pallets: str
    gate: str
    waybill: str


def import_editions(told: dict[str, Any], by: Actor, events: Iterable[SimulatedEvent], facts: dict[str, Any]) -> int:
    """Take two editions of the ledger, and two files that cannot be taken; answers how many files came.

    facts : "now", "zone", "gates" (crossing → its name) and "class" (whose trucks the warehouse receives)
    """
    lines = _lines(told, events, facts)
    kept = mapping(by.operation_id, told["mapping"])
    if kept is None or len(lines) < 12:
        return 0
    old, new = _earlier(lines), _later(lines)
    files = (
        ("1", _file(old), False), ("2", _file(new), False),
        ("renamed", _file(new, ("Line", "Date", "Goods", "No. of pallets", "Gate", "Waybill")), False),
        ("unreadable", _file(_spoiled(new)), False),
    )  # fmt: skip
    for name, content, allow in files:
        sealed = seal_file(content, f"{told['file']}_{name}.csv")
        import_ledger(by=by, file=sealed, mapping=kept.mapping, options=ImportOptions(allow_refused=allow))
    return len(files)


def _lines(told: dict[str, Any], events: Iterable[SimulatedEvent], facts: dict[str, Any]) -> list[Line]:
    random = Random(7)  # noqa: S311 (a reproducible sample, nothing secret)
    zone, since = ZoneInfo(facts["zone"]), facts["now"] - timedelta(days=told["days"])
    received = [
        event
        for event in events
        if event.stage == told["stage"] and event.consignor_class == facts["class"] and not event.corrects
        and not event.key.endswith(":again") and event.occurred_at >= since
    ]  # fmt: skip
    gates = sorted(facts["gates"].values())
    lines = []
    for number, event in enumerate(sorted(received, key=lambda event: (event.occurred_at, event.key)), 1):
        pallets = next((amount.receiver for amount in event.amounts if amount.unit == "pallet"), None)
        known = told["goods"].get(event.commodity, [event.commodity.replace("_", " ").capitalize()])
        goods = random.choice(told["unclear"] if random.random() < 0.08 else known)
        day = _day(event.occurred_at, zone)
        lines.append(Line(number, day, goods, f"{pallets:f}", random.choice(gates), event.unit))
    return lines


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d/%m/%Y}"


def _earlier(lines: list[Line]) -> list[Line]:
    """The first edition: the last days are not in it yet, and some figures are wrong."""
    first = lines[: len(lines) * 4 // 5]
    return [replace(line, pallets=str(int(line.pallets) + 2)) if line.number % 9 == 0 else line for line in first]


def _later(lines: list[Line]) -> list[Line]:
    """The second edition: figures put right, some rows gone, and a few counted otherwise than the drivers did."""
    kept = [line for line in lines if line.number % 23]
    return [replace(line, pallets=str(max(int(line.pallets) - 1, 0))) if line.number % 17 == 0 else line
            for line in kept]  # fmt: skip


def _spoiled(lines: list[Line]) -> list[Line]:
    """A file as it may come from a phone: a date that is none, a figure that may be two, a gate nobody knows."""
    odd = {3: {"day": "31/02/2026"}, 5: {"pallets": "12,5"}, 8: {"gate": "North gate"}, 10: {"pallets": "about 20"}}
    return [replace(line, **odd.get(place, {})) for place, line in enumerate(lines)]


def _file(lines: list[Line], headings: tuple[str, ...] = HEADINGS) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows((line.number, line.day, line.goods, line.pallets, line.gate, line.waybill) for line in lines)
    return text.getvalue().encode("utf-8-sig")
