"""The ledger of one run: daily entries by pair, origin and kind, the source of all tables (rule 9)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from operator import add, neg

from sim.account import (
    HELD,
    INFLOW_KINDS,
    MONEY_KINDS,
    NO_ORIGIN,
    ORDER_OUTCOMES,
    OUTFLOW_KINDS,
    UNFUNDED,
    UNSERVICEABLE_KINDS,
    Axes,
    ClaimKind,
    Kind,
    PlacedOrder,
    Voyage,
)

Column = list[float]
Kinds = tuple[str, ...]
#: Kinds of inflow and outflow by place.
BALANCES: dict[str, tuple[Kinds, Kinds]] = {
    "stock": (INFLOW_KINDS, OUTFLOW_KINDS),
    "unserviceable": UNSERVICEABLE_KINDS,
}


class Ledger:
    """Entries by (pair, origin, kind), one number a day.

    Parameters
    ----------
    axes : Axes
    run : int
        Run number.

    Attributes
    ----------
    columns : dict of (pair, origin, kind) to list of float, length days
        Shells a day; pairs and origins by their position in `axes`, origin `NO_ORIGIN` for kinds without one.
    levels, planned : list of list of float, shape (pairs, days)
        Closing level in shells, planned requirement in shells a day.
    objective : dict of int to list of float, length days
        Objective in shells on each day, by pair that has one.
    claims : dict of int to dict of ClaimKind to list of float, length days
        Account of each claim, by its position in `axes`.
    opening, closing : dict of (pair, origin, place) to float
        Shells at the start and at the end; place is ``stock`` or ``unserviceable``, in `closing`
        also ``coming`` and ``at gate``. Missing keys are zero.
    drawn : dict of str to float
        Inputs drawn once a run, by path, in base units.
    voyages : list of Voyage
        By supplier, leg and voyage number; lots by day.
    orders : list of PlacedOrder
        By order line and number.
    counted : dict of str to list of float, length pairs
        Outcomes by name that the account counts as it goes (`sim.account.ORDER_OUTCOMES`, `MONEY_KINDS`).
    money : dict of str to list of float, length months
        Money by kind and calendar month; empty without a currency.
    shipped, under_way : dict of str to float
        Shells that left each supplier, and those at quays or in vehicles at the end.
    """

    def __init__(self, axes: Axes, run: int) -> None:
        self.axes = axes
        self.run = run
        self.columns: dict[tuple[int, int, str], Column] = {}
        self.levels: list[Column] = [[0.0] * axes.days for _ in axes.pairs]
        self.planned: list[Column] = [[0.0] * axes.days for _ in axes.pairs]
        self.objective: dict[int, Column] = {}
        self.claims: dict[int, dict[ClaimKind, Column]] = {}
        self.opening: dict[tuple[int, int, str], float] = {}
        self.closing: dict[tuple[int, int, str], float] = defaultdict(float)
        self.drawn: dict[str, float] = {}
        self.voyages: list[Voyage] = []
        self.orders: list[PlacedOrder] = []
        counted = (*ORDER_OUTCOMES, *MONEY_KINDS, UNFUNDED)
        self.counted: dict[str, list[float]] = {
            name: [0.0 for _ in axes.pairs] for name in counted if name in axes.added_outcomes
        }
        months = axes.months()[-1] + 1 if axes.currency else 0
        self.money: dict[str, list[float]] = {kind: [0.0] * months for kind in MONEY_KINDS if axes.currency}
        self.shipped: dict[str, float] = {}
        self.under_way: dict[str, float] = {}

    def column(self, pair: int, origin: int, kind: str) -> Column:
        """Return the column of a pair, an origin and a kind, created on first use."""
        key = (pair, origin, kind)
        if key not in self.columns:
            self.columns[key] = [0.0] * self.axes.days
        return self.columns[key]

    def claim_columns(self, consumer: str, depot: str, munition: str) -> dict[ClaimKind, Column]:
        """Return the columns of a claim by kind, created on first use; empty if claims are not listed."""
        for place, claim in enumerate(self.axes.claims):
            if claim.consumer == consumer and self.axes.pairs[claim.pair] == (depot, munition):
                kinds = self.claims.setdefault(place, {})
                for kind in claim.kinds:
                    kinds.setdefault(kind, [0.0] * self.axes.days)
                return kinds
        return {}

    def total(self, pair: int, kind: str) -> Column:
        """Return a kind by day over all origins: the column without origin if there is one, else the sum."""
        whole = self.columns.get((pair, NO_ORIGIN, kind))
        if whole is not None:
            return whole
        total = [0.0] * self.axes.days
        for origin in range(len(self.axes.origins)):
            column = self.columns.get((pair, origin, kind))
            if column is not None:
                total = list(map(add, total, column))
        return total

    def balance_error(self) -> float:
        """Return the largest error of the account over places and origins, relative to gross turnover."""
        worst = 0.0
        for pair, origin in {(pair, origin) for pair, origin, kind in self.columns if kind == HELD}:
            for place, (into, out) in BALANCES.items():
                worst = max(worst, self._place_error(pair, origin, place, into, out))
        for munition, origin in self._turnover():
            worst = max(worst, self._transfer_error(munition, origin))
        for supplier in self.shipped:
            worst = max(worst, self._supplier_error(supplier))
        for line in self.axes.orders:
            worst = max(worst, self._order_error(line))
        for at, claim in enumerate(self.axes.claims):
            if claim.has_backlog:
                columns = self.claims[at]
                left = [*columns[ClaimKind.SERVED], columns[ClaimKind.BACKLOG][-1]]
                worst = max(worst, _relative_error(columns[ClaimKind.WAITING], left))
        return worst

    def _place_error(self, pair: int, origin: int, place: str, into: Kinds, out: Kinds) -> float:
        opening = self.opening.get((pair, origin, place), 0.0)
        closing = self.closing.get((pair, origin, place), 0.0)
        came, went = self._columns_of(pair, origin, into), self._columns_of(pair, origin, out)
        return _relative_error([opening, *came], [closing, *went])

    def _turnover(self) -> set[tuple[str, int]]:
        return {
            (self.axes.pairs[pair].munition, origin)
            for pair, origin, kind in self.columns
            if kind == Kind.DISPATCHED
        }

    def _transfer_error(self, munition: str, origin: int) -> float:
        pairs = [pair for pair, (_, name) in enumerate(self.axes.pairs) if name == munition]
        left = [q for pair in pairs for q in self._columns_of(pair, origin, (Kind.DISPATCHED,))]
        came = [q for pair in pairs for q in self._columns_of(pair, origin, (Kind.RECEIVED,))]
        coming = [self.closing.get((pair, origin, "coming"), 0.0) for pair in pairs]
        return _relative_error(left, [*came, *coming])

    def _supplier_error(self, supplier: str) -> float:
        origin = self.axes.origins.index(supplier)
        went = [self.under_way[supplier]]
        for pair in range(len(self.axes.pairs)):
            went += self._columns_of(pair, origin, (Kind.LANDED, Kind.REJECTED))
        return _relative_error([self.shipped[supplier]], went)

    def _order_error(self, line: str) -> float:
        origin = self.axes.origins.index(line)
        placed = [order for order in self.orders if order.line == line]
        went = [order.shells for order in placed if order.arrived is None]
        for pair in range(len(self.axes.pairs)):
            went += [self.closing.get((pair, origin, "at gate"), 0.0)]
            went += self._columns_of(pair, origin, (Kind.DELIVERED,))
        return _relative_error([order.shells for order in placed], went)

    def _columns_of(self, pair: int, origin: int, kinds: Kinds) -> Iterator[float]:
        return chain.from_iterable(self.columns.get((pair, origin, kind), ()) for kind in kinds)


def _relative_error(came: Column, went: Column) -> float:
    # fsum is exact, so any difference is an error of the model and not of the order of addition.
    turnover = math.fsum(came) + math.fsum(went)
    return abs(math.fsum(chain(came, map(neg, went)))) / turnover if turnover > 0 else 0.0
