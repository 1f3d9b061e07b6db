"""Agreement of all implementations of the reference work, also with values found independently.

    python benchmarks/reference/agreement.py                                 plain script and simpy model
    python benchmarks/reference/agreement.py --who compiled --runs 120000
    python benchmarks/reference/agreement.py --who cimba --variant rationed

The runs are split into batches, each with a seed of its own, and standard errors are of the means of the
batches, so that whatever reports means can be judged, however it stores its runs. z is the difference over
the standard errors of both; beyond 4 counts as disagreement. Scripts that draw alike must have the same stock
on every day of a run, to the last bit.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import work

import sim

FOLDER = Path(__file__).parent
SCENARIOS = {
    work.HIRED: FOLDER / "reference.yaml",
    work.RETURNING: FOLDER / "reference-400-trains.yaml",
    work.RATIONED: FOLDER / "reference-rationed.yaml",
}
ENGINES = ("simpy", "compiled")
SCRIPTS = {
    "plain": "plain_simpy",
    "cimba": "rival_cimba",
    "salabim": "rival_salabim",
    "usim": "rival_usim",
}
DRAW_ALIKE = ("plain", "salabim", "usim")  # from Python's own generator, and in the same order
DAY_30, DAY_90, LANDED, BELOW = "stock, day 30", "stock, day 90", "landed", "first day below 30"
LOW = 30 * work.REQUIRED
BEYOND = 4.0

Means = dict[str, float]
Batch = Callable[[int, int, str], Means]  # (runs, seed, variant)


class Value(NamedTuple):
    mean: float
    error: float  # standard


UNRATIONED = {
    DAY_30: Value(3_071_295, 192),
    DAY_90: Value(802_663, 331),
    LANDED: Value(27_454_597, 350),
    BELOW: Value(64.188, 0.007),
}
# 400 trains never run short with one berth, so they bring as much as hired trains. Above 30 days of
# supply nothing is rationed, which leaves day 30 and the first day below 30 days as they are.
EXPECTED = {
    work.HIRED: UNRATIONED,
    work.RETURNING: UNRATIONED,
    work.RATIONED: UNRATIONED | {DAY_90: Value(1_118_547, 158)},
}


def of_script(name: str, runs: int, seed: int, variant: str) -> Means:
    """Return the means of a script of this folder."""
    outcome: work.Outcome = importlib.import_module(SCRIPTS[name]).simulate(runs, seed, variant)
    below = outcome.stock < LOW
    if not below.any(axis=1).all():
        raise SystemExit(f"{name}: a run that never falls below 30 days of supply")
    return {
        DAY_30: float(outcome.stock[:, 29].mean()),
        DAY_90: float(outcome.stock[:, 89].mean()),
        LANDED: float(outcome.landed.mean()),
        BELOW: float(below.argmax(axis=1).mean()) + 1,
    }


def of_engine(engine: str, runs: int, seed: int, variant: str) -> Means:
    """Return the means of one of our engines."""
    result = sim.run(SCENARIOS[variant], runs=runs, seed=seed, engine=engine)
    stock, outcomes = result.stock["mean"], result.outcomes
    below = np.array(outcomes["below_30"], dtype="datetime64[D]") - np.datetime64("2023-01-01")
    return {
        DAY_30: float(stock.iloc[29]),
        DAY_90: float(stock.iloc[89]),
        LANDED: float(outcomes["landed"].mean()),
        BELOW: float(below.astype(np.int64).mean()) + 1,
    }


def batch_of(name: str) -> Batch:
    return partial(of_engine, name) if name in ENGINES else partial(of_script, name)


def found(batch: Batch, runs: int, batches: int, variant: str) -> dict[str, Value]:
    """Return each figure over all runs, with its standard error."""
    means = [batch(runs // batches, seed, variant) for seed in range(1, batches + 1)]
    values = {figure: np.array([mean[figure] for mean in means]) for figure in means[0]}
    return {
        figure: Value(float(of.mean()), float(of.std(ddof=1) / batches**0.5)) for figure, of in values.items()
    }


def compare(name: str, variant: str, values: dict[str, Value]) -> Iterable[float]:
    """Print a line for each figure, and yield its z."""
    for figure, expected in EXPECTED[variant].items():
        mine = values[figure]
        z = (mine.mean - expected.mean) / float(np.hypot(mine.error, expected.error))
        digits = 3 if figure == BELOW else 0
        print(
            f"{name:9}{variant:12}{figure:20}{mine.mean:>14,.{digits}f}{mine.error:>10,.{digits}f}"
            f"{expected.mean:>14,.{digits}f}{expected.error:>8,.{digits}f}{z:>8.2f}",
            flush=True,
        )
        yield z


def same_paths(names: Iterable[str], variant: str) -> bool:
    """Print whether the scripts that draw alike have the same stock on every day of some runs."""
    outcomes: list[work.Outcome] = [
        importlib.import_module(SCRIPTS[name]).simulate(3, 1, variant) for name in names
    ]
    return all(np.array_equal(outcome.stock, outcomes[0].stock) for outcome in outcomes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--who", nargs="+", choices=(*SCRIPTS, *ENGINES), default=["plain", "simpy"])
    parser.add_argument("--variant", nargs="+", choices=work.VARIANTS, default=list(work.VARIANTS))
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--batches", type=int, default=40)
    options = parser.parse_args()
    print(f"{'':41}{'found':>14}{'se':>10}{'expected':>14}{'se':>8}{'z':>8}")
    worst = 0.0
    for name in options.who:
        for variant in options.variant:
            values = found(batch_of(name), options.runs, options.batches, variant)
            worst = max(worst, *(abs(z) for z in compare(name, variant, values)))
    print(f"largest |z|: {worst:.2f}")
    alike = [name for name in options.who if name in DRAW_ALIKE]
    same = all(same_paths(alike, variant) for variant in options.variant)
    if len(alike) > 1:
        print(
            f"{', '.join(alike)}: {'the same' if same else 'not the same'} stock on every day of three runs"
        )
    return 1 if worst > BEYOND or not same else 0


if __name__ == "__main__":
    sys.exit(main())
