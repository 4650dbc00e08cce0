"""Prepare a PostgreSQL server: the database, its owner, and three roles that cannot pass the wall."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection, sql

from tansiq.console.addresses import DATABASE, OWNER, VARIABLES
from tansiq.console.answers import Failed, Refused
from tansiq.console.state import password

OLDEST_VERSION = 15
ROLES = tuple(VARIABLES)
FENCED = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
LOOSE = """
select distinct given
  from unnest(%s::name[]) as given join pg_roles as held on pg_has_role(given, held.oid, 'MEMBER')
 where held.rolsuper or held.rolbypassrls or held.rolcreaterole or held.rolcreatedb or held.rolreplication
"""
GRANTED = """
select has_database_privilege(%(owner)s, current_database(), 'CREATE')
   and has_database_privilege(%(owner)s, current_database(), 'CONNECT')
   and has_database_privilege(%(owner)s, current_database(), 'TEMPORARY')
   and has_schema_privilege(%(owner)s, 'public', 'CREATE')
   and has_schema_privilege(%(owner)s, 'public', 'USAGE')
   and bool_and(has_database_privilege(role, current_database(), 'CONNECT'))
   and bool_and(pg_has_role(%(owner)s, role, 'MEMBER'))
  from unnest(%(roles)s::name[]) as role
