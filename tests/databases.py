"""One test database for each worker, copied from a template that is migrated once."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import sql

from tansiq.console import cluster
from tansiq.console.addresses import admin_parameters, is_embedded
from tansiq.console.provision import provision
from tansiq.console.state import data_directory

REPOSITORY = Path(__file__).resolve().parents[1]
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
TESTED = "tansiq_test_%"
in_use: list[str] = []
"""The template that this run copies, fixed at its start."""


def fingerprint() -> str:
    """Changes whenever a migration or the test operation does."""
    files = sorted([*REPOSITORY.glob("tansiq/**/migrations/*.py"), *REPOSITORY.glob("tests/factories.py"),
                    *REPOSITORY.glob("tansiq/building/*/*sql.py"), REPOSITORY / "tansiq/building/wall/policies.py",
                    REPOSITORY / "requirements.lock"])  # fmt: skip
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process at a time start the server or build the template."""
    data_directory().mkdir(parents=True, exist_ok=True)
    with open(data_directory() / "tests.lock", "w", encoding="utf-8") as file:
        flock(file, LOCK_EX)
        yield


def administrator() -> psycopg.Connection:
    """A connection that may make and drop databases."""
    return psycopg.connect(**{**admin_parameters(), "dbname": "postgres"}, autocommit=True)


def start_server() -> None:
    """Start the embedded server unless a site's own is named."""
    if is_embedded():
        cluster.start(data_directory(), FAST)


def stop_server() -> None:
    """Stop the embedded server when no other test run uses it."""
    if not is_embedded():
        return
    with one_at_a_time():
        if cluster.status(data_directory()) is None:
            return
        with administrator() as admin:
            busy = admin.execute("select count(*) from pg_stat_activity where datname like %s", [TESTED]).fetchone()
        if busy and busy[0] == 0:
            cluster.stop(data_directory())


def exists(admin: psycopg.Connection, name: str) -> bool:
    """Whether there is a database of this name."""
    return admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None


def sweep(admin: psycopg.Connection, keep: str) -> None:
    """Drop databases that former runs left behind: templates of other fingerprints, test databases nobody uses."""
    rows = admin.execute(
        "select d.datname from pg_database d where (d.datname like %s or d.datname like 'tansiq_template_%%') "
        "and d.datname <> %s and not exists (select 1 from pg_stat_activity a where a.datname = d.datname)",
        [TESTED, keep],
    ).fetchall()
    for (name,) in rows:
        alive = name.removeprefix("tansiq_test_").split("_")[0]
        if name.startswith("tansiq_test_") and alive.isdigit() and Path(f"/proc/{alive}").exists():
            continue
        admin.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))


def copy(template: str, name: str) -> None:
    """Make a database from the template."""
    with administrator() as admin:
        admin.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)))


def drop(name: str) -> None:
    """Drop a database, ending whoever is still connected."""
    with administrator() as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def template(build) -> str:  # type: ignore[no-untyped-def]
    """The template's name; built by ``build(name)`` when migrations changed."""
    name = f"tansiq_template_{fingerprint()}"
    with one_at_a_time():
        start_server()
        with administrator() as admin:
            if exists(admin, name):
                return name
            sweep(admin, name)
        unfinished = f"tansiq_unfinished_{os.getpid()}"
        drop(unfinished)
        provision({**admin_parameters()}, unfinished, own_server=is_embedded())
        build(unfinished)
        with administrator() as admin:
            admin.execute(
                sql.SQL("alter database {} rename to {}").format(sql.Identifier(unfinished), sql.Identifier(name))
            )
    return name


@contextmanager
def copied(ending: str) -> Iterator[str]:
    """Let Django speak to a fresh copy of the template until the block ends, however it ends; then drop it."""
    former = connections["default"].settings_dict["NAME"]
    name = f"{former}_{ending}"
    drop(name)
    copy(in_use[-1], name)
    _point_at(name)
    try:
        yield name
    finally:
        _point_at(former)
        drop(name)


def _point_at(name: str) -> None:
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
