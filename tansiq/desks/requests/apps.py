"""Registers requests with Django, and what of them passes doors."""

from importlib import import_module

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """What aid organisations ask for, and what authorities decide item by item."""

    name = "tansiq.desks.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make requests and decisions releasable, also where no page is served: in the worker and the console."""
        import_module("tansiq.desks.requests.views.records")
