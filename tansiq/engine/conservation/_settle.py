"""What every line has passed at every stage as of a moment, and where it does not add up."""

from dataclasses import dataclass

import numpy as np

from tansiq.engine.conservation._book import Book, changes
from tansiq.engine.conservation._known import Known, Moment, known_statements
from tansiq.engine.conservation._levels import Amounts, Level, level, needed, pooled
from tansiq.engine.conservation._statements import MOVES, Integers, Mask

_TAKEN, _MADE = MOVES.index("taken"), MOVES.index("made")


@dataclass(frozen=True, eq=False)
class Pools:
    """Units that come from one another, line by line; columns (p,)."""

    of_node: Integers  # (k,) pool of each node
    line: Integers
    unit: Integers  # lowest number of its units; -1: the whole line
    is_part: Mask  # (k,) nodes whose share of what they came from is not stated, so that only the sum can be judged


@dataclass(frozen=True, eq=False)
class Settled:
    """The state of a book as of a moment."""

    book: Book
    moment: Moment
    known: Known
    passed: Integers  # (s, l) millionths: the least that has passed each stage of each line, less what came back
    left: Integers  # (s, l) millionths: of it, what no later stage has drawn; below zero where too much was drawn
    attempts: Integers  # (l,) highest number of a try
    lines: Level  # (s, l)
    units: Level  # (s, k) by node
    parts: Level  # (s, p) by pool
    pools: Pools
    amounts: Amounts  # (s, k) by node
    line_amounts: Amounts  # (s, l)


def settle(book: Book, moment: Moment | None = None) -> Settled:
    """Settle a book as of a moment; a function of the set of statements known then, whatever their order.

    Returns : Settled         see the fields for shapes and units
    Source : conservation of mass over a tree of flows, with the stages of the UN2720 tracking practice
    """
    moment = moment or Moment()
    known = known_statements(book, moment)
    amounts = _amounts(book, known)
    stages = book.stages
    units = level(stages, stages.of_units, amounts)
    pools = _pools(book, known, amounts)
    order = np.argsort(pools.of_node, kind="stable")
    starts = np.flatnonzero(changes(pools.of_node[order]))
    least = _least(book, amounts, order, starts)
    by_line = _by_line(book, amounts, pools, least)
    lines = level(stages, stages.of_lines, by_line, roots=(0,))
    passed = by_line.reached.copy()
    return Settled(
        book=book,
        moment=moment,
        known=known,
        passed=passed,
        left=_left(book, passed, by_line),
        attempts=_attempts(book, known),
        lines=lines,
        units=units,
        parts=_parts(amounts, units, pools, order, starts),
        pools=pools,
        amounts=amounts,
        line_amounts=by_line,
    )


def _amounts(book: Book, known: Known) -> Amounts:
    shape = (len(book.stages), book.nodes.line.size)
    reached = np.zeros(shape, dtype=np.int64)
    stated = np.zeros(shape, dtype=np.bool_)
    inward, outward = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    reached[known.passage_stage, known.passage_node] = known.passage_amount
    stated[known.passage_stage, known.passage_node] = True
    for move, table in ((_TAKEN, outward), (_MADE, inward)):
        rows = known.moved[book.statements.move[known.moved] == move]
        np.add.at(table, (book.statements.stage[rows], book.node[rows]), book.amount[rows])
    is_there: Mask = np.logical_or.reduce(stated, axis=0)
    is_there[book.node[known.moved]] = True
    return Amounts(reached, stated, inward, outward, is_there)


def _pools(book: Book, known: Known, amounts: Amounts) -> Pools:
    """Put units that were split or repacked together; with them what is stated of a line without a unit."""
    held, nodes = book.statements, book.nodes
    units = len(held.units)
    rows = known.rows
    child = rows[held.parent[rows] >= 0]
    links = [(held.unit[child], held.parent[child])]
    moved = known.moved[(held.group[known.moved] >= 0) & (held.unit[known.moved] >= 0)]
    moved = moved[np.argsort(held.group[moved], kind="stable")]
    same = ~changes(held.group[moved])
    links.append((held.unit[moved[1:]][same[1:]], held.unit[moved[:-1]][same[1:]]))
    ends = [np.concatenate(side) for side in zip(*links, strict=True)]
    family = _families(units, ends[0], ends[1])
    has_share = np.zeros(nodes.pair.size, dtype=np.bool_)
    has_share[nodes.pair[amounts.inward.any(axis=0)]] = True  # by (line, unit)
    is_child = np.zeros(units + 1, dtype=np.bool_)
    is_child[held.unit[child]] = True
    is_child[-1] = False
    is_part = is_child[nodes.unit] & ~has_share[nodes.pair]
    loose = _loose(book, amounts)
    is_part |= loose[nodes.line] & (nodes.unit < 0)
    own = np.append(family, -1)[nodes.unit]
    own[loose[nodes.line]] = -1
    return _numbered(book, own, is_part)


def _numbered(book: Book, family: Integers, is_part: Mask) -> Pools:
    """Number pools of nodes by line and family."""
    line = book.nodes.line
    order = np.lexsort((family, line))
    first = changes(line[order], family[order])
    of_node = np.empty(line.size, dtype=np.int64)
    of_node[order] = np.cumsum(first) - 1
    heads = order[first]
    return Pools(of_node, line[heads], family[heads], is_part)


def _loose(book: Book, amounts: Amounts) -> Mask:
    """Say of which lines something at a stage of units is stated without a unit, and something with one."""
    nodes, of_units = book.nodes, list(book.stages.of_units)
    has_any = amounts.stated[of_units].any(axis=0)
    loose, named = np.zeros((2, len(book.lines)), dtype=np.bool_)
    loose[nodes.line[has_any & (nodes.unit < 0)]] = True
    named[nodes.line[has_any & (nodes.unit >= 0)]] = True
    return loose & named


