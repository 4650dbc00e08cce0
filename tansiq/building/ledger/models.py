"""What the ledger keeps: entries and facts behind the wall; leaves, tiles and checkpoints that tell nothing."""

import uuid

from django.db import models


class Entry(models.Model):
    """One act as it was committed: salted digests that only the room's facts can open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room_id = models.UUIDField()
    seq = models.BigIntegerField()  # place in the room's own chain, from 1, without gaps
    leaf = models.BinaryField()  # SHA-256 of body, 32 bytes: what the Merkle tree holds
    body = models.BinaryField()  # canonical JSON of the sorted digests
    act = models.CharField(max_length=100)  # index only; the fact "act" is what counts
    object_id = models.UUIDField(null=True)  # index only; the fact "object" is what counts
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room_id", "seq"], name="ledger_entry_chain")]
        indexes = [
            models.Index(fields=["room_id", "-at"], name="ledger_entry_latest"),
            models.Index(fields=["room_id", "object_id"], name="ledger_entry_object"),
        ]


class Fact(models.Model):
    """One disclosure (salt, name, value) of an entry, RFC 9901 section 4.2.1."""

    pk = models.CompositePrimaryKey("room_id", "entry_id", "name")
    room_id = models.UUIDField()
    entry_id = models.UUIDField()
    name = models.CharField(max_length=60)
    body = models.TextField()
    subject_id = models.UUIDField(null=True)  # whose personal data this is; its key encrypts it


class Grant(models.Model):
    """One fact of an entry that a release opened to another room, until an hour."""

    sealed = True
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room_id = models.UUIDField()  # the room that may read
    granted_by_id = models.UUIDField()  # the room that opened it
    entry_id = models.UUIDField()
    name = models.CharField(max_length=60)
    release_id = models.UUIDField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room_id", "entry_id", "name", "release_id"], name="ledger_grant_once")
        ]
        indexes = [models.Index(fields=["granted_by_id", "release_id"], name="ledger_grant_release")]


class Manifest(models.Model):
    """Digests of the rows that an act wrote; the entry's fact "rows" commits to them."""

    pk = models.CompositePrimaryKey("room_id", "entry_id")
    room_id = models.UUIDField()
    entry_id = models.UUIDField()
    body = models.BinaryField()


class Head(models.Model):
    """The end of a room's chain, locked by whoever writes the next entry."""

    room_id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    leaf = models.BinaryField()


class Queue(models.Model):
    """Entries that wait for their place in the tree: opaque to whoever reads it."""

    entry_id = models.UUIDField(primary_key=True)
    leaf = models.BinaryField()
    at = models.DateTimeField()


class Leaf(models.Model):
    """Where in the tree an entry stands."""

    idx = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)


class Tile(models.Model):
    """A tile of the tree as C2SP tlog-tiles lays it out; level -1 holds the leaf data."""

    pk = models.CompositePrimaryKey("level", "n")
    level = models.SmallIntegerField()
    n = models.BigIntegerField()
    hashes = models.BinaryField()


class Checkpoint(models.Model):
    """A signed statement of the tree's size and root (C2SP tlog-checkpoint)."""

    at = models.DateTimeField(primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField(blank=True)  # empty until the signer has signed: integrating and signing are two steps

    class Meta:
        indexes = [models.Index(fields=["size"], name="ledger_checkpoint_size")]


class Key(models.Model):
    """A public key that signed or may sign: the log's, later witnesses', devices' and people's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    verifier = models.TextField()  # the key in its own text form (C2SP vkey, COSE …)
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
