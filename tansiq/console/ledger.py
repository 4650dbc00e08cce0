"""Looks after the ledger: audit, export, receipts."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tansiq.console.answers import Failed, Refused, answer, json_option
from tansiq.console.django_setup import set_up_django
from tansiq.console.first_run import served


@click.group()
def ledger() -> None:
    """Audit the ledger, write it out, check receipts."""


@ledger.command()
@json_option
def audit(*, as_json: bool) -> None:
    """Recompute everything the ledger claims and name what was altered (exit 1 when anything was)."""
    with served():
        set_up_django()
        from tansiq.building.ledger.audit import audit as recompute
        from tansiq.building.ledger.signer import default_signer

        with _bar() as bar:
            tasks: dict[str, Any] = {}

            def progress(what: str, done: int) -> None:
                task = tasks.setdefault(what, None)
                if task is None:
                    tasks[what] = task = bar.add_task(what, total=None)
                bar.update(task, completed=done)

            report = recompute(default_signer().verifier(), progress, default_signer().last_signed())
    for finding in report.findings:
        if not as_json:
            click.echo(f"{finding.code}: {finding.where}: expected {finding.expected}, found {finding.found}")
    looked = (
        f"{report.leaves} leaves, {report.checkpoints} checkpoints, {report.entries} entries "
        f"({report.waiting} waiting), {report.rows} sealed rows"
    )
    if report.holds:
        answer(report.as_dict(), f"The ledger holds: {looked}.", as_json=as_json)
        return
    if as_json:
        answer(report.as_dict(), "", as_json=True)
    raise Refused(f"{len(report.findings)} finding(s) in {looked}.")


@ledger.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@json_option
def export(directory: Path, *, as_json: bool) -> None:
    """Write checkpoint, tiles and entry bundles to DIRECTORY in the layout of C2SP tlog-tiles."""
    with served():
        set_up_django()
        from tansiq.building.ledger.export import NothingPublished
        from tansiq.building.ledger.export import export as write
        from tansiq.building.ledger.signer import default_signer

        with _bar() as bar:
            task = bar.add_task("leaves", total=None)
            try:
                size = write(directory, default_signer().verifier(), lambda done: bar.update(task, completed=done))
            except NothingPublished as nothing:
                raise Refused("No checkpoint has been signed yet; the sequencer signs one each tick.") from nothing
    answer({"leaves": size, "directory": str(directory)}, f"{size} leaves written to {directory}.", as_json=as_json)


@ledger.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="Verifier key of the ledger; without it the key of this installation.")
@json_option
def verify(file: Path, key: str | None, *, as_json: bool) -> None:
    """Check the receipt FILE; needs no database (exit 1 when it does not hold)."""
    set_up_django()
    from tansiq.building.ledger.signer import default_signer
    from tansiq.building.ledger.verifying import check_receipt

    verdict = check_receipt(file.read_bytes(), [key.strip() if key else str(default_signer().verifier())])
    facts = {"holds": verdict.holds, "facts": verdict.facts, "index": verdict.index, "size": verdict.size}
    if not verdict.holds:
        if as_json:
            answer({**facts, "code": verdict.code}, "", as_json=True)
        raise Refused(f"{verdict.fault} ({verdict.code})")
    said = "\n".join(f"  {name}: {value}" for name, value in verdict.facts.items())
    answer(
        facts, f"The receipt holds: leaf {verdict.index} of a tree of {verdict.size} leaves.\n{said}", as_json=as_json
    )


@ledger.command()
@json_option
def tick(*, as_json: bool) -> None:
    """Integrate what waits and sign a checkpoint now, as the sequencer does at each tick."""
    with served():
        set_up_django()
        from tansiq.building.ledger.sequencer import tick as integrate
        from tansiq.building.ledger.signer import BrokenHistory

        try:
            done = integrate()
        except BrokenHistory as broken:
            raise Failed(f"The signer refuses: {broken}. See docs/ledger.md, «A declared break».") from broken
    if done is None:
        raise Refused("Another sequencer is at work.")
    answer(
        {"entries": done.entries, "size": done.size}, f"{done.entries} entries; {done.size} leaves.", as_json=as_json
    )


def _bar() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed}"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
