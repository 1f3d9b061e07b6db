"""Lower bound of the reference work: its random numbers, drawn and stored, and nothing else.

    python benchmarks/reference/floor.py --runs 1000

It draws the very numbers that the model draws (Philox words by seed, stream, run and occurrence, put through
the inverses of `sim.scenario.laws`, with the scalar functions of `math`), as many as a run of the work needs,
and writes one number for every day of every run. No ship sails, no train waits, no stock is kept.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import work
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.account import stream_key
from sim.model.streams import RandomStreams
from sim.scenario import laws

VARIATION, RAIL = "consumption.front.variation", "shipments.dprk.route.1.travel"
OUT, BACK = "shipments.dprk.route.0.travel", "shipments.dprk.route.0.back"
STREAMS = (VARIATION, RAIL, OUT, BACK)
VOYAGES, TRAIN_VOYAGES = 342, 1710  # the means over runs; a ship draws a way out and a way back
COUNTS = (work.DAYS, TRAIN_VOYAGES, VOYAGES, VOYAGES)
SHARES = np.array([0.05, 0.25, 0.50, 0.75, 0.95])

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

compiled = numba.njit(error_model="numpy")
_near, _far = compiled(laws.normal_inverse_near), compiled(laws.normal_inverse_far)
_MIDDLE = 0.425  # AS 241 needs no logarithm within this of one half
_TOP = tuple(float(getattr(laws, f"_A{power}")) for power in range(7, -1, -1))
_LOW = (*(float(getattr(laws, f"_B{power}")) for power in range(7, 0, -1)), 1.0)
_ROUNDS = 10
_WORDS_A_BLOCK = 4


def _product(_typing: object, a: types.Type, b: types.Type) -> object:
    """Return the upper 64 bits of a product of two numbers of 64 bits."""

    def code(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(args[0], wide), builder.zext(args[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(a, b), code


_high: Any = intrinsic(_product)


@compiled
def draw_uniform(seed: np.uint64, stream: np.uint64, run: np.uint64, words: Words, uniform: Floats) -> None:
    """Fill `uniform` with the first numbers of a stream in a run (Philox4x64-10, rule 4)."""
    first, second = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
    for block in range((len(uniform) + _WORDS_A_BLOCK - 1) // _WORDS_A_BLOCK):
        a, b, c, d = np.uint64(block + 1), run, np.uint64(0), np.uint64(0)
        k, m = seed, stream
        for _ in range(_ROUNDS):
            a, b, c, d = _high(second, c) ^ b ^ k, second * c, _high(first, a) ^ d ^ m, first * a
            k += np.uint64(0x9E3779B97F4A7C15)
            m += np.uint64(0xBB67AE8584CAA73B)
        at = block * _WORDS_A_BLOCK
        words[at], words[at + 1], words[at + 2], words[at + 3] = a, b, c, d
    for i in range(len(uniform)):
        uniform[i] = (np.float64(words[i] >> np.uint64(12)) + 0.5) / 2.0**52


@compiled
def horner(coefficients: tuple[float, ...], x: float) -> float:
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


@compiled
def normal_inverse_tail(p: float) -> float:
    """As `laws.normal_inverse_tail`, as a function that compiled code cannot inline."""
    tail = p if p < 0.5 else 1.0 - p
    r = math.sqrt(-math.log(tail))
    x: float = _near(r) if r <= laws.NORMAL_NEAR else _far(r)
    return -x if p < 0.5 else x


@compiled
def to_normal(uniform: Floats, drawn: Floats, tails: NDArray[np.int64]) -> None:
    """Put numbers through AS 241: first its middle for all, several at a time, then the tails."""
    for i in range(len(drawn)):
        q = uniform[i] - 0.5
        r = 0.180625 - q * q
        drawn[i] = q * horner(_TOP, r) / horner(_LOW, r)
    found = 0
    for i in range(len(drawn)):
        tails[found] = i
        found += abs(uniform[i] - 0.5) > _MIDDLE
    for i in tails[:found]:
        drawn[i] = normal_inverse_tail(uniform[i])


@compiled
def to_triangular(uniform: Floats, low: float, mode: float, high: float, drawn: Floats) -> None:
    width = high - low
    rise, fall = width * (mode - low), width * (high - mode)
    for i in range(len(drawn)):
        u = uniform[i]
        drawn[i] = low + math.sqrt(u * rise) if u * width < mode - low else high - math.sqrt((1.0 - u) * fall)


@compiled
def draw(seed: np.uint64, streams: Words, sigmas: tuple[float, float], stock: Floats, landed: Floats) -> None:
    """Draw all numbers of some runs: a day's requirement goes where its stock would stand."""
    most = max(COUNTS)
    words, tails = np.empty(most + _WORDS_A_BLOCK, np.uint64), np.empty(most, np.int64)
    uniform, drawn = np.empty(most), np.empty(most)
    daily, rail = sigmas
    for run in range(len(landed)):
        number = np.uint64(run)
        draw_uniform(seed, streams[0], number, words, uniform[: work.DAYS])
        to_normal(uniform[: work.DAYS], drawn[: work.DAYS], tails)
        for day in range(work.DAYS):
            stock[run, day] = work.REQUIRED * math.exp(daily * drawn[day] - 0.5 * daily * daily)
        draw_uniform(seed, streams[1], number, words, uniform[:TRAIN_VOYAGES])
        to_normal(uniform[:TRAIN_VOYAGES], drawn[:TRAIN_VOYAGES], tails)
        total = 0.0
        for voyage in range(TRAIN_VOYAGES):
            total += work.RAIL * math.exp(rail * drawn[voyage] - 0.5 * rail * rail)
        for sail in streams[2:]:
            draw_uniform(seed, sail, number, words, uniform[:VOYAGES])
            to_triangular(uniform[:VOYAGES], work.SAIL_LOW, work.SAIL_MODE, work.SAIL_HIGH, drawn[:VOYAGES])
            total += drawn[:VOYAGES].sum()
        landed[run] = total


