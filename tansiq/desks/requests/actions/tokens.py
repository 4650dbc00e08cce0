"""Issues tokens, signed with a key of the installation that signs nothing else."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import room_slug
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests.actions.labels import label_of_decision
from tansiq.desks.requests.models import ClearanceDecision, ClearanceToken, DecisionTerms
from tansiq.desks.requests.queries.tokens import key_directory, token_key
from tansiq.desks.requests.rules import DECISIONS, Act, is_approval
from tansiq.engine.merkle import SigningKey, parse_signing_key
from tansiq.engine.tokens import Token, seal_token


@act(Act.ISSUE_TOKEN)
def issue_token(*, by: Actor, decision: ClearanceDecision) -> Done:
    """Issue the token of an approval of the acting room; once for each. Raises Refused."""
    own = ClearanceDecision.objects.filter(pk=decision.pk, room=by.room_id).first()
    if own is None or not is_approval(own.outcome) or own.valid_until is None:
        raise Refused("not_found")
    terms = DecisionTerms.objects.get(decision=own, room=by.room_id)
    stated = Token(
        own.pk.hex, own.item_id.hex, own.commodity, terms.quantity, terms.unit, room_slug(by),
        int(own.decided_at.timestamp()), int(own.valid_until.timestamp()),
    )  # fmt: skip
    token = ClearanceToken.objects.create(
        room_id=by.room_id, audience_id=label_of_decision(by, TearLine.DETAIL, own.asking_room_id), decision=own,
        clearance_id=own.clearance_id, item_id=own.item_id, text=seal_token(stated, signing_key()),
        issued_at=own.decided_at, valid_until=own.valid_until,
    )  # fmt: skip
    facts = {"decision": str(own.pk), "valid_until": own.valid_until.isoformat()}
    return Done(token, wrote=[token], facts=facts, topics=[DECISIONS])


def signing_key() -> SigningKey:
    """The key of the installation that signs tokens, made the first time; its public half lies beside it."""
    place = key_directory() / "clearance.key"
    if not place.exists():
        made = SigningKey(settings.LEDGER_ORIGIN, secrets.token_bytes(32))
        _write_once(place, made.secret_text() + "\n", 0o600)
    key = parse_signing_key(place.read_text(encoding="utf-8").strip())
    if token_key() is None:
        _write_once(key_directory() / "clearance.vkey", f"{key.verifier}\n", 0o644)
    return key


def _write_once(place: Path, text: str, mode: int) -> None:
    """Write a whole file under a name that nobody has taken; of two that try at once the first one's stays."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = place.with_suffix(f".{secrets.token_hex(8)}")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, place)
    except FileExistsError:
        pass  # another process was quicker: its key counts
    finally:
        aside.unlink()
