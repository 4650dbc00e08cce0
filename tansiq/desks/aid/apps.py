"""Registers aid with Django."""

from django.apps import AppConfig


class AidConfig(AppConfig):
    """Aid from request to hand-over."""

    name = "tansiq.desks.aid"
    label = "aid"
    default_auto_field = "django.db.models.BigAutoField"
