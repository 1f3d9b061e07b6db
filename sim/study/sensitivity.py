"""Sensitivity analysis: the effect of each uncertain input on each outcome."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim import simulate
from sim.account import Kind
from sim.errors import ArgumentError, Fault, format_count, nearest
from sim.outcomes import REQUIRED, split_consumer
from sim.results.result import Result
from sim.results.table_names import OUTCOMES
from sim.scenario.scenario import Scenario
from sim.scenario.unknown_stock import require_known
from sim.simulate import Progress, ScenarioLike
from sim.study.ensemble_outcomes import SHELLS, Outcome, outcomes
from sim.study.query_info import QueryInfo
from sim.study.sensitivity_indices import (
    SensitivityIndex,
    is_constant,
    rank_correlation,
)
from sim.study.sensitivity_methods import (
    METHODS_BY_NAME,
    REPLICATIONS,
    SOBOL_PARTS,
    SOBOL_POINTS,
    TRAJECTORIES,
    MethodOptions,
    MethodResult,
)
from sim.study.sensitivity_result import OutcomeInfo, Sensitivity
from sim.study.uncertain_inputs import independent_inputs, no_inputs_error

Floats = NDArray[np.float64]

METHODS = ("rank", "tornado", "morris", "sobol")


def sensitivity(
    scenario: ScenarioLike | Result,
    *,
    of: str | Sequence[str] | None = None,
    method: str = "rank",
    runs: int | None = None,
    points: int | None = None,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Return the sensitivity of outcomes to the uncertain inputs.

    Inputs are the numbers drawn once a run (rule 6). Numbers drawn at each occurrence (daily variation,
    voyages, random events) are not inputs and stay random.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict; or Result
        As for `sim.run`; `rank` also accepts a result and uses its ensemble.
    of : str or sequence of str, optional
        Outcomes; by default all: ``exhausted``, ``rationed_from``, ``below_N`` (days from the start),
        ``closing_stock``, ``sustained_fire``, ``required``, ``fired``, ``unmet``, ``produced``, ``landed``,
        ``lost``.
    method : {"rank", "tornado", "morris", "sobol"}
        ``rank``: Spearman's correlation of each input with each outcome over the runs of an ensemble.
        ``tornado``: the median outcome with one input at its 5th (``low``) and 95th (``high``) percentile,
        the others random. ``morris``: mean absolute value (``mu_star``) and standard deviation (``sigma``)
        of elementary effects, scaled to the distance from the 5th to the 95th percentile. ``sobol``: share
        of the variance due to an input alone (``first``) and with its interactions (``total``).
    runs : int, optional
        Runs of the ensemble (1,000), or of each point of Morris and Sobol (16). These two explain the mean
        outcome over the runs, with the same other draws at every point.
    points : int, optional
        Trajectories of Morris (64), or base points of Sobol (1,024; a power of two). They require
        ``trajectories * (inputs + 1)`` and ``points * (inputs + 2)`` evaluations.
    seed, jobs, progress
        As for `sim.run`.

    Returns
    -------
    Sensitivity

    Notes
    -----
    Censored days are kept. For `rank` they rank after all other days; the other methods count them as the end
    of the scenario and explain min(day, end). The summary has the censored share.

    Raises
    ------
    ScenarioError
        The scenario is not valid.
    ArgumentError
        An argument is out of range; nothing is drawn once a run; inputs are drawn together (``draws``) and
        the method is not `rank`.
    RunError
        A run fails.

    References
    ----------
    M. D. Morris, Technometrics 33 (1991), 161-174; F. Campolongo, J. Cariboni and A. Saltelli,
    Environmental Modelling & Software 22 (2007), 1509-1518; A. Saltelli et al., Computer Physics
    Communications 181 (2010), 259-270.
    """
    _check_method(method, points, given=isinstance(scenario, Result))
    if isinstance(scenario, Result):
        return _from_result(scenario, of)
    checked = simulate.as_scenario(scenario)
    require_known(checked, "a sensitivity study")
    if any(split_consumer(name)[1] for name in ([of] if isinstance(of, str) else of or ())):
        checked = checked.by_consumer()
    averages = method in ("morris", "sobol")
    count = (REPLICATIONS if averages else simulate.DEFAULT_RUNS) if runs is None else runs
    simulate.check_arguments(count, seed, "compiled", jobs)
    if method == "rank":
        result = simulate.run(
            checked, runs=count, seed=seed, jobs=jobs, progress=progress, tables=(OUTCOMES,)
        )
        return _from_result(result, of, checked)
    options = MethodOptions(
        count, points or (TRAJECTORIES if method == "morris" else SOBOL_POINTS), seed, jobs, progress
    )
    selected = _select_outcomes(_outcome_names(checked), of)
    inputs = independent_inputs(checked, method)
    found = METHODS_BY_NAME[method](checked, inputs, selected, options)
    return _make_result(QueryInfo.from_scenario(checked, runs=count, seed=seed), method, checked, found)


