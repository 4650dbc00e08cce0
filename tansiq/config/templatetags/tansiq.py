"""Filters for what every page shows: names in the reader's language, times, numbers, marks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.safestring import SafeString

from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.wording import date_time_group

register = template.Library()
SHARE_STATES = ("own", "released", "received", "pending", "recalled")
TLP_CODES = ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR")
THEMES = ("light", "dark")
FALLBACK_LANGUAGE = "en"
MINUS = "\u2212"
LEFT_TO_RIGHT_MARK = "\u200e"  # keeps a minus sign in front of its figure in a line that runs from the right


@register.filter
def local(names: Mapping[str, str] | str | None) -> str:
    """The name in the reader's language; English where that is missing, else any that there is."""
    return local_name(names)


@register.filter
def dtg(moment: datetime | None) -> str:
    """A date-time group in UTC, as the field writes it: 211030Z NOV 26."""
    return "" if moment is None else date_time_group(moment)


@register.filter
def local_time(moment: datetime | None) -> str:
    """Date and time of day in the operation's time zone, the month in words of the reader's language."""
    return "" if moment is None else formats.date_format(timezone.localtime(moment), "j M Y H:i")


@register.filter
def iso(moment: datetime | None) -> str:
    """The moment as a program reads it, in UTC: 2026-11-21T10:30:00Z."""
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@register.filter
def number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """A figure in Latin digits, grouped by thousands, without empty decimals; the same in every language."""
    if value is None or value == "":
        return ""
    if places is None and isinstance(value, Decimal):  # 12.000000 is 12, never 1.2E+1
        value = value.quantize(1) if value == value.to_integral_value() else value.normalize()
    text = f"{abs(value):,}" if places is None else f"{abs(value):,.{places}f}"
    return f"{LEFT_TO_RIGHT_MARK}{MINUS}{text}" if value < 0 else text


@register.filter
def share(state: str) -> SafeString:
    """The mark of a share state: own, released, received, pending or recalled. Raises ValueError."""
    if state not in SHARE_STATES:
        raise ValueError(f"A share state is one of {', '.join(SHARE_STATES)}; this is {state!r}.")
    return render_to_string("_share_state.html", {"state": state})


@register.filter
def tlp(code: str) -> SafeString:
    """The mark of a TLP 2.0 label, as the standard writes it in every language. Raises ValueError."""
    if code not in TLP_CODES:
        raise ValueError(f"A TLP 2.0 label is one of {', '.join(TLP_CODES)}; this is {code!r}.")
    return render_to_string("_tlp.html", {"code": code})


@register.filter
def theme(request: Any) -> str:
    """The theme that the reader chose, "light" or "dark"; empty when the system decides."""
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@register.filter
def field_groups(form: forms.BaseForm) -> list[tuple[str, list[forms.BoundField]]]:
    """The visible fields in the groups that the form names in `groups`; those it leaves out come last."""
    groups = [(legend, list(names)) for legend, names in getattr(form, "groups", ())]
    named = {name for _, names in groups for name in names}
    rest = [field for field in form.visible_fields() if field.name not in named]
    shown = [(legend, [form[name] for name in names if name in form.fields]) for legend, names in groups]
    return [*shown, ("", rest)] if rest else shown


@register.filter
def kind(field: forms.BoundField) -> str:
    """How a field is laid out: tick, file, wide or plain."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, forms.FileInput):
        return "file"
    wide = (forms.Textarea, forms.CheckboxSelectMultiple, forms.RadioSelect, forms.MultiWidget)
    return "wide" if isinstance(widget, wide) else "plain"


@register.simple_tag(takes_context=True)
def page_link(context: Any, number_of_page: int) -> str:
    """The present address with another page number, so that a list keeps its filters."""
    query = context["request"].GET.copy()
    query["page"] = str(number_of_page)
    return f"?{query.urlencode()}"
