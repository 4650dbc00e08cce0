"""Registers doors with Django."""

from django.apps import AppConfig


class DoorsConfig(AppConfig):
    """How things pass between rooms."""

    name = "tansiq.building.doors"
    label = "doors"
    default_auto_field = "django.db.models.BigAutoField"
