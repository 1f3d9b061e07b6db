"""Distributions and their inverse CDFs: one uniform number to one draw (rule 7).

The functions use only `math`, so that the simpy model calls them and the compiled engine compiles the same
code. The frozen classes hold the parameters of one law each and call the functions. A draw has the unit of
the parameters.

Invalid parameters (a high below its low, a negative spread) are rejected by ``distributions.py``, with their
position in the file, not here.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, ClassVar

#: Law codes for compiled code; `FIXED` is a number without a law.
FIXED, UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL, EXPONENTIAL, CHOICE, POISSON, GAMMA, PERT = range(10)
#: The keys of each distribution in a scenario file; `shape` names a distribution with the keys of another.
SHAPES = (
    ("low", "high"),
    ("low", "mode", "high"),
    ("mean", "sd"),
    ("mean", "cv"),
    ("median", "p95"),
    ("exponential",),
    ("choices",),
    ("poisson",),
    ("mean", "cv", "shape"),
    ("low", "mode", "high", "shape"),
)
#: Word under `shape`, by the keys of a distribution.
SHAPE_WORDS = {("mean", "cv", "shape"): "gamma", ("low", "mode", "high", "shape"): "pert"}
_SQRT2 = math.sqrt(2.0)
_SMALLEST_NORMAL = 2.0**-1022
_LARGEST_BELOW_ONE = 1.0 - 2.0**-53
_MAX_EXPONENT = 709.0
#: Iterations of the inverses of gamma and PERT: when to stop, and at the latest.
_NEGLIGIBLE = 2.0**-53
_TINY = 1e-300
#: A Poisson probability is at least this part of the tail that it begins, up to the largest mean allowed.
_SMALL_TERM = 1e-4
_MOST_TERMS, _MOST_STEPS = 10_000, 200
#: Half-width in probability of the central region of AS 241; the tails are beyond it.
NORMAL_CENTRE = 0.425
NORMAL_NEAR = 5.0

# Wichura (1988), Algorithm AS 241, routine PPND16: numerators A, C, E over denominators B, D, F.
_A0, _A1, _A2 = 3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427
_A3, _A4, _A5 = 13731.693765509461125, 45921.953931549871457, 67265.770927008700853
_A6, _A7 = 33430.575583588128105, 2509.0809287301226727
_B1, _B2, _B3 = 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077
_B4, _B5 = 21213.794301586595867, 39307.895800092710610
_B6, _B7 = 28729.085735721942674, 5226.4952788528545610
_C0, _C1, _C2 = 1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550
_C3, _C4, _C5 = 3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1
_C6, _C7 = 2.27238449892691845833e-2, 7.74545014278341407640e-4
_D1, _D2, _D3 = 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1
_D4, _D5 = 1.48103976427480074590e-1, 1.51986665636164571966e-2
_D6, _D7 = 5.47593808499534494600e-4, 1.05075007164441684324e-9
_E0, _E1, _E2 = 6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580
_E3, _E4, _E5 = 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3
_E6, _E7 = 2.71155556874348757815e-5, 2.01033439929228813265e-7
_F1, _F2, _F3 = 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2
_F4, _F5 = 7.86869131145613259100e-4, 1.84631831751005468180e-5
_F6, _F7 = 1.42151175831644588870e-7, 2.04426310338993978564e-15


def normal_cdf(x: float) -> float:
    """Return the CDF of the standard normal distribution at `x`."""
    return 0.5 * math.erfc(-x / _SQRT2)


def normal_inverse(p: float) -> float:
    """Return the inverse CDF of the standard normal distribution at `p`.

    Source: M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied
    Statistics 37 (1988), routine PPND16; about 1 part in 1e16. Infinite if `p` is not between 0 and 1.
    """
    q = p - 0.5
    if -NORMAL_CENTRE <= q <= NORMAL_CENTRE:
        return normal_inverse_centre(q)
    return normal_inverse_tail(p)


def normal_inverse_centre(q: float) -> float:
    """Return ``normal_inverse(q + 0.5)`` for ``abs(q) <= NORMAL_CENTRE``."""
    r = 0.180625 - q * q
    top = ((((((_A7 * r + _A6) * r + _A5) * r + _A4) * r + _A3) * r + _A2) * r + _A1) * r + _A0
    low = ((((((_B7 * r + _B6) * r + _B5) * r + _B4) * r + _B3) * r + _B2) * r + _B1) * r + 1.0
    return q * top / low


def normal_inverse_tail(p: float) -> float:
    """Return ``normal_inverse(p)`` for ``abs(p - 0.5) > NORMAL_CENTRE``."""
    tail = p if p < 0.5 else 1.0 - p
    if tail <= 0.0:
        return -math.inf if p < 0.5 else math.inf
    r = math.sqrt(-math.log(tail))
    x = normal_inverse_near(r) if r <= NORMAL_NEAR else normal_inverse_far(r)
    return -x if p < 0.5 else x


def normal_inverse_near(r: float) -> float:
    """Return ``normal_inverse(1 - exp(-r * r))`` for ``r <= NORMAL_NEAR``."""
    r = r - 1.6
    top = ((((((_C7 * r + _C6) * r + _C5) * r + _C4) * r + _C3) * r + _C2) * r + _C1) * r + _C0
    low = ((((((_D7 * r + _D6) * r + _D5) * r + _D4) * r + _D3) * r + _D2) * r + _D1) * r + 1.0
    return top / low


def normal_inverse_far(r: float) -> float:
    """Return ``normal_inverse(1 - exp(-r * r))`` for ``r > NORMAL_NEAR``."""
    r = r - 5.0
    top = ((((((_E7 * r + _E6) * r + _E5) * r + _E4) * r + _E3) * r + _E2) * r + _E1) * r + _E0
    low = ((((((_F7 * r + _F6) * r + _F5) * r + _F4) * r + _F3) * r + _F2) * r + _F1) * r + 1.0
    return top / low


def clamp(x: float, low: float, high: float) -> float:
    """Return `x` limited to [low, high]."""
    if x < low:
        return low
    if x > high:
        return high
    return x


def uniform_inverse(u: float, low: float, high: float) -> float:
    """Return the inverse CDF of the uniform distribution on [low, high]."""
    return low + u * (high - low)


def triangular_inverse(u: float, low: float, mode: float, high: float) -> float:
    """Return the inverse CDF of the triangular distribution; `low` if ``low == high``."""
    width = high - low
    if width <= 0.0:
        return low
    if u * width < mode - low:
        return clamp(low + math.sqrt(u * width * (mode - low)), low, mode)
    return clamp(high - math.sqrt((1.0 - u) * width * (high - mode)), mode, high)


def normal_inverse_conditioned(
    u: float,
    mean: float,
    sd: float,
    floor: float,
    ceiling: float,
    share_low: float,
    share_high: float,
    side: float,
) -> float:
    """Return the inverse CDF of the normal distribution truncated to [floor, ceiling]; see `Normal`."""
    z = normal_inverse(normal_share(u, share_low, share_high, side))
    return normal_of_normal(z, mean, sd, floor, ceiling, side)


def normal_share(u: float, share_low: float, share_high: float, side: float) -> float:
    """Return the probability of the untruncated normal distribution for `u` of the truncated one."""
    if side < 0.0:
        u = 1.0 - u
    return clamp(share_low + u * (share_high - share_low), _SMALLEST_NORMAL, _LARGEST_BELOW_ONE)


def normal_of_normal(z: float, mean: float, sd: float, floor: float, ceiling: float, side: float) -> float:
    """Return the truncated normal draw for a standard normal `z`."""
    return clamp(mean + side * sd * z, floor, ceiling)


def lognormal_inverse(u: float, centre: float, sigma: float, ceiling: float, share_high: float) -> float:
    """Return the inverse CDF of the lognormal distribution truncated to [0, ceiling]; see `Lognormal`."""
    return lognormal_of_normal(normal_inverse(lognormal_share(u, share_high)), centre, sigma, ceiling)


def lognormal_share(u: float, share_high: float) -> float:
    """Return the probability of the untruncated lognormal distribution for `u` of the truncated one."""
    return clamp(u * share_high, _SMALLEST_NORMAL, _LARGEST_BELOW_ONE)


def lognormal_of_normal(z: float, centre: float, sigma: float, ceiling: float) -> float:
    """Return the lognormal draw for a standard normal `z`."""
    exponent = sigma * z
    if exponent > _MAX_EXPONENT:
        exponent = _MAX_EXPONENT
    return clamp(centre * math.exp(exponent), 0.0, ceiling)


def lognormal_centre(mean: float, cv: float) -> float:
    """Return the median of the lognormal distribution with this mean and coefficient of variation."""
    return mean / math.sqrt(1.0 + cv * cv)


def lognormal_sigma(cv: float) -> float:
    """Return the log standard deviation of the lognormal distribution with coefficient of variation `cv`."""
    return math.sqrt(math.log1p(cv * cv))


def exponential_inverse(u: float, mean: float, ceiling: float, share_high: float) -> float:
    """Return the inverse CDF of the exponential distribution truncated to [0, ceiling]; see `Exponential`."""
    return clamp(-mean * math.log1p(-u * share_high), 0.0, ceiling)


def choice_inverse(u: float, values: tuple[float, ...], cumulated: tuple[float, ...]) -> float:
    """Return the first value whose cumulative weight is at least `u` times the total weight."""
    last = len(values) - 1
    target = u * cumulated[last]
    index = 0
    while index < last and cumulated[index] < target:
        index += 1
    return values[index]


def poisson_inverse(u: float, mean: float, step: float, middle: float, share: float, weight: float) -> float:
    """Return the inverse CDF of the Poisson distribution, times `step`; see `Poisson`."""
    number = middle
    if u <= share:
        # Below the last term, what is left of the sum is rounding.
        while number > 0.0 and share - weight >= u and weight >= u * _SMALL_TERM:
            share -= weight
            weight *= number / mean
            number -= 1.0
        return number * step
    while share < u:
        number += 1.0
        weight *= mean / number
        if weight < (1.0 - u) * _SMALL_TERM:
            return number * step
        share += weight
    return number * step


def gamma_share(x: float, shape: float, log_gamma: float, upper: int) -> float:
    """Return the probability of the gamma distribution with scale 1 below `x`, or above it if `upper`.

    By its series or its continued fraction: the smaller one of the two probabilities keeps its digits.
    """
    if x <= 0.0:
        return float(upper)
    density = math.exp(shape * math.log(x) - x - log_gamma)
    if x < shape + 1.0:
        term = total = 1.0 / shape
        parts = shape
        while term > total * _NEGLIGIBLE:
            parts += 1.0
            term *= x / parts
            total += term
        return 1.0 - total * density if upper else total * density
    b = x + 1.0 - shape
    c, d = 1.0 / _TINY, 1.0 / b
    value = d
    for n in range(1, _MOST_TERMS):
        a = n * (shape - n)
        b += 2.0
        d = a * d + b
        d = _TINY if abs(d) < _TINY else d
        c = b + a / c
        c = _TINY if abs(c) < _TINY else c
        d = 1.0 / d
        value *= d * c
        if abs(d * c - 1.0) < _NEGLIGIBLE:
            break
    return density * value if upper else 1.0 - density * value


def gamma_inverse(
    u: float, shape: float, scale: float, log_gamma: float, ceiling: float, share_high: float
) -> float:
    """Return the inverse CDF of the gamma distribution truncated to [0, ceiling]; see `Gamma`."""
    if shape <= 0.0:
        return clamp(scale, 0.0, ceiling)
    u = clamp(u * share_high, _SMALLEST_NORMAL, _LARGEST_BELOW_ONE)
    upper = 1 if u > 0.5 else 0
    low, high = 0.0, math.inf
    x = shape if shape > 1.0 else math.exp((math.log(u * shape) + log_gamma) / shape)
    for _ in range(_MOST_STEPS):
        if x <= 0.0:
            break
        share = gamma_share(x, shape, log_gamma, upper)
        above = 1.0 - u - share if upper else share - u
        if above < 0.0:
            low = x
        else:
            high = x
        slope = math.exp((shape - 1.0) * math.log(x) - x - log_gamma)
        following = x - above / slope if slope > 0.0 else low
        if not low < following < high:
            following = 2.0 * x if high == math.inf else 0.5 * (low + high)
        if abs(following - x) <= _NEGLIGIBLE * x:
            break
        x = following
    return clamp(x * scale, 0.0, ceiling)


def beta_share(x: float, a: float, b: float, log_beta: float, upper: int) -> float:
    """Return the probability of the beta distribution below `x`, or above it if `upper`.

    By its continued fraction, with `a` and `b` at least 1, for `x` strictly between 0 and 1.
    """
    density = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta)
    is_high = x > (a + 1.0) / (a + b + 2.0)
    if is_high:
        x, a, b = 1.0 - x, b, a
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (_TINY if abs(d) < _TINY else d)
    value = d
    for n in range(1, _MOST_TERMS):
        term = n * (b - n) * x / ((a + 2 * n - 1.0) * (a + 2 * n))
        d = 1.0 + term * d
        d = 1.0 / (_TINY if abs(d) < _TINY else d)
        c = 1.0 + term / c
        c = _TINY if abs(c) < _TINY else c
        value *= d * c
        term = -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1.0))
        d = 1.0 + term * d
        d = 1.0 / (_TINY if abs(d) < _TINY else d)
        c = 1.0 + term / c
        c = _TINY if abs(c) < _TINY else c
        value *= d * c
        if abs(d * c - 1.0) < _NEGLIGIBLE:
            break
    share = density * value / a
    return share if is_high == (upper > 0) else 1.0 - share


def pert_inverse(u: float, low: float, high: float, a: float, b: float, log_beta: float) -> float:
    """Return the inverse CDF of the PERT distribution on [low, high]; `low` if ``low == high``."""
    if high <= low:
        return low
    upper = 1 if u > 0.5 else 0
    least, most = 0.0, 1.0
    x = a / (a + b)
    for _ in range(_MOST_STEPS):
        if x <= 0.0 or x >= 1.0:
            break
        share = beta_share(x, a, b, log_beta, upper)
        above = 1.0 - u - share if upper else share - u
        if above < 0.0:
            least = x
        else:
            most = x
        slope = math.exp((a - 1.0) * math.log(x) + (b - 1.0) * math.log1p(-x) - log_beta)
        following = x - above / slope if slope > 0.0 else least
        if not least < following < most:
            following = 0.5 * (least + most)
        if abs(following - x) <= _NEGLIGIBLE * x:
            break
        x = following
    return clamp(low + x * (high - low), low, high)


@dataclass(frozen=True, slots=True)
class Law(ABC):
    """A distribution; its fields are the arguments of its inverse CDF, in order."""

    #: Of the law in compiled code.
    code: ClassVar[int]
    #: The inverse CDF: from u and the fields to a draw.
    formula: ClassVar[Callable[..., float]]

    def parameters(self) -> tuple[Any, ...]:
        """Return the arguments of the inverse after `u`: the fields, at most seven."""
        names: tuple[str, ...] = self.__slots__
        return tuple([getattr(self, name) for name in names])

    def inverse(self, u: float) -> float:
        """Return the inverse CDF at `u`, strictly between 0 and 1."""
        return self.formula(u, *self.parameters())

    def median(self) -> float:
        """Return the median, after truncation."""
        return self.inverse(0.5)

    @abstractmethod
    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest possible draw."""


