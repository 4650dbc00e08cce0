"""How the console answers: one sentence, one exit code, JSON where a program reads it."""

import errno
import json
import sys
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

import click

SUCCESS, REFUSED, USAGE, FAILURE = 0, 1, 2, 3
NO_SPACE = "No space left on device"  # in PostgreSQL's own words
NO_TABLES = "this database has not the tables of this release; run `tansiq database migrate` first."
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class Refused(click.ClickException):
    """The system says no, and says why; asking again the same way gets the same answer."""

    exit_code: ClassVar[int] = REFUSED

    def show(self, file: Any = None) -> None:
        """Print the reason."""
        click.echo(f"Refused: {self.format_message()}", err=True, file=file)


class Failed(click.ClickException):
    """Something broke or is missing; it may work once that is put right."""

    exit_code: ClassVar[int] = FAILURE

    def show(self, file: Any = None) -> None:
        """Print what broke."""
        click.echo(f"Failed: {self.format_message()}", err=True, file=file)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --json, passed to it as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")(command)


def answer(facts: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    """Print the facts as JSON, or the sentence for a person."""
    click.echo(json.dumps(facts, ensure_ascii=False, default=str) if as_json else sentence)


def stop_with(error: BaseException) -> NoReturn:
    """Leave the program with the sentence and the exit code that belong to an error."""
    if isinstance(error, click.ClickException):
        error.show()
        sys.exit(error.exit_code)
    exception = _as_answer(error)
    if exception is None:
        raise error
    exception.show()
    sys.exit(exception.exit_code)


def _as_answer(error: BaseException) -> click.ClickException | None:
    """Find the answer for an error that is not the console's own, if it has one.

    The modules are looked up where they are loaded already, so that the console need not load Django
    or the database driver merely to name their errors.
    """
    acts = sys.modules.get("tansiq.building.rooms.acts")
    if acts is not None and isinstance(error, acts.Refused):
        return Refused(str(error) or error.code)
    psycopg = sys.modules.get("psycopg")
    if psycopg is not None and isinstance(error.__cause__ or error, psycopg.errors.UndefinedTable):
        return Refused(NO_TABLES)
    for name in ("psycopg", "django.db.utils"):
        driver = sys.modules.get(name)
        if driver is not None and isinstance(error, driver.OperationalError | driver.InterfaceError):
            return Failed(database_sentence(str(error)))
    if isinstance(error, OSError):
        return Failed(os_sentence(error))
    return None


def database_sentence(said: str) -> str:
    """Say in one sentence why the database did not do what it was asked."""
    if NO_SPACE in said:
        return "The disk of the database is full. Make room, then run this again."
    return f"The database does not answer: {' '.join(said.split())}"


def os_sentence(error: OSError) -> str:
    """Say in one sentence what the operating system refused."""
    where = error.filename or "this place"
    if isinstance(error, PermissionError):
        return f"No permission for {where}. Run as the user who owns it, or set TANSIQ_DATA to another place."
    if error.errno in DISK_FULL:
        return f"The disk is full: {where} could not be written. Make room, then run this again."
    return f"{error.strerror or error} ({where})."
