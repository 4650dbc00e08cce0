"""Takes the words of this desk from an operation's files into the database, as its owner."""

from typing import Any

from tansiq.building.rooms.configuration import OperationConfiguration
from tansiq.building.rooms.models import Operation
from tansiq.desks.coordination.models import Term, TermKind

OWNER = "owner"
Entry = tuple[str, dict[str, str], dict[str, Any]]  # code, names, body


def load_terms(operation: Operation, configuration: OperationConfiguration) -> int:
    """Bring authorities, reasons, outcomes and routes up to date; answers how many terms are in use.

    What the files no longer name is kept for old records and offered no more.
    """
    listed = _listed(configuration)
    kept = Term.objects.using(OWNER).filter(operation=operation)
    for kind in TermKind.values:
        entries = listed.get(kind, [])
        kept.filter(kind=kind).exclude(code__in=[code for code, _, _ in entries]).update(in_use=False)
        Term.objects.using(OWNER).bulk_create(
            [Term(operation=operation, kind=kind, code=code, place=place, names=names, body=body, in_use=True)
             for place, (code, names, body) in enumerate(entries)],
            update_conflicts=True, unique_fields=["operation", "kind", "code"],
            update_fields=["place", "names", "body", "in_use"],
        )  # fmt: skip
    return sum(len(entries) for entries in listed.values())


def _listed(configuration: OperationConfiguration) -> dict[str, list[Entry]]:
    stated = configuration.coordination
    if stated is None:
        return {}
    setting = {
        "reminder": stated.reminder, "information_pause": stated.information_pause,
        "late_answer_counts": stated.late_answer_counts, "silence_title": stated.silence_title.as_data(),
    }  # fmt: skip
    names = {room.code: room.names.as_data() for room in configuration.rooms}
    plain = {TermKind.REASON: stated.reasons, TermKind.ROUTE: stated.routes, TermKind.CAUSE: stated.causes,
             TermKind.METHOD: stated.methods}  # fmt: skip
    return {
        **{kind: [(x.code, x.names.as_data(), {}) for x in entries] for kind, entries in plain.items()},
        TermKind.AUTHORITY: [
            (x.room, names[x.room], x.model_dump(include={"clock", "role", "green_light", "required"}))
            for x in stated.authorities
        ],
        TermKind.OUTCOME: [
            (x.code, x.names.as_data(), {"after": list(x.after), "needs_reason": x.needs_reason})
            for x in stated.outcomes
        ],
        TermKind.ROUTE_STATE: [
            (x.code, x.names.as_data(), x.model_dump(include={"passable", "needs_cause", "needs_assessment"}))
            for x in stated.route_states
        ],
        TermKind.SETTING: [("coordination", {}, setting)],
    }
