"""Comparison of scenarios under common random numbers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from sim import simulate
from sim.errors import Fault, RunError, ScenarioError, escape_control_characters
from sim.names import merge_names
from sim.outcomes import EXHAUSTED, RATIONED_FROM
from sim.results.ensemble_results import Ensemble
from sim.results.result import Result
from sim.results.table_names import OUTCOMES
from sim.scenario.input_file import stem_of
from sim.scenario.number_listing import is_uncertain
from sim.scenario.override_notes import changes_phrase, title_with_changes
from sim.scenario.scenario import Scenario
from sim.scenario.unknown_stock import require_all_known
from sim.simulate import Progress, Rules, ScenarioLike
from sim.study.comparison_result import ComparedScenario, Comparison
from sim.study.ensemble_outcomes import DAYS, MONEY, Outcome, is_same, outcomes
from sim.study.paired_difference import Difference, paired_differences
from sim.study.scenario_labels import check_count, labels_from_files, load_scenarios, number_duplicates

Outcomes = Mapping[str, Outcome]
_SHARED_KEYS = ("start", "end", "thresholds")


def compare(
    scenarios: Sequence[ScenarioLike] | Mapping[str, ScenarioLike],
    *,
    runs: int | None = None,
    seed: int = 1,
    engine: str = "auto",
    jobs: int | None = None,
    progress: Progress | None = None,
    rules: Rules | None = None,
) -> Comparison:
    """Run scenarios under common random numbers and compare each with the first, run by run.

    Parameters
    ----------
    scenarios : sequence, or mapping of str
        Two or more scenarios, files or plain dictionaries; the first is the baseline. A mapping names them;
        otherwise the name is the stem of a file or the title.
    runs : int, optional
        Runs of each scenario; by default 1,000, or 1 if nothing is uncertain.
    seed, engine, jobs
        As for `sim.run`. Scenarios with the same stream share its draws (rules 4 and 5).
    progress : callable, optional
        Called with (runs done, total runs) over all scenarios.
    rules : mapping of str to callable, optional
        Rationing rules in Python that the scenarios may name, as for `sim.run`.

    Returns
    -------
    Comparison

    Raises
    ------
    ScenarioError
        A scenario is not valid, or the scenarios differ in start, end or thresholds.
    ArgumentError
        Fewer than two scenarios, a duplicate file, `runs`, `seed`, `engine` or `jobs` out of range, or an
        invalid name of a rule.
    RunError
        A run fails; the message names the scenario.
    """
    named = _name_scenarios(scenarios, rules)
    require_all_known(named.values(), "a comparison")
    _check_shared(named)
    certain = not any(map(is_uncertain, named.values()))
    if any(scenario.lists_consumers for scenario in named.values()):
        named = {name: scenario.by_consumer() for name, scenario in named.items()}
    count = (1 if certain else simulate.DEFAULT_RUNS) if runs is None else runs
    shared = _common_changes(named)
    titles = [scenario.title for scenario in named.values()]
    found: dict[str, Outcomes] = {}
    compared = []
    for position, (name, scenario) in enumerate(named.items()):
        step = _partial_progress(progress, position, len(named))
        result = _run_scenario(name, scenario, runs=count, seed=seed, engine=engine, jobs=jobs, progress=step)
        found[name] = outcomes(result.ensemble)
        is_named = isinstance(scenarios, Mapping) and titles.count(scenario.title) > 1
        compared.append(_describe_scenario(name, scenario, shared, result, is_named=is_named))
    return Comparison(
        scenarios=tuple(compared),
        differences=_all_differences(
            found,
            {scenario.currency for scenario in named.values()},
            days=next(iter(named.values())).days,
            certain=certain,
        ),
        seed=seed,
        runs=count,
        engine=result.engine,
        engine_path=result.engine_path,
        start=scenario.start,
        end=scenario.end,
        describe=simulate.describe_comparison,
        alike=_identical_scenarios(found),
        changed=changes_phrase(shared, merge_names(each.change_names for each in named.values())),
    )


def _name_scenarios(
    scenarios: Sequence[ScenarioLike] | Mapping[str, ScenarioLike], rules: Rules | None
) -> dict[str, Scenario]:
    """Return the validated scenarios by name; report the faults of all of them together."""
    load = partial(simulate.as_scenario, rules=rules)
    if isinstance(scenarios, Mapping):
        check_count(len(scenarios))
        return dict(zip(map(str, scenarios), load_scenarios(scenarios.values(), load), strict=True))
    given = [scenarios] if isinstance(scenarios, (str, os.PathLike, Scenario)) else list(scenarios)
    check_count(len(given))
    files = {place: Path(each) for place, each in enumerate(given) if isinstance(each, (str, os.PathLike))}
    stems = (
        labels_from_files(list(files.values()))
        if len(files) > 1
        else [stem_of(file) for file in files.values()]
    )
    names = dict(zip(files, stems, strict=True))
    checked = load_scenarios(given, load)
    unique = number_duplicates([names.get(place, scenario.title) for place, scenario in enumerate(checked)])
    return dict(zip(unique, checked, strict=True))


def _check_shared(named: Mapping[str, Scenario]) -> None:
    (base, first), *others = named.items()
    faults = []
    for name, scenario in others:
        for key in _SHARED_KEYS:
            here, there = _format_value(scenario, key), _format_value(first, key)
            if here != there:
                node = scenario.tree.get(key)
                problem = f"{name!r} has {here}, but {base!r} has {there}"
                where = None if node is None else node.where
                faults.append(Fault(problem, where, key, "the same in all scenarios of a comparison"))
    if faults:
        raise ScenarioError(faults)


def _format_value(scenario: Scenario, key: str) -> str:
    value = getattr(scenario, key)
    if isinstance(value, tuple):
        return ", ".join(f"{number:g}" for number in sorted(value, reverse=True)) or "none"
    return str(value)


def _partial_progress(progress: Progress | None, position: int, scenarios: int) -> Progress | None:
    """Return the progress callback of one scenario, scaled to all scenarios."""
    if progress is None:
        return None
    report: Callable[[int, int], None] = progress
    return lambda done, total: report(position * total + done, scenarios * total)


def _run_scenario(name: str, scenario: Scenario, **settings: Any) -> Result:
    try:
        return simulate.run(scenario, tables=(OUTCOMES,), **settings)
    except RunError as error:
        raise RunError(escape_control_characters(f"{name}: {error}")) from error.__cause__


def _common_changes(named: Mapping[str, Scenario]) -> dict[str, str]:
    """Return the overrides common to all scenarios, which no single title needs to state."""
    first, *others = (scenario.changes for scenario in named.values())
    return {path: value for path, value in first.items() if all(one.get(path) == value for one in others)}


def _describe_scenario(
    name: str, scenario: Scenario, shared: Mapping[str, str], result: Result, *, is_named: bool
) -> ComparedScenario:
    """Return a scenario of the comparison; if `is_named`, its name replaces the changes in its title."""
    own = {path: value for path, value in scenario.changes.items() if path not in shared}
    names = scenario.change_names
    return ComparedScenario(
        name=name,
        title=scenario.title if is_named else title_with_changes(scenario.title, own, names),
        text=result.scenario_text,
        inputs=result.inputs,
        sources=result.sources,
        notes=result.notes,
        evidence=result.evidence,
        names=result.names,
        sampled=result.sampled,
        stocks=sum(result.ensemble.axes.consuming),
        exhausted=_reached_shares(result.ensemble, EXHAUSTED),
        rationed=_reached_shares(result.ensemble, RATIONED_FROM),
        changed=changes_phrase(own, names) if is_named else "",
    )


def _reached_shares(ensemble: Ensemble, outcome: str) -> dict[str, dict[str, float]]:
    """Return the share of runs in which each stock with a consumer reaches a date, by depot and munition."""
    shares: dict[str, dict[str, float]] = {}
    for position, found in ensemble.pairs.items():
        pair, reached = ensemble.axes.pairs[position], np.isfinite(found.counters[outcome])
        shares.setdefault(pair.depot, {})[pair.munition] = int(reached.sum()) / len(reached)
    return shares


def _all_differences(
    found: Mapping[str, Outcomes], currencies: set[str], *, days: int, certain: bool
) -> tuple[Difference, ...]:
    """Return the differences from the first; omit quantities that are zero in every run.

    The outcomes of a consumer are there if all scenarios have it, and money if all have one currency.
    """
    first, *others = found
    kept = {
        name: outcome
        for name, outcome in found[first].items()
        if all(name in one for one in found.values())
        if outcome.unit != MONEY or len(currencies) == 1
        if outcome.unit == DAYS or any(one[name].values.any() for one in found.values())
    }
    each = (paired_differences(other, kept, found[other], days=days, certain=certain) for other in others)
    return tuple(difference for of_one in each for difference in of_one)


def _identical_scenarios(found: Mapping[str, Outcomes]) -> tuple[tuple[str, str], ...]:
    """Return pairs (earlier, later) of scenarios with equal outcomes in every run."""
    pairs: dict[str, tuple[str, str]] = {}
    for one, other in combinations(found, 2):
        if one not in pairs and other not in pairs and is_same(found[one], found[other]):
            pairs[other] = (one, other)
    return tuple(pairs.values())
