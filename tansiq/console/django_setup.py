"""Loads Django with this installation's settings, for the commands that need it."""

import os

import django


def set_up_django() -> None:
    """Load the applications; the settings are named, not imported, so that the console stays below them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tansiq.config.settings")
    django.setup()
