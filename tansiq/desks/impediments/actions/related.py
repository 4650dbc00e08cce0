"""Names the records that an impediment holds up, and its precedents."""

from collections.abc import Iterable

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments.actions.labels import asked_rooms, label_of
from tansiq.desks.impediments.models import Impediment, RelatedRecord
from tansiq.desks.impediments.queries.records import own_records
from tansiq.desks.impediments.rules import RECORDS_AT_MOST, RecordReference


def relate(by: Actor, impediment: Impediment, relation: str, records: Iterable[RecordReference]) -> list[RelatedRecord]:
    """Add the records that are not named yet; what is named already stays as it was named. Raises Refused.

    A record of another room is kept without its name: what it is called is that room's to release.
    """
    wanted = {record.id: record for record in records if record.id != impediment.pk}
    if not wanted:
        return []
    known = RelatedRecord.objects.filter(room=by.room_id, impediment=impediment, relation=relation)
    held = set(known.values_list("record_id", flat=True))
    total = len(held | wanted.keys())
    if total > RECORDS_AT_MOST:
        raise Refused("impediment_too_many_records", found=total, expected=RECORDS_AT_MOST)
    own = own_records(by, wanted.values())
    label = label_of(by, impediment.pk, RelatedRecord.line, asked_rooms(impediment))
    return RelatedRecord.objects.bulk_create(
        RelatedRecord(
            room_id=by.room_id, audience_id=label, impediment=impediment, relation=relation,
            record_label=record.label, record_id=record.id, record_names=dict(record.names) if record.id in own else {},
        )
        for record in wanted.values() if record.id not in held
    )  # fmt: skip
