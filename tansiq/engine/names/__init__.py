"""Names in Arabic, Hebrew and Latin letters: one place, every spelling; and what no name may hold."""

from tansiq.engine.names._index import Match, NameIndex, rank
from tansiq.engine.names._keys import search_keys
from tansiq.engine.names._normal import normal_form
from tansiq.engine.names._safety import BIDI_CONTROLS, UnsafeName, safe_name, strip_marks
from tansiq.engine.names._score import score

__all__ = [
    "BIDI_CONTROLS",
    "Match",
    "NameIndex",
    "UnsafeName",
    "normal_form",
    "rank",
    "safe_name",
    "score",
    "search_keys",
    "strip_marks",
]
