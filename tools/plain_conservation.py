"""The balance of lines worked out one dictionary at a time: slow, obvious, and the measure of the engine's own."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tansiq.engine.conservation import Line, Stage, Stages, Statement

ZERO = Decimal(0)
Cell = tuple[str, str, int, str]  # line, unit, attempt, stage
Over = tuple[str, str, str, int, str, Decimal, Decimal]  # kind, line, unit, attempt, stage, stated, limit


@dataclass
class Plain:
    """What was found."""

    passed: dict[tuple[str, str], Decimal] = field(default_factory=dict)  # by line and stage
    over: set[Over] = field(default_factory=set)


@dataclass
class _Line:
    """All that is known of one line."""

    line: Line
    reached: dict[tuple[str, int], dict[str, Decimal]]
    inward: dict[tuple[str, int], dict[str, Decimal]]
    outward: dict[tuple[str, int], dict[str, Decimal]]
    parts: set[str]  # units that name a parent, and for which no share is stated


def plainly_settled(
    lines: Sequence[Line], rows: Iterable[Statement], stages: Stages, *, as_of: int, again_s: int = 900
) -> Plain:
    """Settle lines one by one. Every quantity is taken to be in its line's unit, every source to be the same one."""
    standing = _standing(rows, as_of)
    family = _families(standing)
    children = {row.handling_unit for row in standing if row.parent and row.handling_unit}
    by_line: dict[str, list[Statement]] = defaultdict(list)
    for row in standing:
        by_line[row.line].append(row)
    plain = Plain()
    for line in lines:
        held = _gathered(line, by_line[line.code], stages, again_s)
        held.parts = children - {unit for (unit, _), made in held.inward.items() if any(made.values())}
        _settle_line(held, stages, family, plain)
    return plain


def _standing(rows: Iterable[Statement], as_of: int) -> list[Statement]:
    best: dict[tuple[str, str], Statement] = {}
    for row in rows:
        if row.recorded_at > as_of:
            continue
        held = best.get((row.source, row.key))
        if held is None or row.edition > held.edition:
            best[row.source, row.key] = row
    return list(best.values())


def _families(rows: Iterable[Statement]) -> dict[str, str]:
    family: dict[str, set[str]] = {}
    links = [(row.handling_unit, row.parent) for row in rows if row.parent]
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.move != "reached" and row.group and row.handling_unit:
            groups[row.group].append(row.handling_unit)
    links += [(units[0], other) for units in groups.values() for other in units[1:]]
    for one, other in links:
        joined = family.get(one, {one}) | family.get(other, {other})
        for unit in joined:
            family[unit] = joined
    return {unit: min(units) for unit, units in family.items()}


def _gathered(line: Line, rows: Sequence[Statement], stages: Stages, again_s: int) -> _Line:
    scope = {stage.code: stage.scope for stage in stages.stages}
    tables: dict[str, dict[tuple[str, int], dict[str, Decimal]]] = {
        move: defaultdict(dict) for move in ("reached", "made", "taken")
    }
    last: dict[tuple[object, ...], int] = {}
    for row in sorted(rows, key=lambda row: row.occurred_at):
        quantity = row.quantity if row.received is None else row.received
        if quantity is None or quantity < 0:
            continue
        node = ("", 1) if scope[row.stage] == "line" else (row.handling_unit, row.attempt)
        if row.move == "reached":
            scan = (node, row.stage, row.quantity, row.received)
            is_again = scan in last and row.occurred_at - last[scan] <= again_s
            last[scan] = row.occurred_at
            if is_again:
                continue
        cell = tables[row.move][node]
        cell[row.stage] = cell.get(row.stage, ZERO) + quantity
    return _Line(line, tables["reached"], tables["made"], tables["taken"], set())


def _settle_line(held: _Line, stages: Stages, family: dict[str, str], plain: Plain) -> None:
    code = held.line.code
    nodes = {node for table in (held.reached, held.inward, held.outward) for node in table}
    limits = {node: _limits(held, node, stages) for node in nodes}
    for node, (limit, drawn) in limits.items():
        for stage in stages.stages:
            if stage.scope == "unit" and stage.code in limit and drawn[stage.code] > limit[stage.code]:
                plain.over.add(("over_unit", code, *node, stage.code, drawn[stage.code], limit[stage.code]))
    pools: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for unit, attempt in nodes:
        pools[family.get(unit, unit)].append((unit, attempt))
    need: dict[str, Decimal] = defaultdict(Decimal)
    for name, members in pools.items():
        for stage_code, amount in _pool_need(held, members, nodes, stages).items():
            need[stage_code] += amount
        if any(unit in held.parts for unit, _ in members):
            _judge_parts(held, name, members, (limits, stages, plain))
    _settle_whole(held, need, stages, plain)


