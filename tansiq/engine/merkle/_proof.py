"""Inclusion and consistency proofs of RFC 9162 sections 2.1.3 and 2.1.4: made, and verified strictly."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tansiq.engine.merkle._fault import Fault, MerkleError
from tansiq.engine.merkle._tree import SIZE_LIMIT, check_hashes, node_hash, root_of_hashes

LeafRange = tuple[int, int]
# Answers the Merkle tree hash of the leaves [start, end).
RangeHash = Callable[[int, int], bytes]


def inclusion_ranges(index: int, size: int) -> list[LeafRange]:
    """Leaf ranges whose hashes prove leaf `index` in a tree of `size`, from the leaf up.

    Source : RFC 9162 section 2.1.3.1, PATH
    """
    _check_index(index, size)
    start, end, ranges = 0, size, list[LeafRange]()
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((start, split))
            start = split
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[LeafRange]:
    """Leaf ranges whose hashes prove that the tree of `new` leaves begins with the tree of `old`.

    Source : RFC 9162 section 2.1.4.1, SUBPROOF
    """
    _check_sizes(old, new)
    start, end, ranges = 0, new, list[LeafRange]()
    while end != old:
        split = start + _split(end - start)
        if old <= split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((start, split))
            start = split
    if start > 0:
        ranges.append((start, end))
    return ranges[::-1]


def make_inclusion_proof(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """Prove that the leaf at `index` is in the tree of these leaf hashes."""
    return prove(inclusion_ranges(index, len(hashes)), _hash_of(hashes))


def make_consistency_proof(old: int, hashes: Sequence[bytes]) -> list[bytes]:
    """Prove that the tree of these leaf hashes begins with the tree of its first `old`."""
    return prove(consistency_ranges(old, len(hashes)), _hash_of(hashes))


def prove(ranges: Sequence[LeafRange], range_hash: RangeHash) -> list[bytes]:
    """Fill in the hashes of a proof from any source of range hashes."""
    return [range_hash(start, end) for start, end in ranges]


def root_of_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Compute the root that an inclusion proof leads to.

    index, size : int            0 <= index < size
    leaf : 32 bytes              the leaf hash, not the leaf data
    Returns : 32 bytes
    Raises : MerkleError         wrong lengths or bounds
    Source : RFC 9162 section 2.1.3.2
    """
    _check_index(index, size)
    check_hashes((leaf, *proof))
    # One hash a level up to where the path leaves the right edge, then one for each subtree on its left.
    inner = (index ^ (size - 1)).bit_length()
    expected = inner + (index >> inner).bit_count()
    if len(proof) != expected:
        raise MerkleError(Fault.PROOF_LENGTH, f"{expected} hashes", len(proof))
    node, last, joined = index, size - 1, leaf
    for sibling in proof:
        if node & 1 or node == last:
            joined = node_hash(sibling, joined)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            joined = node_hash(joined, sibling)
        node, last = node >> 1, last >> 1
    return joined


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Accept only a proof that the leaf hash stands at `index` of the tree with this size and root.

    Raises : MerkleError         anything else
    Source : RFC 9162 section 2.1.3.2
    """
    _expect(Fault.PROOF_ROOT, root, root_of_inclusion(index, size, leaf, proof))


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Accept only a proof that the tree (new, new_root) begins with the tree (old, old_root).

    From an empty tree nothing is proved, so that is refused rather than accepted for any root.

    Raises : MerkleError         anything else
    Source : RFC 9162 section 2.1.4.2
    """
    _check_sizes(old, new)
    check_hashes(proof)
    expected = len(consistency_ranges(old, new))
    if len(proof) != expected:
        raise MerkleError(Fault.PROOF_LENGTH, f"{expected} hashes", len(proof))
    if old == new:
        # Nothing is hashed here: equal trees have equal roots, and no path leads from one to the other.
        old_joined, new_joined = old_root, old_root
    else:
        old_joined, new_joined = _consistent_roots(old, new, old_root, proof)
    _expect(Fault.PROOF_OLD_ROOT, old_root, old_joined)
    _expect(Fault.PROOF_ROOT, new_root, new_joined)


def _consistent_roots(old: int, new: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    # A complete old tree is itself the first node of the path; the proof leaves it out.
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    check_hashes(path)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_joined = new_joined = path[0]
    for sibling in path[1:]:
        if node & 1 or node == last:
            old_joined = node_hash(sibling, old_joined)
            new_joined = node_hash(sibling, new_joined)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new_joined = node_hash(new_joined, sibling)
        node, last = node >> 1, last >> 1
    return old_joined, new_joined


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << (width - 1).bit_length() - 1


def _hash_of(hashes: Sequence[bytes]) -> RangeHash:
    return lambda start, end: root_of_hashes(hashes[start:end])


def _check_index(index: int, size: int) -> None:
    if not 0 <= size < SIZE_LIMIT:
        raise MerkleError(Fault.SIZE_RANGE, "0 to 2^63 - 1", size)
    if not 0 <= index < size:
        raise MerkleError(Fault.INDEX_RANGE, f"0 to {size - 1}" if size else "a tree that is not empty", index)


def _check_sizes(old: int, new: int) -> None:
    if not 0 <= new < SIZE_LIMIT:
        raise MerkleError(Fault.SIZE_RANGE, "0 to 2^63 - 1", new)
    if old == 0:
        raise MerkleError(Fault.PROOF_FROM_EMPTY, "an old tree that is not empty", old)
    if not 0 < old <= new:
        raise MerkleError(Fault.SIZE_RANGE, f"1 to {new}", old)


def _expect(code: Fault, expected: bytes, got: bytes) -> None:
    if expected != got:
        raise MerkleError(code, expected.hex(), got.hex())
