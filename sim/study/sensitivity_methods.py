"""Sensitivity methods that set the inputs: tornado, Morris and Sobol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.results.intervals import CONFIDENCE
from sim.scenario.scenario import Scenario
from sim.simulate import Progress
from sim.study.input_response import Evaluator, cap_days_at_end
from sim.study.sensitivity_indices import (
    NO_ESTIMATE,
    Estimate,
    SensitivityIndex,
    is_constant,
    median,
    variance_shares,
)
from sim.study.sensitivity_result import OutcomeInfo
from sim.study.uncertain_inputs import UncertainInput

Floats = NDArray[np.float64]

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

    def estimates(values: Floats) -> dict[str, list[Estimate]]:
        found = analyze(problem, cube, values, num_levels=MORRIS_LEVELS, conf_level=CONFIDENCE, seed=seed)
        means = zip(map(float, found["mu_star"]), map(float, found["mu_star_conf"]), strict=True)
        return {
            "mu_star": [Estimate(mean, max(0.0, mean - half), mean + half) for mean, half in means],
            "sigma": [Estimate(float(sigma)) for sigma in found["sigma"]],
        }

    # Unbounded laws have no value at the ends of the unit interval.
    inner = LOW_SHARE + (HIGH_SHARE - LOW_SHARE) * cube
    return _explain_means(scenario, inputs, wanted, options, inner, ("mu_star", "sigma"), estimates)


def _run_sobol(
    scenario: Scenario, inputs: list[UncertainInput], wanted: list[str], options: MethodOptions
) -> MethodResult:
    from SALib.sample.sobol import sample

    problem = _salib_problem(inputs)
    parts = [
        sample(problem, options.points // SOBOL_PARTS, calc_second_order=False, seed=seed)
        for seed in _sample_seeds(options.seed, SOBOL_PARTS)
    ]

    def estimates(values: Floats) -> dict[str, list[Estimate]]:
        return dict(zip(("first", "total"), variance_shares(values, len(inputs), SOBOL_PARTS), strict=True))

    cube = np.concatenate(parts)
    return _explain_means(scenario, inputs, wanted, options, cube, ("first", "total"), estimates)


def _explain_means(
    scenario: Scenario,
    inputs: list[UncertainInput],
    wanted: list[str],
    options: MethodOptions,
    cube: Floats,
    kinds: tuple[str, ...],
    estimates: Callable[[Floats], Mapping[str, Sequence[Estimate]]],
) -> MethodResult:
    """Return the indices of mean outcomes at points of the cube; none for an outcome that is constant."""
    evaluator = Evaluator(scenario, options.runs, options.seed, options.jobs, len(cube), options.progress)
    answer = evaluator.mean_outcomes(inputs, cube)
    indices: list[SensitivityIndex] = []
    infos = {}
    for name in wanted:
        place = answer.names.index(name)
        values = answer.values[place]
        infos[name] = OutcomeInfo(float(answer.censored[place]), is_constant(values))
        nothing = dict.fromkeys(kinds, [NO_ESTIMATE] * len(inputs))
        found = nothing if infos[name].is_constant else estimates(values)
        for position, each in enumerate(inputs):
            indices += [SensitivityIndex(name, each.path, kind, *found[kind][position]) for kind in kinds]
    return MethodResult(indices, infos, len(cube))


#: Takes a scenario, its inputs, names of outcomes, and options.
Method = Callable[[Scenario, list[UncertainInput], list[str], MethodOptions], MethodResult]
METHODS_BY_NAME: Mapping[str, Method] = {"tornado": _run_tornado, "morris": _run_morris, "sobol": _run_sobol}


def _salib_problem(inputs: Sequence[UncertainInput]) -> dict[str, object]:
    return {
        "num_vars": len(inputs),
        "names": [each.path for each in inputs],
        "bounds": [[0.0, 1.0]] * len(inputs),
    }


def _sample_seeds(seed: int, count: int) -> list[int]:
    """Return positive 32-bit seeds for samples, as SALib requires."""
    return [int(word) | 1 for word in np.random.SeedSequence(seed).generate_state(count)]
