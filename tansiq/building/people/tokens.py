"""The secret of an API token: made once, shown once, kept as a digest."""

import hashlib
import ipaddress
import secrets
from datetime import datetime

from tansiq.building.people.models import ApiToken
from tansiq.building.people.sign_in import may_sign_in

PREFIX = "tsq_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh secret; whoever loses it makes another token."""
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


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
