"""The compiled draws: words against numpy's Philox, and every law bit for bit against the scalar one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Philox
from numpy.typing import NDArray

from sim.ensemble import scenario_tables as to
from sim.ensemble.inverse_cdf import SCRATCH_ROWS, apply_inverse
from sim.ensemble.inverse_cdf import draw_quantities as drawn_of
from sim.ensemble.native.kernels import kernel
from sim.ensemble.philox import uniforms
from sim.ensemble.scenario_tables import LawTables
from sim.scenario import laws as law_codes
from sim.scenario.laws import (
    Choice,
    Exponential,
    Law,
    Lognormal,
    Normal,
    Triangular,
    Uniform,
    lognormal_of_mean_cv,
    lognormal_of_median_p95,
)

Floats = NDArray[np.float64]
WORDS = (0, 1, 2**31, 2**63 - 1, 2**63, 2**64 - 1)
STREAM = 0xD2E7470EE14C6C93


@kernel
def fill(seed: np.uint64, stream: np.uint64, run: np.uint64, step: int, u: Floats) -> None:
    """Draw uniforms as the engine does; only compiled code can."""
    uniforms(seed, stream, run, step, u)


@kernel
def invert(laws: LawTables, q: int, x: Floats, spare: Floats) -> None:
    """Put uniforms through the inverse of quantity `q`."""
    apply_inverse(laws, q, x, spare)


def inverted(laws: LawTables, q: int, u: Floats) -> Floats:
    x = u.copy()
    invert(laws, q, x, np.empty((SCRATCH_ROWS, len(u))))
    return x


def occurred(laws: LawTables, seed: int, run: int, count: int) -> Floats:
    """Draw the first occurrences of the one quantity, among those of another run."""
    rows, runs = np.array([0], dtype=np.int64), np.array([run ^ 1, run], dtype=np.uint64)
    first: Floats = drawn_of(laws, rows, np.uint64(seed), runs, count)[0, 1, :count]
    return first


def numpys(seed: int, stream: int, run: int, count: int) -> Floats:
    """Rule 4, read literally."""
    key, counter = np.array([seed, stream], dtype=np.uint64), np.array([0, run, 0, 0], dtype=np.uint64)
    words: Sequence[int] = Philox(key=key, counter=counter).random_raw(count).tolist()
    return np.array([((word >> 12) + 0.5) / 2.0**52 for word in words])


def drawn(seed: int, stream: int, run: int, step: int, count: int) -> Floats:
    u = np.empty(count)
    fill(np.uint64(seed), np.uint64(stream), np.uint64(run), step, u)
    return u


@pytest.mark.parametrize("seed", WORDS)
@pytest.mark.parametrize("run", WORDS)
def test_every_uniform_is_numpys_word(seed: int, run: int) -> None:
    for stream in (*WORDS, STREAM):
        assert np.array_equal(drawn(seed, stream, run, 0, 40), numpys(seed, stream, run, 40))


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(*[st.integers(0, 2**64 - 1)] * 3, st.integers(0, 200), st.integers(0, 20))
def test_words_are_the_same_from_wherever_they_are_asked_for(
    seed: int, stream: int, run: int, step: int, blocks: int
) -> None:
    whole = numpys(seed, stream, run, 4 * (step + blocks))
    assert np.array_equal(drawn(seed, stream, run, step, 4 * blocks), whole[4 * step :])


def row_of(law: Law) -> tuple[tuple[float, ...], Choice | None]:
    """Return a law as `lowered.QUANTITY` keeps it, written out once more."""
    if isinstance(law, Choice):
        return (law_codes.CHOICE, 0, len(law.values), *[0.0] * 8, STREAM), law
    parameters: tuple[float, ...]
    match law:
        case Uniform():
            code, parameters = law_codes.UNIFORM, (law.low, law.high)
        case Triangular():
            code, parameters = law_codes.TRIANGULAR, (law.low, law.mode, law.high)
        case Normal():
            shares = law.share_low, law.share_high, law.side
            code, parameters = law_codes.NORMAL, (law.mean, law.sd, law.floor, law.ceiling, *shares)
        case Lognormal():
            code, parameters = law_codes.LOGNORMAL, (law.centre, law.sigma, law.ceiling, law.share_high)
        case Exponential():
            code, parameters = law_codes.EXPONENTIAL, (law.mean, law.ceiling, law.share_high)
    return (code, 0, 0, *parameters, *[0.0] * (8 - len(parameters)), STREAM), None


def laws_of(law: Law) -> LawTables:
    row, choice = row_of(law)
    values = choice.values if choice else ()
    weights = choice.cumulated if choice else ()
    rows: Any = [row]
    return LawTables(np.array(rows, dtype=to.QUANTITY), np.array(values, float), np.array(weights, float))


HALF = 0.5 + 2.0**-53
#: Ends and middle of what rule 4 can draw, and where AS241 goes from one formula to the next.
CORNERS = np.array(
    [
        *(2.0**-53, 3 * 2.0**-53, 1e-12, math.exp(-25.0), 0.0749, 0.07499999999999996, 0.075, 0.0750001),
        *(0.5 - 2.0**-53, HALF, 0.9249, 0.925, 0.9250001, 1.0 - 1e-12, 1.0 - 2.0**-52, 1.0 - 2.0**-53),
    ]
)
MANY = numpys(7, STREAM, 3, 400)
LAWS: tuple[Law, ...] = (
    Uniform(0.0, 1.0),
    Uniform(3.5, 3.5),
    Uniform(-2e9, 1e15),
    Triangular(0.0, 0.3, 1.0),
    Triangular(2.0, 2.0, 9.0),
    Triangular(2.0, 9.0, 9.0),
    Triangular(4.0, 4.0, 4.0),
    Triangular(1e-300, 1e10, 1e300),
    Normal(10.0, 3.0),
    Normal(0.5, 0.2, 0.0, 1.0),
    Normal(5.0, 0.0),
    Normal(-5.0, 1.0),
    Normal(-37.0, 1.0),
    Normal(-50.0, 1.0),
    Normal(2.0, 0.01, 0.0, 1.0),
    Normal(40.0, 1.0, 0.0, 1.0),
    Normal(-3.0, 0.0),
    Normal(1e12, 1e13),
    Normal(0.0, 5.0, -math.inf, math.inf),
    Normal(1.0, 1e-9, 1.0 - 1e-8, 1.0 + 1e-8),
    lognormal_of_mean_cv(12.0, 0.5),
    lognormal_of_mean_cv(1.0, 40.0),
    lognormal_of_mean_cv(7.0, 0.0),
    lognormal_of_mean_cv(0.5, 0.7, 1.0),
    lognormal_of_mean_cv(50.0, 0.1, 1.0),
    lognormal_of_median_p95(3.0, 20.0),
    Lognormal(0.0, 1.0),
    Lognormal(1e300, 90.0),
    Lognormal(1e-5, 200.0, 1.0),
    Exponential(30.0),
    Exponential(0.4, 1.0),
    Exponential(1e9, 1.0),
    Exponential(0.0),
    Exponential(1e-9, 1.0),
    Choice((3.0,), (1.0,)),
    Choice((5.0, 1.0, 9.0), (1.0, 1.0, 1.0)),
    Choice((5.0, 1.0, 9.0), (0.0, 2.5, 0.0)),
    Choice((1.0, 2.0, 3.0, 4.0), (1e-12, 0.5, 1e9, 0.1)),
)


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_every_law_is_the_scalar_law_to_the_last_bit(law: Law) -> None:
    u = np.concatenate([CORNERS, MANY])
    expected = np.array([law.inverse(float(one)) for one in u])
    assert inverted(laws_of(law), 0, u).tobytes() == expected.tobytes()
    assert not np.isnan(expected).any()


POSITIVE = st.floats(1e-6, 1e9)
BOUND = st.one_of(st.just(math.inf), st.floats(0.01, 1e6))
DRAWN_LAWS: st.SearchStrategy[Law] = st.one_of(
    st.builds(lambda a, b: Uniform(min(a, b), max(a, b)), POSITIVE, POSITIVE),
    st.builds(lambda *abc: Triangular(*sorted(abc)), POSITIVE, POSITIVE, POSITIVE),
    st.builds(lambda mean, sd, top: Normal(mean, sd, 0.0, top), st.floats(-1e3, 1e6), POSITIVE, BOUND),
    st.builds(lognormal_of_mean_cv, POSITIVE, st.floats(0.0, 100.0), BOUND),
    st.builds(
        lambda a, b, top: lognormal_of_median_p95(min(a, b), max(a, b), top), POSITIVE, POSITIVE, BOUND
    ),
    st.builds(Exponential, POSITIVE, BOUND),
    st.builds(
        lambda parts: Choice(tuple(value for value, _ in parts), tuple(weight for _, weight in parts)),
        st.lists(st.tuples(POSITIVE, st.floats(0.01, 10.0)), min_size=1, max_size=6),
    ),
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(DRAWN_LAWS)
def test_any_law_is_the_scalar_law_to_the_last_bit(law: Law) -> None:
    u = np.concatenate([CORNERS, MANY[:60]])
    expected = np.array([law.inverse(float(one)) for one in u])
    assert inverted(laws_of(law), 0, u).tobytes() == expected.tobytes()


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(DRAWN_LAWS, *[st.integers(0, 2**64 - 1)] * 2, st.integers(1, 70))
def test_occurrences_are_the_stream_however_many_are_asked_for(
    law: Law, seed: int, run: int, count: int
) -> None:
    expected = np.array([law.inverse(float(one)) for one in numpys(seed, STREAM, run, count)])
    assert occurred(laws_of(law), seed, run, count).tobytes() == expected.tobytes()


def test_a_fixed_number_draws_nothing() -> None:
    row: Any = [(law_codes.FIXED, 0, 0, 2.25, *[0.0] * 7, STREAM)]
    fixed = LawTables(np.array(row, dtype=to.QUANTITY), np.empty(0), np.empty(0))
    assert occurred(fixed, 1, 2, 12).tolist() == [2.25] * 12
