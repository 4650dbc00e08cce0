"""Gives the database the key with which it checks room contexts."""

from typing import Any

from tansiq.building.wall.context import key_pads


def install_context_key(connection: Any, key: bytes) -> None:
    """Put the key's pads into the database, where only the checking function can read them."""
    inner, outer = key_pads(key)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into wall_context_key (inner_pad, outer_pad) values (%s, %s) "
            "on conflict (only_one) do update set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            [inner, outer],
        )
