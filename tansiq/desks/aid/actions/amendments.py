"""Amends what was said of a consignment: a next version of its detail and its persons, and further lines."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tansiq.building.doors.queries import audience_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import room_slug
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import Consignment, ConsignmentDetail, ConsignmentIdentities, ConsignmentLine
from tansiq.desks.aid.queries.events import latest_version, times_stated
from tansiq.desks.aid.queries.reference import codes_of
from tansiq.desks.aid.rules import Act, Amendment, LineStatement, line_fault, topics_of

DETAIL = (
    "manifest",
    "waybill",
    "cargo",
    "consignor",
    "consignee",
    "origin",
    "destination",
    "route",
    "vehicle",
    "remark",
)
PERSONS = ("driver", "contact")


@act(Act.AMEND_CONSIGNMENT)
def amend_consignment(*, by: Actor, consignment_id: UUID, amendment: Amendment) -> Done:
    """State anew the detail or the persons of a consignment, or add lines; what was said before stays. Raises Refused.

    Whoever reads a line of the consignment now reads what is added to that line.
    """
    consignment = _held(by, consignment_id)
    _check_amendment(by, amendment)
    detail, persons = (latest_version(model, consignment) for model in (ConsignmentDetail, ConsignmentIdentities))
    if amendment.seen not in (None, times_stated(detail, persons)):
        raise Refused("amended_meanwhile")
    reason = amendment.reason.strip()
    named = {name: text for name in PERSONS if (text := getattr(amendment, name)) is not None}
    labels = {line: audience_now("aid_consignment", consignment.pk, line, by) for line in ("detail", "identities")}
    owned = {"room_id": by.room_id, "consignment": consignment, "reason": reason}
    said = _changed(detail, DETAIL, amendment.detail)
    wrote: list[Any] = []
    if said:
        kept = {"notes": detail.notes if detail else {}, "version": detail.version + 1 if detail else 1}
        wrote.append(ConsignmentDetail.objects.create(**owned, audience_id=labels["detail"], **kept, **said))
    about = _changed(persons, PERSONS, named)
    if about:
        version = persons.version + 1 if persons else 1
        wrote.append(
            ConsignmentIdentities.objects.create(**owned, audience_id=labels["identities"], version=version, **about)
        )
    wrote += _further_lines(consignment, labels["detail"], reason, amendment.lines)
    if not wrote:
        raise Refused("nothing_amended")
    facts = {"reference": consignment.reference, "reason": reason, "detail": bool(said), "identities": bool(about),
             "lines": len(amendment.lines)}  # fmt: skip
    return Done(consignment, wrote=wrote, facts=facts, topics=["aid.consignment", *topics_of(consignment.pk)])


def _held(by: Actor, consignment_id: UUID) -> Consignment:
    """The room's own consignment, kept from other amendments until this one is written."""
    rows = Consignment.objects.filter(pk=consignment_id, room=by.room_id)
    found = rows.select_for_update(no_key=True, of=("self",)).first()
    if found is None:
        raise Refused("not_found")
    if found.source != room_slug(by):
        raise Refused("of_a_ledger", found=found.source)
    return found


def _changed(former: Any, names: Sequence[str], stated: Mapping[str, str]) -> dict[str, str]:
    """Every field of the next version: as stated, else as before; empty when it would say the same."""
    before = {name: getattr(former, name) if former else "" for name in names}
    after = before | {name: text.strip() for name, text in stated.items()}
    return after if after != before else {}


def _further_lines(
    consignment: Consignment, label: int, reason: str, lines: Sequence[LineStatement]
) -> list[ConsignmentLine]:
    rows = ConsignmentLine.objects.filter(room=consignment.room_id, consignment=consignment)
    last = max(rows.values_list("number", flat=True), default=0)
    return ConsignmentLine.objects.bulk_create(
        ConsignmentLine(room_id=consignment.room_id, consignment=consignment, audience_id=label, number=number,
                        commodity=line.commodity, cargo=line.cargo, quantity=line.quantity, unit=line.unit,
                        reason=reason)
        for number, line in enumerate(lines, last + 1)
    )  # fmt: skip


def _check_amendment(by: Actor, amendment: Amendment) -> None:
    if not amendment.reason.strip():
        raise Refused("amendment_reason_missing")
    unknown = sorted(set(amendment.detail) - set(DETAIL))
    if unknown:
        raise Refused("no_such_detail", found=unknown[0], expected=", ".join(DETAIL))
    codes = codes_of(by.operation_id)
    for line in amendment.lines:
        if fault := line_fault(line, codes):
            raise Refused(fault[0], **fault[1])
