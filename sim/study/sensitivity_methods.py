"""Sensitivity methods that set the inputs: tornado, Morris and Sobol."""

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

#: Runs at each point of Morris and Sobol, which explain the mean over them.
REPLICATIONS = 16
TRAJECTORIES = 64
SOBOL_POINTS = 1024
#: Independent parts of a Sobol sample, for the jackknife intervals.
SOBOL_PARTS = 16
MORRIS_LEVELS = 4
#: Quantiles between which tornado and Morris move an input.
LOW_SHARE, HIGH_SHARE = 0.05, 0.95


class MethodOptions(NamedTuple):
    """Validated options of a method."""

    runs: int
    points: int
    seed: int
    jobs: int | None
    progress: Progress | None


class MethodResult(NamedTuple):
    """Indices, information about each outcome, and the number of evaluated points."""

    indices: list[SensitivityIndex]
    outcome_infos: dict[str, OutcomeInfo]
    points: int


def _run_tornado(
    scenario: Scenario, inputs: list[UncertainInput], wanted: list[str], options: MethodOptions
) -> MethodResult:
    points = 1 + 2 * len(inputs)
    evaluator = Evaluator(scenario, options.runs, options.seed, options.jobs, points, options.progress)
    names, found = evaluator.run_outcomes([], [()])
    base = cap_days_at_end(names, found, scenario.days)[:, 0]
    indices: dict[str, list[SensitivityIndex]] = {name: [] for name in wanted}
    reached = {name: [np.isinf(found[names.index(name)]).mean()] for name in wanted}
    for each in inputs:
        _, found = evaluator.run_outcomes([each.axis(np.array([LOW_SHARE, HIGH_SHARE]))], [(0,), (1,)])
        values = cap_days_at_end(names, found, scenario.days)
        for name in wanted:
            place = names.index(name)
            for side, kind in enumerate(("low", "high")):
                indices[name].append(SensitivityIndex(name, each.path, kind, *median(values[place, side])))
            reached[name].append(np.isinf(found[place]).mean())
    infos = {
        name: OutcomeInfo(
            censored=float(np.average(reached[name], weights=[1] + [2] * len(inputs))),
            is_constant=all(row.value == indices[name][0].value for row in indices[name])
            and is_constant(base[names.index(name)]),
            base=median(base[names.index(name)]).value,
        )
        for name in wanted
    }
    return MethodResult([row for name in wanted for row in indices[name]], infos, points)


def _run_morris(
    scenario: Scenario, inputs: list[UncertainInput], wanted: list[str], options: MethodOptions
) -> MethodResult:
    from SALib.analyze.morris import analyze
    from SALib.sample.morris import sample

    problem = _salib_problem(inputs)
    (seed,) = _sample_seeds(options.seed, 1)
    cube = sample(problem, options.points, num_levels=MORRIS_LEVELS, seed=seed)
    evaluator = Evaluator(scenario, options.runs, options.seed, options.jobs, len(cube), options.progress)
    # Unbounded laws have no value at the ends of the unit interval.
    answer = evaluator.mean_outcomes(inputs, LOW_SHARE + (HIGH_SHARE - LOW_SHARE) * cube)
    indices = []
    for name in wanted:
        values = answer.values[answer.names.index(name)]
        if is_constant(values):
            indices += _undefined_indices(name, inputs, ("mu_star", "sigma"))
            continue
        found = analyze(problem, cube, values, num_levels=MORRIS_LEVELS, conf_level=CONFIDENCE, seed=seed)
        for place, each in enumerate(inputs):
            mean, half = float(found["mu_star"][place]), float(found["mu_star_conf"][place])
            indices.append(
                SensitivityIndex(name, each.path, "mu_star", mean, max(0.0, mean - half), mean + half)
            )
            indices.append(SensitivityIndex(name, each.path, "sigma", float(found["sigma"][place])))
    return MethodResult(indices, _outcome_infos(answer, wanted), len(cube))


def _run_sobol(
    scenario: Scenario, inputs: list[UncertainInput], wanted: list[str], options: MethodOptions
) -> MethodResult:
    from SALib.sample.sobol import sample

    problem = _salib_problem(inputs)
    parts = [
        sample(problem, options.points // SOBOL_PARTS, calc_second_order=False, seed=seed)
        for seed in _sample_seeds(options.seed, SOBOL_PARTS)
    ]
    cube = np.concatenate(parts)
    evaluator = Evaluator(scenario, options.runs, options.seed, options.jobs, len(cube), options.progress)
    answer = evaluator.mean_outcomes(inputs, cube)
    indices = []
    for name in wanted:
        values = answer.values[answer.names.index(name)]
        if is_constant(values):
            indices += _undefined_indices(name, inputs, ("first", "total"))
            continue
        first, total = variance_shares(values, len(inputs), SOBOL_PARTS)
        for place, each in enumerate(inputs):
            indices.append(SensitivityIndex(name, each.path, "first", *first[place]))
            indices.append(SensitivityIndex(name, each.path, "total", *total[place]))
    return MethodResult(indices, _outcome_infos(answer, wanted), len(cube))


#: Takes a scenario, its inputs, names of outcomes, and options.
Method = Callable[[Scenario, list[UncertainInput], list[str], MethodOptions], MethodResult]
METHODS_BY_NAME: Mapping[str, Method] = {"tornado": _run_tornado, "morris": _run_morris, "sobol": _run_sobol}


def _undefined_indices(
    name: str, inputs: Sequence[UncertainInput], kinds: Sequence[str]
) -> list[SensitivityIndex]:
    return [SensitivityIndex(name, each.path, kind, *NO_ESTIMATE) for each in inputs for kind in kinds]


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
    """Return positive 32-bit seeds for samples, as SALib requires."""
    return [int(word) | 1 for word in np.random.SeedSequence(seed).generate_state(count)]
