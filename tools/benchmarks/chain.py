"""What holds 5,000 live consignments, and whether their quantities add up, against going through them one by one."""

# ruff: noqa: S101 (a figure of something that went wrong is no figure)

import statistics
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np

from tansiq.engine.chain import STATES, Fact, Facts, Link, Load, Resource, facts_of, links_of, renew, resting_on, stand
from tansiq.engine.chain import held as held_by
from tansiq.engine.conservation import (
    Book,
    Line,
    Stage,
    Statement,
    book_of,
    discrepancies,
    from_micro,
    settle,
    stages_of,
)
from tools.measured_house import figure, is_small, timed
from tools.plain_chain import plainly_standing
from tools.plain_conservation import plainly_settled

DAY = 86_400
ORDER = (
    *("security_coordination", "items_cleared", "route_open", "slot", "entered"),
    *("transported", "received", "distributed", "confirmed"),
)
NEEDS = {
    "items_cleared": ("security_coordination",),
    "route_open": ("security_coordination",),
    "slot": ("items_cleared", "route_open"),
    "transported": ("route_open", "entered"),
}
LINKS = links_of([Link(code, NEEDS.get(code, ORDER[max(place - 1, 0) : place])) for place, code in enumerate(ORDER)])
STAGES = stages_of(
    [
        Stage("requested", scope="line"),
        Stage("approved", "requested", scope="line", presumed=False),
        Stage("loaded", "approved", revocable=True),
        Stage("returned", "loaded", "return"),
        Stage("offloaded", "loaded"),
        Stage("collected", "offloaded"),
        Stage("arrived", "collected"),
        Stage("intercepted", "collected", "end"),
        Stage("lost", "collected", "loss"),
        Stage("distributed", "arrived", "end"),
    ]
)
PASSED = ("loaded", "offloaded", "collected", "arrived", "distributed")
GOAL = "< 50 ms"


def main(arguments: list[str]) -> None:
    """Measure both engines and their plain twins, in turns."""
    consignments, turns = (200, 2) if is_small(arguments) else (5_000, 7)
    measure_chain(consignments, turns)
    measure_conservation(consignments, turns)


def measure_chain(consignments: int, turns: int) -> None:
    """The board of all live consignments; one road closed; totals by holder."""
    random = np.random.default_rng(5)
    loads, rows, roads = drawn_chain(random, consignments)
    facts, now = facts_of(LINKS, loads, rows, roads), 40 * DAY
    by_cell, by_code = {(one.consignment, one.link): one for one in rows}, {road.code: road for road in roads}
    size = f"{consignments:,} consignments x {len(LINKS)} links"
    found = in_turns(lambda: stand(facts, now), lambda: plainly_standing(LINKS, loads, by_cell, by_code, now), turns)
    standing, plain = stand(facts, now), plainly_standing(LINKS, loads, by_cell, by_code, now)
    codes = [*(link.code for link in LINKS.links), ""]
    assert [codes[link] for link in standing.holding] == [plain[load.code].holding for load in loads]
    told("what holds each consignment", size, found, "the same, one by one in Python", GOAL)
    shut = closed(facts, 0)
    touched = resting_on(shut, np.array([0]))
    found = in_turns(lambda: renew(standing, shut, resting_on(shut, np.array([0]))), lambda: stand(shut, now), turns)
    assert renew(standing, shut, touched).standing.holding.tolist() == stand(shut, now).holding.tolist()
    told("a road closes", f"{size}, {touched.size} of them touched", found, "all worked out anew")
    totals = [timed(lambda: held_by(standing))[0] for _ in range(turns)]
    figure("totals by link and holder", size, statistics.median(totals) * 1000, "ms")


