"""Checks what the file of clearance names: rooms, roles, clocks, reasons and commodities."""

from collections.abc import Iterator

from .contents import OperationConfiguration
from .reading import Problem
from .references import _repeated, _unknown


def clearance_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check the rooms, roles, clocks, reasons and commodities that the clearance of items names."""
    stated, file = whole.clearance, "clearance.yaml"
    if stated is None:
        return
    listed, roles = stated.authorities, [role.code for role in whole.roles]
    clocks = {kind.code: kind for kind in whole.clock_kinds if kind.on_silence == "record"}
    yield from _repeated(file, "authorities.room", [x.room for x in listed])
    yield from _unknown(file, "authorities.room", [x.room for x in listed], [room.code for room in whole.rooms])
    yield from _unknown(file, "authorities.role", [x.role for x in listed], roles)
    yield from _unknown(file, "inconsistency_role", [stated.inconsistency_role], roles)
    named = [code for x in listed for code in (x.clock, x.appeal_clock)]
    yield from _unknown(file, "authorities.clock", named, clocks)
    yield from _unknown(file, "information_pause", [stated.information_pause], [x.code for x in whole.pause_reasons])
    for code in dict.fromkeys(named):
        if code in clocks and stated.information_pause not in clocks[code].may_pause_for:
            found = ", ".join(clocks[code].may_pause_for) or "nothing"
            yield Problem("clocks.yaml", f"{code}.may_pause_for", found, f"also {stated.information_pause}")
    groups = [group for reason in whole.reasons for group in reason.groups]
    yield from _unknown(file, "reason_group", [stated.reason_group], groups)
    classes = [code for x in listed for code in x.classes]
    yield from _unknown(file, "authorities.classes", classes, [x.code for x in whole.commodity_classes])
    goods = [code for x in listed for code in x.commodities]
    yield from _unknown(file, "authorities.commodities", goods, [x.code for x in whole.commodities])
