"""Checks that models and migrations agree, and that no migration breaks the release still running."""

import os
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))
os.environ["DJANGO_SETTINGS_MODULE"] = "tansiq.config.settings"
os.environ["TANSIQ_DATA"] = str(REPOSITORY / "var" / "check")  # a server of its own, whatever else runs
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django_migration_linter import MigrationLinter  # noqa: E402

from tansiq.console.first_run import served  # noqa: E402

FIRST_RELEASE = "0001_"  # an initial migration meets no running release


def main() -> int:
    """Compare the models with the migrations, then lint the SQL of every later one."""
    django.setup()
    with served():
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
        linter = MigrationLinter(
            str(REPOSITORY),
            database="owner",
            analyser_string="postgresql",
            include_apps=[name.split(".")[-1] for name in settings.INSTALLED_APPS if name.startswith("tansiq.")],
            ignore_name_contains=FIRST_RELEASE,
            no_cache=True,
            quiet=["ok", "ignore"],
        )
        linter.lint_all_migrations()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
