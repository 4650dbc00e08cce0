"""Which consignments and events share a row: a release of any of them opens it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Model, QuerySet

from tansiq.building.doors.rules import Holders, Place
from tansiq.desks.aid.models import AidEvent, AidMeasure, HandlingUnit

CONSIGNMENT, EVENT = "aid_consignment", "aid_event"
Name = tuple[str, str]  # source and key of an event: the same in all its editions


def editions_of(room_id: UUID, names: Iterable[Name]) -> QuerySet[AidEvent]:
    """Every edition of these events; of some other event too where two sources use one key."""
    wanted = set(names)
    sources, keys = {source for source, _ in wanted}, {key for _, key in wanted}
    return AidEvent.objects.filter(room=room_id, source__in=sources, source_key__in=keys)


def records_of_events(room_id: UUID, names: Iterable[Name]) -> Mapping[Name, list[Place]]:
    """For each event: its editions, and the consignments that any of these belongs to."""
    wanted, found = set(names), defaultdict(list)
    rows = editions_of(room_id, wanted).values_list("source", "source_key", "pk", "consignment")
    for source, key, pk, consignment in rows:
        if (source, key) in wanted:
            found[source, key] += [(EVENT, pk), *([(CONSIGNMENT, consignment)] if consignment else [])]
    return found


def holders(room_id: UUID, model: type[Model], ids: Sequence[UUID]) -> Holders:
    """For events, measures and handling units: the records that share each; every other row has one record alone.

    The editions of an event stand together. A unit belongs to its consignment and to each event that it is in.
    """
    named = _names(room_id, model, ids)
    places = records_of_events(room_id, {name for names in named.values() for name in names})
    found: dict[UUID, list[Place]] = {
        pk: [place for name in names for place in places.get(name, ())] for pk, names in named.items()
    }
    if model is HandlingUnit:
        units = HandlingUnit.objects.filter(room=room_id, pk__in=ids)
        for pk, consignment in units.values_list("pk", "consignment"):
            found[pk] = [*found.get(pk, ()), *([(CONSIGNMENT, consignment)] if consignment else [])]
    return found


def _names(room_id: UUID, model: type[Model], ids: Sequence[UUID]) -> dict[UUID, list[Name]]:
    """For each row: the events that it stands for."""
    own = AidEvent.objects.filter(room=room_id)
    if model is AidEvent:
        rows = own.filter(pk__in=ids).values_list("pk", "source", "source_key")
    elif model is HandlingUnit:
        rows = own.filter(handling_unit__in=ids).values_list("handling_unit", "source", "source_key")
    elif model is AidMeasure:
        measures = AidMeasure.objects.filter(room=room_id, pk__in=ids)
        rows = measures.values_list("pk", "event__source", "event__source_key")
    else:
        return {}
    found: dict[UUID, list[Name]] = defaultdict(list)
    for pk, source, key in rows.distinct():
        found[pk].append((source, key))
    return found
