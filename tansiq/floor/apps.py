"""Registers floor with Django."""

from django.apps import AppConfig


class FloorConfig(AppConfig):
    """What is happening now."""

    name = "tansiq.floor"
    label = "floor"
    default_auto_field = "django.db.models.BigAutoField"
