"""`tansiq aid`: take other people's ledgers and count by named definitions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tansiq.console.answers import REFUSED, Refused, answer, json_option
from tansiq.console.django_setup import set_up_django
from tansiq.console.first_run import served

SHOWN = 20  # refused rows that a person is shown; a program gets all
TABLES = (
    "aid_consignment",
    "aid_consignmentdetail",
    "aid_aidevent",
    "aid_aidmeasure",
    "aid_ledgerrow",
    "aid_cargoname",
)


@click.group()
def aid() -> None:
    """Take other people's ledgers; count aid by named definitions."""


def place_options(command: Any) -> Any:
    """Give a command the options that say in which room of which operation it acts."""
    command = click.option("--operation", help="Code of the operation; needed where there are several.")(command)
    return click.option("--room", required=True, help="Code of the room that acts.")(command)


@aid.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", required=True, help="Code of a mapping of the operation, or a mapping file (.yaml).")
@place_options
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--allow-refused", is_flag=True, help="Take the good rows even where others are refused.")
@click.option("--part", is_flag=True, help="The file is a part of the ledger: withdraw nothing that lacks in it.")
@json_option
def import_command(
    *, file: Path, mapping: str, room: str, operation: str | None, dry_run: bool, allow_refused: bool, part: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Take FILE (XLSX, XLS, ODS or CSV) into the ledger that its mapping names.

    The file is kept and sealed even where it is refused. The same file again changes nothing; a later edition
    adds, revises and withdraws rows. Exit 1 when the file is refused.
    """
    with served():
        set_up_django()
        by = _actor(room, operation)
        wanted = _mapping(by, mapping)
        with _bars() as progress:
            found = (
                _preview(by, file, wanted, progress, is_whole=not part, allow_refused=allow_refused)
                if dry_run
                else _import(by, file, wanted, progress, is_whole=not part, allow_refused=allow_refused)
            )
    refused = found["outcome"] != "taken"
    answer(found, _account(found), as_json=as_json)
    if refused:
        raise click.exceptions.Exit(REFUSED)


@aid.command()
@click.argument("definition")
@place_options
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First counting day.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last counting day, included.")
@click.option("--as-of", help="Count what was known then: 2026-01-31T18:00 (UTC unless an offset is given).")
@click.option("--by", "group_by", multiple=True, help="day, stage, unit, crossing, consignor, commodity or source.")
@click.option("--compare", help="Another definition: explain the difference, row by row.")
@json_option
def count(
    *, definition: str, room: str, operation: str | None, first: datetime, last: datetime, as_of: str | None,
    group_by: tuple[str, ...], compare: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Evaluate the count DEFINITION over some days, as of now or any past moment."""
    with served():
        set_up_django()
        by = _actor(room, operation)
        days = (first.date(), last.date())
        found = _count(by, definition, days, as_of=_moment(as_of), group_by=group_by, compare=compare)
    answer(found, _table(found), as_json=as_json)


def _actor(room: str, operation: str | None) -> Any:
    from tansiq.building.rooms.actors import system_actor
    from tansiq.building.rooms.models import Room

    rooms = Room.objects.filter(slug=room).select_related("operation")
    found = list(rooms.filter(operation__slug=operation) if operation else rooms)
    if len(found) == 1:
        return system_actor(found[0])
    known = ", ".join(sorted(f"{one.operation.slug}/{one.slug}" for one in Room.objects.select_related("operation")))
    raise Refused(
        f"several operations have a room {room}: name one with --operation"
        if found
        else f"there is no room {room}; rooms: {known or 'none, load an operation first'}"
    )


def _mapping(by: Any, name: str) -> Any:
    from ruamel.yaml import YAML, YAMLError

    from tansiq.desks.aid.queries import reference
    from tansiq.engine.imports import MappingError, mapping_from

    if Path(name).suffix in (".yaml", ".yml"):
        try:
            return mapping_from(YAML(typ="safe", pure=True).load(Path(name).read_text(encoding="utf-8")))
        except (MappingError, YAMLError) as error:
            raise Refused(f"the mapping file {name} cannot be used: {error}") from error
    kept = reference.mapping(by.operation_id, name)
    if kept is None:
        known = ", ".join(row.code for row in reference.mappings(by.operation_id))
        raise Refused(f"there is no mapping {name}; known mappings: {known or 'none'}")
    return kept.mapping


def _preview(by: Any, file: Path, mapping: Any, progress: Any, **options: bool) -> dict[str, Any]:
    from tansiq.building.rooms.actors import eyes_of
    from tansiq.desks.aid.queries.plans import plan_import

    with eyes_of(by):
        plan = plan_import(by, file.read_bytes(), mapping, progress=progress, **options)
    counts = {"rows": plan.rows, "taken": plan.taken, "refused": len(plan.refused), "skipped": plan.skipped,
              "added": len(plan.added), "revised": len(plan.revised), "withdrawn": len(plan.withdrawn),
              "unchanged": plan.unchanged}  # fmt: skip
    return {"dry_run": True, "outcome": str(plan.outcome), **counts, "report": plan.report()}


def _import(by: Any, file: Path, mapping: Any, progress: Any, **options: bool) -> dict[str, Any]:
    from django.db import connections

    from tansiq.desks.aid.actions import ImportOptions, import_ledger, seal_file

    sealed = seal_file(file.read_bytes(), file.name)
    run = import_ledger(by=by, file=sealed, mapping=mapping, options=ImportOptions(**options), progress=progress)
    if run.added + run.revised + run.withdrawn > 1_000:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"analyze {', '.join(TABLES)}")  # so that the next counts are planned on what is there
    names = ("rows", "taken", "refused", "skipped", "added", "revised", "withdrawn", "unchanged")
    return {
        "dry_run": False, "run": run.pk, "outcome": str(run.outcome), "file_sha256": run.file_sha256,
        "mapping": run.mapping_code, "mapping_version": run.mapping_version, "source": run.source,
        **{name: getattr(run, name) for name in names}, "report": run.report,
    }  # fmt: skip


