"""The streams of random numbers, word for word against numpy's Philox and a second one written out here."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Philox

from sim.account import stream_key
from sim.model.streams import RandomStreams

SEEDS = (0, 1, 2**63 - 1, 2**63, 2**64 - 1)
NAMES = (
    "shipments.dprk.route.0.travel",
    "production.russia.rate.by_date.2024-01-01",
    "consumption.front.variation",
    "events.größerer-brand.share",
)
MASK = 2**64 - 1


def word(seed: int, run: int, name: str, n: int) -> int:
    """Rule 4, read literally, with numpy's own generator and exact integers."""
    h = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    words = Philox(
        key=np.array([seed, h], dtype=np.uint64), counter=np.array([0, run, 0, 0], dtype=np.uint64)
    ).random_raw(n + 1)
    return int(words[n])


def uniform(w: int) -> float:
    """The formula of rule 4 in whole numbers: an odd number over 2^53 has one value only."""
    return (2 * (w >> 12) + 1) / 2**53


def philox_4x64_10(counter: tuple[int, ...], keys: tuple[int, int]) -> tuple[int, ...]:
    """One block, as printed in Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011)."""
    a, b, c, d = counter
    one, two = keys
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
        a, b, c, d = (second >> 64) ^ b ^ one, second & MASK, (first >> 64) ^ d ^ two, first & MASK
        one, two = (one + 0x9E3779B97F4A7C15) & MASK, (two + 0xBB67AE8584CAA73B) & MASK
    return a, b, c, d


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("run", [0, 1, 204, 99_999, 2**64 - 1])
def test_every_number_is_numpys_word(seed: int, run: int) -> None:
    streams = RandomStreams(seed, run)
    for name in NAMES:
        stream = streams.uniforms(name)
        for n in (0, 1, 3, 4, 7, 8, 15, 16, 17, 127, 128, 129, 300, 731, 2000):
            assert stream.u(n) == uniform(word(seed, run, name, n))
        assert streams.once(name) == uniform(word(seed, run, name, 0))


def test_where_a_plain_list_keeps_the_key_the_rule_reads_as_written() -> None:
    # numpy keeps a list of Python integers exact when they are all on one side of 2^63.
    for name in NAMES:
        h = stream_key(name)
        seed = 5 if h < 2**63 else 2**64 - 5
        words = Philox(key=[seed, h], counter=[0, 7, 0, 0]).random_raw(20)
        stream = RandomStreams(seed, 7).uniforms(name)
        assert [stream.u(n) for n in range(20)] == [uniform(int(w)) for w in words]
    assert len({stream_key(name) < 2**63 for name in NAMES}) == 2


def test_the_second_philox_gives_the_published_block() -> None:
    # Known answer of the authors' Random123 library for a counter and a key of zeros.
    assert philox_4x64_10((0, 0, 0, 0), (0, 0)) == (
        0x16554D9ECA36314C,
        0xDB20FE9D672D0FDC,
        0xD7E772CEE186176B,
        0x7E68B68AEC7BA23B,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_occurrence_n_lies_in_block_n_over_4_plus_1(seed: int) -> None:
    for name in NAMES:
        stream = RandomStreams(seed, 12).uniforms(name)
        for n in (0, 5, 18, 400):
            block = philox_4x64_10((n // 4 + 1, 12, 0, 0), (seed, stream_key(name)))
            assert stream.u(n) == uniform(block[n % 4])


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 900), st.booleans()), max_size=25))
@settings(deadline=None, max_examples=60)
def test_the_order_of_asking_does_not_matter(asked: list[tuple[str, int, bool]]) -> None:
    streams = RandomStreams(3, 4)
    straight = {name: RandomStreams(3, 4).uniforms(name) for name in NAMES}
    for stream in straight.values():
        stream.reserve(901)
    for name, n, reserved in asked:
        if reserved:
            streams.uniforms(name).reserve(n)
        assert streams.uniforms(name).u(n) == straight[name].u(n)
        assert streams.once(name) == straight[name].u(0)


@pytest.mark.parametrize("reserved", [0, 1, 4, 17, 731])
def test_reserving_changes_no_number(reserved: int) -> None:
    stream = RandomStreams(1, 2).uniforms("a")
    stream.u(2)
    stream.reserve(reserved)
    stream.reserve(0)
    assert [stream.u(n) for n in range(740)] == [uniform(word(1, 2, "a", n)) for n in range(740)]


def test_seed_run_and_name_each_make_another_stream() -> None:
    def first(seed: int, run: int, name: str) -> tuple[float, ...]:
        stream = RandomStreams(seed, run).uniforms(name)
        return tuple(stream.u(n) for n in range(8))

    drawn = [first(1, 1, "a"), first(2, 1, "a"), first(1, 2, "a"), first(1, 1, "b"), first(2**64 - 1, 1, "a")]
    assert len({number for numbers in drawn for number in numbers}) == 8 * len(drawn)


def test_one_name_is_one_stream() -> None:
    streams = RandomStreams(1, 1)
    assert streams.uniforms("a") is streams.uniforms("a")


@given(st.integers(0, MASK), st.integers(0, 10**6), st.text(max_size=20), st.integers(0, 60))
@settings(deadline=None)
def test_a_uniform_lies_strictly_between_0_and_1(seed: int, run: int, name: str, n: int) -> None:
    u = RandomStreams(seed, run).uniforms(name).u(n)
    assert 0.0 < u < 1.0
    assert u == uniform(word(seed, run, name, n))


class Words:
    """Fake of a run's random words, with words that a test chooses."""

    def __init__(self, *chosen: int) -> None:
        self.chosen = chosen

    def block(self, stream: int, begin: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        return np.array(
            [self.chosen[n % len(self.chosen)] for n in range(begin, begin + count)], dtype=np.uint64
        )

    def first(self, stream: int) -> int:
        return self.chosen[0]


def test_the_outermost_words_stay_inside() -> None:
    streams = RandomStreams(0, 0)
    streams._words = Words(0, MASK, 2**63, 2**12)  # type: ignore[assignment]
    stream = streams.uniforms("a")
    # By hand: half a step above 0, half a step below 1, half a step above a half, and a step and a half.
    assert [stream.u(n) for n in range(4)] == [2.0**-53, 1 - 2.0**-53, 0.5 + 2.0**-53, 3 * 2.0**-53]
    assert streams.once("a") == 2.0**-53


def test_uniforms_fill_the_interval_evenly() -> None:
    stream = RandomStreams(7, 0).uniforms("even")
    counts = np.bincount([int(stream.u(n) * 10) for n in range(20_000)], minlength=10)
    # Ten cells of 2000 with a standard deviation of 42; the seed is fixed.
    assert len(counts) == 10
    assert np.abs(counts - 2000).max() < 5 * 42


def test_the_key_is_blake2b_of_the_name_read_from_its_little_end() -> None:
    # What `printf NAME | b2sum --length=64` prints, its bytes turned round.
    assert stream_key("a") == 0x2F42665B399EF840
    assert stream_key("") == 0xB4B2797457A0A6E4
    assert stream_key("shipments.dprk.route.0.travel") == 0xE391995EA26D3A4B


def test_a_seed_of_more_than_64_bits_is_refused() -> None:
    for seed in (-1, 2**64):
        with pytest.raises(OverflowError):
            RandomStreams(seed, 0)
