"""The sequencer: each committed entry gets exactly one place, and every checkpoint continues the last."""

import threading

import pytest
from django.db import connections, transaction

from tansiq.building.ledger import sequencer
from tansiq.building.ledger.append import append
from tansiq.building.ledger.models import Checkpoint, Entry, Leaf
from tansiq.building.ledger.signer import BrokenHistory, FileSigner
from tansiq.building.ledger.tiles import LEAF_DATA, tile_reader
from tansiq.building.wall.context import room_context
from tansiq.engine.merkle import open_checkpoint, root_of_leaves, split_hashes
from tests import factories


@pytest.fixture
def signer(tmp_path):
    return FileSigner(tmp_path / "keys", "test.example/ledger/1")


def write(slug: str, count: int) -> None:
    room = factories.room_id(slug)
    for number in range(count):
        with room_context(room_ids=(room,)), transaction.atomic():
            append(room, "rooms.room.say", {"number": number}, by=None)


def waiting() -> int:
    with connections["auditor"].cursor() as cursor:
        cursor.execute("select count(*) from ledger_queue")
        return cursor.fetchone()[0]


def stored_leaves(size: int) -> list[bytes]:
    read_tile = tile_reader(connections["auditor"])
    return [leaf for n in range(-(-size // 256)) for leaf in split_hashes(read_tile(LEAF_DATA, n))]


def test_tick_places_every_entry_once_and_pads_to_sixteen(own_database, signer):
    sequencer.tick(signer)
    before = Checkpoint.objects.latest("size").size
    write("alpha", 5)
    done = sequencer.tick(signer)
    assert (done.entries, done.size, waiting()) == (5, before + 16, 0)
    with room_context(room_ids=(factories.room_id("alpha"),)), transaction.atomic():
        entries = {entry.pk: bytes(entry.leaf) for entry in Entry.objects.all()}
    leaves = stored_leaves(done.size)
    assert {leaves[leaf.idx] for leaf in Leaf.objects.filter(entry_id__in=entries)} == set(entries.values())


def test_checkpoint_signs_the_root_of_all_leaves(own_database, signer):
    write("alpha", 300)
    done = sequencer.tick(signer)
    opened = open_checkpoint(done.note, [signer.key().verifier])
    assert (opened.checkpoint.size, opened.checkpoint.root) == (done.size, root_of_leaves(stored_leaves(done.size)))


def test_tick_without_acts_looks_like_a_tick_with_acts(own_database, signer):
    first = sequencer.tick(signer)
    second = sequencer.tick(signer)
    write("alpha", 16)
    third = sequencer.tick(signer)
    assert (second.size - first.size, third.size - second.size) == (16, 16)


def test_signer_refuses_a_history_that_does_not_continue(own_database, signer):
    sequencer.tick(signer)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "update ledger_checkpoint set root = sha256('forged') where size = (select max(size) from ledger_checkpoint)"
        )
    with pytest.raises(BrokenHistory):
        sequencer.publish(signer)


def test_signer_refuses_a_shorter_tree_as_after_an_old_backup(own_database, signer):
    write("alpha", 20)
    sequencer.tick(signer)
    with connections["owner"].cursor() as cursor:
        cursor.execute("delete from ledger_checkpoint")
        cursor.execute("delete from ledger_tile")
        cursor.execute("delete from ledger_leaf")
    with pytest.raises(BrokenHistory):
        sequencer.tick(signer)


def test_head_left_unsigned_by_a_crash_is_signed_by_the_next_tick(own_database, signer):
    sequencer.integrate()
    assert Checkpoint.objects.latest("size").note == ""
    sequencer.tick(signer)
    assert Checkpoint.objects.latest("size").note != ""


def test_two_sequencers_and_six_writers_lose_and_double_nothing(own_database, signer):
    rooms = ["alpha", "beta", "un", "ngo", "press", "lead"]

    def one_writer(slug: str) -> None:
        try:
            write(slug, 40)
        finally:
            connections.close_all()

    def one_sequencer() -> None:
        try:
            for _ in range(30):
                sequencer.integrate()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one_writer, args=(slug,)) for slug in rooms]
    threads += [threading.Thread(target=one_sequencer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = sequencer.tick(signer)
    with connections["auditor"].cursor() as cursor:
        cursor.execute(
            "select count(*), count(distinct e.id), count(l.idx) from ledger_entry e left join ledger_leaf l on l.entry_id = e.id"
        )
        entries, distinct, placed = cursor.fetchone()
    assert entries >= 240
    assert (entries, entries) == (distinct, placed)
    assert open_checkpoint(done.note, [signer.key().verifier]).checkpoint.root == root_of_leaves(
        stored_leaves(done.size)
    )


def test_every_head_of_a_long_queue_is_signed(own_database, signer, monkeypatch):
    monkeypatch.setattr(sequencer, "BATCH_MOST", 16)
    write("alpha", 40)
    before = Checkpoint.objects.count()
    done = sequencer.tick(signer)
    heads = list(Checkpoint.objects.order_by("size")[before:])
    assert len(heads) > 2
    assert [open_checkpoint(head.note, [signer.key().verifier]).checkpoint.size for head in heads] == [
        head.size for head in heads
    ]
    assert heads[-1].size == done.size


def test_head_that_a_crash_left_unsigned_is_signed_with_the_next(own_database, signer):
    sequencer.integrate()
    left = Checkpoint.objects.get(note="")
    done = sequencer.tick(signer)
    assert Checkpoint.objects.filter(note="").count() == 0
    assert Checkpoint.objects.count() == 2
    assert done.size == left.size + 16
