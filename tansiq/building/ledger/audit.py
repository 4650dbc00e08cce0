"""Recomputes everything the ledger claims and names what was altered."""

import hashlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction

from tansiq.building.ledger.rows import digest_sql, read_manifest, sealed_models
from tansiq.building.ledger.tiles import LEAF_DATA, tile_reader
from tansiq.engine.merkle import (
    EMPTY_ROOT,
    TILE_WIDTH,
    CompactRange,
    MerkleError,
    VerifierKey,
    grow_tiles,
    leaf_data,
    leaf_hashes,
    open_checkpoint,
    open_entry,
    split_hashes,
)

ALIAS = "auditor"
BATCH = 5000
Progress = Callable[[str, int], None]
_CHECKS: list[Callable[..., Iterable["Finding"]]] = []


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold."""

    code: str  # what kind of fault
    where: str  # the entry, row, tile or checkpoint, so that a person can find it
    expected: str = ""
    found: str = ""


@dataclass
class Report:
    """What an audit looked at and what it found."""

    leaves: int = 0
    checkpoints: int = 0
    entries: int = 0
    waiting: int = 0
    rows: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything is as it was written."""
        return not self.findings

    def as_dict(self) -> dict[str, Any]:
        """For a program that reads the answer."""
        return asdict(self) | {"holds": self.holds}


def register_check(check: Callable[..., Iterable[Finding]]) -> None:
    """Add what an area recomputes of its own; it is given a function that reads with SQL as of the audit's moment."""
    _CHECKS.append(check)


@dataclass(frozen=True)
class _Committed:
    """The newest digest of a row that any entry commits to."""

    digest: bytes
    entry_id: UUID
    room_id: UUID
    at: datetime


@dataclass(frozen=True)
class _Chained:
    entry_id: UUID
    room_id: UUID
    seq: int
    at: datetime
    leaf: bytes
    facts: dict[str, Any]
    manifest: bytes  # empty when the act wrote no sealed row


_Newest = dict[str, dict[UUID, _Committed]]  # model label → row → what was committed last


def audit(
    verifier: VerifierKey | None,
    progress: Progress = lambda _what, _done: None,
    signed: tuple[int, bytes] | None = None,
) -> Report:
    """Check tree, checkpoints, entries, room chains and every sealed row, as of one moment.

    verifier : the log's public key, with which every checkpoint must verify; None leaves signatures unchecked
    signed   : size and root that the signer signed last, read from the signer before this is called
    """
    report = Report()
    with transaction.atomic(using=ALIAS):
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        roots = _check_tree(report, progress, signed)
        _check_checkpoints(report, roots, verifier)
        last_rows = _check_entries(report, progress)
        _check_rows(report, last_rows, progress)
        for check in _CHECKS:
            report.findings.extend(check(_rows))
    return report


def _rows(sql: str, *params: Any) -> Iterator[tuple[Any, ...]]:
    with connections[ALIAS].chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while block := cursor.fetchmany(BATCH):
            yield from block


def _check_tree(report: Report, progress: Progress, signed: tuple[int, bytes] | None) -> dict[int, bytes]:
    """Rebuild the tree from its leaf data; the root at every size that a checkpoint or the signer names."""
    named = {size for (size,) in _rows("select size from ledger_checkpoint")}
    wanted = sorted(named | ({signed[0]} if signed else set()))
    roots, tree, tiles = {0: EMPTY_ROOT}, CompactRange(), _Tiles(report)
    for n, (index, hashes) in enumerate(
        _rows("select n, hashes from ledger_tile where level = %s order by n", LEAF_DATA)
    ):
        if index != n or (tree.size % TILE_WIDTH):
            report.findings.append(Finding("tile_missing", f"tile {LEAF_DATA}/{n}", str(n), str(index)))
            break
        try:
            fresh = leaf_hashes(split_hashes(bytes(hashes)))
        except MerkleError as fault:
            report.findings.append(Finding("tile_altered", f"tile {LEAF_DATA}/{n}", "whole hashes", str(fault)))
            break
        if fresh:
            tiles.grow(tree.size, fresh)
        for stop in [size for size in wanted if tree.size < size < tree.size + len(fresh)]:
            cut = stop - tree.size
            tree, fresh = tree.append(fresh[:cut]), fresh[cut:]
            roots[stop] = tree.root
        tree = tree.append(fresh)
        roots[tree.size] = tree.root
        progress("leaves", tree.size)
    tiles.finish()
    report.leaves = tree.size
    if signed and roots.get(signed[0]) != signed[1]:
        found = roots[signed[0]].hex() if signed[0] in roots else "no such size"
        report.findings.append(Finding("signed_root", f"tree of {signed[0]} leaves", signed[1].hex(), found))
    if max(named, default=0) != tree.size:
        report.findings.append(
            Finding("checkpoint_missing", f"checkpoint {tree.size}", str(tree.size), str(max(named, default=0)))
        )
    return roots


