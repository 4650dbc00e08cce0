"""Reads long columns of whole numbers from the database without making a Python object of each."""

from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import Cursor
from psycopg.adapt import Buffer, Loader
from psycopg.pq import Format

ARRAY_OID = 1016  # int8[]
HEAD = 20  # bytes before the elements of an array of one dimension: dimensions, nulls, type, length, lower bound
ELEMENT = np.dtype([("bytes", ">i4"), ("value", ">i8")])


class ColumnLoader(Loader):
    """Takes an array of bigint as PostgreSQL sends it in binary."""

    format = Format.BINARY

    def load(self, data: Buffer) -> NDArray[np.int64]:
        """The elements; an array without any has no dimension at all."""
        elements = np.frombuffer(data, dtype=ELEMENT, offset=HEAD) if len(data) > HEAD else np.empty(0, dtype=ELEMENT)
        return elements["value"].astype(np.int64)


def read_columns(sql: str, params: dict[str, Any]) -> list[NDArray[np.int64]]:
    """The one row of a query that gathers columns with array_agg; a column of no rows is empty.

    Asks on the connection of the transaction that is open, so that it passes the wall as every query does.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.adapters.register_loader(ARRAY_OID, ColumnLoader)
        row = cursor.execute(sql, params, binary=True).fetchone()
    return [np.empty(0, dtype=np.int64) if column is None else column for column in row]
