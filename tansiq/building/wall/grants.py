"""Lets the runtime role use the tables that libraries bring along."""

from typing import Any

LIBRARY_TABLES = (
    "django_session",
    "django_content_type",
    "account_%",
    "mfa_%",
    "socialaccount_%",
    "usersessions_%",
    "procrastinate_%",
)


def grant_library_tables(connection: Any) -> None:
    """Grant reading and writing on library tables, which hold sessions, factors and jobs, never a room's records."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = 'public' and c.relkind in ('r', 'p', 'S') and c.relname like any(%s)",
            [list(LIBRARY_TABLES)],
        )
        for name, kind in cursor.fetchall():
            verbs = "usage, select" if kind == "S" else "select, insert, update, delete"
            noun = "sequence" if kind == "S" else "table"
            cursor.execute(f'grant {verbs} on {noun} "{name}" to tansiq_rt')
        cursor.execute("grant usage on schema public to tansiq_rt, tansiq_sequencer, tansiq_auditor")
        cursor.execute("grant select on django_migrations to tansiq_rt, tansiq_sequencer, tansiq_auditor")
        cursor.execute("grant select on django_content_type to tansiq_auditor")
