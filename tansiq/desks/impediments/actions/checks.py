"""Refuses what the operation does not know: types, links, places, obligations, units, rooms and roles."""

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments.actions.labels import check_may_be_asked
from tansiq.desks.impediments.models import TermKind
from tansiq.desks.impediments.queries.words import Words
from tansiq.desks.impediments.rules import TITLE_LENGTH, Amendment, ImpedimentStatement, cost_fault
from tansiq.engine.names import UnsafeName, safe_name


def checked_owner(by: Actor, statement: ImpedimentStatement, origin: str, known: Words) -> Room:
    """Refuse a statement that cannot be taken; the room that is asked. Raises Refused."""
    _check_title(statement.title.strip())
    check_term(known, TermKind.TYPE, statement.kind)
    if origin:
        check_term(known, TermKind.ORIGIN, origin)
    if statement.place and statement.place not in known.places:
        raise Refused("impediment_place_unknown", found=statement.place)
    check_said(statement, known)
    owner = owner_room(known, statement.owner.room_id, statement.owner.role)
    check_may_be_asked(by, owner)
    return owner


def _check_title(title: str) -> None:
    if len(title) > TITLE_LENGTH:
        raise Refused("impediment_title_too_long", found=len(title), expected=TITLE_LENGTH)
    try:
        safe_name(title)
    except UnsafeName as unsafe:
        if not unsafe.character:
            raise Refused("impediment_title_missing") from None
        raise Refused("impediment_title_unseen", found=unsafe.character) from None


def check_said(said: ImpedimentStatement | Amendment, known: Words) -> None:
    """Refuse what may be said again later: links, obligation, cost. Raises Refused."""
    for link in said.chain_links:
        check_term(known, TermKind.CHAIN_LINK, link)
    if said.cost_unit:
        check_term(known, TermKind.COST_UNIT, said.cost_unit)
    if said.obligation and said.obligation not in known.obligations:
        raise Refused("impediment_obligation_unknown", found=said.obligation, expected=", ".join(known.obligations))
    fault = cost_fault(said)
    if fault:
        raise Refused(fault[0], **fault[1])


def owner_room(known: Words, room_id: object, role: str) -> Room:
    """The room of the operation that is to answer, in a role that there is. Raises Refused."""
    owner = known.rooms.get(room_id)  # type: ignore[call-overload]
    if owner is None:
        raise Refused("impediment_owner_unknown")
    if role and role not in known.roles:
        raise Refused("impediment_owner_role_unknown", found=role)
    return owner


def check_term(known: Words, kind: TermKind, code: str) -> None:
    """Refuse a code that stands on no list of the operation. Raises Refused."""
    usable = known.given if kind is TermKind.ANSWER else known.usable(kind)
    if code not in usable:
        listed = ", ".join(f"{one} ({local_name(names)})" for one, names in usable.items())
        raise Refused("impediment_term_unknown", list=kind.label, found=code, expected=listed or "-")
