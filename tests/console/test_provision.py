"""Roles and database: made once, made the same again, and none of them passes the wall."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest

from tansiq.console import cluster
from tansiq.console.addresses import AUDITOR, OWNER, RUNTIME, SEQUENCER, admin_parameters, role_parameters
from tansiq.console.answers import Failed, Refused
from tansiq.console.cluster_places import places
from tansiq.console.provision import provision

pytestmark = pytest.mark.slow
ROLES = (OWNER, RUNTIME, SEQUENCER, AUDITOR)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    data = tmp_path_factory.mktemp("provision") / "var"
    cluster.start(data, {"fsync": "off"})
    yield data
    cluster.stop(data)
    shutil.rmtree(places(data).home)  # under /var/lib where root's own temporary directory is closed


@pytest.fixture
def admin(data: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    monkeypatch.setenv("TANSIQ_DATA", str(data))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    provision(admin_parameters(), own_server=True)
    return admin_parameters()


def run(parameters: Mapping[str, str], *statements: str) -> None:
    with psycopg.connect(**parameters, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def facts(admin: Mapping[str, str]) -> list[tuple[object, ...]]:
    with psycopg.connect(**admin) as connection:
        return connection.execute(
            "select a.rolname, a.rolpassword, d.datacl::text from pg_authid a, pg_database d"
            " where a.rolname like 'tansiq%' and d.datname = 'tansiq' order by 1"
        ).fetchall()


def test_provision_done_twice_changes_nothing(admin: Mapping[str, str]) -> None:
    before = facts(admin)
    provision(admin, own_server=True)
    assert facts(admin) == before
    assert [row[0] for row in before] == sorted(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_role_enters_with_its_password(admin: Mapping[str, str], role: str) -> None:
    with psycopg.connect(**role_parameters(role)) as connection:
        assert connection.execute("select current_user, current_database()").fetchone() == (role, "tansiq")


def test_roles_cannot_pass_row_security(admin: Mapping[str, str]) -> None:
    inside = {**admin, "dbname": "tansiq"}
    run(
        role_parameters(OWNER),
        "create table if not exists walled as select 1 as n",
        f"grant select on walled to {RUNTIME}, {SEQUENCER}, {AUDITOR}",
    )
    for role in ROLES:
        with psycopg.connect(**role_parameters(role)) as connection:
            assert connection.execute("select n from walled").fetchall() == [(1,)]  # it could leak
    run(
        inside,
        "alter table walled enable row level security",
        "alter table walled force row level security",
    )
    for role in ROLES:
        with psycopg.connect(**role_parameters(role)) as connection:
            assert connection.execute("select n from walled").fetchall() == []
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("set role postgres")


def test_runtime_role_makes_no_table(admin: Mapping[str, str]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(role_parameters(RUNTIME), "create table mine (n int)")


def test_provision_refuses_a_role_that_could_pass_the_wall(admin: Mapping[str, str]) -> None:
    run(admin, f"alter role {RUNTIME} bypassrls")
    try:
        with pytest.raises(Refused, match=f"could pass the wall: {RUNTIME}"):
            provision(admin, own_server=True)
    finally:
        run(admin, f"alter role {RUNTIME} nobypassrls")


def test_provision_refuses_a_role_that_may_become_one_that_could(admin: Mapping[str, str]) -> None:
    run(admin, "create role almighty superuser", f"grant almighty to {RUNTIME}")
    try:
        with pytest.raises(Refused, match=f"could pass the wall: {RUNTIME}"):
            provision(admin, own_server=True)
    finally:
        run(admin, "drop role almighty")


def test_provision_leaves_the_password_of_another_installation(admin: Mapping[str, str]) -> None:
    run(admin, f"alter role {RUNTIME} password 'theirs'")
    with pytest.raises(Refused, match="another installation uses it"):
        provision(admin)
    provision(admin, own_server=True)
    with psycopg.connect(**role_parameters(RUNTIME)) as connection:
        assert connection.info.user == RUNTIME


def test_provision_tells_an_administrator_what_to_run(admin: Mapping[str, str]) -> None:
    run(admin, "create role poor login password 'poor'")
    try:
        with pytest.raises(Refused) as refused:
            provision({**admin, "user": "poor", "password": "poor"}, "elsewhere")
    finally:
        run(admin, "drop role poor")
    assert 'CREATE DATABASE "elsewhere"' in refused.value.message
    assert "DATABASE_RT_URL  the address of tansiq_rt" in refused.value.message


def test_provision_serves_a_user_who_may_create_roles(admin: Mapping[str, str]) -> None:
    outside = {**admin, "dbname": "postgres"}
    run(outside, "drop database tansiq with (force)", *(f"drop role {role}" for role in ROLES))
    run(outside, "create role maker login createrole createdb password 'maker'")
    provision({**admin, "user": "maker", "password": "maker"})
    with psycopg.connect(**role_parameters(OWNER), autocommit=True) as connection:
        connection.execute("create table made (n int)")
        owner = connection.execute("select tableowner from pg_tables where tablename = 'made'").fetchone()
        maker = connection.execute("select rolsuper from pg_roles where rolname = 'maker'").fetchone()
    assert (owner, maker) == ((OWNER,), (False,))


def test_provision_names_a_server_that_does_not_answer_without_its_password() -> None:
    with pytest.raises(Failed) as failed:
        provision({"host": "127.0.0.1", "port": "1", "user": "somebody", "password": "geheim", "dbname": "x"})
    assert "127.0.0.1:1 as somebody does not answer" in failed.value.message
    assert "geheim" not in failed.value.message
