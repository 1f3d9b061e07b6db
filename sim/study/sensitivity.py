"""Sensitivity: which of the uncertain inputs drives which outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import simulate
from sim.account import Kind
from sim.errors import ArgumentError, Fault, nearest
from sim.results.result import Result
from sim.scenario.scenario import Scenario
from sim.simulate import Given, Progress
from sim.study.asked import Asked
from sim.study.driven import Driven, Sensitivity
from sim.study.driver import (
    NOTHING,
    Driver,
    is_constant,
    median,
    rank_correlation,
    variance_shares,
)
from sim.study.inputs import Input, independent, nothing_drawn
from sim.study.outcome import SHELLS, Outcome, outcomes
from sim.study.response import Desk, Response, within

Floats = NDArray[np.float64]

METHODS = ("rank", "tornado", "morris", "sobol")
#: Runs at each point of Morris and Sobol: the mean over them is what is explained.
REPLICATIONS = 16
TRAJECTORIES = 64
BASE = 1024
#: Independent samples that a Sobol sample is made of: what its intervals are made from.
PARTS = 16
LEVELS = 4
#: The shares of its law between which an input goes in a tornado, and in Morris.
LOW, HIGH = 0.05, 0.95


class _Order(NamedTuple):
    """What is asked, checked."""

    runs: int
    points: int
    seed: int
    jobs: int | None
    progress: Progress | None


class _Found(NamedTuple):
    """What a method finds: rows, what is known of each outcome, and how many points were tried."""

    drivers: list[Driver]
    driven: dict[str, Driven]
    points: int


def sensitivity(
    scenario: Given | Result,
    *,
    of: str | Sequence[str] | None = None,
    method: str = "rank",
    runs: int | None = None,
    points: int | None = None,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Return which uncertain input drives which outcome.

    Inputs are the numbers that are drawn once a run (rule 6). What is drawn each time that it happens
    (variation of a day, voyages, random events) is no input: it stays as it is drawn.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict; or Result
        As for `sim.run`; a result for its ensemble, with `rank`.
    of : str or sequence of str, optional
        Outcomes; by default all: ``exhausted``, ``rationed_from``, ``below_N`` (days from the start),
        ``closing_stock``, ``sustained_fire``, ``required``, ``fired``, ``unmet``, ``produced``, ``landed``,
        ``lost``.
    method : {"rank", "tornado", "morris", "sobol"}
        ``rank``: Spearman's correlation of each input with each outcome over the runs of an ensemble.
        ``tornado``: the median outcome where an input is at the 5 % (``low``) and the 95 % (``high``)
        quantile of its law, the others drawn. ``morris``: the mean size (``mu_star``) and the standard
        deviation (``sigma``) of elementary effects, each for the way from the 5 % to the 95 % quantile.
        ``sobol``: shares of the variance, of an input alone (``first``) and with all its interactions
        (``total``).
    runs : int, optional
        Of the ensemble; 1,000. Of each point of Morris and Sobol: 16. Their mean outcome is what is
        explained, with the same remaining draws at every point.
    points : int, optional
        Trajectories of Morris (64), or base points of Sobol (1,024; a power of two): these take
        ``trajectories * (inputs + 1)`` and ``points * (inputs + 2)`` evaluations.
    seed, jobs, progress
        As for `sim.run`.

    Returns
    -------
    Sensitivity

    Notes
    -----
    A day that a run does not reach is not left out: it ranks after all days, and counts as the end of the
    scenario in the other methods, which then explain min(day, end). The summary has its share.

    Raises
    ------
    ScenarioError
        The scenario is not valid.
    ArgumentError
        An argument is out of its range; nothing is drawn once a run; inputs are drawn together (``draws``)
        and the method is not `rank`.
    RunError
        A run cannot be carried through.

    References
    ----------
    M. D. Morris, Technometrics 33 (1991), 161-174; F. Campolongo, J. Cariboni and A. Saltelli,
    Environmental Modelling & Software 22 (2007), 1509-1518; A. Saltelli et al., Computer Physics
    Communications 181 (2010), 259-270.
    """
    _check_method(method, points, given=isinstance(scenario, Result))
    if isinstance(scenario, Result):
        return _of_result(scenario, of)
    checked = simulate.scenario_of(scenario)
    few = method in ("morris", "sobol")
    count = (REPLICATIONS if few else simulate.DEFAULT_RUNS) if runs is None else runs
    simulate.check_arguments(count, seed, "compiled", jobs)
    if method == "rank":
        result = simulate.run(checked, runs=count, seed=seed, jobs=jobs, progress=progress)
        return _of_result(result, of, checked)
    order = _Order(count, points or (TRAJECTORIES if method == "morris" else BASE), seed, jobs, progress)
    wanted = _outcomes(_names(checked), of)
    inputs = independent(checked, method)
    find: Callable[[Scenario, list[Input], list[str], _Order], _Found] = _METHODS[method]
    found = find(checked, inputs, wanted, order)
    return _sensitivity(Asked.of(checked, runs=count, seed=seed), method, checked, found)


