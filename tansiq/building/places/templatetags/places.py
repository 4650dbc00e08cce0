"""Filters for what the pages of places show."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from tansiq.building.places.queries.words import local_name
from tansiq.building.places.rules import KIND_LABELS

register = template.Library()
SCRIPT_NAMES = {
    "Arab": _("in Arabic letters"), "Hebr": _("in Hebrew letters"), "Latn": _("in Latin letters"),
    "Cyrl": _("in Cyrillic letters"), "Grek": _("in Greek letters"),
}  # fmt: skip


@register.filter
def named(names: Mapping[str, Mapping[str, str]], code: str) -> str:
    """The name of a code in the reader's language; the code itself where it has none."""
    return local_name(names.get(code)) or code


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds under a key; None where it holds nothing."""
    return found.get(key)


@register.filter
def kind_label(kind: str) -> str:
    """A kind or a catalogue in the reader's language; as its file writes it where it is an unusual one."""
    return str(KIND_LABELS.get(kind, kind))


@register.filter
def language_label(code: str) -> str:
    """A language in the reader's language; of an unknown one, the script."""
    if code == "zxx":
        return str(_("code"))
    if code.startswith("und-"):
        script = code.removeprefix("und-")
        return str(SCRIPT_NAMES.get(script, script))
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
