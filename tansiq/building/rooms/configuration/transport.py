"""What is scanned where, how full a truck is, how long a driver's name is kept: transport, as files state it."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from .aid import Coded
from .words import Code, Format, Strict


class Capacity(Strict):
    """What a usual truck carries, where a manifest states nothing else."""

    quantity: Decimal = Field(gt=0, le=100_000)
    unit: Code


class StagesOfManifest(Strict):
    """The stage of aid that each step of a manifest records for its units."""

    draft: Code
    seal: Code
    depart: Code


class DeedAt(Strict):
    """What a deed means at one kind of place, perhaps for some roles only; the first that fits is taken."""

    place: Code
    stage: Code
    roles: tuple[Code, ...] = ()


class Deed(Coded):
    """What a person says has happened when they scan."""

    at: tuple[DeedAt, ...] = Field(min_length=1, max_length=50)
    asks: tuple[Literal["quantity", "condition", "seal"], ...] = ()  # what is asked besides the code


class Condition(Coded):
    """In which condition goods are found."""

    damaged: bool = False  # the quantity scanned counts as damaged


class LabelSheet(Coded):
    """How labels stand on an A4 sheet."""

    columns: int = Field(ge=1, le=5)
    rows: int = Field(ge=1, le=12)


class TransportFile(Strict):
    """transport.yaml"""

    format: Format
    identities_kept_days: int = Field(ge=0, le=3650)  # after the day of the manifest
    half_empty_below: Decimal = Field(gt=0, le=1)  # share of the capacity
    capacity: Capacity
    unit_kinds: tuple[Code, ...] = Field(min_length=1)  # of handling units that a manifest may carry
    stages: StagesOfManifest
    places: tuple[Coded, ...] = Field(min_length=1, max_length=50)
    deeds: tuple[Deed, ...] = Field(min_length=1, max_length=50)
    conditions: tuple[Condition, ...] = Field(min_length=1, max_length=50)
    label_sheets: tuple[LabelSheet, ...] = Field(min_length=1, max_length=20)
