"""Addresses of the floor."""

from django.urls import path

from tansiq.floor import views

app_name = "floor"
urlpatterns = [
    path("events", views.events, name="events"),
]
