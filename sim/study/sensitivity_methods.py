"""The methods that set inputs: tornado, Morris and Sobol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.scenario.scenario import Scenario
from sim.simulate import Progress
from sim.study.input_response import Evaluator, Response, cap_days_at_end
from sim.study.sensitivity_indices import (
    CONFIDENCE,
    NO_ESTIMATE,
    SensitivityIndex,
    is_constant,
    median,
    variance_shares,
)
from sim.study.sensitivity_result import OutcomeInfo
from sim.study.uncertain_inputs import UncertainInput

#: Runs at each point of Morris and Sobol: the mean over them is what is explained.
REPLICATIONS = 16
TRAJECTORIES = 64
SOBOL_POINTS = 1024
#: Independent samples that a Sobol sample is made of: what its intervals are made from.
SOBOL_PARTS = 16
MORRIS_LEVELS = 4
#: The shares of its law between which an input goes in a tornado, and in Morris.
LOW_SHARE, HIGH_SHARE = 0.05, 0.95


class MethodOptions(NamedTuple):
    """What is asked, checked."""

    runs: int
    points: int
    seed: int
    jobs: int | None
    progress: Progress | None


class MethodResult(NamedTuple):
    """What a method finds: rows, what is known of each outcome, and how many points were tried."""

    indices: list[SensitivityIndex]
    outcome_infos: dict[str, OutcomeInfo]
    points: int


def _run_tornado(
    scenario: Scenario, inputs: list[UncertainInput], wanted: list[str], order: MethodOptions
) -> MethodResult:
    points = 1 + 2 * len(inputs)
    desk = Evaluator(scenario, order.runs, order.seed, order.jobs, points, order.progress)
    names, found = desk.run_outcomes([], [()])
    base = cap_days_at_end(names, found, scenario.days)[:, 0]
    drivers: dict[str, list[SensitivityIndex]] = {name: [] for name in wanted}
    reached = {name: [np.isinf(found[names.index(name)]).mean()] for name in wanted}
    for each in inputs:
        _, found = desk.run_outcomes([each.axis(np.array([LOW_SHARE, HIGH_SHARE]))], [(0,), (1,)])
        values = cap_days_at_end(names, found, scenario.days)
        for name in wanted:
            place = names.index(name)
            for side, index in enumerate(("low", "high")):
                drivers[name].append(SensitivityIndex(name, each.path, index, *median(values[place, side])))
            reached[name].append(np.isinf(found[place]).mean())
    driven = {
        name: OutcomeInfo(
            censored=float(np.average(reached[name], weights=[1] + [2] * len(inputs))),
            is_constant=all(row.value == drivers[name][0].value for row in drivers[name])
            and is_constant(base[names.index(name)]),
            base=median(base[names.index(name)]).value,
        )
        for name in wanted
    }
    return MethodResult([row for name in wanted for row in drivers[name]], driven, points)


def _run_morris(
    scenario: Scenario, inputs: list[UncertainInput], wanted: list[str], order: MethodOptions
) -> MethodResult:
    from SALib.analyze.morris import analyze
    from SALib.sample.morris import sample

    problem = _salib_problem(inputs)
    (seed,) = _sample_seeds(order.seed, 1)
    cube = sample(problem, order.points, num_levels=MORRIS_LEVELS, seed=seed)
    desk = Evaluator(scenario, order.runs, order.seed, order.jobs, len(cube), order.progress)
    # The ends of the cube have no value under a law without bounds.
    answer = desk.mean_outcomes(inputs, LOW_SHARE + (HIGH_SHARE - LOW_SHARE) * cube)
    drivers = []
    for name in wanted:
        values = answer.values[answer.names.index(name)]
        if is_constant(values):
            drivers += _undefined_indices(name, inputs, ("mu_star", "sigma"))
            continue
        found = analyze(problem, cube, values, num_levels=MORRIS_LEVELS, conf_level=CONFIDENCE, seed=seed)
        for place, each in enumerate(inputs):
            mean, half = float(found["mu_star"][place]), float(found["mu_star_conf"][place])
            drivers.append(
                SensitivityIndex(name, each.path, "mu_star", mean, max(0.0, mean - half), mean + half)
            )
            drivers.append(SensitivityIndex(name, each.path, "sigma", float(found["sigma"][place])))
    return MethodResult(drivers, _outcome_infos(answer, wanted), len(cube))


def _run_sobol(
    scenario: Scenario, inputs: list[UncertainInput], wanted: list[str], order: MethodOptions
) -> MethodResult:
    from SALib.sample.sobol import sample

    problem = _salib_problem(inputs)
    parts = [
        sample(problem, order.points // SOBOL_PARTS, calc_second_order=False, seed=seed)
        for seed in _sample_seeds(order.seed, SOBOL_PARTS)
    ]
    cube = np.concatenate(parts)
    desk = Evaluator(scenario, order.runs, order.seed, order.jobs, len(cube), order.progress)
    answer = desk.mean_outcomes(inputs, cube)
    drivers = []
    for name in wanted:
        values = answer.values[answer.names.index(name)]
        if is_constant(values):
            drivers += _undefined_indices(name, inputs, ("first", "total"))
            continue
        first, total = variance_shares(values, len(inputs), SOBOL_PARTS)
        for place, each in enumerate(inputs):
            drivers.append(SensitivityIndex(name, each.path, "first", *first[place]))
            drivers.append(SensitivityIndex(name, each.path, "total", *total[place]))
    return MethodResult(drivers, _outcome_infos(answer, wanted), len(cube))


#: From a scenario, its inputs, the names of outcomes and an order to what is found.
Method = Callable[[Scenario, list[UncertainInput], list[str], MethodOptions], MethodResult]
METHODS_BY_NAME: Mapping[str, Method] = {"tornado": _run_tornado, "morris": _run_morris, "sobol": _run_sobol}


def _undefined_indices(
    name: str, inputs: Sequence[UncertainInput], indices: Sequence[str]
) -> list[SensitivityIndex]:
    return [SensitivityIndex(name, each.path, index, *NO_ESTIMATE) for each in inputs for index in indices]


def _outcome_infos(answer: Response, wanted: Sequence[str]) -> dict[str, OutcomeInfo]:
    places = {name: answer.names.index(name) for name in wanted}
    return {
        name: OutcomeInfo(float(answer.censored[place]), is_constant(answer.values[place]))
        for name, place in places.items()
    }


def _salib_problem(inputs: Sequence[UncertainInput]) -> dict[str, object]:
    return {
        "num_vars": len(inputs),
        "names": [each.path for each in inputs],
        "bounds": [[0.0, 1.0]] * len(inputs),
    }


def _sample_seeds(seed: int, count: int) -> list[int]:
    """Return seeds for samples, above zero and in 32 bits, as the library takes them."""
    return [int(word) | 1 for word in np.random.SeedSequence(seed).generate_state(count)]
