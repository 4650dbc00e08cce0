"""`tansiq worker`: one process for background jobs and clocks."""

import os

import click
from django.core.management import call_command

from tansiq.console.addresses import DIRECT, RUNTIME, VARIABLES
from tansiq.console.children import follow_parent
from tansiq.console.django_setup import set_up_django


@click.command()
@click.option("--concurrency", type=click.IntRange(1), default=2, show_default=True, help="Jobs at the same time.")
@click.option("--queue", "queues", multiple=True, help="Take jobs of this queue only; may be repeated.")
def worker(concurrency: int, queues: tuple[str, ...]) -> None:
    """Run one worker for background jobs and clocks.

    Several may run; each job is taken by one of them, and a job whose worker died is taken up again.
    """
    follow_parent()
    if direct := os.environ.get(DIRECT, "").strip():
        os.environ[VARIABLES[RUNTIME]] = direct  # it listens for jobs, which no pooler can pass on
    set_up_django()
    arguments = ["worker", f"--concurrency={concurrency}"]
    if queues:
        arguments.append(f"--queues={','.join(queues)}")
    call_command("procrastinate", *arguments)
