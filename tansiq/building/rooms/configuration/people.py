"""Operation, parties, rooms, organisations, roles and accounts, as files state them."""

from datetime import timedelta
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from .words import (
    ActPattern,
    ClockTime,
    Code,
    Format,
    Latitude,
    Line,
    Longitude,
    Marking,
    Names,
    Passages,
    PCode,
    RoomKind,
    Span,
    Strict,
    Weekday,
)


def _is_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("expected a time zone such as Asia/Gaza")
    return name


TimeZone = Annotated[str, AfterValidator(_is_zone)]
Language = Literal["en", "ar", "he"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]{1,64}@[a-z0-9.-]{1,128}$")]


class MapView(Strict):
    """What the map shows first."""

    longitude: Longitude
    latitude: Latitude
    zoom: float = Field(ge=0, le=22)


class CargoShare(Strict):
    """How often the sample generator sends a commodity, and what a pallet of it weighs."""

    commodity: Code
    weight: float = Field(gt=0)
    pallet_kg: int = Field(ge=1, le=3000)


class Simulation(Strict):
    """What the sample generator is asked for."""

    seed: int = Field(ge=0)
    days: int = Field(ge=1, le=366)
    trucks_per_day: int = Field(ge=1, le=5000)
    consignors: dict[Code, float] = Field(min_length=1)  # organisation -> weight
    cargo: tuple[CargoShare, ...] = Field(min_length=1)
    areas: dict[PCode, float] = Field(min_length=1)  # destination -> weight


class OperationFile(Strict):
    """operation.yaml"""

    format: Format
    slug: Slug
    sample: bool = False
    names: Names
    purpose: Passages
    time_zone: TimeZone
    other_time_zones: tuple[TimeZone, ...] = ()
    languages: tuple[Language, ...] = Field(min_length=1)
    default_language: Language
    week_starts_on: Weekday = "monday"
    day_starts_at: ClockTime = "00:00"
    recovery_delay: Annotated[Span, Field(ge=timedelta(minutes=1))] = timedelta(hours=24)
    map: MapView
    simulation: Simulation | None = None


class Party(Strict):
    """A party to the agreement: a name and nothing else."""

    code: Code
    names: Names


class Room(Strict):
    """A room of the operation."""

    code: Code
    kind: RoomKind
    party: Code | None = None
    organisation: Code
    tlp_ceiling: Marking
    names: Names


class RoomsFile(Strict):
    """rooms.yaml"""

    format: Format
    parties: tuple[Party, ...]
    rooms: tuple[Room, ...] = Field(min_length=1, max_length=500)


class OrganisationType(Strict):
    """A type of organisation."""

    code: Code
    names: Names


class Organisation(Strict):
    """An organisation that has a room, accounts or consignments."""

    code: Code
    type: Code
    consignor_class: Code | None = None
    names: Names


class OrganisationsFile(Strict):
    """organisations.yaml"""

    format: Format
    types: tuple[OrganisationType, ...] = Field(min_length=1)
    organisations: tuple[Organisation, ...] = Field(min_length=1, max_length=5000)


class Role(Strict):
    """What a person in a room may do."""

    code: Code
    names: Names
    acts: tuple[ActPattern, ...] = Field(min_length=1)


class RolesFile(Strict):
    """roles.yaml"""

    format: Format
    roles: tuple[Role, ...] = Field(min_length=1)


class Membership(Strict):
    """A role of an account in a room."""

    room: Code
    role: Code


class Account(Strict):
    """A sample account: a post, never a person."""

    email: Email
    organisation: Code
    language: Language
    names: Names
    memberships: tuple[Membership, ...] = Field(min_length=1)


class AccountsFile(Strict):
    """accounts.yaml, for sample operations only"""

    format: Format
    sample_password: Line
    accounts: tuple[Account, ...] = Field(min_length=1, max_length=1000)