@dataclass(frozen=True, slots=True)
class Uniform(Law):
    """Uniform distribution on [low, high]."""

    code = UNIFORM
    formula = staticmethod(uniform_inverse)
    low: float
    high: float

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest possible draw."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Triangular(Law):
    """Triangular distribution on [low, high] with a given mode."""

    code = TRIANGULAR
    formula = staticmethod(triangular_inverse)
    low: float
    mode: float
    high: float

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest possible draw."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Normal(Law):
    """Normal distribution truncated to [floor, ceiling].

    If the floor is above the mean, the computation is mirrored (`side` is -1), because probabilities keep
    their precision only in the lower tail. If the interval is 37.5 `sd` or more from the mean, the
    probabilities underflow and every draw is the nearer bound. With `sd` 0 every draw is the mean, clamped
    to the interval.
    """

    code = NORMAL
    formula = staticmethod(normal_inverse_conditioned)
    #: mean, sd: before truncation.
    mean: float
    sd: float
    #: floor, ceiling: may be infinite.
    floor: float = 0.0
    ceiling: float = math.inf
    #: share_low, share_high: untruncated probabilities below floor and ceiling; above ceiling and floor if
    #: mirrored.
    share_low: float = field(init=False, repr=False, compare=False, default=0.0)
    share_high: float = field(init=False, repr=False, compare=False, default=1.0)
    #: 1 or -1.
    side: float = field(init=False, repr=False, compare=False, default=1.0)

    def __post_init__(self) -> None:
        if self.sd <= 0.0:
            return
        to_floor, to_ceiling = (self.floor - self.mean) / self.sd, (self.ceiling - self.mean) / self.sd
        mirrored = to_floor > 0.0
        low, high = (-to_ceiling, -to_floor) if mirrored else (to_floor, to_ceiling)
        object.__setattr__(self, "share_low", normal_cdf(low))
        object.__setattr__(self, "share_high", normal_cdf(high))
        object.__setattr__(self, "side", -1.0 if mirrored else 1.0)

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest possible draw."""
        if self.sd > 0.0:
            return self.floor, self.ceiling
        return self.median(), self.median()


@dataclass(frozen=True, slots=True)
class Lognormal(Law):
    """Lognormal distribution truncated to [0, ceiling]: ``centre * exp(sigma * z)``.

    The parameter is the median, not its logarithm, so that with `sigma` 0 every draw is exactly the median.
    If the ceiling is 37.5 `sigma` or more below the median, every draw is the ceiling.
    """

    code = LOGNORMAL
    formula = staticmethod(lognormal_inverse)
    #: Median before truncation.
    centre: float
    #: Standard deviation of the logarithm.
    sigma: float
    #: May be infinite.
    ceiling: float = math.inf
    #: Untruncated probability below the ceiling.
    share_high: float = field(init=False, repr=False, compare=False, default=1.0)

    def __post_init__(self) -> None:
        if self.sigma > 0.0 and self.ceiling > 0.0 and self.centre > 0.0:
            reach = math.log(self.ceiling) - math.log(self.centre)
            object.__setattr__(self, "share_high", normal_cdf(reach / self.sigma))

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest possible draw."""
        if self.sigma > 0.0:
            return 0.0, self.ceiling
        return self.median(), self.median()


