"""How the cost of one run of the simpy model grows: with days, with voyages, with components of each kind.

    python benchmarks/cost.py

For each kind the same scenario with ever twice as many. All sizes are measured in turn in one process, as
processor time, so that a busy machine slows all of them alike; figures are medians over the rounds.
A cost that is linear at most doubles when the number does: the last column is the exponent p of
time ~ number^p, fitted to the last three sizes. The last line is the cost of one run of two-calibres.yaml,
counted in runs of white-house-2023.yaml. `--steps` counts bytecodes instead, which no other work disturbs.
"""

from __future__ import annotations

import argparse
import csv
import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from sim import simulate
from sim.model.run import run_once
from sim.scenario.scenario import Scenario

SCENARIOS = Path(__file__).parent.parent / "scenarios"
SEED = 1
SIZES = (4, 8, 16, 32, 64)
YEARS = (1, 2, 4, 8, 16)

Plain = dict[str, Any]


def plain(**sections: Plain) -> Plain:
    """Return a year with one depot, one production line and one front, and what else is given."""
    whole: Plain = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2025-01-01",
        "depots": {"depot": {"stock": "10M"}},
        "production": {"line": {"rate": "20k/day", "to": "depot"}},
        "consumption": {"front": {"rate": "20k/day", "at": "depot", "daily_variation": "20%"}},
    }
    return {**whole, **sections}


def each(name: str, count: int, part: Callable[[int], Plain]) -> Plain:
    return {f"{name}{number:03}": part(number) for number in range(count)}


def years(count: int) -> Scenario:
    # In the file the deal ends after some 900 days; here it lasts, so that no year is emptier than another.
    end = f"{2024 + count}-01-01"
    settings = [f"end={end}", f"shipments.dprk.until={end}", "shipments.dprk.reserve=1bn"]
    return simulate.load(SCENARIOS / "two-calibres.yaml", settings)


def ships(count: int) -> Scenario:
    settings = [f"shipments.dprk.route.0.vehicles={count}", "end=2024-09-01"]
    return simulate.load(SCENARIOS / "white-house-2023.yaml", settings)


def lines(count: int) -> Plain:
    return plain(production=each("line", count, lambda _: {"rate": "1k/day", "to": "depot"}))


def lines_at_a_gate(count: int) -> Plain:
    return {**lines(count), "depots": {"depot": {"stock": "10M", "capacity": "100M"}}}


def suppliers(count: int) -> Plain:
    ship = {
        "vehicles": 2,
        "capacity": "1k shells",
        "load": "2 days",
        "travel": {"low": "1 day", "high": "9 days"},
    }
    return plain(shipments=each("supplier", count, lambda _: {"to": "depot", "route": [ship]}))


def offers(count: int) -> Plain:
    lots = {"to": "depot", "offered": "1k/day", "lead_time": {"low": "5 days", "high": "30 days"}}
    return plain(shipments=each("supplier", count, lambda _: lots))


def munitions(count: int) -> Plain:
    names = [f"type{number:03}" for number in range(count)]
    by_munition = dict.fromkeys(names, "1k/day")
    return plain(
        munitions=each("type", count, lambda _: {"gross_mass": "50 kg"}),
        depots={"depot": {"stock": dict.fromkeys(names, "1M")}},
        production={"line": {"rate": by_munition, "to": "depot"}},
        consumption={"front": {"rate": by_munition, "at": "depot", "daily_variation": "20%"}},
    )


def fronts(count: int) -> Plain:
    front = {"rate": "1k/day", "at": "depot", "daily_variation": "20%"}
    return plain(consumption=each("front", count, lambda _: front))


def depots(count: int) -> Plain:
    """Return depots that have nothing to do with each other, each with a production line and a front."""
    return plain(
        depots=each("depot", count, lambda _: {"stock": "1M"}),
        production=each("line", count, lambda n: {"rate": "1k/day", "to": f"depot{n:03}"}),
        consumption=each(
            "front", count, lambda n: {"rate": "1k/day", "at": f"depot{n:03}", "daily_variation": "20%"}
        ),
    )


