"""Commodities, units, stages, reasons, count definitions and obligations, as files state them."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from .words import Code, Format, Line, Names, Passages, PCode, Strict


class Coded(Strict):
    """A code with its names."""

    code: Code
    names: Names


class Commodity(Coded):
    """An entry of the commodity catalogue."""

    class_: Code = Field(alias="class")
    unit: Code
    restricted: bool = False


class CommoditiesFile(Strict):
    """commodities.yaml"""

    format: Format
    classes: tuple[Coded, ...] = Field(min_length=1)
    commodities: tuple[Commodity, ...] = Field(min_length=1, max_length=10_000)


class Conversion(Strict):
    """What one unit is in another, and who says so."""

    unit: Code
    factor: Decimal = Field(gt=0)
    source: Line


class Unit(Coded):
    """A unit of count."""

    kind: Literal["handling", "mass", "volume", "piece", "people", "unstated"]
    equals: Conversion | None = None


class UnitsFile(Strict):
    """units.yaml"""

    format: Format
    units: tuple[Unit, ...] = Field(min_length=1)


class ConsignorClassesFile(Strict):
    """consignor_classes.yaml"""

    format: Format
    consignor_classes: tuple[Coded, ...] = Field(min_length=1)


class Reason(Coded):
    """A reason that may be given for something."""

    groups: tuple[Code, ...] = Field(min_length=1)


class ReasonsFile(Strict):
    """reasons.yaml"""

    format: Format
    reasons: tuple[Reason, ...] = Field(min_length=1)


class Stage(Coded):
    """A stage on the road of a truck, pallet or consignment."""

    order: int = Field(ge=0)
    side: Literal["before", "crossing", "after"]
    after: tuple[Code, ...] = ()
    ends: bool = False
    reasons: Code | None = None
    draws_on: Code | None = None  # the stage from which its quantity is taken
    kind: Literal["flow", "end", "loss", "return"] = "flow"  # what becomes of the quantity here
    scope: Literal["line", "unit"] = "unit"  # stated of a whole line item, or of what a unit carries of it
    presumed: bool = True  # False: where nothing is stated, nothing passes
    revocable: bool = False  # a unit that has passed it can still be sent back
    site: Code | None = None  # stages with one word here happen at one place


class StagesFile(Strict):
    """stages.yaml"""

    format: Format
    stages: tuple[Stage, ...] = Field(min_length=1)


class ConservationFile(Strict):
    """conservation.yaml"""

    format: Format
    clock: Code  # kind of the clock that starts when a discrepancy is opened
    holder_role: Code  # who in the room of the consignment is asked first
    origin: Code  # of the impediment that is opened when nobody takes it on in time
    impediment_owner: Code  # role that must answer for that impediment, in the room of the consignment
    trusted_sources: tuple[Code, ...] = ()  # rooms and ledgers, the most trusted first; others follow by their code


class CountDefinition(Coded):
    """A named count: what is counted, at which stage, of whom, by which rule of time."""

    version: int = Field(ge=1)
    description: Passages
    measure: Literal["events", "units", "quantity", "quantity_damaged"]
    unit: Code | None = None
    stages: tuple[Code, ...] = Field(min_length=1)
    consignor_classes: tuple[Code, ...] = ()
    commodities: tuple[Code, ...] = ()  # commodities, or whole classes of them
    crossings: tuple[Code, ...] = ()
    sources: tuple[Code, ...] = ()
    time_rule: Literal["each_event", "first_event"]
    attempts: Literal["all", "last"] = "all"

    @model_validator(mode="after")
    def _has_its_unit(self) -> Self:
        if (self.unit is None) != (self.measure == "events"):
            raise ValueError("unit: expected with every measure but events, and only then")
        return self


class CountDefinitionsFile(Strict):
    """count_definitions.yaml"""

    format: Format
    definitions: tuple[CountDefinition, ...] = Field(min_length=1)


class Share(Strict):
    """The part of an obligation that is owed for one class."""

    code: Code
    units_per_day: int = Field(ge=0)


class ObligationStep(Strict):
    """What is owed per day from one day of the operation on."""

    day: int = Field(ge=1)  # 1 = first day of the operation
    units_per_day: int = Field(ge=0)
    of_which: tuple[Share, ...] = ()
    source: Names


class ObligationClass(Coded):
    """Which cargo falls under a share of an obligation."""

    commodities: tuple[Code, ...] = ()
    areas: tuple[PCode, ...] = ()
    consignor_classes: tuple[Code, ...] = ()


class Obligation(Coded):
    """An obligation per day, with every change of it."""

    clause: Names
    count_definition: Code
    steps: tuple[ObligationStep, ...] = Field(min_length=1)
    classes: tuple[ObligationClass, ...] = ()

    @model_validator(mode="after")
    def _steps_climb(self) -> Self:
        days = [step.day for step in self.steps]
        if days != sorted(set(days)):
            raise ValueError("steps: expected one per day, in order")
        return self


class ObligationsFile(Strict):
    """obligations.yaml"""

    format: Format
    obligations: tuple[Obligation, ...]
