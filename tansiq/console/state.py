"""Where an installation keeps what is its own: the data directory, its secrets, small notes."""

import json
import os
import secrets as randomness
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


def data_directory() -> Path:
    """Name the directory of everything that must survive a restart: TANSIQ_DATA, or var/ beside the code."""
    chosen = os.environ.get("TANSIQ_DATA", "").strip()
    return Path(chosen).expanduser().absolute() if chosen else REPOSITORY / "var"


def _key() -> bytes:
    return randomness.token_bytes(32)


def secret(name: str, make: Callable[[], bytes] = _key, *, data: Path | None = None) -> bytes:
    """Read a secret of this installation; make and keep it (32 random bytes) if there is none yet."""
    return _secret(data or data_directory(), name, make)


def password(role: str, *, data: Path | None = None) -> str:
    """Read the password of a database role; it needs no quoting in a URL, a file or a shell."""
    return secret(f"{role}.password", _password, data=data).decode("ascii")


def _password() -> bytes:
    return randomness.token_urlsafe(32).encode("ascii")


@cache
def _secret(data: Path, name: str, make: Callable[[], bytes]) -> bytes:
    place = data / "secrets" / name
    try:
        return place.read_bytes()
    except FileNotFoundError:
        private_parent(place, data)
    write_private(place, make(), replace=False)
    return place.read_bytes()


def private_parent(place: Path, data: Path) -> None:
    """Make the directory of secrets, closed to others, in a data directory that others may pass through."""
    make_data_directory(data)
    place.parent.mkdir(mode=0o700, exist_ok=True)


def make_data_directory(data: Path) -> None:
    """Make the data directory; the database user must get through, private parts are closed one by one."""
    if not data.exists():
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o755)


def write_private(place: Path, content: bytes, *, replace: bool = True) -> None:
    """Write a file that only its owner reads, whole or not at all.

    With replace=False the first of several writers wins, so that two processes agree on one secret.
    """
    handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "wb") as file:  # mkstemp makes it 0600
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(temporary).replace(place)
        else:
            with suppress(FileExistsError):
                os.link(temporary, place)
    finally:
        Path(temporary).unlink(missing_ok=True)


def read_note(place: Path) -> dict[str, Any]:
    """Read a small JSON note; absent or half-written counts as empty."""
    try:
        note = json.loads(place.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}
