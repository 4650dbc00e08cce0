"""The embedded PostgreSQL server: made once, started, stopped, and brought back after any crash."""

import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fcntl import LOCK_EX, flock
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import psutil

from tansiq.console.answers import Failed
from tansiq.console.cluster_places import NOTE, Places, identity, places, private_directory, program
from tansiq.console.state import data_directory, make_data_directory, password, write_private

ADMINISTRATOR = "postgres"
PORT = 5432
START_SECONDS = 60
LOG_BYTES = 10_000_000
SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "port": str(PORT),
        "max_connections": "100",
        "shared_buffers": "128MB",
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "1GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Statements and the DETAIL of an error repeat what people typed; the log is no place for that.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "unix_socket_permissions": "0700",
    }
)
"""What a small machine needs; a larger site runs its own server and names it in DATABASE_URL."""
FIRST_FREE_BYTES = 400_000_000  # for a new cluster, its log and the sample operation
LEAST_FREE_BYTES = 40_000_000  # with less than two segments of its log free PostgreSQL soon stops


@dataclass(frozen=True)
class ClusterAddress:
    """How to reach a running server."""

    host: str  # socket directory
    port: int
    user: str  # the administrator, a superuser
    password: str
    started: bool = False  # by this call, rather than found running

    def url(self, database: str = "postgres") -> str:
        """Write the address as one line, password included."""
        who = f"{self.user}:{quote(self.password, safe='')}"
        return f"postgresql://{who}@/{database}?host={quote(self.host, safe='')}&port={self.port}"


def start(data: Path | None = None, settings: Mapping[str, str] = MappingProxyType({})) -> ClusterAddress:
    """Start the embedded server, making its cluster the first time; a running one is left as it is."""
    data = data or data_directory()
    with _one_at_a_time(data):
        where = places(data)
        if status(data) is not None and _answers(where):
            return _address(where)
        _prepare(where)
        if not (where.cluster / "PG_VERSION").exists():
            _initialise(where)
        _check_version(where)
        _configure(where, {**SETTINGS, **settings})
        _launch(where)
        return replace(_address(where), started=True)


def stop(data: Path | None = None) -> bool:
    """Stop the embedded server, letting nothing be lost; False when it was not running."""
    where = places(data)
    if status(where.data) is None:
        return False
    done = _pg_ctl(where, "stop", "-w", "-m", "fast", "-t", str(START_SECONDS))
    if done.returncode != 0:
        raise Failed(f"PostgreSQL does not stop: {done.stdout.strip()}")
    return True


def status(data: Path | None = None) -> int | None:
    """Give the process id of the running server, or None."""
    where = places(data)
    process_id = _recorded_process(where.cluster)
    return process_id if process_id is not None and _serves(process_id, where.cluster) else None


def refuse_full_disk(cause: BaseException | None = None) -> None:
    """Say that the disk is full, where so little is left that nothing else need be looked for."""
    where = places(data_directory())
    wanted = LEAST_FREE_BYTES if (where.cluster / "PG_VERSION").exists() else FIRST_FREE_BYTES
    there = next(place for place in (where.home, *where.home.parents) if place.exists())
    free = shutil.disk_usage(there).free
    if free < wanted:
        raise Failed(
            f"The disk is full: {free // 1_000_000} MB are free in {where.home}, {wanted // 1_000_000} MB are needed. "
            "Make room, then run this again."
        ) from cause


def address(data: Path | None = None) -> ClusterAddress:
    """Give the address at which the embedded server is, or will be, reached."""
    return _address(places(data))


def _address(where: Places) -> ClusterAddress:
    return ClusterAddress(str(where.socket), PORT, ADMINISTRATOR, password(ADMINISTRATOR, data=where.data))


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    """Let one process at a time make or start the cluster; the lock goes with the process."""
    make_data_directory(data)
    with (data / "postgres.lock").open("w", encoding="utf-8") as file:
        flock(file, LOCK_EX)
        yield


def _prepare(where: Places) -> None:
    """Make the directories and note where they are, so that later changes of rights do not lose them."""
    if where.home != where.data:
        where.home.mkdir(parents=True, exist_ok=True)
        where.home.chmod(0o711)
    private_directory(where.socket, where.user)
    note = {"home": str(where.home), "socket": str(where.socket)}
    write_private(where.data / NOTE, json.dumps(note).encode())


