"""Programs with tokens, and people with sessions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tansiq.building.people.actions import TokenAsked, create_token
from tests import factories


@pytest.fixture
def program(db: None) -> Callable[..., Client]:
    """Makes a client that works with a token of a room's officer."""

    def make(slug: str, *acts: str, **changes: object) -> Client:
        until = datetime.now(UTC) + timedelta(days=1)
        asked = TokenAsked("test", acts or READING, until, **changes)
        _token, secret = create_token(by=factories.actor(slug), asked=asked)
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return make


READING = (
    "rooms.room.read", "ledger.entry.read", "ledger.receipt.read", "doors.release.read", "places.place.read",
    "places.crossing.read", "clocks.clock.read", "aid.consignment.read", "aid.event.read", "aid.count.read",
)  # fmt: skip
