"""Measures written as rows, for tests."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from tansiq.engine.counting import CODED, MICRO, NEVER, Measures, coded

DEFAULTS: Mapping[str, object] = {
    "event": None,
    "unit_key": 0,
    "reference": None,
    "stage": "ENTERED",
    "unit": "truck",
    "crossing": "north",
    "consignor": "humanitarian",
    "commodity": "food",
    "source": "monitor",
    "given": 1,
    "received": 1,
    "occurred_at": 100,
    "recorded_at": 100,
    "replaced_at": NEVER,
}

Row = Mapping[str, object]


def _whole(values: Sequence[object]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def build_measures(rows: Sequence[Row]) -> Measures:
    full = [{**DEFAULTS, "event": number, **row} for number, row in enumerate(rows)]
    columns = {name: [row[name] for row in full] for name in DEFAULTS}
    words = {name: coded(columns[name]) for name in CODED}
    named = [key if text is None else text for key, text in zip(columns["unit_key"], columns["reference"], strict=True)]
    reference, references = coded([f"ref {text}" if text != "" else None for text in named])
    return Measures(
        event=_whole(columns["event"]),
        unit_key=_whole(columns["unit_key"]),
        reference=reference,
        references=references,
        **{name: words[name][0] for name in CODED},
        given=_whole([quantity * MICRO if quantity is not None else -(2**63) for quantity in columns["given"]]),
        received=_whole([quantity * MICRO if quantity is not None else -(2**63) for quantity in columns["received"]]),
        occurred_at=_whole(columns["occurred_at"]),
        recorded_at=_whole(columns["recorded_at"]),
        replaced_at=_whole(columns["replaced_at"]),
        tables={name: words[name][1] for name in CODED},
    )


@pytest.fixture(scope="session")
def measures_of() -> Callable[[Sequence[Row]], Measures]:
    return build_measures
