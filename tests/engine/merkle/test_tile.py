"""Tile names, widths and entry bundles against the specification's examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.merkle import (
    ENTRIES,
    Fault,
    MerkleError,
    Tile,
    TileName,
    decode_bundle,
    encode_bundle,
    parse_tile_path,
    split_hashes,
    tile_width,
    tiles_of_size,
)


def test_paths_follow_the_specification() -> None:
    # C2SP tlog-tiles: index 1234067 is x001/x234/067.
    assert str(TileName(0, 1234067)) == "tile/0/x001/x234/067"
    assert str(TileName(2, 0, 17)) == "tile/2/000.p/17"
    assert str(TileName(ENTRIES, 999, 1)) == "tile/entries/999.p/1"
    assert str(TileName(63, 1000)) == "tile/63/x001/000"
    assert Tile(1, 5, bytes(64)).path == "tile/1/005.p/2"


def test_tree_of_the_specification_has_its_tiles() -> None:
    # C2SP tlog-tiles: 70,000 leaves are 273 full and one tile of 112, one full and one of 17, one of 1.
    names = list(tiles_of_size(70_000))
    widths = {level: [name.width for name in names if name.level == level] for level in range(3)}
    assert widths == {0: [256] * 273 + [112], 1: [256, 17], 2: [1]}
    assert [str(name) for name in tiles_of_size(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of_size(0)) == []


@given(st.integers(0, 70_000), st.integers(0, 3000))
def test_new_tiles_are_those_that_the_former_tree_lacks(since: int, more: int) -> None:
    former = {(name.level, name.index): name.width for name in tiles_of_size(since)}
    lacking = [name for name in tiles_of_size(since + more) if former.get((name.level, name.index), 0) < name.width]
    assert list(tiles_of_size(since + more, since)) == lacking


@given(st.integers(-1, 63), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_every_name_reads_back(level: int, index: int, width: int) -> None:
    name = TileName(level, index, width)
    assert parse_tile_path(str(name)) == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/67",
        "tile/0/0067",
        "tile/00/067",
        "tile/64/067",
        "tile/-1/067",
        "tile/0/x000/067",
        "tile/0/001/067",
        "tile/0/x001/x067",
        "tile/0/067.p/0",
        "tile/0/067.p/256",
        "tile/0/067.p/017",
        "tile/0/067.p/17/",
        "tile/0/067/../../secret",
        "/tile/0/067",
        "tile/entries/x067",
        "tile/0/٠٦٧",
        "tile/0/067\n",
        "tile/0/" + "x999/" * 40 + "999",
    ],
)
def test_other_spellings_of_paths_are_refused(path: str) -> None:
    with pytest.raises(MerkleError) as refusal:
        parse_tile_path(path)
    assert refusal.value.code == Fault.TILE_PATH


def test_width_counts_the_hashes_of_a_level() -> None:
    assert [tile_width(0, index, 70_000) for index in (0, 272, 273, 274)] == [256, 256, 112, 0]
    assert [tile_width(1, index, 70_000) for index in (0, 1, 2)] == [256, 17, 0]
    assert tile_width(ENTRIES, 273, 70_000) == 112


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundles_read_back(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == entries


def test_bundle_spells_a_big_endian_length() -> None:
    assert encode_bundle([b"", b"a", b"b" * 258]).hex() == "0000" + "000161" + "0102" + "62" * 258


@pytest.mark.parametrize(
    ("bundle", "code"),
    [
        (b"", Fault.BUNDLE_LENGTH),
        (b"\x00", Fault.BUNDLE_ENTRY),
        (b"\x00\x02a", Fault.BUNDLE_ENTRY),
        (b"\x00\x01ab", Fault.BUNDLE_ENTRY),
        (b"\x00\x00" * 257, Fault.BUNDLE_LENGTH),
    ],
)
def test_broken_bundles_are_refused(bundle: bytes, code: Fault) -> None:
    with pytest.raises(MerkleError) as refusal:
        decode_bundle(bundle)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("entries", "code"),
    [([], Fault.BUNDLE_LENGTH), ([b""] * 257, Fault.BUNDLE_LENGTH), ([bytes(65_536)], Fault.BUNDLE_ENTRY)],
)
def test_bundles_that_no_reader_accepts_are_not_written(entries: list[bytes], code: Fault) -> None:
    with pytest.raises(MerkleError) as refusal:
        encode_bundle(entries)
    assert refusal.value.code == code


def test_tile_bytes_split_into_hashes() -> None:
    assert split_hashes(b"a" * 32 + b"b" * 32) == [b"a" * 32, b"b" * 32]
    with pytest.raises(MerkleError) as refusal:
        split_hashes(bytes(33))
    assert refusal.value.code == Fault.TILE_LENGTH
