"""The sample operation's places in the test operation, and eyes of rooms."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tansiq.building.places.intake.gazetteer import read_gazetteer
from tansiq.building.places.loading import load_places, save_places
from tansiq.building.rooms.actors import system_actor
from tansiq.building.rooms.models import Operation, Room
from tansiq.building.wall.context import room_context
from tests import factories

DIRECTORY = Path(__file__).resolve().parents[3] / "demo" / "operation"
GAZETTEERS = (
    "geonames_cities500_levant_yemen_sudans",
    "il_pikud_haoref_cities_he_en_ru_ar",
    "ps_gazetteer_known_locations",
)


@pytest.fixture(scope="session")
def owned(django_db_setup: None, django_db_blocker: Any) -> Iterator[Operation]:
    """The test operation as its owner sees it, with the sample's places."""
    with django_db_blocker.unblock():
        operation = Operation.objects.using("owner").get(slug="test")
        load_places(operation, DIRECTORY)
    yield operation


@pytest.fixture(scope="session")
def other_floor(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The shared floor of another operation that has no places."""
    with django_db_blocker.unblock():
        other = Operation.objects.using("owner").create(slug="elsewhere", time_zone="UTC", is_sample=True)
        yield system_actor(Room.objects.using("owner").create(operation=other, slug="floor", kind="shared_floor"))


@pytest.fixture(scope="session")
def gazetteers(django_db_setup: None, django_db_blocker: Any, real_data: Path) -> Iterator[Any]:
    """The shared floor of an operation with the sample's places and three real gazetteers."""
    with django_db_blocker.unblock():
        operation = Operation.objects.using("owner").create(slug="gazetteers", time_zone="Asia/Gaza", is_sample=True)
        room = Room.objects.using("owner").create(operation=operation, slug="floor", kind="shared_floor")
        load_places(operation, DIRECTORY)
        for name in GAZETTEERS:
            file = real_data / "6-text" / f"{name}.json"
            save_places(operation, read_gazetteer(file.read_bytes(), file.name))
        with connections["owner"].cursor() as cursor:
            cursor.execute("analyze places_placename, places_place")
    yield system_actor(room)


@pytest.fixture
def alpha(owned: Operation, db: None) -> Any:
    return factories.actor("alpha")


@pytest.fixture
def beta(owned: Operation, db: None) -> Any:
    return factories.actor("beta")


@pytest.fixture
def floor(owned: Operation, db: None) -> Any:
    return factories.actor("floor")


def inside(by: Any) -> Any:
    return room_context(account_id=by.account_id, room_ids=(by.room_id,))