def simulate(runs: int, seed: int) -> work.Outcome:
    """Return daily requirements in place of the stock, and days of travel in place of landings."""
    stock, landed = np.empty((runs, work.DAYS)), np.empty(runs)
    streams = np.array([stream_key(name) for name in STREAMS], dtype=np.uint64)
    draw(np.uint64(seed), streams, (work.VARIATION_SIGMA, work.RAIL_SIGMA), stock, landed)
    return work.Outcome(stock, landed)


def bands(stock: Floats) -> Floats:
    """Return mean and exact quantiles of each day over runs, of shape (days, 6), by sorting each day."""
    by_day = np.ascontiguousarray(stock.T)
    mean = by_day.mean(axis=1)
    by_day.sort(axis=1)
    ranks = np.ceil(SHARES * len(stock)).astype(int) - 1
    return np.column_stack([mean, by_day[:, ranks]])


def simulate_with_bands(runs: int, seed: int) -> Floats:
    """Return the bands of what `simulate` returns."""
    return bands(simulate(runs, seed).stock)


def largest_difference(seed: int, run: int) -> float:
    """Return the largest relative difference of a run's numbers from those that the model would draw."""
    ours, streams = simulate(run + 1, seed), RandomStreams(seed, run)
    daily = laws.lognormal_of_mean_cv(work.REQUIRED, work.VARIATION)
    rail: laws.Law = laws.lognormal_of_mean_cv(work.RAIL, work.RAIL_CV)
    sail: laws.Law = laws.Triangular(work.SAIL_LOW, work.SAIL_MODE, work.SAIL_HIGH)
    stock = [daily.inverse(streams.uniforms(VARIATION).u(n)) for n in range(work.DAYS)]
    days = math.fsum(
        law.inverse(streams.uniforms(name).u(n))
        for name, law, count in zip(STREAMS[1:], (rail, sail, sail), COUNTS[1:], strict=True)
        for n in range(count)
    )
    return float(max(np.abs(ours.stock[run] / stock - 1).max(), abs(ours.landed[run] / days - 1)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"largest difference from the model's draws: {largest_difference(options.seed, 3):.1e}")
    works: dict[str, Callable[[int, int], object]] = {
        "draws alone": simulate,
        "and exact bands of them": simulate_with_bands,
    }
    for name, each in works.items():
        began = time.process_time()
        each(options.runs, options.seed)
        seconds = (time.process_time() - began) / options.runs
        print(f"{name:24}{1e6 * seconds:>8.1f} us of processor time a run: {1 / seconds:,.0f} a second")


if __name__ == "__main__":
    main()
