"""Files of an operation read safely: size limits, no aliases, no repeated keys, every problem named."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from tansiq.engine.imports import expectation

MOST_BYTES = {".yaml": 2_000_000, ".geojson": 20_000_000}
_FOUND_LENGTH = 120

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file of an operation."""

    file: str
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: found {self.found}, expected {self.expected}"


class ConfigurationError(ValueError):
    """An operation's files cannot be used; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class _NoAliases(Composer):
    """Refuses aliases: they let a small file stand for an enormous one."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.parser.check_event(AliasEvent):
            raise YAMLError("an alias (*name)")
        return super().compose_node(parent, index)


def read_yaml_text(text: str, file: str) -> Any:
    """Parse one YAML 1.2 text.

    Raises : ConfigurationError   with the line and column where reading stopped
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES[".yaml"]:
        raise ConfigurationError([Problem(file, "(file)", "a larger file", f"at most {MOST_BYTES['.yaml']} bytes")])
    reader = YAML(typ="safe", pure=True)
    reader.Composer = _NoAliases
    reader.allow_duplicate_keys = False
    try:
        return reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "(file)"
        raise ConfigurationError([Problem(file, where, str(error.problem), "YAML 1.2")]) from None
    except (YAMLError, RecursionError, ValueError) as error:
        found = str(error)[:_FOUND_LENGTH] or type(error).__name__
        raise ConfigurationError([Problem(file, "(file)", found, "YAML 1.2 without aliases")]) from None


def read_text(path: Path, file: str) -> str:
    """Read one file as UTF-8 within its size limit."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES[path.suffix]:
            raise ConfigurationError([Problem(file, "(file)", f"{size} bytes", f"at most {MOST_BYTES[path.suffix]}")])
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError([Problem(file, "(file)", "nothing", "this file")]) from None
    except UnicodeDecodeError as error:
        raise ConfigurationError([Problem(file, f"byte {error.start}", "bytes that are no UTF-8", "UTF-8")]) from None
    except OSError as error:
        raise ConfigurationError([Problem(file, "(file)", str(error), "a readable file")]) from None


def read_content(path: Path, file: str) -> Any:
    """Read a YAML or GeoJSON file into plain values."""
    text = read_text(path, file)
    if path.suffix == ".yaml":
        return read_yaml_text(text, file)
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ConfigurationError([Problem(file, "(file)", str(error)[:_FOUND_LENGTH], "GeoJSON")]) from None


def validated(model: type[Model], content: Any, file: str) -> Model:
    """Check plain values against a model.

    Raises : ConfigurationError   with every problem of this file
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise ConfigurationError([_problem(file, dict(detail)) for detail in error.errors()]) from None


def _problem(file: str, detail: dict[str, Any]) -> Problem:
    field = ".".join(str(step) for step in detail["loc"]) or "(file)"
    found = "nothing" if detail["type"] == "missing" else repr(detail.get("input"))[:_FOUND_LENGTH]
    return Problem(file, field, found, expectation(detail))
