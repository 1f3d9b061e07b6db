"""Trace of one run: all ledger entries and all voyages as two tidy tables (rule 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import EXPIRED_INTO_STOCK, HELD, NO_ORIGIN, SCRAPPED_AT_WORK, Axes, ClaimKind, Kind, Voyage

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
#: Kinds of the stock before day 0 and after the last day.
OPENING, CLOSING = "opening", "closing"
STOCK, UNSERVICEABLE, WORKSHOPS = "stock", "unserviceable", "workshops"
#: Parts of a depot, in row order.
PLACES = (STOCK, UNSERVICEABLE, WORKSHOPS)
#: Kinds of the entries of a backlog.
BACKLOG_KINDS = (ClaimKind.WAITING, ClaimKind.SERVED)
KINDS = (OPENING, *(kind.value for kind in (*Kind, *BACKLOG_KINDS)), CLOSING)
#: Place and kind of the entries of a ledger column; other columns belong to the stock.
_PLACE_OF: Mapping[str, tuple[str, str]] = {
    **{kind: (UNSERVICEABLE, kind.value) for kind in (Kind.REJECTED, Kind.TAKEN, Kind.SCRAPPED)},
    SCRAPPED_AT_WORK: (WORKSHOPS, Kind.SCRAPPED.value),
    EXPIRED_INTO_STOCK: (UNSERVICEABLE, Kind.EXPIRED.value),
}


class Entries(NamedTuple):
    """The ledger of one run, from either engine."""

    axes: Axes
    #: By (pair, origin, kind). As of `sim.model.ledger.Ledger`.
    columns: Mapping[tuple[int, int, str], Sequence[float]]
    #: opening, closing: by (pair, origin, place). Only places ``stock`` and ``unserviceable`` are used;
    #: missing keys are zero.
    opening: Mapping[tuple[int, int, str], float]
    closing: Mapping[tuple[int, int, str], float]
    voyages: Sequence[Voyage]
    #: By position of the claim in the axes, then kind; empty unless results are listed by consumer.
    claims: Mapping[int, Mapping[ClaimKind, Sequence[float]]] = {}


class _Rows(NamedTuple):
    """Entries that differ only in day and quantity, with the positions of the other keys."""

    days: NDArray[np.int64]
    quantities: Floats
    pair: int
    place: str
    origin: int
    kind: str
    #: Position of the consumer whose backlog it is; -1 for depots.
    consumer: int = -1


@dataclass(frozen=True, eq=False)
class Trace:
    """All entries and voyages of one run."""

    account: Entries
    title: str
    run: int
    seed: int
    engine: str

    @cached_property
    def entries(self) -> pd.DataFrame:
        """One row for each non-zero entry: `date, place, munition, origin, kind, quantity`.

        Places are ``depots.NAME.stock``, ``depots.NAME.unserviceable`` and ``depots.NAME.workshops``; the
        last has entries only for scrapped shells. Kinds are those of rule 9, and `opening` and `closing` for
        the stock before day 0 and after the last day. `required` and `unmet` have no origin. The place
        ``consumption.NAME.backlog`` has the entries `waiting`, `served` and `closing` of a backlog.
        """
        return _table(self.account)

    @cached_property
    def voyages(self) -> pd.DataFrame:
        """One row for each voyage or lot, with the columns of ``shipments.csv``."""
        from sim.results.tables import voyages_of

        return voyages_of(self.account.axes, [(self.run, voyage) for voyage in self.account.voyages])

    def data(self) -> dict[str, Any]:
        """Return both tables as plain data, each as a list of rows."""
        return {
            "title": self.title,
            "run": self.run,
            "seed": self.seed,
            "engine": self.engine,
            "entries": _records(self.entries),
            "voyages": _records(self.voyages),
        }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object)
    return [
        {str(name): cell for name, cell in row.items()}
        for row in plain.where(frame.notna(), None).to_dict("records")
    ]


def _table(account: Entries) -> pd.DataFrame:
    """Return the entries in order of (day, depot, place, munition, kind, origin)."""
    import pandas as pd

    axes, rows = account.axes, _rows(account)
    depots = list(dict.fromkeys(pair.depot for pair in axes.pairs))
    places = [f"depots.{name}.{part}" for name in depots for part in PLACES]
    places += [f"consumption.{name}.backlog" for name in axes.consumers for _ in PLACES]
    keys = np.array([_key(row, axes, depots) for row in rows], dtype=np.int64).reshape(-1, 5)
    keys = np.repeat(keys, [len(row.days) for row in rows], axis=0)
    days = np.concatenate([np.zeros(0, dtype=np.int64), *(row.days for row in rows)])
    quantities = np.concatenate([np.zeros(0), *(row.quantities for row in rows)])
    order = np.lexsort((*keys.T[::-1], days))
    depot, place, pair, kind, origin = keys[order].T
    columns: dict[str, Any] = {
        "date": _texts([axes.date(day).isoformat() for day in range(axes.days)], days[order]),
        "place": _texts(places, depot * len(PLACES) + place),
        "munition": _texts([pair.munition for pair in axes.pairs], pair),
        # Position -1, no origin, selects the last.
        "origin": _texts([*axes.origins, ""], origin),
        "kind": _texts(KINDS, kind),
        "quantity": quantities[order],
    }
    return pd.DataFrame(columns)


def _texts(names: Sequence[str], positions: NDArray[np.int64]) -> pd.Series[str]:
    import pandas as pd

    return pd.Series(np.array(names, dtype=object)[positions], dtype="str")


def _key(row: _Rows, axes: Axes, depots: Sequence[str]) -> tuple[int, ...]:
    """Return the sort key of rows within a day: positions of depot, place, pair, kind and origin."""
    depot = depots.index(axes.pairs[row.pair].depot) if row.consumer < 0 else len(depots) + row.consumer
    return depot, PLACES.index(row.place), row.pair, KINDS.index(row.kind), row.origin


def _rows(account: Entries) -> list[_Rows]:
    last = account.axes.days - 1
    found = [
        _Rows(np.array([day]), np.array([shells]), pair, place, origin, kind)
        for kind, day, there in ((OPENING, 0, account.opening), (CLOSING, last, account.closing))
        for (pair, origin, place), shells in there.items()
        if place in PLACES and shells != 0.0
    ]
    for (pair, origin, kind), column in account.columns.items():
        has_origin = kind not in (Kind.REQUIRED, Kind.UNMET)
        # Skip totals over origins, which repeat their entries, and `held`, which is a level.
        if kind != HELD and has_origin == (origin != NO_ORIGIN):
            place, entered = _PLACE_OF.get(kind, (STOCK, kind))
            quantities = np.asarray(column, dtype=np.float64)
            at_work = account.columns.get((pair, origin, SCRAPPED_AT_WORK))
            if kind == Kind.SCRAPPED and at_work is not None:
                quantities = quantities - np.asarray(at_work)
            days = np.flatnonzero(quantities)
            found.append(_Rows(days, quantities[days], pair, place, origin, entered))
    return [*found, *_backlog_rows(account)]


def _backlog_rows(account: Entries) -> Iterator[_Rows]:
    axes = account.axes
    for place, columns in account.claims.items():
        claim = axes.claims[place]
        if not claim.has_backlog:
            continue
        at = claim.pair, STOCK, NO_ORIGIN
        consumer = axes.consumers.index(claim.consumer)
        for kind in BACKLOG_KINDS:
            shells = np.asarray(columns[kind], dtype=np.float64)
            days = np.flatnonzero(shells)
            yield _Rows(days, shells[days], *at, kind.value, consumer)
        left = columns[ClaimKind.BACKLOG][-1]
        if left != 0.0:
            yield _Rows(np.array([axes.days - 1]), np.array([left]), *at, CLOSING, consumer)
