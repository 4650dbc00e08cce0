"""Migrates as the owner, then tells the database the key with which it checks who reads."""

import sys

from django.core.management import call_command

from tansiq.console.django_setup import set_up_django


def migrate() -> None:
    """Run every migration that is due; what it says goes to the error stream, for answers may be JSON."""
    set_up_django()
    call_command("migrate", database="owner", interactive=False, verbosity=1, stdout=sys.stderr)
