"""The root addresses: one prefix for each area."""

from django.conf import settings
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from tansiq.building.wall.pages import public
from tansiq.config.views import failed, home, missing, withheld

AREAS = ("rooms", "people", "ledger", "places", "clocks", "doors")
DESKS = ("aid",)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("language/", public(set_language), name="set_language"),
    path("accounts/", include("allauth.urls")),
    *[path(f"{area}/", include(f"tansiq.building.{area}.urls")) for area in AREAS],
    *[path(f"{desk}/", include(f"tansiq.desks.{desk}.urls")) for desk in DESKS],
    path("floor/", include("tansiq.floor.urls")),
    path("api/", include("tansiq.api.urls")),
    *staticfiles_urlpatterns(settings.STATIC_URL),
]

handler403 = withheld
handler404 = missing
handler500 = failed
