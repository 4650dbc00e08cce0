"""Who did what where, when, for whom: distributions of the ledger with every name a 5W matrix wants."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import ReferenceKind
from tansiq.desks.aid.queries.reference import reference
from tansiq.desks.needs.queries.goods import FiveW, five_w
from tansiq.desks.needs.queries.setting import Names, Setting
from tansiq.desks.needs.rules import in_pieces


@dataclass(frozen=True)
class FiveWRow:
    """One row of the matrix."""

    row: FiveW
    room: Names
    source: str
    sector: Names
    sector_code: str
    goods: Names
    area: Names
    area_code: str
    parent: Names
    parent_code: str
    pieces: Decimal | None  # None: nobody says how to turn this unit into pieces


def five_w_rows(by: Actor, known: Setting, first: date, last: date) -> list[FiveWRow]:
    """The distributions of some days as this room reads them; every quantity of the ledger is in one row."""
    rows = reference(by.operation_id, ReferenceKind.COMMODITY).values_list("code", "body")
    sector_of = {code: body.get("class", "") for code, body in rows}
    indicator_of = {code: one for one in known.needs.indicators for code in one.commodities}
    found = []
    for row in five_w(by, known, first, last):
        code, sector = known.p_code_of(row.place), sector_of.get(row.commodity, "")
        parent = known.parents.get(code, "")
        pieces = None
        if row.commodity in indicator_of:
            amount, unturned = in_pieces(indicator_of[row.commodity], [(row.unit, row.quantity)])
            pieces = None if unturned else amount
        found.append(
            FiveWRow(
                row, known.rooms[row.room_id].names, row.source, known.sectors.get(sector, {}), sector,
                known.commodities.get(row.commodity, {}), known.areas.get(code, {}), code, known.areas.get(parent, {}),
                parent, pieces,
            )
        )  # fmt: skip
    return found
