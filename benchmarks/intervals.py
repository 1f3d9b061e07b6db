"""Coverage of the intervals of break-even and sensitivity, on cases with a closed form.

    python benchmarks/intervals.py

Each case is repeated under 200 seeds, break-even under 1,000: it is quick, and the standard error of a
share of 200 is two percent. A break-even value, a rank correlation and a median say 90 %, Sobol indices
95 %; the coverage should be near that, and between 90 and 98 % for Sobol. The truth:

- break-even: S + D (p - r) = r with S uniform (and r by day, where it varies, has its mean), so that the
  value of p that holds in a share h of runs is linear in the quantile of S;
- Sobol, linear: the closing stock S + D (p - r), so that indices are shares of variance;
- Sobol, exhaustion: min(floor((S - r) / (r - p)), D), with indices from a dense grid of the three;
- rank: the closing stock against S, with its Spearman correlation from a million draws;
- tornado: the median of the closing stock with S at its 5 % quantile: all laws are even about their middle.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from scipy import stats

import sim
from sim import simulate

REPETITIONS = 200
#: Times as many for a case whose name begins so.
MORE = {"breakeven": 5}
DAYS = 100
STOCK, MADE, SHOT = "depots.d.stock", "production.line.rate", "consumption.front.rate"
RANGES = {STOCK: (8e6, 12e6), MADE: (10e3, 30e3), SHOT: (50e3, 60e3)}
SLOPES = {STOCK: 1.0, MADE: float(DAYS), SHOT: -float(DAYS)}
SCARCE = (2e6, 4e6)

Interval = tuple[str, float, float | None, float | None]
#: From a seed to the truth of each figure and its interval.
Case = Callable[[int], Iterator[Interval]]


def plain(stock: Any, made: Any, shot: Any) -> sim.Scenario:
    given = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-04-10",
        "depots": {"d": {"stock": stock}},
        "production": {"line": {"rate": made}},
        "consumption": {"front": {"rate": shot}},
    }
    return simulate.as_scenario(given)


def uniform(path: str, unit: str, ends: tuple[float, float] | None = None) -> dict[str, str]:
    low, high = ends or RANGES[path]
    return {"low": f"{low!r}{unit}", "high": f"{high!r}{unit}"}


def breakeven(share: float, runs: int) -> Case:
    low, high = 2e6, 6e6
    scenario = plain(uniform(STOCK, "", (low, high)), "20k/day", "60k/day")
    # It holds where S is at least 60,000 - D (p - 60,000): in a share h for its 1 - h quantile.
    truth = 60e3 - (low + (1 - share) * (high - low) - 60e3) / DAYS

    def case(seed: int) -> Iterator[Interval]:
        one = sim.breakeven(scenario, MADE, holds=share, runs=runs, seed=seed, bounds=(1e3, 200e3)).found[0]
        yield f"break-even, {share:.0%}, {runs} runs", truth, one.low, one.high

    return case


def linear(stock: tuple[float, float] = RANGES[STOCK]) -> sim.Scenario:
    return plain(uniform(STOCK, "", stock), uniform(MADE, "/day"), uniform(SHOT, "/day"))


def sobol_linear(points: int) -> Case:
    scenario = linear()
    parts = {path: (SLOPES[path] * (high - low)) ** 2 for path, (low, high) in RANGES.items()}
    truth = {(path, kind): part / sum(parts.values()) for path, part in parts.items() for kind in KINDS}
    return sobol(scenario, "closing_stock", truth, points, "linear")


def sobol_exhausted(points: int) -> Case:
    steps = (np.arange(300) + 0.5) / 300
    ends = (SCARCE, RANGES[MADE], RANGES[SHOT])
    s, p, r = np.meshgrid(*(low + (high - low) * steps for low, high in ends), indexing="ij", sparse=True)
    day = np.minimum(np.floor((s - r) / (r - p)), DAYS)
    truth = {}
    for axis, path in enumerate((STOCK, MADE, SHOT)):
        others = tuple(other for other in range(3) if other != axis)
        truth[path, "first"] = float(day.mean(axis=others).var() / day.var())
        truth[path, "total"] = float(day.var(axis=axis).mean() / day.var())
    return sobol(linear(SCARCE), "exhausted", truth, points, "exhaustion")


KINDS = ("first", "total")


def sobol(
    scenario: sim.Scenario, of: str, truth: dict[tuple[str, str], float], points: int, name: str
) -> Case:
    def case(seed: int) -> Iterator[Interval]:
        found = sim.sensitivity(scenario, method="sobol", of=of, runs=1, points=points, seed=seed)
        for row in found.indices:
            label = f"Sobol, {name}, {points} points, {row.kind} of {row.path}"
            yield label, truth[row.path, row.kind], row.low, row.high

    return case


def rank(runs: int) -> Case:
    rng = np.random.default_rng(0)
    drawn = {path: rng.uniform(*ends, 1_000_000) for path, ends in RANGES.items()}
    stock = sum(SLOPES[path] * drawn[path] for path in RANGES)
    truth = {path: float(stats.spearmanr(drawn[path], stock).statistic) for path in RANGES}
    scenario = linear()

    def case(seed: int) -> Iterator[Interval]:
        found = sim.sensitivity(scenario, of="closing_stock", runs=runs, seed=seed)
        for row in found.indices:
            yield f"rank, {runs} runs, {row.path}", truth[row.path], row.low, row.high

    return case


def tornado(runs: int) -> Case:
    scenario = linear()
    base = sum(SLOPES[path] * (low + high) / 2 for path, (low, high) in RANGES.items())
    width = RANGES[STOCK][1] - RANGES[STOCK][0]

    def case(seed: int) -> Iterator[Interval]:
        found = sim.sensitivity(scenario, method="tornado", of="closing_stock", runs=runs, seed=seed)
        rows = {(row.path, row.kind): row for row in found.indices}
        for kind, side in (("low", -0.45), ("high", 0.45)):
            row = rows[STOCK, kind]
            yield f"tornado, {runs} runs, {kind} of {STOCK}", base + side * width, row.low, row.high

    return case


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    parser.add_argument("--only", default="", help="cases whose name has this word")
    asked = parser.parse_args(words)
    cases: dict[str, Case] = {
        "breakeven 50": breakeven(0.5, 200),
        "breakeven 95": breakeven(0.95, 400),
        "sobol linear 256": sobol_linear(256),
        "sobol linear 1024": sobol_linear(1024),
        "sobol exhausted 1024": sobol_exhausted(1024),
        "rank": rank(200),
        "tornado": tornado(200),
    }
    print("| interval | repetitions | holds what is true |")
    for name, case in cases.items():
        if asked.only not in name:
            continue
        started = time.perf_counter()
        held: dict[str, list[bool]] = {}
        times = asked.repetitions * MORE.get(name.split()[0], 1)
        for seed in range(1, times + 1):
            for label, truth, low, high in case(seed):
                held.setdefault(label, []).append(
                    (low is None or low <= truth) and (high is None or truth <= high)
                )
        for label, hits in held.items():
            print(f"| {label} | {len(hits):,} | {np.mean(hits):.1%} |")
        print(f"  {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
