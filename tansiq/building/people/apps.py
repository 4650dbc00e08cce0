"""Registers people with Django."""

from django.apps import AppConfig

from tansiq.building.people import checks

__all__ = ["PeopleConfig", "checks"]


class PeopleConfig(AppConfig):
    """Who works in the centre."""

    name = "tansiq.building.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
