"""A scheduler in a process of its own, on the database that is named: a whole worker, or one sweep of due clocks."""

import sys

import django
from django.core.management import call_command
from django.db import connections


def run(name: str, mode: str) -> None:
    django.setup()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
    if mode == "worker":
        call_command("procrastinate", "worker", "--concurrency=2")
    else:
        from tansiq.building.clocks.jobs import strike_due_clocks

        sys.stdout.write(str(strike_due_clocks.func(0)))


run(*sys.argv[1:])
