"""Signs checkpoints, and only those that continue what was signed before."""

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from tansiq.engine.merkle import (
    EMPTY_ROOT,
    Checkpoint,
    MerkleError,
    SigningKey,
    VerifierKey,
    parse_signing_key,
    parse_verifier_key,
    sign_checkpoint,
    verify_consistency,
)


class BrokenHistory(Exception):
    """The tree to be signed does not continue the tree that was signed last."""


class Signer(Protocol):
    """What the sequencer asks of a signer; another process or machine can stand behind it."""

    def signed_size(self) -> int:
        """The size of the last tree signed."""

    def sign(self, size: int, root: bytes, proof: Sequence[bytes]) -> str:
        """Sign a tree that continues the last one, by this consistency proof. Raises BrokenHistory."""


@dataclass(frozen=True)
class FileSigner:
    """The signer of the embedded default: key and high-water mark in files of their own (TRUST 5.12)."""

    directory: Path
    origin: str

    def key(self) -> SigningKey:
        """The log's key, made the first time."""
        place = self.directory / "log.key"
        if not place.exists():
            made = SigningKey(self.origin, secrets.token_bytes(32))
            _write_whole(place, made.secret_text() + "\n")
        return parse_signing_key(place.read_text(encoding="utf-8").strip())

    def verifier(self) -> VerifierKey:
        """The public half, kept beside the key so that whoever checks need not read the key."""
        place = self.directory / "log.vkey"
        if not place.exists():
            _write_whole(place, f"{self.key().verifier}\n", mode=0o644)
        return parse_verifier_key(place.read_text(encoding="utf-8").strip())

    def signed_size(self) -> int:
        """The size of the last tree signed."""
        return self.last_signed()[0]

    def sign(self, size: int, root: bytes, proof: Sequence[bytes]) -> str:
        """Check that the tree continues the last one signed, note it, sign. Raises BrokenHistory."""
        old_size, old_root = self.last_signed()
        try:
            if old_size:  # from the empty tree nothing has to be proved
                verify_consistency(old_size, size, old_root, root, list(proof))
        except MerkleError as fault:
            raise BrokenHistory(f"size {old_size} was signed; size {size} does not continue it: {fault}") from fault
        _write_whole(self.directory / "log.signed", json.dumps({"size": size, "root": root.hex()}))
        return sign_checkpoint(Checkpoint(self.origin, size, root), self.key())

    def last_signed(self) -> tuple[int, bytes]:
        """Size and root of the last tree signed; kept outside of the database."""
        place = self.directory / "log.signed"
        if not place.exists():
            return 0, EMPTY_ROOT
        mark = json.loads(place.read_text(encoding="utf-8"))
        return mark["size"], bytes.fromhex(mark["root"])


def default_signer() -> FileSigner:
    """The signer that settings name."""
    return FileSigner(settings.DATA / "keys", settings.LEDGER_ORIGIN)


def _write_whole(place: Path, text: str, mode: int = 0o600) -> None:
    """Write a file so that a crash leaves the old or the new one, never half."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = place.with_suffix(".new")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(place)
    directory = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