def _families(size: int, one: Integers, other: Integers) -> Integers:
    """Give each unit the lowest number among all units linked to it by any way; (size,)."""
    family = np.arange(size, dtype=np.int64)
    while one.size:
        before = family.copy()
        lowest = np.minimum(family[one], family[other])
        np.minimum.at(family, one, lowest)
        np.minimum.at(family, other, lowest)
        family = family[family]
        if (family == before).all():
            break
    return family


def _least(book: Book, amounts: Amounts, order: Integers, starts: Integers) -> Integers:
    """Say how much must have passed each stage of each pool, less what came back; (s, p)."""
    stages = book.stages
    net = amounts.reached.copy()
    net[list(stages.of_lines)] = 0
    freed = _freed(book, amounts)
    if freed.any():
        for number in stages.of_units:
            if stages.stages[number].revocable:
                net[number] = np.maximum(net[number] - freed, 0)
    came = amounts.inward - amounts.outward
    if not came.any():
        return needed(stages, pooled(net, order, starts), with_returns=False)
    gained = np.maximum(pooled(came, order, starts), 0)
    return needed(stages, pooled(net, order, starts), gained, with_returns=False)


def _freed(book: Book, amounts: Amounts) -> Integers:
    """Say what came back from each node: as stated, or because the unit is known to be trying again; (k,)."""
    stages, nodes = book.stages, book.nodes
    back = np.zeros(nodes.line.size, dtype=np.int64)
    for number in stages.returns:
        back += amounts.reached[number]
    is_earlier = _is_earlier(book, amounts) & (back == 0)
    if not is_earlier.any():
        return back
    picked = amounts.reached[:, is_earlier]
    whole = needed(stages, picked)
    for number in stages.of_units:
        if stages.stages[number].revocable:
            picked[number] = 0
    kept = needed(stages, picked)
    tops = list(stages.tops)
    back[is_earlier] = (whole[tops] - kept[tops]).sum(axis=0)
    return back


def _is_earlier(book: Book, amounts: Amounts) -> Mask:
    """Say which nodes are a try of a unit that is known to have made a later one; (k,)."""
    nodes = book.nodes
    last = np.zeros(nodes.line.size, dtype=np.int64)  # by (line, unit)
    is_there = amounts.is_there
    np.maximum.at(last, nodes.pair[is_there], nodes.attempt[is_there])
    return (nodes.unit >= 0) & (nodes.attempt < last[nodes.pair])


def _by_line(book: Book, amounts: Amounts, pools: Pools, least: Integers) -> Amounts:
    """Bring everything to the lines: what is stated of them, and what their units need of them; (s, l)."""
    stages, nodes = book.stages, book.nodes
    size = len(book.lines)
    shape = (len(stages), size)
    reached = np.zeros(shape, dtype=np.int64)
    stated = np.zeros(shape, dtype=np.bool_)
    inward, outward = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    whole = np.flatnonzero(nodes.unit < 0)
    for number in stages.of_lines:
        np.add.at(reached[number], nodes.line[whole], amounts.reached[number, whole])
        np.logical_or.at(stated[number], nodes.line[whole], amounts.stated[number, whole])
        np.add.at(inward[number], nodes.line[whole], amounts.inward[number, whole])
        np.add.at(outward[number], nodes.line[whole], amounts.outward[number, whole])
    reached[0] = book.requested
    starts = np.flatnonzero(changes(pools.line))
    of_units = list(stages.of_units)
    if starts.size:
        summed = np.add.reduceat(least, starts, axis=1)
        for number in of_units:
            reached[number, pools.line[starts]] = summed[number]
    stated[of_units] = reached[of_units] > 0
    return Amounts(reached, stated, inward, outward, np.ones(size, dtype=np.bool_))


def _left(book: Book, passed: Integers, by_line: Amounts) -> Integers:
    """Say what of each line still stands at each stage."""
    stages = book.stages
    left = passed + by_line.inward - by_line.outward
    for number, source in enumerate(stages.source):
        if source >= 0 and stages.stages[number].kind != "return":
            left[source] -= passed[number]
    return left


def _attempts(book: Book, known: Known) -> Integers:
    highest = np.zeros(len(book.lines), dtype=np.int64)
    np.maximum.at(highest, book.statements.line[known.rows], book.statements.attempt[known.rows])
    return highest


def _parts(amounts: Amounts, units: Level, pools: Pools, order: Integers, starts: Integers) -> Level:
    """Add up limits and drawings over pools in which some share is not stated; others are judged by unit."""
    is_open = np.zeros(pools.line.size, dtype=np.bool_)
    is_open[pools.of_node[pools.is_part & amounts.is_there]] = True
    limit, drawn = np.zeros((2, len(units.limit), pools.line.size), dtype=np.int64)
    is_known = limit > 0
    if is_open.any():
        order = order[is_open[pools.of_node[order]]]
        starts = np.flatnonzero(changes(pools.of_node[order]))
        known, part = np.take(units.is_known, order, axis=1), pools.is_part[order]
        every = np.arange(order.size)
        unknown = ~(known | part | ~amounts.is_there[order])
        limit[:, is_open] = pooled(np.where(known, np.take(units.limit, order, axis=1), 0), every, starts)
        drawn[:, is_open] = pooled(units.drawn, order, starts)
        is_known[:, is_open] = (pooled(unknown.astype(np.int64), every, starts) == 0) & (
            pooled((known & ~part).astype(np.int64), every, starts) > 0
        )
    return Level(limit, is_known, drawn)