def _limits(held: _Line, node: tuple[str, int], stages: Stages) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    reached, inward, outward = (table.get(node, {}) for table in (held.reached, held.inward, held.outward))
    limit: dict[str, Decimal] = {}
    drawn = {
        stage.code: sum((reached.get(draw.code, ZERO) for draw in _draws(stages, stage)), outward.get(stage.code, ZERO))
        for stage in stages.stages
    }
    for stage in stages.stages:
        if stage.scope == "line":
            continue
        if stage.code in reached:
            limit[stage.code] = reached[stage.code]
        elif stage.draws_on in limit:
            limit[stage.code] = max(ZERO, limit[stage.draws_on] - drawn[stage.draws_on])
        if inward.get(stage.code):
            limit[stage.code] = limit.get(stage.code, ZERO) + inward[stage.code]
    return limit, drawn


def _draws(stages: Stages, stage: Stage) -> list[Stage]:
    return [other for other in stages.stages if other.draws_on == stage.code]


def _needed(stages: Stages, stage: Stage, amounts: dict[str, Decimal], *, returns: bool) -> Decimal:
    """What must have passed a stage, from what is stated of it and below it."""
    below = [draw for draw in _draws(stages, stage) if returns or draw.kind != "return"]
    drawn = sum((_needed(stages, draw, amounts, returns=returns) for draw in below), ZERO)
    return max(amounts.get(stage.code, ZERO), drawn - amounts.get(f"in {stage.code}", ZERO))


def _pool_need(
    held: _Line, members: list[tuple[str, int]], nodes: set[tuple[str, int]], stages: Stages
) -> dict[str, Decimal]:
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    tops = [stages.stages[number] for number in stages.tops]
    for unit, attempt in members:
        reached = held.reached.get((unit, attempt), {})
        back = sum((reached.get(stage.code, ZERO) for stage in stages.stages if stage.kind == "return"), ZERO)
        if unit and not back and any(other == unit and later > attempt for other, later in nodes):
            firm = {stage.code for stage in stages.stages if not stage.revocable}
            kept = {code: amount for code, amount in reached.items() if code in firm}
            back = sum((_needed(stages, top, reached, returns=True) for top in tops), ZERO)
            back -= sum((_needed(stages, top, kept, returns=True) for top in tops), ZERO)
        for stage in stages.stages:
            if stage.scope == "unit":
                amount = reached.get(stage.code, ZERO)
                amounts[stage.code] += max(ZERO, amount - back) if stage.revocable else amount
    for stage in stages.stages:
        came = sum((held.inward.get(node, {}).get(stage.code, ZERO) for node in members), ZERO)
        went = sum((held.outward.get(node, {}).get(stage.code, ZERO) for node in members), ZERO)
        amounts[f"in {stage.code}"] = max(ZERO, came - went)
    units = [stage for stage in stages.stages if stage.scope == "unit"]
    return {stage.code: _needed(stages, stage, amounts, returns=False) for stage in units}


def _judge_parts(
    held: _Line,
    name: str,
    members: list[tuple[str, int]],
    context: tuple[dict[tuple[str, int], tuple[dict[str, Decimal], dict[str, Decimal]]], Stages, Plain],
) -> None:
    limits, stages, plain = context
    for stage in stages.stages:
        if stage.scope == "line":
            continue
        whole = [node for node in members if node[0] not in held.parts]
        if not whole or any(stage.code not in limits[node][0] for node in whole):
            continue
        limit = sum((limits[node][0].get(stage.code, ZERO) for node in members), ZERO)
        drawn = sum((limits[node][1][stage.code] for node in members), ZERO)
        if drawn > limit:
            plain.over.add(("over_parts", held.line.code, name, 0, stage.code, drawn, limit))


def _settle_whole(held: _Line, need: dict[str, Decimal], stages: Stages, plain: Plain) -> None:
    code, whole = held.line.code, ("", 1)
    stated = held.reached.get(whole, {})
    amounts = {stage.code: need[stage.code] for stage in stages.stages if stage.scope == "unit"}
    amounts |= {stage.code: stated.get(stage.code, ZERO) for stage in stages.stages if stage.scope == "line"}
    amounts[stages.stages[0].code] = held.line.requested
    plain.passed |= {(code, name): amount for name, amount in amounts.items()}
    limit: dict[str, Decimal] = {}
    for stage in stages.stages:
        if stage.scope == "unit":
            continue
        came, went = (table.get(whole, {}).get(stage.code, ZERO) for table in (held.inward, held.outward))
        drawn = sum((amounts[draw.code] for draw in _draws(stages, stage)), went)
        if not stage.draws_on or stage.code in stated or not stage.presumed:
            limit[stage.code] = amounts[stage.code]
        else:
            limit[stage.code] = max(ZERO, limit[f"left {stage.draws_on}"])
        limit[stage.code] += came
        limit[f"left {stage.code}"] = limit[stage.code] - drawn
        if drawn > limit[stage.code]:
            plain.over.add(("over_line", code, "", 0, stage.code, drawn, limit[stage.code]))
