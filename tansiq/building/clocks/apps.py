"""Registers clocks with Django."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """What is due."""

    name = "tansiq.building.clocks"
    label = "clocks"
    default_auto_field = "django.db.models.BigAutoField"
