"""Clocks that this room sees, least time left first."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from tansiq.api.endpoint import Code, endpoint
from tansiq.building.clocks.models import ClockState
from tansiq.building.clocks.queries import Face, open_clocks
from tansiq.building.clocks.rules import Act

router = Router(tags=["clocks"])


class ClockOut(Schema):
    """A deadline: what waits, who holds it, how much time is left."""

    id: UUID
    kind: str
    subject: dict[str, str]
    subject_id: UUID
    state: str
    band: str
    started_at: datetime
    due_at: datetime
    left_s: int
    share: float
    pause_reason: str
    holder_room: UUID
    holder_role: str
    sharing: str


@router.get("", response=list[ClockOut], summary="Clocks by time left")
@endpoint(Act.READ_CLOCK)
def list_clocks(
    request: HttpRequest, state: ClockState | None = None, kind: Code = "", holder: Code = ""
) -> list[dict[str, object]]:
    """The clocks that are not stopped, or those of one state; `left_s` is below zero once the time has passed."""
    faces = open_clocks(request.actor, state=str(state or ""), kind=kind, holder=holder)
    return [_clock(face) for face in faces]


def _clock(face: Face) -> dict[str, object]:
    clock = face.clock
    return {
        "id": clock.pk, "kind": clock.kind.code, "subject": clock.subject_names, "subject_id": clock.subject_id,
        "state": clock.state, "band": face.band, "started_at": clock.started_at, "due_at": clock.due_at,
        "left_s": round(face.left.total_seconds()), "share": round(face.share, 4),
        "pause_reason": clock.pause_reason, "holder_room": clock.holder_room_id, "holder_role": clock.holder_role,
        "sharing": face.share_state,
    }  # fmt: skip
