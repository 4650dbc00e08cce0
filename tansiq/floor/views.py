"""Pages of the floor, its panels as fragments, and the stream of events that keeps them true."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from tansiq.building.rooms.pages import acting, no_entry
from tansiq.floor.hub import Seat, asked, running_hub
from tansiq.floor.queries.seats import Holder
from tansiq.floor.rules import Act
from tansiq.floor.stream import Stream


async def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """What changed, as topics, for as long as the page is open and its reader may read; resumes by event id."""
    holder = await sync_to_async(asked)(_holder, request)
    if isinstance(holder, HttpResponse):
        return holder
    hub = running_hub()
    if not await hub.ready():
        return HttpResponse(status=503)
    last_id = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    stream = Stream(hub, Seat(holder), last_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(stream, content_type="text/event-stream", headers=headers)


events.act = Act.READ_FLOOR  # type: ignore[attr-defined]


def _holder(request: HttpRequest) -> Holder | HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    actor = acting(request)
    if actor is None or not actor.may(Act.READ_FLOOR):
        return no_entry(request)
    mark = request.user.get_session_auth_hash()
    return Holder(request.user.pk, actor.room_id, request.session.session_key, mark)
