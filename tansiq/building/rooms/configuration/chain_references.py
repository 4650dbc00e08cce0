"""What chain.yaml says of the other files of an operation: links, stages, clocks, rooms and roles."""

from collections.abc import Iterator

from .contents import OperationConfiguration
from .reading import Problem
from .references import _repeated, _unknown


def chain_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check the links of the chain: their names, what they need, and the stages, clocks, rooms and roles they name."""
    stated, file = whole.chain, "chain.yaml"
    if stated is None:
        return
    codes = [link.code for link in stated.links]
    named = [link.code for link in whole.impediments.chain_links] if whole.impediments else []
    stages, clocks = [stage.code for stage in whole.stages], [kind.code for kind in whole.clock_kinds]
    rooms, roles = ["owner", *(room.code for room in whole.rooms)], [role.code for role in whole.roles]
    yield from _repeated(file, "links.code", codes)
    yield from _unknown(file, "links.code", codes, named)
    yield from _unknown(file, "unit", [stated.unit], [x.code for x in whole.units])
    yield from _unknown(file, "handed_over", stated.handed_over, stages)
    yield from _unknown(file, "ended.stage", [end.stage for end in stated.ended], stages)
    for place, link in enumerate(stated.links):
        where, before = f"links.{link.code}", codes[:place]
        yield from _unknown(file, f"{where}.needs", link.needs, before)
        for name in ("begun", "done", "refused"):
            yield from _unknown(file, f"{where}.{name}", getattr(link, name), stages)
        yield from _unknown(file, f"{where}.clocks", link.clocks, clocks)
        if link.holder:
            yield from _unknown(file, f"{where}.holder.room", [link.holder.room], rooms)
            yield from _unknown(file, f"{where}.holder.role", [link.holder.role], roles)
    said = [code for link in stated.links for code in (*link.begun, *link.done, *link.refused)]
    yield from _repeated(file, "links.begun, done and refused", said)
