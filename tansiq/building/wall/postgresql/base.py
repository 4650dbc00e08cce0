"""PostgreSQL as Django knows it, with the room context set in each outermost transaction."""

from typing import Any

from django.db.backends.postgresql import base

from tansiq.building.wall.context import apply_context, current_context


class DatabaseWrapper(base.DatabaseWrapper):
    """Sets the signed context as soon as a transaction opens; outside a transaction no room can be read."""

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        """Open or close a transaction; on opening, tell the database who reads."""
        super().set_autocommit(autocommit, *args, **kwargs)
        if not autocommit and current_context() is not None:
            apply_context(self)
