"""Registers impediments with Django, and what of it passes doors."""

from importlib import import_module

from django.apps import AppConfig


class ImpedimentsConfig(AppConfig):
    """What stands in the way, and who must answer for it."""

    name = "tansiq.desks.impediments"
    label = "impediments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make impediments releasable, also where no page is served: in the worker and the console."""
        import_module("tansiq.desks.impediments.views.records")
