"""How much, by which definition, as of when; and why two counts differ, row by row."""

from tansiq.engine.counting._conversion import Conversion
from tansiq.engine.counting._days import day_bounds, day_date, day_numbers
from tansiq.engine.counting._definition import (
    MEASURES,
    SIDES,
    TIME_RULES,
    Definition,
    DefinitionRefused,
    Fault,
    definition_faults,
    definition_from_dict,
    definition_to_dict,
)
from tansiq.engine.counting._difference import (
    CAUSES,
    NO_ROW,
    CauseShare,
    Difference,
    explain_difference,
)
from tansiq.engine.counting._evaluate import GROUPS, Count, Group, evaluate
from tansiq.engine.counting._measures import (
    CODED,
    MICRO,
    NEVER,
    NOT_STATED,
    Measures,
    coded,
    replacement_times,
    to_micro,
)
from tansiq.engine.counting._selection import Period

__all__ = [
    "CAUSES",
    "CODED",
    "GROUPS",
    "MEASURES",
    "MICRO",
    "NEVER",
    "NOT_STATED",
    "NO_ROW",
    "SIDES",
    "TIME_RULES",
    "CauseShare",
    "Conversion",
    "Count",
    "Definition",
    "DefinitionRefused",
    "Difference",
    "Fault",
    "Group",
    "Measures",
    "Period",
    "coded",
    "day_bounds",
    "day_date",
    "day_numbers",
    "definition_faults",
    "definition_from_dict",
    "definition_to_dict",
    "evaluate",
    "explain_difference",
    "replacement_times",
    "to_micro",
]
