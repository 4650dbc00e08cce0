"""How a link stands, spans of time, and names by code, in words of the reader's language."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import gettext as _

from tansiq.floor.queries.chain.sentences import STATES

register = template.Library()


@register.filter
def chain_state(code: str) -> str:
    """How a link of the chain stands, in words."""
    return str(STATES.get(code, code))


@register.filter
def span_of_time(span: timedelta | None) -> str:
    """Days and hours, or minutes where it was less than an hour; nothing where nobody knows."""
    if span is None:
        return ""
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return str(_("%(minutes)s min") % {"minutes": minutes})
    days, hours = divmod(round(minutes / 60), 24)
    if not days:
        return str(_("%(hours)s h") % {"hours": hours})
    return str(_("%(days)s d %(hours)s h") % {"days": days, "hours": hours})


@register.filter
def named(names: Mapping[str, Any], code: str) -> Any:
    """The names of a code, or the code itself."""
    return names.get(code) or code
