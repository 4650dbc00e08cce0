"""What every test can ask for: a database of its worker, the real data, rooms to stand in."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object) -> Iterator[None]:
    """One database for this worker, copied from the template; tests run as the runtime role."""
    from django.db import connections

    def point_at(name: str) -> None:
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name

    def build(name: str) -> None:
        from django.conf import settings
        from django.core.management import call_command

        from tansiq.building.wall.grants import grant_library_tables
        from tansiq.building.wall.keys import install_context_key
        from tests import factories

        point_at(name)
        call_command("migrate", database="owner", verbosity=0)
        install_context_key(connections["owner"], settings.CONTEXT_KEY)
        grant_library_tables(connections["owner"])
        factories.build_operation()
        factories.close_connections()

    mine = f"tansiq_test_{os.getpid()}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        databases.in_use.append(databases.template(build))
        databases.copy(databases.in_use[-1], mine)
        point_at(mine)
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        for alias in connections:
            connections[alias].close()
    databases.drop(mine)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test begins in English, whatever language the one before it asked for."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """A database for this test alone, where transactions are real; gone afterwards."""
    with django_db_blocker.unblock(), databases.copied("own") as name:  # type: ignore[attr-defined]
        yield name


@pytest.fixture
def superuser(own_database: str) -> Iterator[object]:
    """A superuser's connection that passes triggers and row security, as an insider would."""
    import psycopg

    from tansiq.console.addresses import admin_parameters

    with psycopg.connect(**{**admin_parameters(), "dbname": own_database}, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        yield connection


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The directory of real data made by others; tests that need it are skipped where it is absent."""
    chosen = os.environ.get("TANSIQ_REAL_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data"
    place = Path(chosen)
    if not place.is_dir():
        pytest.skip("real data is not present (TANSIQ_REAL_DATA)")
    return place


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The controller stops the server when the last worker is done."""
    if not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        databases.stop_server()
