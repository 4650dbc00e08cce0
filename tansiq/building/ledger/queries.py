"""What one may read of the ledger: entries, their facts, and receipts that prove them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet

from tansiq.building.ledger.models import Checkpoint, Entry, Fact, Leaf
from tansiq.building.ledger.tiles import tile_reader
from tansiq.building.ledger.words import describe
from tansiq.engine.merkle import Receipt, TlogProof, inclusion_proof_from_tiles, read_fact


@dataclass(frozen=True)
class Opened:
    """An entry with those of its facts that the reader may see."""

    entry: Entry
    facts: dict[str, Any]

    @property
    def words(self) -> str:
        """The act in the reader's language."""
        return str(describe(self.entry.act))


class NotYetPlaced(Exception):
    """The entry waits for its place in the tree; its receipt exists after the next tick."""


def entries() -> QuerySet[Entry]:
    """Entries of the acting room and those released to it, newest first."""
    return Entry.objects.order_by("-at", "-seq")


def opened(found: Iterable[Entry], *, only: Iterable[str] = ()) -> list[Opened]:
    """The visible facts of each entry, or only those of some names, read in one query."""
    listed = list(found)
    facts: dict[UUID, dict[str, Any]] = {entry.pk: {} for entry in listed}
    visible = Fact.objects.filter(entry_id__in=facts, room_id__in={entry.room_id for entry in listed})
    for fact in visible.filter(name__in=list(only)) if only else visible:
        facts[fact.entry_id][fact.name] = read_fact(fact.body).value
    return [Opened(entry, facts[entry.pk]) for entry in listed]


def entry_of(record: Model) -> Entry | None:
    """The entry of the act that wrote a record as its object, where this room reads it."""
    found = Entry.objects.filter(room_id=record.room_id, object_id=record.pk)  # type: ignore[attr-defined]
    return found.order_by("seq").first()


def latest_checkpoint() -> Checkpoint | None:
    """The newest signed checkpoint."""
    return Checkpoint.objects.exclude(note="").order_by("-size", "-at").first()


@dataclass(frozen=True)
class Place:
    """Where an entry stands, and under which signed checkpoint."""

    index: int
    checkpoint: Checkpoint


def place(entry: Entry) -> Place | None:
    """The entry's place in the signed tree; None while it waits."""
    leaf, checkpoint = Leaf.objects.filter(entry_id=entry.pk).first(), latest_checkpoint()
    if leaf is None or checkpoint is None or leaf.idx >= checkpoint.size:
        return None
    return Place(leaf.idx, checkpoint)


def receipt(entry: Entry) -> str:
    """The text of a receipt: the entry, its visible facts, and the proof that the log holds it.

    Raises NotYetPlaced before the entry stands under a signed checkpoint.
    """
    stands = place(entry)
    if stands is None:
        raise NotYetPlaced
    hashes = inclusion_proof_from_tiles(stands.index, stands.checkpoint.size, tile_reader(connection))
    facts = tuple(
        Fact.objects.filter(entry_id=entry.pk, room_id=entry.room_id).order_by("name").values_list("body", flat=True)
    )
    return str(Receipt(bytes(entry.body), facts, TlogProof(stands.index, tuple(hashes), stands.checkpoint.note)))
