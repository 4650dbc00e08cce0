"""Seeded simulation of aid events, with the truth that a right count must find."""

from ._injection import VIOLATIONS, Injection, consignment_of, inject
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
from .chain import CHAIN_STAGES, ChainRates, SimulatedChain, simulate_chain

__all__ = [
    "CHAIN_STAGES",
    "VIOLATIONS",
    "AidWorld",
    "Amount",
    "ChainRates",
    "Injection",
    "ManyEvents",
    "Passage",
    "Rates",
    "Scope",
    "SimulatedAid",
    "SimulatedCargo",
    "SimulatedChain",
    "SimulatedConsignor",
    "SimulatedCrossing",
    "SimulatedEvent",
    "Totals",
    "consignment_of",
    "expected_stages",
    "expected_totals",
    "inject",
    "simulate_aid",
    "simulate_chain",
    "simulate_many",
]
