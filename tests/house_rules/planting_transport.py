"""Puts manifests and what is scanned of them into a room, with a mark in every text that a person may type."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.transport import actions
from tansiq.desks.transport.rules import LineAsked, ManifestStatement

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
    second = actions.draft_manifest(by=by, statement=truck(mark, "2", goods.pk))
    actions.cancel_manifest(by=by, manifest=second, reason=f"{mark} cancelled")
    third = actions.draft_manifest(by=by, statement=truck(mark, "3", goods.pk))
    third = actions.depart_manifest(by=by, manifest=actions.seal_manifest(by=by, manifest=third))
    actions.close_manifest(by=by, manifest=third, reason=f"{mark} closed")
    actions.purge_manifest(by=by, manifest=third, today=TODAY + timedelta(days=365))


def truck(mark: str, number: str, consignment: Any, *, units: int = 1) -> ManifestStatement:
    """A truck with so many units, marked in every text."""
    text = {name: f"{mark} {name}" for name in ("vehicle", "waybill", "origin", "destination", "route", "remark",
                                                "driver", "phone")}  # fmt: skip
    lines = tuple(LineAsked(consignment, 1, f"{mark} {number} {n}", Decimal(1)) for n in range(units))
    return ManifestStatement(
        f"{mark}-{number}", TODAY, lines=lines, crossing_code="kerem_shalom", consignor_class="un", **text
    )
