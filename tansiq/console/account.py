"""`tansiq account`: make accounts, reset how somebody signs in, disable, list; for the operator of a site."""

from collections.abc import Callable
from typing import Any

import click

from tansiq.console.answers import Refused, answer, json_option
from tansiq.console.django_setup import set_up_django
from tansiq.console.first_run import served

HOW = "The holder opens “I cannot sign in” on the sign-in page, then “I have a one-time code”, within a day."


@click.group()
def account() -> None:
    """Make accounts and look after them (docs/console.md).

    Codes are shown once, here, and are handed over in person. Each command writes its entries in the ledger of the
    rooms that it concerns.
    """


def _installed(command: Callable[..., None]) -> Callable[..., None]:
    """Run a command with a server and Django."""

    def run(*args: Any, **kwargs: Any) -> None:
        with served():
            set_up_django()
            command(*args, **kwargs)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


@account.command()
@click.argument("email")
@click.option("--name", required=True, help="How the person is called on pages and lists.")
@click.option("--room", "room_slug", required=True, help="Code of the room in which the person works first.")
@click.option("--role", "roles", multiple=True, required=True, help="Code of a role there; may be given several times.")
@click.option("--operation", "slug", help="The operation of the room; needed where there are several.")
@click.option("--organisation", help="Code of the person's organisation.  [default: the room's]")
@click.option("--language", type=click.Choice(["en", "ar", "he"]), default="en", show_default=True)
@json_option
@_installed
def create(email: str, *, as_json: bool, **asked: Any) -> None:
    """Make an account for EMAIL with a place in a room, and show its one-time code.

    So the first officer of a new site comes in; from then on, rooms invite by address.
    """
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from tansiq.building.people.actions import create_account
    from tansiq.building.rooms.actions import grant_membership
    from tansiq.building.rooms.actors import system_actor

    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise click.BadParameter(f"{email} is no e-mail address.", param_hint="EMAIL") from error
    if _found(email) is not None:
        raise Refused(f"{email} has an account already; see `tansiq account reset-factors {email}`.")
    room = _room(asked["slug"], asked["room_slug"])
    roles = _roles(room, asked["roles"])
    organisation = _organisation(asked["organisation"], room)
    made, code = create_account(email, name=asked["name"], language=asked["language"], organisation_id=organisation)
    grant_membership(by=system_actor(room), account=made, roles=roles)
    facts = {"email": email, "room": room.slug, "roles": roles, "code": code}
    answer(facts, f"{email} has a place in {room.slug}. One-time code: {code}\n{HOW}", as_json=as_json)


@account.command("reset-factors")
@click.argument("email")
@json_option
@_installed
def reset_factors(email: str, *, as_json: bool) -> None:
    """Shut every way in of EMAIL (password, factors, sessions, tokens) and show a one-time code.

    Make sure who asks. The rooms of the account see in their ledger that it was done, and roles stay as they are.
    """
    from tansiq.building.people import actions

    found = _account(email)
    if not found.is_active:
        raise Refused(f"{email} is disabled; `tansiq account enable {email}` opens it again.")
    code, rooms = actions.reset_factors(found)
    facts = {"email": found.email, "rooms": rooms, "code": code}
    answer(facts, f"Reset, with an entry in {rooms} rooms. One-time code: {code}\n{HOW}", as_json=as_json)


@account.command()
@click.argument("email")
@json_option
@_installed
def disable(email: str, *, as_json: bool) -> None:
    """Shut the account of EMAIL at once: sessions, tokens and every place in a room end."""
    from tansiq.building.people import actions

    rooms = actions.disable_everywhere(_account(email))
    answer({"email": email, "rooms": rooms}, f"{email} is disabled; it had {rooms} rooms.", as_json=as_json)


@account.command()
@click.argument("email")
@json_option
@_installed
def enable(email: str, *, as_json: bool) -> None:
    """Open the account of EMAIL again, without any room and any way in; then reset its factors and invite it."""
    from tansiq.building.people.models import Account

    found = _account(email)
    Account.objects.using("owner").filter(pk=found.pk).update(is_active=True)
    sentence = f"{email} is open again. It has no way in yet: `tansiq account reset-factors {email}`."
    answer({"email": email}, sentence, as_json=as_json)


@account.command("list")
@json_option
@_installed
def list_accounts(*, as_json: bool) -> None:
    """List the accounts of this installation: whether open, with which factors, in which rooms."""
    from tansiq.building.people.models import Account
    from tansiq.building.people.queries import factors_of
    from tansiq.building.rooms.actors import memberships_of

    rows = []
    for one in Account.objects.order_by("email"):
        factors = factors_of(one)
        rows.append(
            {
                "email": one.email,
                "name": one.name,
                "open": one.is_active,
                "factors": [
                    *["passkey"] * bool(factors.passkeys),
                    *["totp"] * factors.totp,
                    *["recovery codes"] * factors.recovery_codes,
                ],
                "rooms": {place.room.slug: place.roles for place in memberships_of(one)},
            }
        )
    lines = [_line(row) for row in rows]
    answer({"accounts": rows}, "\n".join(lines) or "There are no accounts.", as_json=as_json)


def _line(row: dict[str, Any]) -> str:
    rooms = "; ".join(f"{room} ({', '.join(roles)})" for room, roles in row["rooms"].items())
    state = "open" if row["open"] else "disabled"
    return "  ".join([row["email"], state, ", ".join(row["factors"]) or "no second factor", rooms or "no room"])


def _found(email: str) -> Any:
    from tansiq.building.people.models import Account

    return Account.objects.filter(email=email.strip().lower()).first()


def _account(email: str) -> Any:
    found = _found(email)
    if found is None:
        raise Refused(f"there is no account {email}; `tansiq account list` names them.")
    return found


def _room(operation: str | None, slug: str) -> Any:
    from tansiq.building.rooms.models import Operation, Room

    operations = list(Operation.objects.order_by("slug"))
    if operation is not None:
        operations = [one for one in operations if one.slug == operation]
    if not operations:
        raise Refused("there is no such operation here; load one with `tansiq operation load DIR`.")
    if len(operations) > 1:
        raise Refused(f"say which: --operation {' or '.join(one.slug for one in operations)}.")
    rooms = {room.slug: room for room in Room.objects.filter(operation=operations[0]).select_related("operation")}
    if slug not in rooms:
        raise Refused(f"{operations[0].slug} has no room {slug}; it has {', '.join(sorted(rooms))}.")
    return rooms[slug]


def _roles(room: Any, asked: tuple[str, ...]) -> list[str]:
    from tansiq.building.rooms.models import Role

    known = sorted(Role.objects.filter(operation=room.operation_id).values_list("code", flat=True))
    unknown = [role for role in asked if role not in known]
    if unknown:
        raise Refused(f"there is no role {', '.join(unknown)}; there are {', '.join(known)}.")
    return list(dict.fromkeys(asked))


def _organisation(code: str | None, room: Any) -> Any:
    from tansiq.building.people.models import Organisation

    if code is None:
        return room.organisation_id
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise Refused(f"there is no organisation {code} in this operation's files.")
    return found.pk
