"""The installation's key for codes: made once, kept in files of its own beside the ledger's; its public half."""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tansiq.engine.merkle import SigningKey, VerifierKey, parse_signing_key


def signing_key() -> SigningKey:
    """The key that signs codes, made the first time."""
    return _key_in(settings.DATA / "keys" / "codes.key", f"codes.{settings.LEDGER_ORIGIN}")


def verifier_key() -> VerifierKey:
    """Its public half: what a phone without network checks a code with."""
    return signing_key().verifier


@lru_cache(maxsize=8)
def _key_in(place: Path, name: str) -> SigningKey:
    if not place.exists():
        _make(place, SigningKey(name, secrets.token_bytes(32)))
    return parse_signing_key(place.read_text(encoding="utf-8").strip())


def _make(place: Path, key: SigningKey) -> None:
    """Write the key whole, unless another process was quicker: then that one's key stands."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = place.with_name(f"{place.name}.{os.getpid()}.new")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(key.secret_text() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, place)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
