"""`tansiq run`: database, web server, worker and sequencer on one machine, until told to stop."""

import http.client
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import click

from tansiq.console import cluster
from tansiq.console.addresses import is_embedded
from tansiq.console.answers import Failed
from tansiq.console.children import Child
from tansiq.console.first_run import ready_server, ready_tables
from tansiq.console.ports import chosen_port, claim_port
from tansiq.console.run_lock import RunLock, run_lock
from tansiq.console.state import data_directory

START_S = 90.0  # the web server must answer within this time
ERRING_S = 5.0  # a server that answers with a fault of its own is given this long
FALLS_AT_START = 3  # so many falls before the first answer are not bad luck
LOOK_S = 0.3
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (only if the operator says so)


class Stop(BaseException):
    """Somebody asked us to stop."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: PORT, or 8000]")
@click.option("--sample/--no-sample", default=True, help="Load the sample operation into an empty database.")
def run(host: str, port: int | None, sample: bool) -> None:
    """Start everything on this machine and keep it running.

    Starts the embedded PostgreSQL (not with DATABASE_URL), prepares the database, then runs a web server, a
    worker and a sequencer. One that dies is started again. Ctrl-C stops all that was started.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    with suppress(Stop), run_lock(data_directory()) as lock:
        port = port or chosen_port()
        claim_port(host, port, patience_s=15 if lock.former else 0)
        if is_embedded():
            cluster.refuse_full_disk()
        try:
            _run(lock, host, port, sample=sample)
        except Failed as failed:
            if is_embedded():
                cluster.refuse_full_disk(failed)
            raise


def _stop(number: int, frame: FrameType | None) -> None:
    """Leave by way of the clean-up; further signals do not disturb it."""
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    raise Stop


def _run(lock: RunLock, host: str, port: int, *, sample: bool) -> None:
    # What a run that was killed has started is ours to stop; what a person started is not.
    ours = is_embedded() and (bool(lock.former.get("started_cluster")) or cluster.status() is None)
    lock.write(started_cluster=ours)
    children: list[Child] = []
    try:
        click.echo("Preparing the database …", err=True)
        ready_server()
        loaded = ready_tables(sample=sample)
        address = f"http://{_for_url(host)}:{port}/"
        lock.write(started_cluster=ours, address=address)
        _keep_running(children, host, port, loaded)
    finally:
        _stop_all(children, ours=ours)


def _keep_running(children: list[Child], host: str, port: int, loaded: dict[str, Any]) -> None:
    """Start the children and watch them; returns only by an exception."""
    lifeline, held = os.pipe()
    environment = {**os.environ, **loaded.get("environment", {})}
    logs = data_directory() / "log"
    logs.mkdir(exist_ok=True)
    web = _child("web", ["serve", "--host", host, "--port", str(port)], logs)
    children.append(web)
    web.start(lifeline, environment)
    _wait_for_answer(web, host, port, lifeline, environment)
    for name in ("worker", "sequencer"):
        children.append(_child(name, [name], logs))
        children[-1].start(lifeline, environment)
    _greet(f"http://{_for_url(host)}:{port}/", loaded.get("accounts", []))
    try:
        while True:
            time.sleep(LOOK_S)
            _look_after(children, lifeline, environment)
    finally:
        os.close(held)
        os.close(lifeline)


def _child(name: str, arguments: list[str], logs: Path) -> Child:
    return Child(name, arguments, logs / f"{name}.log")


def _wait_for_answer(web: Child, host: str, port: int, lifeline: int, environment: dict[str, str]) -> None:
    """Wait until the web server answers; one that falls or errs again and again is not waited for."""
    deadline = time.monotonic() + START_S
    erring_until: float | None = None
    while (answer := _status(host, port)) is None or answer >= 500:
        if answer is not None:
            erring_until = erring_until or time.monotonic() + ERRING_S
        if web.process is not None and web.has_fallen():
            web.process = None
        if web.falls >= FALLS_AT_START or time.monotonic() > min(deadline, erring_until or deadline):
            raise Failed(f"The web server does not start. The end of {web.log}:\n{web.last_words()}")
        if web.process is None and time.monotonic() >= web.next_start_at:
            web.start(lifeline, environment)
        time.sleep(0.05)


def _status(host: str, port: int) -> int | None:
    """Ask for a page and give the answer's status, or None where nobody answers yet."""
    reachable = ANYWHERE.get(host, host)
    connection = http.client.HTTPConnection(reachable, port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _look_after(children: list[Child], lifeline: int, environment: dict[str, str]) -> None:
    """Report whoever fell, and start again whoever has waited long enough."""
    if is_embedded() and cluster.status() is None:
        click.echo("The database stopped; starting it again.", err=True)
        cluster.start()
    for child in children:
        if child.process is not None and child.has_fallen():
            _report(child)
            child.process = None
        if child.process is None and time.monotonic() >= child.next_start_at:
            child.start(lifeline, environment)


def _report(child: Child) -> None:
    code = child.process.returncode if child.process else 0
    how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
    wait = child.wait_s()
    click.echo(f"The {child.name} ended {how}; starting it again in {wait:.0f} s. See {child.log}", err=True)
    if code > 0 and child.falls == 1:
        click.echo(child.last_words(), err=True)


def _greet(address: str, accounts: list[dict[str, str]]) -> None:
    """Say where it is, and who may come in."""
    click.echo(f"\nTansiq answers at {address}\n")
    if accounts:
        click.echo("Sample accounts (this database only):")
        widths = [max(len(account[key]) for account in accounts) for key in ("email", "password")]
        for account in accounts:
            email, password = account["email"].ljust(widths[0]), account["password"].ljust(widths[1])
            click.echo(f"  {email}  {password}  {account.get('room', '')}")
        click.echo("")
    click.echo("Ctrl-C stops it.")


def _stop_all(children: list[Child], *, ours: bool) -> None:
    """Stop in order: no new pages, no new work, and the database last."""
    if children or ours:
        click.echo("Stopping …", err=True)
    for child in children:
        child.stop()
    if ours:
        cluster.stop()


def _for_url(host: str) -> str:
    if ANYWHERE.get(host, host) == "127.0.0.1":
        return "localhost"
    return f"[{host}]" if ":" in host else host
