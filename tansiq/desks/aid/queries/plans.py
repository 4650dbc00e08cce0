"""What an import would do: every row of the file taken or refused, and compared with what is held already."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import Outcome
from tansiq.desks.aid.queries.reference import codes_of
from tansiq.desks.aid.rules import Codes, amount_fault
from tansiq.engine.imports import (
    Fault,
    ImportMapping,
    RefusedRow,
    SkippedRow,
    Table,
    TakenRow,
    UnreadableFile,
    as_text,
    fingerprint,
    kind_of,
    read_rows,
    read_table,
    row_reader,
)

EVENTS = "consignment_event"
KEY_LENGTH = 200
CODE_LENGTH = 64  # of a code that is kept as the file has it
SAMPLED_ROWS, SAMPLED_COLUMNS, SAMPLED_LETTERS = 3, 12, 60
QUOTED = 120  # letters of a cell that a report repeats
COUNTED = {"attempt": 1_000_000}  # whole numbers that are kept as such, with the most each can be
EDITIONS_OF_EVENTS = """
select source_key, id, edition, withdrawn, consignment_id, fingerprint, import_run_id is not null from aid_aidevent
 where room_id = %(room)s and source = %(source)s order by source_key, edition
"""
EDITIONS_OF_ROWS = """
select row_key, id, version - 1, withdrawn, null::uuid, fingerprint, true from aid_ledgerrow
 where room_id = %(room)s and source = %(source)s and record_kind = %(kind)s order by row_key, version
