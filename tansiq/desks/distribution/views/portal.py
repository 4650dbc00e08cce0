"""The page of a local partner: what is coming, what it must do, its distributions, what became of what it asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tansiq.building.rooms.pages import page
from tansiq.desks.distribution.queries.portal import portal
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import Act


@page(Act.READ_RELEASE)
def partner(request: HttpRequest) -> HttpResponse:
    """A few things with large buttons and little data; nothing of others."""
    by = request.actor
    return render(
        request, "distribution/partner.html", {"portal": portal(by, words(by)), "may_plan": by.may(Act.MAKE_PLAN)}
    )
