"""What may be typed about a change of units: of what kind, at which stage, what was taken and what was made of it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.forms.fields import MomentField, choices
from tansiq.desks.aid.queries.balance import BalanceLine
from tansiq.desks.aid.queries.words import Words
from tansiq.desks.aid.rules.changes import CHANGE_WORDS, ChangeKind, ChangeStatement, Portion

PARTS = ("side", "line", "quantity", "unit_code", "unit_kind")
TAKEN, MADE = "taken", "made"
SIDES = ((TAKEN, _("taken")), (MADE, _("made of it")))
KINDS = ("pallet", "truck")
USUAL_ROWS, MOST_ROWS = 3, 60
FIELD_OF_REFUSAL = {
    "insistence_reason_missing": "insists_because", "insistence_unknown": "insists", "change_stage_not_return": "stage",
    "change_split_of_several": "kind", "reason_missing": "reason", "not_yet_happened": "occurred_at",
}  # fmt: skip


class ChangeForm(forms.Form):
    """A change of units of one consignment, row by row."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(label=_("What became of them"), choices=[("", _("Choose")), *CHANGE_WORDS.items()])
    stage = forms.ChoiceField(label=_("Stage"), help_text=_("Where it was done, or where the unit is now."))
    occurred_at = MomentField(label=_("Happened at"), help_text=_("Local time of the operation."))
    crossing_code = forms.ChoiceField(label=_("Crossing"), required=False)
    place = forms.CharField(label=_("Place"), required=False, max_length=300)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    insists = forms.BooleanField(
        label=_("Record it although the quantities do not add up"), required=False,
        help_text=_("It is kept as a discrepancy, with both readings, an owner to be found and a clock."),
    )  # fmt: skip
    insists_because = forms.CharField(label=_("Why the source insists"), required=False, max_length=2000)

    def __init__(
        self, *args: Any, words: Words, lines: Sequence[BalanceLine], numbers: Sequence[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, listed, blank in (
            ("stage", words.stages, _("Choose")), ("reason", words.reasons, "—"),
            ("crossing_code", words.crossings, "—"),
        ):  # fmt: skip
            self.fields[name].choices = choices(listed, blank)
        self.lines = [(str(line.number), f"{line.number} · {local_name(line.goods)}") for line in lines]
        kinds = choices({code: names for code, names in words.units.items() if code in KINDS})
        self.numbers = list(numbers) or (_numbers(self.data) if self.is_bound else list(range(1, USUAL_ROWS + 1)))
        for number in self.numbers[:MOST_ROWS]:
            self._add_row(number, kinds)

    @classmethod
    def rearranged(cls, typed: QueryDict, **asked: Any) -> "ChangeForm | None":
        """The same form with a row more or a row less; None when neither was asked for."""
        numbers = _numbers(typed)
        if "add_line" in typed and len(numbers) < MOST_ROWS:
            numbers = [*numbers, max(numbers, default=0) + 1]
        elif typed.get("remove_line", "").isdecimal():
            numbers = [number for number in numbers if number != int(typed["remove_line"])]
        elif "add_line" not in typed:
            return None
        return cls(initial={name: typed[name] for name in typed if name != "line"}, numbers=numbers or [1], **asked)

    def rows(self) -> list[tuple[int, list[BoundField]]]:
        """Each row's number with its fields."""
        return [(number, [self[f"{part}_{number}"] for part in PARTS]) for number in self.numbers]

    def head(self) -> list[BoundField]:
        """The fields that say what was done, when and where."""
        return [self[name] for name in ("kind", "stage", "occurred_at", "crossing_code", "place", "reason")]

    def insistence(self) -> list[BoundField]:
        """The fields of whoever insists."""
        return [self[name] for name in ("insists", "insists_because")]

    def statement(self, reference: str) -> ChangeStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return ChangeStatement(
            kind=ChangeKind(typed["kind"]), consignment=reference, stage=typed["stage"],
            occurred_at=typed["occurred_at"], taken=self._portions(TAKEN), made=self._portions(MADE),
            crossing_code=typed["crossing_code"], place=typed["place"], reason=typed["reason"],
            insists=typed["insists"], insists_because=typed["insists_because"],
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A row that says anything says how much of which line."""
        typed = super().clean() or self.cleaned_data
        for number in filter(self._is_used, self.numbers):
            quantity, line = f"quantity_{number}", f"line_{number}"
            if typed.get(quantity) is None and quantity not in self.errors:
                self.add_error(quantity, _("Say how much: a unit without a quantity moves nothing."))
            if not typed.get(line) and line not in self.errors:
                self.add_error(line, _("Choose the line that it is of."))
        return typed

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside its field; above all of them where it speaks of none."""
        self.add_error(FIELD_OF_REFUSAL.get(refused.code), str(refused))

    def _portions(self, side: str) -> tuple[Portion, ...]:
        typed = self.cleaned_data
        return tuple(
            Portion(
                int(typed[f"line_{n}"]), typed[f"quantity_{n}"], typed[f"unit_code_{n}"].strip(),
                typed[f"unit_kind_{n}"],
            )
            for n in self.numbers if typed[f"side_{n}"] == side and self._is_used(n)
        )  # fmt: skip

    def _is_used(self, number: int) -> bool:
        typed = self.cleaned_data
        return bool(typed.get(f"unit_code_{number}")) or typed.get(f"quantity_{number}") is not None

    def _add_row(self, number: int, kinds: list[tuple[str, Any]]) -> None:
        only = self.lines[0][0] if len(self.lines) == 1 else ""
        blank = [] if only else [("", "—")]
        self.fields |= {
            f"side_{number}": forms.ChoiceField(
                label=_("Taken or made"), choices=SIDES, initial=TAKEN if number == 1 else MADE
            ),
            f"line_{number}": forms.ChoiceField(label=_("Line"), required=False, choices=[*blank, *self.lines]),
            f"quantity_{number}": forms.DecimalField(
                label=_("Quantity"), required=False, min_value=Decimal(0), max_digits=18, decimal_places=6,
                help_text=_("In the line's own unit."),
            ),
            f"unit_code_{number}": forms.CharField(label=_("Truck or pallet"), required=False, max_length=120),
            f"unit_kind_{number}": forms.ChoiceField(label=_("Kind of unit"), choices=kinds),
        }  # fmt: skip


def _numbers(typed: QueryDict) -> list[int]:
    """The numbers of the rows that a submission holds."""
    found = [int(text) for text in typed.getlist("line") if text.isdecimal() and len(text) < 5]
    return list(dict.fromkeys(found))[:MOST_ROWS]
