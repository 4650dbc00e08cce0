"""Registers transport with Django, and what of it passes doors."""

from importlib import import_module

from django.apps import AppConfig


class TransportConfig(AppConfig):
    """Which truck carries what, under which seals, and what was scanned of it."""

    name = "tansiq.desks.transport"
    label = "transport"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make manifests releasable, also where no page is served: in the worker and the console."""
        import_module("tansiq.desks.transport.views.records")
