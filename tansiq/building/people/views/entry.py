"""The way in by a one-time code that somebody handed over in person."""

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tansiq.building.people import actions
from tansiq.building.people.forms import EntryForm
from tansiq.building.rooms.pages import public


@public
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Set a new password by a one-time code; every reason for no gets the same answer."""
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if not consume(request, action="login_failed", key=typed["email"].lower()):
            return render(request, "429.html", status=429)
        if actions.enter_by_code(email=typed["email"], code=typed["code"], password=typed["password"]):
            messages.success(
                request, _("The password is set. Sign in with it; then set up a passkey or an authenticator.")
            )
            return redirect("account_login")
        form.add_error(None, _("This did not work. Check address and code; a code works once and for a day."))
    status = 422 if request.method == "POST" else 200
    return render(request, "people/enter.html", {"form": form}, status=status)
