"""Who acts: an account in a room, with the acts that its roles allow there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from tansiq.building.rooms.configuration import act_fits
from tansiq.building.rooms.models import Membership, Role, Room
from tansiq.building.wall.context import room_context


@dataclass(frozen=True)
class Actor:
    """An account at work in one room; every act is done by one of these."""

    account_id: UUID | None  # None: the system itself (a clock, an import that nobody started)
    room_id: UUID
    operation_id: UUID
    acts: frozenset[str]  # act names and area patterns such as "aid.*"
    name: str
    via: str  # "page", "api", "console" or "system"

    def may(self, act: str) -> bool:
        """Whether a role in this room allows the act."""
        return act in self.acts or any(act_fits(pattern, act) for pattern in self.acts if "*" in pattern)


def memberships_of(account: AbstractBaseUser) -> list[Membership]:
    """The rooms in which the account works now, by operation and room."""
    with room_context(account_id=account.pk), transaction.atomic():
        found = Membership.objects.filter(account=account, ended_at=None).select_related("room__operation")
        return list(found.order_by("room__operation__slug", "room__slug"))


def actor_for(membership: Membership, account: AbstractBaseUser, *, via: str, scope: list[str] | None = None) -> Actor:
    """The account at work in this room; a token's scope can only narrow what the roles allow."""
    room = membership.room
    granted: set[str] = set()
    for role in Role.objects.filter(operation=room.operation_id, code__in=membership.roles):
        granted.update(role.acts)
    actor = Actor(account.pk, room.id, room.operation_id, frozenset(granted), str(account), via)
    if scope is None:
        return actor
    narrowed = frozenset(act for act in scope if actor.may(act))
    return Actor(account.pk, room.id, room.operation_id, narrowed, str(account), via)


@contextmanager
def eyes_of(actor: Actor) -> Iterator[None]:
    """Read as the actor does: one transaction with the acting room's context."""
    with room_context(account_id=actor.account_id, room_ids=(actor.room_id,)), transaction.atomic():
        yield


def system_actor(room: Room, *acts: str) -> Actor:
    """The centre itself, acting in a room because a clock struck or an operator's command asked it."""
    return Actor(None, room.id, room.operation_id, frozenset(acts or ("*",)), "system", "system")


def guest(room: Room, account: AbstractBaseUser, *acts: str) -> Actor:
    """A person who answers a room in which they have no place, and may do there nothing but that."""
    return Actor(account.pk, room.id, room.operation_id, frozenset(acts), str(account), "page")
