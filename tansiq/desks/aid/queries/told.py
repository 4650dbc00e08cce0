"""What is told of the lines of consignments, as the conservation engine takes it: every edition, withdrawals too."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from tansiq.building.rooms.editions import kept
from tansiq.desks.aid.models import ReferenceKind
from tansiq.desks.aid.queries.reference import conversions, reference
from tansiq.desks.aid.rules import HeldLine
from tansiq.engine.conservation import Book, Line, Stage, Stages, Statement, book_of, stages_of
from tansiq.engine.counting import Conversion

LINES = """
with held as materialized (
    select pg_advisory_xact_lock(hashtextextended('quantities ' || u.id::text, 0))
      from (select unnest(%(ids)s::uuid[]) as id order by 1) u where %(hold)s)
select l.consignment_id, l.number, l.unit, l.quantity, l.commodity, l.cargo,
       exists (select from aid_discrepancy d where d.room_id = l.room_id and d.consignment_id = l.consignment_id
                and d.closed_at is null)
  from (select count(*) from held) k cross join aid_consignmentline l
 where l.room_id = %(room)s and l.consignment_id = any(%(ids)s) order by 1, 2
"""
COLUMNS = """e.id, e.source, coalesce(f.source_key, e.source_key) as key, coalesce(f.edition, e.edition) as edition,
       e.stage, e.handling_unit_id, h.parent_id, e.attempt, e.crossing_code, e.move, e.group,
       floor(extract(epoch from e.occurred_at))::bigint as occurred,
       floor(extract(epoch from e.recorded_at))::bigint as recorded"""
MEASURES = """
  left join aid_aidevent f on f.room_id = e.room_id and f.id = e.repeats_id and e.edition = 0
  left join aid_handlingunit h on h.room_id = e.room_id and h.id = e.handling_unit_id
  left join aid_aidmeasure m on m.room_id = e.room_id and m.event_id = e.id and m.line_number is not null"""
TOLD = f"""
select e.consignment_id, e.withdrawn or (e.repeats_id is not null and e.edition > 0) as gone,
       e.repeats_id is not null and e.edition = 0 as again, {COLUMNS},
       m.line_number, m.unit, m.quantity_giver, m.quantity_receiver
  from aid_aidevent e {MEASURES}
 where e.room_id = %(room)s and e.consignment_id = any(%(ids)s)
union all
select w.consignment_id, true, false, {COLUMNS}, null, null, null, null
  from aid_aidevent w join aid_aidevent e on e.room_id = w.room_id and e.corrects_id = w.id
   and e.consignment_id is distinct from w.consignment_id
  left join aid_aidevent f on false
  left join aid_handlingunit h on false
 where w.room_id = %(room)s and w.consignment_id = any(%(ids)s)
 order by consignment_id, source, key, edition, again, recorded, id, line_number