"""
Labels = Mapping[str | None, str]  # field or note -> heading
Progress = Callable[[str, int, int], None]  # step, done, of how many


@dataclass(frozen=True, slots=True)
class Held:
    """The latest edition of a row that is held already."""

    id: UUID
    edition: int
    withdrawn: bool
    consignment_id: UUID | None
    stated: str  # fingerprint of what the ledger itself last said
    taken_back: bool  # whether the ledger itself last withdrew it


@dataclass(frozen=True, slots=True)
class Stated:
    """A taken row with its key and the digest of what it says."""

    key: str
    digest: str
    row: TakenRow


@dataclass
class Plan:
    """The account of a file: what it holds, and what an import of it would add, revise and withdraw."""

    outcome: str = Outcome.TAKEN
    rows: int = 0
    taken: int = 0
    skipped: int = 0
    unchanged: int = 0
    added: list[Stated] = field(default_factory=list)
    revised: list[tuple[Stated, Held]] = field(default_factory=list)
    withdrawn: list[tuple[str, Held]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    remarks: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons_skipped: Counter[str] = field(default_factory=Counter)
    file: dict[str, Any] = field(default_factory=dict)
    sample: list[list[str]] = field(default_factory=list)  # the headings and the first rows, as they were read
    withdrawals_held: bool = False  # rows were refused, so nobody can say which rows are gone

    def report(self) -> dict[str, Any]:
        """The account as plain data, for the run and for a program."""
        return {
            "file": self.file,
            "refused": [_refused(row) for row in self.refused],
            "remarks": [{"code": code, "heading": heading, "rows": n} for (code, heading), n in self.remarks.items()],
            "skipped": dict(self.reasons_skipped),
            "withdrawals_held": self.withdrawals_held,
        }


def plan_import(
    by: Actor,
    content: bytes,
    mapping: ImportMapping,
    *,
    is_whole: bool = True,
    allow_refused: bool = False,
    progress: Progress | None = None,
) -> Plan:
    """Read a file by a mapping and compare it with what the room holds of that ledger; writes nothing."""
    plan = Plan()
    try:
        table = read_table(mapping, content)
    except UnreadableFile as unreadable:
        plan.outcome = Outcome.REFUSED_FILE
        plan.file = {"code": unreadable.code, "kind": kind_of(content), **unreadable.facts}
        return plan
    plan.file, plan.sample = _file_facts(table), _sample(table)
    plan.rows = len(table.rows)
    if table.match.stops:
        plan.outcome = Outcome.REFUSED_COLUMNS
        return plan
    stated = _read(plan, by, mapping, table, progress)
    if plan.refused and not allow_refused:
        plan.outcome = Outcome.REFUSED_ROWS
    _compare(plan, _held(by, mapping), stated, is_whole)
    return plan


def _read(plan: Plan, by: Actor, mapping: ImportMapping, table: Table, progress: Progress | None) -> list[Stated]:
    codes = codes_of(by.operation_id) if mapping.record == EVENTS else None
    stated: list[Stated] = []
    labels = {column.field or column.note: column.label for column in mapping.columns}
    cells, reader = table.rows, row_reader(mapping, table.match)
    for number, row in enumerate(read_rows(reader, _emptying(cells), table.first_number), 1):
        if progress and number % 1000 == 0:
            progress("reading", number, plan.rows)
        if isinstance(row, SkippedRow):
            plan.skipped += 1
            plan.reasons_skipped[row.reason] += 1
        elif isinstance(row, RefusedRow):
            plan.refused.append(row)
        else:
            faults = _own_faults(row, codes, labels)
            if faults:
                plan.refused.append(RefusedRow(row.number, _said(row), faults))
                continue
            plan.remarks.update((remark.code, remark.heading) for remark in row.remarks)
            stated.append(Stated(_key_text(row.key), fingerprint(mapping, row.values, row.notes), row))
    plan.taken = len(stated)
    return stated


def _sample(table: Table) -> list[list[str]]:
    """What a person looks at to see whether the letters and the columns are right."""
    headings = [_storable(heading)[:SAMPLED_LETTERS] for heading in table.headings]
    rows = [[_storable(as_text(cell))[:SAMPLED_LETTERS] for cell in row] for row in table.rows[:SAMPLED_ROWS]]
    return [row[:SAMPLED_COLUMNS] for row in (headings, *rows)]


def _emptying(cells: list[list[object]]) -> Iterator[list[object]]:
    """Give each row once and let it go, so that the sheet and what is read of it are not held together."""
    for number, row in enumerate(cells):
        yield row
        cells[number] = []


def _compare(plan: Plan, held: dict[str, Held], stated: list[Stated], is_whole: bool) -> None:
    keys = set()
    for one in stated:
        keys.add(one.key)
        former = held.get(one.key)
        if former is None:
            plan.added.append(one)
        elif former.stated == one.digest and not former.taken_back:
            plan.unchanged += 1
        else:
            plan.revised.append((one, former))
    gone = [(key, former) for key, former in held.items() if key not in keys and former.stated and not former.withdrawn]
    plan.withdrawals_held = bool(is_whole and plan.refused and gone)
    if is_whole and not plan.refused:
        plan.withdrawn = gone


def _held(by: Actor, mapping: ImportMapping) -> dict[str, Held]:
    params = {"room": by.room_id, "source": mapping.ledger.code, "kind": mapping.record}
    held: dict[str, Held] = {}
    with connection.cursor() as cursor:
        cursor.execute(EDITIONS_OF_EVENTS if mapping.record == EVENTS else EDITIONS_OF_ROWS, params)
        for key, row_id, edition, withdrawn, consignment, digest, of_ledger in cursor.fetchall():
            former = held.get(key)
            stated = digest if of_ledger else former.stated if former else ""
            taken_back = withdrawn if of_ledger else former.taken_back if former else False
            held[key] = Held(row_id, edition, withdrawn, consignment, stated, taken_back)
    return held


def _key_text(key: tuple[str, ...]) -> str:
    text = "|".join(key)
    if len(text) <= KEY_LENGTH:
        return text
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


def _own_faults(row: TakenRow, codes: Codes | None, labels: Labels) -> tuple[Fault, ...]:
    """What the reader of cells cannot know: codes that the operation lacks, quantities that cannot be kept."""

    def fault(code: str, name: str, found: object, expected: str = "") -> Fault:
        return Fault(code, labels.get(name, ""), name, _storable(str(found))[:QUOTED], expected)

    faults = [
        fault("control_character", name, text)
        for name, text in (*row.values.items(), *row.notes.items())
        if isinstance(text, str) and not text.isprintable() and not _is_storable(text)
    ]
    values = row.values
    faults += [
        fault("too_large", name, number, str(most))
        for name, most in COUNTED.items()
        if isinstance(number := values.get(name), int) and not 0 <= number <= most
    ]
    if codes is None:
        return tuple(faults)
    for name, known in (
        ("stage", codes.stages), ("unit", codes.units), ("reason", codes.reasons),
        ("consignor_class", codes.consignor_classes),
    ):  # fmt: skip
        found = values.get(name)
        if found and found not in known:
            faults.append(fault("unknown_code", name, found, " | ".join(sorted(known))))
    for name in ("crossing", "area"):
        if len(str(values.get(name) or "")) > CODE_LENGTH:
            faults.append(fault("too_long", name, values[name], str(CODE_LENGTH)))
    for name in ("quantity", "quantity_damaged"):
        amount = values.get(name)
        wrong = amount_fault(Decimal(amount)) if isinstance(amount, Decimal | int) else None
        if wrong:
            faults.append(fault(wrong[0], name, amount, str(wrong[1].get("expected", ""))))
    if values.get("occurred_from") is None:
        faults.append(fault("no_time", "occurred_date", ""))
    return tuple(faults)


def _said(row: TakenRow) -> tuple[str, ...]:
    return tuple(f"{name}: {value}" for name, value in (*row.values.items(), *row.notes.items()) if value is not None)


def _refused(row: RefusedRow) -> dict[str, Any]:
    return {
        "row": row.number,
        "cells": [_storable(cell) for cell in row.cells],
        "faults": [
            {
                "code": f.code,
                "heading": f.heading,
                "field": f.field,
                "found": _storable(f.found),
                "expected": f.expected,
            }
            for f in row.faults
        ],
    }


def _is_storable(text: str) -> bool:
    """Whether the database can keep a text: line breaks and tabs yes, other control characters and half pairs no."""
    return not any((ord(c) < 32 and c not in "\t\r\n") or 0xD800 <= ord(c) <= 0xDFFF for c in text)


def _storable(text: str) -> str:
    return text if _is_storable(text) else "".join(c if _is_storable(c) else "\ufffd" for c in text)


def _file_facts(table: Table) -> dict[str, Any]:
    match = table.match
    return {
        "sheet": table.sheet,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "heading_row": table.start.heading_row + 1,
        "tag_row": table.start.tag_row + 1 if table.start.tag_row is not None else None,
        "expected": list(match.expected),
        "found": list(match.found),
        "missing": list(match.missing),
        "new": list(match.new),
        "repeated": list(match.repeated),
        "kept": [heading for heading, _place in match.kept],
        "stops": match.stops,
        "alike": [[pair.expected, pair.found, pair.likeness_share] for pair in match.alike],
    }
