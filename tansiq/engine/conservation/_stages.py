"""The stages that a quantity passes, as data: what each draws on, and what becomes of it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

KINDS: Final = ("flow", "end", "loss", "return")
SCOPES: Final = ("line", "unit")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage, and the stage from which its quantity is taken."""

    code: str
    draws_on: str = ""  # the stage before it; empty only for the first, whose quantity is the one requested
    kind: str = "flow"  # one of KINDS: goes on, ends here, is lost here, comes back and is free again
    scope: str = "unit"  # 'line': stated of a whole line item; 'unit': of what a handling unit carries of it
    presumed: bool = True  # a missing statement may still come late; False: nothing stated means nothing there
    revocable: bool = False  # a unit that has passed it can still be sent back
    site: str = ""  # stages with one word here happen at one place in one attempt: 'crossing'


@dataclass(frozen=True)
class Stages:
    """Stages in their order: each after the one it draws on, those of lines before those of units."""

    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        places: dict[str, int] = {}
        for number, stage in enumerate(self.stages):
            self._check(stage, number, places)
            places[stage.code] = number
        if not self.tops:
            raise ValueError("no stage of units draws on a stage of lines")

    def _check(self, stage: Stage, number: int, places: dict[str, int]) -> None:
        if stage.kind not in KINDS or stage.scope not in SCOPES:
            raise ValueError(f"stage {stage.code}: kind or scope is unknown")
        if stage.code in places or not stage.code:
            raise ValueError(f"stage {stage.code!r} has no code of its own")
        if (stage.draws_on not in places) if number else (stage.draws_on or stage.scope != "line"):
            raise ValueError(f"stage {stage.code}: draws on {stage.draws_on!r}, which is no stage before it")
        if number and stage.scope == "line" and self.stages[places[stage.draws_on]].scope == "unit":
            raise ValueError(f"stage {stage.code}: a stage of lines cannot draw on one of units")

    def __len__(self) -> int:
        return len(self.stages)

    def number(self, code: str) -> int:
        """Give the place of a stage in the order; KeyError where there is none of that code."""
        return self._numbers[code]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {stage.code: number for number, stage in enumerate(self.stages)}

    @cached_property
    def source(self) -> tuple[int, ...]:
        """For each stage the number of the one it draws on; -1 for the first."""
        return tuple(self._numbers.get(stage.draws_on, -1) for stage in self.stages)

    @cached_property
    def draws(self) -> tuple[tuple[int, ...], ...]:
        """For each stage the numbers of those that draw on it."""
        found: list[list[int]] = [[] for _ in self.stages]
        for number, source in enumerate(self.source):
            if source >= 0:
                found[source].append(number)
        return tuple(tuple(numbers) for numbers in found)

    @cached_property
    def of_lines(self) -> tuple[int, ...]:
        """Numbers of the stages stated of whole lines."""
        return tuple(number for number, stage in enumerate(self.stages) if stage.scope == "line")

    @cached_property
    def of_units(self) -> tuple[int, ...]:
        """Numbers of the stages stated of units."""
        return tuple(number for number, stage in enumerate(self.stages) if stage.scope == "unit")

    @cached_property
    def tops(self) -> tuple[int, ...]:
        """Numbers of the stages at which units first draw on their lines."""
        lines = set(self.of_lines)
        return tuple(number for number in self.of_units if self.source[number] in lines)

    @cached_property
    def returns(self) -> tuple[int, ...]:
        """Numbers of the stages at which a quantity comes back."""
        return tuple(number for number in self.of_units if self.stages[number].kind == "return")


def stages_of(stages: Sequence[Stage]) -> Stages:
    """Take stages in any order and put each behind the one it draws on.

    Raises : ValueError       a stage draws on nothing known, or on itself by a round
    """
    placed: list[Stage] = []
    waiting = sorted(enumerate(stages), key=lambda pair: (pair[1].scope == "unit", pair[0]))
    while waiting:
        codes = {stage.code for stage in placed}
        ready = [pair for pair in waiting if not pair[1].draws_on or pair[1].draws_on in codes]
        if not ready:
            names = ", ".join(stage.code for _, stage in waiting)
            raise ValueError(f"these stages draw on no stage that comes before them: {names}")
        placed.append(ready[0][1])
        waiting.remove(ready[0])
    return Stages(tuple(placed))