"""
"""An event that is corrected to be another consignment's is taken back in its first one (second half); so is one that
is corrected to repeat another."""
NAME = "#"  # between an event's key and the number of its line, in the key of a statement


@dataclass(frozen=True)
class ConservationRules:
    """What an operation says of its balance."""

    stages: Stages | None  # None: it balances no quantities
    trusted: tuple[str, ...]
    conversions: tuple[Conversion, ...]
    clock: str  # kinds and roles; empty where nobody may insist
    holder_role: str
    origin: str
    impediment_owner: str


@dataclass(frozen=True)
class ToldAmount:
    """How much of a line."""

    line: int
    measure: str
    giver: Decimal | None
    receiver: Decimal | None

    @property
    def figures(self) -> tuple[int, str, Decimal | None, Decimal | None]:
        """What it says, to be compared with another telling."""
        return self.line, self.measure, self.giver, self.receiver


@dataclass(frozen=True)
class Told:
    """One edition of an event: what a source says of the lines of a consignment."""

    event: UUID
    source: str
    key: str  # of the event; of a scan that contradicts the one it repeats, that one's
    edition: int
    stage: str
    unit: str  # id of the handling unit; "": the line as a whole
    parent: str
    attempt: int
    place: str
    move: str
    group: str
    occurred: int  # s since 1970 UTC
    recorded: int  # s since 1970 UTC
    gone: bool  # withdrawn, or told of another consignment now
    again: bool  # repeats the event whose key it bears
    amounts: tuple[ToldAmount, ...]


@dataclass(frozen=True)
class HeldLines:
    """The lines of a consignment, and whether a discrepancy of it is open."""

    lines: tuple[HeldLine, ...]
    has_open: bool


def conservation_rules(operation_id: UUID) -> ConservationRules:
    """How an operation balances quantities; kept by the process until the operation is loaded anew."""
    rules: ConservationRules = kept(operation_id, _rules)
    return rules


def lines_of(room_id: UUID, ids: Iterable[UUID], *, hold: bool = False) -> dict[UUID, HeldLines]:
    """The lines of these consignments of a room; those without lines are absent.

    hold : let nobody else judge quantities of these consignments until the transaction ends
    """
    found: dict[UUID, list[HeldLine]] = defaultdict(list)
    live: dict[UUID, bool] = {}
    with connection.cursor() as cursor:
        cursor.execute(LINES, {"room": room_id, "ids": sorted(set(ids)), "hold": hold})
        for consignment, number, unit, quantity, commodity, cargo, has_open in cursor.fetchall():
            found[consignment].append(HeldLine(number, unit, quantity, commodity, cargo))
            live[consignment] = has_open
    return {consignment: HeldLines(tuple(lines), live[consignment]) for consignment, lines in found.items()}


def told_of(room_id: UUID, ids: Iterable[UUID]) -> dict[UUID, list[Told]]:
    """All that is told of these consignments of a room, in one query, as far as the reader may read it."""
    rows: dict[UUID, dict[tuple[Any, ...], list[ToldAmount]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(TOLD, {"room": room_id, "ids": sorted(set(ids))})
        for consignment, *head, line, measure, giver, receiver in cursor.fetchall():
            amounts = rows[consignment].setdefault(tuple(head), [])
            if line is not None:
                amounts.append(ToldAmount(line, measure, giver, receiver))
    return {
        consignment: contradicting([_told(head, amounts) for head, amounts in found.items()])
        for consignment, found in rows.items()
    }


def contradicting(told: Sequence[Told]) -> list[Told]:
    """Leave out scans that only repeat a passage; those that tell it otherwise stay, under the key of the first."""
    first = {(one.source, one.key, one.edition): figures_of(one) for one in told if not one.again}
    return [one for one in told if not one.again or _contradicts(one, first.get((one.source, one.key, one.edition)))]


def figures_of(one: Told) -> dict[int, set[tuple[Any, ...]]]:
    """For each line, what an event says of it."""
    found: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for amount in one.amounts:
        found[amount.line].add(amount.figures)
    return found


def statements_of_told(consignment: UUID, told: Iterable[Told], lines: HeldLines) -> list[tuple[Told, Statement]]:
    """Statements of the engine, one for each line that an event speaks of or spoke of in a former edition."""
    by_key: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in told:
        by_key[one.source, one.key].append(one)
    first = lines.lines[0].number
    found: list[tuple[Told, Statement]] = []
    for editions in by_key.values():
        spoken: dict[str, int] = {}
        for one in sorted(editions, key=lambda one: (one.edition, one.again)):
            slots = _slots(one, first)
            found += [(one, _statement(consignment, one, slot, amount)) for slot, amount in slots.items()]
            found += [
                (one, _taken_back(consignment, one, slot, line)) for slot, line in spoken.items()
                if slot not in slots and not one.again
            ]  # fmt: skip
            spoken |= {slot: amount.line for slot, amount in slots.items()}
    return found


def book(rules: ConservationRules, lines: Mapping[UUID, HeldLines], statements: Iterable[Statement]) -> Book:
    """The engine's book of some consignments."""
    asked = [
        Line(line_code(consignment, line.number), line.unit, line.requested)
        for consignment, held in sorted(lines.items())
        for line in held.lines
    ]
    if rules.stages is None:
        raise ValueError("the operation balances no quantities")
    return book_of(asked, statements, rules.stages, conversions=rules.conversions, sources=rules.trusted)


