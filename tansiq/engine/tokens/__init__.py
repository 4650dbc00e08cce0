"""Pre-approval tokens: a signed line of text that fits a QR code and is checked without any system."""

from tansiq.engine.tokens._token import MESSAGE_PREFIX, MOST, Opened, Token, TokenError, open_token, seal_token

__all__ = ["MESSAGE_PREFIX", "MOST", "Opened", "Token", "TokenError", "open_token", "seal_token"]
