"""Registers places with Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Where things are."""

    name = "tansiq.building.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
