"""Makes the checkout ready to run: environment, packages, message catalogues, front end; quick when it is.

Runs with any Python 3.11 or newer and nothing else. What was made is stamped last, so that an interrupted
set-up is taken up again, and a finished one costs a few file reads.
"""

import fcntl
import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
ENVIRONMENT = REPOSITORY / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "tansiq-set-up"
LOCK = REPOSITORY / "requirements.lock"
INSTALLER = REPOSITORY / "tools" / "installer.lock"
OLDEST = (3, 11)


def main() -> int:
    """Make what is missing or out of date; one process at a time."""
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        return _complain(f"Tansiq needs Python 3.11 or newer; this is Python {found} ({sys.executable}).")
    if importlib.util.find_spec("ensurepip") is None:
        return _complain(f"{sys.executable} cannot make environments. On Debian: apt-get install python3-venv.")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # takes its children along
    try:
        with _OwnTurn():
            _environment()
            _catalogues()
            _front_end()
    except subprocess.CalledProcessError as error:
        program = " ".join(str(part) for part in error.cmd[:5])
        return _complain(f"Set-up stopped: {program} ... ended with exit code {error.returncode}. See above.")
    except KeyboardInterrupt:
        return _complain("Set-up stopped; it goes on from here next time.")
    except OSError as error:
        return _complain(f"Set-up stopped: {error.strerror} ({error.filename}).")
    return 0


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 3


class _OwnTurn:
    """The turn of one set-up; others wait. Where the checkout cannot be written, nothing is made anyway."""

    def __enter__(self) -> None:
        try:
            self.file = (REPOSITORY / ".set-up.lock").open("a")  # held until the turn is over
        except PermissionError:
            self.file = None
            return
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another set-up of this checkout ...", file=sys.stderr)
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *error: object) -> None:
        if self.file is not None:
            self.file.close()


def _environment() -> None:
    """Have the packages of the lock in the environment, each checked against its hash."""
    wanted = _digest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    print("Installing the packages of requirements.lock (first time or after a change) ...", file=sys.stderr)
    STAMP.unlink(missing_ok=True)
    if not _works():
        _run(sys.executable, "-m", "venv", "--clear", ENVIRONMENT)
    _install()
    _put_ourselves_in()
    STAMP.write_text(wanted, encoding="utf-8")


def _digest() -> str:
    """Digest what the environment is made from; where the checkout stands is part of it."""
    digest = hashlib.sha256(str(REPOSITORY).encode())
    for file in (LOCK, INSTALLER, REPOSITORY / "pyproject.toml"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _works() -> bool:
    """Tell whether the environment is whole enough to install into; a half-made or moved one is made anew."""
    if not PYTHON.exists():
        return False
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        made_here = str(ENVIRONMENT) in (ENVIRONMENT / "pyvenv.cfg").read_text(encoding="utf-8")
        return made_here and subprocess.run([PYTHON, "-c", check], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _install() -> None:
    """Install with uv, which is quick and removes what the lock no longer names; with pip where uv cannot run."""
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    try:
        _run(*pip, "-r", INSTALLER)
        _run(PYTHON, "-m", "uv", "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", LOCK)
    except (subprocess.CalledProcessError, OSError):
        print("uv could not do it; installing with pip ...", file=sys.stderr)
        _run(*pip, "-r", LOCK)


def _put_ourselves_in() -> None:
    """Install this checkout itself, as it stands, without asking any registry for a newer build tool."""
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(*pip, "--require-hashes", "-r", INSTALLER)  # from Python 3.12 on, uv takes setuptools away
    _run(*pip, "--no-deps", "--no-build-isolation", "--editable", REPOSITORY)


def _catalogues() -> None:
    _tool("catalogues").compile_all(REPOSITORY)


def _tool(name: str) -> "object":
    specification = importlib.util.spec_from_file_location(name, REPOSITORY / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


def _front_end() -> None:
    """Build the front end where it is not the one of these sources; the builder itself decides."""
    if (REPOSITORY / "tansiq" / "config" / "frontend.py").exists():
        _run(PYTHON, "-m", "tansiq.config.frontend")


def _run(*command: "str | Path") -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    environment["VIRTUAL_ENV"] = str(ENVIRONMENT)
    for name in ("UV_SYSTEM_CERTS", "NODE_USE_SYSTEM_CA"):  # a site's own certificate authority counts
        environment.setdefault(name, "1")
    subprocess.run([str(part) for part in command], check=True, cwd=REPOSITORY, env=environment)


if __name__ == "__main__":
    sys.exit(main())
