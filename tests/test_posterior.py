"""Inference from claims: closed forms, the same numbers for the same seed, and refusals."""

from __future__ import annotations

import datetime as dt
import math
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from sim.account import Kind
from sim.auditing import Bound, Family, Match
from sim.auditing.claim_likelihood import ClaimLikelihood
from sim.auditing.input_priors import InputPriors, inverse
from sim.auditing.judgements import Counted
from sim.auditing.posterior import Posterior, infer
from sim.auditing.posterior_scenario import posterior_scenario
from sim.errors import ArgumentError, RunError
from sim.observables import Flow, Level, Measure, Selection, Window
from sim.scenario.laws import Choice, Exponential, Lognormal, Normal, Triangular, Uniform
from sim.scenario.loader import load_plain
from tests.support.balance_scenario import DAYS, balance_scenario
from tests.support.evidence_rows import estimate

WINDOW = Window(dt.date(2024, 1, 1), dt.date(2024, 1, DAYS))
ALLY, ALL = Selection(origins=("ally",)), Selection()


def amount(*kinds: Kind, where: Selection = ALL) -> Flow:
    return Flow(kinds=kinds, window=WINDOW, measure=Measure.AMOUNT, where=where)


#: Two stocks and three flows.
NUMBERS = (
    Level(date=WINDOW.first),
    Level(date=WINDOW.last),
    amount(Kind.PRODUCED),
    amount(Kind.LANDED, Kind.REJECTED, where=ALLY),
    amount(Kind.FIRED),
)
#: Their dependence on opening stock, output, arrivals and fire a day: an offer lands on the next day.
DESIGN = np.array([[1, 1, 0, -1], [1, 30, 29, -30], [0, 30, 0, 0], [0, 0, 29, 0], [0, 0, 0, 30]], dtype=float)
PRIOR_MEAN = np.array([100e3, 2e3, 1e3, 4e3])
CLAIMED = np.array([105e3, 80e3, 66e3, 27e3, 110e3])
SPREADS = np.array([0.03, 0.04, 0.04, 0.05, 0.03])


def claim(
    number: int,
    middle: float,
    spread: float,
    bound: Bound = Bound.CENTRAL,
    family: Family | None = None,
) -> Match:
    low, high = (middle if bound is Bound.AT_LEAST else None), (middle if bound is Bound.AT_MOST else None)
    central = middle if bound is Bound.CENTRAL else None
    return Match(estimate(id=f"c{number}"), NUMBERS[number], low, central, high, bound, spread, family)


def plain_claims() -> list[Match]:
    return [claim(at, *pair) for at, pair in enumerate(zip(CLAIMED, SPREADS, strict=True))]


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    return infer(balance_scenario(), plain_claims(), walkers=128, steps=30)


def weighted_least_squares() -> tuple[np.ndarray, np.ndarray]:
    """Reconcile claims and prior by Gauss-Newton steps, as in data reconciliation; mean and covariance."""
    prior = np.diag(1.0 / (0.1 * PRIOR_MEAN) ** 2)
    mean = PRIOR_MEAN
    for _ in range(50):
        numbers = DESIGN @ mean
        slope = DESIGN / numbers[:, np.newaxis]
        right = np.log(CLAIMED) - np.log(numbers) + slope @ mean
        precision = prior + slope.T @ np.diag(SPREADS**-2.0) @ slope
        mean = np.linalg.solve(precision, prior @ PRIOR_MEAN + slope.T @ (right / SPREADS**2))
    return mean, np.linalg.inv(precision)


def test_three_flows_and_two_stocks_are_reconciled_as_by_weighted_least_squares(posterior: Posterior) -> None:
    mean, covariance = weighted_least_squares()
    spread = np.sqrt(np.diag(covariance))
    # Monte Carlo error, and a curvature of the logarithm of some hundredths of a standard deviation.
    assert (posterior.inputs.mean(axis=0) - mean) / spread == pytest.approx(0.0, abs=0.15)
    assert posterior.inputs.std(axis=0) / spread == pytest.approx(1.0, abs=0.08)
    found = np.corrcoef(posterior.inputs.T)
    assert found == pytest.approx(covariance / np.outer(spread, spread), abs=0.1)


