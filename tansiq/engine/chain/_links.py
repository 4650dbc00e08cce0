"""The links of the chain and what each needs before it, as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Link:
    """One link: something that must be done, by somebody, before a load comes further."""

    code: str
    needs: tuple[str, ...] = ()  # links that must be cleared before this one can start


@dataclass(frozen=True)
class Links:
    """Links in their order, each after those that it needs."""

    links: tuple[Link, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for link in self.links:
            if not link.code or link.code in seen:
                raise ValueError(f"link {link.code!r} has no code of its own")
            strange = [code for code in link.needs if code not in seen]
            if strange:
                raise ValueError(f"link {link.code} needs {', '.join(strange)}, which does not come before it")
            seen.add(link.code)

    def __len__(self) -> int:
        return len(self.links)

    def number(self, code: str) -> int:
        """Give the place of a link in the order; KeyError where there is none of that code."""
        return self._numbers[code]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {link.code: number for number, link in enumerate(self.links)}

    @cached_property
    def needs(self) -> tuple[tuple[int, ...], ...]:
        """For each link the numbers of those it needs, ascending."""
        return tuple(tuple(sorted({self._numbers[code] for code in link.needs})) for link in self.links)

    @cached_property
    def followers(self) -> tuple[tuple[int, ...], ...]:
        """For each link the numbers of those that need it, ascending."""
        found: list[list[int]] = [[] for _ in self.links]
        for number, needs in enumerate(self.needs):
            for need in needs:
                found[need].append(number)
        return tuple(tuple(numbers) for numbers in found)


def links_of(links: Sequence[Link]) -> Links:
    """Take links in any order and put each behind those it needs; otherwise they keep their order.

    Raises : ValueError       a link needs one that does not exist, or itself by a round
    """
    placed: list[Link] = []
    waiting = list(links)
    while waiting:
        codes = {link.code for link in placed}
        ready = next((link for link in waiting if codes.issuperset(link.needs)), None)
        if ready is None:
            names = ", ".join(link.code for link in waiting)
            raise ValueError(f"these links need one that is not there, or one another in a round: {names}")
        placed.append(ready)
        waiting.remove(ready)
    return Links(tuple(placed))
