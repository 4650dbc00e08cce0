"""Migrates as the owner, then tells the database the key with which it checks who reads."""

import sys

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from tansiq.building.wall.grants import grant_library_tables
from tansiq.building.wall.keys import install_context_key
from tansiq.console.django_setup import set_up_django


def migrate() -> None:
    """Run every migration that is due; what it says goes to the error stream, for answers may be JSON."""
    set_up_django()
    call_command("migrate", database="owner", interactive=False, verbosity=0, stdout=sys.stderr)
    install_context_key(connections["owner"], settings.CONTEXT_KEY)
    grant_library_tables(connections["owner"])
