"""Tidy tables of an ensemble: one function for each file, with its columns in order.

Rows are sorted by their key columns, left to right: dates by time, pairs and origins as in the axes, kinds
as in `Kind`. Dates are ISO text, as in the files.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.account import COST, GRANTED, HELD, INFLOW_KINDS, MONEY_KINDS, Axes, Kind, Voyage
from sim.outcomes import CLOSING_STOCK, EXHAUSTED, is_date
from sim.results import outcome_arrays
from sim.results.block import Block, check_daily_rows, flow_or_zeros
from sim.results.daily_bands import FLOW_PERCENTS, LEVEL
from sim.results.ensemble_results import Bands, Ensemble
from sim.results.quantiles import quantile_name

Floats = NDArray[np.float64]

ORIGIN_KINDS = (*INFLOW_KINDS, Kind.FIRED, Kind.LOST, Kind.EXPIRED, Kind.DISPATCHED, HELD)
_ALWAYS_LISTED_KINDS = (Kind.FIRED, HELD)


def stock(ensemble: Ensemble) -> pd.DataFrame:
    """Return the closing level of each pair and day in shells: mean and quantiles over runs."""
    columns = _key_columns(_date_index(ensemble.axes), _pair_index(ensemble.axes))
    columns.update({name: figure.T.ravel() for name, figure in _band_columns(ensemble.level).items()})
    return pd.DataFrame(columns)


def flows(ensemble: Ensemble) -> pd.DataFrame:
    """Return the flow of each pair, day and kind in shells a day: mean and quantiles over runs."""
    axes = ensemble.axes
    columns = _key_columns(
        _date_index(axes), _pair_index(axes), {"kind": [kind.value for kind in axes.kinds]}
    )
    names = ("mean", *map(quantile_name, FLOW_PERCENTS))
    by_name = {name: np.zeros((axes.days, len(axes.pairs), len(axes.kinds))) for name in names}
    for position, kind in enumerate(axes.kinds):
        if kind in ensemble.flows:
            for name, figure in _band_columns(ensemble.flows[kind]).items():
                by_name[name][:, :, position] = figure.T
    columns.update({name: figure.ravel() for name, figure in by_name.items()})
    return pd.DataFrame(columns)


def consumers(ensemble: Ensemble) -> pd.DataFrame:
    """Return the figures of each consumer, munition and day by kind: mean and quantiles over runs.

    ``backlog`` is a level in shells, the other kinds are shells a day. A consumer without a backlog has three
    kinds. There is no row unless results are listed by consumer.
    """
    axes = ensemble.axes
    claims = [(place, claim, kind) for place, claim in enumerate(axes.claims) for kind in claim.kinds]
    labels = {
        "consumer": [claim.consumer for _, claim, _ in claims],
        "munition": [axes.pairs[claim.pair].munition for _, claim, _ in claims],
        "kind": [kind.value for _, _, kind in claims],
    }
    columns = _key_columns(_date_index(axes), labels)
    for name in ("mean", *map(quantile_name, FLOW_PERCENTS)):
        rows = [_band_columns(ensemble.claims[kind])[name][place] for place, _, kind in claims]
        columns[name] = np.stack(rows, axis=1).ravel() if rows else np.empty(0)
    return pd.DataFrame(columns)


def origins(ensemble: Ensemble) -> pd.DataFrame:
    """Return shells by calendar month, pair, origin and kind, mean over runs; ``held`` at the month's end.

    Kinds that a pair and origin have in no month are omitted, except `fired` and `held`.
    """
    axes, kinds = ensemble.axes, [str(kind) for kind in ORIGIN_KINDS]
    names = outcome_arrays.month_names(axes)
    columns = _key_columns({"month": names}, _pair_index(axes), {"origin": axes.origins}, {"kind": kinds})
    nothing = np.zeros((len(axes.pairs), len(axes.origins), len(names)))
    means = np.stack([ensemble.months.get(kind, nothing) for kind in ORIGIN_KINDS], axis=-1)
    shown = (means != 0.0).any(axis=2) | np.array([kind in _ALWAYS_LISTED_KINDS for kind in ORIGIN_KINDS])
    by_month = np.moveaxis(means, 2, 0)
    columns["mean"] = by_month.ravel()
    kept = np.broadcast_to(shown, by_month.shape).ravel()
    return pd.DataFrame(columns)[kept].reset_index(drop=True)


def paths(ensemble: Ensemble) -> pd.DataFrame:
    """Return the closing level of each pair and day, in shells, in runs 0 to 4."""
    runs = np.array(ensemble.path_runs, dtype=np.int64)
    columns = _key_columns({"run": runs}, _date_index(ensemble.axes), _pair_index(ensemble.axes))
    columns[LEVEL] = ensemble.paths.transpose(0, 2, 1).ravel()
    return pd.DataFrame(columns)


def outcomes(ensemble: Ensemble, rows: slice = slice(None)) -> pd.DataFrame:
    """Return one row a run: first dates (None where censored), shells, and inputs drawn once a run.

    Shells are summed over depots and munitions, `sustained_fire` is in shells a day, and drawn inputs have
    their paths as column names, in base units. `rows` are the positions of the runs.
    """
    axes = ensemble.axes
    columns: dict[str, Any] = {"run": ensemble.runs[rows]}
    for name, values in outcome_arrays.values_by_outcome(axes, ensemble.whole).items():
        columns[name] = _date_column(axes, values[rows]) if is_date(name) else values[rows]
    columns.update({path: ensemble.drawn[path][rows] for path in sorted(ensemble.drawn)})
    return pd.DataFrame(columns)


def outcomes_in_parts(ensemble: Ensemble, runs: int) -> Iterator[pd.DataFrame]:
    """Yield the rows of `outcomes` in order, `runs` at a time."""
    for first in range(0, len(ensemble.runs), runs):
        yield outcomes(ensemble, slice(first, first + runs))


def ends(ensemble: Ensemble) -> pd.DataFrame:
    """Return the run-out date and closing stock of the first run, and of one that differs if there is one.

    Charts need no more of the outcomes than whether all runs agree.
    """
    found = ensemble.whole
    exhausted = found.counters[EXHAUSTED]
    differs = (exhausted != exhausted[0]) | (found.closing != found.closing[0])
    rows = [0, *np.flatnonzero(differs)[:1].tolist()]
    return pd.DataFrame(
        {
            EXHAUSTED: _date_column(ensemble.axes, exhausted[rows]),
            CLOSING_STOCK: found.closing[rows],
        }
    )


def shipments(ensemble: Ensemble) -> pd.DataFrame:
    """Return one row for each voyage and lot of runs 0 to 4, by run, in the order of the ensemble."""
    return voyages_of(ensemble.axes, ensemble.voyages)


def voyages_of(axes: Axes, numbered: Sequence[tuple[int, Voyage]]) -> pd.DataFrame:
    """Return one row for each voyage or lot, with its run number."""
    voyages = [voyage for _, voyage in numbered]
    departed = [outcome_arrays.iso_time(axes, voyage.departed) for voyage in voyages]
    arrived = [outcome_arrays.iso_time(axes, voyage.arrived) for voyage in voyages]
    containers = [math.nan if voyage.containers is None else voyage.containers for voyage in voyages]
    return pd.DataFrame(
        {
            "run": np.array([run for run, _ in numbered], dtype=np.int64),
            "supplier": pd.Series([voyage.supplier for voyage in voyages], dtype="str"),
            "leg": pd.array([voyage.leg for voyage in voyages], dtype="Int64"),
            "vehicle": pd.array([voyage.vehicle for voyage in voyages], dtype="Int64"),
            "departed": pd.Series(departed, dtype="str"),
            "arrived": pd.Series(arrived, dtype=object),
            "containers": np.array(containers, dtype=np.float64),
            "shells": np.array([voyage.shells for voyage in voyages], dtype=np.float64),
        }
    )


def orders(ensemble: Ensemble) -> pd.DataFrame:
    """Return one row for each order of runs 0 to 4, by run, order line and number."""
    axes, placed = ensemble.axes, [order for _, order in ensemble.orders]

    def times(seconds: Sequence[int | None]) -> pd.Series[Any]:
        return pd.Series([outcome_arrays.iso_time(axes, second) for second in seconds], dtype=object)

    return pd.DataFrame(
        {
            "run": np.array([run for run, _ in ensemble.orders], dtype=np.int64),
            "line": pd.Series([order.line for order in placed], dtype="str"),
            "number": np.array([order.number for order in placed], dtype=np.int64),
            "placed": times([order.placed for order in placed]).astype("str"),
            "made": times([order.made for order in placed]),
            "arrived": times([order.arrived for order in placed]),
            "shells": np.array([order.shells for order in placed], dtype=np.float64),
            **({"cost": np.array([order.cost for order in placed])} if axes.currency else {}),
        }
    )


def money(ensemble: Ensemble) -> pd.DataFrame:
    """Return money by month and kind, in the currency of the scenario: mean and quantiles over runs.

    The kind ``granted`` is what the budget grants, if it is the same in every run.
    """
    axes = ensemble.axes
    names = outcome_arrays.month_names(axes)
    granted = np.zeros((min(1, len(axes.grants)), len(names)))
    kinds = (GRANTED,) * len(granted)
    for day, amount in axes.grants:
        granted[0, axes.months()[day]] += amount
    columns = _key_columns({"month": names}, {"kind": (*MONEY_KINDS, COST, *kinds)})
    columns.update(
        {
            name: np.vstack([figure, granted]).T.ravel()
            for name, figure in _band_columns(ensemble.money).items()
        }
    )
    return pd.DataFrame(columns)


def daily(block: Block) -> pd.DataFrame:
    """Return a long table of all runs, days, pairs and kinds; the closing level is the kind ``level``.

    Raise `InputError` if the table would have more than ten million rows (`block.MAX_DAILY_ROWS`).
    """
    axes = block.axes
    check_daily_rows(axes, len(block.runs))
    runs = {"run": np.array(block.runs, dtype=np.int64)}
    kinds = {"kind": [*(kind.value for kind in axes.kinds), LEVEL]}
    columns = _key_columns(runs, _date_index(axes), _pair_index(axes), kinds)
    by_kind = [*(flow_or_zeros(block, kind) for kind in axes.kinds), block.level]
    columns["quantity"] = np.stack([array.transpose(0, 2, 1) for array in by_kind], axis=-1).ravel()
    return pd.DataFrame(columns)


def _key_columns(*axes: Mapping[str, Sequence[str] | NDArray[np.int64]]) -> dict[str, Any]:
    """Return the key columns of all combinations, with the last axis varying fastest."""
    shape = tuple(len(next(iter(axis.values()))) for axis in axes)
    columns: dict[str, Any] = {}
    for position, axis in enumerate(axes):
        along = [1] * len(shape)
        along[position] = shape[position]
        codes = np.broadcast_to(np.arange(shape[position]).reshape(along), shape).ravel()
        for name, labels in axis.items():
            # Indexing few labels is many times faster than creating text for each row.
            few = (
                pd.Series(labels) if isinstance(labels, np.ndarray) else pd.Series(list(labels), dtype="str")
            )
            columns[name] = few.array.take(codes)
    return columns


def _date_index(axes: Axes) -> dict[str, list[str]]:
    first = np.datetime64(axes.start, "D")
    return {"date": (first + np.arange(axes.days)).astype(str).tolist()}


def _pair_index(axes: Axes) -> dict[str, list[str]]:
    return {
        "depot": [pair.depot for pair in axes.pairs],
        "munition": [pair.munition for pair in axes.pairs],
    }


def _date_column(axes: Axes, days: Floats) -> pd.Series[Any]:
    """Return days as ISO dates; runs with the same date share one string."""
    different, places = np.unique(days, return_inverse=True)
    dates = np.array([outcome_arrays.iso_date(axes, day) for day in different.tolist()], dtype=object)
    return pd.Series(dates[places], dtype=object)


def _band_columns(bands: Bands) -> dict[str, Floats]:
    return {"mean": bands.mean, **{quantile_name(each): bands.quantiles[each] for each in bands.quantiles}}
