"""The acts of the needs desk, what may be stated, and the arithmetic of need, cover, days of stock and storms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.configuration.needs import Indicator, NeedsFile
from tansiq.building.rooms.refusals import Refused, register
from tansiq.desks.needs.models import StormState

CASELOAD_RECORD, EXPOSURE_RECORD, STORM_RECORD = "needs_caseload", "needs_exposure", "needs_storm"
FILE_RECORD = "needs_caseload_file"
CASELOAD_TOPIC, EXPOSURE_TOPIC, STORM_TOPIC = "needs.caseload", "needs.exposure", "needs.storm"
PEOPLE_AT_MOST = 100_000_000
NOTHING = Decimal(0)


class Act(StrEnum):
    """What can be done with needs."""

    READ_CASELOAD = "needs.caseload.read"
    STATE_CASELOAD = "needs.caseload.state"
    IMPORT_CASELOAD = "needs.caseload.bring"
    EXPORT_CASELOAD = "needs.caseload.export"
    READ_EXPOSURE = "needs.exposure.read"
    STATE_EXPOSURE = "needs.exposure.state"
    READ_STORM = "needs.storm.read"
    OPEN_STORM = "needs.storm.open"
    CLOSE_STORM = "needs.storm.close"


REFUSALS = {
    "needs_none": _("The operation has no indicators (indicators.yaml): no need can be stated."),
    "needs_area_unknown": _("The operation has no area “%(found)s”. Expected a p-code such as %(expected)s."),
    "needs_indicator_unknown": _("The operation has no indicator “%(found)s”. Known: %(expected)s."),
    "needs_level_unknown": _("The operation has no level of exposure “%(found)s”. Known: %(expected)s."),
    "needs_hazard_unknown": _("The operation has no hazard “%(found)s”. Known: %(expected)s."),
    "needs_source_missing": _("A statement needs its source."),
    "needs_people_out_of_range": _("People and households: expected 0 to %(expected)s; found %(found)s."),
    "needs_households_too_many": _("There cannot be more households (%(found)s) than people (%(expected)s)."),
    "needs_date_ahead": _("A count of people on a day that has not come (%(found)s) cannot be stated."),
    "needs_storm_span": _("A storm ends after it begins; found %(found)s."),
    "needs_storm_areas": _("Say at least one area that the storm is expected in."),
    "needs_storm_warning": _("Say what is warned of, and who warns."),
    "needs_storm_state": _("This storm is closed."),
    "needs_reason_missing": _("Say why it is closed."),
    "needs_file_unreadable": _("The file cannot be read as a table: %(found)s."),
    "needs_file_columns": _("The file lacks what a caseload needs. Expected: %(expected)s. Found: %(found)s."),
}
register(REFUSALS)
register_words(
    {
        Act.STATE_CASELOAD: _("Caseload stated"),
        Act.IMPORT_CASELOAD: _("File of caseloads brought in"),
        Act.STATE_EXPOSURE: _("Exposure stated"),
        Act.OPEN_STORM: _("Storm mode opened"),
        Act.CLOSE_STORM: _("Storm mode closed"),
    }
)

TRANSITIONS: dict[tuple[str | None, Act], StormState] = {
    (None, Act.OPEN_STORM): StormState.OPEN,
    (StormState.OPEN, Act.CLOSE_STORM): StormState.CLOSED,
}


@dataclass(frozen=True)
class CaseloadStated:
    """A caseload as a source states it."""

    p_code: str
    people: int
    as_of_date: date
    source: str
    households: int | None = None
    site: str = ""
    indicator: str = ""


@dataclass(frozen=True)
class ExposureStated:
    """How exposed a place is, as a source states it."""

    p_code: str
    hazard: str
    level: str
    as_of_date: date
    source: str
    site: str = ""
    note: str = ""


@dataclass(frozen=True)
class StormStated:
    """A warning for which storm mode is opened."""

    warning: str
    hazard: str
    areas: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    source: str


def next_state(state: str | None, act: Act) -> StormState:
    """The state after the act. Raises Refused when the act is not allowed in this state."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Refused("needs_storm_state") from None


def households_of(people: int, households: int | None, needs: NeedsFile) -> Decimal:
    """The households of a caseload: as stated, else its people by the size of a household, rounded up."""
    if households is not None:
        return Decimal(households)
    return (people / needs.household.people).to_integral_value(ROUND_CEILING)


def pieces_needed(indicator: Indicator, people: int, households: Decimal) -> Decimal:
    """How many pieces a caseload needs by the indicator's norm, rounded up."""
    heads = Decimal(people) if indicator.per == "person" else households
    return (heads * indicator.norm).to_integral_value(ROUND_CEILING)


def in_pieces(indicator: Indicator, amounts: Iterable[tuple[str, Decimal]]) -> tuple[Decimal, tuple[str, ...]]:
    """Amounts by unit as pieces, and the units that nobody says how to turn into pieces; these are left out."""
    makes = {one.unit: one.makes for one in indicator.pieces}
    listed = list(amounts)
    total = sum((amount * makes[unit] for unit, amount in listed if unit in makes), NOTHING)
    return total, tuple(sorted({unit for unit, amount in listed if unit not in makes and amount}))


def cover_share(covered: Decimal, needed: Decimal) -> Decimal | None:
    """Share of a need that is covered, 0 and more; None where nothing is needed."""
    return covered / needed if needed else None


def days_of_stock(stock: Decimal, handed_out: Decimal, days: int) -> Decimal | None:
    """For how many days a stock lasts at the rate of the last days; None where nothing was handed out."""
    return stock * days / handed_out if handed_out > 0 else None


def storm_score(weight: Decimal, people: int, missing: Decimal) -> Decimal:
    """What ranks a site in storm mode: exposure × people × missing share of cover."""
    return weight * people * missing
