"""Registers the ledger with Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The log under every room."""

    name = "tansiq.building.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
