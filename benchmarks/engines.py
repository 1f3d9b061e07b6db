"""Runs per second of processor time: plain simpy, our two engines, rivals, and the floor under all of them.

    python benchmarks/engines.py
    python benchmarks/engines.py --rounds 3 --only in-process

One table for work inside one process, in turn and as processor time of one core, with medians over the rounds
and ratios to the plain simpy script; one for whole processes. Rivals that are not installed are listed.
The work is that of `reference/`; `reference/agreement.py` shows that all who do it find the same.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import statistics
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import commands
import timing
from timing import Work

import sim
from sim import simulate
from sim.scenario.scenario import Scenario

BENCHMARKS = Path(__file__).parent
REFERENCE = BENCHMARKS / "reference"
TWO_CALIBRES = BENCHMARKS.parent / "scenarios" / "two-calibres.yaml"
PLAIN = "plain simpy script"
RIVALS = {"cimba": 500, "salabim": 5, "usim": 3}  # runs a round
ARRAYS = "compiled: the engine alone, with exact bands of the stock as arrays"
ENSEMBLE, SWEEP = "compiled: `sim.run`, every table it makes", "compiled: sweep, 20 x 20 cells x 100 runs"
TWO_TABLES = "compiled: `sim.run`, stock and outcomes alone"
CALIBRES = "compiled: two-calibres, the same"
RUNS, CELLS, RUNS_A_CELL = 1000, 20, 100
HIRED, RETURNING, RATIONED = "hired", "400-trains", "rationed"
SUFFIX = {HIRED: "", RETURNING: "-400-trains", RATIONED: "-rationed"}


def scenario(variant: str = HIRED) -> Scenario:
    return sim.load(REFERENCE / f"reference{SUFFIX[variant]}.yaml")


def scripts() -> Iterable[Work]:
    """Yield the plain script in its variants and the floor; the modules are in a folder of their own."""
    plain = importlib.import_module("plain_simpy").simulate
    yield Work(PLAIN, 10, lambda seed: plain(10, seed, HIRED))
    yield Work(f"{PLAIN}, 400 trains", 10, lambda seed: plain(10, seed, RETURNING))
    yield Work(f"{PLAIN}, rationed", 10, lambda seed: plain(10, seed, RATIONED))
    if importlib.util.find_spec("numba"):
        floor = importlib.import_module("floor")
        yield Work("floor: draws alone", RUNS, partial(floor.simulate, RUNS))
        yield Work("floor: and exact bands of them", RUNS, partial(floor.simulate_with_bands, RUNS))
    else:
        print("floor: numba is not installed (pip install numba)")


def rivals() -> Iterable[Work]:
    for name, runs in RIVALS.items():
        if importlib.util.find_spec(name) is None:
            print(f"rival {name}: not installed (pip install {name})")
            continue
        module = importlib.import_module(f"rival_{name}")
        yield Work(f"rival: {name}", runs, partial(module.simulate, runs))


def simpy_model() -> Iterable[Work]:
    for variant in SUFFIX:
        name = "our simpy model" + (f", {variant.replace('-', ' ')}" if variant != HIRED else "")
        loaded = scenario(variant)
        yield Work(name, 10, partial(simpy_bands, loaded))


def ensemble(given: Scenario, seed: int, runs: int = RUNS, engine: str = "compiled", jobs: int = 1) -> Any:
    return sim.run(given, runs=runs, seed=seed, engine=engine, jobs=jobs)


def simpy_bands(given: Scenario, seed: int) -> object:
    return ensemble(given, seed, 10, "simpy").stock


def stock_bands(given: Scenario, seed: int) -> object:
    return ensemble(given, seed).stock


def two_tables(given: Scenario, seed: int) -> object:
    tables = ("stock", "outcomes")
    result = sim.run(given, runs=RUNS, seed=seed, engine="compiled", jobs=1, tables=tables)
    return result.stock, result.outcomes


def stock_arrays(given: Scenario, seed: int) -> object:
    """Return mean and quantiles of each day's stock, without the other tables of a result."""
    from sim.ensemble.buffer_pool import BufferPool
    from sim.ensemble.engine import MAX_RUNS_PER_BATCH, KeepOptions, draw_block, raise_failures, run_account
    from sim.ensemble.lowering import lower
    from sim.results.band_store import ExactStore

    plan, shelf = lower(given), BufferPool()

    def block(first: int) -> Any:
        drawn = draw_block(plan, seed, range(first, min(first + MAX_RUNS_PER_BATCH, RUNS)), shelf=shelf)
        account = run_account(plan, drawn, KeepOptions(0, plan.axes.days), shelf)
        raise_failures(plan, drawn, account)
        return account.tally.level

    bands: list[ExactStore] = []
    for first in range(0, RUNS, MAX_RUNS_PER_BATCH):
        levels = block(first)
        bands = bands or [ExactStore(level[:, 0], 0, RUNS, shelf.empty) for level in levels]
        for kept, level in zip(bands, levels, strict=True):
            kept.add(level)
    return [kept.bands((5, 25, 50, 75, 95)) for kept in bands]


