"""Conflict of claims: the p-values of a normal model worked out by hand, by weights and by repetition."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from sim.auditing import Bound, Match
from sim.auditing.claim_runs import ClaimRuns
from sim.auditing.conflicts import Conflict, Repeat, find_conflicts
from sim.auditing.moment_matching import MAX_SHAPE, Observe
from sim.auditing.posterior import Posterior, infer
from tests.support.balance_scenario import balance_scenario
from tests.test_posterior import CLAIMED, DESIGN, PRIOR_MEAN, claim, family

SCENARIO = balance_scenario()


def conflicts(
    claims: Sequence[Match], repeat: Repeat, observe: Observe | None = None
) -> tuple[Conflict, ...]:
    """Return the conflicts of an inference from some claims; by default moved samples are simulated."""
    posterior = infer(SCENARIO, claims, walkers=128, steps=30)
    return find_conflicts(
        posterior, observe or ClaimRuns(SCENARIO, claims, seed=posterior.seed).observed, repeat
    )


def never(rest: Sequence[Match], one: Match) -> Posterior:
    raise AssertionError(f"{one.estimate.id} needs no repetition")


def expected(claims: Sequence[Match], left_out: int) -> tuple[float, float]:
    """Return the mean and the spread of the logarithm of a figure, given all claims but one."""
    numbers = [int(each.estimate.id[1:]) for each in claims]
    kept = [number for at, number in enumerate(numbers) if at != left_out]
    figures = np.array([each.middle for at, each in enumerate(claims) if at != left_out])
    spreads = np.array([each.spread for at, each in enumerate(claims) if at != left_out])
    prior, mean = np.diag(1.0 / (0.1 * PRIOR_MEAN) ** 2), PRIOR_MEAN
    for _ in range(50):
        value = DESIGN[kept] @ mean
        slope = DESIGN[kept] / value[:, np.newaxis]
        precision = prior + slope.T @ np.diag(spreads**-2.0) @ slope
        right = np.log(figures) - np.log(value) + slope @ mean
        mean = np.linalg.solve(precision, prior @ PRIOR_MEAN + slope.T @ (right / spreads**2))
    row = DESIGN[numbers[left_out]]
    value = float(row @ mean)
    variance = float(row @ np.linalg.inv(precision) @ row) / value**2
    return math.log(value), math.sqrt(variance + claims[left_out].spread ** 2)


def check(found: Sequence[Conflict], claims: Sequence[Match]) -> None:
    for at, one in enumerate(found):
        centre, spread = expected(claims, at)
        out = (math.log(claims[at].middle) - centre) / spread
        assert norm.isf(one.p_value / 2) == pytest.approx(abs(out), abs=0.25)
        assert math.log(one.implied[1]) == pytest.approx(centre, abs=0.25 * spread)
        assert math.log(one.implied[2] / one.implied[0]) == pytest.approx(2 * 1.645 * spread, rel=0.15)


def wide_claims() -> list[Match]:
    # Of a spread so wide that no tail of weights comes near the bound: at 0.15 that of c1 is 0.67.
    return [claim(at, figure, 0.2) for at, figure in enumerate(CLAIMED.tolist())]


def test_claims_that_fit_have_the_p_values_of_least_squares_without_a_repetition() -> None:
    claims = wide_claims()
    found = conflicts(claims, never)
    check(found, claims)
    assert min(one.adjusted for one in found) > 0.1
    assert all(one.adjusted >= one.p_value for one in found)
    assert not any(one.is_repeated for one in found)


def test_samples_that_a_claim_pulls_away_are_moved_to_where_the_others_leave_them() -> None:
    claims = wide_claims()
    # A closing stock half as large again as opening stock, output, arrivals and fire allow.
    claims[1] = claim(1, 130e3, 0.1)
    moved: list[int] = []
    observed = ClaimRuns(SCENARIO, claims, seed=1).observed

    def observe(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        moved.append(len(coordinates))
        return observed(coordinates)

    found = conflicts(claims, never, observe)
    worst = min(found, key=lambda one: one.p_value)
    assert worst.match.estimate.id == "c1"
    assert worst.shape <= MAX_SHAPE
    assert moved
    # The same figures by an inference that never saw the claim.
    rest = infer(SCENARIO, [claims[0], *claims[2:]], watched=[claims[1]], walkers=128, steps=60)
    error = 0.1 * np.random.default_rng(1).standard_normal(len(rest.observed))
    figures = np.quantile(np.log(rest.observed[:, -1]) + error, (0.05, 0.5, 0.95))
    assert np.log(worst.implied) == pytest.approx(figures, abs=0.1)


def test_a_gross_error_is_the_most_surprising_claim_and_its_inference_is_repeated() -> None:
    claims, repeated = wide_claims(), []
    # Three times as large, and close: no move brings the samples so far.
    claims[1] = claim(1, 240e3, 0.04)

    def again(rest: Sequence[Match], one: Match) -> Posterior:
        repeated.append(one.estimate.id)
        return infer(SCENARIO, rest, watched=[one], walkers=128, steps=30)

    found = conflicts(claims, again)
    worst = min(found, key=lambda one: one.p_value)
    assert worst.match.estimate.id == "c1"
    assert worst.adjusted < 0.01
    assert worst.shape > MAX_SHAPE
    assert "c1" in repeated
    assert [one.match.estimate.id for one in found if one.is_repeated] == repeated
    centre, spread = expected(claims, 1)
    assert math.log(worst.implied[1]) == pytest.approx(centre, abs=0.25 * spread)


def test_a_bound_conflicts_on_its_side_alone() -> None:
    for bound, least, most in ((Bound.AT_MOST, 0.9, 1.0), (Bound.AT_LEAST, 0.0, 0.1)):
        # Half as much again as the account makes.
        claims = [claim(2, 60e3, 0.15), claim(2, 90e3, 0.2, bound)]
        found = conflicts(claims, never)[-1]
        assert least <= found.p_value <= most


def test_a_family_of_one_claim_may_count_anything_that_its_prior_allows() -> None:
    theirs = family(1.0, 0.5)
    claims = [claim(4, 110e3, 0.15), claim(4, 220e3, 0.03, family=theirs)]
    found = conflicts(claims, never)[-1]
    centre, spread = expected([claims[0], claim(4, 220e3, 0.03)], 1)
    out = (math.log(220e3) - centre) / math.hypot(spread, 0.5)
    assert found.p_value == pytest.approx(2 * norm.sf(out), abs=0.05)


def test_a_number_that_most_runs_share_has_a_p_value() -> None:
    # Fire of 100 in most runs, which every run can sustain, and 101 to 140 in some: weights are equal.
    claims = [claim(4, 130.0, 0.2), claim(4, 100.0, 0.2)]
    observed = np.full((2_000, 2), 100.0)
    observed[:400] += np.linspace(1.0, 40.0, 400)[:, np.newaxis]
    none = np.empty((len(observed), 0))
    posterior = Posterior(
        tuple(claims), 1, (), (), none, none, np.zeros(len(observed), dtype=np.int64), none, observed, ()
    )
    found = find_conflicts(posterior, lambda _: observed, never)
    assert all(math.isfinite(value) for one in found for value in (one.p_value, *one.implied))
    # The weights of the first claim leave the runs of 100 nearly as they are: 130 is 1.3 spreads above.
    assert found[0].p_value == pytest.approx(2 * norm.sf(math.log(1.3) / 0.2), abs=0.1)
