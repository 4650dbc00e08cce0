"""The door of the house, and the pages for what is closed, absent or broken."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.loader import render_to_string

from tansiq.building.wall.pages import public


@public
def home(request: HttpRequest) -> HttpResponse:
    """The floor for who is signed in; the sign-in page for everyone else."""
    return redirect("floor:floor") if request.user.is_authenticated else redirect("account_login")


@public
def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One page for what is hidden and for what never was, so that the two cannot be told apart."""
    return HttpResponse(render_to_string("404.html", request=request), status=404)


@public
def withheld(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for who may not enter here; names nothing."""
    return HttpResponse(render_to_string("403.html", request=request), status=403)


@public
def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours: a clear sentence, and nothing of what was asked."""
    return HttpResponse(render_to_string("500.html"), status=500)


def unreadable(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a page, not an empty window, for who opens an address that only takes what a form sends."""

    def explained(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET" and not response.content:
            response.content = render_to_string("405.html", request=request)
        return response

    return explained