def line_code(consignment: UUID, number: int) -> str:
    """What the engine calls a line of a consignment."""
    return f"{consignment}.{number:06d}"


def line_named(code: str) -> tuple[UUID, int]:
    """The consignment and number of a line that the engine names."""
    consignment, _dot, number = code.rpartition(".")
    return UUID(consignment), int(number)


def event_key(key: str) -> str:
    """The key of the event to which a statement of the engine belongs."""
    return key.rpartition(NAME)[0]


def _rules(operation_id: UUID) -> ConservationRules:
    stated = [
        Stage(code, body.get("draws_on") or "", body.get("kind", "flow"), body.get("scope", "unit"),
              body.get("presumed", True), body.get("revocable", False), body.get("site") or "")
        for code, body in reference(operation_id, ReferenceKind.STAGE).values_list("code", "body")
    ]  # fmt: skip
    drawn = {stage.draws_on for stage in stated} - {""}
    balanced = [stage for stage in stated if stage.draws_on or stage.code in drawn]
    bodies = reference(operation_id, ReferenceKind.CONSERVATION).values_list("body", flat=True)
    body: dict[str, Any] = next(iter(bodies), {})
    return ConservationRules(
        stages_of(balanced) if drawn else None, tuple(body.get("trusted_sources", ())), conversions(operation_id),
        body.get("clock", ""), body.get("holder_role", ""), body.get("origin", ""), body.get("impediment_owner", ""),
    )  # fmt: skip


def _told(head: tuple[Any, ...], amounts: list[ToldAmount]) -> Told:
    gone, again, event, source, key, edition, stage, *where, occurred, recorded = head
    unit, parent, attempt, place, move, group = where
    return Told(
        event, source, key, edition, stage, str(unit or ""), str(parent or ""), attempt, place, move,
        str(group or ""), occurred, recorded, gone, again, tuple(amounts),
    )  # fmt: skip


def _contradicts(one: Told, first: Mapping[int, set[tuple[Any, ...]]] | None) -> bool:
    said = figures_of(one)
    return first is not None and any(line in first and figures != first[line] for line, figures in said.items())


def _slots(one: Told, first: int) -> dict[str, ToldAmount]:
    """What an event says, each under a name that is the same in all its editions; nothing where it is taken back.

    A unit seen at a place without quantities is told of the first line, so that two places at once are found.
    """
    if one.gone:
        return {}
    if not one.amounts and one.unit and one.place:
        return {"": ToldAmount(first, "", None, None)}
    found: dict[str, ToldAmount] = {}
    for amount in one.amounts:
        times = sum(1 for other in found.values() if other.line == amount.line)
        found[f"{amount.line}.{times + 1}" if times else str(amount.line)] = amount
    return found


def _statement(consignment: UUID, one: Told, slot: str, amount: ToldAmount) -> Statement:
    return Statement(
        source=one.source, key=f"{one.key}{NAME}{slot}", line=line_code(consignment, amount.line), stage=one.stage,
        quantity=amount.giver, measure=amount.measure, occurred_at=one.occurred, recorded_at=one.recorded,
        received=amount.receiver, handling_unit=one.unit, parent=one.parent, attempt=one.attempt,
        edition=one.edition, place=one.place, move=one.move or "reached", group=one.group,
    )  # fmt: skip


def _taken_back(consignment: UUID, one: Told, slot: str, line: int) -> Statement:
    """An edition that no longer speaks of a line says nothing of it, in the place of the former one."""
    silent = replace(one, unit="", parent="", attempt=1, place="", move="", group="")
    return _statement(consignment, silent, slot, ToldAmount(line, "", None, None))


def moment_s(moment: datetime) -> int:
    """Whole seconds since 1970, as the engine counts time."""
    return int(moment.timestamp())