def sweep(given: Scenario, seed: int) -> object:
    values = [1 + step / (CELLS - 1) for step in range(CELLS)]
    varied = {
        "production.russia.rate": [f"{1.5 * value:.4f}M/year" for value in values],
        "consumption.front.rate": [f"{30 * value:.4f}k/day" for value in values],
    }
    return sim.sweep(given, varied, runs=RUNS_A_CELL, seed=seed, jobs=1).table


def has_compiled() -> bool:
    return "compiled" in getattr(simulate, "ENGINES", ("compiled",))


def has_sweep() -> bool:
    return has_compiled() and "sweep" in sim.__all__


def compiled() -> Iterable[Work]:
    """Yield the measurements of the compiled engine, with the targets: ratios to the plain simpy script."""
    hired, rationed, cells = scenario(), scenario(RATIONED), CELLS * CELLS * RUNS_A_CELL
    works = [
        Work(ARRAYS, RUNS, partial(stock_arrays, hired), 200, 300),
        Work(
            "compiled: the same, 400 returning trains", RUNS, partial(stock_arrays, scenario(RETURNING)), 140
        ),
        Work("compiled: the same, rationed", RUNS, partial(stock_arrays, rationed), 140, 210),
        Work(TWO_TABLES, RUNS, partial(two_tables, hired), 200, 300),
        Work(ENSEMBLE, RUNS, partial(stock_bands, hired), 110),
        Work(CALIBRES, RUNS, partial(stock_arrays, sim.load(TWO_CALIBRES))),
    ]
    sweeps = [
        Work(SWEEP, cells, partial(sweep, hired), 15_000),
        Work("compiled: sweep, rationed", cells, partial(sweep, rationed), 3_500, 7_000),
    ]
    for built, wanted in ((has_compiled(), works), (has_sweep(), sweeps)):
        if built:
            yield from wanted
        else:
            for work in wanted:
                print(f"{work.name}: not built yet")


def copies(count: int) -> dict[str, Any]:
    """Return the reference work as plain data, with each component `count` times, each with its depot."""
    from ruamel.yaml import YAML

    plain = YAML(typ="safe").load((REFERENCE / "reference.yaml").read_text(encoding="utf-8"))
    for section in ("depots", "production", "shipments", "consumption"):
        place = {"production": "to", "shipments": "to", "consumption": "at"}.get(section)
        plain[section] = {
            f"{name}{number}": dict(parts) | ({place: f"depot{number}"} if place else {})
            for number in range(count)
            for name, parts in plain[section].items()
        }
    return dict(plain)


def growth() -> dict[str, Work]:
    """Return one ensemble, and the same with twice the days, the components or the runs."""
    one, twice = (simulate.as_scenario(copies(count)) for count in (1, 2))
    longer = one.replace({"end": "2032-12-31"})  # 3,652 days
    return {
        "": Work("once", 1, partial(stock_bands, one)),
        "days": Work("twice the days", 1, partial(stock_bands, longer)),
        "components": Work("twice the components", 1, partial(stock_bands, twice)),
        "runs": Work("twice the runs", 1, lambda seed: ensemble(one, seed, 2 * RUNS).stock),
    }


def print_growth(rounds: int) -> None:
    works = growth()
    seconds = timing.interleaved(list(works.values()), rounds)
    once = seconds[works.pop("").name]
    print("\nProcessor time of an ensemble, of one of the reference work (linear: 2 or less)")
    for work in works.values():
        print(f"{work.name:44}{timing.middle_ratio(seconds[work.name], once):>10.2f}")


def in_process(rounds: int) -> None:
    works = [*scripts(), *simpy_model(), *rivals(), *compiled()]
    seconds = timing.interleaved(works, rounds)
    print("\nRuns of the reference work a second of processor time, and the ratio to the plain simpy script")
    timing.table(works, seconds, PLAIN)
    if not has_compiled():
        print("growth with days, components and runs: not built yet")
        return
    two_calibres = statistics.median(seconds[CALIBRES])
    rate = statistics.median(seconds[ARRAYS]) / two_calibres
    print(f"{'two-calibres, of the reference rate':44}{rate:>36.2f}  {timing.verdict(rate, 0.2, None)}")
    print_growth(rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", choices=("in-process", "whole"))
    options = parser.parse_args()
    sys.path.append(str(REFERENCE))
    print(timing.machine())
    if options.only != "whole":
        in_process(options.rounds)
    if options.only != "in-process":
        commands.report(options.rounds, compiled=has_compiled())


if __name__ == "__main__":
    main()
