"""The chain as the operation's files state it: links, and what a stage of an event means for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from tansiq.building.rooms.configuration.chain import ChainFile, ChainLink
from tansiq.building.rooms.editions import kept
from tansiq.building.rooms.models import Operation, Room
from tansiq.desks.aid.models import Reference, ReferenceKind
from tansiq.engine.chain import Link, Links, links_of

Integers = NDArray[np.int64]
OWNER = "owner"  # in chain.yaml: the room whose consignment it is
INTERCEPTED, LOST = 1, 2
OUTCOMES = ("", "intercepted", "lost")


@dataclass(frozen=True)
class StageMeaning:
    """What an event at one stage says of the links; links as bits, by their place in the order."""

    code: str
    done: int  # links that it completes
    implied: int  # links that must have been passed, since it lies behind them
    begun: int
    refused: int  # place of the link that it refuses; -1
    outcome: int  # of OUTCOMES: how the unit leaves the chain with it
    is_handed_over: bool  # the load may go on in other units


@dataclass(frozen=True)
class Setting:
    """The links of one operation, the stages of its events in their usual order, and who is who."""

    links: Links
    stated: tuple[ChainLink, ...]
    stages: tuple[StageMeaning, ...]
    quiet_after: timedelta
    unit: str
    factors: dict[str, float]  # unit → how many of the unit in which losses are told
    rooms: dict[str, UUID]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of the links, in order."""
        return tuple(link.code for link in self.stated)

    @cached_property
    def told_by_events(self) -> tuple[int, ...]:
        """Places of the links of which events tell."""
        return tuple(n for n, link in enumerate(self.stated) if link.begun or link.done or link.refused)

    @cached_property
    def meanings(self) -> dict[str, Integers]:
        """By stage, in the order of the stages: the links that it completes, implies and begins, as bits."""
        return {
            name: np.array([getattr(stage, name) for stage in self.stages], dtype=np.int64)
            for name in ("done", "implied", "begun")
        }

    @cached_property
    def refused(self) -> Integers:
        """By stage: the place of the link that it refuses; -1."""
        return np.array([stage.refused for stage in self.stages], dtype=np.int64)

    @cached_property
    def outcomes(self) -> Integers:
        """By stage: how a unit leaves the chain with it; 0 where it does not."""
        return np.array([stage.outcome for stage in self.stages], dtype=np.int64)

    @cached_property
    def handed_over(self) -> NDArray[np.bool_]:
        """By stage: whether the load may go on in other units."""
        return np.array([stage.is_handed_over for stage in self.stages], dtype=np.bool_)

    def holder(self, place: int, owner: UUID | str) -> str:
        """Who has to act at a link while nothing else says who."""
        stated = self.stated[place].holder
        if stated is None:
            return ""
        room = owner if stated.room == OWNER else self.rooms.get(stated.room, "")
        return f"{room}:{stated.role}" if room else ""


def chain_setting(operation_id: UUID) -> Setting | None:
    """The chain of an operation; None where its files state none."""
    found: Setting | None = kept(operation_id, _setting)
    return found


def _setting(operation_id: UUID) -> Setting | None:
    stated = Operation.objects.get(pk=operation_id).rules.get("chain")
    if not stated:
        return None
    file = ChainFile.model_validate(stated)
    rows = list(Reference.objects.filter(operation=operation_id, kind__in=[ReferenceKind.STAGE, ReferenceKind.UNIT]))
    rows.sort(key=lambda row: (row.body.get("order", row.place), row.code))
    units = {row.code: row.body.get("equals") for row in rows if row.kind == ReferenceKind.UNIT}
    return Setting(
        links=links_of([Link(link.code, link.needs) for link in file.links]),
        stated=file.links,
        stages=tuple(_meanings(file, [row.code for row in rows if row.kind == ReferenceKind.STAGE])),
        quiet_after=file.quiet_after,
        unit=file.unit,
        factors={
            file.unit: 1.0,
            **{code: float(to["factor"]) for code, to in units.items() if to and to["unit"] == file.unit},
        },
        rooms=dict(Room.objects.filter(operation=operation_id).values_list("slug", "pk")),
    )


def _meanings(file: ChainFile, stages: list[str]) -> Iterable[StageMeaning]:
    """What every stage means; a stage of no link means something still: it may end a unit's way, or it was the last."""
    behind = _behind(file)
    outcomes = {end.stage: OUTCOMES.index(end.outcome) for end in file.ended}
    for code in stages:
        at = next((n for n, link in enumerate(file.links) if code in (*link.begun, *link.done)), None)
        yield StageMeaning(
            code=code,
            done=sum(1 << n for n, link in enumerate(file.links) if code in link.done),
            implied=0 if at is None else sum(1 << n for n in range(len(file.links)) if at in behind[n]),
            begun=sum(1 << n for n, link in enumerate(file.links) if code in link.begun),
            refused=next((n for n, link in enumerate(file.links) if code in link.refused), -1),
            outcome=outcomes.get(code, 0),
            is_handed_over=code in file.handed_over,
        )


def _behind(file: ChainFile) -> list[set[int]]:
    """Of each link, the places of all that need it, at once or through others."""
    places = {link.code: n for n, link in enumerate(file.links)}
    behind: list[set[int]] = [set() for _ in file.links]
    for n in reversed(range(len(file.links))):
        for need in file.links[n].needs:
            behind[places[need]] |= {n, *behind[n]}
    return behind
