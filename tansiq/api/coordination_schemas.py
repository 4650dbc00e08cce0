"""What programs send and get of coordination: requests, answers, green lights, outcomes and stories."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from tansiq.api.endpoint import Code, Moment, Text
from tansiq.desks.coordination.models import Move, State
from tansiq.desks.coordination.rules import CoordinationAsked, LineAsked, RouteNamed

Amount = Annotated[Decimal, Field(ge=0, le=999_999_999_999, max_digits=18, decimal_places=6)]
Line = Annotated[Text, Field(max_length=300)]
ShortCode = Annotated[Code, Field(max_length=64)]
Minutes = Annotated[int, Field(ge=0, le=527_040)]
ANSWERS = {
    "approved": Move.APPROVE, "approved_with_changes": Move.APPROVE_WITH_CHANGES, "partly": Move.APPROVE_PARTLY,
    "denied": Move.DENY, "information_asked": Move.ASK_INFORMATION,
}  # fmt: skip


class RouteIn(Schema):
    """A route by the operation's code, or by a name of its own."""

    code: ShortCode = ""
    name: Annotated[Text, Field(max_length=200)] = ""


class LineIn(Schema):
    """One line item that is to move."""

    number: Annotated[int, Field(ge=1, le=10_000)]
    quantity: Amount
    unit: ShortCode
    commodity: ShortCode = ""
    cargo: Text = ""


class PartIn(Schema):
    """How much of one line is agreed to."""

    number: Annotated[int, Field(ge=1, le=10_000)]
    quantity: Amount


class RequestIn(Schema):
    """What an authority is asked to agree to."""

    window_from: Moment
    window_until: Moment
    crossing: Code = ""
    route: RouteIn = RouteIn()
    lines: list[LineIn] = Field([], max_length=500)
    note: Text = ""

    def asked(self) -> CoordinationAsked:
        """The same as the desk takes it."""
        lines = tuple(LineAsked(**line.model_dump()) for line in self.lines)
        return CoordinationAsked(
            self.window_from, self.window_until, self.crossing, RouteNamed(self.route.code, self.route.name), lines,
            self.note,
        )  # fmt: skip


class AskIn(RequestIn):
    """A request before one authority or several."""

    consignment: UUID
    authorities: list[UUID] = Field(min_length=1, max_length=20)


class ChangeIn(RequestIn):
    """A changed request to the same authority."""

    reason: Text = ""


class TextIn(Schema):
    """A step with words that may be left out."""

    text: Text = ""


class WordsIn(Schema):
    """A step with words."""

    text: Text = Field(min_length=1)


class AnswerIn(Schema):
    """What an authority answers; what is left out of an approval is agreed to as it was asked."""

    answer: Literal["approved", "approved_with_changes", "partly", "denied", "information_asked"]
    reason: ShortCode = ""
    text: Text = ""
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    crossing: Code = ""
    route: RouteIn = RouteIn()
    lines: list[PartIn] = Field([], max_length=500)


class GreenLightIn(TextIn):
    """A green light, perhaps for less long than the approval."""

    until: Moment | None = None


class WithholdIn(TextIn):
    """Why no green light is given."""

    reason: ShortCode = Field(min_length=1)


class HoldingIn(Schema):
    """How long the movement was held at a holding point."""

    place: Annotated[Text, Field(min_length=1, max_length=200)]
    minutes: Minutes


class OutcomeIn(TextIn):
    """What came of a request."""

    outcome: ShortCode = Field(min_length=1)
    holdings: list[HoldingIn] = Field([], max_length=50)


class AskingOut(Schema):
    """How a request stands: `state` is one of the states, or `expired`; silences stay counted for ever."""

    id: UUID
    room: UUID
    consignment: UUID
    reference: str
    version: int
    supersedes: UUID | None
    authority: UUID
    state: str
    state_since: datetime
    silences: int
    needs_green_light: bool
    asked_at: datetime
    window_from: datetime
    window_until: datetime
    crossing: str
    valid_until: datetime | None
    due_at: datetime | None
    changed_at: datetime


class AskingPage(Schema):
    """Requests, asked last first, and the mark of the next page."""

    items: list[AskingOut]
    next: str | None


class AgreedOut(Schema):
    """How much of a line is agreed to."""

    number: int
    quantity: Decimal


class HoldingOut(Schema):
    """How long the movement was held where."""

    place: str
    minutes: int


class StepOut(Schema):
    """One step in the story of a request, of whichever room's book."""

    at: datetime
    step: str
    state: str
    room: dict[str, str]
    by_system: bool
    is_late: bool
    code: str
    valid_from: datetime | None
    valid_until: datetime | None
    due_at: datetime | None
    text: str
    lines: list[AgreedOut]
    holdings: list[HoldingOut]


class LineOut(Schema):
    """One line item that is to move."""

    number: int
    commodity: str
    cargo: str
    quantity: Decimal
    unit: str


class StoryOut(AskingOut):
    """A request with its whole story, as far as it is open to this room."""

    route_code: str
    route_name: str
    note: str
    lines: list[LineOut]
    story: list[StepOut]


class AskingsWanted(Schema):
    """What a list of requests is narrowed to."""

    side: Literal["", "mine", "queue"] = ""
    state: Literal["", "open", "to_answer"] | State = ""
    authority: Code = ""
    asker: Code = ""
    consignment: UUID | None = None
    sought: Text = ""
    changed_since: Moment | None = None
