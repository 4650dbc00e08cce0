"""Backup and restore: what was backed up comes back, and nothing is lost when it cannot."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tansiq.console import cluster
from tansiq.console.addresses import OWNER, role_parameters
from tansiq.console.answers import Refused
from tansiq.console.backups import back_up, restore
from tansiq.console.cluster_places import places
from tansiq.console.first_run import ready_server

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TANSIQ_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ready_server()
    write("create table django_migrations (id int)", "create table kept as select 1 as n")
    write("alter table kept enable row level security", "alter table kept force row level security")
    yield tmp_path / "var"
    cluster.stop()
    shutil.rmtree(places().home)


def write(*statements: str) -> None:
    with psycopg.connect(**role_parameters(OWNER), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def kept() -> list[tuple[int]]:
    with psycopg.connect(
        **role_parameters(OWNER) | {"user": "postgres", "password": cluster.address().password}
    ) as all_rows:
        return all_rows.execute("select n from kept").fetchall()


def test_backup_comes_back_in_place_of_what_changed_since(data: Path, tmp_path: Path) -> None:
    (data / "secrets" / "some.key").write_bytes(b"first")
    back_up(tmp_path / "backup", with_keys=True)
    write("drop table kept")
    (data / "secrets" / "some.key").write_bytes(b"second")
    with pytest.raises(Refused, match="holds something"):
        restore(tmp_path / "backup", replace=False)
    restore(tmp_path / "backup", replace=True)
    assert kept() == [(1,)]
    assert (data / "secrets" / "some.key").read_bytes() == b"first"
    assert (data / "secrets" / "some.key.former").read_bytes() == b"second"


def test_damaged_backup_changes_nothing(data: Path, tmp_path: Path) -> None:
    back_up(tmp_path / "backup", with_keys=False)
    content = bytearray((tmp_path / "backup").read_bytes())
    at = content.index(b"PGDMP") + 200
    content[at] ^= 0xFF
    (tmp_path / "backup").write_bytes(content)
    with pytest.raises(Refused, match="is damaged"):
        restore(tmp_path / "backup", replace=True)
    assert kept() == [(1,)]


def test_restore_is_refused_while_somebody_is_connected(data: Path, tmp_path: Path) -> None:
    back_up(tmp_path / "backup", with_keys=False)
    with (
        psycopg.connect(**role_parameters(OWNER)),
        pytest.raises(Refused, match=r"tansiq is in use \(connections: 1\)"),
    ):
        restore(tmp_path / "backup", replace=True)
