"""The acts of the aid desk, what a statement must say, what a definition may ask."""

from tansiq.desks.aid.rules.acts import REFUSALS, Act, topics_of
from tansiq.desks.aid.rules.conservation import (
    RECORD_TYPE,
    TOPIC,
    HeldLine,
    can_move,
    line_of,
    next_discrepancy_state,
)
from tansiq.desks.aid.rules.definitions import CountRule, DefinitionFaults, KnownCodes, count_rule
from tansiq.desks.aid.rules.statements import (
    Amendment,
    Codes,
    ConsignmentStatement,
    EventStatement,
    LineStatement,
    Quantity,
    amount_fault,
    can_correct,
    fault_of,
    follows,
    line_fault,
    needs_reason,
    quantity_fault,
)

__all__ = [
    "RECORD_TYPE",
    "REFUSALS",
    "TOPIC",
    "Act",
    "Amendment",
    "Codes",
    "ConsignmentStatement",
    "CountRule",
    "DefinitionFaults",
    "EventStatement",
    "HeldLine",
    "KnownCodes",
    "LineStatement",
    "Quantity",
    "amount_fault",
    "can_correct",
    "can_move",
    "count_rule",
    "fault_of",
    "follows",
    "line_fault",
    "line_of",
    "needs_reason",
    "next_discrepancy_state",
    "quantity_fault",
    "topics_of",
]
