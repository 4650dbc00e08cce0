"""Web servers for tests: one in a thread of this process, one in a process of its own for browsers."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from django.conf import settings
from django.db import connections
from django.test import Client

from tansiq.building.people.models import Account
from tests import databases

APPLICATION = "tansiq.config.asgi:application"
PROGRAM = Path(__file__).with_name("server_process.py")
START_S = 60.0


@dataclass(frozen=True)
class Served:
    """A server that answers, and the database behind it."""

    url: str  # without a slash at the end
    database: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])


def session_of(account: Account, room_id: object = None) -> str:
    """A session of this account, as its cookie carries it; perhaps at work in a room that is not its first."""
    client = Client()
    client.force_login(account)
    session = client.session
    if room_id is not None:
        session["room"] = str(room_id)
        session.save()
    return str(session.session_key)


def cookie_of(account: Account, room_id: object = None) -> dict[str, str]:
    """The same as a browser takes it: add "url"."""
    return {"name": settings.SESSION_COOKIE_NAME, "value": session_of(account, room_id)}


@contextmanager
def served_here() -> Iterator[Served]:
    """A server in a thread of this process, on the database at which the process points now."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    config = uvicorn.Config(
        APPLICATION, lifespan="off", log_level="error", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        _wait(lambda: server.started, thread.is_alive)
        yield Served(f"http://127.0.0.1:{port}", connections["default"].settings_dict["NAME"])
    finally:
        server.should_exit = True
        thread.join(timeout=15)
        listening.close()
        assert not thread.is_alive()


@contextmanager
def served_apart(database: str) -> Iterator[Served]:
    """A server in a process of its own on the database that is named."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), database, str(listening.fileno())],
        pass_fds=[listening.fileno()],
        cwd=PROGRAM.parents[1],
        env={**os.environ, "PYTHONPATH": str(PROGRAM.parents[1])},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: _answers(url), lambda: process.poll() is None)
        yield Served(url, database, process)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            listening.close()


@pytest.fixture(scope="session")
def _served(django_db_setup: None, django_db_blocker: object) -> Iterator[Served]:
    """One server for this worker, with a database of its own."""
    name = f"{connections['default'].settings_dict['NAME']}_served"
    databases.drop(name)
    databases.copy(databases.in_use[-1], name)
    with served_apart(name) as served:
        yield served
    databases.drop(name)


@pytest.fixture
def served(_served: Served, django_db_blocker: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The worker's server; meanwhile this process writes into the same database, and what it writes stays.

    A browser driven from this process runs an event loop beside the test; Django may be called all the same.
    """
    former = connections["default"].settings_dict["NAME"]
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _point_at(_served.database)
        yield _served
        _point_at(former)


def _point_at(name: str) -> None:
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _wait(is_ready, is_alive) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + START_S
    while not is_ready():
        assert is_alive(), "the server ended before it answered"
        assert time.monotonic() < deadline, "the server does not answer"
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/accounts/login/", timeout=20) as answer:  # noqa: S310
            return bool(answer.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
