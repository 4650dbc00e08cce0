"""The address of the database for each role: from the environment, or of the embedded server."""

import os
from pathlib import Path

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from tansiq.console.answers import Failed
from tansiq.console.cluster_places import places
from tansiq.console.state import data_directory, password

DATABASE = "tansiq"
OWNER = "tansiq_owner"
RUNTIME = "tansiq_rt"
SEQUENCER = "tansiq_sequencer"
AUDITOR = "tansiq_auditor"
VARIABLES = {
    RUNTIME: "DATABASE_RT_URL",
    SEQUENCER: "DATABASE_SEQUENCER_URL",
    AUDITOR: "DATABASE_AUDITOR_URL",
}
"""The roles behind the wall, and the variable that gives each its address on a site's own server."""

DIRECT = "DATABASE_DIRECT_URL"
"""The runtime role's address of the server itself, where DATABASE_RT_URL leads through a pooler."""

PORT = 5432


def is_embedded() -> bool:
    """Tell whether this installation runs its own PostgreSQL."""
    return not os.environ.get("DATABASE_URL", "").strip()


def roles_are_given() -> bool:
    """Tell whether a site's administrator made the roles; then DATABASE_URL is the owner's address."""
    return any(os.environ.get(variable, "").strip() for variable in VARIABLES.values())


def admin_parameters() -> dict[str, str]:
    """Connection parameters of DATABASE_URL; of the embedded server's administrator without it."""
    if is_embedded():
        return _embedded("postgres", data_directory())
    return {"dbname": DATABASE, **parse("DATABASE_URL")}


def role_parameters(role: str) -> dict[str, str]:
    """Connection parameters of one role, in libpq's words."""
    if is_embedded():
        return _embedded(role, data_directory())
    variable = VARIABLES.get(role, "DATABASE_URL")
    if roles_are_given():
        if not os.environ.get(variable, "").strip():
            raise Failed(f"{variable} is missing: set it to the address of {role}, as for the other roles.")
        return {"dbname": admin_parameters()["dbname"], **parse(variable)}
    return {**admin_parameters(), "user": role, "password": password(role)}


def direct_parameters() -> dict[str, str]:
    """Where the runtime role listens for news: {} where its own address is that of the server itself."""
    return {"dbname": admin_parameters()["dbname"], **parse(DIRECT)} if os.environ.get(DIRECT, "").strip() else {}


def parse(variable: str) -> dict[str, str]:
    """Take an address of the environment apart; an unreadable one is named, its password is not."""
    try:
        parts = conninfo_to_dict(os.environ[variable].strip())
    except ProgrammingError as error:
        raise Failed(
            f"{variable} is not an address of a PostgreSQL database (postgresql://user:password@host:5432/name)."
        ) from error
    return {name: str(value) for name, value in parts.items() if value is not None}


def _embedded(role: str, data: Path) -> dict[str, str]:
    return {
        "host": str(places(data).socket),
        "port": str(PORT),
        "dbname": DATABASE,
        "user": role,
        "password": password(role, data=data),
    }