def lognormal_of_mean_cv(mean: float, cv: float, ceiling: float = math.inf) -> Lognormal:
    """Return the lognormal distribution with this mean and coefficient of variation before truncation.

    From mean = centre exp(sigma^2 / 2) and cv^2 = exp(sigma^2) - 1. With `cv` 0 every draw is the mean.
    The square of `cv` must be finite.
    """
    return Lognormal(lognormal_centre(mean, cv), lognormal_sigma(cv), ceiling)


def lognormal_of_median_p95(median: float, p95: float, ceiling: float = math.inf) -> Lognormal:
    """Return the lognormal distribution with this positive median and 95th percentile before truncation."""
    ratio = p95 / median
    # The quotient may overflow; the difference of the logarithms does not.
    spread = math.log(ratio) if ratio < math.inf else math.log(p95) - math.log(median)
    return Lognormal(median, spread / normal_inverse(0.95), ceiling)


@dataclass(frozen=True, slots=True)
class Exponential(Law):
    """Exponential distribution truncated to [0, ceiling]."""

    code = EXPONENTIAL
    formula = staticmethod(exponential_inverse)
    #: Before truncation.
    mean: float
    #: May be infinite.
    ceiling: float = math.inf
    #: Untruncated probability below the ceiling.
    share_high: float = field(init=False, repr=False, compare=False, default=1.0)

    def __post_init__(self) -> None:
        if self.mean > 0.0:
            object.__setattr__(self, "share_high", -math.expm1(-self.ceiling / self.mean))

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest possible draw."""
        return 0.0, (self.ceiling if self.mean > 0.0 else 0.0)


@dataclass(frozen=True, slots=True)
class Choice(Law):
    """Discrete distribution: weighted choice among values, cumulative in the order of the values."""

    code = CHOICE
    formula = staticmethod(choice_inverse)
    #: values, weights: equal lengths; weights are non-negative and at least one is positive.
    values: tuple[float, ...]
    weights: tuple[float, ...]
    #: Cumulative weights.
    cumulated: tuple[float, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "cumulated", tuple(accumulate(self.weights)))

    def parameters(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return the values and their cumulative weights."""
        return self.values, self.cumulated

    def median(self) -> float:
        """Return the weighted median (inverted CDF over the sorted values)."""
        ordered = sorted(zip(self.values, self.weights, strict=True))
        ranked = Choice(tuple(value for value, _ in ordered), tuple(weight for _, weight in ordered))
        return ranked.inverse(0.5)

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest value with positive weight."""
        possible = [value for value, weight in zip(self.values, self.weights, strict=True) if weight > 0.0]
        return min(possible), max(possible)

    def scaled(self, factor: float) -> Choice:
        """Return the law of the draw times a positive `factor`."""
        return Choice(tuple(value * factor for value in self.values), self.weights)


@dataclass(frozen=True, slots=True)
class Poisson(Law):
    """Poisson distribution: whole numbers, times `step`.

    The search for a draw starts at the most likely number, so that it takes few steps also where the mean is
    large, and no probability underflows.
    """

    code = POISSON
    formula = staticmethod(poisson_inverse)
    mean: float
    step: float = 1.0
    #: The most likely number; its probability, and that of it or less.
    middle: float = field(init=False, repr=False, compare=False, default=0.0)
    share: float = field(init=False, repr=False, compare=False, default=1.0)
    weight: float = field(init=False, repr=False, compare=False, default=1.0)

    def __post_init__(self) -> None:
        middle = math.floor(self.mean)
        below, above = [1.0], []
        number = middle
        while number > 0 and below[-1] > _NEGLIGIBLE / middle:
            below.append(below[-1] * number / self.mean)
            number -= 1
        weight, number = 1.0, middle
        while weight > _NEGLIGIBLE / (middle + 1):
            number += 1
            weight *= self.mean / number
            above.append(weight)
        whole = math.fsum([*below, *above])
        object.__setattr__(self, "middle", float(middle))
        object.__setattr__(self, "share", math.fsum(below) / whole)
        object.__setattr__(self, "weight", 1.0 / whole)

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest possible draw."""
        return 0.0, (math.inf if self.mean > 0.0 else 0.0)


