"""What is known of each link of each consignment, and of what many of them rest on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tansiq.engine.chain._links import Links

Integers = NDArray[np.int64]
Codes = NDArray[np.int8]
Mask = NDArray[np.bool_]

STATES: Final = ("waiting", "done", "refused", "invalid", "no_response", "not_needed")
WAITING, DONE, REFUSED, INVALID, NO_RESPONSE, NOT_NEEDED = range(len(STATES))
NEVER: Final = int(np.iinfo(np.int64).max)  # no deadline; valid without an end
UNKNOWN: Final = int(np.iinfo(np.int64).min)  # since when is not known
NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one link of one consignment; a link without a fact waits, and nobody holds it."""

    consignment: str
    link: str
    state: str = "waiting"  # one of STATES
    since: int = UNKNOWN  # s since 1970 UTC; since when it is so
    holder: str = ""  # who has to act, or acted
    deadline: int = NEVER  # s since 1970 UTC; unanswered from then on, it counts as no response
    valid_until: int = NEVER  # s since 1970 UTC; what is done counts until then
    rests_on: tuple[str, ...] = ()  # routes, crossings, clearances on which it rests


@dataclass(frozen=True, slots=True)
class Resource:
    """Something on which links of many consignments rest: a route segment, a crossing, a clearance."""

    code: str
    is_open: bool = True
    since: int = UNKNOWN  # s since 1970 UTC
    holder: str = ""
    valid_until: int = NEVER  # s since 1970 UTC; closed from then on


@dataclass(frozen=True, slots=True)
class Load:
    """One consignment, and what a day's delay costs."""

    code: str
    per_day_micro: int = 0  # millionths of the unit in which losses are told, per day


