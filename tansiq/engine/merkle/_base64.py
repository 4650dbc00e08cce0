"""Base64 that has exactly one spelling for each byte string."""

from __future__ import annotations

import base64
import binascii


def encode(data: bytes) -> str:
    """Spell bytes in standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def decode(text: str) -> bytes | None:
    """Read standard base64; None unless it is the one canonical spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    return data if encode(data) == text else None


def encode_url(data: bytes) -> str:
    """Spell bytes in URL-safe base64 without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_url(text: str) -> bytes | None:
    """Read unpadded URL-safe base64; None unless it is the one canonical spelling."""
    padding = "=" * (-len(text) % 4)
    try:
        data = base64.b64decode(f"{text}{padding}".encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    return data if encode_url(data) == text else None
