"""Registers the product's own template tags with Django."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Base templates and tags."""

    name = "tansiq.config"
    label = "config"
