"""The steps of a clock's ladder in words of the reader's language."""

from django import template
from django.utils.translation import gettext as _

from tansiq.building.rooms.configuration import span_from
from tansiq.building.rooms.wording import span_in_words

register = template.Library()
DUE = "100%"


@register.filter
def step_in_words(code: str) -> str:
    """When a step strikes: at a share of the time, at the due time, or a span after it."""
    if code == DUE:
        return _("at the due time")
    if code.endswith("%"):
        return _("at %(share)s %% of the time") % {"share": code.removesuffix("%")}
    if code.startswith("+"):
        return _("%(span)s after the due time") % {"span": span_in_words(span_from(code[1:]))}
    return code
