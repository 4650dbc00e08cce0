"""Stages, lines and statements written shortly, for tests of conservation."""

from collections.abc import Callable
from decimal import Decimal
from itertools import count

import pytest

from tansiq.engine.conservation import Line, Stage, Statement, book_of, stages_of

STAGES = stages_of(
    [
        Stage("requested", scope="line"),
        Stage("approved", "requested", scope="line", presumed=False),
        Stage("rejected", "requested", "end", scope="line"),
        Stage("loaded", "approved", revocable=True),
        Stage("screened", "loaded", revocable=True, site="crossing"),
        Stage("returned", "loaded", "return"),
        Stage("offloaded", "screened", site="crossing"),
        Stage("collected", "offloaded"),
        Stage("arrived", "collected"),
        Stage("intercepted", "collected", "end"),
        Stage("lost", "collected", "loss"),
        Stage("distributed", "arrived", "end"),
    ]
)


def said(stage: str, quantity: object, unit: str = "", **fields: object) -> Statement:
    """Write a statement; its key is made of what it says unless one is given."""
    stated = None if quantity is None else Decimal(str(quantity))
    given: dict[str, object] = {"source": "monitor", "line": "flour", "measure": "pallet", "occurred_at": 100}
    given |= {"recorded_at": 100, "handling_unit": unit, "stage": stage, "quantity": stated} | fields
    marks = (str(given.get(name, "")) for name in ("stage", "handling_unit", "attempt", "move", "group", "line"))
    given.setdefault("key", ":".join(marks))
    return Statement(**given)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def say() -> Callable[..., Statement]:
    return said


@pytest.fixture(scope="session")
def stages():
    return STAGES


@pytest.fixture(scope="session")
def book():
    def make(rows, requested=20, lines=None, **more):
        asked = lines or [Line("flour", "pallet", Decimal(requested))]
        return book_of(asked, rows, STAGES, **more)

    return make


@pytest.fixture
def number():
    return count(1)
