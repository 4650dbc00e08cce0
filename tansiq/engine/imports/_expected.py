"""Says in words what a value in a file of settings should have been."""

from collections.abc import Mapping
from typing import Any, Final

_WHOLE: Final = {"missing": "a value: this field is required", "extra_forbidden": "no such field"}
_BOUNDED: Final = {
    "greater_than_equal": "at least {ge}",
    "greater_than": "more than {gt}",
    "less_than_equal": "at most {le}",
    "less_than": "less than {lt}",
    "string_too_short": "a text with letters: at least {min_length}",
    "string_too_long": "a shorter text: at most {max_length} letters",
    "too_short": "more entries: at least {min_length}",
    "too_long": "fewer entries: at most {max_length}",
    "literal_error": "{expected}",
}
_KINDS: Final = {
    "string": "a text",
    "float": "a number",
    "decimal": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "date": "a day such as 2026-01-31",
    "datetime": "a date and time such as 2026-01-31T08:30Z",
    "time": "a time such as 08:30",
    "model": "fields with their values",
    "dict": "names with their values",
    "tuple": "a list",
    "list": "a list",
    "set": "a list",
}
_PATTERNS: Final = {
    r"^[a-z][a-z0-9_]{0,63}$": "a code: lower-case letters, digits and _, a letter first",
    r"^[a-z][a-z0-9-]{0,39}$": "a short name: lower-case letters, digits and -, a letter first",
    r"^[A-Z]{2}[A-Z0-9]{0,18}$": "a p-code such as PS0255",
    r"^([01]\d|2[0-3]):[0-5]\d$": 'a time in quotation marks, such as "08:30"',
    r"^[a-z0-9._-]{1,64}@[a-z0-9.-]{1,128}$": "an address such as post@example.org",
}


def expectation(detail: Mapping[str, Any]) -> str:
    """What was expected, for one problem as pydantic tells it; its own message where this module has no words."""
    kind, context = str(detail["type"]), detail.get("ctx", {})
    if kind in _WHOLE:
        return _WHOLE[kind]
    if kind in _BOUNDED:
        return _BOUNDED[kind].format(**context)
    if kind == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        return _PATTERNS.get(pattern, f"a text of the form {pattern}")
    if kind == "value_error":
        return str(context["error"]).removeprefix("expected ")
    return _KINDS.get(kind.split("_", maxsplit=1)[0], str(detail["msg"]))
