"""Records of any desk by label and id: what they are called, whether this room reads them, and where their page is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import QuerySet
from django.urls import reverse

from tansiq.building.doors.rules import RECORD_TYPES, RecordType
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import RoomRecord
from tansiq.desks.impediments.models import RelatedRecord
from tansiq.desks.impediments.rules import RecordReference


@dataclass(frozen=True)
class Related:
    """A record that is held up, or a precedent, as this room may follow it."""

    record: RelatedRecord
    names: Mapping[str, str]
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


def page_of(label: str) -> type[models.Model] | None:
    """The model of this label, where its records have pages: kinds that can be released, and parts of these."""
    if kind := kind_of(label):
        return kind.model
    model = apps.get_model(label)
    return model if issubclass(model, RoomRecord) and hasattr(model, "get_absolute_url") else None


def own_records(by: Actor, records: Iterable[RecordReference]) -> set[UUID]:
    """Those that are the acting room's to name: its own, and what stands in no room."""
    own: set[UUID] = set()
    for label, ids in _by_label((one.label, one.id) for one in records).items():
        model = apps.get_model(label)
        if issubclass(model, RoomRecord):
            own.update(model._default_manager.filter(pk__in=ids, room=by.room_id).values_list("pk", flat=True))
        else:
            own.update(ids)
    return own


def followed(records: Iterable[RelatedRecord]) -> list[Related]:
    """The records as this room may follow them: one query for each kind of record.

    A record that the raising room does not own has no name of its own here: it is named from the record itself, and
    for a room that does not read that record there is nothing, not even that there is one.
    """
    listed = list(records)
    read: dict[UUID, models.Model] = {}
    for label, ids in _by_label((one.record_label, one.record_id) for one in listed).items():
        model = page_of(label)
        read |= model._default_manager.in_bulk(ids) if model else {}
    shown = [one for one in listed if one.record_names or one.record_id in read]
    return [Related(one, *_named(one, read.get(one.record_id))) for one in shown]


def holding(record_ids: Iterable[UUID]) -> QuerySet[RelatedRecord]:
    """The rows in which this room may see that these records are held up: what it may not follow tells it nothing."""
    rows = RelatedRecord.objects.filter(record_id__in=record_ids)
    return rows.filter(pk__in=[one.record.pk for one in followed(rows)])


def _by_label(named: Iterable[tuple[str, UUID]]) -> dict[str, list[UUID]]:
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for label, record_id in named:
        wanted[label].append(record_id)
    return wanted


def _named(one: RelatedRecord, record: models.Model | None) -> tuple[Mapping[str, str], str]:
    if record is None:
        return one.record_names, ""
    kind = kind_of(one.record_label)
    if kind is None:
        return one.record_names or {"en": str(record)}, record.get_absolute_url()  # type: ignore[attr-defined]
    return one.record_names or {"en": str(kind.title(record))}, reverse(kind.url, args=[one.record_id])