def _initialise(where: Places) -> None:
    """Make the cluster aside and move it into place when whole; an interrupted try leaves nothing behind."""
    for leftover in where.home.glob(".postgres-new.*"):
        shutil.rmtree(leftover)
    aside = Path(tempfile.mkdtemp(prefix=".postgres-new.", dir=where.home))
    _give(aside, where)
    password_file = aside / "password"
    write_private(password_file, password(ADMINISTRATOR, data=where.data).encode("ascii"))
    _give(password_file, where)
    command = [
        *(program(where) / "initdb", "-D", aside / "postgres", "-U", ADMINISTRATOR, "-E", "UTF8"),
        *("-A", "scram-sha-256", f"--pwfile={password_file}", "--data-checksums"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
    ]
    made = subprocess.run(command, check=False, **identity(where.user))
    if made.returncode != 0:
        shutil.rmtree(aside, ignore_errors=True)
        raise Failed(_reason("The database could not be made", made.stdout))
    (aside / "postgres").rename(where.cluster)
    shutil.rmtree(aside)


def _give(place: Path, where: Places) -> None:
    if where.user is not None:
        shutil.chown(place, user=where.user)


def _check_version(where: Places) -> None:
    """Stop before a newer PostgreSQL meets the files of an older one."""
    kept = (where.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    tried = subprocess.run([program(where) / "postgres", "--version"], check=False, **identity(where.user))
    found = re.search(r"(\d+)\.", tried.stdout)
    if found is None or found[1] != kept:
        raise Failed(
            f"The data in {where.cluster} was written by PostgreSQL {kept}; this is {tried.stdout.strip()}. "
            "Back it up with the release that wrote it, then restore that with this one (docs/console.md)."
        )


def _configure(where: Places, settings: Mapping[str, str]) -> None:
    """Write our settings into a file of their own, renewed at each start."""
    listed = dict(settings) | {"unix_socket_directories": '"' + str(where.socket).replace('"', '""') + '"'}
    lines = [f"{name} = '{_quoted(value)}'\n" for name, value in listed.items()]
    ours = where.cluster / "tansiq.conf"
    write_private(ours, "".join(lines).encode())
    _give(ours, where)
    general = where.cluster / "postgresql.conf"
    text = general.read_text(encoding="utf-8")
    if "include 'tansiq.conf'" not in text:
        write_private(general, f"{text}\ninclude 'tansiq.conf'\n".encode())
        _give(general, where)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _launch(where: Places) -> None:
    """Start the server, waiting out the traces that a killed one leaves for a moment."""
    if where.log.exists() and where.log.stat().st_size > LOG_BYTES:
        where.log.replace(where.log.with_suffix(".log.1"))
    where.log.touch(mode=0o600)
    _give(where.log, where)
    deadline = time.monotonic() + START_SECONDS
    while True:
        _clear_stale(where.cluster)
        before = where.log.stat().st_size
        started = _pg_ctl(where, "start", "-w", "-t", str(START_SECONDS), "-l", where.log)
        if started.returncode == 0:
            return
        said = where.log.read_bytes()[before:].decode(errors="replace")
        if not _may_pass(said + started.stdout) or time.monotonic() > deadline:
            raise Failed(_reason("PostgreSQL does not start", said or started.stdout))
        time.sleep(0.25)


def _may_pass(said: str) -> bool:
    """Tell the troubles that end by themselves: a dying server's lock, its memory, its last children."""
    return any(sign in said for sign in ("another server might be running", "lock file", "still in use"))


def _answers(where: Places) -> bool:
    """Ask the server itself: a process may be there and yet be dying, or still recovering."""
    command = [program(where) / "pg_isready", "-q", "-h", where.socket, "-p", str(PORT)]
    return subprocess.run(command, check=False, **identity(where.user)).returncode == 0


def _clear_stale(cluster: Path) -> None:
    """Remove the note of a server that is gone; never that of one that still serves this cluster."""
    process_id = _recorded_process(cluster)
    if process_id is not None and not _serves(process_id, cluster):
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _recorded_process(cluster: Path) -> int | None:
    try:
        return int((cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _serves(process_id: int, cluster: Path) -> bool:
    """Tell whether a process is a living PostgreSQL in this very directory, not a zombie or a namesake."""
    try:
        process = psutil.Process(process_id)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return Path(process.cwd()).samefile(cluster)
    except (psutil.NoSuchProcess, psutil.ZombieProcess, FileNotFoundError):
        return False
    except (psutil.AccessDenied, PermissionError):
        return True  # somebody else's process: not ours to declare dead


def _pg_ctl(where: Places, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run pg_ctl; the server must not inherit our pipe, or reading it would wait for the server's end."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        command = [program(where) / "pg_ctl", "-D", where.cluster, *arguments]
        done = subprocess.run(command, check=False, **(identity(where.user) | {"stdout": said}))
        said.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, said.read(), "")


def _reason(what: str, said: str) -> str:
    """Put PostgreSQL's own words behind a sentence; name the full disk for what it is."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return f"{what}: the disk is full. Make room, then run this again."
    lines = [line for line in said.strip().splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|error|cannot|could not", line)]
    return f"{what}: {' '.join((telling or lines)[-2:]) or 'it gave no reason'}"