class _Tiles:
    """The tiles of hashes as the leaves make them, each compared with the stored one, from which proofs are read."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._stored = tile_reader(connections[ALIAS])
        self._last: dict[int, tuple[int, bytes]] = {}  # level → the tile that still grows
        self._compared: set[tuple[int, int]] = set()

    def grow(self, size: int, fresh: list[bytes]) -> None:
        """Append leaf hashes; compare what can grow no more."""
        for tile in grow_tiles(size, fresh, self._read).tiles:
            former = self._last.get(tile.level)
            if former and former[0] != tile.index:
                self._compare(tile.level, *former)
            self._last[tile.level] = (tile.index, tile.hashes)

    def finish(self) -> None:
        """Compare the last tile of each level, and name those that no leaf made."""
        for level, (index, hashes) in self._last.items():
            self._compare(level, index, hashes)
        kept = set(_rows("select level, n from ledger_tile where level <> %s", LEAF_DATA))
        for level, index in sorted(kept - self._compared):
            self._report.findings.append(Finding("tile_altered", f"tile {level}/{index}", "none", "a tile"))

    def _read(self, level: int, index: int) -> bytes:
        place, hashes = self._last.get(level, (-1, b""))
        return hashes if place == index else b""

    def _compare(self, level: int, index: int, hashes: bytes) -> None:
        self._compared.add((level, index))
        found = self._stored(level, index)
        if found != hashes:
            what = hashlib.sha256(found).hexdigest() if found else "none"
            expected = hashlib.sha256(hashes).hexdigest()
            self._report.findings.append(Finding("tile_altered", f"tile {level}/{index}", expected, what))


def _check_checkpoints(report: Report, roots: dict[int, bytes], verifier: VerifierKey | None) -> None:
    listed = list(_rows("select size, root, note from ledger_checkpoint order by size, at"))
    for place, (size, root, note) in enumerate(listed, start=1):
        report.checkpoints += 1
        if not note and place < len(listed):
            report.findings.append(Finding("checkpoint_unsigned", f"checkpoint {size}", "a signature", "none"))
        if roots.get(size) != bytes(root):
            found = roots[size].hex() if size in roots else "no such size"
            report.findings.append(Finding("checkpoint_root", f"checkpoint {size}", bytes(root).hex(), found))
        if verifier is None or not note:
            continue
        try:
            stated = open_checkpoint(note, [verifier]).checkpoint
        except MerkleError as fault:
            report.findings.append(
                Finding("checkpoint_signature", f"checkpoint {size}", "a valid signature", str(fault))
            )
            continue
        if (stated.origin, stated.size, stated.root) != (settings.LEDGER_ORIGIN, size, bytes(root)):
            report.findings.append(Finding("checkpoint_note", f"checkpoint {size}", str(size), str(stated.size)))


def _check_entries(report: Report, progress: Progress) -> _Newest:
    """Check each entry, its facts, its place and its chain; the newest committed digest of each sealed row."""
    placed = dict(_rows("select entry_id, idx from ledger_leaf"))
    waiting = {entry: bytes(leaf) for entry, leaf in _rows("select entry_id, leaf from ledger_queue")}
    report.waiting = len(waiting)
    tiles = _leaf_lookup()
    newest: _Newest = defaultdict(dict)
    seen: set[UUID] = set()
    heads = {room: (seq, bytes(leaf)) for room, seq, leaf in _rows("select room_id, seq, leaf from ledger_head")}
    for room, chain in _chains(report):
        previous, seq = bytes(32), 0
        for seq, link in enumerate(chain, start=1):
            report.entries += 1
            seen.add(link.entry_id)
            _check_link(report, link, seq, previous)
            _check_place(report, link, placed, waiting, tiles)
            _check_manifest(report, link, newest)
            previous = link.leaf
            if report.entries % BATCH == 0:
                progress("entries", report.entries)
        if heads.get(room) != (seq, previous):
            found = str(heads[room][0]) if room in heads else "none"
            report.findings.append(Finding("head_altered", f"room {room}", f"{seq}, the last entry", found))
    for entry_id in sorted((placed.keys() | waiting.keys()) - seen, key=str):
        report.findings.append(Finding("entry_missing", f"entry {entry_id}", "an entry", "none"))
    return newest


def _chains(report: Report) -> Iterator[tuple[UUID, Iterator[_Chained]]]:
    rooms = [room for (room,) in _rows("select distinct room_id from ledger_entry")]
    known = {room for (room,) in _rows("select room_id from ledger_head where seq > 0")}
    for room in sorted(known - set(rooms), key=str):
        report.findings.append(Finding("chain_missing", f"room {room}", "entries", "none"))
    for room in rooms:
        yield room, _chain(report, room)


def _chain(report: Report, room: UUID) -> Iterator[_Chained]:
    sql = (
        "select e.id, e.seq, e.at, e.leaf, e.body, e.act, e.object_id, "
        "array(select f.body from ledger_fact f where f.room_id = e.room_id and f.entry_id = e.id order by f.name), "
        "array(select f.name from ledger_fact f where f.room_id = e.room_id and f.entry_id = e.id order by f.name), "
        "m.body "
        "from ledger_entry e left join ledger_manifest m on m.room_id = e.room_id and m.entry_id = e.id "
        "where e.room_id = %s order by e.seq"
    )
    for entry_id, seq, at, leaf, body, act, object_id, facts, names, manifest in _rows(sql, room):
        if leaf_data(bytes(body)) != bytes(leaf):
            report.findings.append(
                Finding("entry_altered", f"entry {entry_id}", bytes(leaf).hex(), leaf_data(bytes(body)).hex())
            )
        try:
            opened = open_entry(bytes(body), facts)
        except MerkleError as fault:
            report.findings.append(Finding("fact_altered", f"entry {entry_id}", fault.code, str(fault)))
            opened = {}
        else:
            _check_facts(report, entry_id, opened, names)
        said = str(opened.get("object")) if opened.get("object") else None
        if opened and (opened.get("act"), said) != (act, str(object_id) if object_id else None):
            report.findings.append(Finding("index_altered", f"entry {entry_id}", f"{opened.get('act')}", act))
        yield _Chained(entry_id, room, seq, at, bytes(leaf), opened, bytes(manifest or b""))


def _check_facts(report: Report, entry_id: UUID, opened: dict[str, Any], names: list[str]) -> None:
    """Every fact that was committed is there, and each is filed under its own name, by which it is released."""
    if opened.get("facts") != len(opened):
        found = f"{len(opened)} facts" if opened else "none"
        report.findings.append(
            Finding("fact_missing", f"entry {entry_id}", f"{opened.get('facts', 'all')} facts", found)
        )
    for name in sorted(set(names) - opened.keys()):
        report.findings.append(Finding("fact_altered", f"entry {entry_id}", "the name of the fact", name))


def _check_link(report: Report, link: _Chained, seq: int, previous: bytes) -> None:
    if not link.facts:
        return
    expected = {"seq": seq, "prev": b64encode(previous).decode(), "room": str(link.room_id)}
    for name, value in expected.items():
        if link.facts.get(name) != value:
            report.findings.append(
                Finding("chain_broken", f"entry {link.entry_id} {name}", str(value), str(link.facts.get(name)))
            )
    stated, columns = (link.facts.get("seq"), link.facts.get("at")), (link.seq, link.at.astimezone(UTC).isoformat())
    if stated != columns:
        report.findings.append(Finding("index_altered", f"entry {link.entry_id}", str(stated), str(columns)))


def _leaf_lookup() -> Callable[[int], bytes]:
    tiles = {n: bytes(h) for n, h in _rows("select n, hashes from ledger_tile where level = %s", LEAF_DATA)}

    def lookup(index: int) -> bytes:
        n, offset = divmod(index, TILE_WIDTH)
        return tiles.get(n, b"")[offset * 32 : offset * 32 + 32]

    return lookup


def _check_place(
    report: Report, link: _Chained, placed: dict[UUID, int], waiting: dict[UUID, bytes], leaf_at: Callable[[int], bytes]
) -> None:
    index, queued = placed.get(link.entry_id), waiting.get(link.entry_id)
    if (index is None) == (queued is None):
        found = "neither in the tree nor waiting" if index is None else "in the tree and waiting"
        report.findings.append(Finding("entry_place", f"entry {link.entry_id}", "in the tree or waiting", found))
    elif index is not None and leaf_at(index) != link.leaf:
        report.findings.append(
            Finding("leaf_altered", f"entry {link.entry_id} leaf {index}", link.leaf.hex(), leaf_at(index).hex())
        )
    elif queued is not None and queued != link.leaf:
        report.findings.append(Finding("queue_altered", f"entry {link.entry_id}", link.leaf.hex(), queued.hex()))


def _check_manifest(report: Report, link: _Chained, newest: _Newest) -> None:
    committed = link.facts.get("rows")
    if not committed:
        if link.manifest and link.facts:
            report.findings.append(Finding("manifest_altered", f"entry {link.entry_id}", "no manifest", "one"))
        return
    found = hashlib.sha256(link.manifest).hexdigest() if link.manifest else "no manifest"
    if found != committed:
        report.findings.append(Finding("manifest_altered", f"entry {link.entry_id}", str(committed), found))
        return
    for label, rows in read_manifest(link.manifest):
        known = newest[label]
        if link.facts.get("whole"):  # such an entry lists all that there is: what it does not name is gone
            known = newest[label] = {row: kept for row, kept in known.items() if kept.room_id != link.room_id}
        for row_id, digest in rows:
            former = known.get(row_id)
            if former is None or former.room_id == link.room_id or former.at <= link.at:
                known[row_id] = _Committed(digest, link.entry_id, link.room_id, link.at)


def _check_rows(report: Report, newest: _Newest, progress: Progress) -> None:
    for model in sealed_models():
        label, table = model._meta.label_lower, model._meta.db_table
        committed = newest.get(label, {})
        for row_id, digest in _rows(f'select t."{model._meta.pk.column}", {digest_sql(model)} from "{table}" t'):
            report.rows += 1
            known = committed.pop(row_id, None)
            if known is None:
                report.findings.append(
                    Finding("row_without_act", f"{label} {row_id}", "an entry that wrote it", "none")
                )
            elif known.digest != bytes(digest):
                where = f"{label} {row_id} (entry {known.entry_id})"
                report.findings.append(Finding("row_altered", where, known.digest.hex(), bytes(digest).hex()))
        for row_id, gone in committed.items():
            where = f"{label} {row_id} (entry {gone.entry_id})"
            report.findings.append(Finding("row_missing", where, "a row", "none"))
        progress("rows", report.rows)
    for label in set(newest) - {model._meta.label_lower for model in apps.get_models()}:
        report.findings.append(Finding("model_unknown", label, "a model", "none"))
