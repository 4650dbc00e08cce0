"""The verbs of people: make and revoke tokens, disable an account, and what everyone may change of their own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from tansiq.building.people.models import Account, ApiToken
from tansiq.building.people.queries import live_tokens_in
from tansiq.building.people.rules import Act, can_revoke, check_lifetime, checked_networks
from tansiq.building.people.tokens import digest_of, new_secret
from tansiq.building.rooms.actors import Actor, memberships_of, system_actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.endings import end_with, ends_with_place
from tansiq.building.rooms.models import Membership
from tansiq.building.rooms.pages import SESSION_ROOM
from tansiq.building.rooms.refusals import Refused

USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class TokenAsked:
    """What a token shall be."""

    name: str
    acts: tuple[str, ...]
    expires_at: datetime
    networks: tuple[str, ...] = ()


def create_token(*, by: Actor, asked: TokenAsked) -> tuple[ApiToken, str]:
    """A token for the acting room and its secret, which nobody can read again. Raises Refused."""
    secret = new_secret()
    return _create_token(by=by, asked=asked, secret_sha256=digest_of(secret)), secret


@act(Act.CREATE_TOKEN)
def _create_token(*, by: Actor, asked: TokenAsked, secret_sha256: str) -> Done:
    beyond = [name for name in asked.acts if not by.may(name)]
    if not asked.acts:
        raise Refused("token_without_acts")
    if beyond:
        raise Refused("token_beyond_roles", acts=", ".join(beyond))
    check_lifetime(datetime.now(UTC), asked.expires_at)
    token = ApiToken.objects.create(
        account_id=by.account_id, room_id=by.room_id, name=asked.name, secret_sha256=secret_sha256,
        acts=sorted(asked.acts), networks=checked_networks(list(asked.networks)), expires_at=asked.expires_at,
    )  # fmt: skip
    facts = {"acts": token.acts, "networks": token.networks, "until": token.expires_at.isoformat()}
    return Done(token, wrote=[token], facts=facts)


@act(Act.REVOKE_TOKEN)
def revoke_token(*, by: Actor, token: ApiToken) -> Done:
    """End a token of the acting room at once. Raises Refused."""
    if token.room_id != by.room_id:
        raise Refused("not_found")
    if not can_revoke(token):
        raise Refused("token_ended")
    token.revoked_at = datetime.now(UTC)
    token.save(update_fields=["revoked_at"])
    return Done(token, wrote=[token])


@ends_with_place("tokens", ApiToken)
def _end_tokens(place: Membership, now: datetime) -> list[UUID]:
    tokens = live_tokens_in(place.account_id, place.room_id, now)
    ended = list(tokens.values_list("pk", flat=True))
    tokens.update(revoked_at=now)
    return ended


@act(Act.DISABLE_ACCOUNT)
def disable_account(*, by: Actor, account: Account) -> Done:
    """Put a person out of the acting room at once: sessions, tokens and membership end with this act.

    The account itself is closed when no other room is left to it. Whether one is, the answer does not tell:
    a room must not learn where else somebody works. Raises Refused.
    """
    if account.pk == by.account_id:
        raise Refused("own_account")
    places = memberships_of(account)
    here = [place for place in places if place.room_id == by.room_id]
    if not here:
        raise Refused("not_here")
    now = datetime.now(UTC)
    Membership.objects.filter(pk=here[0].pk).update(ended_at=now)
    wrote, facts = end_with(here[0], now)
    elsewhere = {str(place.room_id) for place in places if place.room_id != by.room_id}
    end_sessions(account, keep_rooms=elsewhere)
    if not elsewhere:
        Account.objects.filter(pk=account.pk).update(is_active=False)
    return Done(here[0], wrote=[here[0], *wrote], facts=facts, topics=["rooms.membership"])


def disable_everywhere(account: Account) -> int:
    """Close an account as the operator does, with an entry in each of its rooms; the number of rooms."""
    places = memberships_of(account)
    for place in places:
        disable_account(by=system_actor(place.room, Act.DISABLE_ACCOUNT), account=account)
    end_sessions(account)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    return len(places)


def end_sessions(
    account: Account, *, keep_key: str | None = None, keep_rooms: set[str] | frozenset[str] = frozenset()
) -> int:
    """Sign the account out, but for one session, or for those that work in other rooms; the number ended."""
    ended = 0
    for known in UserSession.objects.filter(user=account).exclude(session_key=keep_key or ""):
        stored = Session.objects.filter(session_key=known.session_key).first()
        if stored is not None and stored.get_decoded().get(SESSION_ROOM) in keep_rooms:
            continue
        if stored is not None:
            stored.delete()
        known.delete()
        ended += 1
    return ended


def note_use(token: ApiToken, now: datetime) -> None:
    """Remember when a token was last used, to the minute."""
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def choose_language(account: Account, language: str) -> None:
    """Keep the language in which an account reads."""
    Account.objects.filter(pk=account.pk).update(language=language)


def revoke_own_token(*, by: Actor, account: Account, token_id: UUID) -> Any:
    """Revoke one of the account's tokens. Raises Refused, also for a token of somebody else."""
    token = ApiToken.objects.filter(pk=token_id, account=account).first()
    if token is None:
        raise Refused("not_found")
    return revoke_token(by=by, token=token)
