"""Merkle tree hashing of RFC 6962 section 2.1 and RFC 9162 section 2.1.1, with SHA-256."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from tansiq.engine.merkle._fault import Fault, MerkleError

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
# Sizes and indices stay below this so that they fit a signed 64-bit column everywhere.
SIZE_LIMIT = 1 << 63
# Leaves held at once while a root is computed from a stream: bounds memory, long enough to amortise the loop.
_CHUNK = 1 << 15


def leaf_hash(data: bytes) -> bytes:
    """Hash one leaf: SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def leaf_hashes(leaves: Iterable[bytes]) -> list[bytes]:
    """Hash many leaves, in order."""
    return [sha256(b"\x00" + data).digest() for data in leaves]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def pair_up(hashes: Sequence[bytes]) -> list[bytes]:
    """Hash neighbours of one level into the level above; a last odd one is left out."""
    nodes = iter(hashes)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(nodes, nodes, strict=False)]


def fold_peaks(peaks: Sequence[bytes]) -> bytes:
    """Join the roots of neighbouring complete subtrees, largest first, into one hash.

    Source : RFC 6962 section 2.1 (the split is at the largest power of two, so the fold runs from the right)
    """
    if not peaks:
        return EMPTY_ROOT
    joined = peaks[-1]
    for peak in reversed(peaks[:-1]):
        joined = node_hash(peak, joined)
    return joined


@dataclass(frozen=True, slots=True)
class CompactRange:
    """A tree from its first leaf on, kept as the roots of its complete subtrees: all an appender needs."""

    size: int = 0  # leaves
    peaks: tuple[bytes, ...] = ()  # one hash of 32 bytes for each one-bit of `size`, largest subtree first

    def __post_init__(self) -> None:
        if not 0 <= self.size < SIZE_LIMIT:
            raise MerkleError(Fault.SIZE_RANGE, "0 to 2^63 - 1", self.size)
        if len(self.peaks) != self.size.bit_count():
            raise MerkleError(Fault.RANGE_SHAPE, f"{self.size.bit_count()} peaks", len(self.peaks))
        check_hashes(self.peaks)

    @property
    def root(self) -> bytes:
        """The Merkle tree hash of everything appended so far."""
        return fold_peaks(self.peaks)

    def append(self, hashes: Sequence[bytes]) -> CompactRange:
        """Return the range with these leaf hashes added on the right, a level at a time.

        hashes : n leaf hashes of 32 bytes
        Source : RFC 9162 section 2.1.2, done for a batch: about n node hashes and no Python work per leaf
        """
        check_hashes(hashes)
        kept = list(self.peaks)
        fresh: list[bytes] = []
        carry = list(hashes)
        level = 0
        while carry:
            if self.size >> level & 1:
                carry.insert(0, kept.pop())
            if len(carry) & 1:
                fresh.append(carry.pop())
            carry = pair_up(carry)
            level += 1
        return CompactRange(self.size + len(hashes), (*kept, *reversed(fresh)))


def check_hashes(hashes: Iterable[bytes]) -> None:
    """Refuse anything that is not a SHA-256 hash by length."""
    for value in hashes:
        if len(value) != HASH_SIZE:
            raise MerkleError(Fault.HASH_LENGTH, f"{HASH_SIZE} bytes", len(value))


def root_of_hashes(hashes: Sequence[bytes]) -> bytes:
    """Merkle tree hash over leaf hashes that are at hand."""
    return CompactRange().append(hashes).root


def root_of_leaves(leaves: Iterable[bytes]) -> bytes:
    """Merkle tree hash over leaf data, streamed: memory does not grow with the log."""
    grown = CompactRange()
    for chunk in _chunks(leaves):
        grown = grown.append(leaf_hashes(chunk))
    return grown.root


def _chunks(leaves: Iterable[bytes]) -> Iterator[list[bytes]]:
    stream = iter(leaves)
    while chunk := list(islice(stream, _CHUNK)):
        yield chunk
