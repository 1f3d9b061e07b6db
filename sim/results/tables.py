"""From a block of runs to tidy tables: one function a file, columns and their order as in the files.

Rows stand in the order of their key columns, left to right: dates in time, pairs and origins as in the
axes, kinds as in `Kind`. Dates are ISO text, as in the files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.account import HELD, INTO_STOCK, Axes, Kind
from sim.errors import Fault, InputError
from sim.results import figures
from sim.results.block import Block
from sim.results.figures import Figures
from sim.results.quantiles import quantiles

Floats = NDArray[np.float64]

LEVEL = "level"
PATH_RUNS = 5
#: The most rows that `daily` makes: some 700 MB.
DAILY_ROWS = 10_000_000
ORIGIN_KINDS = (*INTO_STOCK, Kind.FIRED, Kind.LOST, Kind.DISPATCHED, HELD)
_ALWAYS_SHOWN = (Kind.FIRED, HELD)
_STOCK_PERCENTS = (5, 25, 50, 75, 95)
_FLOW_PERCENTS = (5, 50, 95)
_TOTALS = (Kind.REQUIRED, Kind.FIRED, Kind.UNMET, Kind.PRODUCED, Kind.LANDED, Kind.LOST)


def stock(block: Block) -> pd.DataFrame:
    """Return the closing level of each pair and day in shells: mean and quantiles over runs."""
    columns = _grid(_dates(block.axes), _pairs(block.axes))
    columns["mean"] = _mean(block.level).T.ravel()
    for percent, level in zip(_STOCK_PERCENTS, quantiles(block.level, _STOCK_PERCENTS), strict=True):
        columns[f"p{percent:02d}"] = level.T.ravel()
    return pd.DataFrame(columns)


def flows(block: Block) -> pd.DataFrame:
    """Return the flow of each pair, day and kind in shells a day: mean and quantiles over runs."""
    columns = _grid(_dates(block.axes), _pairs(block.axes), {"kind": [kind.value for kind in Kind]})
    shape = (block.axes.days, len(block.axes.pairs), len(Kind))
    names = ("mean", *(f"p{percent:02d}" for percent in _FLOW_PERCENTS))
    figures_by_name = {name: np.zeros(shape) for name in names}
    for position, kind in enumerate(Kind):
        if kind in block.flows:
            daily_flow = block.flows[kind]
            over_runs = (_mean(daily_flow), *quantiles(daily_flow, _FLOW_PERCENTS))
            for name, figure in zip(names, over_runs, strict=True):
                figures_by_name[name][:, :, position] = figure.T
    columns.update({name: figure.ravel() for name, figure in figures_by_name.items()})
    return pd.DataFrame(columns)


def origins(block: Block) -> pd.DataFrame:
    """Return shells by calendar month, pair, origin and kind, mean over runs; ``held`` at the month's end.

    A kind that a pair and origin have in no month is left out, `fired` and `held` excepted.
    """
    kinds = [str(kind) for kind in ORIGIN_KINDS]
    months = {"month": figures.month_names(block.axes)}
    columns = _grid(months, _pairs(block.axes), {"origin": block.axes.origins}, {"kind": kinds})
    means = np.stack([_mean(figures.month(block, kind)) for kind in ORIGIN_KINDS], axis=-1)
    shown = (means != 0.0).any(axis=2) | np.array([kind in _ALWAYS_SHOWN for kind in ORIGIN_KINDS])
    by_month = np.moveaxis(means, 2, 0)
    columns["mean"] = by_month.ravel()
    kept = np.broadcast_to(shown, by_month.shape).ravel()
    return pd.DataFrame(columns)[kept].reset_index(drop=True)


def paths(block: Block) -> pd.DataFrame:
    """Return the closing level of each pair and day, in shells, in runs 0 to 4."""
    rows = [row for row, run in enumerate(block.runs) if run < PATH_RUNS]
    runs = np.array([block.runs[row] for row in rows], dtype=np.int64)
    columns = _grid({"run": runs}, _dates(block.axes), _pairs(block.axes))
    columns[LEVEL] = block.level[rows].transpose(0, 2, 1).ravel()
    return pd.DataFrame(columns)


def outcomes(block: Block) -> pd.DataFrame:
    """Return one row a run: first dates (None where censored), shells, and what was drawn once a run.

    Shells are summed over depots and munitions, `sustained_fire` is in shells a day, and drawn inputs
    stand by their path, in base units.
    """
    found = figures.whole(block)
    columns: dict[str, Any] = {"run": np.array(block.runs, dtype=np.int64)}
    for name, days in first_days(block.axes, found).items():
        dates = [figures.iso_date(block.axes, day) for day in days.tolist()]
        columns[name] = pd.Series(dates, dtype=object)
    columns["closing_stock"] = found.closing
    columns["sustained_fire"] = found.fire
    columns.update({kind.value: found.totals[kind] for kind in _TOTALS})
    columns.update({path: block.drawn[path] for path in sorted(block.drawn)})
    return pd.DataFrame(columns)


def first_days(axes: Axes, found: Figures) -> dict[str, Floats]:
    """Return the outcomes that are days by the names of their columns: arrays of shape (n,)."""
    days = {"exhausted": found.exhausted, "rationed_from": found.rationed}
    for position, cover in enumerate(axes.thresholds):
        days[f"below_{figures.threshold_name(cover)}"] = found.below[:, position]
    return days


def shipments(block: Block) -> pd.DataFrame:
    """Return one row for each voyage and lot of run 0, in the order of the block."""
    voyages = block.voyages
    departed = [figures.iso_time(block.axes, voyage.departed) for voyage in voyages]
    arrived = [figures.iso_time(block.axes, voyage.arrived) for voyage in voyages]
    containers = [math.nan if voyage.containers is None else voyage.containers for voyage in voyages]
    return pd.DataFrame(
        {
            "supplier": pd.Series([voyage.supplier for voyage in voyages], dtype="str"),
            "leg": pd.array([voyage.leg for voyage in voyages], dtype="Int64"),
            "vehicle": pd.array([voyage.vehicle for voyage in voyages], dtype="Int64"),
            "departed": pd.Series(departed, dtype="str"),
            "arrived": pd.Series(arrived, dtype=object),
            "containers": np.array(containers, dtype=np.float64),
            "shells": np.array([voyage.shells for voyage in voyages], dtype=np.float64),
        }
    )


def daily(block: Block) -> pd.DataFrame:
    """Return every run, day, pair and kind in one long table; the closing level is the kind ``level``.

    Raises
    ------
    InputError
        Where the table would have more than `DAILY_ROWS` rows.
    """
    axes = block.axes
    rows = len(block.runs) * axes.days * len(axes.pairs) * (len(Kind) + 1)
    if rows > DAILY_ROWS:
        problem = f"the daily table would have {rows:,} rows; ask for it with fewer runs"
        raise InputError([Fault(problem, allowed=f"at most {DAILY_ROWS:,} rows")])
    runs = {"run": np.array(block.runs, dtype=np.int64)}
    kinds = {"kind": [*(kind.value for kind in Kind), LEVEL]}
    columns = _grid(runs, _dates(axes), _pairs(axes), kinds)
    by_kind = [*(figures.flow(block, kind) for kind in Kind), block.level]
    columns["quantity"] = np.stack([array.transpose(0, 2, 1) for array in by_kind], axis=-1).ravel()
    return pd.DataFrame(columns)


def _grid(*axes: Mapping[str, Sequence[str] | NDArray[np.int64]]) -> dict[str, Any]:
    """Return the key columns of every combination, the last axis running fastest."""
    shape = tuple(len(next(iter(axis.values()))) for axis in axes)
    columns: dict[str, Any] = {}
    for position, axis in enumerate(axes):
        along = [1] * len(shape)
        along[position] = shape[position]
        codes = np.broadcast_to(np.arange(shape[position]).reshape(along), shape).ravel()
        for name, labels in axis.items():
            # Taking from the few labels is many times faster than making a column of text from all rows.
            few = (
                pd.Series(labels) if isinstance(labels, np.ndarray) else pd.Series(list(labels), dtype="str")
            )
            columns[name] = few.array.take(codes)
    return columns


def _dates(axes: Axes) -> dict[str, list[str]]:
    return {"date": [axes.date(day).isoformat() for day in range(axes.days)]}


def _pairs(axes: Axes) -> dict[str, list[str]]:
    return {
        "depot": [pair.depot for pair in axes.pairs],
        "munition": [pair.munition for pair in axes.pairs],
    }


def _mean(values: Floats) -> Floats:
    # One layout in memory is one order of adding, and so the same last digit from either engine.
    return np.asarray(np.ascontiguousarray(values).sum(axis=0) / len(values), dtype=np.float64)
