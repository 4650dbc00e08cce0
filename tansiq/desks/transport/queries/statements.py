"""What a manifest states now, in the form in which it is stated: to change it, and to see whether anything changes."""

from dataclasses import replace
from decimal import Decimal

from tansiq.desks.transport.models import Manifest, ManifestDetail, ManifestIdentities, ManifestLine
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.rules import LineAsked, ManifestStatement


def statement_of(held: Manifest) -> ManifestStatement | None:
    """The present version of a manifest of this room as a statement; None where its detail is closed."""
    own = {"room": held.room_id, "manifest": held}
    detail = ManifestDetail.objects.filter(**own, version=held.version).first()
    if detail is None:
        return None
    lines = ManifestLine.objects.filter(**own, version=held.version).order_by("number")
    persons = ManifestIdentities.objects.filter(**own).order_by("-version").first()
    return ManifestStatement(
        number=held.number, day=held.day, vehicle=detail.vehicle, crossing_code=held.crossing_code,
        consignor_class=held.consignor_class, waybill=detail.waybill, origin=detail.origin,
        destination=detail.destination, route=detail.route, remark=detail.remark, capacity=detail.capacity,
        capacity_unit=detail.capacity_unit, driver=persons.driver if persons else "",
        phone=persons.phone if persons else "",
        lines=tuple(
            LineAsked(one.consignment_id, one.consignment_line, one.unit_code, one.quantity, one.unit_kind, one.unit)
            for one in lines
        ),
    )  # fmt: skip


def says_already(held: Manifest, said: ManifestStatement) -> bool:
    """Whether the manifest's present version says exactly this."""
    now = statement_of(held)
    usual = settings_of(held.room.operation_id)
    asked = replace(
        said, number=held.number, capacity=said.capacity or usual.capacity,
        capacity_unit=said.capacity_unit or usual.capacity_unit,
    )  # fmt: skip
    return now is not None and _plain(now) == _plain(asked)


def _plain(said: ManifestStatement) -> ManifestStatement:
    """Without blanks around words, and with what an empty field stands for."""
    words = ("vehicle", "waybill", "origin", "destination", "route", "remark", "driver", "phone")
    lines = tuple(
        replace(one, unit_code=one.unit_code.strip(), quantity=Decimal(one.quantity).normalize(), unit="")
        for one in said.lines
    )
    capacity = said.capacity.normalize() if said.capacity else None
    return replace(said, lines=lines, capacity=capacity, **{name: getattr(said, name).strip() for name in words})
