"""Inclusion and consistency proofs: every small tree, every mangling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.merkle import (
    EMPTY_ROOT,
    SIZE_LIMIT,
    Fault,
    MerkleError,
    consistency_ranges,
    inclusion_ranges,
    leaf_hashes,
    make_consistency_proof,
    make_inclusion_proof,
    node_hash,
    root_of_hashes,
    root_of_inclusion,
    verify_consistency,
    verify_inclusion,
)

Hashes = Callable[[int], list[bytes]]
HASHES = leaf_hashes(number.to_bytes(8, "big") for number in range(300))
ROOTS = [root_of_hashes(HASHES[:size]) for size in range(301)]


def flipped(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "big") ^ 1 << bit).to_bytes(len(value), "big")


def refusal_of(check: Callable[..., object], *arguments: object) -> Fault:
    with pytest.raises(MerkleError) as refusal:
        check(*arguments)
    return refusal.value.code


def test_inclusion_path_of_the_rfc_example(hashes: Hashes) -> None:
    # RFC 6962 section 2.1.3: the tree of seven leaves, PATH(0), PATH(3), PATH(4), PATH(6).
    leaves = hashes(7)
    a, b, c, d, e, f, j = leaves
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, m = node_hash(g, h), node_hash(i, j)
    assert make_inclusion_proof(0, leaves) == [b, h, m]
    assert make_inclusion_proof(3, leaves) == [c, g, m]
    assert make_inclusion_proof(4, leaves) == [f, j, k]
    assert make_inclusion_proof(6, leaves) == [i, k]


def test_consistency_path_of_the_rfc_example(hashes: Hashes) -> None:
    # RFC 6962 section 2.1.3: PROOF(3, D[7]) = [c, d, g, l], PROOF(4, D[7]) = [l], PROOF(6, D[7]) = [i, j, k].
    leaves = hashes(7)
    a, b, c, d, e, f, j = leaves
    g, i = node_hash(a, b), node_hash(e, f)
    k, m = node_hash(g, node_hash(c, d)), node_hash(i, j)
    assert make_consistency_proof(3, leaves) == [c, d, g, m]
    assert make_consistency_proof(4, leaves) == [m]
    assert make_consistency_proof(6, leaves) == [i, j, k]
    assert make_consistency_proof(7, leaves) == []


def test_every_inclusion_proof_of_small_trees_verifies_at_its_place_only() -> None:
    for size in range(1, 34):
        for index in range(size):
            proof = make_inclusion_proof(index, HASHES[:size])
            verify_inclusion(index, size, HASHES[index], proof, ROOTS[size])
            for other in set(range(size)) - {index}:
                assert refusal_of(verify_inclusion, other, size, HASHES[index], proof, ROOTS[size]) in (
                    Fault.PROOF_ROOT,
                    Fault.PROOF_LENGTH,
                )


def test_every_consistency_proof_of_small_trees_verifies() -> None:
    for new in range(1, 40):
        for old in range(1, new + 1):
            proof = make_consistency_proof(old, HASHES[:new])
            verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)


def test_proof_length_of_huge_trees_needs_no_tree() -> None:
    assert len(inclusion_ranges(0, SIZE_LIMIT - 1)) == 63
    assert len(consistency_ranges(1, SIZE_LIMIT - 1)) == 63
    assert refusal_of(verify_inclusion, 0, SIZE_LIMIT - 1, HASHES[0], [], ROOTS[1]) == Fault.PROOF_LENGTH


@given(st.data())
def test_inclusion_never_survives_a_flipped_bit(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 300))
    index = data.draw(st.integers(0, size - 1))
    proof = make_inclusion_proof(index, HASHES[:size])
    parts = [HASHES[index], ROOTS[size], *proof]
    where = data.draw(st.integers(0, len(parts) - 1))
    parts[where] = flipped(parts[where], data.draw(st.integers(0, 255)))
    assert refusal_of(verify_inclusion, index, size, parts[0], parts[2:], parts[1]) == Fault.PROOF_ROOT


@given(st.data())
def test_consistency_never_survives_a_flipped_bit(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 300))
    old = data.draw(st.integers(1, new))
    proof = make_consistency_proof(old, HASHES[:new])
    parts = [ROOTS[old], ROOTS[new], *proof]
    where = data.draw(st.integers(0, len(parts) - 1))
    parts[where] = flipped(parts[where], data.draw(st.integers(0, 255)))
    code = refusal_of(verify_consistency, old, new, parts[0], parts[1], parts[2:])
    assert code in (Fault.PROOF_ROOT, Fault.PROOF_OLD_ROOT)


@given(st.data())
def test_a_proof_of_another_length_is_refused_for_its_length(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 300))
    index = data.draw(st.integers(0, size - 1))
    proof = make_inclusion_proof(index, HASHES[:size])
    shorter = proof[:-1]
    longer = [*proof, ROOTS[size]]
    assert refusal_of(verify_inclusion, index, size, HASHES[index], shorter, ROOTS[size]) == Fault.PROOF_LENGTH
    assert refusal_of(verify_inclusion, index, size, HASHES[index], longer, ROOTS[size]) == Fault.PROOF_LENGTH


def test_inclusion_length_by_arithmetic_equals_length_of_the_path() -> None:
    for size in range(1, 70):
        for index in range(size):
            proof = [HASHES[0]] * len(inclusion_ranges(index, size))
            assert len(root_of_inclusion(index, size, HASHES[0], proof)) == 32


@pytest.mark.parametrize(
    ("index", "size", "code"),
    [
        (0, 0, Fault.INDEX_RANGE),
        (1, 1, Fault.INDEX_RANGE),
        (-1, 1, Fault.INDEX_RANGE),
        (2**64 - 1, 1, Fault.INDEX_RANGE),
        (0, SIZE_LIMIT, Fault.SIZE_RANGE),
    ],
)
def test_inclusion_refuses_impossible_places(index: int, size: int, code: Fault) -> None:
    assert refusal_of(verify_inclusion, index, size, HASHES[0], [], HASHES[0]) == code


def test_hashes_of_other_lengths_are_refused() -> None:
    assert refusal_of(verify_inclusion, 0, 1, b"leaf", [], b"leaf") == Fault.HASH_LENGTH
    assert refusal_of(verify_inclusion, 0, 2, HASHES[0], [b""], ROOTS[2]) == Fault.HASH_LENGTH
    assert refusal_of(verify_consistency, 1, 2, ROOTS[1], ROOTS[2], [b""]) == Fault.HASH_LENGTH


def test_consistency_from_an_empty_tree_proves_nothing() -> None:
    assert refusal_of(verify_consistency, 0, 3, EMPTY_ROOT, ROOTS[3], []) == Fault.PROOF_FROM_EMPTY
    assert refusal_of(make_consistency_proof, 0, HASHES[:3]) == Fault.PROOF_FROM_EMPTY


def test_consistency_refuses_a_tree_that_shrank() -> None:
    assert refusal_of(verify_consistency, 3, 2, ROOTS[3], ROOTS[2], []) == Fault.SIZE_RANGE


def test_consistency_shows_a_rewritten_leaf() -> None:
    rewritten = [*HASHES[:2], ROOTS[1], *HASHES[3:8]]
    proof = make_consistency_proof(5, rewritten)
    code = refusal_of(verify_consistency, 5, 8, ROOTS[5], root_of_hashes(rewritten), proof)
    assert code == Fault.PROOF_OLD_ROOT


def test_the_error_says_expected_and_got() -> None:
    with pytest.raises(MerkleError) as refusal:
        verify_inclusion(0, 2, HASHES[0], [HASHES[1]], ROOTS[3])
    assert str(refusal.value) == f"proof.root: expected {ROOTS[3].hex()}, got {ROOTS[2].hex()}"
