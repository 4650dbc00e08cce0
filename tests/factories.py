"""The test operation and short ways to stand in its rooms."""

from uuid import UUID

from django.db import connections

from tansiq.building.people.models import Account
from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import Actor, actor_for, memberships_of, system_actor
from tansiq.building.rooms.models import Operation, Role, Room

PASSWORD = "a sample password for tests"
ROOMS = {
    "floor": "shared_floor", "lead": "lead_nation", "alpha": "party", "beta": "party", "guarantors": "guarantors",
    "un": "organisation", "ngo": "organisation", "other_ngo": "organisation", "association": "organisation", "press": "press",
}  # fmt: skip
ROLES = {"officer": ["*"], "observer": ["*.*.read"]}
ROLE_NAMES = {
    "officer": {"en": "officer", "ar": "ضابط", "he": "קצין"},
    "observer": {"en": "observer", "ar": "مراقب", "he": "משקיף"},
}


def build_operation() -> None:
    """Write the test operation: ten rooms, an officer and an observer in each."""
    structure = Operation.objects.using("owner").create(
        slug="test", names={"en": "Test operation", "ar": "عملية اختبار", "he": "מבצע ניסיון"},
        time_zone="Asia/Gaza", is_sample=True,
    )  # fmt: skip
    for code, acts in ROLES.items():
        Role.objects.using("owner").create(operation=structure, code=code, names=ROLE_NAMES[code], acts=acts)
    for slug, kind in ROOMS.items():
        Room.objects.using("owner").create(
            operation=structure,
            slug=slug,
            kind=kind,
            names={"en": f"Room {slug}", "ar": f"غرفة {slug}", "he": f"חדר {slug}"},
        )
        for role in ROLES:
            account = Account.objects.db_manager("owner").create_user(
                f"{slug}-{role}@example.org", PASSWORD, name=f"{slug} {role}", is_sample=True
            )
            account._state.db = "default"
            actions.grant_membership(by=system_actor(room(slug)), account=account, roles=[role])
    actions.note_operation_loaded(by=system_actor(room("floor")), operation=operation())


def operation() -> Operation:
    """The test operation."""
    return Operation.objects.get(slug="test")


def room(slug: str) -> Room:
    """A room of the test operation."""
    return Room.objects.get(operation__slug="test", slug=slug)


def account(slug: str, role: str = "officer") -> Account:
    """The officer or observer of a room."""
    return Account.objects.get(email=f"{slug}-{role}@example.org")


def actor(slug: str, role: str = "officer") -> Actor:
    """The officer or observer of a room, at work there."""
    person = account(slug, role)
    membership = next(m for m in memberships_of(person) if m.room.slug == slug)
    return actor_for(membership, person, via="page")


def room_id(slug: str) -> UUID:
    """The id of a room of the test operation."""
    return room(slug).pk


def close_connections() -> None:
    """Close every connection, so that a database can be copied or dropped."""
    for alias in connections:
        connections[alias].close()
