"""Tokens as manifests print them and as a check finds them; the public key needs no database."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tansiq.building.clocks.queries import database_now
from tansiq.desks.requests.models import ClearanceDecision, ClearanceToken, ConsignedLine
from tansiq.engine.merkle import VerifierKey, parse_verifier_key
from tansiq.engine.tokens import Opened, open_token

VALID, NOT_GENUINE, OVER, TOO_EARLY, OVERTAKEN = "valid", "not_genuine", "over", "too_early", "overtaken"


@dataclass(frozen=True)
class ManifestToken:
    """A token that travels with a consignment: for which of its lines, and whether it still counts."""

    consignment_id: UUID
    line_number: int  # of the consignment
    quantity: Decimal  # of the line that is in this consignment
    text: str  # what the QR code holds
    authority_id: UUID
    issued_at: datetime
    valid_until: datetime
    is_valid: bool  # neither over nor overtaken by a later decision


@dataclass(frozen=True)
class Checked:
    """What the check of a token found."""

    opened: Opened
    code: str  # VALID, or why it is not
    token: ClearanceToken | None  # as this room knows it; None where it was not released to it
    is_known: bool  # whether this room reads it, so that a later decision would be seen


def key_directory() -> Path:
    """Where the installation keeps its keys."""
    return Path(settings.DATA) / "keys"


def token_key() -> VerifierKey | None:
    """The public key of this installation's tokens; None before the first token."""
    place = key_directory() / "clearance.vkey"
    return parse_verifier_key(place.read_text(encoding="utf-8").strip()) if place.exists() else None


def checked(text: str, key: VerifierKey, now: datetime | None = None) -> Checked:
    """What a token is worth now, as far as the reading room may know. Raises engine.tokens.TokenError for no token."""
    opened = open_token(text, key)
    now = now or database_now()
    code = offline_code(opened, int(now.timestamp()))
    token = None
    if opened.is_genuine:
        token = (
            ClearanceToken.objects.select_related("decision", "room").filter(decision=UUID(opened.token.issue)).first()
        )
    if code == VALID and token is not None and token.pk not in _standing([token]):
        code = OVERTAKEN
    return Checked(opened, code, token, token is not None)


def offline_code(opened: Opened, now: int) -> str:
    """What can be said of a token by its text and the public key alone. now : s since 1970 UTC"""
    if not opened.is_genuine:
        return NOT_GENUINE
    if now < opened.token.issued_at:
        return TOO_EARLY
    return VALID if now <= opened.token.valid_until else OVER


def tokens_of(consignment_ids: Sequence[UUID], now: datetime | None = None) -> dict[UUID, list[ManifestToken]]:
    """The tokens that travel with each consignment, by line, as far as the room reads them; four queries in all."""
    now = now or database_now()
    parts: dict[UUID, list[ConsignedLine]] = defaultdict(list)
    for part in ConsignedLine.objects.filter(consignment__in=consignment_ids).order_by("number"):
        parts[part.item_id].append(part)
    tokens = list(ClearanceToken.objects.filter(item__in=list(parts)).order_by("issued_at", "pk"))
    standing = _standing(tokens)
    found: dict[UUID, list[ManifestToken]] = defaultdict(list)
    for token in tokens:
        for part in parts[token.item_id]:
            if token.pk in standing or token.valid_until <= now:
                found[part.consignment_id].append(
                    ManifestToken(
                        part.consignment_id, part.number, part.quantity, token.text, token.room_id, token.issued_at,
                        token.valid_until, token.pk in standing and token.valid_until > now,
                    )
                )  # fmt: skip
    return {pk: sorted(listed, key=lambda one: one.line_number) for pk, listed in found.items()}


def _standing(tokens: Sequence[ClearanceToken]) -> set[UUID]:
    """Those whose decision is the latest on its question, as far as the reader sees decisions."""
    rows = ClearanceDecision.objects.filter(clearance__in=[one.clearance_id for one in tokens])
    latest = dict(rows.order_by("decided_at", "created_at", "pk").values_list("clearance", "pk"))
    return {one.pk for one in tokens if latest.get(one.clearance_id) == one.decision_id}
