"""The program `tansiq`: finds the command that was asked for and loads no more than it needs."""

import importlib
import sys

import click

from tansiq.console.answers import FAILURE, stop_with

COMMANDS = {
    "run": ("run", "Start everything on this machine and keep it running (what `make run` calls)."),
    "serve": ("serve", "Run one web server."),
    "worker": ("worker", "Run one worker for background jobs and clocks."),
    "sequencer": ("sequencer", "Run the ledger's sequencer; of several, one is at work."),
    "operation": ("operation", "Load an operation from a directory of files."),
    "account": ("account", "Make accounts, reset how somebody signs in, disable, list."),
    "sample": ("sample", "Load and refresh the sample operation."),
    "ledger": ("ledger", "Audit the ledger, write it out, check receipts."),
    "aid": ("aid", "Take other people's ledgers; count aid by named definitions."),
    "count": ("aid", "Evaluate a count definition (the same as `tansiq aid count`)."),
    "request": ("request", "Check a pre-approval token, without a network."),
    "places": ("places", "Import boundaries, p-codes and gazetteers."),
    "database": ("database", "Start, stop, prepare, back up and restore the database."),
}
"""Command → its module in this package, and its line in the overview."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is used, so that --help is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; the object has the name of its module."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"tansiq.console.{COMMANDS[cmd_name][0]}")
        return getattr(module, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit codes: 0 done; 1 refused, with the reason; 2 wrong use; 3 failed. See docs/console.md.",
)
@click.version_option(package_name="tansiq")
def tansiq() -> None:
    """Look after a Tansiq installation.

    The installation's data are in TANSIQ_DATA (var/ beside the code without it). DATABASE_URL names a
    PostgreSQL server of your own, 15 or newer; without it an embedded one runs in the data directory.
    """


def main() -> None:
    """Run the program; every way out has its sentence and its exit code."""
    try:
        status = tansiq.main(prog_name="tansiq", standalone_mode=False)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(FAILURE)
    except Exception as error:
        stop_with(error)
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
