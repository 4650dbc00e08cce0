"""Cargo names, what they mean, and which of them wait for a person."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from tansiq.desks.aid.models import CargoName
from tansiq.engine.imports import folded_words

FREQUENCY = """
with used as (
    select m.cargo_key, count(*) as uses, sum(coalesce(m.quantity_receiver, m.quantity_giver)) as quantity
      from aid_aidmeasure m
     where m.room_id = %(room)s and m.cargo_key <> ''
       and not exists (select from aid_aidevent x where x.room_id = m.room_id and x.corrects_id = m.event_id)
     group by 1
), latest as (
    select distinct on (cargo_key) cargo_key, name, commodity, decided_by, version, created_at
      from aid_cargoname where room_id = %(room)s order by cargo_key, version desc
)
select c.cargo_key, c.name, c.commodity, c.decided_by, c.version, c.created_at,
       coalesce(u.uses, 0), coalesce(u.quantity, 0)
  from latest c left join used u using (cargo_key)
 where (%(unmapped)s is false or c.commodity = '') and (%(sought)s = '' or c.name ilike %(like)s)
 order by 7 desc, 2 limit %(most)s
"""


@dataclass(frozen=True)
class CargoUse:
    """A cargo name, what it means now, and how often it occurs."""

    cargo_key: str
    name: str
    commodity: str  # "": nobody knows yet
    decided_by: str
    version: int
    decided_at: datetime
    measure_count: int
    quantity: Decimal  # over all units; only a hint of weight


def cargo_key(name: str) -> str:
    """The key under which a name is kept: spellings that differ in case or letter variants only are one name."""
    return hashlib.blake2b(folded_words(name).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def meanings(room_id: UUID, keys: Iterable[str]) -> dict[str, str]:
    """For those of these cargo keys that the room knows: the commodity now in force, "" where nobody knows it."""
    rows = CargoName.objects.filter(room=room_id, cargo_key__in=list(keys))
    return dict(rows.order_by("cargo_key", "version").values_list("cargo_key", "commodity"))


def cargo_names(room_id: UUID, *, unmapped: bool = False, sought: str = "", most: int = 500) -> list[CargoUse]:
    """The room's cargo names by frequency; ``unmapped`` gives only those that wait for a person."""
    like = "%" + sought.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    with connection.cursor() as cursor:
        cursor.execute(FREQUENCY, {"room": room_id, "unmapped": unmapped, "sought": sought, "like": like, "most": most})
        return [CargoUse(*row) for row in cursor.fetchall()]


def cargo_history(room_id: UUID, key: str) -> list[CargoName]:
    """Every decision on a cargo name, newest first."""
    return list(CargoName.objects.filter(room=room_id, cargo_key=key).order_by("-version"))
