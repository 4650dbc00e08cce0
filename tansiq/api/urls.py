"""Addresses of the API."""

from django.urls import path

from tansiq.api.service import api
from tansiq.api.views import documentation, nothing_here

app_name = "api"
urlpatterns = [
    path("v1/", documentation, name="documentation"),
    path("v1/", api.urls),
    path("", nothing_here),
    path("<path:rest>", nothing_here),
]
