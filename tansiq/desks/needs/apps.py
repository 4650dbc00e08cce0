"""Registers needs with Django, and what of it passes doors."""

from importlib import import_module

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Who needs what where, and how far it is covered."""

    name = "tansiq.desks.needs"
    label = "needs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make its records releasable, also where no page is served: in the worker and the console."""
        import_module("tansiq.desks.needs.views.records")