def _account(found: dict[str, Any]) -> str:
    """What became of the file, for a person."""
    from tansiq.desks.aid.views.sentences import fault_sentence, file_sentence

    file, report = found["report"]["file"], found["report"]
    lines = []
    if found["outcome"] == "refused_file":
        lines = [f"Refused: {file_sentence(file['code'])} ({file['code']})"]
        lines += [f"  {name}: {file[name]}" for name in ("sheet", "found", "expected") if file.get(name)]
        kept = "" if found["dry_run"] else "The file is kept. "
        return "\n".join([*lines, f"{kept}Nothing was imported."])
    if found["outcome"] == "refused_columns":
        lines = ["Refused: the columns are not those that the mapping knows. Nothing was imported."]
        lines += [
            f"  {name:9}{', '.join(file[name]) or '-'}" for name in ("expected", "found", "missing", "new", "repeated")
        ]
        lines += [f"  perhaps renamed: {was} → {now}" for was, now, _ in file["alike"]]
        return "\n".join(lines)
    did = "to be " if found["dry_run"] else ""
    if found["outcome"] == "refused_rows":
        lines.append("Refused: some rows cannot be taken, so none was. --allow-refused takes the others.")
    counts = (f"{found[name]:,} {name}" for name in ("taken", "refused", "skipped"))
    lines.append(f"{found['rows']:,} rows: {', '.join(counts)}.")
    if found["outcome"] == "taken":
        counts = (f"{found[name]:,} {did}{name}" for name in ("added", "revised", "withdrawn", "unchanged"))
        lines.append(", ".join(counts) + ".")
    lines += [
        f"  {one['rows']} × {one['heading']}: {fault_sentence(one['code'])} (left out of the row)"
        for one in report["remarks"]
    ]
    if report["withdrawals_held"]:
        lines.append("Rows were refused, so nobody can say which rows are gone: nothing was withdrawn.")
    for row in report["refused"][:SHOWN]:
        lines += [
            f"  row {row['row']}, {fault['heading'] or fault['field']}: {fault_sentence(fault['code'])}"
            f" Found {fault['found']!r}" + (f", expected {fault['expected']}" if fault["expected"] else "") + "."
            for fault in row["faults"]
        ]
    if len(report["refused"]) > SHOWN:
        lines.append(f"  … {len(report['refused']) - SHOWN} more; --json lists all.")
    return "\n".join(lines)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"found {text}, expected a time such as 2026-01-31T18:00", param_hint="--as-of"
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _count(
    by: Any,
    code: str,
    days: tuple[date, date],
    *,
    as_of: datetime | None,
    group_by: tuple[str, ...],
    compare: str | None,
) -> dict[str, Any]:
    from tansiq.building.rooms.actors import eyes_of
    from tansiq.desks.aid.queries import counts, measures

    unknown = [name for name in group_by if name != "day" and name not in counts.GROUPS]
    if unknown:
        raise click.BadParameter(
            f"found {unknown[0]}, expected one of day, {', '.join(counts.GROUPS)}", param_hint="--by"
        )
    if days[1] < days[0]:
        raise click.BadParameter("the last day lies before the first", param_hint="--to")
    with eyes_of(by):
        rule = _definition(by, code)
        period = counts.period_of_days(rule, *days)
        found = counts.count(by, rule, period, as_of=as_of, group_by=group_by)
        said: dict[str, Any] = {
            "definition": code, "version": rule.definition.version, "unit": rule.definition.unit,
            "from": days[0], "to": days[1], "as_of": as_of, "total": found.total, "rows": found.row_count,
            "not_stated": found.not_stated, "by": list(group_by),
            "groups": [{"key": list(one.key), "total": one.total, "rows": one.row_count} for one in found.groups],
        }  # fmt: skip
        if compare:
            why = measures.explain(by, rule, _definition(by, compare), period, as_of=as_of)
            said["compare"] = {
                "definition": compare, "total": why.total_b, "difference": why.total_a - why.total_b,
                "agreed": why.agreed,
                "causes": [
                    {"cause": cause.code, "contribution": cause.contribution, "lines": len(cause.lines),
                     "rows": [[line.row_a, line.row_b, line.contribution] for line in cause.lines]}
                    for cause in why.causes
                ],
            }  # fmt: skip
    return said


