"""`tansiq database`: start, stop, prepare, back up and restore the database."""

import importlib
import shlex
from pathlib import Path
from urllib.parse import quote

import click

from tansiq.console import cluster
from tansiq.console.addresses import OWNER, VARIABLES, is_embedded, role_parameters
from tansiq.console.answers import REFUSED, Refused, answer, json_option
from tansiq.console.first_run import load_sample, ready_server, served

ROLES = {"owner": OWNER, **{role.removeprefix("tansiq_"): role for role in VARIABLES}}


@click.group()
def database() -> None:
    """Start, stop, prepare, back up and restore the database."""


@database.command()
@json_option
def start(as_json: bool) -> None:
    """Start the embedded PostgreSQL and prepare its roles; with DATABASE_URL, prepare that server."""
    started = ready_server()
    sentence = "The database was started." if started else "The database is running."
    answer({"running": True, "started": started, "process": _process()}, sentence, as_json=as_json)


@database.command()
@json_option
def stop(as_json: bool) -> None:
    """Stop the embedded PostgreSQL."""
    _only_embedded()
    stopped = cluster.stop()
    sentence = "The database was stopped." if stopped else "The database was not running."
    answer({"running": False, "stopped": stopped}, sentence, as_json=as_json)


@database.command()
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say whether the embedded PostgreSQL runs; exit code 1 when it does not."""
    _only_embedded()
    process = _process()
    place = cluster.places().cluster
    sentence = f"PostgreSQL runs in {place} (process {process})." if process else f"PostgreSQL does not run in {place}."
    answer(
        {"running": process is not None, "process": process, "directory": str(place)},
        sentence,
        as_json=as_json,
    )
    if process is None:
        context.exit(REFUSED)


@database.command()
@click.option("--sample", is_flag=True, help="Load the sample operation into an empty database.")
@json_option
def migrate(sample: bool, as_json: bool) -> None:
    """Bring the tables up to this release, as their owner."""
    with served():
        importlib.import_module("tansiq.console.migrating").migrate()
        loaded = load_sample() if sample else {}
    answer({"migrated": True, "loaded": loaded}, "The tables are those of this release.", as_json=as_json)


@database.command("shell-url")
@click.argument("role", type=click.Choice(list(ROLES)), default="owner")
@click.option("--libpq", is_flag=True, help="As words for psql instead of an address.")
def shell_url(role: str, libpq: bool) -> None:
    """Print the address, with its password, for psql and other tools: psql "$(tansiq database shell-url)"."""
    parts = role_parameters(ROLES[role])
    if libpq:
        click.echo(" ".join(f"{name}={shlex.quote(value)}" for name, value in parts.items()))
        return
    who = f"{quote(parts.get('user', ''), safe='')}:{quote(parts.get('password', ''), safe='')}"
    rest = {name: value for name, value in parts.items() if name not in {"user", "password", "dbname"}}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in rest.items())
    click.echo(f"postgresql://{who}@/{quote(parts['dbname'], safe='')}?{query}")


@database.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="Add the installation's keys; guard such a file.")
@json_option
def backup(file: Path, with_keys: bool, as_json: bool) -> None:
    """Write the whole database into FILE while it is in use."""
    with served():
        manifest = importlib.import_module("tansiq.console.backups").back_up(file, with_keys=with_keys)
    sentence = f"{file} holds the database, {file.stat().st_size:,} bytes."
    answer({"file": str(file), **manifest}, sentence, as_json=as_json)


@database.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of a database that holds something.")
@json_option
def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Make the database that FILE holds; what is there now is replaced only when all of it is in."""
    with served():
        manifest = importlib.import_module("tansiq.console.backups").restore(file, replace=replace)
    answer({"file": str(file), **manifest}, f"The database is that of {manifest['made_at']}.", as_json=as_json)


def _process() -> int | None:
    return cluster.status() if is_embedded() else None


def _only_embedded() -> None:
    if not is_embedded():
        raise Refused("DATABASE_URL names a server of your own; start, stop and look after it there.")
