"""Quantities that add up: what each line has passed at each stage, and every statement that contradicts it."""

from tansiq.engine.conservation._book import Book, book_of, book_of_columns
from tansiq.engine.conservation._findings import KINDS, Discrepancy, Part, discrepancies
from tansiq.engine.conservation._handover import HandoverDifferences, handover_differences
from tansiq.engine.conservation._judge import Refusal, Verdict, judge
from tansiq.engine.conservation._known import ALWAYS, Moment
from tansiq.engine.conservation._settle import Settled, settle
from tansiq.engine.conservation._stages import Stage, Stages, stages_of
from tansiq.engine.conservation._statements import (
    MOVES,
    Line,
    Statement,
    Statements,
    from_micro,
    statements_of,
)

__all__ = [
    "ALWAYS",
    "KINDS",
    "MOVES",
    "Book",
    "Discrepancy",
    "HandoverDifferences",
    "Line",
    "Moment",
    "Part",
    "Refusal",
    "Settled",
    "Stage",
    "Stages",
    "Statement",
    "Statements",
    "Verdict",
    "book_of",
    "book_of_columns",
    "discrepancies",
    "from_micro",
    "handover_differences",
    "judge",
    "settle",
    "stages_of",
    "statements_of",
]
