"""Secrets: made once, the same for everybody here, readable by nobody else."""

import stat
from pathlib import Path
from threading import Thread

import pytest

from tansiq.console.state import data_directory, password, read_note, secret, write_private


def test_secret_is_made_once_and_kept_closed(tmp_path: Path) -> None:
    first = secret("some.key", data=tmp_path / "var")
    place = tmp_path / "var" / "secrets" / "some.key"
    assert (len(first), place.read_bytes()) == (32, first)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert secret("some.key", data=tmp_path / "var") == first


def test_secret_keeps_what_another_process_made_first(tmp_path: Path) -> None:
    place = tmp_path / "kept"
    threads = [Thread(target=write_private, args=(place, bytes([n])), kwargs={"replace": False}) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first = place.read_bytes()
    write_private(place, b"late", replace=False)
    assert (len(first), place.read_bytes()) == (1, first)
    assert list(tmp_path.iterdir()) == [place]


def test_password_needs_no_quoting(tmp_path: Path) -> None:
    given = password("some_role", data=tmp_path)
    assert len(given) == 43
    assert set(given) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_data_directory_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANSIQ_DATA", str(tmp_path / "elsewhere"))
    assert data_directory() == tmp_path / "elsewhere"
    monkeypatch.setenv("TANSIQ_DATA", "")
    assert data_directory().name == "var"


def test_note_half_written_counts_as_empty(tmp_path: Path) -> None:
    note = tmp_path / "note.json"
    assert read_note(note) == {}
    note.write_text('{"pid": 1', encoding="utf-8")
    assert read_note(note) == {}
