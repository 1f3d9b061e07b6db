"""The laws of the distributions against scipy, closed forms and hand calculation."""

from __future__ import annotations

import dataclasses
import math
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from sim.scenario.laws import (
    Choice,
    Exponential,
    Gamma,
    Law,
    Lognormal,
    Normal,
    Pert,
    Poisson,
    Triangular,
    Uniform,
    choice_inverse,
    gamma_of_mean_cv,
    lognormal_of_mean_cv,
    lognormal_of_median_p95,
    normal_cdf,
    normal_inverse,
    normal_inverse_conditioned,
)

Z95 = 1.6448536269514722
SMALLEST_U = 0.5 / 2**52
LARGEST_U = 1 - 0.5 / 2**52
SHARES = (SMALLEST_U, 1e-9, 0.001, 0.05, 0.2, 0.25, 0.5, 0.77, 0.95, 0.999, 1 - 1e-9, LARGEST_U)


def below_one(law: stats.rv_continuous) -> Callable[[float], float]:
    """The quantiles of a law that is conditioned to stay below 1, by its own definition."""
    return lambda u: float(law.ppf(u * law.cdf(1.0)))


QUANTILES: dict[str, tuple[Law, Callable[[float], float]]] = {
    "uniform": (Uniform(2, 5), stats.uniform(2, 3).ppf),
    "triangular": (Triangular(1, 2, 5), stats.triang(0.25, 1, 4).ppf),
    "triangular falling": (Triangular(1, 1, 5), stats.triang(0, 1, 4).ppf),
    "triangular rising": (Triangular(1, 5, 5), stats.triang(1, 1, 4).ppf),
    "normal": (Normal(10, 3), stats.truncnorm(-10 / 3, math.inf, 10, 3).ppf),
    "normal, unbounded": (Normal(10, 3, -math.inf), stats.norm(10, 3).ppf),
    "normal share": (Normal(0.8, 0.3, 0, 1), stats.truncnorm(-0.8 / 0.3, 0.2 / 0.3, 0.8, 0.3).ppf),
    "normal, mean below the floor": (Normal(-0.5, 2), stats.truncnorm(0.25, math.inf, -0.5, 2).ppf),
    "normal, far above": (Normal(-8, 1), stats.truncnorm(8, math.inf, -8, 1).ppf),
    "normal, far below": (Normal(9, 1, 0, 1), stats.truncnorm(-9, -8, 9, 1).ppf),
    "lognormal": (Lognormal(20, 0.4), stats.lognorm(0.4, scale=20).ppf),
    "lognormal share": (Lognormal(0.7, 0.4, 1), below_one(stats.lognorm(0.4, scale=0.7))),
    "lognormal share, far below": (Lognormal(30, 0.4, 1), below_one(stats.lognorm(0.4, scale=30))),
    "gamma": (Gamma(2, 3), stats.gamma(2, scale=3).ppf),
    "gamma, spread wider than its mean": (Gamma(0.25, 3), stats.gamma(0.25, scale=3).ppf),
    "gamma, narrow": (Gamma(400, 3), stats.gamma(400, scale=3).ppf),
    "gamma share": (Gamma(4, 0.15, 1.0), below_one(stats.gamma(4, scale=0.15))),
    "pert": (Pert(1, 5, 2), stats.beta(2, 4, 1, 4).ppf),
    "pert falling": (Pert(1, 5, 1), stats.beta(1, 5, 1, 4).ppf),
    "pert rising": (Pert(1, 5, 5), stats.beta(5, 1, 1, 4).ppf),
    "exponential": (Exponential(12), stats.expon(scale=12).ppf),
    "exponential share": (Exponential(0.6, 1), stats.truncexpon(1 / 0.6, scale=0.6).ppf),
    "exponential share, nearly uniform": (Exponential(1e6, 1), stats.truncexpon(1e-6, scale=1e6).ppf),
}


@pytest.mark.parametrize("name", QUANTILES)
def test_every_quantile_is_scipys(name: str) -> None:
    law, quantile = QUANTILES[name]
    drawn = [law.inverse(u) for u in SHARES]
    assert drawn == pytest.approx([float(quantile(u)) for u in SHARES], rel=2e-9, abs=1e-14)
    assert law.median() == pytest.approx(float(quantile(0.5)), rel=1e-12)


