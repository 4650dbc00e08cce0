"""Registers rooms with Django."""

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    """Who works where, and what they may do there."""

    name = "tansiq.building.rooms"
    label = "rooms"
    default_auto_field = "django.db.models.BigAutoField"
