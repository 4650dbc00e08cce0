"""Entries: padding, canonical bytes, and openings that hold whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.merkle import (
    Fault,
    MerkleError,
    decoys_needed,
    digest,
    disclose,
    leaf_data,
    make_entry,
    open_entry,
    read_entry,
)

FACTS = {"act": "movements.notification.acknowledge", "seq": 41, "where.10km": "معبر ٣٨"}


def numbered(number: int, purpose: bytes = b"salt") -> bytes:
    return sha256(purpose + number.to_bytes(8, "big")).digest()[:16]


def entry_of(count: int) -> tuple[bytes, list[str]]:
    facts = [disclose(f"fact.{number}", number, numbered(number)) for number in range(count)]
    return make_entry(facts, [numbered(number, b"decoy") for number in range(decoys_needed(count))]), facts


def refused(check: Callable[[], object]) -> Fault:
    with pytest.raises(MerkleError) as refusal:
        check()
    return refusal.value.code


def test_entry_is_canonical_json_of_sorted_digests(entry: bytes, disclosures: list[str]) -> None:
    members = json.loads(entry)
    assert list(members) == ["_sd", "_sd_alg", "v"]
    assert (members["_sd_alg"], members["v"]) == ("sha-256", "tansiq/1")
    assert members["_sd"] == sorted(members["_sd"])
    assert {digest(disclosure) for disclosure in disclosures} < set(members["_sd"])
    assert json.dumps(members, separators=(",", ":"), sort_keys=True).encode("ascii") == entry


def test_leaf_data_is_the_hash_of_the_bytes(entry: bytes) -> None:
    assert leaf_data(entry) == sha256(entry).digest()


def test_facts_open_all_or_in_part(entry: bytes, disclosures: list[str]) -> None:
    assert open_entry(entry, disclosures) == FACTS
    assert open_entry(entry, disclosures[1:2]) == {"seq": 41}
    assert open_entry(entry, []) == {}


@given(st.integers(1, 64))
def test_the_number_of_facts_hides_behind_three_sizes(count: int) -> None:
    entry, facts = entry_of(count)
    size = len(read_entry(entry))
    assert size == min(allowed for allowed in (16, 32, 64) if allowed >= count)
    assert len(open_entry(entry, facts)) == count


@given(st.permutations(range(11)))
def test_order_of_submission_leaves_no_trace(order: list[int]) -> None:
    entry, facts = entry_of(11)
    decoys = [numbered(number, b"decoy") for number in range(5)]
    assert make_entry([facts[place] for place in order], decoys[::-1]) == entry


def test_entries_that_would_tell_or_mislead_are_not_made(disclosures: list[str]) -> None:
    decoys = [numbered(number, b"decoy") for number in range(13)]
    again = disclose("act", "another", numbered(9))
    same_salt = disclose("other", "x", numbered(1))
    make_entry(disclosures[:3], decoys)
    assert refused(lambda: make_entry([], decoys)) == Fault.ENTRY_NO_FACTS
    assert refused(lambda: decoys_needed(65)) == Fault.ENTRY_TOO_MANY_FACTS
    assert refused(lambda: make_entry(disclosures, decoys[:-1])) == Fault.ENTRY_DECOYS
    assert refused(lambda: make_entry(disclosures, [*decoys[:-1], bytes(15)])) == Fault.ENTRY_DECOYS
    assert refused(lambda: make_entry(disclosures, [*decoys[:-1], decoys[0]])) == Fault.ENTRY_DECOYS
    assert refused(lambda: make_entry([*disclosures, again], decoys[:-1])) == Fault.FACT_REPEATED
    assert refused(lambda: make_entry([*disclosures, same_salt], decoys[:-1])) == Fault.FACT_REPEATED
    assert refused(lambda: make_entry([*disclosures[:2], "AAAA"], decoys)) == Fault.FACT_NOT_CANONICAL


def test_facts_of_another_entry_are_refused(entry: bytes, disclosures: list[str]) -> None:
    foreign = disclose("extra", "x", numbered(9))
    assert refused(lambda: open_entry(entry, [*disclosures, foreign])) == Fault.FACT_UNMATCHED


def test_a_fact_shown_twice_is_refused(entry: bytes, disclosures: list[str]) -> None:
    assert refused(lambda: open_entry(entry, [*disclosures, disclosures[0]])) == Fault.FACT_REPEATED


def test_two_values_of_one_name_are_refused_even_if_the_entry_holds_both(entry: bytes) -> None:
    facts = [disclose("act", value, numbered(number)) for number, value in enumerate(("yes", "no"))]
    digests = sorted([digest(fact) for fact in facts] + sorted(read_entry(entry))[:14])
    forged = json.dumps({"_sd": digests, "_sd_alg": "sha-256", "v": "tansiq/1"}, separators=(",", ":")).encode()
    assert open_entry(forged, facts[:1]) == {"act": "yes"}
    assert refused(lambda: open_entry(forged, facts)) == Fault.FACT_REPEATED


@given(st.data())
def test_no_changed_byte_of_a_fact_opens(data: st.DataObject) -> None:
    entry, facts = entry_of(3)
    which = data.draw(st.integers(0, 2))
    place = data.draw(st.integers(0, len(facts[which]) - 1))
    letter = data.draw(st.characters(codec="ascii").filter(lambda found: found != facts[which][place]))
    facts[which] = facts[which][:place] + letter + facts[which][place + 1 :]
    with pytest.raises(MerkleError):
        open_entry(entry, facts)


@given(st.data())
def test_no_changed_byte_of_an_entry_keeps_its_leaf_and_facts(data: st.DataObject) -> None:
    entry, facts = entry_of(16)
    place = data.draw(st.integers(0, len(entry) - 1))
    changed = entry[:place] + bytes([entry[place] ^ data.draw(st.integers(1, 255))]) + entry[place + 1 :]
    assert leaf_data(changed) != leaf_data(entry)
    with pytest.raises(MerkleError):
        open_entry(changed, facts)


def respelt(entry: bytes, **changes: object) -> bytes:
    members = {**json.loads(entry), **changes}
    return json.dumps({name: value for name, value in members.items() if value}, separators=(",", ":")).encode()


def test_malformed_entries_are_refused(entry: bytes) -> None:
    digests = json.loads(entry)["_sd"]
    cases: list[tuple[bytes, Fault]] = [
        (b"", Fault.ENTRY_SHAPE),
        (b"[]", Fault.ENTRY_SHAPE),
        (b"\xff", Fault.ENTRY_SHAPE),
        (b"[" * 4000, Fault.ENTRY_SHAPE),
        (bytes(4097), Fault.ENTRY_SHAPE),
        (respelt(entry, v=None), Fault.ENTRY_SHAPE),
        (respelt(entry, w="x"), Fault.ENTRY_SHAPE),
        (respelt(entry, v="tansiq/2"), Fault.ENTRY_VERSION),
        (respelt(entry, _sd_alg="sha-1"), Fault.ENTRY_VERSION),
        (respelt(entry, _sd="x"), Fault.ENTRY_DIGESTS),
        (respelt(entry, _sd=digests[:15]), Fault.ENTRY_DIGESTS),
        (respelt(entry, _sd=[*digests[:15], 5]), Fault.ENTRY_DIGESTS),
        (respelt(entry, _sd=[*digests[:15], "AAAA"]), Fault.ENTRY_DIGESTS),
        (respelt(entry, _sd=digests[::-1]), Fault.ENTRY_DIGESTS),
        (respelt(entry, _sd=[digests[0], *digests[:15]]), Fault.ENTRY_DIGESTS),
        (entry + b"\n", Fault.ENTRY_NOT_CANONICAL),
        (entry.replace(b",", b", "), Fault.ENTRY_NOT_CANONICAL),
        (entry.replace(b"sha-256", b"\\u0073ha-256"), Fault.ENTRY_NOT_CANONICAL),
    ]
    for source, code in cases:
        assert refused(lambda source=source: open_entry(source, [])) == code  # type: ignore[misc]
