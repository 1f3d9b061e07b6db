"""A finished sweep: a tidy table with a row for each point."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

PERCENTS = (5, 50, 95)
#: Of the table, what a notebook shows: where the stock ends, and what is fired then; of so many points.
_SHOWN = ("failed", "exhausted_share", "exhausted_p50", "sustained_fire_p50")
_ROWS = 12


@dataclass(frozen=True, repr=False, eq=False)
class Sweep:
    """Outcomes over a grid of points.

    Attributes
    ----------
    title : str
    paths : tuple of str
        What varied.
    outcomes : tuple of str
    runs, seed : int
    table : DataFrame
        A row a point: ``point``, a column for each path (numbers in base units), ``runs, failed, reason``,
        then for each outcome ``NAME_mean, NAME_se, NAME_p05, NAME_p50, NAME_p95``. Outcomes that are days
        from the start have ``NAME_share``, the share of runs that get there, first; their quantiles are null
        beyond it, and mean and standard error are null where any run is censored.
    """

    title: str
    paths: tuple[str, ...]
    outcomes: tuple[str, ...]
    runs: int
    seed: int
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Sweep of {self.title!r}: {len(self.table)} points, {self.runs} runs each, seed {self.seed}>"

    def _repr_html_(self) -> str:
        columns = ["point", *self.paths, *(name for name in self.table if str(name).endswith(_SHOWN))]
        shown = self.table[columns].head(_ROWS)
        body: str = shown.to_html(index=False, border=0, na_rep="", float_format="{:,.6g}".format)
        rest = f"<p>{len(self.table) - _ROWS:,} more points</p>" if len(self.table) > _ROWS else ""
        return f"<p>{html.escape(repr(self))}</p>{body}{rest}"


def is_day(outcome: str) -> bool:
    """Return whether an outcome is a day from the start, which a run may never reach."""
    return outcome in {"exhausted", "rationed_from"} or outcome.startswith("below_")


def figures(names: Sequence[str], outcomes: Floats) -> dict[str, Floats]:
    """Return the columns of some points.

    Parameters
    ----------
    names : sequence of str, length outcomes
    outcomes : array, shape (outcomes, points, runs)
        Days infinite where never; nan in runs that failed.
    """
    columns: dict[str, Floats] = {}
    for name, values in zip(names, outcomes, strict=True):
        ordered = np.sort(values, axis=1)
        if is_day(name):
            columns[f"{name}_share"] = _null_where_failed(np.isfinite(values).mean(axis=1), values)
        finite = np.isfinite(values).all(axis=1)
        shown = np.where(finite[:, np.newaxis], values, 0.0)
        count = values.shape[1]
        spread = shown.std(axis=1, ddof=1) / np.sqrt(count) if count > 1 else np.full(len(values), np.nan)
        columns[f"{name}_mean"] = np.where(finite, shown.mean(axis=1), np.nan)
        columns[f"{name}_se"] = np.where(finite, spread, np.nan)
        for percent in PERCENTS:
            # Inverted CDF (rule 32): the position is found in whole numbers.
            at = ordered[:, max(0, (count * percent + 99) // 100 - 1)]
            columns[f"{name}_p{percent:02d}"] = _null_where_failed(
                np.where(np.isfinite(at), at, np.nan), values
            )
    return columns


def _null_where_failed(column: Floats, values: Floats) -> Floats:
    failed = np.isnan(values).any(axis=1)
    return np.asarray(np.where(failed, np.nan, column), dtype=np.float64)


def table_of(
    points: dict[str, Any], parts: Sequence[dict[str, Floats]], order: Sequence[int]
) -> pd.DataFrame:
    """Return the table: columns of the points, then the figures of all parts, put back in order."""
    import pandas as pd

    places = np.argsort(np.array(order))
    columns = {name: np.concatenate([part[name] for part in parts])[places] for name in parts[0]}
    return pd.DataFrame({**points, **columns})
