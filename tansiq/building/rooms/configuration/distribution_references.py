"""Checks what the file of distribution names: clocks, stages, roles, rooms; and that no code is there twice."""

from collections.abc import Iterator

from .contents import OperationConfiguration
from .reading import Problem
from .references import _repeated, _unknown

FILE = "distribution.yaml"


def distribution_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check every code of distribution.yaml."""
    stated = whole.distribution
    if stated is None:
        return
    lists = ("checks", "crowd_measures", "put_off_reasons", "groups", "complaint_categories", "complaint_channels",
             "questionnaire")  # fmt: skip
    for name in lists:
        yield from _repeated(FILE, f"{name}.code", [x.code for x in getattr(stated, name)])
    clocks = [kind.code for kind in whole.clock_kinds]
    yield from _unknown(FILE, "clocks", list(stated.clocks.model_dump().values()), clocks)
    yield from _unknown(FILE, "complaint_categories.clock", [x.clock for x in stated.complaint_categories], clocks)
    stages = stated.stages
    named = [stages.stored, stages.released, stages.distributed, stages.lost, stages.reconciled]
    yield from _unknown(FILE, "stages", [*named, *stages.received], [x.code for x in whole.stages])
    yield from _unknown(FILE, "holders", list(stated.holders.model_dump().values()), [x.code for x in whole.roles])
    handlers = [x.handler for x in stated.complaint_categories if x.handler]
    yield from _unknown(FILE, "complaint_categories.handler", handlers, [x.code for x in whole.rooms])
