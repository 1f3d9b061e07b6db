"""The difference of two ensembles, run by run: means, intervals and bounds by hand."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import numpy as np
import pytest

from sim.account import Axes, Kind, Pair
from sim.results.aggregation import aggregate
from sim.results.block import Block
from sim.results.ensemble_results import Ensemble
from sim.study.ensemble_outcomes import DAYS, Outcome, is_same, outcomes
from sim.study.paired_difference import Difference, mean_interval, paired_differences
from tests.support.block_strategies import counters

NEVER = math.inf


def block(
    fired: Sequence[float], closing: Sequence[float], exhausted: Sequence[float], days: int = 4
) -> Ensemble:
    """Return runs of one depot in which everything is fired on day 0; nothing else happens."""
    runs = len(fired)
    shots = np.zeros((runs, 1, days))
    shots[:, 0, 0] = fired
    level = np.repeat(np.array(closing, dtype=float)[:, None, None], days, axis=2)
    gone = np.array(exhausted, dtype=float)[:, None]
    made = Block(
        axes=Axes(dt.date(2024, 1, 1), days, (Pair("depot", "shells"),), ("initial",), (True,), (7.5,)),
        runs=tuple(range(runs)),
        level=level,
        planned=np.full_like(level, 10.0),
        flows={Kind.FIRED: shots},
        months={},
        counters=counters(
            (7.5,),
            below=np.full((runs, 1, 1), NEVER),
            exhausted=gone,
            rationed=np.full((runs, 1), NEVER),
            fire=np.array(fired, dtype=float)[:, None] / days,
        ),
        met=np.ones((runs, 1)),
        drawn={},
        balance=np.zeros(runs),
        voyages=(),
    )
    return aggregate([made], runs)


def found(first: Ensemble, other: Ensemble, *, certain: bool = False) -> dict[str, Difference]:
    days = first.axes.days
    each = paired_differences("other", outcomes(first), outcomes(other), days=days, certain=certain)
    return {difference.outcome: difference for difference in each}


def days_apart(first: Sequence[float], other: Sequence[float], days: int) -> Difference:
    one, two = (Outcome(DAYS, np.array(values, dtype=float)) for values in (first, other))
    (only,) = paired_differences("other", {"exhausted": one}, {"exhausted": two}, days=days)
    return only


def test_a_difference_of_shells_is_the_mean_over_pairs_with_students_interval() -> None:
    # Differences 3, 2, 1: mean 2, standard deviation 1; t(0.95; 2) = 2.920 in any table, over the root of 3.
    pair = found(block([10, 20, 30], [0] * 3, [1] * 3), block([13, 22, 31], [0] * 3, [1] * 3))
    fired = pair["fired"]
    assert (fired.difference, fired.pairs, fired.censored, fired.bound) == (2.0, 3, 0, None)
    assert fired.low == pytest.approx(2 - 2.919986 / math.sqrt(3), abs=1e-6)
    assert fired.high == pytest.approx(2 + 2.919986 / math.sqrt(3), abs=1e-6)
    # The four days hold the 90 of sustained fire: a quarter of the shells a day.
    assert pair["sustained_fire"].difference == 0.5
    assert pair["sustained_fire"].unit == "shells a day"


@pytest.mark.parametrize(("runs", "t"), [(2, 6.3138), (6, 2.0150), (31, 1.6973)])
def test_the_interval_has_the_t_of_the_tables(runs: int, t: float) -> None:
    values = np.array([float(n % 2) for n in range(runs)])
    mean, low, high = mean_interval(values)
    assert low is not None
    assert high is not None
    half = t * float(np.std(values, ddof=1)) / math.sqrt(runs)
    assert (low, high) == pytest.approx((mean - half, mean + half), abs=1e-4)


def test_equal_differences_have_an_interval_of_no_width() -> None:
    # A third is no binary number: the mean of many of them must still be just that.
    assert mean_interval(np.full(1000, 1 / 3)) == (1 / 3, 1 / 3, 1 / 3)


def test_one_pair_has_no_interval_but_where_nothing_is_drawn() -> None:
    one, other = block([10], [5], [1]), block([14], [5], [3])
    assert found(one, other)["fired"][3:6] == (4.0, None, None)
    assert found(one, other, certain=True)["fired"][3:6] == (4.0, 4.0, 4.0)


@pytest.mark.parametrize(
    ("first", "other", "difference", "censored", "both", "bound"),
    [
        ([1, 2], [3, 3], 1.5, 0, 0, None),
        # Day 4 is the end of four days: 4 - 1 and 3 - 2.
        ([1, 2], [NEVER, 3], 2.0, 1, 0, "lower"),
        ([NEVER, 3], [1, 2], -2.0, 1, 0, "upper"),
        ([2, NEVER, NEVER], [NEVER, 3, NEVER], 1 / 3, 3, 1, "open"),
        ([2, NEVER], [NEVER, 3], 0.5, 2, 0, "open"),
        ([1, NEVER], [2, NEVER], 0.5, 1, 1, "open"),
        ([NEVER, NEVER], [NEVER, NEVER], 0.0, 2, 2, "open"),
    ],
)
def test_a_censored_date_counts_as_the_end_and_is_counted(
    first: list[float], other: list[float], difference: float, censored: int, both: int, bound: str | None
) -> None:
    pair = days_apart(first, other, 4)
    assert pair.difference == pytest.approx(difference)
    assert (pair.censored, pair.censored_both, pair.bound) == (censored, both, bound)
    assert pair.never == (both == len(first))


def test_a_difference_without_dates_has_no_censored_pair() -> None:
    shells = Difference("other", "fired", "shells", 5.0, 4.0, 6.0, pairs=1)
    assert (shells.censored, shells.censored_both, shells.bound, shells.limit) == (0, 0, None, "")
    # One pair, as censored as there are pairs, would be a date that neither run reaches.
    assert shells.clear
    assert not shells.never


def test_a_bound_is_told_from_the_side_of_the_reader() -> None:
    assert days_apart([1, 2], [NEVER, 3], 4).limit == "at least"
    assert days_apart([NEVER, 3], [1, 2], 4).limit == "at least"
    # 10 - 99 and 100 - 98: at most 43.5 days less, for the second date is beyond the end.
    mixed = days_apart([99, 98], [10, NEVER], 100)
    assert (mixed.difference, mixed.bound, mixed.limit) == (-43.5, "lower", "at most")


def test_outcomes_are_days_and_shells_by_name() -> None:
    names = outcomes(block([1], [2], [3]))
    assert list(names) == [
        *("exhausted", "rationed_from", "below_7.5", "closing_stock", "sustained_fire"),
        *("fired", "unmet", "landed", "produced", "lost"),
    ]
    assert names["closing_stock"].values.tolist() == [2.0]


def test_two_results_are_the_same_but_for_rounding() -> None:
    base = outcomes(block([1e6, 2e6], [0, 0], [1, NEVER]))
    assert is_same(base, outcomes(block([1e6 + 1e-4, 2e6], [0, 0], [1, NEVER])))
    assert not is_same(base, outcomes(block([1e6 + 1e-2, 2e6], [0, 0], [1, NEVER])))
    assert not is_same(base, outcomes(block([1e6, 2e6], [0, 0], [1, 3])))