def test_the_samples_obey_the_account(posterior: Posterior) -> None:
    np.testing.assert_allclose(posterior.observed, posterior.inputs @ DESIGN.T, rtol=1e-9)
    assert posterior.effective >= 400
    stock = posterior.parameters[0]
    assert stock.name == "depots.front.stock"
    assert stock.prior[2] == pytest.approx(100e3)
    assert stock.prior[4] == pytest.approx(100e3 + 1.6449 * 10e3, rel=1e-4)


def test_the_same_seed_has_the_same_bits_with_one_worker_or_two() -> None:
    one, two = (
        infer(balance_scenario(), plain_claims(), walkers=128, steps=20, jobs=jobs) for jobs in (1, 2)
    )
    np.testing.assert_array_equal(one.inputs, two.inputs)
    assert one.parameters == two.parameters


def family(median: float, spread: float) -> Family:
    return Family("theirs", median, spread, Counted.NEITHER, "")


def test_a_counting_factor_takes_up_what_the_account_does_not_allow() -> None:
    # The account knows its output well; a family that claims one and a half times as much counts more.
    scenario = balance_scenario(
        production={"line": {"to": "front", "rate": {"mean": "2k/day", "sd": "2/day"}}}
    )
    theirs = family(1.0, 0.3)
    found = infer(scenario, [claim(2, 90e3, 0.1, family=theirs)], walkers=128, steps=20)
    (factor,) = (one for one in found.parameters if one.name == "theirs")
    # Normal prior of spread 0.3 and one observation of spread 0.1.
    variance = 1 / (1 / 0.3**2 + 1 / 0.1**2)
    middle = math.exp(math.log(1.5) * variance / 0.1**2)
    assert factor.posterior[2] == pytest.approx(middle, rel=0.02)
    assert factor.posterior[4] == pytest.approx(middle * math.exp(1.6449 * math.sqrt(variance)), rel=0.03)
    assert factor.prior[2] == pytest.approx(1.0)


def test_the_likelihood_is_the_integral_over_the_factor() -> None:
    theirs = family(1.5, 0.5)
    claims = [
        claim(2, 66e3, 0.2, family=theirs),
        claim(4, 110e3, 0.1, family=theirs),
        claim(3, 27e3, 0.2, Bound.AT_LEAST, theirs),
        claim(1, 80e3, 0.35, Bound.AT_MOST),
    ]
    observed = np.array([[50e3, 100e3, 20e3, 90e3], [10e3, 300e3, 90e3, 10e3]])

    def integrand(log_factor: float, run: np.ndarray) -> float:
        density = norm.pdf(log_factor, math.log(1.5), 0.5)
        density *= norm.pdf(math.log(66e3), math.log(run[0]) + log_factor, 0.2)
        density *= norm.pdf(math.log(110e3), math.log(run[1]) + log_factor, 0.1)
        return float(density * norm.cdf((math.log(run[2]) + log_factor - math.log(27e3)) / 0.2))

    expected = [
        math.log(quad(integrand, -6, 6, args=(run,), epsabs=0, epsrel=1e-10, points=[-1.0, 0.0, 0.5])[0])
        + norm.logcdf((math.log(80e3) - math.log(run[3])) / 0.35)
        for run in observed
    ]
    assert ClaimLikelihood(claims).log_likelihood(observed) == pytest.approx(expected, rel=1e-6)


def test_a_number_of_zero_or_none_cannot_be_claimed_to_be_more() -> None:
    likelihood = ClaimLikelihood([claim(2, 66e3, 0.2), claim(3, 27e3, 0.2, Bound.AT_MOST)])
    found = likelihood.log_likelihood(np.array([[0.0, 1e3], [np.nan, np.nan], [66e3, 0.0]]))
    assert found[:2].tolist() == [-np.inf, -np.inf]
    assert found[2] == pytest.approx(norm.logpdf(0.0, 0.0, 0.2))