def test_the_middle_quantiles_carry_nearly_every_digit() -> None:
    for law, quantile in QUANTILES.values():
        for u in (0.05, 0.25, 0.5, 0.77, 0.95):
            assert law.inverse(u) == pytest.approx(float(quantile(u)), rel=1e-12)


def moments(law: Law) -> tuple[float, float]:
    """Mean and standard deviation, by integrating the draw over all uniforms."""
    mean = integrate.quad(law.inverse, 0, 1, epsabs=1e-9, epsrel=1e-9, limit=200)[0]
    square = integrate.quad(
        lambda u: (law.inverse(u) - mean) ** 2, 0, 1, epsabs=1e-9, epsrel=1e-9, limit=200
    )[0]
    return mean, math.sqrt(square)


@pytest.mark.parametrize("mean", [0.1, 6.0, 30.5, 1234.5, 1e6])
def test_every_poisson_number_is_scipys(mean: float) -> None:
    law, scipys = Poisson(mean), stats.poisson(mean)
    # Between two steps of the distribution function, where rounding does not decide.
    for number in {int(scipys.ppf(u)) for u in SHARES[1:-1]}:
        u = (scipys.cdf(number - 1) + scipys.cdf(number)) / 2
        assert law.inverse(u) == number
        assert Poisson(mean, 0.5).inverse(u) == number / 2


@pytest.mark.parametrize(
    ("law", "mean", "sd"),
    [
        (gamma_of_mean_cv(40, 0.5), 40, 20),
        (Pert(1, 7, 3), 20 / 6, None),
        (Uniform(2, 5), 3.5, 3 / math.sqrt(12)),
        (Triangular(1, 2, 6), 3, math.sqrt((1 + 4 + 36 - 2 - 6 - 12) / 18)),
        (Normal(10, 3, -math.inf), 10, 3),
        (Normal(0, 2), 2 * math.sqrt(2 / math.pi), 2 * math.sqrt(1 - 2 / math.pi)),
        (lognormal_of_mean_cv(40, 0.5), 40, 20),
        (Exponential(12), 12, 12),
        (Exponential(0.5, 1), 0.5 - 1 / (math.e**2 - 1), None),
    ],
)
def test_mean_and_spread_are_the_textbooks(law: Law, mean: float, sd: float | None) -> None:
    found_mean, found_sd = moments(law)
    assert found_mean == pytest.approx(mean, rel=1e-7)
    if sd is not None:
        assert found_sd == pytest.approx(sd, rel=1e-6)


def test_the_normal_inverse_has_the_published_check_values() -> None:
    # Wichura (1988), the values to check an implementation with.
    assert normal_inverse(0.25) == pytest.approx(-0.6744897501960817, rel=1e-15)
    assert normal_inverse(0.001) == pytest.approx(-3.090232306167814, rel=1e-15)
    assert normal_inverse(1e-20) == pytest.approx(-9.262340089798408, rel=1e-15)


def test_the_normal_inverse_is_scipys_from_tail_to_tail() -> None:
    tails = [10.0**-power for power in range(1, 308)]
    middle = [k / 1000 for k in range(1, 1000)]
    for p in (*tails, *middle, *(1 - 10.0**-power for power in range(1, 16))):
        assert normal_inverse(p) == pytest.approx(float(stats.norm.ppf(p)), rel=3e-15, abs=1e-300)


def test_the_normal_inverse_is_infinite_at_the_ends() -> None:
    assert normal_inverse(0.0) == -math.inf
    assert normal_inverse(1.0) == math.inf


def test_the_normal_cdf_is_scipys_in_both_tails() -> None:
    for x in (-math.inf, -37.0, -8.0, -1.0, 0.0, 0.3, 5.0, math.inf):
        assert normal_cdf(x) == pytest.approx(float(stats.norm.cdf(x)), rel=1e-13)


def test_median_and_p95_come_back() -> None:
    law = lognormal_of_median_p95(16, 40)
    assert law.median() == 16
    assert law.inverse(0.95) == pytest.approx(40, rel=1e-14)
    assert law.sigma == pytest.approx(math.log(2.5) / Z95, rel=1e-14)


