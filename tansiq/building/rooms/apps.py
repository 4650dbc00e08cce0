"""Registers rooms with Django."""

from importlib import import_module

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    """Who works where, and what they may do there."""

    name = "tansiq.building.rooms"
    label = "rooms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the audit what to recompute of labels."""
        import_module("tansiq.building.rooms.labels")
