"""Takes the words of this desk from an operation's files into the database, as its owner."""

from typing import Any

from tansiq.building.rooms.configuration import OperationConfiguration
from tansiq.building.rooms.models import Operation
from tansiq.desks.impediments.models import Term, TermKind

OWNER = "owner"
Entry = tuple[str, dict[str, str], dict[str, Any]]  # code, names, body


def load_terms(operation: Operation, configuration: OperationConfiguration) -> int:
    """Bring types, links, answers, origins and units up to date; answers how many terms are in use.

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
    stated = configuration.impediments
    if stated is None:
        return {}
    units = {unit.code: unit.names.as_data() for unit in configuration.units}
    return {
        TermKind.TYPE: [(x.code, x.names.as_data(), {"clock": x.clock or stated.first_clock}) for x in stated.types],
        TermKind.CHAIN_LINK: [(x.code, x.names.as_data(), {}) for x in stated.chain_links],
        TermKind.ANSWER: [
            (x.code, x.names.as_data(), {"silence": x.silence, "next_clock": x.next_clock}) for x in stated.answers
        ],
        TermKind.ORIGIN: [
            (x.code, x.names.as_data(), {"type": x.type, "chain_links": list(x.chain_links)}) for x in stated.origins
        ],
        TermKind.COST_UNIT: [(code, units[code], {}) for code in stated.cost_units],
    }