def test_mean_and_cv_are_those_of_the_closed_form() -> None:
    law = lognormal_of_mean_cv(100, 0.75)
    assert law.sigma**2 == pytest.approx(math.log(1.5625), rel=1e-14)
    assert law.centre == pytest.approx(100 / 1.25, rel=1e-15)


def test_a_ceiling_of_a_constructor_conditions_the_law() -> None:
    assert lognormal_of_mean_cv(0.9, 0.5, ceiling=1).bounds() == (0, 1)
    assert lognormal_of_median_p95(0.9, 2, ceiling=1).inverse(LARGEST_U) == pytest.approx(1, rel=1e-14)


@pytest.mark.parametrize("number", [10.0, 0.1, 123456.789, 2.5e6 / 365.25])
def test_no_spread_gives_the_number_itself(number: float) -> None:
    laws: list[Law] = [
        Uniform(number, number),
        Triangular(number, number, number),
        Normal(number, 0),
        lognormal_of_mean_cv(number, 0),
        lognormal_of_median_p95(number, number),
        Choice((number,), (1.0,)),
    ]
    for law in laws:
        assert {law.inverse(u) for u in SHARES} == {number}
        assert law.bounds() == (number, number)
    assert Exponential(0).inverse(0.7) == 0
    assert Exponential(0).bounds() == (0, 0)


def test_a_number_without_spread_stays_inside_its_bounds() -> None:
    assert Normal(1.2, 0, 0, 1).inverse(0.3) == 1
    assert Normal(1.2, 0, 0, 1).bounds() == (1, 1)


def test_a_choice_cumulates_in_the_order_given() -> None:
    law = Choice((30.0, 10.0, 20.0), (1.0, 2.0, 5.0))
    assert law.cumulated == (1.0, 3.0, 8.0)
    # An eighth, then two eighths, then five eighths.
    drawn = [law.inverse(u) for u in (SMALLEST_U, 0.124, 0.126, 0.374, 0.376, LARGEST_U)]
    assert drawn == [30, 30, 10, 10, 20, 20]


def test_a_choice_never_takes_what_has_no_weight() -> None:
    law = Choice((1.0, 2.0, 3.0, 4.0, 5.0), (0.0, 1.0, 0.0, 1.0, 0.0))
    assert {law.inverse(u) for u in (SMALLEST_U, 0.25, 0.5, 0.75, LARGEST_U)} == {2.0, 4.0}
    assert law.bounds() == (2.0, 4.0)


def test_a_choice_weighs_a_running_total_from_left_to_right() -> None:
    # 0.1 + 0.2 + 0.3 is 0.6000000000000001 from left to right; a compensated sum gives 0.6.
    assert Choice((1.0, 2.0, 3.0), (0.1, 0.2, 0.3)).cumulated[2] == 0.6000000000000001
    assert choice_inverse(0.6, (1.0, 2.0), (0.25, 0.5)) == 2.0


def test_the_median_of_a_choice_does_not_depend_on_the_order() -> None:
    assert Choice((5.0, 1.0, 3.0), (1.0, 1.0, 1.0)).median() == 3
    assert Choice((5.0, 1.0), (1.0, 1.0)).median() == 1
    assert Choice((5.0, 1.0, 3.0), (6.0, 1.0, 1.0)).median() == 5


def test_hopeless_conditioning_gives_the_nearer_bound() -> None:
    for u in SHARES:
        assert Normal(-50, 1).inverse(u) == 0
        assert Normal(50, 1, 0, 1).inverse(u) == 1
        assert Lognormal(1e30, 0.1, 1).inverse(u) == 1


def test_no_draw_is_infinite_through_rounding() -> None:
    # The outermost uniform and this share round to a probability of 1.
    assert LARGEST_U * (1 - 2.0**-54) + 2.0**-54 == 1
    assert normal_inverse_conditioned(LARGEST_U, 0, 1, -9, math.inf, 2.0**-54, 1, 1) == pytest.approx(
        8.2, rel=0.01
    )


