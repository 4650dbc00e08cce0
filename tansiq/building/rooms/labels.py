"""Recomputes who stands behind each label, for the audit: its digest from its members, each room's mask from both."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from tansiq.building.ledger.audit import Finding, register_check

LABELS = """
select a.id, a.digest, sha256(convert_to(
           coalesce('over ' || (select encode(b.digest, 'hex') from rooms_audience b where b.id = a.base_id) || ' ', '')
           || coalesce(string_agg(m.room_id::text || coalesce(extract(epoch from m.until)::text, ''), ','
                                  order by m.room_id), ''), 'UTF8'))
  from rooms_audience a left join rooms_audiencemember m on m.audience_id = a.id group by a.id order by a.id
"""
MEMBERS = """
select m.room_id, m.audience_id, a.id, m.until
  from rooms_audiencemember m left join rooms_audience a on a.id = m.audience_id
"""
Read = Callable[..., Iterator[tuple[Any, ...]]]


def check_labels(read: Read) -> Iterator[Finding]:
    """Name every label whose members, hours or ground are not those that its digest tells, and every altered mask."""
    for label, digest, found in read(LABELS):
        if bytes(digest) != bytes(found):
            yield Finding("audience_altered", f"audience {label}", bytes(digest).hex(), bytes(found).hex())
    for_good: dict[UUID, set[int]] = defaultdict(set)
    for room, label, known, until in read(MEMBERS):
        if known is None:
            yield Finding("audience_missing", f"audience {label} (room {room})", "an audience", "none")
        if until is None:
            for_good[room].add(label)
    masks = {room: _labels_in(mask) for room, mask in read("select room_id, mask::text from rooms_roommask")}
    for room in sorted(for_good.keys() | masks.keys(), key=str):
        wrong = for_good.get(room, set()) ^ masks.get(room, set())
        if wrong:
            found = ", ".join(map(str, sorted(wrong)[:10]))
            yield Finding("mask_altered", f"mask of room {room}", "the labels of which it is a member", found)


def _labels_in(mask: str) -> set[int]:
    return {place for place, bit in enumerate(mask) if bit == "1"}


register_check(check_labels)
