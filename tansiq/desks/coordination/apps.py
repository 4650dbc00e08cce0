"""Registers coordination with Django, and what of it passes doors."""

from importlib import import_module

from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    """Who was asked to agree to a movement, what was answered, and whether a green light was given."""

    name = "tansiq.desks.coordination"
    label = "coordination"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make askings, decisions and statements on routes releasable, also where no page is served."""
        import_module("tansiq.desks.coordination.views.records")
