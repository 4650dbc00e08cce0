"""`tansiq places`: import boundaries, the global list of p-codes, and gazetteers."""

import hashlib
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from tansiq.console.answers import Refused, answer, json_option
from tansiq.console.django_setup import set_up_django
from tansiq.console.first_run import served

SHOWN_MOST = 40  # findings that are printed for a person; --json gives all
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def places() -> None:
    """Import places from files of others (docs/places.md)."""


@places.command(name="import")
@click.argument("file", type=FILE)
@click.option("--kind", type=click.Choice(["cod-ab", "pcodes", "gazetteer"]), required=True, help="What FILE holds.")
@click.option("--operation", "slug", help="Operation that the places belong to; needed except for p-codes.")
@click.option("--source", default="", help="Where the file comes from, as pages show it.  [default: its name]")
@click.option("--claimant", default="", help="Code of who publishes the outlines, where it matters.")
@click.option("--mapping", type=FILE, help="A column mapping of your own, in place of the built-in one.")
@click.option("--dry-run", is_flag=True, help="Read and report; write nothing.")
@click.option("--partial", is_flag=True, help="Take the good rows though others are refused.")
@json_option
def import_file(file: Path, kind: str, slug: str | None, *, as_json: bool, **options: Any) -> None:
    """Import FILE. The same file again changes nothing.

    When a row is refused nothing is imported, unless --partial is given.
    """
    if slug is None and kind != "pcodes":
        raise click.UsageError("--operation is needed for this kind of file.")
    with served():
        set_up_django()
        operation = _operation(slug)
        content = file.read_bytes()
        intake = _read(content, file, kind, options)
        facts: dict[str, Any] = {"file": file.name, "kind": kind, **intake.counts()}
        facts["findings"] = [finding.as_json() for finding in intake.findings]
        if intake.is_refused or (intake.refused_rows and not options["partial"]):
            answer(facts, _report(facts), as_json=as_json)
            raise Refused("Nothing was imported." + ("" if intake.is_refused else " --partial takes the other rows."))
        if not options["dry_run"]:
            facts["written"] = _write(operation, intake, kind, hashlib.sha256(content).hexdigest())
    answer(facts, _report(facts), as_json=as_json)


def _operation(slug: str | None) -> Any:
    """The operation as its owner sees it; None where none is named."""
    from tansiq.building.rooms.models import Operation

    if slug is None:
        return None
    found = Operation.objects.using("owner").filter(slug=slug).first()
    if found is None:
        raise Refused(f"There is no operation called {slug}.")
    return found


def _read(content: bytes, file: Path, kind: str, options: dict[str, Any]) -> Any:
    from tansiq.building.places.intake.cod_ab import read_areas
    from tansiq.building.places.intake.gazetteer import read_gazetteer
    from tansiq.building.places.intake.pcodes import read_pcodes

    source, mapping = options["source"], options["mapping"]
    if kind == "cod-ab":
        return read_areas(content, source=source or file.name, mapping=mapping, claimant=options["claimant"])
    if kind == "pcodes":
        return read_pcodes(content, file.name, mapping=mapping)
    return read_gazetteer(content, file.name, source=source, mapping=mapping)


def _write(operation: Any, intake: Any, kind: str, digest: str) -> dict[str, Any]:
    """Write what was read, with a bar on a terminal, and enter the load in the ledger of the shared floor."""
    from tansiq.building.places import loading
    from tansiq.building.places.actions import note_places_loaded

    with click.progressbar(length=len(intake.entries), label="Writing", file=sys.stderr) as bar:
        if kind == "pcodes":
            written = loading.save_pcodes(intake.entries, bar.update)
        elif kind == "cod-ab":
            written = loading.save_areas(operation, intake, progress=bar.update)
        else:
            written = loading.save_places(operation, intake, progress=bar.update)
    by = _floor(operation)
    if by is not None:
        note_places_loaded(by=by, operation=operation, kind=kind, digest=digest, written=written)
    return {name: asdict(count) for name, count in written.items()}


def _floor(operation: Any) -> Any:
    """The system at work on the operation's shared floor; its first room where there is no floor."""
    from tansiq.building.rooms.actors import system_actor
    from tansiq.building.rooms.models import Room

    rooms = list(Room.objects.filter(operation=operation).order_by("slug")) if operation else []
    rooms.sort(key=lambda room: room.kind != "shared_floor")
    return system_actor(rooms[0]) if rooms else None


def _report(facts: dict[str, Any]) -> str:
    """The import as a person reads it."""
    lines = ["{file}: {rows} rows, {taken} taken, {repaired} repaired, {refused} refused.".format(**facts)]
    for finding in facts["findings"][:SHOWN_MOST]:
        where = f"row {finding['row']}" if finding["row"] else "file"
        lines.append(f"  {finding['level']}, {where}: {finding['sentence']}")
    more = len(facts["findings"]) - SHOWN_MOST
    lines += [f"  … and {more} more (--json lists all)."] if more > 0 else []
    for name, count in facts.get("written", {}).items():
        lines.append("  {}: {added} added, {changed} changed, {same} the same, {removed} removed".format(name, **count))
    return "\n".join(lines)
