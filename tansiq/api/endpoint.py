"""The one way to make an operation of the API: permission and one transaction behind the wall."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Header
from pydantic import AwareDatetime, Field, StringConstraints

from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused

Operation = Callable[..., Any]
IdempotencyKey = Annotated[
    UUID | None,
    Header(alias="Idempotency-Key", description="A UUID of the caller's: the same submission is accepted once."),
]

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=2000)]
"""Typed text: anything but the character that a database cannot keep."""
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:+-]*$", max_length=100)]
"""The name of an act, a kind of record, a code of the operation."""

Moment = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))]
"""A time with its zone, within what calendars of programs can reckon."""
Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2200, 1, 1))]
"""A day of the calendar."""


def endpoint(act: str) -> Callable[[Operation], Operation]:
    """Make a function an operation for who may do the act; what it reads passes the wall.

    It must hand back plain data: nothing is read after the transaction ends. A refusal does not undo an act that was
    done before it, such as the note of a try in the originator's ledger. Stands under the router's decorator.
    """

    def decorate(operation: Operation) -> Operation:
        @wraps(operation)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor = request.actor = request.auth  # type: ignore[attr-defined]
            if not actor.may(act):
                raise Refused("not_permitted", act=act)
            with eyes_of(actor):
                try:
                    return operation(request, *args, **kwargs)
                except Refused as refused:
                    refusal = refused  # the act that was refused is undone already, by itself
            raise refusal

        answered.act = act  # type: ignore[attr-defined]
        return answered

    return decorate
