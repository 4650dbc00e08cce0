"""The sample generator's world, as the files of an operation describe it."""

from zoneinfo import ZoneInfo

from tansiq.engine.simulation import AidWorld, SimulatedCargo, SimulatedConsignor, SimulatedCrossing

from .contents import OperationConfiguration
from .places import Crossing

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def simulated_world(whole: OperationConfiguration) -> AidWorld:
    """Build the world in which aid is simulated.

    Raises : ValueError   the operation asks for no simulation, or none of its crossings takes cargo
    """
    asked = whole.operation.simulation
    if asked is None:
        raise ValueError("operation.yaml asks for no simulation")
    classes = {organisation.code: organisation.consignor_class or "" for organisation in whole.organisations}
    taking = [x for x in whole.crossings if x.inside and "cargo" in x.receives and x.status == "open" and x.hours]
    return AidWorld(
        crossings=tuple(_crossing(crossing) for crossing in taking),
        consignors=tuple(SimulatedConsignor(code, classes[code], weight) for code, weight in asked.consignors.items()),
        cargo=tuple(SimulatedCargo(one.commodity, one.weight, one.pallet_kg) for one in asked.cargo),
        areas=tuple(asked.areas.items()),
        item_reasons=_reasons(whole, "item_rejection"),
        crossing_reasons=_reasons(whole, "crossing_rejection"),
        zone=ZoneInfo(whole.operation.time_zone),
    )


def _crossing(crossing: Crossing) -> SimulatedCrossing:
    opens = min(_minute(hours[:5]) for hours in crossing.hours.values())
    closes = max(_minute(hours[6:]) for hours in crossing.hours.values())
    weekdays = frozenset(_WEEKDAYS.index(day) for day in crossing.hours)
    return SimulatedCrossing(crossing.code, crossing.trucks_per_day, opens, closes, weekdays)


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _reasons(whole: OperationConfiguration, group: str) -> tuple[str, ...]:
    left_out = {"capacity_closed_early"}  # comes of the closing itself
    return tuple(x.code for x in whole.reasons if group in x.groups and x.code not in left_out)
