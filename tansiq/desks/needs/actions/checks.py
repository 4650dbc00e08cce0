"""Refuses what the operation does not know: areas, indicators, hazards, levels; and numbers that cannot be."""

from collections.abc import Mapping
from datetime import date

from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.needs.queries.setting import Setting
from tansiq.desks.needs.rules import PEOPLE_AT_MOST, CaseloadStated, ExposureStated


def check_caseload(stated: CaseloadStated, known: Setting) -> None:
    """Refuse a caseload that cannot be taken. Raises Refused."""
    check_area(stated.p_code, known)
    if stated.indicator and stated.indicator not in known.indicators:
        names = {code: one.names.as_data() for code, one in known.indicators.items()}
        raise Refused("needs_indicator_unknown", found=stated.indicator, expected=listed(names))
    _check_source(stated.source)
    _check_day(stated.as_of_date, known)
    for number in (stated.people, stated.households or 0):
        if not 0 <= number <= PEOPLE_AT_MOST:
            raise Refused("needs_people_out_of_range", found=number, expected=PEOPLE_AT_MOST)
    if stated.households is not None and stated.households > stated.people:
        raise Refused("needs_households_too_many", found=stated.households, expected=stated.people)


def check_exposure(stated: ExposureStated, known: Setting) -> None:
    """Refuse a statement of exposure that cannot be taken. Raises Refused."""
    check_area(stated.p_code, known)
    check_hazard(stated.hazard, known)
    levels = {one.code: one.names.as_data() for one in known.needs.levels}
    if stated.level not in levels:
        raise Refused("needs_level_unknown", found=stated.level, expected=listed(levels))
    _check_source(stated.source)
    _check_day(stated.as_of_date, known)


def check_area(p_code: str, known: Setting) -> None:
    """Refuse a p-code of no area of the operation. Raises Refused."""
    if p_code not in known.areas:
        raise Refused("needs_area_unknown", found=p_code, expected=", ".join(list(known.areas)[:10]) or "-")


def check_hazard(hazard: str, known: Setting) -> None:
    """Refuse a hazard that the operation does not know. Raises Refused."""
    hazards = {one.code: one.names.as_data() for one in known.needs.hazards}
    if hazard not in hazards:
        raise Refused("needs_hazard_unknown", found=hazard, expected=listed(hazards))


def listed(names: Mapping[str, Mapping[str, str]]) -> str:
    """Codes with their names, for a sentence."""
    return ", ".join(f"{code} ({local_name(text)})" for code, text in names.items()) or "-"


def _check_source(source: str) -> None:
    if not source.strip():
        raise Refused("needs_source_missing")


def _check_day(day: date, known: Setting) -> None:
    if day > database_now().astimezone(known.zone).date():
        raise Refused("needs_date_ahead", found=day.isoformat())
