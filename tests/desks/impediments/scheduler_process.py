"""A sweep of due clocks and of silences in a process of its own, on the database that is named."""

import sys

import django
from django.db import connections


def run(name: str) -> None:
    django.setup()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
    from tansiq.building.clocks.jobs import strike_due_clocks
    from tansiq.desks.impediments.jobs import follow_clocks

    strike_due_clocks.func(0)
    sys.stdout.write(str(follow_clocks.func(0)))


run(*sys.argv[1:])