def measure_conservation(consignments: int, turns: int) -> None:
    """The balance of every line at every stage, and the search for contradictions."""
    lines, rows = drawn_statements(np.random.default_rng(6), consignments)
    book = book_of(lines, rows, STAGES)
    size = f"{consignments:,} consignments, {len(lines):,} lines, {len(rows):,} statements"
    plain_turns = min(turns, 3)
    found = in_turns(lambda: settle(book), lambda: plainly_settled(lines, rows, STAGES, as_of=2**62), plain_turns)
    assert passed_in(book) == plainly_settled(lines, rows, STAGES, as_of=2**62).passed
    told("balance of every line at every stage", size, found, "the same, line by line in Python", "tens of ms")
    settled = settle(book)
    took = [timed(lambda: discrepancies(settled))[0] for _ in range(turns)]
    figure(
        "contradictions among them",
        f"{size}, {len(discrepancies(settled))} found",
        statistics.median(took) * 1000,
        "ms",
    )


def told(what: str, size: str, found: list[tuple[float, float]], against: str, goal: str = "") -> None:
    """Print a figure with its ratio to the other side."""
    fast = statistics.median(one for one, _ in found) * 1000
    slow = statistics.median(other for _, other in found) * 1000
    ratio = statistics.median(other / one for one, other in found)
    figure(what, size, fast, "ms", f"{against}: {slow:.1f} ms", ratio, goal)


def in_turns(one: Callable[[], object], other: Callable[[], object], turns: int) -> list[tuple[float, float]]:
    """Time both sides one after the other, several times."""
    return [(timed(one)[0], timed(other)[0]) for _ in range(turns)]


def closed(facts: Facts, road: int) -> Facts:
    """Give the same facts with one road closed."""
    is_open = facts.is_open.copy()
    is_open[road] = False
    return replace(facts, is_open=is_open)


def drawn_chain(random: np.random.Generator, consignments: int) -> tuple[list[Load], list[Fact], list[Resource]]:
    """Draw live consignments that have come to some link, each on one of forty roads and clearances."""
    roads = [Resource(f"road{number}", bool(random.random() > 0.1), DAY, "engineers") for number in range(40)]
    loads, rows = [], []
    for number in range(consignments):
        code = f"C{number}"
        loads.append(Load(code, int(random.integers(1, 60)) * 1_000_000))
        reached = int(random.integers(0, len(ORDER)))
        for place, link in enumerate(ORDER):
            state = "done" if place < reached else str(random.choice(STATES)) if place == reached else "waiting"
            ends = int(random.integers(20, 60)) * DAY
            rests = (f"road{random.integers(0, len(roads))}",) if link in ("route_open", "slot") else ()
            rows.append(Fact(code, link, state, place * DAY, f"holder{random.integers(0, 12)}", ends, ends, rests))
    return loads, rows, roads


def drawn_statements(random: np.random.Generator, consignments: int) -> tuple[list[Line], list[Statement]]:
    """Draw two lines and two trucks to a consignment, some scanned twice, some returned, a few carrying too much."""
    lines, rows = [], []
    for number in range(consignments):
        for item in range(2):
            code = f"C{number}-{item}"
            lines.append(Line(code, "pallet", Decimal(40)))
            rows.append(said(code, "approved", 40, number))
            for truck in range(2):
                unit, at = f"{code}-T{truck}", number + truck
                attempt = 1
                if random.random() < 0.06:
                    rows += [said(code, stage, 20, at, unit=unit) for stage in ("loaded", "returned")]
                    attempt = 2
                for hour, stage in enumerate(PASSED[: random.integers(1, 6)]):
                    quantity = 21 if random.random() < 0.001 else 20
                    rows.append(said(code, stage, quantity, at + hour * 7200, unit=unit, attempt=attempt))
    return lines, rows


def said(line: str, stage: str, quantity: int, at: int, *, unit: str = "", attempt: int = 1) -> Statement:
    """One statement."""
    return Statement(
        source="monitor",
        key=f"{line}:{unit}:{stage}:{attempt}",
        line=line,
        stage=stage,
        quantity=Decimal(quantity),
        measure="pallet",
        occurred_at=at,
        recorded_at=at,
        handling_unit=unit,
        attempt=attempt,
    )


def passed_in(book: Book) -> dict[tuple[str, str], Decimal | None]:
    """What has passed, by line and stage."""
    passed = settle(book).passed
    return {
        (line.code, stage.code): from_micro(int(passed[place, column]))
        for column, line in enumerate(book.lines)
        for place, stage in enumerate(book.stages.stages)
    }


if __name__ == "__main__":
    main(sys.argv[1:])
