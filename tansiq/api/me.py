"""Who one is here, and the rooms of the operation."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from tansiq.api.endpoint import endpoint
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.rules import Act

router = Router(tags=["rooms"])


class RoomOut(Schema):
    """A room of the operation."""

    id: UUID
    code: str
    kind: str
    names: dict[str, str]


class Me(Schema):
    """The account at work, the room it acts in, and what it may do there."""

    account: UUID | None
    name: str
    operation: UUID
    room: RoomOut
    acts: list[str]
    via: str


@router.get("/me", response=Me, summary="Who one is, and what one may do")
@endpoint(Act.READ_ROOM)
def me(request: HttpRequest) -> dict[str, object]:
    """The account, the room that the token or the session acts in, and the acts allowed there."""
    actor = request.actor
    room = Room.objects.get(pk=actor.room_id)
    return {
        "account": actor.account_id, "name": actor.name, "operation": actor.operation_id,
        "room": room_out(room), "acts": sorted(actor.acts), "via": actor.via,
    }  # fmt: skip


@router.get("/rooms", response=list[RoomOut], summary="The rooms of the operation")
@endpoint(Act.READ_ROOM)
def rooms(request: HttpRequest) -> list[dict[str, object]]:
    """Every room of the operation by code: names and kinds, nothing of what is in them."""
    return [room_out(room) for room in Room.objects.filter(operation_id=request.actor.operation_id).order_by("slug")]


def room_out(room: Room) -> dict[str, object]:
    """A room as the API shows it."""
    return {"id": room.pk, "code": room.slug, "kind": room.kind, "names": room.names}
