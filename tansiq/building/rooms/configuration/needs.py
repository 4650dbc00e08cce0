"""Indicators of need as files state them: norms with their source, what covers them, stages, exposure, files."""

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from .aid import Coded
from .words import Code, Format, Line, Strict


class HouseholdSize(Strict):
    """How many people a household is taken to have, where nobody states it, and who says so."""

    people: Decimal = Field(gt=0, le=100)
    source: Line


class Pieces(Strict):
    """How many pieces one unit of count holds; without it no unit is turned into pieces."""

    unit: Code
    makes: Decimal = Field(gt=0)
    source: Line


class Season(Coded):
    """A part of the year; a season may run over the turn of the year."""

    begins: str = Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")  # month-day
    ends: str = Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")


class Indicator(Coded):
    """What is needed, by which norm, and which commodities cover it."""

    sector: Code
    per: Literal["person", "household"]
    norm: Decimal = Field(gt=0)  # pieces for each person or household
    source: Line  # of the norm
    commodities: tuple[Code, ...] = Field(min_length=1)
    pieces: tuple[Pieces, ...] = Field(min_length=1)
    season: Code | None = None
    used_up: bool = False  # consumed day by day: days of stock are reckoned from what people use
    storm: bool = False  # its lack counts in storm mode


class PipelineStage(Coded):
    """One part of the way, as the stages of events that stand for it."""

    stages: tuple[Code, ...] = Field(min_length=1)


class ExposureLevel(Coded):
    """How much a place is exposed, and what that weighs when sites are ranked."""

    weight: Decimal = Field(ge=0, le=1)


class NeedsFile(Strict):
    """indicators.yaml"""

    format: Format
    household: HouseholdSize
    rate_days: int = Field(ge=1, le=365)  # over which the current rate is taken
    distributed: tuple[Code, ...] = Field(min_length=1)  # stages that count as distributed
    received: tuple[Code, ...] = Field(min_length=1)  # stages that bring goods into a place's stock
    carriers: tuple[Code, ...] = ()  # units that carry goods; no goods where the event states what is on them
    pipeline: tuple[PipelineStage, ...] = Field(min_length=1, max_length=20)
    levels: tuple[ExposureLevel, ...] = Field(min_length=1, max_length=20)
    hazards: tuple[Coded, ...] = Field(min_length=1, max_length=20)
    seasons: tuple[Season, ...] = ()
    indicators: tuple[Indicator, ...] = Field(min_length=1, max_length=200)
    caseload_columns: tuple[dict[str, Any], ...] = Field(min_length=1)  # as in a mapping file
