"""Commits an entry to the database rows that its act wrote, and finds rows that no longer match."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

DIGEST_BYTES = 32
RECORD_BYTES = 16 + DIGEST_BYTES

_as_written: ContextVar[dict[type[models.Model], dict[UUID, bytes]] | None] = ContextVar("as_written", default=None)


@contextmanager
def digests_as_written() -> Iterator[None]:
    """Let the block's manifest take the digests that its insertions answered, without reading the rows again."""
    before = _as_written.set({})
    try:
        yield
    finally:
        _as_written.reset(before)


def digests_are_noted() -> bool:
    """Whether an insertion should answer digests: in an act, whose entry commits to the rows."""
    return _as_written.get() is not None


def note_digests(model: type[models.Model], digests: Mapping[UUID, bytes]) -> None:
    """Keep the digests that the database answered to an insertion of rows that this act does not change again."""
    known = _as_written.get()
    if known is not None:
        known.setdefault(model, {}).update({row_id: bytes(digest) for row_id, digest in digests.items()})


def sealed_columns(model: type[models.Model]) -> list[str]:
    """What is committed of a row of ``t``: every column but those the model names in ``unsealed``.

    Where a number stands for something that may change behind it, ``sealed_as`` names the SQL that tells it whole.
    """
    unsealed, told = set(getattr(model, "unsealed", ())), getattr(model, "sealed_as", {})
    kept = [field for field in model._meta.concrete_fields if field.name not in unsealed]
    return [told.get(field.name, f't."{field.column}"') for field in kept]


def digest_sql(model: type[models.Model]) -> str:
    """SQL giving a row's SHA-256 over the JSON text of its sealed columns, times in UTC."""
    return f"sha256(convert_to(jsonb_build_array({', '.join(sealed_columns(model))})::text, 'UTF8'))"


def row_digests(connection: Any, model: type[models.Model], ids: Sequence[UUID]) -> list[tuple[UUID, bytes]]:
    """Each row's digest as the database holds it now, ordered by id."""
    return _digests(connection, [(model, ids)])[0]


def make_manifest(connection: Any, wrote: Iterable[tuple[type[models.Model], Sequence[UUID]]]) -> bytes:
    """The manifest: for each table its name and count, then id and digest of each row."""
    listed = list(wrote)
    known = _as_written.get() or {}
    noted = {model: known[model] for model, ids in listed if model in known and known[model].keys() >= set(ids)}
    read = iter(_digests(connection, [one for one in listed if one[0] not in noted]))
    parts: list[bytes] = []
    for model, ids in listed:
        # The order of a UUID's bytes is that of the database.
        rows = sorted({(row_id, noted[model][row_id]) for row_id in ids}) if model in noted else next(read)
        parts.append(f"{model._meta.label_lower} {len(rows)}\n".encode())
        parts.extend(row_id.bytes + digest for row_id, digest in rows)
    return b"".join(parts)


def _digests(
    connection: Any, wanted: Sequence[tuple[type[models.Model], Sequence[UUID]]]
) -> list[list[tuple[UUID, bytes]]]:
    """The rows of each table with their digests, ordered by id; one statement for all tables."""
    selects = [
        f'select {place}, t."{model._meta.pk.column}", {digest_sql(model)} from "{model._meta.db_table}" t '
        f'where t."{model._meta.pk.column}" = any(%s)'
        for place, (model, _ids) in enumerate(wanted)
    ]
    found: list[list[tuple[UUID, bytes]]] = [[] for _ in wanted]
    if not wanted:
        return found
    with connection.cursor() as cursor:
        cursor.execute(f"{' union all '.join(selects)} order by 1, 2", [list(ids) for _model, ids in wanted])
        for place, row_id, digest in cursor.fetchall():
            found[place].append((row_id, bytes(digest)))
    return found


def read_manifest(body: bytes) -> Iterator[tuple[str, list[tuple[UUID, bytes]]]]:
    """Model label and (id, digest) pairs of each table named in a manifest. Raises ValueError when malformed."""
    at = 0
    while at < len(body):
        end = body.index(b"\n", at)
        label, count = body[at:end].decode().split(" ")
        at, stop = end + 1, end + 1 + int(count) * RECORD_BYTES
        if stop > len(body):
            raise ValueError(f"manifest ends early: expected {stop} bytes, found {len(body)}")
        block = body[at:stop]
        at = stop
        yield (
            label,
            [
                (UUID(bytes=block[i : i + 16]), block[i + 16 : i + RECORD_BYTES])
                for i in range(0, len(block), RECORD_BYTES)
            ],
        )


def sealed_models() -> list[type[models.Model]]:
    """Every model whose rows must be named by some entry: those that carry ``sealed = True``."""
    return [model for model in apps.get_models() if getattr(model, "sealed", False)]


def configured_rows(operation_id: UUID) -> list[tuple[type[models.Model], list[UUID]]]:
    """Every row that came from an operation's files: models carry the way to their operation in ``configured``."""
    listed = [(model, getattr(model, "configured", None)) for model in sealed_models()]
    return [
        (
            model,
            list(model._default_manager.filter(**({way: operation_id} if way else {})).values_list("pk", flat=True)),
        )
        for model, way in listed
        if way is not None
    ]
