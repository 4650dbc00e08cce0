"""What programs send and are sent of warehouses, releases to partners, distributions, monitoring and complaints."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from tansiq.api.endpoint import Code, Day, Moment, Text

Amount = Annotated[Decimal, Field(ge=0, le=999_999_999_999, max_digits=18, decimal_places=6)]
ShortCode = Annotated[Code, Field(max_length=64)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Line = Annotated[Text, Field(max_length=300)]


class LotOut(Schema):
    """One lot in a warehouse, and how much of it is reserved."""

    commodity: str
    unit: str
    expiry_date: date | None
    consignment: UUID | None
    consignment_reference: str
    quantity: Decimal
    reserved: Decimal


class WarehouseOut(Schema):
    """A warehouse with its stock."""

    id: UUID
    room: UUID
    name: str
    place: str
    pallets: int | None
    floor_m2: Decimal | None
    is_open: bool
    over_capacity: Decimal
    stock: list[LotOut]


class WarehousePage(Schema):
    """Warehouses, opened last first, and the mark of the next page."""

    items: list[WarehouseOut]
    next: str | None


class WarehouseAsked(Schema):
    """What is stated of a warehouse."""

    name: Annotated[Text, Field(min_length=1, max_length=120)]
    place: Annotated[Code, Field(min_length=1, max_length=80)]
    pallets: Annotated[int, Field(gt=0, le=1_000_000)] | None = None
    floor_m2: Annotated[Decimal, Field(gt=0, le=1_000_000, max_digits=12, decimal_places=2)] | None = None
    is_open: bool = True


class GoodsAsked(Schema):
    """How much of what."""

    commodity: ShortCode = Field(min_length=1)
    unit: ShortCode = Field(min_length=1)
    quantity: Amount
    expiry_date: Day | None = None


class ReceiptAsked(Schema):
    """Goods that came in."""

    goods: list[GoodsAsked] = Field(min_length=1, max_length=200)
    occurred_at: Moment
    consignment: UUID | None = None
    event: UUID | None = None
    explanation: Text = ""


class LotAsked(Schema):
    """One lot of a warehouse."""

    commodity: ShortCode = Field(min_length=1)
    unit: ShortCode = Field(min_length=1)
    expiry_date: Day | None = None
    consignment: UUID | None = None
    consignment_reference: Line = ""


class MovementAsked(Schema):
    """What happened to goods of one lot."""

    kind: ShortCode
    lot: LotAsked
    quantity: Amount
    occurred_at: Moment
    reason: ShortCode = ""
    explanation: Text = ""


class CountedAsked(Schema):
    """What was counted of one lot."""

    lot: LotAsked
    counted: Amount


class CountAsked(Schema):
    """What a stock-taking found."""

    lots: list[CountedAsked] = Field(min_length=1, max_length=500)
    at: Moment
    explanation: Text = ""


class ReleaseLineOut(Schema):
    """One line of a release, as each side counts it."""

    number: int
    commodity: str
    unit: str
    expiry_date: date | None
    consignment: UUID | None
    consignment_reference: str
    sent: Decimal
    received: Decimal | None
    damaged: Decimal | None


class ReleaseOut(Schema):
    """Goods given to a partner, and what came of them."""

    id: UUID
    room: UUID
    partner_room: UUID
    reference: str
    state: str
    released_at: datetime
    expected_at: datetime | None
    lines: list[ReleaseLineOut]


class ReleasePage(Schema):
    """Releases, given out last first, and the mark of the next page."""

    items: list[ReleaseOut]
    next: str | None


class ReleaseAsked(Schema):
    """Goods that are given to a partner's room."""

    warehouse: UUID
    partner_room: UUID
    goods: list[GoodsAsked] = Field(min_length=1, max_length=200)
    released_at: Moment
    expected_at: Moment | None = None
    remark: Text = ""


class ReceivedAsked(Schema):
    """What came of one line."""

    number: Annotated[int, Field(ge=1, le=10_000)]
    received: Amount
    damaged: Amount = Decimal(0)


class AcceptanceAsked(Schema):
    """A partner's answer to a release."""

    lines: list[ReceivedAsked] = Field(min_length=1, max_length=500)
    received_at: Moment
    warehouse: UUID | None = None
    store_name: Annotated[Text, Field(max_length=120)] = ""
    store_place: Annotated[Code, Field(max_length=80)] = ""
    remark: Text = ""


class PlannedOut(Schema):
    """Goods of a plan."""

    commodity: str
    unit: str
    quantity: Decimal
    per_household: Decimal | None


class CheckOut(Schema):
    """How a check stands now."""

    check: str
    state: str
    valid_until: datetime | None


class OutcomeOut(Schema):
    """What became of goods of one commodity."""

    commodity: str
    unit: str
    received: Decimal | None
    distributed: Decimal | None
    left: Decimal | None
    lost: Decimal | None
    difference: Decimal


class PlanOut(Schema):
    """A distribution with its checks and its report."""

    id: UUID
    room: UUID
    reference: str
    area: str
    starts_at: datetime
    ends_at: datetime
    households: int
    state: str
    is_ready: bool
    goods: list[PlannedOut]
    checks: list[CheckOut]
    report_state: str
    report: list[OutcomeOut]
    households_reached: Decimal | None


class PlanPage(Schema):
    """Distributions, the latest first, and the mark of the next page."""

    items: list[PlanOut]
    next: str | None


class PlannedAsked(Schema):
    """What each household is given."""

    commodity: ShortCode = Field(min_length=1)
    unit: ShortCode = Field(min_length=1)
    per_household: Amount


class PlanAsked(Schema):
    """What is stated of a distribution."""

    warehouse: UUID
    area: Annotated[Code, Field(min_length=1, max_length=40)]
    site: Annotated[Text, Field(min_length=1, max_length=300)]
    starts_at: Moment
    ends_at: Moment
    households: Annotated[int, Field(ge=1, le=1_000_000)]
    goods: list[PlannedAsked] = Field(min_length=1, max_length=200)
    criteria: Text = ""
    crowd_measures: list[ShortCode] = Field([], max_length=50)
    crowd_plan: Text = ""
    staff_count: Annotated[int, Field(ge=0, le=10_000)] | None = None


class CheckAsked(Schema):
    """What a check found, who made it (an organisation or team), and its source."""

    check: ShortCode = Field(min_length=1)
    is_so: bool
    by_whom: Annotated[Text, Field(min_length=1, max_length=200)]
    source: Annotated[Text, Field(min_length=1, max_length=300)]
    checked_at: Moment
    valid_until: Moment | None = None


class PutOffAsked(Schema):
    """Why a distribution is put off or given up."""

    reason: ShortCode = Field(min_length=1)
    text: Text = ""


class OutcomeAsked(Schema):
    """What became of goods of one commodity."""

    commodity: ShortCode = Field(min_length=1)
    unit: ShortCode = Field(min_length=1)
    received: Amount
    distributed: Amount
    left: Amount = Decimal(0)
    lost: Amount = Decimal(0)
    reason: ShortCode = ""


class ReportAsked(Schema):
    """What became of the goods, and whom they reached by sex and age."""

    held_at: Moment
    outcomes: list[OutcomeAsked] = Field(min_length=1, max_length=200)
    households: Count
    people: dict[Code, Count] = Field({}, max_length=50)
    insist: bool = False
    remark: Text = ""


class ExplanationAsked(Schema):
    """Why, in one's own words."""

    text: Text = Field(min_length=1)


class AsOf(Schema):
    """The moment as of which a stock is asked for; now when it is left out."""

    as_of: Moment | None = None
