"""How exposed places are, and the ranking of sites in storm mode with its arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import AidEvent, Consignment, ConsignmentDetail, ConsignmentLine
from tansiq.desks.needs.models import Caseload, Exposure, Storm
from tansiq.desks.needs.queries.caseloads import latest_caseloads
from tansiq.desks.needs.queries.coverage import Coverage, coverage
from tansiq.desks.needs.queries.setting import Setting
from tansiq.desks.needs.rules import NOTHING, storm_score

HELPING_AT_MOST = 50


@dataclass(frozen=True)
class Ranked:
    """One site or area in storm mode, with what its rank is made of."""

    p_code: str
    site: str
    exposure: Exposure
    weight: Decimal  # 0..1, of the level
    people: int
    missing: Decimal  # 0..1, the mean missing share over the indicators that count in a storm
    score: Decimal  # weight × people × missing
    caseload: Caseload


@dataclass(frozen=True)
class Helping:
    """A consignment that carries what is missing, to one of the areas."""

    consignment: Consignment
    commodity: str
    destination: str  # p-code; "": not stated, or not open to this room


def exposures(by: Actor, hazard: str = "") -> QuerySet[Exposure]:
    """What is stated of exposure, the latest first."""
    found = Exposure.objects.filter(room__operation=by.operation_id).select_related("room")
    found = found.filter(hazard=hazard) if hazard else found
    return found.order_by("-as_of_date", "-created_at", "pk")


def latest_exposures(by: Actor, hazard: str) -> dict[tuple[str, str], Exposure]:
    """For each place its latest exposure to a hazard, whoever states it."""
    keys = ("p_code", "site")
    rows = Exposure.objects.filter(room__operation=by.operation_id, hazard=hazard).select_related("room")
    latest = rows.order_by(*keys, "-as_of_date", "-created_at", "pk").distinct(*keys)
    return {(one.p_code, one.site): one for one in latest}


def storms(by: Actor) -> QuerySet[Storm]:
    """The storms that this room reads, open ones first, the latest of them."""
    found = Storm.objects.filter(room__operation=by.operation_id).select_related("room")
    return found.order_by("-state", "-opened_at", "pk")


def storm_or_none(storm_id: UUID, by: Actor) -> Storm | None:
    """One storm; None where there is none for this room."""
    return Storm.objects.filter(pk=storm_id, room__operation=by.operation_id).select_related("room").first()


def ranked(by: Actor, known: Setting, storm: Storm) -> tuple[list[Ranked], Coverage]:
    """The places of a storm's areas that are exposed to its hazard, the worst first, with the arithmetic."""
    covered = coverage(by, known)
    exposed, weights = latest_exposures(by, storm.hazard), {one.code: one.weight for one in known.needs.levels}
    missing = {p_code: _missing(covered, p_code) for p_code in storm.areas}
    counted = {(one.p_code, one.site): one for one in reversed(latest_caseloads(by)) if one.indicator == ""}
    found = []
    for place, caseload in counted.items():
        exposure = exposed.get(place) or exposed.get((place[0], ""))
        if exposure is None or place[0] not in missing:
            continue
        weight = Decimal(weights.get(exposure.level, NOTHING))
        score = storm_score(weight, caseload.people, missing[place[0]])
        found.append(Ranked(*place, exposure, weight, caseload.people, missing[place[0]], score, caseload))
    return sorted(found, key=lambda one: (-one.score, one.p_code, one.site)), covered


def helping(known: Setting, storm: Storm, covered: Coverage) -> list[Helping]:
    """Consignments that this room reads, carry what is missing in a storm's areas, and are not distributed yet."""
    lacking = {item for one in covered.covers if one.p_code in storm.areas and one.indicator.storm and one.missing > 0
               for item in one.indicator.commodities}  # fmt: skip
    operation = known.operation.pk
    ended = set(known.needs.distributed)
    lines = ConsignmentLine.objects.filter(commodity__in=lacking, room__operation=operation)
    carrying = dict(lines.values_list("consignment", "commodity")[:5000])
    done = _done(carrying, ended)
    details = ConsignmentDetail.objects.filter(consignment__in=[pk for pk in carrying if pk not in done])
    to = dict(
        details.order_by("consignment", "-version").distinct("consignment").values_list("consignment", "destination")
    )
    found = Consignment.objects.filter(pk__in=[pk for pk in carrying if pk not in done]).select_related("room")
    listed = [
        Helping(one, carrying[one.pk], known.p_code_of(to.get(one.pk, ""))) for one in found.order_by("-created_at")
    ]
    near = [one for one in listed if one.destination in storm.areas]
    return (near or [one for one in listed if not one.destination])[:HELPING_AT_MOST]


def _done(carrying: Iterable[UUID], ended: set[str]) -> set[UUID]:
    events = AidEvent.objects.filter(consignment__in=list(carrying), stage__in=ended, withdrawn=False)
    return set(events.values_list("consignment", flat=True))


def _missing(covered: Coverage, p_code: str) -> Decimal:
    """The mean missing share over the indicators that count in a storm; nothing known is nothing covered."""
    shares = [one.missing_share for one in covered.of_area(p_code) if one.indicator.storm]
    known_shares = [share for share in shares if share is not None]
    return sum(known_shares, NOTHING) / len(known_shares) if known_shares else Decimal(1)
