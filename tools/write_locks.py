"""Writes the lock files anew: every package with its version and the hashes of its files."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
LOCKS = {
    "requirements.lock": ["pyproject.toml", "--all-extras", "--group", "dev"],
    "tools/installer.lock": ["tools/installer.in"],
}
OPTIONS = ["--quiet", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"]


def main(arguments: list[str]) -> int:
    """Resolve again; versions stay as they are unless --upgrade asks for newer ones."""
    for lock, sources in LOCKS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *arguments, "-o", lock, *sources]
        done = subprocess.run(command, cwd=REPOSITORY, check=False)
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
