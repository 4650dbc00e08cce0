"""Where the sample's story is played: its rooms, its hour, its people and its consignments."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from tansiq.building.people.models import Account
from tansiq.building.rooms.actors import Actor, actor_for, eyes_of, memberships_of, system_actor
from tansiq.building.rooms.models import Room
from tansiq.desks.aid.models import Consignment


@dataclass(frozen=True)
class Stage:
    """Where the story is played."""

    rooms: dict[str, Room]
    now: datetime
    consignment_words: ClassVar[dict[str, str]] = {"en": "Consignment", "ar": "شحنة", "he": "משלוח"}

    def system(self, room: str) -> Actor:
        """The centre itself in a room."""
        return system_actor(self.rooms[room])

    def person(self, email: str, room: str) -> Actor:
        """A sample account at work in a room."""
        account = Account.objects.get(email=email)
        membership = next(one for one in memberships_of(account) if one.room.slug == room)
        return actor_for(membership, account, via="console")

    def consignment(self, room: str, nth: int) -> Consignment | None:
        """The nth latest consignment of a room that was not rejected; a small sample may have fewer."""
        with eyes_of(self.system(room)):
            own = Consignment.objects.filter(room=self.rooms[room]).exclude(crossing_code="")
            found: Consignment | None = own.order_by("-reference")[nth - 1 : nth].first()
            return found
