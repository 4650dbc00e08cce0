"""The one error of this package, and the closed list of its codes."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Why something was refused; a page or program translates it, the engine never writes sentences."""

    HASH_LENGTH = "hash.length"
    RANGE_SHAPE = "range.shape"
    INDEX_RANGE = "index.range"
    SIZE_RANGE = "size.range"

    PROOF_LENGTH = "proof.length"
    PROOF_ROOT = "proof.root"
    PROOF_OLD_ROOT = "proof.old_root"
    PROOF_FROM_EMPTY = "proof.from_empty"
    PROOF_HEADER = "proof.header"
    PROOF_EXTRA = "proof.extra"
    PROOF_INDEX = "proof.index"
    PROOF_HASH = "proof.hash"
    PROOF_CUT_SHORT = "proof.cut_short"

    TILE_PATH = "tile.path"
    TILE_LENGTH = "tile.length"
    TILE_MISSING = "tile.missing"
    BUNDLE_LENGTH = "bundle.length"
    BUNDLE_ENTRY = "bundle.entry"

    KEY_SHAPE = "key.shape"
    KEY_NAME = "key.name"
    KEY_ID = "key.id"
    KEY_KIND = "key.kind"
    KEY_LENGTH = "key.length"
    KEY_WEAK = "key.weak"
    KEY_REPEATED = "key.repeated"

    NOTE_TOO_LARGE = "note.too_large"
    NOTE_NOT_UTF8 = "note.not_utf8"
    NOTE_CONTROL_CHARACTER = "note.control_character"
    NOTE_SHAPE = "note.shape"
    NOTE_SIGNATURE_LINE = "note.signature_line"
    NOTE_SIGNATURE_BASE64 = "note.signature_base64"
    NOTE_SIGNATURE_REPEATED = "note.signature_repeated"
    NOTE_SIGNATURE_COUNT = "note.signature_count"
    NOTE_SIGNATURE_WRONG = "note.signature_wrong"
    NOTE_UNSIGNED = "note.unsigned"

    CHECKPOINT_SHAPE = "checkpoint.shape"
    CHECKPOINT_ORIGIN = "checkpoint.origin"
    CHECKPOINT_SIZE = "checkpoint.size"
    CHECKPOINT_ROOT = "checkpoint.root"
    CHECKPOINT_EXTENSION = "checkpoint.extension"

    FACT_ENCODING = "fact.encoding"
    FACT_TOO_LARGE = "fact.too_large"
    FACT_SHAPE = "fact.shape"
    FACT_SALT = "fact.salt"
    FACT_NAME = "fact.name"
    FACT_RESERVED = "fact.reserved"
    FACT_VALUE = "fact.value"
    FACT_NOT_CANONICAL = "fact.not_canonical"
    FACT_REPEATED = "fact.repeated"
    FACT_UNMATCHED = "fact.unmatched"

    ENTRY_NO_FACTS = "entry.no_facts"
    ENTRY_TOO_MANY_FACTS = "entry.too_many_facts"
    ENTRY_DECOYS = "entry.decoys"
    ENTRY_SHAPE = "entry.shape"
    ENTRY_VERSION = "entry.version"
    ENTRY_DIGESTS = "entry.digests"
    ENTRY_NOT_CANONICAL = "entry.not_canonical"

    RECEIPT_TOO_LARGE = "receipt.too_large"
    RECEIPT_NOT_UTF8 = "receipt.not_utf8"
    RECEIPT_NOT_JSON = "receipt.not_json"
    RECEIPT_SHAPE = "receipt.shape"
    RECEIPT_FORMAT = "receipt.format"


class MerkleError(ValueError):
    """A refusal with its code and what was expected and found.

    Neither part ever repeats the content of a fact: errors end up in logs, and logs carry no content.
    """

    def __init__(self, code: Fault, expected: object, got: object) -> None:
        super().__init__(f"{code.value}: expected {expected}, got {got}")
        self.code = code
        self.expected = expected
        self.got = got
