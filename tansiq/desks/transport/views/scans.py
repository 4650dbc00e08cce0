"""The list of scans, those that lead nowhere too, and the page of the public key."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tansiq.building.rooms.lists import PER_PAGE
from tansiq.building.rooms.pages import page
from tansiq.desks.aid.queries.words import words
from tansiq.desks.transport.forms.scans import ScanFilterForm
from tansiq.desks.transport.queries.keys import verifier_key
from tansiq.desks.transport.queries.scans import scan_page, scans_shown
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.rules import Act
from tansiq.desks.transport.views.lists import onward


@page(Act.READ_SCAN)
def scans(request: HttpRequest) -> HttpResponse:
    """Scans that this room may see, received last first, with what each was answered."""
    by = request.actor
    usual = settings_of(by.operation_id)
    form = ScanFilterForm(request.GET, usual=usual)
    answer, place = form.wanted()
    context = onward(request, lambda mark: scan_page(by, answer, place, after=mark, size=PER_PAGE))
    shown = scans_shown(context["shown"], words(by), usual)
    context |= {"form": form, "rows": shown, "tab": "scans", "may_scan": by.may(Act.RECORD_SCANS)}
    return render(request, "transport/scans.html", context)


@page(Act.READ_SCAN)
def public_key(request: HttpRequest) -> HttpResponse:
    """The key with which anyone checks a code, without this server."""
    key = verifier_key()
    context = {"key": key, "hex": key.public_key.hex(), "tab": "key",
               "may_scan": request.actor.may(Act.RECORD_SCANS)}  # fmt: skip
    return render(request, "transport/key.html", context)