def test_absurd_spreads_neither_fail_nor_turn_into_nothing() -> None:
    assert Lognormal(1, 100).inverse(LARGEST_U) == pytest.approx(math.exp(709))
    assert Lognormal(1, 100).inverse(SMALLEST_U) == 0
    assert Lognormal(1e300, 0.1, 1e-300).inverse(0.5) == 1e-300
    assert lognormal_of_mean_cv(1, 1e150).inverse(0.5) == pytest.approx(1e-150)


def test_a_law_far_wider_than_its_ceiling_is_nearly_uniform() -> None:
    assert Normal(0, 1e9, 0, 1).inverse(0.3) == pytest.approx(0.3, rel=1e-6)


numbers = st.floats(1e-6, 1e9)
inner = st.floats(SMALLEST_U, LARGEST_U)


@st.composite
def conditioned(draw: st.DrawFn) -> Law:
    """A law with bounds anywhere, most of them far inside."""
    ceiling = draw(st.one_of(st.just(math.inf), numbers))
    centre, spread = draw(numbers), draw(st.floats(0, 5))
    floor = draw(st.one_of(st.just(0.0), st.floats(0, min(ceiling, 1e9))))
    mean = draw(st.floats(-1e6, 1e9))
    laws: list[Law] = [
        Normal(mean, spread * centre, floor, ceiling),
        lognormal_of_mean_cv(centre, spread, ceiling),
        lognormal_of_median_p95(centre, centre * (1 + spread), ceiling),
        Exponential(centre, ceiling),
    ]
    return draw(st.sampled_from(laws))


@st.composite
def bounded(draw: st.DrawFn) -> Law:
    low, mode, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    laws: list[Law] = [
        Uniform(low, high),
        Triangular(low, mode, high),
        Choice((low, mode, high), (3.0, 1.0, 2.0)),
    ]
    return draw(st.sampled_from(laws))


laws = st.one_of(conditioned(), bounded())


@given(laws, inner)
def test_a_draw_never_leaves_the_bounds(law: Law, u: float) -> None:
    low, high = law.bounds()
    assert low <= law.inverse(u) <= high
    assert math.isfinite(law.inverse(u))


@given(laws, inner, inner)
def test_a_larger_uniform_never_draws_less(law: Law, one: float, other: float) -> None:
    smaller, larger = law.inverse(min(one, other)), law.inverse(max(one, other))
    # Rounding of the rational functions may turn neighbours round by their last digits.
    size = abs(law.mean) + law.sd if isinstance(law, Normal) else 0.0
    assert smaller <= larger + 1e-13 * (larger + size)


@given(inner)
def test_a_triangle_meets_at_its_mode(u: float) -> None:
    law = Triangular(0.25, 0.375, 0.75)
    # A quarter of the law is below the mode; all these numbers are exact.
    assert law.inverse(u) <= 0.375 if u <= 0.25 else law.inverse(u) >= 0.375


LAWS: list[Law] = [
    *(law for law, _ in QUANTILES.values()),
    Choice((3.0, 1.0), (1.0, 2.0)),
    Normal(5, 0, 0, 4),
]


@pytest.mark.parametrize("law", LAWS)
def test_a_law_survives_the_way_to_a_worker(law: Law) -> None:
    copy = pickle.loads(pickle.dumps(law))  # noqa: S301 - our own bytes
    assert copy == law
    assert [copy.inverse(u) for u in SHARES] == [law.inverse(u) for u in SHARES]


@pytest.mark.parametrize(
    ("late", "early"),
    [
        (dataclasses.replace(Normal(0.8, 0.3), ceiling=1.0), Normal(0.8, 0.3, 0, 1)),
        (dataclasses.replace(Lognormal(0.8, 0.3), ceiling=1.0), Lognormal(0.8, 0.3, 1)),
        (dataclasses.replace(Exponential(0.8), ceiling=1.0), Exponential(0.8, 1)),
    ],
)
def test_a_ceiling_given_later_conditions_as_one_given_at_once(late: Law, early: Law) -> None:
    assert [late.inverse(u) for u in SHARES] == [early.inverse(u) for u in SHARES]
    assert late.inverse(0.9) < 1


def test_a_law_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Uniform(1, 2).low = 3  # type: ignore[misc]
