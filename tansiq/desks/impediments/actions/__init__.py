"""The verbs of the impediments desk."""

from tansiq.desks.impediments.actions.amending import amend_impediment
from tansiq.desks.impediments.actions.moving import (
    answer_impediment,
    hand_over_impediment,
    raise_impediment,
    resolve_impediment,
    withdraw_impediment,
)
from tansiq.desks.impediments.actions.opening import open_impediment
from tansiq.desks.impediments.actions.steps import record_silence, record_step, renew_clock
from tansiq.desks.impediments.actions.terms import load_terms

__all__ = [
    "amend_impediment",
    "answer_impediment",
    "hand_over_impediment",
    "load_terms",
    "open_impediment",
    "raise_impediment",
    "record_silence",
    "record_step",
    "renew_clock",
    "resolve_impediment",
    "withdraw_impediment",
]
