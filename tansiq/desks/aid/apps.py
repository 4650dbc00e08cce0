"""Registers aid with Django, and what of it passes doors."""

from importlib import import_module

from django.apps import AppConfig


class AidConfig(AppConfig):
    """Aid from request to hand-over."""

    name = "tansiq.desks.aid"
    label = "aid"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make consignments and events releasable, also where no page is served: in the worker and the console."""
        import_module("tansiq.desks.aid.views.records")
