"""`tansiq operation`: load an operation from a directory of files."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import click

from tansiq.console.answers import Refused, answer, json_option
from tansiq.console.django_setup import set_up_django
from tansiq.console.first_run import served


@click.group()
def operation() -> None:
    """Check and load the configuration of an operation (docs/operations.md)."""


@operation.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def check(directory: Path, *, as_json: bool) -> None:
    """Check the files in DIRECTORY and name everything that is wrong; writes nothing."""
    configuration = _read(directory, as_json=as_json)
    facts = {"operation": configuration.operation.slug, "rooms": len(configuration.rooms)}
    answer(facts, f"The files of {configuration.operation.slug} are in order.", as_json=as_json)


@operation.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def load(directory: Path, *, as_json: bool) -> None:
    """Load the operation in DIRECTORY; done again after a change it writes what changed."""
    with served():
        set_up_django()
        written = load_operation(directory, _read(directory, as_json=as_json))
    answer(written, f"Operation {written['operation']} is loaded.", as_json=as_json)


def load_operation(directory: Path, configuration: Any) -> dict[str, Any]:
    """Write structure, people, clocks, places and aid's reference data, and enter the load in the ledger."""
    from tansiq.building.clocks.loading import load_clock_kinds
    from tansiq.building.people.loading import load_organisations, load_sample_accounts
    from tansiq.building.places.loading import load_places, report_stated_states
    from tansiq.building.rooms.actions import note_operation_loaded
    from tansiq.building.rooms.actors import system_actor
    from tansiq.building.rooms.loading import load_structure
    from tansiq.building.rooms.models import Operation, Room
    from tansiq.desks.aid.actions.reference import load_reference
    from tansiq.desks.coordination.actions import load_terms as load_coordination
    from tansiq.desks.impediments.actions import load_terms

    organisations = load_organisations(configuration)
    loaded = load_structure(configuration, directory, organisations)
    accounts = load_sample_accounts(configuration, organisations)
    rooms = {room.slug: room for room in Room.objects.filter(operation=loaded)}
    _grant_places(configuration, accounts, rooms)
    owned = Operation.objects.using("owner").get(pk=loaded.pk)
    load_clock_kinds(owned, configuration)
    load_places(owned, directory)
    load_reference(owned, directory)
    load_terms(owned, configuration)
    load_coordination(owned, configuration)
    first = next((room for room in rooms.values() if room.kind == "shared_floor"), next(iter(rooms.values())))
    report_stated_states(directory, by=system_actor(first))
    note_operation_loaded(by=system_actor(first), operation=loaded)
    return {"operation": loaded.slug, "rooms": len(rooms), "accounts": len(accounts), "digest": loaded.digest}


def _grant_places(configuration: Any, accounts: list[Any], rooms: dict[str, Any]) -> None:
    """Give each account its places in rooms; a place that stands already is left as it is."""
    from tansiq.building.rooms.actions import grant_membership
    from tansiq.building.rooms.actors import memberships_of, system_actor

    by_email = {account.email: account for account in accounts}
    for stated in configuration.accounts:
        account = by_email[stated.email]
        roles: dict[str, list[str]] = defaultdict(list)
        for membership in stated.memberships:
            roles[membership.room].append(membership.role)
        held = {place.room.slug: place.roles for place in memberships_of(account)}
        for room, wanted in roles.items():
            if held.get(room) != wanted:
                grant_membership(by=system_actor(rooms[room]), account=account, roles=wanted)


def _read(directory: Path, *, as_json: bool) -> Any:
    from tansiq.building.rooms.configuration import ConfigurationError, read_operation

    try:
        return read_operation(directory)
    except ConfigurationError as error:
        problems = [str(problem) for problem in error.problems]
        if as_json:
            answer({"problems": problems}, "", as_json=True)
        raise Refused("\n".join(["the files of the operation are not in order:", *problems])) from error
