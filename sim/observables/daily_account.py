"""Reader of the daily account of one run, a long table: sums and closing levels by selection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.errors import ArgumentError, Fault
from sim.observables.observable import Floats, Selection, Window

Mask = NDArray[np.bool_]


class Daily(Protocol):
    """Columns by name: a DataFrame, or a mapping of sequences."""

    def __contains__(self, key: Any, /) -> bool: ...
    def __getitem__(self, key: Any, /) -> Any: ...


class DailyAccount:
    """Columns of a daily account as arrays; see `sim.observables.evaluation.Account`."""

    def __init__(self, daily: Daily) -> None:
        self._daily = daily
        self._date = np.asarray(self._column("date"), dtype="datetime64[D]")
        self._kind = self._texts("kind")
        self._quantity = np.asarray(self._column("quantity"), dtype=np.float64)

    @property
    def munitions(self) -> Sequence[str]:
        """Names of the munitions, sorted."""
        return sorted(set(self._texts("munition").tolist()))

    def window_to(self, date: dt.date) -> Window:
        """Return the window from the first day of the account to a date."""
        first, last = self._ends()
        if not first <= date <= last:
            self._refuse(date)
        return Window(first, date)

    def total(self, kinds: Sequence[str], window: Window, where: Selection) -> Floats:
        """Return the sum of the quantities of some kinds in a window and a selection, in shells."""
        first, last = self._ends()
        for date in (window.first, window.last):
            if not first <= date <= last:
                self._refuse(date)
        chosen: Mask = (self._date >= np.datetime64(window.first)) & (
            self._date <= np.datetime64(window.last)
        )
        chosen &= np.isin(self._kind, [str(kind) for kind in kinds])
        for column, names in (
            ("depot", where.depots),
            ("munition", where.munitions),
            ("origin", where.origins),
        ):
            if names:
                chosen &= self._has(column, names)
        # In order, as engines add; `sum` adds in pairs, so its last digit depends on the number of zeros.
        in_order: Floats = np.add.accumulate(np.append(0.0, self._quantity[chosen]))
        return in_order[-1:]

    def _has(self, column: str, names: Sequence[str]) -> Mask:
        texts = self._texts(column)
        missing = [name for name in names if column != "origin" and name not in texts]
        if missing:
            known = ", ".join(sorted(set(texts.tolist())))
            raise ArgumentError([Fault(f"the account has no {column} {missing[0]!r}", allowed=known)])
        return np.isin(texts, list(names))

    def _ends(self) -> tuple[dt.date, dt.date]:
        first, last = self._date.min().item(), self._date.max().item()
        return first, last

    def _refuse(self, date: dt.date) -> None:
        first, last = self._ends()
        raise ArgumentError([Fault(f"{date} is not in the account", allowed=f"{first} to {last}")])

    def _texts(self, column: str) -> NDArray[np.str_]:
        return np.asarray(self._column(column), dtype=np.str_)

    def _column(self, name: str) -> Any:
        if name not in self._daily:
            raise ArgumentError([Fault(f"the account has no column {name!r}", allowed=f"a column {name!r}")])
        return self._daily[name]