def test_prior_inputs_have_the_distributions_of_the_file() -> None:
    priors = InputPriors(balance_scenario())
    assert priors.paths == (
        "depots.front.stock",
        "production.line.rate",
        "shipments.ally.offered",
        "consumption.fire.rate",
    )
    at = priors.inputs(np.array([[0.0, 1.0, -1.0, 2.0], [40.0, -40.0, 0.0, 0.0]]))
    assert at[0] == pytest.approx([100e3, 2_200, 900, 4_800])
    assert np.isfinite(at).all()


def test_what_the_samples_do_not_support_is_refused() -> None:
    with pytest.raises(RunError, match=r"the effective sample of \S+ is \d+, and at least 400 are needed"):
        infer(balance_scenario(), plain_claims(), walkers=10, steps=12)
    with pytest.raises(ArgumentError, match="8 walkers; allowed: an even number from 10"):
        infer(balance_scenario(), plain_claims(), walkers=8, steps=10)
    with pytest.raises(ArgumentError, match="there is no claim to infer from"):
        infer(balance_scenario(), [])
    fixed = {
        "depots": {"front": {"stock": "100k"}},
        "production": {},
        "shipments": {},
        "consumption": {"fire": {"at": "front", "rate": "4k/day"}},
    }
    with pytest.raises(ArgumentError, match="no input is uncertain"):
        infer(balance_scenario(**fixed), [claim(0, 1e5, 0.1)])


def test_many_inverses_are_those_of_the_law_one_by_one() -> None:
    shares = np.array([2.0**-53, 1e-3, 0.2, 0.5, 0.9, 0.999])
    laws = [
        Uniform(2.0, 5.0),
        Triangular(1.0, 2.0, 7.0),
        Triangular(3.0, 3.0, 3.0),
        Normal(5.0, 3.0),
        Normal(-1.0, 2.0),
        Normal(5.0, 0.0),
        Lognormal(4.0, 0.7),
        Lognormal(4.0, 0.7, 5.0),
        Exponential(3.0),
        Choice((1.0, 2.0), (1.0, 3.0)),
    ]
    for law in laws:
        expected = [law.inverse(share) for share in shares.tolist()]
        np.testing.assert_allclose(inverse(law, shares), expected, rtol=1e-9, atol=1e-12, err_msg=repr(law))


def test_samples_of_dates_that_count_from_events_are_days_from_the_start() -> None:
    scenario = load_plain(
        {
            "schema": 1,
            "start": "2024-01-01",
            "end": "2024-07-01",
            "depots": {"store": {"stock": "1M"}},
            "events": {
                "alarm": {"date": {"low": "2024-01-11", "high": "2024-01-21"}},
                "contract": {"date": "alarm + 5 days"},
                "fixed": {"date": "2024-03-01"},
            },
            "shipments": {
                "one": {
                    "offered": "1k/day",
                    "lead_time": "10 days",
                    "first": {"low": "contract + 10 days", "high": "contract + 30 days"},
                    "until": {"low": "fixed + 10 days", "high": "fixed + 30 days"},
                }
            },
            "consumption": {"front": {"rate": "1k/day"}},
        },
        None,
    )
    # Two samples of the inputs in their order: the alarm from the start, the others from their events.
    given = {"events.alarm.date": (12.0, 15.0), "shipments.one.first": (20.0, 21.0)}
    given["shipments.one.until"] = (11.0, 12.0)
    paths = InputPriors(scenario).paths
    assert set(paths) == set(given)
    posterior = SimpleNamespace(paths=paths, inputs=np.array([given[path] for path in paths]).T)
    after = posterior_scenario(scenario, cast("Posterior", posterior)).scenario
    assert after.draws is not None
    found = {path: list(after.draws.column(path)) for path in paths}
    # 12 + 5 + 20 days; 1 March is day 60.
    assert found == {
        "events.alarm.date": [12.0, 15.0],
        "shipments.one.first": [37.0, 41.0],
        "shipments.one.until": [71.0, 72.0],
    }
