"""Secrets of API tokens and one-time codes: made once, shown once, kept as digests."""

import hashlib
import ipaddress
import secrets
from datetime import datetime

from tansiq.building.people.models import ApiToken
from tansiq.building.people.sign_in import may_sign_in

PREFIX = "tsq_"
SECRET_BYTES = 32
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that is taken for another when read aloud
CODE_GROUPS, CODE_GROUP = 5, 5  # 122 bits


def new_secret() -> str:
    """A fresh secret; whoever loses it makes another token."""
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def new_code() -> str:
    """A fresh one-time code, in groups that can be read aloud."""
    groups = ("".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS))
    return "-".join(groups)


def code_digest(typed: str) -> str:
    """The digest of a code, however it was typed: case, spaces and dashes do not count."""
    return digest_of("".join(letter for letter in typed.upper() if letter in CODE_LETTERS))


def digest_of(secret: str) -> str:
    """What is kept of a secret: its SHA-256, which needs no salt because the secret is random."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def live_token(secret: str, address: str, now: datetime) -> ApiToken | None:
    """The token of this secret if it may be used now from this address; None tells no reason."""
    token = ApiToken.objects.filter(secret_sha256=digest_of(secret)).select_related("account").first()
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        return None
    return token if comes_from(address, token.networks) and may_sign_in(token.account) else None


def comes_from(address: str, networks: list[str]) -> bool:
    """Whether the address lies in one of the networks; no network means any."""
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return not networks
    mapped = getattr(here, "ipv4_mapped", None) or here
    return not networks or any(mapped in ipaddress.ip_network(network) for network in networks)
