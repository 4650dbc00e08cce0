"""Checks what the file of coordination names: rooms, roles, clocks and pauses; and that no code is there twice."""

from collections.abc import Iterator

from .contents import OperationConfiguration
from .reading import Problem
from .references import _repeated, _unknown


def coordination_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check the codes of coordination, and the rooms, roles, clocks and origins that it needs."""
    stated, file = whole.coordination, "coordination.yaml"
    if stated is None:
        return
    for name in ("reasons", "outcomes", "routes", "route_states", "causes", "methods"):
        yield from _repeated(file, f"{name}.code", [x.code for x in getattr(stated, name)])
    yield from _repeated(file, "authorities.room", [x.room for x in stated.authorities])
    yield from _unknown(file, "authorities.room", [x.room for x in stated.authorities], [x.code for x in whole.rooms])
    yield from _unknown(file, "authorities.role", [x.role for x in stated.authorities], [x.code for x in whole.roles])
    recorded = {kind.code: kind for kind in whole.clock_kinds if kind.on_silence == "record"}
    yield from _unknown(file, "authorities.clock", [x.clock for x in stated.authorities], recorded)
    yield from _unknown(file, "reminder", [stated.reminder], recorded)
    for clock in dict.fromkeys(x.clock for x in stated.authorities if x.clock in recorded):
        pauses = recorded[clock].may_pause_for
        yield from _unknown(file, f"information_pause, of {clock}", [stated.information_pause], pauses)
    origins = [x.code for x in whole.impediments.origins] if whole.impediments else []
    if "no_response" not in origins:
        yield Problem(file, "(file)", "no origin no_response in impediments.yaml", "the origin that a silence opens")
