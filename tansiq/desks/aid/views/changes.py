"""The page on which a change of units is recorded: split, repack, substitution, return, another try."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.forms.changes import ChangeForm
from tansiq.desks.aid.models import Consignment
from tansiq.desks.aid.queries.balance import consignment_balance
from tansiq.desks.aid.queries.words import words
from tansiq.desks.aid.rules import Act


@page(Act.CHANGE_UNITS)
def unit_change(request: HttpRequest, consignment_id: UUID) -> HttpResponse:
    """Record what became of a consignment's units; a row more or less is asked of this page itself."""
    consignment = Consignment.objects.filter(pk=consignment_id, room=request.actor.room_id).first()
    known = words(request.actor)
    balance = consignment_balance(request.actor, consignment, known) if consignment else None
    if consignment is None or balance is None or consignment.source != consignment.room.slug:
        raise Http404
    asked = {"words": known, "lines": balance.lines}
    form = ChangeForm.rearranged(request.POST, **asked) or ChangeForm(request.POST or None, **asked)
    if form.is_bound and form.is_valid():
        key = form.cleaned_data["key"]
        try:
            actions.change_units(by=request.actor, key=key, statement=form.statement(consignment.reference), group=key)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The change is recorded; what was taken and what was made of it add up."))
            return redirect("aid:consignment", consignment_id=consignment_id)
    context = {"form": form, "consignment": consignment, "balance": balance}
    return render(request, "aid/unit_change.html", context, status=422 if form.is_bound else 200)
