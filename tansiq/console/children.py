"""The processes that `tansiq run` looks after: started, watched, restarted, stopped in order."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

LIFELINE = "TANSIQ_LIFELINE"
SETTLED_S = 60.0  # a child that lived this long starts afresh with its patience
LONGEST_WAIT_S = 30.0
LOG_BYTES = 10_000_000


@dataclass
class Child:
    """One command of ours in a process of its own, with a log of its own."""

    name: str  # for people
    arguments: list[str]  # of the program tansiq
    log: Path
    stop_s: float = 8.0  # how long it may take to stop
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    falls: int = field(default=0, init=False)
    started_at: float = field(default=0.0, init=False)  # monotonic seconds
    next_start_at: float = field(default=0.0, init=False)

    def start(self, lifeline: int, environment: dict[str, str]) -> None:
        """Start the process; it ends by itself when our end of the lifeline closes."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tansiq.console.main", *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**environment, LIFELINE: str(lifeline), "PYTHONUNBUFFERED": "1"},
                pass_fds=(lifeline,),
                start_new_session=True,  # Ctrl-C comes to us; we stop the children in order
            )
        self.started_at = time.monotonic()

    def has_fallen(self) -> bool:
        """Tell whether the process ended though nobody asked it to; counts the fall once."""
        if self.process is None or self.process.poll() is None:
            return False
        lived = time.monotonic() - self.started_at
        self.falls = 1 if lived > SETTLED_S else self.falls + 1
        self.next_start_at = time.monotonic() + self.wait_s()
        return True

    def wait_s(self) -> float:
        """How long to wait before the next start: 1, 2, 4 ... seconds."""
        return min(2.0 ** (self.falls - 1), LONGEST_WAIT_S)

    def last_words(self, lines: int = 8) -> str:
        """Give the end of the log."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 8000))
                return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return ""

    def stop(self) -> None:
        """Ask the process to stop; end it when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(self.stop_s)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def follow_parent() -> None:
    """In a child: stop in order when the parent is gone, however it went.

    The parent holds the writing end of a pipe and never writes; end of file means that it is dead.
    """
    handle = os.environ.pop(LIFELINE, "")
    if handle.isdecimal():
        pipe = os.fdopen(int(handle), "rb")
        threading.Thread(target=_wait_for_end, args=(pipe,), name="lifeline", daemon=True).start()


def _wait_for_end(pipe: IO[bytes]) -> None:
    pipe.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10)
    os._exit(1)  # still here: nothing else may hold the port or the queue
