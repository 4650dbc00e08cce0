"""Registers distribution with Django, and what of it passes doors."""

from importlib import import_module

from django.apps import AppConfig


class DistributionConfig(AppConfig):
    """From the warehouse to the family, and what the family says about it."""

    name = "tansiq.desks.distribution"
    label = "distribution"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk's records releasable, also where no page is served: in the worker and the console."""
        import_module("tansiq.desks.distribution.views.records")
