"""Authorities, reasons, outcomes and states of routes of the coordination desk, as files state them."""

from typing import Literal, Self

from pydantic import Field, model_validator

from .aid import Coded
from .words import Code, Format, Names, Strict

NotMoved = Literal[
    "submitted", "under_review", "information_asked", "approved", "approved_with_changes", "partly_approved",
    "denied", "no_response", "answered_late", "denied_late", "green_light", "not_green_lit", "executed",
]  # fmt: skip


class Authority(Strict):
    """A room that coordinates, and the clock that runs there from the asking."""

    room: Code
    role: Code | None = None  # who holds the clock there
    clock: Code
    green_light: bool = True  # whether a movement needs its green light besides the approval
    required: bool = False  # whether a consignment has to be brought before it at all


class Outcome(Coded):
    """What came of a request, and after which states it may be stated."""

    after: tuple[NotMoved, ...] = Field(min_length=1)
    needs_reason: bool = False


class Route(Coded):
    """A route that has a code."""


class RouteState(Coded):
    """A state of a route: whether it lets anybody through, and what it needs to be stated."""

    passable: bool
    needs_cause: bool = False
    needs_assessment: bool = False  # by whom, how, when, and until when it may be relied on


class CoordinationFile(Strict):
    """coordination.yaml"""

    format: Format
    authorities: tuple[Authority, ...] = Field(min_length=1, max_length=20)
    reminder: Code | None = None  # kind of clock that runs after a silence
    information_pause: Code  # reason for which a clock stands still while information is awaited
    late_answer_counts: bool  # whether an agreement after the deadline lets anything move
    reasons: tuple[Coded, ...] = Field(min_length=1, max_length=200)
    outcomes: tuple[Outcome, ...] = Field(min_length=1, max_length=50)
    routes: tuple[Route, ...] = Field(default=(), max_length=500)
    route_states: tuple[RouteState, ...] = Field(min_length=1, max_length=50)
    causes: tuple[Coded, ...] = Field(default=(), max_length=100)
    methods: tuple[Coded, ...] = Field(default=(), max_length=100)
    silence_title: Names  # of the impediment that a silence opens; the reference follows

    @model_validator(mode="after")
    def _says_what_it_needs(self) -> Self:
        if any(one.needs_cause for one in self.route_states) and not self.causes:
            raise ValueError("causes: expected at least one, where a state needs a cause")
        if any(one.needs_assessment for one in self.route_states) and not self.methods:
            raise ValueError("methods: expected at least one, where a state needs an assessment")
        if any(one.passable and one.needs_cause for one in self.route_states):
            raise ValueError("route_states: a state that needs a cause is not passable")
        return self
