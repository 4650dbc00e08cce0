"""The chain of links from coordination to confirmation, and what events say of it, as a file states it."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, field_validator

from .words import Code, Format, Span, Strict


class LinkHolder(Strict):
    """Who has to act at a link while nothing else says who."""

    room: Code  # "owner": the room whose consignment it is
    role: Code


class ChainLink(Strict):
    """One link: what it needs before it, and the stages of events by which it begins, is done or is refused."""

    code: Code
    needs: tuple[Code, ...] = ()
    unknown: Literal["waiting", "not_needed"] = "waiting"  # what it counts as while nothing is known of it
    begun: tuple[Code, ...] = ()
    done: tuple[Code, ...] = ()
    refused: tuple[Code, ...] = ()  # from then on it must be gone through anew, with every link behind it
    crossing: bool = False  # nothing passes it while the consignment's crossing is closed
    clocks: tuple[Code, ...] = ()  # kinds of clock on a consignment that are this link's deadline
    holder: LinkHolder | None = None


class ChainEnd(Strict):
    """How a unit may leave the chain before its end."""

    stage: Code
    outcome: Literal["intercepted", "lost"]


class ChainFile(Strict):
    """chain.yaml"""

    format: Format
    quiet_after: Span  # a consignment of which nothing was heard for so long stands aside
    unit: Code  # in which losses are told
    handed_over: tuple[Code, ...] = ()  # stages at which a unit's load may go on in other units
    ended: tuple[ChainEnd, ...] = ()
    links: tuple[ChainLink, ...] = Field(min_length=1, max_length=40)

    @field_validator("quiet_after")
    @classmethod
    def _is_some_time(cls, span: timedelta) -> timedelta:
        if not span:
            raise ValueError("expected a duration of a minute or more, such as P60D")
        return span
