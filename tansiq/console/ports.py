"""The port of the web server: which one, whether it is free, and who has it if not."""

import errno
import os
import socket
import time

import psutil

from tansiq.console.answers import Failed, Refused

USUAL = 8000


def chosen_port() -> int:
    """Read PORT; the usual one without it."""
    given = os.environ.get("PORT", "").strip() or str(USUAL)
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise Refused(f"PORT is {given!r}; it must be a number from 1 to 65535.")
    return int(given)


def claim_port(host: str, port: int, *, patience_s: float = 0.0) -> None:
    """Find out that a port can be had; patience lets the last run's children go first."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return _try(host, port)
        except PermissionError as error:
            raise Failed(f"No permission for port {port}. Choose one above 1023: PORT=8000 make run.") from error
        except OSError as error:
            if time.monotonic() >= deadline:
                raise Failed(_in_use(port, error)) from error
        time.sleep(0.1)


def _try(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()


def _in_use(port: int, error: OSError) -> str:
    if error.errno != errno.EADDRINUSE:
        return f"Port {port} cannot be used: {error.strerror}."
    other = port + 1 if port < 65535 else port - 1
    return f"Port {port} is in use{_holder(port)}. Choose another one, for example: PORT={other} make run."


def _holder(port: int) -> str:
    """Name the process that listens on a port, where the system tells us."""
    try:
        listening = [
            found.pid
            for found in psutil.net_connections("inet")
            if found.laddr and found.laddr.port == port and found.status == psutil.CONN_LISTEN and found.pid
        ]
        return f" by {psutil.Process(listening[0]).name()} (process {listening[0]})" if listening else ""
    except (psutil.Error, OSError):
        return ""
