"""Leaves a second through the sequencer; leaves and entries a second through a full audit."""

# ruff: noqa: S101 (a figure of something that went wrong is no figure)

import secrets
import statistics
import sys
import uuid
from datetime import UTC, datetime

from tools.measured_house import administrator, figure, is_small, measured_database, measured_house, timed

ROUNDS = 5
ENTRIES_A_TRANSACTION = 250


def main(arguments: list[str]) -> None:
    """Fill the queue and drain it, five times; then audit the tree; then audit a ledger of entries."""
    queued, entries = (2_000, 200) if is_small(arguments) else (200_000, 10_000)
    with measured_house():
        with measured_database("measured_leaves") as name:
            leaves(name, queued)
        with measured_database("measured_entries") as name:
            chains(entries)


def leaves(name: str, queued: int) -> None:
    """Sequence leaves that belong to no entry, then audit the tree alone."""
    from tansiq.building.ledger import sequencer
    from tansiq.building.ledger.audit import audit
    from tansiq.building.ledger.signer import default_signer

    sequencer.tick()
    rates = []
    for _round in range(ROUNDS):
        fill_queue(name, queued)
        seconds, done = timed(sequencer.tick)
        assert done is not None and done.entries == queued
        rates.append(done.entries / seconds)
    figure("sequencer", f"queue of {queued:,}", statistics.median(rates), "leaves/s", goal=">= 20,000 leaves/s")
    with administrator(name) as admin:
        # Now they are padding: leaves without an entry, as quiet ticks make them.
        admin.execute("delete from ledger_leaf l where not exists (select from ledger_entry e where e.id = l.entry_id)")
    verifier = default_signer().verifier()
    seconds, report = timed(lambda: audit(verifier))
    assert report.holds, report.findings[:3]
    figure(
        "full audit, tree and checkpoints", f"{report.leaves:,} leaves, {report.checkpoints} checkpoints",
        report.leaves / seconds, "leaves/s", goal=">= 100,000 leaves/s",
    )  # fmt: skip


def fill_queue(name: str, count: int) -> None:
    """Queue so many random leaves."""
    at = datetime.now(UTC)
    with administrator(name) as admin, admin.cursor().copy("copy ledger_queue (entry_id, leaf, at) from stdin") as rows:
        for _ in range(count):
            rows.write_row((uuid.uuid4(), secrets.token_bytes(32), at))


def chains(count: int) -> None:
    """Append entries to the chains of several rooms, sequence them, and audit all of it."""
    from django.db import transaction

    from tansiq.building.ledger import sequencer
    from tansiq.building.ledger.append import append
    from tansiq.building.ledger.audit import audit
    from tansiq.building.ledger.signer import default_signer
    from tansiq.building.rooms.models import Room
    from tansiq.building.wall.context import room_context

    rooms = list(Room.objects.order_by("slug").values_list("pk", flat=True))
    for start in range(0, count, ENTRIES_A_TRANSACTION):
        room = rooms[start // ENTRIES_A_TRANSACTION % len(rooms)]
        with room_context(room_ids=(room,)), transaction.atomic():
            for number in range(min(ENTRIES_A_TRANSACTION, count - start)):
                append(room, "rooms.room.say", {"number": number, "via": "system"}, by=None, object_id=uuid.uuid4())
    default_signer().key()
    sequencer.tick()
    seconds, report = timed(lambda: audit(default_signer().verifier()))
    assert report.holds, report.findings[:3]
    figure("full audit, entries with their facts", f"{report.entries:,} entries", report.entries / seconds, "entries/s")


if __name__ == "__main__":
    main(sys.argv[1:])
