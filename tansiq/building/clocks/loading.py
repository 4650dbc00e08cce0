"""Takes the kinds of clock from an operation's files into the database."""

from collections.abc import Mapping
from typing import Any

from tansiq.building.clocks.models import ClockKind
from tansiq.building.clocks.rules import Step, Told
from tansiq.building.rooms.configuration import OperationConfiguration, span_from
from tansiq.building.rooms.models import Operation

ALIAS = "owner"
DUE = "100%"


def load_clock_kinds(operation: Operation, configuration: OperationConfiguration) -> int:
    """Write the configured kinds and retire those no longer configured; give how many there are.

    Clocks that run keep the ladder they started with.
    """
    reasons = {reason.code: reason.names.as_data() for reason in configuration.pause_reasons}
    known = ClockKind.objects.using(ALIAS)
    for kind in configuration.clock_kinds:
        known.update_or_create(operation_id=operation.pk, code=kind.code, defaults=_fields(kind, reasons))
    codes = [kind.code for kind in configuration.clock_kinds]
    known.filter(operation_id=operation.pk).exclude(code__in=codes).update(retired=True)
    return len(codes)


def _fields(kind: Any, reasons: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "names": kind.names.as_data(),
        "duration": kind.due_in,
        "ladder": [step.as_json() for step in _ladder(kind)],
        "pause_reasons": {code: reasons[code] for code in kind.may_pause_for},
        "silence": kind.on_silence,
        "retired": False,
    }


def _ladder(kind: Any) -> list[Step]:
    """The configured steps; the due time is always one of them where silence is recorded."""
    steps = [_step(step, kind.on_silence == "record") for step in kind.ladder]
    if kind.on_silence == "record" and not any(step.lapses for step in steps):
        steps.append(Step(DUE, 1.0, None, lapses=True))
    return sorted(steps, key=lambda step: step.offset(kind.due_in))


def _step(step: Any, records_silence: bool) -> Step:
    told = tuple(Told(one.room, one.role) for one in step.tell)
    if step.at.startswith("+"):
        return Step(step.at, None, span_from(step.at[1:]), told)
    return Step(step.at, int(step.at[:-1]) / 100, None, told, lapses=records_silence and step.at == DUE)
