"""Earlier decisions on the same or a like item, as far as the reader may see them, and how long they took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Avg, Count, F, Q, QuerySet

from tansiq.building.people.models import OrganisationType
from tansiq.building.rooms.actors import Actor
from tansiq.desks.requests.models import ClearanceDecision, DecisionTerms, Outcome
from tansiq.desks.requests.queries.likeness import text_likeness
from tansiq.desks.requests.queries.operation import Names, Words, named
from tansiq.engine.names import score

COMPARED = 500  # decisions of the same class, the latest; more are not looked at
SHOWN = 12
SAME_ITEM, SAME_CLASS, SPELLING = 0.6, 0.2, 0.4
"""What each likeness is worth: by meaning (the same commodity, else the same class) and by spelling."""
LIKE_ENOUGH = 0.35  # from which another item of the class is shown
NAME_ENOUGH = 0.75  # from which a name of the catalogue answers what is sought


@dataclass(frozen=True)
class DecisionRow:
    """One decision of a list, as the reader may see it."""

    decision: ClearanceDecision
    commodity: Names | str
    authority: Names
    asking: Names
    reason: Names | str
    role: Names | str
    organisation_type: str
    terms: DecisionTerms | None
    is_same_item: bool = False

    @property
    def days(self) -> int:
        """Whole days from the question to the decision."""
        return (self.decision.decided_at - self.decision.asked_at) // timedelta(days=1)


@dataclass(frozen=True)
class Pace:
    """How long decisions on an item take for one kind of organisation, and what came out."""

    commodity: Names | str
    code: str
    organisation_type: str
    decisions: int
    refused: int
    mean_days: float


def decisions_seen(by: Actor) -> QuerySet[ClearanceDecision]:
    """Every decision that this room reads, the latest first."""
    found = ClearanceDecision.objects.filter(room__operation=by.operation_id).exclude(outcome=Outcome.INFORMATION)
    return found.order_by("-decided_at", "-pk")


def precedents_for(
    by: Actor, known: Words, commodity: str, description: str = "", *, without: Iterable[UUID] = ()
) -> list[DecisionRow]:
    """Earlier decisions on the same item, and on items of its class that are spelled alike, the likest first.

    without : questions whose own decisions are no precedents
    """
    near = Q(commodity=commodity)
    if kind := known.class_of.get(commodity):
        near |= Q(commodity_class=kind)
    found = list(decisions_seen(by).filter(near).exclude(clearance__in=list(without))[:COMPARED])
    rows = rows_of(found, known)
    text = f"{' '.join(known.commodities.get(commodity, {}).values())} {description}"
    worth = [(_worth(row, commodity, text, known), row) for row in rows]
    alike = sorted(
        (pair for pair in worth if pair[0] >= LIKE_ENOUGH),
        key=lambda pair: (-pair[0], -pair[1].decision.decided_at.timestamp(), str(pair[1].decision.pk)),
    )
    return [_marked(row, commodity) for _value, row in alike[:SHOWN]]


def sought_decisions(by: Actor, known: Words, sought: str, item: str) -> QuerySet[ClearanceDecision]:
    """Decisions on a commodity, or on whatever answers to a word in any language and spelling."""
    found = decisions_seen(by)
    if item:
        found = found.filter(commodity=item)
    if sought:
        named_so = [code for code, names in known.commodities.items() if _answers(sought, names)]
        described = [
            pk for pk, text in DecisionTerms.objects.exclude(item="").values_list("decision", "item")[:COMPARED]
            if max(text_likeness(sought, text), score(sought, text)) >= NAME_ENOUGH
        ]  # fmt: skip
        found = found.filter(Q(commodity__in=named_so) | Q(pk__in=described))
    return found


def rows_of(found: Iterable[ClearanceDecision], known: Words) -> list[DecisionRow]:
    """Each decision with what a list shows of it, in one query more."""
    listed = list(found)
    terms = {one.decision_id: one for one in DecisionTerms.objects.filter(decision__in=[one.pk for one in listed])}
    kinds = dict(OrganisationType.choices)
    return [
        DecisionRow(
            one, named(known.commodities, one.commodity), known.rooms[one.room_id].names,
            known.rooms[one.asking_room_id].names, named(known.reasons, one.reason),
            named(known.roles, one.decided_role), str(kinds.get(one.organisation_type, "")), terms.get(one.pk),
        )
        for one in listed
    ]  # fmt: skip


def paces(by: Actor, known: Words, item: str = "") -> list[Pace]:
    """Mean days of a decision for each item and kind of organisation, over what this room reads."""
    found = decisions_seen(by).order_by()
    if item:
        found = found.filter(commodity=item)
    kinds = dict(OrganisationType.choices)
    rows = found.values("commodity", "organisation_type").annotate(
        number=Count("pk"), refused=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
        mean=Avg(F("decided_at") - F("asked_at")),
    )  # fmt: skip
    listed = [
        Pace(
            named(known.commodities, row["commodity"]), row["commodity"], str(kinds.get(row["organisation_type"], "")),
            row["number"], row["refused"], row["mean"] / timedelta(days=1),
        )
        for row in rows
    ]  # fmt: skip
    place = {code: at for at, code in enumerate(known.commodities)}
    return sorted(listed, key=lambda one: (place.get(one.code, len(place)), one.organisation_type))


def _answers(sought: str, names: Names) -> bool:
    return any(max(score(sought, name), text_likeness(sought, name)) >= NAME_ENOUGH for name in names.values())


def _worth(row: DecisionRow, commodity: str, text: str, known: Words) -> float:
    names = " ".join(known.commodities.get(row.decision.commodity, {}).values())
    spelled = text_likeness(text, f"{names} {row.terms.item if row.terms else ''}")
    meant = SAME_ITEM if row.decision.commodity == commodity else SAME_CLASS
    return meant + SPELLING * spelled


def _marked(row: DecisionRow, commodity: str) -> DecisionRow:
    return DecisionRow(**{**row.__dict__, "is_same_item": row.decision.commodity == commodity})
