"""The root addresses: one prefix for each area."""

from django.urls import URLPattern, URLResolver, include, path

from tansiq.building.people.views import choose_language, closed, enter, recovery
from tansiq.config.views import failed, home, missing, withheld

AREAS = ("rooms", "people", "ledger", "places", "clocks", "doors")
DESKS = ("aid", "coordination", "crossings", "distribution", "impediments", "needs", "requests", "transport")
CLOSED = (
    "signup/",
    "email/",
    "confirm-email/",
    "password/reset/",
    "password/set/",
    "login/code/",
    "inactive/",
    "sessions/",
)
"""Addresses of the sign-in library that are not opened: nobody signs up alone, and nothing goes by mail."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("language/", choose_language, name="set_language"),
    path("accounts/password/reset/", recovery, name="recovery"),
    path("accounts/one-time-code/", enter, name="enter"),
    *[path(f"accounts/{place}<path:rest>", closed) for place in CLOSED],
    *[path(f"accounts/{place}", closed) for place in CLOSED],
    path("accounts/", include("allauth.urls")),
    *[path(f"{area}/", include(f"tansiq.building.{area}.urls")) for area in AREAS],
    *[path(f"{desk}/", include(f"tansiq.desks.{desk}.urls")) for desk in DESKS],
    path("floor/", include("tansiq.floor.urls")),
    path("api/", include("tansiq.api.urls")),
]

handler403 = withheld
handler404 = missing
handler500 = failed
