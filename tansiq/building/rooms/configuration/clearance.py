"""Which rooms clear which items, within what time, and what counts as decided differently, as a file states it."""

from datetime import timedelta
from typing import Self

from pydantic import Field, field_serializer, model_validator

from .words import Code, Format, Span, Strict


class Authority(Strict):
    """A room that clears items, which ones, and the kind of clock within which it answers."""

    room: Code
    role: Code | None = None  # who answers there; none: whoever is there
    clock: Code
    appeal_clock: Code
    everything: bool = False
    restricted: bool = False  # commodities that the catalogue calls restricted
    classes: tuple[Code, ...] = ()
    commodities: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _clears_something(self) -> Self:
        if not (self.everything or self.restricted or self.classes or self.commodities):
            raise ValueError("expected everything, restricted, classes or commodities: an authority clears something")
        return self


class ClearanceFile(Strict):
    """clearance.yaml"""

    format: Format
    reason_group: Code  # of reasons.yaml: why an item may be refused
    information_pause: Code  # of clocks.yaml: why a clock stands still while information is awaited
    valid_for: Span  # an approval that says nothing else is valid so long
    differs_within: Span  # the same item decided differently within this time is an inconsistency
    compared_within: Span  # requests whose days lie further apart do not resemble each other
    inconsistency_role: Code  # who owns an inconsistency in the room that keeps it
    authorities: tuple[Authority, ...] = Field(max_length=100)

    @field_serializer("valid_for", "differs_within", "compared_within")
    def _seconds(self, span: timedelta) -> int:
        return int(span.total_seconds())
