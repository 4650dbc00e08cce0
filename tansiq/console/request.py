"""`tansiq request`: check a pre-approval token, without a database and without a network."""

import time
from datetime import UTC, datetime
from typing import Any

import click

from tansiq.console.answers import Refused, answer, json_option
from tansiq.console.state import data_directory
from tansiq.engine.merkle import MerkleError, VerifierKey, parse_verifier_key
from tansiq.engine.tokens import Opened, TokenError, open_token

SENTENCES = {
    "not_genuine": "not genuine: the signature is not that of this key; nothing in it may be believed",
    "too_early": "genuine, but issued later than now; a clock is wrong",
    "over": "genuine, but no longer valid",
}


@click.group()
def request() -> None:
    """Check what was approved of requests (docs/requests.md)."""


@request.command("check-token")
@click.argument("token")
@click.option("--key", help="Public key of the installation that issued it.  [default: this installation's own]")
@click.option("--at", type=int, help="Seconds since 1970, UTC, at which it must be valid.  [default: now]")
@json_option
def check_token(token: str, key: str | None, at: int | None, *, as_json: bool) -> None:
    """Check the text of a TOKEN, as a camera reads it; exits with 1 unless it is valid.

    Whether a later decision has overtaken it, only the system knows.
    """
    try:
        opened = open_token(token, _key(key))
    except TokenError as fault:
        raise Refused(f"this is no token: {fault}") from fault
    now = int(time.time()) if at is None else at
    result = _result(opened, now)
    if result != "valid":
        raise Refused(SENTENCES[result])
    facts = _facts(opened)
    sentence = (
        f"Valid: {facts['quantity']} {facts['unit']} of {facts['item']}, approved by {facts['authority']} "
        f"until {facts['valid_until']}."
    )
    answer({"result": result, **facts}, sentence, as_json=as_json)


def _key(text: str | None) -> VerifierKey:
    place = data_directory() / "keys" / "clearance.vkey"
    if text is None and not place.exists():
        raise Refused("this installation has issued no token yet; give the public key of the one that did (--key)")
    try:
        return parse_verifier_key((text or place.read_text(encoding="utf-8")).strip())
    except MerkleError as fault:
        raise Refused(f"this is no public key: {fault}") from fault


def _result(opened: Opened, now: int) -> str:
    if not opened.is_genuine:
        return "not_genuine"
    if now < opened.token.issued_at:
        return "too_early"
    return "valid" if opened.is_valid(now) else "over"


def _facts(opened: Opened) -> dict[str, Any]:
    token = opened.token
    times = {
        name: datetime.fromtimestamp(getattr(token, name), UTC).isoformat() for name in ("issued_at", "valid_until")
    }
    said = {name: getattr(token, name) for name in ("issue", "line", "item", "unit", "authority")}
    return {**said, "quantity": str(token.quantity), **times}
