"""Fields that several forms of the aid desk have: those of every desk, and choices under the names of their classes."""

from collections.abc import Mapping
from typing import Any

from tansiq.building.rooms.fields import DayField, FilterForm, MomentField, choices, said
from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.queries.words import Names

__all__ = ["DayField", "FilterForm", "MomentField", "choices", "grouped_choices", "said"]


def grouped_choices(
    names: Mapping[str, Names], class_of: Mapping[str, str], classes: Mapping[str, Names], blank: Any
) -> list[tuple[str, Any]]:
    """The entries of a list under the names of their classes; those without a class come last."""
    by_class: dict[str, list[tuple[str, Any]]] = {code: [] for code in classes}
    loose = []
    for code, label in choices(names):
        by_class.get(class_of.get(code, ""), loose).append((code, label))
    groups = [(local_name(classes[code]) or code, listed) for code, listed in by_class.items() if listed]
    return [("", blank), *groups, *loose]
