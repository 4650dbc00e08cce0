"""Seeded simulation of aid events, with the truth that a right count must find."""

from ._many import ManyEvents, simulate_many
from ._truth import (
    Amount,
    Passage,
    Scope,
    SimulatedAid,
    SimulatedEvent,
    Totals,
    expected_stages,
    expected_totals,
)
from ._world import AidWorld, Rates, SimulatedCargo, SimulatedConsignor, SimulatedCrossing
from .aid import simulate_aid

__all__ = [
    "AidWorld",
    "Amount",
    "ManyEvents",
    "Passage",
    "Rates",
    "Scope",
    "SimulatedAid",
    "SimulatedCargo",
    "SimulatedConsignor",
    "SimulatedCrossing",
    "SimulatedEvent",
    "Totals",
    "expected_stages",
    "expected_totals",
    "simulate_aid",
    "simulate_many",
]
