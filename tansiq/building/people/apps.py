"""Registers people with Django."""

from importlib import import_module

from django.apps import AppConfig

from tansiq.building.people import checks

__all__ = ["PeopleConfig", "checks"]


class PeopleConfig(AppConfig):
    """Who works in the centre."""

    name = "tansiq.building.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let tokens end with a place, whichever process ends it: a page, the worker or the console."""
        import_module("tansiq.building.people.actions")
