"""One `tansiq run` a data directory: the lock, and what a run that was killed left behind."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

from tansiq.console.answers import Refused
from tansiq.console.state import make_data_directory, read_note


class RunLock:
    """The file var/run.lock, held by the kernel for as long as its process lives."""

    def __init__(self, place: Path, file: Any, former: dict[str, Any]) -> None:
        self.place = place
        self.former = former  # what a run wrote that did not end in order; empty after one that did
        self._file = file

    def write(self, **facts: Any) -> None:
        """Note the process, the address and what we started, for the next run and for a person."""
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), **facts}, self._file)
        self._file.flush()

    def clear(self) -> None:
        """Note that this run ended in order."""
        self._file.seek(0)
        self._file.truncate()


@contextmanager
def run_lock(data: Path) -> Iterator[RunLock]:
    """Take the lock, or say where the run that holds it answers.

    A lock whose process was killed is free at once, because the kernel holds it and not the file.
    """
    make_data_directory(data)
    place = data / "run.lock"
    with place.open("a+", encoding="utf-8") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise Refused(already_running(read_note(place))) from error
        lock = RunLock(place, file, read_note(place))
        try:
            yield lock
        finally:
            lock.clear()


def already_running(note: dict[str, Any]) -> str:
    """Say who runs here already, and how to run a second installation beside it."""
    where = f" at {note['address']}" if note.get("address") else ""
    who = f" (process {note['pid']})" if note.get("pid") else ""
    return f"Tansiq is already running{where}{who}. Stop it, or set TANSIQ_DATA and PORT to run another one."
