"""A house of its own for measuring: the embedded server with the settings of production, and the sample's structure.

The data directory is a temporary one; nothing of an installation is read or changed. A program that finds itself in
such a house already (``make bench`` makes one for all of them) uses that one, with a database of its own.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

REPOSITORY = Path(__file__).resolve().parents[1]
OPERATION = REPOSITORY / "demo" / "operation"
MARK = "TANSIQ_MEASURED_HOUSE"
TEMPLATE = "tansiq"
NOT_OURS = ("DATABASE_URL", "DATABASE_RT_URL", "DATABASE_SEQUENCER_URL", "DATABASE_AUDITOR_URL", "TANSIQ_POOL")
COMMANDS = (["database", "migrate"], ["operation", "load", str(OPERATION)])


@contextmanager
def measured_house() -> Iterator[Path]:
    """Have a server with fsync on, migrated and with the sample's structure; it is gone afterwards."""
    if os.environ.get(MARK):
        yield Path(os.environ["TANSIQ_DATA"])
        return
    place = Path(tempfile.mkdtemp(prefix="tansiq-measured-"))
    place.chmod(0o755)  # the server's own user has to pass
    former = dict(os.environ)
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ |= {"TANSIQ_DATA": str(place / "var"), MARK: "1", "DJANGO_SETTINGS_MODULE": "tansiq.config.settings"}
    try:
        _furnish()
        yield place / "var"
    finally:
        _leave(place)
        os.environ.clear()
        os.environ.update(former)


def _furnish() -> None:
    from tansiq.console.first_run import ready_server

    ready_server()
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-m", "tansiq.console.main", *command], cwd=REPOSITORY, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"The house could not be furnished: {done.stdout}")


def _leave(place: Path) -> None:
    from tansiq.console import cluster
    from tansiq.console.cluster_places import places

    home = places().home
    cluster.stop()
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)


@contextmanager
def measured_database(name: str, *, keep: bool = False) -> Iterator[str]:
    """Have a fresh copy of the house's database, at which Django points; kept for the next program where asked."""
    import django

    django.setup()
    from django.db import connections

    with administrator() as admin:
        known = admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not known:
            admin.execute(f'create database "{name}" template "{TEMPLATE}"')
            # The signer rightly refuses a log that is not the one it signed before: a new database, a new log.
            (Path(os.environ["TANSIQ_DATA"]) / "keys" / "log.signed").unlink(missing_ok=True)
    point_at(name)
    try:
        yield name
    finally:
        for alias in connections:
            connections[alias].close()
        if not keep:
            with administrator() as admin:
                admin.execute(f'drop database if exists "{name}" with (force)')


def point_at(name: str) -> None:
    """Let every alias of Django speak to the database of this name."""
    from django.db import connections

    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def administrator(database: str = "postgres") -> psycopg.Connection:
    """A connection that no wall stops: for filling tables and for the figures without the wall.

    It sends its queries as Django does, written out and never prepared, so that both sides plan each time.
    """
    from tansiq.console.addresses import admin_parameters

    parameters = {**admin_parameters(), "dbname": database}
    return psycopg.connect(**parameters, autocommit=True, prepare_threshold=None, cursor_factory=psycopg.ClientCursor)


def is_small(arguments: list[str]) -> bool:
    """Whether only a trial is wanted: sizes so small that the figures say nothing."""
    return "--small" in arguments


def figure(  # noqa: PLR0917 (the columns of a table, in their order)
    what: str, size: str, median: float, unit: str, against: str = "", ratio: float | None = None, goal: str = ""
) -> None:
    """Print one figure, as make bench reads it."""
    said: dict[str, Any] = {
        "what": what, "size": size, "median": rounded(median), "unit": unit, "against": against,
        "ratio": "" if ratio is None else rounded(ratio), "goal": goal,
    }  # fmt: skip
    print(json.dumps(said, ensure_ascii=False), flush=True)


def rounded(value: float) -> float | int:
    """Three figures that count, no more than was measured."""
    if value >= 1000:
        return round(value)
    return float(f"{value:.3g}")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that a piece of work took, and its answer."""
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def side_by_side(first: Callable[[], Any], second: Callable[[], Any], times: int) -> tuple[float, float, float]:
    """Medians in seconds of two pieces of work done in turns, and the median of the ratios of each turn.

    In turns, because the load of a shared machine changes from minute to minute; the ratio of a turn does not feel it.
    """
    first(), second()
    pairs = []
    for number in range(times):
        if number % 2:
            b, a = timed(second)[0], timed(first)[0]
        else:
            a, b = timed(first)[0], timed(second)[0]
        pairs.append((a, b))
    return (
        statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )  # fmt: skip


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
