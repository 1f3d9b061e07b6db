"""Summary figures of an ensemble (``summary.json``) as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.account import REACHES, UNFUNDED, Axes, Kind
from sim.outcomes import (
    BACKLOG,
    BELOW,
    EXHAUSTED,
    FIRED,
    MET,
    RATIONED_FROM,
    REQUIRED,
    SUSTAINED_FIRE,
    UNMET,
    consumer_outcome,
    threshold_name,
)
from sim.results import outcome_arrays
from sim.results.ensemble_results import Ensemble
from sim.results.outcome_arrays import RunOutcomes
from sim.results.quantiles import quantile_name, quantiles

Floats = NDArray[np.float64]

PERCENTS = (5, 50, 95)
_PERCENT_NAMES = tuple(map(quantile_name, PERCENTS))
#: Runs converted to Python numbers at a time.
_RUNS_PER_CHUNK = 10_000


def make_summary(
    ensemble: Ensemble, title: str, seed: int, engine: str, engine_path: str = ""
) -> dict[str, Any]:
    """Return the content of ``summary.json``: text, integers, finite floats and None only.

    Parameters
    ----------
    ensemble : Ensemble
    title, seed, engine, engine_path
        As displayed.

    Returns
    -------
    dict
        ``title, runs, seed, engine, engine_path``, the figures over all pairs, those of each pair with a
        consumer under ``pairs``, those of each consumer under ``consumers`` where results are listed by
        consumer, and ``balance_error``. Dates are ISO text, None where censored.
        ``grows`` (more stock at the end than at the start), ``ends_empty`` (less than one day of supply at
        the end), ``held_back`` (fire falls short before the stock runs out) and ``nothing_required`` are
        shares of runs; ``planned`` is a mean.
        ``fire_by_origin`` is empty if no run fired; ``fire_by_origin_runs_left_out`` counts the runs
        without fire (rule 32).
    """
    pairs: dict[str, dict[str, Any]] = {}
    for position, found in ensemble.pairs.items():
        pair = ensemble.axes.pairs[position]
        pairs.setdefault(pair.depot, {})[pair.munition] = _outcome_summary(ensemble.axes, found)
    return {
        "title": title,
        "runs": len(ensemble.runs),
        "seed": int(seed),
        "engine": engine,
        "engine_path": engine_path,
        **_outcome_summary(ensemble.axes, ensemble.whole),
        "pairs": pairs,
        **({"consumers": _consumers(ensemble)} if ensemble.axes.claims else {}),
        "balance_error": ensemble.balance,
    }


def _outcome_summary(axes: Axes, outcomes: RunOutcomes) -> dict[str, Any]:
    counters, names = outcomes.counters, [threshold_name(cover) for cover in axes.thresholds]
    shares, left_out = _fire_by_origin(axes, outcomes.by_origin)
    return {
        "exhausted": _date_summary(axes, counters[EXHAUSTED]),
        "rationed": _date_summary(axes, counters[RATIONED_FROM]),
        "below": {name: _date_summary(axes, counters[f"{BELOW}{name}"]) for name in names},
        **({REACHES: _date_summary(axes, counters[REACHES])} if axes.objectives else {}),
        **({UNFUNDED: _unfunded(counters[UNFUNDED], axes)} if UNFUNDED in axes.added_outcomes else {}),
        "sustained": {
            "fire": _quantiles(counters[SUSTAINED_FIRE]),
            "met": _quantiles(outcomes.met[~np.isnan(outcomes.met)]),
        },
        "opening_stock": _quantiles(outcomes.opening),
        "opening_days": _opening_days(outcomes),
        "closing_stock": _quantiles(outcomes.closing),
        "stock_change": _quantiles(outcomes.closing - outcomes.opening),
        "grows": _share(outcomes.closing > outcomes.opening),
        "ends_empty": _share(outcomes.ends_empty > 0.0),
        "held_back": _share(counters[RATIONED_FROM] < counters[EXHAUSTED]),
        "nothing_required": _share(outcomes.totals[Kind.REQUIRED] == 0.0),
        "planned": math.fsum(outcomes.planned.tolist()) / len(outcomes.planned),
        "totals": {kind.value: float(quantiles(outcomes.totals[kind], (50,))[0]) for kind in axes.kinds},
        "fire_by_origin": shares,
        "fire_by_origin_runs_left_out": left_out,
    }


def _consumers(ensemble: Ensemble) -> dict[str, dict[str, Any]]:
    """Return the depot, the priority and the outcomes of each consumer (rule 40)."""
    axes, values = ensemble.axes, outcome_arrays.values_by_outcome(ensemble.axes, ensemble.whole)
    found = {}
    for consumer in axes.consumers:
        claim = next(each for each in axes.claims if each.consumer == consumer)
        outcomes = {
            figure: values[consumer_outcome(figure, consumer)]
            for figure in (RATIONED_FROM, REQUIRED, FIRED, UNMET, MET, BACKLOG)
        }
        found[consumer] = {
            "depot": axes.pairs[claim.pair].depot,
            "priority": claim.priority,
            "rationed": _date_summary(axes, outcomes.pop(RATIONED_FROM)),
            **{figure: _quantiles(each) for figure, each in outcomes.items()},
        }
    return found


def _date_summary(axes: Axes, days: Floats) -> dict[str, Any]:
    share = int(np.isfinite(days).sum()) / len(days)
    dates = [outcome_arrays.iso_date(axes, day) for day in quantiles(days, PERCENTS).tolist()]
    return {"share": share, **dict(zip(_PERCENT_NAMES, dates, strict=True))}


def _unfunded(cuts: Floats, axes: Axes) -> dict[str, float]:
    """Return the share of runs in which the budget cuts an order, and the percentiles of the largest cut.

    With several order `lines`, the largest cuts of their stocks are added up.
    """
    return {"share": _share(cuts > 0.0), **(_quantiles(cuts) or {}), "lines": len(axes.orders)}


def _share(holds: NDArray[np.bool_]) -> float:
    return int(holds.sum()) / len(holds)


def _opening_days(outcomes: RunOutcomes) -> dict[str, float] | None:
    """Return the days of supply of the opening stock; None if a run plans none on day 0, or on overflow."""
    if not (outcomes.first_planned > 0.0).all():
        return None
    with np.errstate(over="ignore"):
        days = outcomes.opening / outcomes.first_planned
    return _quantiles(days) if np.isfinite(days).all() else None


def _quantiles(values: Floats) -> dict[str, float] | None:
    if not len(values):
        return None
    return dict(zip(_PERCENT_NAMES, quantiles(values, PERCENTS).tolist(), strict=True))


def _fire_by_origin(axes: Axes, by_origin: Floats) -> tuple[dict[str, float], int]:
    fired = by_origin.sum(axis=1)
    firing = np.flatnonzero(fired > 0.0)
    left_out = len(fired) - len(firing)
    if not len(firing):
        return {}, left_out

    def shares(origin: int) -> Iterator[float]:
        for first in range(0, len(firing), _RUNS_PER_CHUNK):
            runs = firing[first : first + _RUNS_PER_CHUNK]
            yield from (by_origin[runs, origin] / fired[runs]).tolist()

    means = [math.fsum(shares(origin)) / len(firing) for origin in range(len(axes.origins))]
    return dict(zip(axes.origins, means, strict=True)), left_out
