"""Reads and gives long columns of numbers and ids in binary, without making a Python object of each."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import Cursor
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.pq import Format

NUMBERS_OID, IDS_OID, ID_OID = 1016, 2951, 2950  # int8[], uuid[], uuid
ID_BYTES = 16
HEAD = np.array([1, 0, ID_OID, 0, 1], dtype=">i4")  # dimensions, nulls, type, length, lower bound
NUMBER = np.dtype([("bytes", ">i4"), ("value", ">i8")])
ID = np.dtype([("bytes", ">i4"), ("value", f"V{ID_BYTES}")])


@dataclass(frozen=True, eq=False)
class Ids:
    """A column of ids, as bytes one after the other."""

    raw: bytes

    def __len__(self) -> int:
        return len(self.raw) // ID_BYTES

    def __getitem__(self, number: int) -> UUID:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return UUID(bytes=self.raw[number * ID_BYTES : (number + 1) * ID_BYTES])

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The ids as text, in 32 hexadecimal figures each."""
        text = self.raw.hex()
        return tuple(text[place : place + 2 * ID_BYTES] for place in range(0, len(text), 2 * ID_BYTES))

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each id stands, by its text."""
        return {code: number for number, code in enumerate(self.codes)}

    @cached_property
    def listed(self) -> list[UUID]:
        """Every id as an object of its own."""
        return [UUID(hex=code) for code in self.codes]

    def number(self, one: UUID) -> int | None:
        """Where an id stands; None where it is not among these."""
        return self.places.get(one.hex)


class NumbersLoader(Loader):
    """Takes an array of bigint as PostgreSQL sends it in binary."""

    format = Format.BINARY

    def load(self, data: Buffer) -> NDArray[np.int64]:
        """The elements; an array without any has no dimension at all."""
        elements = np.frombuffer(data, dtype=NUMBER, offset=HEAD.nbytes) if len(data) > HEAD.nbytes else _no(NUMBER)
        return elements["value"].astype(np.int64)


class IdsLoader(Loader):
    """Takes an array of uuid."""

    format = Format.BINARY

    def load(self, data: Buffer) -> Ids:
        """The elements, as they stand."""
        elements = np.frombuffer(data, dtype=ID, offset=HEAD.nbytes) if len(data) > HEAD.nbytes else _no(ID)
        return Ids(elements["value"].tobytes())


class IdsDumper(Dumper):
    """Gives an array of uuid."""

    format = Format.BINARY
    oid = IDS_OID

    def dump(self, obj: Ids) -> Buffer:
        """The head of an array of one dimension, and the elements, each with its length."""
        elements = np.empty(len(obj), dtype=ID)
        elements["bytes"] = ID_BYTES
        elements["value"] = np.frombuffer(obj.raw, dtype=f"V{ID_BYTES}")
        head = HEAD.copy()
        head[3] = len(obj)
        return head.tobytes() + elements.tobytes()


def read_columns(sql: str, params: dict[str, Any]) -> list[Any]:
    """The one row of a query that gathers columns with array_agg: numbers as arrays, ids as Ids, text as lists.

    A column of no rows is None. Asks on the connection of the transaction that is open, so that it passes the wall as
    every query does.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.adapters.register_loader(NUMBERS_OID, NumbersLoader)
        cursor.adapters.register_loader(IDS_OID, IdsLoader)
        cursor.adapters.register_dumper(Ids, IdsDumper)
        row = cursor.execute(sql, params, binary=True).fetchone()
    return list(row or ())


def numbers(column: Any) -> NDArray[np.int64]:
    """A column of numbers; none where it had no rows."""
    return np.empty(0, dtype=np.int64) if column is None else column


def _no(kind: np.dtype[Any]) -> NDArray[Any]:
    return np.empty(0, dtype=kind)
