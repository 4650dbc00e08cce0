"""Registers crossings with Django, and what of it passes doors."""

from importlib import import_module

from django.apps import AppConfig


class CrossingsConfig(AppConfig):
    """The day at the crossings, and the slots that are booked there."""

    name = "tansiq.desks.crossings"
    label = "crossings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make statements and bookings releasable, also where no page is served: in the worker and the console."""
        import_module("tansiq.desks.crossings.views.records")
