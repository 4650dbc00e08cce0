"""Who may read a new row: the default readers of its kind, and those to whom its consignment was released."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from tansiq.building.doors.queries import audiences_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.queries import audience_for

KIND = "aid_consignment"


class Labels:
    """The label of a new row on one line; releases and recalls of the consignments wait until it is written."""

    def __init__(self, by: Actor, line: str, consignments: Iterable[UUID | None], *, of: str = "aid_event") -> None:
        self.plain = audience_for(of, line, by)
        named = {consignment for consignment in consignments if consignment}
        self.known: Mapping[UUID, int] = audiences_now(KIND, named, line, by, default_of=of) if named else {}

    def of(self, consignment: UUID | None) -> int:
        """The label of a row of this consignment; of a row without one, the plain label."""
        return self.known.get(consignment, self.plain) if consignment else self.plain


def widen(rows: list[dict[str, Any]], labels: Labels, consignment_of: Mapping[UUID, UUID] | None = None) -> None:
    """Put the released label on rows of consignments that were released; the rest keep the label they have.

    consignment_of : event → consignment, for rows that name their event only
    """
    for row in rows:
        consignment = row.get("consignment") or (consignment_of or {}).get(row.get("event"))
        label = labels.of(consignment)
        if label != labels.plain:
            row["audience"] = label
