"""What programs send and receive of requests: the shapes of requests, questions, decisions and tokens."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from tansiq.api.endpoint import Code, Day, Moment, Text
from tansiq.desks.requests.models import Outcome, RequestState
from tansiq.engine.tokens import MOST

Amount = Annotated[Decimal, Field(ge=0, le=999_999_999_999, max_digits=18, decimal_places=6)]
People = Annotated[int, Field(ge=0, le=2_000_000_000)]
ShortCode = Annotated[Code, Field(max_length=64)]
Line = Annotated[Text, Field(max_length=500)]


class RequestOut(Schema):
    """A request as a list shows it."""

    id: UUID
    room: UUID
    reference: str
    title: str
    state: str
    consignor_class: str
    crossing: str
    places: list[str]
    ready_date: date | None
    created_at: datetime
    sent_at: datetime | None
    closed_at: datetime | None


class RequestPage(Schema):
    """Requests, the latest first, and the mark of the next page."""

    items: list[RequestOut]
    next: str | None


class DecisionOut(Schema):
    """A decision as far as it is open to this room."""

    id: UUID
    authority: UUID
    asking_room: UUID
    question: UUID
    commodity: str
    outcome: str
    reason: str
    decided_role: str
    asked_at: datetime
    decided_at: datetime
    valid_until: datetime | None
    is_late: bool
    quantity: Decimal | None
    unit: str
    conditions: str
    words: str


class DecisionPage(Schema):
    """Decisions, the latest first, and the mark of the next page."""

    items: list[DecisionOut]
    next: str | None


class QuestionOut(Schema):
    """A line before an authority, and how it stands."""

    id: UUID
    request: UUID
    asking_room: UUID
    authority: UUID
    line: UUID
    commodity: str
    description: str
    round: int
    asked_at: datetime
    due_at: datetime | None
    state: str
    since: datetime
    silences: int


class QuestionPage(Schema):
    """Questions, the latest first, and the mark of the next page."""

    items: list[QuestionOut]
    next: str | None


class QuestionStoryOut(QuestionOut):
    """A question with its decisions, and with earlier decisions on the like."""

    decisions: list[DecisionOut]
    precedents: list[DecisionOut]


class ClearedOut(Schema):
    """How a line stands with one authority."""

    question: UUID
    authority: UUID
    state: str
    since: datetime
    due_at: datetime | None
    silences: int
    allowed: Decimal | None
    token: str


class LineOut(Schema):
    """A line item before every authority that clears it."""

    id: UUID
    number: int
    commodity: str
    description: str
    quantity: Decimal
    unit: str
    mass_kg: Decimal | None
    in_consignments: Decimal
    may_still_move: Decimal
    clearances: list[ClearedOut]


class HappeningOut(Schema):
    """One thing in the story of a request."""

    at: datetime
    what: str
    room: dict[str, str]
    line: int | None
    outcome: str
    quantity: str
    conditions: str
    words: str
    is_late: bool
    due_at: datetime | None
    record: UUID | None


class StoryOut(RequestOut):
    """A request on every tear line that is open to this room, with its whole story."""

    origin: str
    organisations: str
    group: str
    households: int | None
    individuals: int | None
    needs: str
    remark: str
    person: str
    contact: str
    lines: list[LineOut]
    consignments: list[UUID]
    story: list[HappeningOut]


class ResemblanceOut(Schema):
    """A live request of this room that resembles a draft."""

    request: UUID
    reference: str
    title: str
    likeness: float


class InconsistencyOut(Schema):
    """The same item decided differently."""

    id: UUID
    room: UUID
    commodity: str
    earlier: UUID
    later: UUID
    found_at: datetime
    owner_role: str
    answer: str
    answered_at: datetime | None


class InconsistencyPage(Schema):
    """Contradictions, the latest first, and the mark of the next page."""

    items: list[InconsistencyOut]
    next: str | None


class TokenOut(Schema):
    """What the check of a token found."""

    result: str
    item: str
    quantity: Decimal | None
    unit: str
    authority: str
    line: str
    issued_at: datetime | None
    valid_until: datetime | None
    decision: UUID | None


class RequestsWanted(Schema):
    """What a list of requests is narrowed to."""

    state: RequestState | None = None
    room: ShortCode = ""
    mine: bool = False
    commodity: ShortCode = ""
    place: ShortCode = ""
    sought: Line = ""
    changed_since: Moment | None = None


class LineIn(Schema):
    """A line item as it is asked for."""

    commodity: ShortCode = Field(min_length=1)
    quantity: Annotated[Decimal, Field(gt=0, le=999_999_999_999, max_digits=18, decimal_places=6)]
    unit: ShortCode = Field(min_length=1)
    description: Line = ""
    mass_kg: Amount | None = None


class RequestIn(Schema):
    """What is asked for."""

    title: Annotated[Text, Field(min_length=1, max_length=200)]
    lines: list[LineIn] = Field(min_length=1, max_length=200)
    places: list[ShortCode] = Field([], max_length=100)
    ready_date: Day | None = None
    consignor_class: ShortCode = ""
    crossing: ShortCode = ""
    origin: Line = ""
    organisations: Line = ""
    group: Annotated[Text, Field(max_length=300)] = ""
    households: People | None = None
    individuals: People | None = None
    needs: Line = ""
    remark: Text = ""
    person: Annotated[Text, Field(max_length=200)] = ""
    contact: Annotated[Text, Field(max_length=300)] = ""


class SendIn(Schema):
    """Why it is sent although it resembles a live request; needed when it does."""

    in_spite: Text = ""


class WordsIn(Schema):
    """What is said at the step."""

    words: Text = Field(min_length=1)


class DecisionIn(Schema):
    """What an authority decides of a line."""

    outcome: Outcome
    reason: ShortCode = ""
    quantity: Amount | None = None
    conditions: Text = ""
    words: Text = ""
    decided_role: ShortCode = ""
    valid_until: Moment | None = None


class TakenIn(Schema):
    """How much of a line goes into a consignment."""

    line: UUID
    quantity: Amount


class PartIn(Schema):
    """What of a request becomes one consignment."""

    lines: list[TakenIn] = Field(min_length=1, max_length=200)
    reference: Annotated[Text, Field(max_length=300)] = ""
    crossing: ShortCode = ""
    destination: Line = ""
    consignee: Line = ""


class TokenIn(Schema):
    """The text of a token."""

    token: Annotated[Text, Field(min_length=1, max_length=MOST)]
