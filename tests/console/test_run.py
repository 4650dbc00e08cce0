"""The program from outside: exit codes, sentences, and one run for each data directory."""

import fcntl
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import django.db.utils
import psycopg
import pytest

from tansiq.console import cluster
from tansiq.console.answers import Failed, stop_with

REPOSITORY = Path(__file__).resolve().parents[2]


def tansiq(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    return subprocess.run(
        [sys.executable, "-m", "tansiq.console.main", *arguments],
        env={**kept, "TANSIQ_DATA": str(data), **environment},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_lists_the_commands_without_django(tmp_path: Path) -> None:
    done = tansiq("--help", data=tmp_path)
    assert done.returncode == 0
    assert "Exit codes: 0 done; 1 refused" in done.stdout
    listing = "import sys; import tansiq.console.main; print('django' in sys.modules, 'psycopg' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert loaded.stdout == "False False\n"


def test_wrong_use_has_exit_code_2(tmp_path: Path) -> None:
    done = tansiq("nonsense", data=tmp_path)
    assert (done.returncode, "No such command" in done.stderr) == (2, True)


def test_status_of_a_stopped_database_is_a_refusal_in_json(tmp_path: Path) -> None:
    done = tansiq("database", "status", "--json", data=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["running"] is False


def test_port_in_use_names_the_port_and_another_one(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        done = tansiq("run", data=tmp_path, PORT=str(port))
    assert done.returncode == 3
    assert done.stderr.startswith(f"Failed: Port {port} is in use")
    assert f"PORT={port + 1} make run" in done.stderr
    assert not (tmp_path / "postgres").exists()


def test_port_that_is_no_number_is_refused(tmp_path: Path) -> None:
    done = tansiq("run", data=tmp_path, PORT="many")
    assert (done.returncode, done.stderr) == (1, "Refused: PORT is 'many'; it must be a number from 1 to 65535.\n")


def test_second_run_says_where_the_first_one_answers(tmp_path: Path) -> None:
    place = tmp_path / "run.lock"
    with place.open("w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        json.dump({"pid": 4711, "address": "http://localhost:8000/"}, held)
        held.flush()
        done = tansiq("run", data=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Refused: Tansiq is already running at http://localhost:8000/ (process 4711).")


def test_database_that_does_not_answer_is_a_failure(tmp_path: Path) -> None:
    done = tansiq("database", "migrate", data=tmp_path, DATABASE_URL="postgresql://a:geheim@127.0.0.1:1/x")
    assert done.returncode == 3
    assert "127.0.0.1:1 as a does not answer" in done.stderr
    assert "geheim" not in done.stderr


def test_address_that_is_none_is_a_failure(tmp_path: Path) -> None:
    done = tansiq("database", "migrate", data=tmp_path, DATABASE_URL="nonsense")
    assert done.returncode == 3
    assert done.stderr.startswith("Failed: DATABASE_URL is not an address of a PostgreSQL database")


def test_half_given_roles_name_the_missing_variable(tmp_path: Path) -> None:
    url = "postgresql://a:b@127.0.0.1:1/x"
    done = tansiq("database", "shell-url", "sequencer", data=tmp_path, DATABASE_URL=url, DATABASE_RT_URL=url)
    assert done.returncode == 3
    assert done.stderr.startswith("Failed: DATABASE_SEQUENCER_URL is missing")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_directory_that_may_not_be_written_is_a_failure(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    done = tansiq("run", data=closed / "var")
    assert (done.returncode, done.stderr.startswith("Failed: No permission for")) == (3, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_full_disk_is_named() -> None:
    from tansiq.console.answers import os_sentence

    with pytest.raises(OSError, match="No space") as full, Path("/dev/full").open("w", encoding="ascii") as file:
        file.write("x" * 100_000)
    assert os_sentence(full.value).startswith("The disk is full:")


def test_disk_without_room_for_a_new_database_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANSIQ_DATA", str(tmp_path))
    monkeypatch.setattr(cluster, "FIRST_FREE_BYTES", 2**62)
    with pytest.raises(Failed, match=r"^The disk is full: \d+ MB are free in .*, \d+ MB are needed\. Make room"):
        cluster.refuse_full_disk()


@pytest.mark.parametrize("driver", [psycopg, django.db.utils])
def test_database_on_a_full_disk_is_told_in_one_sentence(driver, capsys: pytest.CaptureFixture[str]) -> None:
    said = 'could not extend file "base/1/2": No space left on device\nHINT: Check free disk space.'
    with pytest.raises(SystemExit) as left:
        stop_with(driver.OperationalError(said))
    full = "Failed: The disk of the database is full. Make room, then run this again.\n"
    assert (left.value.code, capsys.readouterr().err) == (3, full)
