"""What the forms of this desk have in common: do it and lead on, or show the form again with everything typed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution.forms.fields import DeskForm


def sent(
    request: HttpRequest, form: DeskForm, action: Callable[[], Any], *, done: str, to: tuple[str, dict[str, Any]] | None
) -> HttpResponse | None:  # fmt: skip
    """Do what was typed and lead on; None when the form is to be shown.

    to : the name of the page that follows, with what it takes; None: the page of the record that the action gives
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        record = action()
    except Refused as refused:
        form.refuse(refused)
        return None
    messages.success(request, done)
    return redirect(record) if to is None else redirect(to[0], **to[1])


def shown(request: HttpRequest, template: str, form: DeskForm, **context: Any) -> HttpResponse:
    """The page of a form; 422 when it was sent and could not be done."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)
