"""How far needs are covered: by area and indicator, with the pieces on their way and the days that a stock lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.configuration.needs import Indicator
from tansiq.desks.needs.queries.caseloads import Population, latest_caseloads, populations
from tansiq.desks.needs.queries.goods import Amounts, Moved, moved, pipeline
from tansiq.desks.needs.queries.setting import Setting
from tansiq.desks.needs.rules import NOTHING, cover_share, days_of_stock, in_pieces, pieces_needed


@dataclass(frozen=True)
class Cover:
    """One indicator in one area."""

    p_code: str
    indicator: Indicator
    population: Population | None  # None: nobody states a caseload
    needed: Decimal | None  # pieces
    covered: Decimal  # pieces distributed
    lately: Decimal  # pieces distributed in the days of the rate
    stock: Decimal  # pieces received and not distributed, not below nothing
    lasts_days: Decimal | None  # at the current rate; None where nothing was handed out
    unturned: tuple[str, ...]  # units that nobody turns into pieces: their amounts are not in these figures

    @property
    def share(self) -> Decimal | None:
        """Share of the need that is covered."""
        return cover_share(self.covered, self.needed) if self.needed is not None else None

    @property
    def percent(self) -> int | None:
        """The share in whole per cent."""
        return None if self.share is None else int((self.share * 100).to_integral_value())

    @property
    def missing(self) -> Decimal:
        """Pieces that are missing."""
        return max(NOTHING, (self.needed or NOTHING) - self.covered)

    @property
    def missing_share(self) -> Decimal | None:
        """Share of the need that is missing, 0..1."""
        return None if self.share is None else max(NOTHING, 1 - self.share)


@dataclass(frozen=True)
class Coverage:
    """All indicators in all areas with a caseload or goods, and where goods stand on their way."""

    at: datetime
    covers: tuple[Cover, ...]
    on_the_way: dict[tuple[str, str], Decimal]  # (indicator, part of the pipeline) → pieces

    def of_indicator(self, code: str) -> list[Cover]:
        """One indicator in every area."""
        return [one for one in self.covers if one.indicator.code == code]

    def of_area(self, p_code: str) -> list[Cover]:
        """Every indicator in one area."""
        return [one for one in self.covers if one.p_code == p_code]


def coverage(by: Actor, known: Setting) -> Coverage:
    """What is needed, covered, in stock and on its way, as this room reads it now; in a fixed number of queries."""
    now = database_now()
    latest, ever = latest_caseloads(by), moved(by, known, now)
    lately = moved(by, known, now, now - timedelta(days=known.needs.rate_days))
    on_the_way = pipeline(by, known, now)
    covers = []
    for indicator in known.needs.indicators:
        needed_by = populations(latest, indicator.code, known)
        goods_in = {code for amounts in (ever.received, ever.distributed) for code, item in amounts
                    if item in indicator.commodities and code}  # fmt: skip
        covers += [
            _cover(code, indicator, needed_by.get(code), (ever, lately), known)
            for code in sorted({*needed_by, *goods_in})
        ]
    return Coverage(now, tuple(covers), _parts(on_the_way, known))


def _cover(
    p_code: str, indicator: Indicator, population: Population | None, goods: tuple[Moved, Moved], known: Setting
) -> Cover:  # fmt: skip
    ever, lately = goods
    covered, first = in_pieces(indicator, _amounts(ever.distributed, p_code, indicator))
    received, second = in_pieces(indicator, _amounts(ever.received, p_code, indicator))
    rate, _unturned = in_pieces(indicator, _amounts(lately.distributed, p_code, indicator))
    needed = pieces_needed(indicator, population.people, population.households) if population else None
    stock = max(NOTHING, received - covered)
    lasts = days_of_stock(stock, rate, known.needs.rate_days)
    return Cover(p_code, indicator, population, needed, covered, rate, stock, lasts, tuple(sorted({*first, *second})))


def _amounts(found: Amounts, p_code: str, indicator: Indicator) -> Iterable[tuple[str, Decimal]]:
    return [amount for item in indicator.commodities for amount in found.get((p_code, item), ())]


def _parts(found: Amounts, known: Setting) -> dict[tuple[str, str], Decimal]:
    return {
        (indicator.code, part.code): in_pieces(
            indicator, [one for item in indicator.commodities for one in found.get((part.code, item), ())]
        )[0]
        for indicator in known.needs.indicators
        for part in known.needs.pipeline
    }
