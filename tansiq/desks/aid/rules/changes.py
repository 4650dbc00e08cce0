"""Changes of units: a split, a repack, a substitution, a return, another try; and what each must say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.refusals import Refused, register
from tansiq.desks.aid.models import Precision


class ChangeKind(StrEnum):
    """What a person says has become of units or lines."""

    SPLIT = "split"  # one unit becomes several
    REPACK = "repack"  # several units become others
    SUBSTITUTION = "substitution"  # goods of one line are brought as goods of another
    RETURN = "return"  # a unit comes back with what is on it
    RESUBMISSION = "resubmission"  # a unit that came back tries again


CHANGE_WORDS = {
    ChangeKind.SPLIT: _("Split: one unit becomes several"),
    ChangeKind.REPACK: _("Repack: several units become others"),
    ChangeKind.SUBSTITUTION: _("Substitution: goods of one line for those of another"),
    ChangeKind.RETURN: _("Return: a unit comes back"),
    ChangeKind.RESUBMISSION: _("Resubmission: a unit tries again"),
}
MOVING = (ChangeKind.SPLIT, ChangeKind.REPACK, ChangeKind.SUBSTITUTION)

register(
    {
        "change_taken_missing": _("Say what is taken: which unit or line, and how much."),
        "change_made_missing": _("Say what is made of it: which units or lines, and how much."),
        "change_made_unwanted": _("A return or another try makes nothing new: leave out what is made of it."),
        "change_split_of_several": _("A split is of one unit; found %(found)s. What comes of several is a repack."),
        "change_split_of_none": _("A split or repack names its units on both sides; found a row without one."),
        "change_unit_on_both_sides": _("The unit “%(found)s” cannot be made of itself; what stays on it needs no row."),
        "change_line_missing": _("Each row names the line of the consignment that it is of."),
        "change_one_line": _("A substitution is of one line for another; found line %(found)s on both sides."),
        "change_stage_not_return": _(
            "A return is stated where quantities come back; found the stage “%(found)s”, expected: %(expected)s."
        ),
        "change_unit_unknown": _("Nothing is recorded of a unit “%(found)s” in this consignment."),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Portion:
    """How much of a line, on which unit."""

    line: int
    quantity: Decimal
    unit_code: str = ""  # "": the line as a whole
    unit_kind: str = "pallet"
    measure: str = ""  # unit of measure; "": that of the line


@dataclass(frozen=True)
class ChangeStatement:
    """What is said of a change, at one stage."""

    kind: ChangeKind
    consignment: str  # reference of a registered consignment of the room
    stage: str
    occurred_at: datetime
    taken: tuple[Portion, ...]
    made: tuple[Portion, ...] = ()
    crossing_code: str = ""
    place: str = ""
    reason: str = ""  # code, where the stage asks for one
    precision: str = Precision.MINUTE
    recorded_at: datetime | None = None  # None: now; anything else in a sample operation only
    insists: bool = False
    insists_because: str = ""


def check_change(stated: ChangeStatement) -> None:
    """Refuse a change that does not say what it must. Raises Refused."""
    if not stated.taken:
        raise Refused("change_taken_missing")
    if stated.kind in MOVING and not stated.made:
        raise Refused("change_made_missing")
    if stated.kind not in MOVING and stated.made:
        raise Refused("change_made_unwanted")
    if any(portion.line < 1 for portion in (*stated.taken, *stated.made)):
        raise Refused("change_line_missing")
    if stated.kind is ChangeKind.SUBSTITUTION:
        both = _lines(stated.taken) & _lines(stated.made)
        if both:
            raise Refused("change_one_line", found=min(both))
        return
    if not all(portion.unit_code for portion in (*stated.taken, *stated.made)):
        raise Refused("change_split_of_none")
    sources = {portion.unit_code for portion in stated.taken}
    if stated.kind is ChangeKind.SPLIT and len(sources) > 1:
        raise Refused("change_split_of_several", found=len(sources))
    again = sorted(sources & {portion.unit_code for portion in stated.made})
    if again:
        raise Refused("change_unit_on_both_sides", found=again[0])


def _lines(portions: Iterable[Portion]) -> set[int]:
    return {portion.line for portion in portions}
