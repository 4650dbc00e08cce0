"""Records of any desk by label and id: what they are called, whether this room reads them, and where their page is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from tansiq.building.doors.rules import RECORD_TYPES, RecordType
from tansiq.desks.impediments.models import RelatedRecord
from tansiq.desks.impediments.rules import RecordReference


@dataclass(frozen=True)
class Related:
    """A record that is held up, or a precedent, as this room may follow it."""

    record: RelatedRecord
    url: str  # "" where the room does not read the record, or it has no page


def kind_of(label: str) -> RecordType | None:
    """The kind of record that has this model's label, where it is one that can be released."""
    return next((kind for kind in RECORD_TYPES.values() if kind.model._meta.label_lower == label), None)


def reference_to(label: str, record_id: UUID) -> RecordReference | None:
    """A record that this room reads, with what it is called; None for what is hidden, absent or unknown."""
    kind = kind_of(label)
    record = kind.model._default_manager.filter(pk=record_id).first() if kind else None
    if kind is None or record is None:
        return None
    return RecordReference(label, record_id, {"en": str(kind.title(record))})


def with_places(records: Iterable[RelatedRecord]) -> list[Related]:
    """The records with the addresses of those that this room reads: one query for each kind of record."""
    named = list(records)
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for one in named:
        wanted[one.record_label].append(one.record_id)
    readable: set[UUID] = set()
    for label, ids in wanted.items():
        kind = kind_of(label)
        if kind:
            readable.update(kind.model._default_manager.filter(pk__in=ids).values_list("pk", flat=True))
    return [Related(one, _page(one) if one.record_id in readable else "") for one in named]


def _page(one: RelatedRecord) -> str:
    kind = kind_of(one.record_label)
    return reverse(kind.url, args=[one.record_id]) if kind else ""