def transfers(count: int) -> Plain:
    """Return depots that are all supplied from one, each to keep what its own front needs."""
    road = {"lead_time": "5 days", "keep": "20 days"}
    return plain(
        depots={"depot": {"stock": "10M"}, **each("near", count, lambda _: {"stock": "10k"})},
        transfers=each("road", count, lambda n: {"from": "depot", "to": f"near{n:03}", **road}),
        consumption=each("front", count, lambda n: {"rate": "1k/day", "at": f"near{n:03}"}),
    )


def events(count: int) -> Plain:
    return plain(events=each("fire", count, lambda _: {"every": "60 days", "at": "depot", "destroys": "1%"}))


KINDS: dict[str, tuple[Callable[[int], Plain | Scenario], Sequence[int]]] = {
    "years": (years, YEARS),
    "ships, each load by four trains": (ships, SIZES),
    "production lines": (lines, SIZES),
    "production lines, depot with capacity": (lines_at_a_gate, SIZES),
    "suppliers with two ships": (suppliers, SIZES),
    "suppliers with lots": (offers, SIZES),
    "munitions": (munitions, SIZES),
    "fronts at one depot": (fronts, SIZES),
    "depots, each with line and front": (depots, SIZES),
    "transfers, each with depot and front": (transfers, SIZES),
    "random events": (events, SIZES),
}


def seconds(scenario: Scenario, run: int) -> float:
    began = time.process_time()
    run_once(scenario, SEED, run)
    return time.process_time() - began


def in_turn(scenarios: Sequence[Scenario], rounds: int) -> list[list[float]]:
    """Return seconds of one run of each scenario in each round; the first run is not counted."""
    return [[seconds(scenario, run) for scenario in scenarios] for run in range(rounds + 1)][1:]


def exponent(sizes: Sequence[int], taken: Sequence[float]) -> float:
    """Return the slope of a straight line through the logarithms."""
    return statistics.linear_regression([*map(math.log, sizes)], [*map(math.log, taken)]).slope


def steps(scenario: Scenario) -> float:
    """Return how many thousand bytecodes one run takes: the same on any machine, however busy."""
    count = 0

    def trace(frame: FrameType, what: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        count += what == "opcode"
        return trace

    sys.settrace(trace)
    try:
        run_once(scenario, SEED, 0)
    finally:
        sys.settrace(None)
    return count / 1000


def curve(kind: str, rounds: int) -> tuple[Sequence[int], list[float]]:
    """Return sizes of a kind and milliseconds a run of each; without rounds, steps of all but the last."""
    build, sizes = KINDS[kind]
    if not rounds:
        return sizes[:-1], [steps(simulate.as_scenario(build(size))) for size in sizes[:-1]]
    scenarios = [simulate.as_scenario(build(size)) for size in sizes]
    columns = zip(*in_turn(scenarios, rounds), strict=True)
    return sizes, [1000 * statistics.median(column) for column in columns]


def two_calibres(rounds: int) -> float:
    names = ("two-calibres", "white-house-2023")
    scenarios = [simulate.load(SCENARIOS / f"{name}.yaml") for name in names]
    return statistics.median(one / other for one, other in in_turn(scenarios, 5 * rounds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", help="kinds with this word in their name")
    parser.add_argument("--csv", action="store_true", help="print the curves as kind, number, cost")
    parser.add_argument("--steps", action="store_true", help="count thousands of bytecodes instead (slow)")
    options = parser.parse_args()
    rounds, unit = (0, "thousand bytecodes") if options.steps else (options.rounds, "milliseconds")
    rows = csv.writer(sys.stdout, lineterminator="\n")
    if options.csv:
        rows.writerow(("kind", "number", unit))
    else:
        print(f"{'what there is more of':40}{f'number: {unit} a run':<64}{'exponent':>9}")
    for kind in (kind for kind in KINDS if (options.only or "") in kind):
        sizes, taken = curve(kind, rounds)
        if options.csv:
            rows.writerows((kind, size, round(cost, 3)) for size, cost in zip(sizes, taken, strict=True))
        else:
            points = "".join(f"{size:>4}: {cost:<7.1f}" for size, cost in zip(sizes, taken, strict=True))
            print(f"{kind:40}{points:<64}{exponent(sizes[-3:], taken[-3:]):>9.2f}", flush=True)
    if rounds and not options.csv and not options.only:
        print(f"two-calibres, of white-house-2023: {two_calibres(rounds):.2f}")


if __name__ == "__main__":
    main()
