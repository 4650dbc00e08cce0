"""Backup and restore: one file that holds the database, its digest, and on request the keys."""

import hashlib
import importlib.metadata
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from psycopg import Connection, sql

from tansiq.console.addresses import OWNER, admin_parameters, is_embedded, roles_are_given
from tansiq.console.answers import Failed, Refused
from tansiq.console.cluster_places import installed_programs
from tansiq.console.provision import connect, examine, provision
from tansiq.console.state import data_directory, make_data_directory, write_private

FORMAT = 1
DUMP, MANIFEST, KEYS = "database.dump", "manifest.json", "keys"
LIBPQ = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
SESSIONS = """
select count(*) from pg_stat_activity
 where datname = %s and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


def back_up(file: Path, *, with_keys: bool) -> dict[str, Any]:
    """Write the database into a file, whole or not at all, readable by nobody else."""
    admin = admin_parameters()
    with connect(admin) as connection:
        _refuse_half_sight(connection)
        version = connection.info.server_version
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".backup-") as aside:
        dump = Path(aside) / DUMP
        _run("pg_dump", admin, "--format=custom", "--no-owner", f"--file={dump}")
        manifest = {
            "format": FORMAT,
            "tansiq": importlib.metadata.version("tansiq"),
            "postgresql": version,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "sha256": _digest(dump),
            "keys": with_keys,
        }
        archive = Path(aside) / "archive"
        _pack(archive, manifest, dump, with_keys=with_keys)
        archive.replace(file)
    return manifest


def restore(file: Path, *, replace: bool) -> dict[str, Any]:
    """Put the database of a backup in place; until all of it is in, the present one stays as it is."""
    admin = admin_parameters()
    target = admin["dbname"]
    with tempfile.TemporaryDirectory(dir=_scratch(), prefix=".restore-") as aside:
        manifest = _unpack(file, Path(aside))
        with connect({**admin, "dbname": "postgres"}) as connection:
            _refuse_to_overwrite(connection, admin, replace=replace)
            incoming = f"{target}_incoming"
            connection.execute(_drop(incoming))
            try:
                _fill(admin, incoming, Path(aside) / DUMP)
                _swap(connection, incoming, target)
            except BaseException:
                connection.execute(_drop(incoming))
                raise
        _bring_keys(Path(aside) / KEYS)
    return manifest


def _scratch() -> Path:
    make_data_directory(data_directory())
    return data_directory()


def _refuse_half_sight(connection: Connection) -> None:
    """A dump by a role that row security binds would miss rows; only one that sees all may make it."""
    row = connection.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user").fetchone()
    if not (row and row[0]):
        raise Refused(
            "The user of DATABASE_URL does not see every row, so its backup would not be whole. "
            "Back up with the server's own tools, or as a superuser (docs/console.md)."
        )


def _refuse_to_overwrite(connection: Connection, admin: Mapping[str, str], *, replace: bool) -> None:
    server = examine(connection)
    if roles_are_given() or not (server.superuser or (server.creates_roles and server.creates_databases)):
        raise Refused("The user of DATABASE_URL may not make a database; restore with the server's own tools.")
    with connect(admin) as present:
        found = present.execute("select to_regclass('public.django_migrations') is not null").fetchone()
    if found and found[0] and not replace:
        raise Refused(f"The database {admin['dbname']} holds something. Add --replace to put the backup in its place.")
    if others := _others(connection, admin["dbname"]):
        raise Refused(f"{admin['dbname']} is in use (connections: {others}). Stop Tansiq (Ctrl-C), then restore.")


def _others(connection: Connection, database: str) -> int:
    """Count who is connected; one that is just leaving is given a moment."""
    for _ in range(20):
        row = connection.execute(SESSIONS, [database]).fetchone()
        if row is None or row[0] == 0:
            return 0
        time.sleep(0.1)
    return int(row[0])


def _fill(admin: Mapping[str, str], incoming: str, dump: Path) -> None:
    provision(admin, incoming, own_server=is_embedded())
    inside = {**admin, "dbname": incoming}
    _run("pg_restore", inside, "--exit-on-error", "--no-owner", f"--role={OWNER}", f"--dbname={incoming}", str(dump))


def _swap(connection: Connection, incoming: str, target: str) -> None:
    former = f"{target}_former"
    connection.execute(_drop(former))
    rename = sql.SQL("alter database {} rename to {}")
    with connection.transaction():
        connection.execute(rename.format(sql.Identifier(target), sql.Identifier(former)))
        connection.execute(rename.format(sql.Identifier(incoming), sql.Identifier(target)))
    connection.execute(_drop(former))


def _drop(name: str) -> sql.Composed:
    return sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))


def _pack(archive: Path, manifest: Mapping[str, Any], dump: Path, *, with_keys: bool) -> None:
    with os.fdopen(os.open(archive, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            content = json.dumps(manifest, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
            tar.add(dump, DUMP)
            for key in _keys() if with_keys else []:
                tar.add(key, f"{KEYS}/{key.relative_to(data_directory())}")
        file.flush()
        os.fsync(file.fileno())


def _keys() -> list[Path]:
    """The keys of an installation; passwords of roles are made anew wherever it is restored."""
    found = [*data_directory().glob("secrets/*.key"), *data_directory().glob("keys/*")]
    return sorted(key for key in found if key.is_file())


def _unpack(file: Path, aside: Path) -> dict[str, Any]:
    """Take a backup apart and check it before anything is touched."""
    try:
        with tarfile.open(file) as tar:
            for entry in tar:
                _take_out(tar, entry, aside)
        manifest = json.loads((aside / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, FileNotFoundError, ValueError, EOFError) as error:
        why = str(error).splitlines()[0]
        raise Refused(f"{file} is not a backup that `tansiq database backup` made: {why}") from error
    if manifest.get("format") != FORMAT:
        raise Refused(f"{file} has format {manifest.get('format')}; this release reads format {FORMAT}.")
    if not (aside / DUMP).is_file() or _digest(aside / DUMP) != manifest["sha256"]:
        raise Refused(f"{file} is damaged: its dump does not have the digest that its manifest names.")
    return dict(manifest)


def _take_out(tar: tarfile.TarFile, entry: tarfile.TarInfo, aside: Path) -> None:
    """Write one entry as a plain file; whatever a backup does not hold, such as links, stops the restoring."""
    parts = PurePosixPath(entry.name).parts
    is_key = parts[:1] == (KEYS,) and len(parts) == 3 and ".." not in parts
    content = tar.extractfile(entry) if entry.isfile() and (entry.name in (DUMP, MANIFEST) or is_key) else None
    if content is None:
        raise tarfile.TarError(f"it holds {entry.name!r}")
    place = aside.joinpath(*parts)
    place.parent.mkdir(mode=0o700, exist_ok=True, parents=True)
    with content, place.open("wb") as file:
        shutil.copyfileobj(content, file)


def _bring_keys(keys: Path) -> None:
    """Put the keys of the backup in place; one that differs is kept beside it."""
    for key in sorted(key for key in keys.rglob("*") if key.is_file()):
        place = data_directory() / key.relative_to(keys)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        if place.exists() and place.read_bytes() != key.read_bytes():
            shutil.copy2(place, place.with_name(f"{place.name}.former"))
        write_private(place, key.read_bytes())


def _run(program: str, parameters: Mapping[str, str], *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, where no other user sees it."""
    named = {LIBPQ[name]: value for name, value in parameters.items() if name in LIBPQ}
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **named}
    done = subprocess.run(
        [installed_programs() / program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last = " ".join(done.stderr.strip().splitlines()[-3:])
        if "No space left on device" in last:
            last = "the disk is full. Make room, then run this again."
        raise Failed(f"{program}: {last}")


def _digest(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, hashlib.sha256).hexdigest()
