"""The methods that set inputs: tornado, Morris and Sobol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.scenario.scenario import Scenario
from sim.simulate import Progress
from sim.study.driven import Driven
from sim.study.driver import CONFIDENCE, NOTHING, Driver, is_constant, median, variance_shares
from sim.study.inputs import Input
from sim.study.response import Desk, Response, within

#: Runs at each point of Morris and Sobol: the mean over them is what is explained.
REPLICATIONS = 16
TRAJECTORIES = 64
BASE = 1024
#: Independent samples that a Sobol sample is made of: what its intervals are made from.
PARTS = 16
LEVELS = 4
#: The shares of its law between which an input goes in a tornado, and in Morris.
LOW, HIGH = 0.05, 0.95


class Order(NamedTuple):
    """What is asked, checked."""

    runs: int
    points: int
    seed: int
    jobs: int | None
    progress: Progress | None


class Found(NamedTuple):
    """What a method finds: rows, what is known of each outcome, and how many points were tried."""

    drivers: list[Driver]
    driven: dict[str, Driven]
    points: int


def _tornado(scenario: Scenario, inputs: list[Input], wanted: list[str], order: Order) -> Found:
    points = 1 + 2 * len(inputs)
    desk = Desk(scenario, order.runs, order.seed, order.jobs, points, order.progress)
    names, found = desk.runs_at([], [()])
    base = within(names, found, scenario.days)[:, 0]
    drivers: dict[str, list[Driver]] = {name: [] for name in wanted}
    reached = {name: [np.isinf(found[names.index(name)]).mean()] for name in wanted}
    for each in inputs:
        _, found = desk.runs_at([each.axis(np.array([LOW, HIGH]))], [(0,), (1,)])
        values = within(names, found, scenario.days)
        for name in wanted:
            place = names.index(name)
            for side, index in enumerate(("low", "high")):
                drivers[name].append(Driver(name, each.path, index, *median(values[place, side])))
            reached[name].append(np.isinf(found[place]).mean())
    driven = {
        name: Driven(
            censored=float(np.average(reached[name], weights=[1] + [2] * len(inputs))),
            constant=all(row.value == drivers[name][0].value for row in drivers[name])
            and is_constant(base[names.index(name)]),
            base=median(base[names.index(name)]).value,
        )
        for name in wanted
    }
    return Found([row for name in wanted for row in drivers[name]], driven, points)


def _morris(scenario: Scenario, inputs: list[Input], wanted: list[str], order: Order) -> Found:
    from SALib.analyze.morris import analyze
    from SALib.sample.morris import sample

    problem = _problem(inputs)
    (seed,) = _seeds(order.seed, 1)
    cube = sample(problem, order.points, num_levels=LEVELS, seed=seed)
    desk = Desk(scenario, order.runs, order.seed, order.jobs, len(cube), order.progress)
    # The ends of the cube have no value under a law without bounds.
    answer = desk.means(inputs, LOW + (HIGH - LOW) * cube)
    drivers = []
    for name in wanted:
        values = answer.values[answer.names.index(name)]
        if is_constant(values):
            drivers += _nothing(name, inputs, ("mu_star", "sigma"))
            continue
        found = analyze(problem, cube, values, num_levels=LEVELS, conf_level=CONFIDENCE, seed=seed)
        for place, each in enumerate(inputs):
            mean, half = float(found["mu_star"][place]), float(found["mu_star_conf"][place])
            drivers.append(Driver(name, each.path, "mu_star", mean, max(0.0, mean - half), mean + half))
            drivers.append(Driver(name, each.path, "sigma", float(found["sigma"][place])))
    return Found(drivers, _driven(answer, wanted), len(cube))


def _sobol(scenario: Scenario, inputs: list[Input], wanted: list[str], order: Order) -> Found:
    from SALib.sample.sobol import sample

    problem = _problem(inputs)
    parts = [
        sample(problem, order.points // PARTS, calc_second_order=False, seed=seed)
        for seed in _seeds(order.seed, PARTS)
    ]
    cube = np.concatenate(parts)
    desk = Desk(scenario, order.runs, order.seed, order.jobs, len(cube), order.progress)
    answer = desk.means(inputs, cube)
    drivers = []
    for name in wanted:
        values = answer.values[answer.names.index(name)]
        if is_constant(values):
            drivers += _nothing(name, inputs, ("first", "total"))
            continue
        first, total = variance_shares(values, len(inputs), PARTS)
        for place, each in enumerate(inputs):
            drivers.append(Driver(name, each.path, "first", *first[place]))
            drivers.append(Driver(name, each.path, "total", *total[place]))
    return Found(drivers, _driven(answer, wanted), len(cube))


#: From a scenario, its inputs, the names of outcomes and an order to what is found.
Method = Callable[[Scenario, list[Input], list[str], Order], Found]
BY_NAME: Mapping[str, Method] = {"tornado": _tornado, "morris": _morris, "sobol": _sobol}


def _nothing(name: str, inputs: Sequence[Input], indices: Sequence[str]) -> list[Driver]:
    return [Driver(name, each.path, index, *NOTHING) for each in inputs for index in indices]


def _driven(answer: Response, wanted: Sequence[str]) -> dict[str, Driven]:
    places = {name: answer.names.index(name) for name in wanted}
    return {
        name: Driven(float(answer.censored[place]), is_constant(answer.values[place]))
        for name, place in places.items()
    }


def _problem(inputs: Sequence[Input]) -> dict[str, object]:
    return {
        "num_vars": len(inputs),
        "names": [each.path for each in inputs],
        "bounds": [[0.0, 1.0]] * len(inputs),
    }


def _seeds(seed: int, count: int) -> list[int]:
    """Return seeds for samples, above zero and in 32 bits, as the library takes them."""
    return [int(word) | 1 for word in np.random.SeedSequence(seed).generate_state(count)]
