"""What has to be true of the database before the first page: roles, tables, the sample."""

import hashlib
import importlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tansiq.console import cluster
from tansiq.console.addresses import (
    OWNER,
    VARIABLES,
    admin_parameters,
    is_embedded,
    role_parameters,
    roles_are_given,
)
from tansiq.console.answers import Failed
from tansiq.console.provision import check_given_roles, connect, provision
from tansiq.console.state import REPOSITORY, data_directory, make_data_directory, read_note, write_private

NOTE = "prepared.json"
SAMPLE = "tansiq.console.sample"
IDENTITY = """
select system_identifier::text, oid::text from pg_control_system(), pg_database where datname = current_database()
"""


def ready_server() -> bool:
    """Have a server with our roles and database; True when the embedded one was started by this call."""
    started = cluster.start().started if is_embedded() else False
    if roles_are_given():
        check_given_roles({role: role_parameters(role) for role in (OWNER, *VARIABLES)})
    else:
        admin = admin_parameters()
        provision(admin, admin["dbname"], own_server=is_embedded())
    return started


@contextmanager
def served() -> Iterator[None]:
    """Have a server for the length of one command; one that was not running does not run afterwards."""
    started = ready_server()
    try:
        yield
    finally:
        if started:
            cluster.stop()


def ready_tables(*, sample: bool) -> dict[str, Any]:
    """Bring the tables up to this release, unless a note says that it was done on this very database.

    Returns what the sample operation wants known: its accounts, and the environment of its processes.
    """
    wanted = {"code": _digest_of_migrations(), "database": _database_identity(), "sample": sample}
    note = read_note(data_directory() / NOTE)
    if {name: note.get(name) for name in wanted} == wanted:
        return dict(note.get("loaded") or {})
    loaded = _migrate_aside(sample=sample)
    make_data_directory(data_directory())
    write_private(data_directory() / NOTE, json.dumps({**wanted, "loaded": loaded}).encode())
    return loaded


def _migrate_aside(*, sample: bool) -> dict[str, Any]:
    """Migrate in a process of its own: the one that stays has no use for Django."""
    command = [sys.executable, "-m", "tansiq.console.main", "database", "migrate", "--json"]
    done = subprocess.run([*command, *["--sample"] * sample], stdout=subprocess.PIPE, check=False, text=True)
    if done.returncode != 0:
        raise Failed("The database could not be brought up to this release; the lines above say why.")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]).get("loaded") or {})


def load_sample() -> dict[str, Any]:
    """Load the sample operation where the database holds none; {} where there is nothing to load.

    tansiq.console.sample.load() may be called again at any time, and answers {"accounts": [...],
    "environment": {...}} for a database that holds the sample, or {} for one that holds something else.
    """
    if importlib.util.find_spec(SAMPLE) is None:
        return {}
    return dict(importlib.import_module(SAMPLE).load() or {})


def _digest_of_migrations() -> str:
    """Digest whatever could change the tables: migrations, the sample, what we depend on."""
    digest = hashlib.sha256()
    for place in [
        *sorted((REPOSITORY / "tansiq").glob("**/migrations/*.py")),
        *sorted((REPOSITORY / "tansiq" / "console").glob("sample*.py")),
        REPOSITORY / "requirements.lock",
    ]:
        digest.update(str(place.relative_to(REPOSITORY)).encode())
        if place.exists():
            digest.update(place.read_bytes())
    return digest.hexdigest()


def _database_identity() -> str:
    with connect(role_parameters(OWNER)) as connection:
        row = connection.execute(IDENTITY).fetchone()
    return "/".join(row) if row else ""
