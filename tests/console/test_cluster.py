"""The embedded server: made, started, stopped, killed, and reached by nobody else."""

import os
import shutil
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tansiq.console import cluster
from tansiq.console.answers import Failed
from tansiq.console.cluster_places import SOCKET_NAME, SOCKET_PATH_BYTES, places, private_directory

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    data = tmp_path_factory.mktemp("cluster") / "with space é"
    yield data
    cluster.stop(data)
    shutil.rmtree(places(data).home)  # under /var/lib where root's own temporary directory is closed


def test_cluster_start_answers_with_checksums_and_code_point_order(data: Path) -> None:
    address = cluster.start(data)
    with psycopg.connect(address.url()) as connection:
        row = connection.execute(
            "select current_setting('data_checksums'), datlocprovider, datlocale, current_setting('listen_addresses')"
            " from pg_database where datname = 'postgres'"
        ).fetchone()
    assert row == ("on", "b", "C.UTF-8", "")


def test_cluster_start_leaves_a_running_server_as_it_is(data: Path) -> None:
    cluster.start(data)
    before = cluster.status(data)
    assert cluster.start(data).started is False
    assert cluster.status(data) == before


def test_cluster_stop_and_start_keep_rows(data: Path) -> None:
    address = cluster.start(data)
    with psycopg.connect(address.url(), autocommit=True) as connection:
        connection.execute("create table if not exists kept as select 1 as n")
    assert cluster.stop(data) is True
    assert cluster.status(data) is None
    assert cluster.stop(data) is False
    cluster.start(data)
    with psycopg.connect(address.url()) as connection:
        assert connection.execute("select n from kept").fetchall() == [(1,)]


def test_cluster_survives_kill_with_rows_intact(data: Path) -> None:
    address = cluster.start(data)
    with psycopg.connect(address.url(), autocommit=True) as connection:
        connection.execute("drop table if exists many")
        connection.execute("create table many as select generate_series(1, 10000) as n")
    process = cluster.status(data)
    assert process is not None
    os.kill(process, signal.SIGKILL)
    cluster.start(data)
    with psycopg.connect(address.url()) as connection:
        assert connection.execute("select count(*), sum(n) from many").fetchone() == (10000, 50005000)


def test_cluster_ignores_the_note_of_a_process_that_is_not_its_own(data: Path) -> None:
    address = cluster.start(data)
    cluster.stop(data)
    stale = places(data).cluster / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n", encoding="ascii")  # lives, but is no server of this directory
    assert cluster.status(data) is None
    cluster.start(data)
    with psycopg.connect(address.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_cluster_refuses_a_wrong_password(data: Path) -> None:
    address = cluster.start(data)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=address.host, user=address.user, password="wrong", dbname="postgres")


def test_cluster_directories_are_closed(data: Path) -> None:
    cluster.start(data)
    where = places(data)
    modes = [stat.S_IMODE(place.stat().st_mode) for place in (where.cluster, where.socket, data / "secrets")]
    assert modes == [0o700, 0o700, 0o700]


def test_cluster_of_another_version_is_left_alone(data: Path) -> None:
    cluster.start(data)
    cluster.stop(data)
    version = places(data).cluster / "PG_VERSION"
    kept = version.read_text(encoding="ascii")
    version.write_text("12\n", encoding="ascii")
    try:
        with pytest.raises(Failed, match="was written by PostgreSQL 12"):
            cluster.start(data)
    finally:
        version.write_text(kept, encoding="ascii")


def test_socket_directory_is_short_for_a_long_path(tmp_path: Path) -> None:
    where = places(tmp_path / ("x" * 120))
    assert len(os.fsencode(where.socket / SOCKET_NAME)) <= SOCKET_PATH_BYTES


def test_socket_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    (tmp_path / "socket").symlink_to(target)
    with pytest.raises(Failed, match="belongs to somebody else"):
        private_directory(tmp_path / "socket", None)
