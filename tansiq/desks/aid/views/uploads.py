"""What stands between a file that was chosen and its import: the mapping, and a signed slip for the checked file."""

from dataclasses import dataclass
from typing import Any

from django.core import signing

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.configuration import ConfigurationError, read_yaml_text
from tansiq.desks.aid.actions import ImportOptions, SealedFile, seal_file
from tansiq.desks.aid.queries.reference import mapping
from tansiq.engine.imports import ImportMapping, MappingError, mapping_from

SALT = "aid.import.checked"
SLIP_AGE_S = 6 * 3600


class UnusableMapping(ValueError):
    """A mapping that cannot be used, with a line for each problem."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class CheckedFile:
    """A sealed file, how it is read and how it is to be taken."""

    file: SealedFile
    mapping: ImportMapping
    options: ImportOptions
    mapping_text: str  # empty for a mapping of the operation

    def slip(self, by: Actor) -> str:
        """A signed note of what was checked, for the form that takes it; of use to this room alone."""
        said = {
            "room": str(by.room_id), "sha256": self.file.sha256, "bytes": self.file.byte_count, "name": self.file.name,
            "whole": self.options.is_whole, "some": self.options.allow_refused,
            "mapping": "" if self.mapping_text else self.mapping.code, "text": self.mapping_text,
        }  # fmt: skip
        return signing.dumps(said, salt=SALT, compress=True)


def checked_from_form(by: Actor, typed: dict[str, Any]) -> CheckedFile:
    """Seal the file that was sent and read its mapping. Raises UnusableMapping, Refused."""
    text = _text_of(typed["mapping_file"]) if typed["mapping_file"] else ""
    read = mapping_of_text(text) if text else _of_operation(by, typed["mapping"])
    sealed = seal_file(typed["file"].read(), typed["file"].name)
    return CheckedFile(sealed, read, ImportOptions(typed["is_whole"], typed["allow_refused"]), text)


def checked_from_slip(by: Actor, slip: str) -> CheckedFile | None:
    """What a slip stands for; None when it is not this room's, too old, or was altered."""
    try:
        said = signing.loads(slip, salt=SALT, max_age=SLIP_AGE_S)
    except signing.BadSignature:
        return None
    if said["room"] != str(by.room_id):
        return None
    read = mapping_of_text(said["text"]) if said["text"] else _of_operation(by, said["mapping"])
    file = SealedFile(said["sha256"], said["bytes"], said["name"])
    return CheckedFile(file, read, ImportOptions(said["whole"], said["some"]), said["text"])


def mapping_of_text(text: str) -> ImportMapping:
    """Read a mapping file. Raises UnusableMapping with a line for each problem."""
    try:
        return mapping_from(read_yaml_text(text, "mapping"))
    except ConfigurationError as error:
        raise UnusableMapping([str(problem) for problem in error.problems]) from None
    except MappingError as error:
        raise UnusableMapping([f"{p.path}: found {p.found}, expected {p.expected}" for p in error.problems]) from None


def _of_operation(by: Actor, code: str) -> ImportMapping:
    kept = mapping(by.operation_id, code)
    if kept is None:
        raise UnusableMapping([code])
    return kept.mapping


def _text_of(file: Any) -> str:
    try:
        return str(file.read().decode("utf-8-sig")) or " "
    except UnicodeDecodeError as error:
        raise UnusableMapping([f"byte {error.start}: expected UTF-8"]) from None