def _definition(by: Any, code: str) -> Any:
    from tansiq.desks.aid.queries import reference

    rule = reference.definition(by, code)
    if rule is None:
        known = ", ".join(one.definition.code for one in reference.definitions(by))
        raise Refused(f"there is no count definition {code}; known definitions: {known or 'none'}")
    return rule


def _table(found: dict[str, Any]) -> str:
    unit = "" if found["unit"] == "*" else f" {found['unit']}"
    named = f"{found['definition']} (version {found['version']}), {found['from']} to {found['to']}"
    lines = [f"{named}: {_plain(found['total'])}{unit}"]
    if found["groups"]:
        table = Table(*found["by"], "total", "rows", box=None)
        for group in found["groups"]:
            table.add_row(*(part or "-" for part in group["key"]), _plain(group["total"]), str(group["rows"]))
        console = Console(width=110)
        with console.capture() as captured:
            console.print(table)
        lines.append(captured.get().rstrip())
    if "compare" in found:
        other = found["compare"]
        lines.append(f"{other['definition']}: {_plain(other['total'])}; difference {_plain(other['difference'])}")
        lines += [
            f"  {cause['cause']}: {_plain(cause['contribution'])} in {cause['lines']:,} line(s)"
            for cause in other["causes"]
        ]
    return "\n".join(lines)


def _plain(amount: Decimal) -> str:
    return f"{amount:,.6f}".rstrip("0").rstrip(".")


@contextmanager
def _bars() -> Iterator[Any]:
    """A progress bar for each step, on the error stream."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done)

        yield progress
