"""The small types that all files of an operation share: codes, names, marks, spans of time."""

import re
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
PCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{0,18}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Passage = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Day = date
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Marking = Literal["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"]
MARKINGS_BY_OPENNESS: tuple[Marking, ...] = ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR")
RoomKind = Literal["shared_floor", "lead_nation", "party", "guarantors", "organisation", "press"]
Weekday = Literal["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Format = Literal[1]

_SPAN = re.compile(r"^P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?$")


class Strict(BaseModel):
    """A part of a file in which every field is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(Strict):
    """A short text in every working language."""

    en: Line
    ar: Line
    he: Line

    def as_data(self) -> dict[str, str]:
        """Give the names as stored on a record."""
        return {"en": self.en, "ar": self.ar, "he": self.he}


class Passages(Strict):
    """A longer text in every working language."""

    en: Passage
    ar: Passage
    he: Passage

    def as_data(self) -> dict[str, str]:
        """Give the texts as stored on a record."""
        return {"en": self.en, "ar": self.ar, "he": self.he}


class Variants(Strict):
    """Other spellings of a name, by language; any number of each."""

    en: tuple[Line, ...] = ()
    ar: tuple[Line, ...] = ()
    he: tuple[Line, ...] = ()

    def as_data(self) -> dict[str, list[str]]:
        """Give the spellings as stored on a record."""
        return {"en": list(self.en), "ar": list(self.ar), "he": list(self.he)}


def span_from(text: object) -> timedelta:
    """Read an ISO 8601 duration of days, hours and minutes, such as PT30M or P1DT6H."""
    if isinstance(text, timedelta):
        return text
    match = _SPAN.match(text) if isinstance(text, str) else None
    if match is None or not any(match.groups()):
        raise ValueError("expected a duration such as PT30M, PT4H or P2D")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


Span = Annotated[timedelta, BeforeValidator(span_from)]


def _is_act_pattern(text: str) -> str:
    if not re.match(r"^(\*|[a-z][a-z_]*)(\.(\*|[a-z][a-z_]*))*$", text):
        raise ValueError("expected an act such as aid.event.record, or aid.*")
    return text


ActPattern = Annotated[str, StringConstraints(max_length=100), AfterValidator(_is_act_pattern)]


def act_fits(pattern: str, act: str) -> bool:
    """Whether an act is one that a role's pattern allows.

    A star in the middle stands for one part of the name, a star at the end for all that follows.
    """
    wanted, parts = pattern.split("."), act.split(".")
    if wanted[-1] == "*":
        if len(parts) < len(wanted):
            return False
        wanted, parts = wanted[:-1], parts[: len(wanted) - 1]
    return len(wanted) == len(parts) and all(w in ("*", p) for w, p in zip(wanted, parts, strict=True))
