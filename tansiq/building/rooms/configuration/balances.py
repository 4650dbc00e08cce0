"""Whether the stages of an operation make a balance: each draws on one before it, and lines come before units."""

from collections.abc import Iterator

from tansiq.engine.conservation import Stage, stages_of

from . import aid
from .contents import OperationConfiguration
from .reading import Problem
from .references import _unknown

FILE = "stages.yaml"


def stages_that_balance(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check what the stages draw on; an operation whose stages draw on nothing balances no quantities."""
    drawing = [stage for stage in whole.stages if stage.draws_on]
    if not drawing:
        if whole.conservation is not None:
            yield Problem(
                FILE, "stages.draws_on", "none at any stage", "stages that draw on others, or no conservation.yaml"
            )
        return
    drawn = {stage.draws_on for stage in drawing}
    roots = [stage for stage in whole.stages if not stage.draws_on and stage.code in drawn]
    balanced = [*roots, *drawing]
    found = [Problem(FILE, f"{stage.code}.draws_on", stage.code, "a stage before it") for stage in drawing
             if stage.draws_on == stage.code]  # fmt: skip
    found += _unknown(FILE, "draws_on", [stage.draws_on for stage in drawing], [stage.code for stage in whole.stages])
    if not found:
        found += _roots(roots) or _scopes(balanced)
    yield from found
    if not found:
        yield from _order(balanced)


def conservation_references(whole: OperationConfiguration) -> Iterator[Problem]:
    """Check the clock, the roles, the origin and the sources that conservation.yaml names."""
    stated, file = whole.conservation, "conservation.yaml"
    if stated is None:
        return
    roles = [role.code for role in whole.roles]
    origins = [origin.code for origin in whole.impediments.origins] if whole.impediments else []
    ledgers = [mapping.ledger.code for mapping in whole.mappings]
    clocks = [kind.code for kind in whole.clock_kinds if kind.on_silence == "record"]
    yield from _unknown(file, "clock", [stated.clock], clocks)
    yield from _unknown(file, "holder_role", [stated.holder_role], roles)
    yield from _unknown(file, "impediment_owner", [stated.impediment_owner], roles)
    yield from _unknown(file, "origin", [stated.origin], origins)
    yield from _unknown(file, "trusted_sources", stated.trusted_sources, [*(r.code for r in whole.rooms), *ledgers])


def _roots(roots: list[aid.Stage]) -> list[Problem]:
    if len(roots) == 1 and roots[0].scope == "line":
        return []
    said = ", ".join(f"{stage.code} (scope {stage.scope})" for stage in roots) or "none"
    return [Problem(FILE, "stages", f"drawn on, but drawing on nothing: {said}",
                    "exactly one such stage, with scope: line, for what was requested")]  # fmt: skip


def _scopes(balanced: list[aid.Stage]) -> list[Problem]:
    scopes = {stage.code: stage.scope for stage in balanced}
    return [
        Problem(FILE, f"{stage.code}.draws_on", f"{stage.draws_on}, a stage of units", "a stage with scope: line")
        for stage in balanced
        if stage.draws_on and stage.scope == "line" and scopes.get(stage.draws_on) == "unit"
    ]


def _order(balanced: list[aid.Stage]) -> Iterator[Problem]:
    try:
        stages_of([
            Stage(one.code, one.draws_on or "", one.kind, one.scope, one.presumed, one.revocable, one.site or "")
            for one in balanced
        ])  # fmt: skip
    except ValueError as error:
        yield Problem(FILE, "stages.draws_on", str(error), "a way from each stage back to the one that was requested")