"""
LOCK = 0x74616E736971  # "tansiq": one process at a time prepares a server


@dataclass(frozen=True)
class Server:
    """What the given user may do on the given server."""

    version: int
    superuser: bool
    creates_roles: bool
    creates_databases: bool


def provision(admin: Mapping[str, str], database: str = DATABASE, *, own_server: bool = False) -> None:
    """Make what is missing on a server; done twice it changes nothing.

    With own_server=True (the embedded one) passwords are set to those of this installation; on a site's
    server a role that has another password is left alone, because another installation may be using it.
    """
    with connect(_entrance(admin, database)) as connection:
        connection.execute("select pg_advisory_lock(%s)", [LOCK])
        server = examine(connection)
        missing = _missing_roles(connection)
        absent = not _database_exists(connection, database)
        if (missing and not (server.superuser or server.creates_roles)) or (
            absent and not (server.superuser or server.creates_databases)
        ):
            raise Refused(_for_an_administrator(missing, database, absent=absent))
        for role in missing:
            _create_role(connection, role)
        refuse_loose_roles(connection, ROLES)
        if absent:
            _create_database(connection, database)
        with connect({**admin, "dbname": database}) as inside:
            _grant(inside, database)
        _settle_passwords(connection, {**admin, "dbname": database}, own_server=own_server)


def check_given_roles(parameters: Mapping[str, Mapping[str, str]]) -> None:
    """Check roles that an administrator made: each answers, and none may pass the wall.

    parameters : role → its connection parameters
    """
    for role, given in parameters.items():
        with connect(given) as connection:
            examine(connection)
            if role in ROLES:
                refuse_loose_roles(connection, [connection.info.user])


def connect(parameters: Mapping[str, Any]) -> Connection:
    """Connect, or say in one sentence which server did not answer and why."""
    try:
        return psycopg.connect(**_willing(parameters), autocommit=True)
    except psycopg.OperationalError as error:
        said = " ".join(str(error).split())
        raise Failed(f"The database {named(parameters)} does not answer: {said}") from error


def _willing(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"connect_timeout": 10, "application_name": "tansiq", **parameters}


def named(parameters: Mapping[str, Any]) -> str:
    """Name a connection where others may read it: without its password."""
    host, port = parameters.get("host", "localhost"), parameters.get("port", "5432")
    return f"{parameters.get('dbname', '')} at {host}:{port} as {parameters.get('user', '')}"


def examine(connection: Connection) -> Server:
    """Ask the server for its version and our rights; too old a server is refused."""
    version = connection.info.server_version // 10000
    if version < OLDEST_VERSION:
        raise Refused(f"This is PostgreSQL {version}; Tansiq needs {OLDEST_VERSION} or newer.")
    row = connection.execute(
        "select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
    ).fetchone()
    if row is None:
        raise Failed("The server does not say who we are.")
    return Server(version, *row)


def refuse_loose_roles(connection: Connection, roles: Iterable[str]) -> None:
    """Stop when a role that should stand behind the wall could step over it."""
    loose = [row[0] for row in connection.execute(LOOSE, [list(roles)])]
    if loose:
        statements = " ".join(f"ALTER ROLE {role} {FENCED};" for role in loose)
        raise Refused(f"These roles could pass the wall: {', '.join(loose)}. An administrator runs: {statements}")


def _entrance(admin: Mapping[str, str], database: str) -> dict[str, str]:
    """Enter by the database itself where it exists; else by the one that every server has."""
    try:
        psycopg.connect(**_willing({**admin, "dbname": database})).close()
    except psycopg.OperationalError:
        return {**admin, "dbname": "postgres"}
    return {**admin, "dbname": database}


def _missing_roles(connection: Connection) -> list[str]:
    wanted = [OWNER, *ROLES]
    present = {row[0] for row in connection.execute("select rolname from pg_roles where rolname = any(%s)", [wanted])}
    return [role for role in wanted if role not in present]


def _database_exists(connection: Connection, database: str) -> bool:
    return connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone() is not None


def _create_role(connection: Connection, role: str) -> None:
    # The owner may step into the other roles (tests do), but inherits nothing from them.
    inherit = "NOINHERIT" if role == OWNER else "INHERIT"
    connection.execute(
        sql.SQL("create role {} {} {} password {}").format(
            sql.Identifier(role), sql.SQL(FENCED), sql.SQL(inherit), sql.Literal(password(role))
        )
    )


def _create_database(connection: Connection, database: str) -> None:
    connection.execute(
        sql.SQL("create database {} encoding 'UTF8' template template0").format(sql.Identifier(database))
    )


def _grant(inside: Connection, database: str) -> None:
    """Give the owner room to build and the others the door; what lies behind it is granted by migrations."""
    if _is_granted(inside):
        return
    try:
        for statement in _grants(database):
            inside.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise Refused(_for_an_administrator([], database, absent=False)) from error
    if not _is_granted(inside):
        raise Refused(_for_an_administrator([], database, absent=False))


def _is_granted(inside: Connection) -> bool:
    row = inside.execute(GRANTED, {"owner": OWNER, "roles": list(ROLES)}).fetchone()
    return bool(row and row[0])


def _grants(database: str) -> list[str]:
    name = '"' + database.replace('"', '""') + '"'
    others = ", ".join(ROLES)
    return [
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {name} TO {OWNER}",
        f"GRANT CONNECT ON DATABASE {name} TO {others}",
        f"GRANT ALL ON SCHEMA public TO {OWNER}",
        f"GRANT {others} TO {OWNER}",
    ]


def _settle_passwords(connection: Connection, admin: Mapping[str, str], *, own_server: bool) -> None:
    """See whether the roles are those of this installation; on our own server, make them so."""
    for role in (OWNER, *ROLES):
        if _lets_in({**admin, "user": role, "password": password(role)}):
            continue
        if not own_server:
            raise Refused(
                f"The server does not let {role} in with the password of this installation: "
                f"another installation uses it. Set {', '.join(VARIABLES.values())} (docs/console.md), "
                "or bring the secrets of the installation that made the role."
            )
        statement = sql.SQL("alter role {} password {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Literal(password(role))))


def _lets_in(parameters: Mapping[str, str]) -> bool:
    try:
        psycopg.connect(**_willing(parameters)).close()
    except psycopg.OperationalError:
        return False
    return True


def _for_an_administrator(missing: list[str], database: str, *, absent: bool) -> str:
    """Spell out the SQL that we may not run ourselves, and what to set afterwards."""
    name = '"' + database.replace('"', '""') + '"'
    lines = [
        f"CREATE ROLE {role} {FENCED}{' NOINHERIT' if role == OWNER else ''} PASSWORD '<choose one>';"
        for role in missing
    ]
    if absent:
        lines.append(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0;")
    lines += [f"\\c {name}", *(f"{statement};" for statement in _grants(database))]
    variables = "\n".join(f"  {variable}  the address of {role}" for role, variable in VARIABLES.items())
    return (
        "The user of DATABASE_URL may not prepare this server. An administrator of it runs:\n\n  "
        + "\n  ".join(lines)
        + f"\n\nThen set\n  DATABASE_URL  the address of {OWNER}\n{variables}"
    )
