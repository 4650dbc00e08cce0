"""Puts manifests and what is scanned of them into a room, with a mark in every text that a person may type."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.transport import actions
from tansiq.desks.transport.actions import SealStatement
from tansiq.desks.transport.models import Manifest
from tansiq.desks.transport.queries.codes import newest_codes
from tansiq.desks.transport.rules import LineAsked, ManifestStatement
from tansiq.desks.transport.rules.scans import ScanAsked

TODAY = date(2026, 3, 1)


def furnish_transport(operation: Operation, configuration: Any) -> None:
    """Give the test operation the settings of transport, and nobody else by default what stands on manifests."""
    said = configuration.transport.model_dump(mode="json")
    operation.rules = {**operation.rules, "transport": said}
    operation.save(using="owner")


def on_the_road(by: Actor, mark: str) -> None:
    """Manifests in every state; one revised, one purged of names."""
    line = LineStatement(Decimal(30), "pallet", cargo=f"{mark} flour")
    goods = aid.register_consignment(
        by=by, statement=ConsignmentStatement(f"{mark} carried", (line,), crossing_code="kerem_shalom")
    )
    first = actions.draft_manifest(by=by, statement=truck(mark, "1", goods.pk))
    actions.amend_manifest(by=by, manifest=first, statement=truck(mark, "1", goods.pk, units=2))
    first = actions.seal_manifest(by=by, manifest=first)
    again = truck(mark, "1", goods.pk, units=3)
    first = actions.revise_manifest(by=by, manifest=first, statement=again, reason=f"{mark} revised")
    scanned(by, mark, first)
    first = actions.relabel_manifest(by=by, manifest=first, reason=f"{mark} relabelled")
    second = actions.draft_manifest(by=by, statement=truck(mark, "2", goods.pk))
    actions.cancel_manifest(by=by, manifest=second, reason=f"{mark} cancelled")
    third = actions.draft_manifest(by=by, statement=truck(mark, "3", goods.pk))
    third = actions.depart_manifest(by=by, manifest=actions.seal_manifest(by=by, manifest=third))
    actions.close_manifest(by=by, manifest=third, reason=f"{mark} closed")
    actions.purge_manifest(by=by, manifest=third, today=TODAY + timedelta(days=365))


def scanned(by: Actor, mark: str, held: Manifest) -> None:
    """Seals in every way, and scans: one that fits, one that contradicts, one of a code that leads nowhere."""
    said = lambda number: SealStatement(f"{mark} seal {number}", f"{mark} note")  # noqa: E731
    actions.apply_seal(by=by, manifest=held, statement=said(1))
    actions.check_seal(by=by, manifest=held, statement=said(9))
    actions.report_broken_seal(by=by, manifest=held, statement=said(1))
    actions.replace_seal(by=by, manifest=held, former=f"{mark} seal 1", statement=said(2))
    with eyes_of(by):
        code = newest_codes(held)[None]
        unit = next(one for unit, one in newest_codes(held).items() if unit)
    good = ScanAsked(uuid4(), code.payload, "scan_in", "crossing", crossing_code="kerem_shalom", note=f"{mark} note")
    odd = ScanAsked(
        uuid4(), unit.short, "offload", "crossing", crossing_code="zikim", quantity=Decimal(7), condition="damaged",
        seal=f"{mark} seal 8", truck=f"{mark} truck", note=f"{mark} note", damaged_quantity=Decimal(1),
        giver_quantity=Decimal(9),
    )  # fmt: skip
    lost = ScanAsked(uuid4(), f"{mark} code", "scan_in", "hub")
    actions.record_scans(by=by, scans=[good, odd, lost], device=f"{mark} phone")


def truck(mark: str, number: str, consignment: Any, *, units: int = 1) -> ManifestStatement:
    """A truck with so many units, marked in every text."""
    text = {name: f"{mark} {name}" for name in ("vehicle", "waybill", "origin", "destination", "route", "remark",
                                                "driver", "phone")}  # fmt: skip
    lines = tuple(LineAsked(consignment, 1, f"{mark} {number} {n}", Decimal(1)) for n in range(units))
    return ManifestStatement(
        f"{mark}-{number}", TODAY, lines=lines, crossing_code="kerem_shalom", consignor_class="un", **text
    )
