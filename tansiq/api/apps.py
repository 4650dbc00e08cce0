"""Registers api with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """How programs take part."""

    name = "tansiq.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
