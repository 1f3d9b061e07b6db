"""Inverse-CDF sampling, many uniforms at a time: the laws of `sim.scenario.laws`, compiled."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.ensemble.arrays import ZERO
from sim.ensemble.native.kernels import device_function, kernel, noinline
from sim.ensemble.philox import uniforms
from sim.ensemble.scenario_tables import Floats, Ints, LawTables, Runs
from sim.scenario import laws
from sim.scenario.laws import (
    CHOICE,
    EXPONENTIAL,
    FIXED,
    GAMMA,
    LOGNORMAL,
    NORMAL,
    PERT,
    POISSON,
    TRIANGULAR,
    UNIFORM,
)
from sim.units import LONGEST_DAYS, SECONDS_PER_DAY

#: Occurrences of a stream drawn per batch; a multiple of 4.
UNIFORMS_PER_BATCH = 32
#: Scratch rows that the draws overwrite, each as long as a batch.
SCRATCH_ROWS = 4

_clamp = device_function(laws.clamp)


def _compile_with_clamp(function: Any, **others: Any) -> Any:
    """Compile a function of `laws` with compiled `clamp` and others; the original module stays unchanged."""
    from types import FunctionType

    names = {**function.__globals__, "clamp": _clamp, **others}
    return device_function(FunctionType(function.__code__, names, function.__name__, function.__defaults__))


_uniform_inverse = device_function(laws.uniform_inverse)
_triangular_inverse = _compile_with_clamp(laws.triangular_inverse)
_exponential_inverse = _compile_with_clamp(laws.exponential_inverse)
_choice_inverse: Any = device_function(laws.choice_inverse)
_normal_centre = device_function(laws.normal_inverse_centre)
_normal_near = device_function(laws.normal_inverse_near)
_normal_far = device_function(laws.normal_inverse_far)
_normal_share = _compile_with_clamp(laws.normal_share)
_normal_of_normal = _compile_with_clamp(laws.normal_of_normal)
_lognormal_share = _compile_with_clamp(laws.lognormal_share)
_lognormal_of_normal = _compile_with_clamp(laws.lognormal_of_normal)
_poisson_inverse = device_function(laws.poisson_inverse)
_gamma_inverse = _compile_with_clamp(laws.gamma_inverse, gamma_share=device_function(laws.gamma_share))
_pert_inverse = _compile_with_clamp(laws.pert_inverse, beta_share=_compile_with_clamp(laws.beta_share))
lognormal_centre = device_function(laws.lognormal_centre)
lognormal_sigma = device_function(laws.lognormal_sigma)


@device_function
def _to_normals(x: Floats, spare: Floats) -> None:
    """Turn probabilities into standard normals: the central branch for all, then the few in the tails."""
    noinline()
    z, places, r, near = spare[0], spare[1], spare[2], spare[3]
    for i in range(len(x)):
        z[i] = _normal_centre(x[i] - 0.5)
    tails = 0
    for i in range(len(x)):
        places[tails] = i
        tails += 1 if abs(x[i] - 0.5) > laws.NORMAL_CENTRE else 0
    for k in range(tails):
        share = x[np.int64(places[k])]
        r[k] = math.sqrt(-math.log(share if share < 0.5 else 1.0 - share))
    for k in range(tails):
        near[k] = _normal_near(r[k])
    for k in range(tails):
        place = np.int64(places[k])
        far = near[k] if r[k] <= laws.NORMAL_NEAR else _normal_far(r[k])
        z[place] = -far if x[place] < 0.5 else far
    for i in range(len(x)):
        x[i] = z[i]


@device_function
def to_lognormals(
    x: Floats, spare: Floats, centre: float, sigma: float, ceiling: float, share_high: float
) -> None:
    """Turn uniforms into lognormal draws; overwrites `spare`."""
    for i in range(len(x)):
        x[i] = _lognormal_share(x[i], share_high)
    _to_normals(x, spare)
    for i in range(len(x)):
        x[i] = _lognormal_of_normal(x[i], centre, sigma, ceiling)


@device_function
def apply_inverse(laws_of: LawTables, q: int, x: Floats, spare: Floats) -> None:  # noqa: C901 - a case for each law
    """Turn uniforms into draws of quantity `q`; overwrites `spare`."""
    noinline()
    row = laws_of.quantities[q]
    law = row.law
    if law == FIXED:
        for i in range(len(x)):
            x[i] = row.a
    elif law == UNIFORM:
        for i in range(len(x)):
            x[i] = _uniform_inverse(x[i], row.a, row.b)
    elif law == TRIANGULAR:
        for i in range(len(x)):
            x[i] = _triangular_inverse(x[i], row.a, row.b, row.c)
    elif law == NORMAL:
        for i in range(len(x)):
            x[i] = _normal_share(x[i], row.e, row.f, row.g)
        _to_normals(x, spare)
        for i in range(len(x)):
            x[i] = _normal_of_normal(x[i], row.a, row.b, row.c, row.d, row.g)
    elif law == LOGNORMAL:
        to_lognormals(x, spare, row.a, row.b, row.c, row.d)
    elif law == EXPONENTIAL:
        for i in range(len(x)):
            x[i] = _exponential_inverse(x[i], row.a, row.b, row.c)
    elif law == POISSON:
        for i in range(len(x)):
            x[i] = _poisson_inverse(x[i], row.a, row.b, row.c, row.d, row.e)
    elif law == GAMMA:
        for i in range(len(x)):
            x[i] = _gamma_inverse(x[i], row.a, row.b, row.c, row.d, row.e)
    elif law == PERT:
        for i in range(len(x)):
            x[i] = _pert_inverse(x[i], row.a, row.b, row.c, row.d, row.e)
    elif law == CHOICE:
        values = laws_of.choices[row.first : row.first + row.count]
        weights = laws_of.weights[row.first : row.first + row.count]
        for i in range(len(x)):
            x[i] = _choice_inverse(x[i], values, weights)


def draw_quantities(laws_of: LawTables, rows: Ints, seed: np.uint64, runs: Runs, count: int) -> Floats:
    """Draw occurrences 0 to `count` - 1 of some quantities, shape (len(rows), runs, count or more)."""
    width = (count + 3) // 4 * 4
    x, spare = np.empty((len(rows), len(runs), width)), np.empty((SCRATCH_ROWS, width))
    _draw(laws_of, rows, seed, runs, count, x, spare)
    return x


@kernel
def _draw(
    laws_of: LawTables,
    rows: Ints,
    seed: np.uint64,
    runs: Runs,
    count: int,
    x: Floats,
    spare: Floats,
) -> None:
    for k in range(len(rows)):
        quantity = laws_of.quantities[rows[k]]
        for r in range(len(runs)):
            if quantity.law != FIXED:
                uniforms(seed, quantity.stream, runs[r], ZERO, x[k, r])
            row = x[k, r]
            apply_inverse(laws_of, rows[k], row[:count], spare)


def to_seconds_array(days: Floats) -> Ints:
    """Return durations in days as whole seconds: `sim.formulas.to_seconds` for arrays, not compiled."""
    return np.floor(np.fmin(days, LONGEST_DAYS) * SECONDS_PER_DAY + 0.5).astype(np.int64)
