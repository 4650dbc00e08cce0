"""Lets the clock stand still and pages unset, so that two answers differ only where what they tell differs."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, tzinfo
from sys import modules
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.db import connections

ASKS_HOUR = re.compile(r"\b(?:statement_timestamp|transaction_timestamp|clock_timestamp|now)\(\)", re.IGNORECASE)
BY_SECONDS = (
    "tansiq.building.people.middleware",
    "tansiq.building.people.reauthentication",
    "tansiq.floor.queries.seats",
)
SET_BY = "tansiq.engine.exports._pdf"
UNSET = b"%PDF "


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Whoever asks for the hour is told this moment: the code of the house, Django's, and every statement it sends.

    The wall's own functions in the database keep the true hour: no planted release ends.
    """
    literal = f"'{moment.astimezone(UTC).isoformat()}'::timestamptz"

    def told(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        return execute(ASKS_HOUR.sub(literal, sql) if isinstance(sql, str) else sql, params, many, context)

    standing = _standing_at(moment)
    with ExitStack() as stack:
        for name, module in list(modules.items()):
            if name.startswith(("tansiq.", "django.")) and vars(module).get("datetime") is datetime:
                stack.enter_context(patch.object(module, "datetime", standing))
        for name in BY_SECONDS:
            stack.enter_context(patch.object(modules[name], "time", SimpleNamespace(time=moment.timestamp)))
        stack.enter_context(connections["default"].execute_wrapper(told))
        yield


@contextmanager
def pages_unset() -> Iterator[None]:
    """A list as PDF is answered as what the typesetter is given: its letters, where they stand, and nothing twice."""

    def compile_(_program: str, *, sys_inputs: dict[str, str], **_how: object) -> bytes:
        return UNSET + sys_inputs["listing"].encode()

    with patch.object(modules[SET_BY], "typst", SimpleNamespace(compile=compile_)):
        yield


def _standing_at(moment: datetime) -> type[datetime]:
    class Kind(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, datetime)

        def __call__(cls, *parts: Any, **named: Any) -> datetime:
            return datetime(*parts, **named)  # noqa: DTZ001

    class Standing(datetime, metaclass=Kind):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return moment.astimezone(tz) if tz else moment.astimezone().replace(tzinfo=None)

    return Standing
