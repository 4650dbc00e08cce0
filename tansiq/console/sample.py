"""`tansiq sample`: load the sample operation with thirty days of simulated aid, so that every page shows something."""

import time
from datetime import UTC, datetime
from typing import Any

import click

from tansiq.console.answers import Refused, answer, json_option
from tansiq.console.django_setup import set_up_django
from tansiq.console.first_run import served
from tansiq.console.state import REPOSITORY

DIRECTORY = REPOSITORY / "demo" / "operation"
STORY = REPOSITORY / "demo" / "sample" / "story.yaml"
MFA_OFF = {"TANSIQ_SAMPLE_WITHOUT_MFA": "1"}


@click.group()
def sample() -> None:
    """Load the sample operation: synthetic, shaped like a real one."""


@sample.command("load")
@click.option("--seed", type=int, help="Seed of the simulation.  [default: the operation's]")
@click.option("--days", type=click.IntRange(1, 365), help="Days that end today.  [default: the operation's]")
@click.option("--trucks", type=click.IntRange(1, 5000), help="Trucks a day.  [default: the operation's]")
@json_option
def load_command(seed: int | None, days: int | None, trucks: int | None, *, as_json: bool) -> None:
    """Load the sample into a database that holds no other operation; done again it changes nothing.

    The same seed, days and trucks give the same records on the same day. A small sample leaves out the clocks,
    releases and impediments for which it has no consignment.
    """
    with served():
        set_up_django()
        started = time.monotonic()
        loaded = load(seed=seed, days=days, trucks=trucks)
    if not loaded:
        raise Refused("this database holds another operation; the sample goes into a database of its own (TANSIQ_DATA)")
    loaded["seconds"] = round(time.monotonic() - started, 1)
    said = ", ".join(f"{count:,} {what}" for what, count in loaded["written"].items())
    sentence = f"The sample is loaded: {said}." if said else "The sample was loaded before; nothing was changed."
    answer(loaded, sentence, as_json=as_json)


def load(*, seed: int | None = None, days: int | None = None, trucks: int | None = None) -> dict[str, Any]:
    """Load the sample where no other operation is; answers its accounts and its processes' environment, or {}.

    The simulated days are written in one transaction: a load that was broken off leaves none of them behind.
    """
    from tansiq.building.rooms.configuration import read_operation
    from tansiq.building.rooms.models import Operation

    configuration = read_operation(DIRECTORY)
    slug = configuration.operation.slug
    if Operation.objects.exclude(slug=slug, is_sample=True).exists():
        return {}
    held = Operation.objects.filter(slug=slug).first()
    written = _write(configuration, is_new=held is None, seed=seed, days=days, trucks=trucks)
    names = {room.code: room.names.en for room in configuration.rooms}
    accounts = [
        {
            "email": stated.email, "password": configuration.sample_password,
            "room": ", ".join(f"{names[place.room]} ({place.role})" for place in stated.memberships),
        }
        for stated in configuration.accounts
    ]  # fmt: skip
    return {"accounts": accounts, "environment": dict(MFA_OFF), "written": written}


def _write(configuration: Any, *, is_new: bool, **asked: int | None) -> dict[str, int]:
    from django.db import connections, transaction

    from tansiq.building.clocks.jobs import strike_one
    from tansiq.building.rooms.models import Room
    from tansiq.console.operation import load_operation
    from tansiq.console.sample_aid import Asked, is_written, simulated, write_aid
    from tansiq.console.sample_ledger import import_editions
    from tansiq.console.sample_stage import Stage
    from tansiq.console.sample_story import read_story, tell_story

    if is_new:
        _say("operation", 0, 1)
        load_operation(DIRECTORY, configuration)
    rooms = {room.slug: room for room in Room.objects.filter(operation__slug=configuration.operation.slug)}
    if is_written(rooms.values()):
        return {}
    usual = configuration.operation.simulation
    found = simulated(
        configuration, rooms,
        Asked(
            usual.seed if asked["seed"] is None else asked["seed"], asked["days"] or usual.days,
            asked["trucks"] or usual.trucks_per_day, datetime.now(UTC),
        ),
    )  # fmt: skip
    story, stage = read_story(STORY), Stage(rooms, found.now)
    with transaction.atomic():
        written = write_aid(found, _say)
        _say("story", 0, 1)
        written |= tell_story(story, stage)
        written |= _tell_desks(stage)
        ledger = story["ledger"]
        gates = {one.code: one.names.en for one in configuration.crossings}
        taking = {code: gates[code] for code in ledger["gates"]}
        facts = {"now": found.now, "zone": configuration.operation.time_zone, "gates": taking, "class": ledger["class"]}
        person = stage.person(ledger["by"], ledger["room"])
        written["files"] = import_editions(ledger, person, found.aid.events, facts)
    while strike_one():  # what fell due before now is told before anybody looks
        continue
    with connections["owner"].cursor() as cursor:
        cursor.execute("analyze")  # so that the first pages are planned on what is there
    _say("", 1, 1)
    return written


def _tell_desks(stage: Any) -> dict[str, int]:
    """Let each desk of the chain tell its part; answers how many of each were written."""
    from tansiq.console.sample_coordination import tell_coordination
    from tansiq.console.sample_crossings import tell_crossings
    from tansiq.console.sample_distribution import tell_distribution
    from tansiq.console.sample_needs import tell_needs
    from tansiq.console.sample_quantities import tell_quantities
    from tansiq.console.sample_requests import tell_requests
    from tansiq.console.sample_transport import tell_transport

    written: dict[str, int] = {}
    tellers = (
        tell_requests,
        tell_crossings,
        tell_distribution,
        tell_coordination,
        tell_quantities,
        tell_transport,
        tell_needs,
    )
    for tell in tellers:
        written |= tell(stage)
    return written


def _say(step: str, done: int, total: int) -> None:
    """Show on the error stream how far the load is; a line of its own for each step where nobody looks on."""
    stream = click.get_text_stream("stderr")
    if stream.isatty():
        click.echo(f"\r\033[KSample: {step} {done:,} / {total:,}" if step else "\r\033[K", nl=False, err=True)
    elif done == 0 and step:
        click.echo(f"Sample: {step} …", err=True)