def _check_method(method: str, points: int | None, *, given: bool) -> None:
    faults = []
    if method not in METHODS:
        near = nearest(method, METHODS)
        faults.append(Fault(f"there is no method {method!r}", allowed=", ".join(METHODS), nearest=near))
    elif given and method != "rank":
        faults.append(Fault(f"{method} runs the scenario anew", allowed="a scenario, and not its result"))
    if points is not None and method in ("rank", "tornado"):
        faults.append(Fault(f"{method} has no points", allowed="points for morris or sobol"))
    elif points is not None and method == "sobol" and (points < 4 * SOBOL_PARTS or points & (points - 1)):
        faults.append(
            Fault(format_count(points, "point"), allowed=f"a power of two, {4 * SOBOL_PARTS} or more")
        )
    elif points is not None and points < 4:
        faults.append(Fault(f"{points} trajector{'y' if points == 1 else 'ies'}", allowed="4 or more"))
    if faults:
        raise ArgumentError(faults)


def _outcome_names(scenario: Scenario) -> list[str]:
    return [str(name) for name in simulate.outcome_names(simulate.lower_scenario(scenario))]


def _select_outcomes(known: Sequence[str], of: str | Sequence[str] | None) -> list[str]:
    selected = list(known) if of is None else [of] if isinstance(of, str) else list(of)
    allowed = ", ".join(known)
    faults = [
        Fault(f"there is no outcome {name!r}", allowed=allowed, nearest=nearest(name, known))
        for name in selected
        if name not in known
    ]
    if faults:
        raise ArgumentError(faults)
    return list(dict.fromkeys(selected))


def _make_result(
    query: QueryInfo, method: str, scenario: Scenario | None, found: MethodResult
) -> Sensitivity:
    samples = scenario.draws if scenario is not None else None
    return Sensitivity(
        query=query,
        method=method,
        indices=tuple(found.indices),
        outcome_infos=found.outcome_infos,
        points=found.points,
        describe=simulate.describe_sensitivity,
        together=() if samples is None else samples.paths,
    )


def _from_result(
    result: Result, of: str | Sequence[str] | None, scenario: Scenario | None = None
) -> Sensitivity:
    ensemble = result.ensemble
    required = Outcome(SHELLS, ensemble.whole.totals[Kind.REQUIRED])
    by_consumer = {
        name: Outcome(SHELLS, values)
        for name, values in ensemble.whole.by_consumer.items()
        if split_consumer(name)[0] == REQUIRED
    }
    known = {**outcomes(ensemble), str(Kind.REQUIRED): required, **by_consumer}
    selected = _select_outcomes(list(known), of)
    if not ensemble.drawn:
        raise no_inputs_error()
    samples = scenario.draws if scenario is not None else None
    indices, infos = [], {}
    for name in selected:
        values = known[name].values
        infos[name] = OutcomeInfo(float(np.isinf(values).mean()), is_constant(values))
        for path, drawn in ensemble.drawn.items():
            rows = len(samples) if samples is not None and path in samples else None
            indices.append(SensitivityIndex(name, path, "rank", *rank_correlation(drawn, values, rows)))
    query = QueryInfo.from_result(result)
    return _make_result(query, "rank", scenario, MethodResult(indices, infos, 1))
