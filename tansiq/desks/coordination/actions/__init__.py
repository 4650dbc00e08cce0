"""The verbs of the coordination desk."""

from tansiq.desks.coordination.actions.answering import (
    answer_coordination,
    give_green_light,
    take_up_coordination,
    withhold_green_light,
)
from tansiq.desks.coordination.actions.asking import (
    ask_coordination,
    change_coordination,
    conclude_coordination,
    execute_coordination,
    inform_coordination,
    withdraw_coordination,
)
from tansiq.desks.coordination.actions.books import record_no_response, renew_clock
from tansiq.desks.coordination.actions.routes import state_route
from tansiq.desks.coordination.actions.terms import load_terms

__all__ = [
    "answer_coordination",
    "ask_coordination",
    "change_coordination",
    "conclude_coordination",
    "execute_coordination",
    "give_green_light",
    "inform_coordination",
    "load_terms",
    "record_no_response",
    "renew_clock",
    "state_route",
    "take_up_coordination",
    "withdraw_coordination",
    "withhold_green_light",
]
