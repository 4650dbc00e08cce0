"""What every form carries besides what is typed: the proof that it is ours, and the room it was opened for."""

from typing import Any

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tansiq.building.rooms.pages import FORM_ROOM

register = template.Library()


class FormToken(CsrfTokenNode):
    """Django's own tag, and beside it the room at work, so that no form can be written without either."""

    def render(self, context: Any) -> SafeString:
        """Both as hidden fields; the room is left out where the person is at work in none."""
        token = super().render(context)
        actor = getattr(context.get("request"), "actor", None)
        room_id = context.get("form_room_id") or (actor.room_id if actor else None)
        room = format_html('<input type="hidden" name="{}" value="{}">', FORM_ROOM, room_id) if room_id else ""
        return SafeString(token + room)


@register.tag("csrf_token")
def csrf_token(_parser: Any, _token: Any) -> FormToken:
    """Stand in the place of Django's tag, in every template."""
    return FormToken()