@dataclass(frozen=True, eq=False)
class Facts:
    """Facts as columns: (m, n) by link and consignment, (r,) by resource, (p,) by what rests on what."""

    links: Links
    consignments: tuple[str, ...]  # n codes
    holders: tuple[str, ...]  # table of holders
    resources: tuple[str, ...]  # r codes
    state: Codes  # (m, n) index into STATES
    since: Integers  # (m, n) s since 1970 UTC; UNKNOWN allowed
    holder: Integers  # (m, n) index into holders; NOBODY allowed
    deadline: Integers  # (m, n) s since 1970 UTC; NEVER allowed
    valid_until: Integers  # (m, n) s since 1970 UTC; NEVER allowed
    per_day: Integers  # (n,) millionths of a unit per day
    is_open: Mask  # (r,)
    open_since: Integers  # (r,) s since 1970 UTC: since when it is open or closed
    open_until: Integers  # (r,) s since 1970 UTC
    keeper: Integers  # (r,) index into holders: who keeps the resource
    rest_consignment: Integers  # (p,) ascending
    rest_link: Integers  # (p,)
    rest_resource: Integers  # (p,)
    rest_starts: Integers = field(init=False)  # (n + 1,) where each consignment's rests begin

    def __post_init__(self) -> None:
        shape, size = (len(self.links), len(self.consignments)), len(self.resources)
        for name in ("state", "since", "holder", "deadline", "valid_until"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} must have the shape {shape}")
        for name in ("is_open", "open_since", "open_until", "keeper"):
            if getattr(self, name).shape != (size,):
                raise ValueError(f"{name} must have the shape {(size,)}")
        if self.per_day.shape != shape[1:] or (self.per_day < 0).any():
            raise ValueError("per_day must be stated for every consignment, and not below zero")
        for name, column, bound in (
            ("state", self.state, len(STATES)),
            ("holder", self.holder + 1, len(self.holders) + 1),
            ("keeper", self.keeper + 1, len(self.holders) + 1),
            ("rest_consignment", self.rest_consignment, shape[1]),
            ("rest_link", self.rest_link, shape[0]),
            ("rest_resource", self.rest_resource, size),
        ):
            if column.size and (int(column.min()) < 0 or int(column.max()) >= bound):
                raise ValueError(f"{name} holds a number outside its table")
        if (np.diff(self.rest_consignment) < 0).any():
            raise ValueError("what rests on what must be sorted by consignment")
        starts = np.searchsorted(self.rest_consignment, np.arange(shape[1] + 1))
        object.__setattr__(self, "rest_starts", starts.astype(np.int64))

    def of(self, picked: Integers) -> "Facts":
        """Give the facts of some consignments alone, in the order of their numbers given; resources stay."""
        lengths = self.rest_starts[picked + 1] - self.rest_starts[picked]
        column = np.repeat(np.arange(picked.size, dtype=np.int64), lengths)
        within = np.arange(column.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows = np.repeat(self.rest_starts[picked], lengths) + within
        return replace(
            self,
            consignments=tuple(self.consignments[number] for number in picked.tolist()),
            state=self.state[:, picked],
            since=self.since[:, picked],
            holder=self.holder[:, picked],
            deadline=self.deadline[:, picked],
            valid_until=self.valid_until[:, picked],
            per_day=self.per_day[picked],
            rest_consignment=column,
            rest_link=self.rest_link[rows],
            rest_resource=self.rest_resource[rows],
        )


def facts_of(links: Links, loads: Sequence[Load], facts: Iterable[Fact], resources: Sequence[Resource] = ()) -> Facts:
    """Turn rows into columns.

    Raises : ValueError       a row names something unknown, or one link of a consignment is stated twice
    """
    held = list(facts)
    columns = {load.code: number for number, load in enumerate(loads)}
    places = {resource.code: number for number, resource in enumerate(resources)}
    if len(columns) != len(loads) or len(places) != len(resources):
        raise ValueError("two consignments or two resources have one code")
    named = {fact.holder for fact in held} | {resource.holder for resource in resources}
    holders = tuple(sorted(named - {""}))
    numbers = {word: number for number, word in enumerate(holders)} | {"": NOBODY}
    state, since, holder, deadline, valid_until = _unknown((len(links), len(loads)))
    rests: list[tuple[int, int, int]] = []
    seen: set[tuple[int, int]] = set()
    for fact in held:
        try:
            cell = links.number(fact.link), columns[fact.consignment]
            rests += [(cell[1], cell[0], places[code]) for code in fact.rests_on]
            state[cell] = STATES.index(fact.state)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{fact.consignment}, {fact.link}: {error} is not known") from error
        if cell in seen:
            raise ValueError(f"{fact.consignment}, {fact.link} is stated twice")
        seen.add(cell)
        since[cell], holder[cell] = fact.since, numbers[fact.holder]
        deadline[cell], valid_until[cell] = fact.deadline, fact.valid_until
    resting = np.array(sorted(set(rests)), dtype=np.int64).reshape(-1, 3)
    return Facts(
        links=links,
        consignments=tuple(columns),
        holders=holders,
        resources=tuple(places),
        state=state,
        since=since,
        holder=holder,
        deadline=deadline,
        valid_until=valid_until,
        per_day=np.array([load.per_day_micro for load in loads], dtype=np.int64),
        is_open=np.array([one.is_open for one in resources], dtype=np.bool_),
        open_since=np.array([one.since for one in resources], dtype=np.int64),
        open_until=np.array([one.valid_until for one in resources], dtype=np.int64),
        keeper=np.array([numbers[one.holder] for one in resources], dtype=np.int64),
        rest_consignment=resting[:, 0],
        rest_link=resting[:, 1],
        rest_resource=resting[:, 2],
    )


def _unknown(shape: tuple[int, int]) -> tuple[Codes, Integers, Integers, Integers, Integers]:
    """Columns of links of which nothing is known: they wait, since nobody knows when, and nobody holds them."""
    since, holder, deadline, valid_until = (
        np.full(shape, value, dtype=np.int64) for value in (UNKNOWN, NOBODY, NEVER, NEVER)
    )
    return np.full(shape, WAITING, dtype=np.int8), since, holder, deadline, valid_until
