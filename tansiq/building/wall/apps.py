"""Registers the wall with Django."""

from django.apps import AppConfig


class WallConfig(AppConfig):
    """The lowest storey of the building."""

    name = "tansiq.building.wall"
    label = "wall"
    default_auto_field = "django.db.models.BigAutoField"
