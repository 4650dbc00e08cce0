"""Addresses of the floor."""

from django.urls import path

from tansiq.floor import views

app_name = "floor"
urlpatterns = [
    path("", views.floor, name="floor"),
    path("events", views.events, name="events"),
    *[path(f"_{name}", views.panel, {"name": name}, name=name) for name in views.PANELS],
]