@dataclass(frozen=True, slots=True)
class Gamma(Law):
    """Gamma distribution truncated to [0, ceiling].

    With `shape` 0 every draw is the scale, which is then the mean: the limit of a small spread.
    """

    code = GAMMA
    formula = staticmethod(gamma_inverse)
    shape: float
    scale: float
    log_gamma: float = field(init=False, repr=False, compare=False, default=0.0)
    #: May be infinite.
    ceiling: float = math.inf
    #: Untruncated probability below the ceiling.
    share_high: float = field(init=False, repr=False, compare=False, default=1.0)

    def __post_init__(self) -> None:
        if self.shape > 0.0:
            object.__setattr__(self, "log_gamma", math.lgamma(self.shape))
            if self.ceiling < math.inf:
                share = gamma_share(self.ceiling / self.scale, self.shape, self.log_gamma, 0)
                object.__setattr__(self, "share_high", share)

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest possible draw."""
        if self.shape > 0.0:
            return 0.0, self.ceiling
        return self.median(), self.median()


def gamma_of_mean_cv(mean: float, cv: float, ceiling: float = math.inf) -> Gamma:
    """Return the gamma distribution with this mean and coefficient of variation before truncation."""
    if cv <= 0.0:
        return Gamma(0.0, mean, ceiling)
    return Gamma(1.0 / (cv * cv), mean * (cv * cv), ceiling)


@dataclass(frozen=True, slots=True)
class Pert(Law):
    """PERT distribution on [low, high]: a beta distribution with mean (low + 4 mode + high) / 6."""

    code = PERT
    formula = staticmethod(pert_inverse)
    low: float
    high: float
    a: float = field(init=False, repr=False, compare=False, default=1.0)
    b: float = field(init=False, repr=False, compare=False, default=1.0)
    log_beta: float = field(init=False, repr=False, compare=False, default=0.0)
    mode: float = 0.0

    def __post_init__(self) -> None:
        if self.high > self.low:
            a = 1.0 + 4.0 * (self.mode - self.low) / (self.high - self.low)
            b = 1.0 + 4.0 * (self.high - self.mode) / (self.high - self.low)
            object.__setattr__(self, "a", a)
            object.__setattr__(self, "b", b)
            object.__setattr__(self, "log_beta", math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))

    def parameters(self) -> tuple[float, ...]:
        """Return the arguments of the inverse: the mode is in `a` and `b`."""
        return self.low, self.high, self.a, self.b, self.log_beta

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest possible draw."""
        return self.low, self.high
