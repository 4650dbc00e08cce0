"""Limits and what is drawn on them, stage by stage, for many places of balance at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tansiq.engine.conservation._stages import Stages
from tansiq.engine.conservation._statements import Integers, Mask


@dataclass(frozen=True, eq=False)
class Amounts:
    """What was stated at each stage of each place of balance; (s, k), millionths."""

    reached: Integers  # what came to the stage; 0 where nothing was stated
    stated: Mask  # whether anything was
    inward: Integers  # made there out of other units or lines
    outward: Integers  # taken away there into others
    is_there: Mask  # (k,) whether anything at all is known of the place


@dataclass(frozen=True, eq=False)
class Level:
    """What each stage may pass on, and what was drawn from it; (s, k), millionths."""

    limit: Integers  # what came to the stage, or can have come as far as is stated before it, with what was made there
    is_known: Mask  # False: nothing before it is stated, and scans that are still missing may explain anything
    drawn: Integers  # what later stages drew from it, with what was taken away there


def level(stages: Stages, numbers: Sequence[int], amounts: Amounts, roots: Sequence[int] = ()) -> Level:
    """Compute limits from the first of some stages down.

    numbers : stages of one scope, in order
    amounts : (s, k)
    roots : of these, the ones whose amount is known even where nobody states it
    Returns : Level     rows of other stages hold zeros
    """
    shape = amounts.reached.shape
    limit = np.zeros(shape, dtype=np.int64)
    known = np.zeros(shape, dtype=np.bool_)
    drawn = np.zeros(shape, dtype=np.int64)
    for number in numbers:
        for draw in stages.draws[number]:
            drawn[number] += amounts.reached[draw]
    for number in numbers:
        stage, source, stated = stages.stages[number], stages.source[number], amounts.stated[number]
        if number in roots:
            limit[number], known[number] = amounts.reached[number], True
        elif source in numbers:
            left = np.maximum(limit[source] - drawn[source] - amounts.outward[source], 0)
            limit[number] = np.where(stated, amounts.reached[number], left if stage.presumed else 0)
            known[number] = stated | known[source] | (not stage.presumed)
        else:
            limit[number] = amounts.reached[number]
            known[number] = stated | (not stage.presumed)
        limit[number] += amounts.inward[number]
        known[number] |= amounts.inward[number] > 0
    return Level(limit, known, drawn + amounts.outward)


def needed(stages: Stages, reached: Integers, inward: Integers | None = None, *, with_returns: bool = True) -> Integers:
    """Say how much must have passed each stage of units: what is stated of it, or of all that draws on it.

    reached : (s, k) int        millionths
    inward : (s, k) int         what came to a stage from other units or lines less what went there; None = nothing
    Returns : (s, k) int
    """
    least = reached.copy()
    for number in reversed(stages.of_units):
        total = np.zeros(reached.shape[1], dtype=np.int64)
        for draw in stages.draws[number]:
            if with_returns or stages.stages[draw].kind != "return":
                total += least[draw]
        if inward is not None:
            total -= inward[number]
        np.maximum(least[number], total, out=least[number])
    return least


def pooled(columns: NDArray[Any], order: Integers, starts: Integers) -> Integers:
    """Add up the columns of each pool; (s, k) to (s, p), pool after pool.

    order : (k,) int          columns, pool after pool
    starts : (p,) int         where in that order each pool begins
    """
    ordered: Integers = np.take(columns, order, axis=1)
    if starts.size == order.size:
        return ordered
    return np.add.reduceat(ordered, starts, axis=1)
