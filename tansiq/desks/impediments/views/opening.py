"""The form that opens an impediment; live ones that resemble it are shown first, to be raised again instead."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments import actions
from tansiq.desks.impediments.forms import OpenForm
from tansiq.desks.impediments.queries.likeness import Resemblance, resembling
from tansiq.desks.impediments.queries.records import reference_to
from tansiq.desks.impediments.queries.words import words
from tansiq.desks.impediments.rules import Act, RecordReference

RECORDS_AT_MOST = 20  # that an address may name


@page(Act.OPEN_IMPEDIMENT)
def impediment_open(request: HttpRequest) -> HttpResponse:
    """Open an impediment, unless a live one resembles it and nobody has said that it is another."""
    named = " ".join(request.GET.getlist("record"))
    form = OpenForm(request.POST or None, words=words(request.actor.operation_id), initial={"records": named})
    records = _records(request.POST.get("records", "") if form.is_bound else named)
    alike: list[Resemblance] = []
    if request.method == "POST" and form.is_valid():
        alike = [] if form.cleaned_data["another"] else resembling(request.actor, form.sought(records))
        opened = None if alike else _opened(request, form, records)
        if opened is not None:
            return opened
    form.ask_whether_another() if alike else form.hide_another()
    context = {"form": form, "alike": alike, "records": records}
    return render(request, "impediments/open.html", context, status=422 if form.is_bound else 200)


def _opened(request: HttpRequest, form: OpenForm, records: tuple[RecordReference, ...]) -> HttpResponse | None:
    try:
        done = actions.open_impediment(
            by=request.actor, key=form.cleaned_data["key"], statement=form.statement(records)
        )
    except Refused as refused:
        form.refuse(refused)
        return None
    messages.success(request, _("The impediment is open; its owner is told when its clock strikes."))
    return redirect("impediments:impediment", impediment_id=done.pk)


def _records(text: str) -> tuple[RecordReference, ...]:
    """The records that an address or the form names, as far as this room reads them."""
    found = []
    for one in text.split()[:RECORDS_AT_MOST]:
        label, _colon, name = one.partition(":")
        try:
            record = reference_to(label, UUID(name))
        except ValueError:
            record = None
        found += [record] if record else []
    return tuple(found)
