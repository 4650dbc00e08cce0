"""Samples are drawn again from their seed; sizes and intervals are those of the sources."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.sampling import CONFIDENCES, draw, sample_size, share_of


def test_draw_is_that_of_sorting_the_hashes():
    ranked = sorted(range(1, 11), key=lambda n: hashlib.sha256(f"a seed:{n}".encode()).hexdigest())
    assert draw("a seed", 10, 4) == ranked[:4]


@given(st.text(max_size=20), st.integers(1, 300), st.data())
def test_draw_gives_so_many_different_numbers_of_the_population_and_the_same_again(seed, population, data):
    size = data.draw(st.integers(0, population))
    drawn = draw(seed, population, size)
    assert len(set(drawn)) == len(drawn) == size
    assert set(drawn) <= set(range(1, population + 1))
    assert draw(seed, population, size) == drawn
    assert draw(seed, population, population)[:size] == drawn


def test_every_number_is_drawn_about_as_often():
    counted = Counter(number for seed in range(2000) for number in draw(str(seed), 10, 3))
    assert set(counted) == set(range(1, 11))
    assert all(abs(times - 600) < 100 for times in counted.values())  # five standard deviations


@pytest.mark.parametrize(("population", "size"), [(0, 0), (5, 6), (5, -1), (1_000_001, 1)])
def test_draw_refuses_what_cannot_be_drawn(population, size):
    with pytest.raises(ValueError, match="cannot draw"):
        draw("seed", population, size)


@pytest.mark.parametrize(
    ("population", "margin", "size"), [(10**9, 0.05, 385), (1000, 0.05, 278), (1000, 0.10, 88), (50, 0.10, 34), (1, 0.1, 1)]
)  # fmt: skip
def test_size_is_that_of_cochran(population, margin, size):
    """385 and 278 are the figures that every table of his formula has for 5 % at 95 %."""
    assert sample_size(population, margin) == size


@pytest.mark.parametrize(
    ("found", "asked", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_interval_is_that_of_newcombes_table(found, asked, low, high):
    """Newcombe (1998), table I, method 3, for an endless population."""
    share = share_of(found, asked, 10**12)
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


@given(st.integers(1, 500), st.data())
def test_interval_holds_the_share_and_shrinks_with_the_rest_of_the_population(population, data):
    asked = data.draw(st.integers(1, population))
    found = data.draw(st.integers(0, asked))
    small, large = share_of(found, asked, population), share_of(found, asked, population * 10)
    assert 0 <= small.low <= small.share <= small.high <= 1
    assert small.high - small.low <= large.high - large.low + 1e-12
    wider = share_of(found, asked, population, "0.99")
    assert wider.high - wider.low >= small.high - small.low - 1e-12


def test_interval_is_narrower_than_the_usual_one_pretends_at_the_ends():
    """The baseline: share ± z √(pq/n) says that none of twenty means none at all; Wilson does not."""
    z = CONFIDENCES["0.95"]
    usual = z * (0.0 * 1.0 / 20) ** 0.5
    assert usual == 0
    assert share_of(0, 20, 10**6).high > 0.15


def test_whole_population_has_no_margin():
    assert share_of(3, 4, 4).margin == 0


@pytest.mark.parametrize("numbers", [(5, 4, 10), (-1, 4, 10), (1, 0, 10), (1, 11, 10)])
def test_shares_that_cannot_be_are_refused(numbers):
    with pytest.raises(ValueError, match=" of "):
        share_of(*numbers)