def _check_method(method: str, points: int | None, *, given: bool) -> None:
    faults = []
    if method not in METHODS:
        near = nearest(method, METHODS)
        faults.append(Fault(f"there is no method {method!r}", allowed=", ".join(METHODS), nearest=near))
    elif given and method != "rank":
        faults.append(Fault(f"{method} runs the scenario anew", allowed="a scenario, and not its result"))
    if points is not None and method in ("rank", "tornado"):
        faults.append(Fault(f"{method} has no points", allowed="points for morris or sobol"))
    elif points is not None and method == "sobol" and (points < 4 * PARTS or points & (points - 1)):
        faults.append(Fault(f"{points} points", allowed=f"a power of two, {4 * PARTS} or more"))
    elif points is not None and points < 4:
        faults.append(Fault(f"{points} trajectories", allowed="4 or more"))
    if faults:
        raise ArgumentError(faults)


def _names(scenario: Scenario) -> list[str]:
    return [str(name) for name in simulate.outcome_names(simulate.lowered(scenario))]


def _outcomes(known: Sequence[str], of: str | Sequence[str] | None) -> list[str]:
    wanted = list(known) if of is None else [of] if isinstance(of, str) else list(of)
    allowed = ", ".join(known)
    faults = [
        Fault(f"there is no outcome {name!r}", allowed=allowed, nearest=nearest(name, known))
        for name in wanted
        if name not in known
    ]
    if faults:
        raise ArgumentError(faults)
    return list(dict.fromkeys(wanted))


def _sensitivity(asked: Asked, method: str, scenario: Scenario | None, found: _Found) -> Sensitivity:
    sampled = scenario.draws if scenario is not None else None
    return Sensitivity(
        asked=asked,
        method=method,
        drivers=tuple(found.drivers),
        driven=found.driven,
        points=found.points,
        together=() if sampled is None else sampled.paths,
    )


def _of_result(
    result: Result, of: str | Sequence[str] | None, scenario: Scenario | None = None
) -> Sensitivity:
    ensemble = result.ensemble
    required = Outcome(SHELLS, ensemble.whole.totals[Kind.REQUIRED])
    known = {**outcomes(ensemble), str(Kind.REQUIRED): required}
    wanted = _outcomes(list(known), of)
    if not ensemble.drawn:
        raise nothing_drawn()
    sampled = scenario.draws if scenario is not None else None
    drivers, driven = [], {}
    for name in wanted:
        values = known[name].values
        driven[name] = Driven(float(np.isinf(values).mean()), is_constant(values))
        for path, drawn in ensemble.drawn.items():
            rows = len(sampled) if sampled is not None and path in sampled else None
            drivers.append(Driver(name, path, "rank", *rank_correlation(drawn, values, rows)))
    asked = Asked.of_result(result)
    return _sensitivity(asked, "rank", scenario, _Found(drivers, driven, 1))


def _tornado(scenario: Scenario, inputs: list[Input], wanted: list[str], order: _Order) -> _Found:
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
    return _Found([row for name in wanted for row in drivers[name]], driven, points)


def _morris(scenario: Scenario, inputs: list[Input], wanted: list[str], order: _Order) -> _Found:
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
        found = analyze(problem, cube, values, num_levels=LEVELS, conf_level=HIGH - LOW, seed=seed)
        for place, each in enumerate(inputs):
            mean, half = float(found["mu_star"][place]), float(found["mu_star_conf"][place])
            drivers.append(Driver(name, each.path, "mu_star", mean, max(0.0, mean - half), mean + half))
            drivers.append(Driver(name, each.path, "sigma", float(found["sigma"][place])))
    return _Found(drivers, _driven(answer, wanted), len(cube))


def _sobol(scenario: Scenario, inputs: list[Input], wanted: list[str], order: _Order) -> _Found:
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
    return _Found(drivers, _driven(answer, wanted), len(cube))


_METHODS = {"tornado": _tornado, "morris": _morris, "sobol": _sobol}


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
