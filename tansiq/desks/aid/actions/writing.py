"""Adds many rows in one statement, behind the wall."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

from tansiq.building.ledger.rows import digest_sql, digests_are_noted, note_digests

CHUNK = 10_000
MANY = 500  # rows from which on old plans of key checks cost more than new ones
BETWEEN, NOTHING = "\x1e", "\x1d"  # what parts two values in a column's text, and what stands for no value

Values = Sequence[Any]
Row = TypeVar("Row", bound=models.Model)


def insert_rows(model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, once: bool = False) -> list[UUID]:
    """Insert rows given by field names; all name the same fields, the others get the model's defaults.

    once : with a unique key that is taken already, leave the row out instead of failing.
    Returns the ids that were written.
    """
    written: list[UUID] = []
    fields = [model._meta.get_field(name) for name in rows[0] if name != "id"] if rows else []
    defaults = _defaults(model, {field.name for field in fields})
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        ids = [row.get("id") or uuid4() for row in part]
        columns = {model._meta.pk: ids, **{field: [row[field.name] for row in part] for field in fields}}
        columns |= {field: [value] for field, value in defaults.items()}
        with connection.cursor() as cursor:
            if len(part) >= MANY:
                # Key checks planned while a table was empty read it from end to end now that it is not.
                cursor.execute("discard plans")
            cursor.execute(*_statement(model, columns, once=once))
            digests = dict(cursor.fetchall()) if cursor.description else {}
        if digests_are_noted():
            note_digests(model, digests)
        written += [row_id for row_id in ids if row_id in digests] if once else ids
    return written


def as_record(model: type[Row], row: Mapping[str, Any]) -> Row:
    """A row just written, as a record; what the database filled in is read when it is asked for."""
    fields = [field for field in model._meta.concrete_fields if field.name in row]
    return model.from_db("default", [field.attname for field in fields], [row[field.name] for field in fields])


def _statement(
    model: type[models.Model], columns: Mapping[models.Field, Values], *, once: bool
) -> tuple[str, list[Any]]:
    """One insert: what is the same in every row is sent once, the rest column by column."""
    lists, values, parameters = [], [], []
    for number, (field, column) in enumerate(columns.items()):
        first = column[0]
        if not field.primary_key and all(value is first or value == first for value in column):
            values.append((f"%s::{_cast(field)}", _plain(field, first)))
        else:
            sql, sent = _sent(field, column)
            lists.append(sql)
            values.append((f"u.c{number}::{_cast(field)}", None))
            parameters.append((number, sent))
    names = ", ".join(f'"{field.column}"' for field in columns)
    chosen = ", ".join(sql for sql, _ in values)
    held = ", ".join(f"c{number}" for number, _ in parameters)
    end = "on conflict do nothing " if once else ""
    if once or digests_are_noted():
        end += f"returning t.id, {digest_sql(model) if digests_are_noted() else 'null'}"
    insert = (
        f'insert into "{model._meta.db_table}" as t ({names}) select {chosen} '
        f"from unnest({', '.join(lists)}) as u ({held}) {end}"
    )
    constants = [value for sql, value in values if sql.startswith("%s")]
    return insert, [*constants, *(sent for _, sent in parameters)]


def _defaults(model: type[models.Model], named: set[str]) -> dict[models.Field, Any]:
    """Fields that the rows do not name and the database does not fill, with their default."""
    return {
        field: field.get_default()
        for field in model._meta.concrete_fields
        if field.name not in named and not field.primary_key and field.db_default is NOT_PROVIDED and not field.null
    }


def _cast(field: models.Field) -> str:
    kind = field.target_field if field.is_relation else field
    return str(kind.rel_db_type(connection) if field.is_relation else field.db_type(connection))


def _sent(field: models.Field, column: Values) -> tuple[str, Any]:
    """A column as one text, which is quick; as an array where a value holds one of the two marks itself."""
    is_json = isinstance(field, models.JSONField)
    plain = [_plain(field, value) for value in column] if is_json else column
    text = BETWEEN.join([NOTHING if value is None else str(value) for value in plain])
    if text.count(BETWEEN) == len(column) - 1 and text.count(NOTHING) == column.count(None):
        return f"string_to_array(%s, '{BETWEEN}', '{NOTHING}')", text
    return "%s::text[]", [None if value is None else str(value) for value in plain]


def _plain(field: models.Field, value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(field, models.JSONField) else value
