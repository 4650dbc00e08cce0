"""Amends what is said of an impediment: another version of its detail and persons, its links, forum and precedents."""

from typing import Any

from django.db.models import Max

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.desks.impediments.actions.checks import check_said
from tansiq.desks.impediments.actions.labels import asked_rooms, label_of
from tansiq.desks.impediments.actions.moving import change_of, seen_by, taken
from tansiq.desks.impediments.actions.related import relate
from tansiq.desks.impediments.models import Impediment, ImpedimentDetail, ImpedimentIdentities, Relation
from tansiq.desks.impediments.queries.words import words
from tansiq.desks.impediments.rules import Act, Amendment


@act(Act.AMEND_IMPEDIMENT)
def amend_impediment(*, by: Actor, impediment: Impediment, amendment: Amendment, reason: str) -> Done:
    """Say anew, as the room that raised it, what it is about and costs; the former words stay. Raises Refused."""
    seen = seen_by(by, impediment, Act.AMEND_IMPEDIMENT)
    check_said(amendment, words(by.operation_id))
    done = taken(by, seen, change_of(by, Act.AMEND_IMPEDIMENT, None), reason, {})
    held = done.record
    assert isinstance(held, Impediment)  # noqa: S101 - what ``taken`` hands back
    held.chain_links, held.obligation = list(amendment.chain_links), amendment.obligation
    held.next_forum, held.next_forum_date = amendment.next_forum.strip(), amendment.next_forum_date
    held.save(update_fields=["chain_links", "obligation", "next_forum", "next_forum_date"])
    parts = _versions(by, held, amendment)
    done.wrote = [*done.wrote, held, *parts, *relate(by, held, Relation.PRECEDENT, amendment.precedents)]
    return done


def _versions(by: Actor, held: Impediment, said: Amendment) -> list[Any]:
    own: dict[str, Any] = {"room_id": by.room_id, "impediment": held}
    detail = ImpedimentDetail.objects.create(
        **own, audience_id=label_of(by, held.pk, TearLine.DETAIL, asked_rooms(held)),
        version=_next(ImpedimentDetail, own), description=said.description.strip(), clause=said.clause.strip(),
        cost_quantity=said.cost_quantity, cost_unit=said.cost_unit, cost_source=said.cost_source.strip(),
    )  # fmt: skip
    named = (said.owner_person.strip(), said.contact.strip())
    former = ImpedimentIdentities.objects.filter(**own).order_by("-version").first()
    if named == ((former.owner_person, former.contact) if former else ("", "")):
        return [detail]
    person = ImpedimentIdentities.objects.create(
        **own, audience_id=label_of(by, held.pk, TearLine.IDENTITIES, []), version=_next(ImpedimentIdentities, own),
        owner_person=named[0], contact=named[1],
    )  # fmt: skip
    return [detail, person]


def _next(model: Any, own: dict[str, Any]) -> int:
    return (model.objects.filter(**own).aggregate(last=Max("version"))["last"] or 0) + 1
