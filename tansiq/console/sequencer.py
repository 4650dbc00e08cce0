"""`tansiq sequencer`: the process that puts ledger entries in their final order."""

import importlib

import click

from tansiq.console.children import follow_parent
from tansiq.console.django_setup import set_up_django


@click.command()
def sequencer() -> None:
    """Run the ledger's sequencer.

    Several may run for safety; the database lets one at a time work, another takes over when it is gone.
    """
    follow_parent()
    set_up_django()
    importlib.import_module("tansiq.building.ledger.sequencer").run()
