"""Refuses what the operation does not know, and finds the request as it stands now."""

from datetime import datetime

from django.db import connection

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Operation
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests.models import Clearance, Request
from tansiq.desks.requests.queries.operation import Words
from tansiq.desks.requests.rules import (
    LINES_AT_MOST,
    PEOPLE_AT_MOST,
    PLACES_AT_MOST,
    TITLE_LENGTH,
    Act,
    RequestStatement,
    line_fault,
    next_state,
)
from tansiq.engine.names import UnsafeName, safe_name


def check_statement(said: RequestStatement, known: Words) -> None:
    """Refuse what cannot be asked for. Raises Refused, naming the field, what was found and what is expected."""
    _check_title(said.title.strip())
    if len(said.lines) > LINES_AT_MOST:
        raise Refused("request_too_many_lines", found=len(said.lines), expected=LINES_AT_MOST)
    if len(said.places) > PLACES_AT_MOST:
        raise Refused("request_too_many_places", found=len(said.places), expected=PLACES_AT_MOST)
    for place in said.places:
        if place not in known.areas:
            raise Refused("request_place_unknown", found=place)
    if said.crossing_code and said.crossing_code not in known.crossings:
        raise Refused("request_crossing_unknown", found=said.crossing_code)
    if said.consignor_class and said.consignor_class not in known.consignors:
        raise Refused("request_class_unknown", found=said.consignor_class)
    for field in ("households", "individuals"):
        found = getattr(said, field)
        if found is not None and not 0 <= found <= PEOPLE_AT_MOST:
            raise Refused("request_people", field=field, found=found, expected=PEOPLE_AT_MOST)
    if not said.lines:
        raise Refused("request_no_lines")
    for number, line in enumerate(said.lines, 1):
        if fault := line_fault(number, line, known.catalogue, known.units):
            raise fault


def _check_title(title: str) -> None:
    if len(title) > TITLE_LENGTH:
        raise Refused("request_title_too_long", found=len(title), expected=TITLE_LENGTH)
    try:
        safe_name(title)
    except UnsafeName as unsafe:
        if not unsafe.character:
            raise Refused("request_title_missing") from None
        raise Refused("request_title_unseen", found=unsafe.character) from None


def locked(by: Actor, request: Request, act: Act) -> Request:
    """The request of the acting room as it stands now, held until the act is done. Raises Refused.

    Read only once it is held: what waited for another's act would else judge the row with what it saw before that.
    """
    own = Request.objects.filter(pk=request.pk, room_id=by.room_id)
    list(own.select_for_update().values_list("pk"))
    held = own.select_related("room").first()
    if held is None:
        raise Refused("request_not_own" if Request.objects.filter(pk=request.pk).exists() else "not_found")
    next_state(held.state, act)
    return held


def held_question(by: Actor, clearance: Clearance, act: Act) -> Clearance:
    """A question of the acting room, held until the act is done, with its request in a state that allows it."""
    seen = Clearance.objects.filter(pk=clearance.pk, room_id=by.room_id).first()
    if seen is None:
        raise Refused("not_found")
    request = locked(by, seen.request, act)
    own = Clearance.objects.filter(pk=clearance.pk, room_id=by.room_id)
    held = own.select_related("room", "item", "authority", "clock__kind", "clock__room").get()
    held.request = request
    if held.closed_at:
        raise Refused("clearance_closed")
    return held


def moment(by: Actor, at: datetime | None) -> datetime:
    """Now; the sample operation alone may say otherwise, so that its story has a past. Raises Refused."""
    if at is None:
        return database_now()
    if not Operation.objects.get(pk=by.operation_id).is_sample:
        raise Refused("request_time_is_now")
    return at


def one_at_a_time(by: Actor, what: str) -> None:
    """Let one transaction at a time do this in the room."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"{what} {by.room_id}"])
