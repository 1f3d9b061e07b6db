"""A depot in one run: stocks, arrivals, and a gate queue for lots beyond its capacity (rule 15)."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import simpy

from sim.account import Kind, sum_in_order
from sim.formulas import admitted_share
from sim.model.clock import Clock
from sim.model.cohorts import ByCohort, Cohorts
from sim.model.ledger import Column, Ledger
from sim.model.stock import Stock
from sim.units import SECONDS_PER_DAY


@dataclass(slots=True)
class LotPart:
    """Shells of one munition in a lot, by origin.

    Attributes
    ----------
    munition : int
        Position of the munition.
    origins : sequence of int
        Positions among the origins of the depot.
    columns : sequence of list of float, length days
        Ledger column of each origin, for shells admitted.
    good : sequence of float
        Serviceable shells by origin.
    bad : sequence of float
        Unserviceable shells by origin.
    age : int
        Age of the shells on arrival, in days.
    cohorts : dict of int to float, optional
        Serviceable shells by cohort, where they come from a stock that is kept by age.
    """

    munition: int
    origins: Sequence[int]
    columns: Sequence[Column]
    good: Sequence[float]
    bad: Sequence[float] = ()
    age: int = 0
    cohorts: ByCohort | None = None


class Lot(NamedTuple):
    """Shells that arrive at a depot together; lots sort in order of arrival.

    Attributes
    ----------
    second : int
        Time of arrival.
    section, name : str
        The component that delivers them; with `number` they order lots of the same second.
    number : int
        Unique within a component.
    parts : list of LotPart
    """

    second: int
    section: str
    name: str
    number: int
    parts: list[LotPart]

    def size(self) -> float:
        """Return the serviceable shells of the lot."""
        total = 0.0
        for part in self.parts:
            for shells in part.good:
                total += shells
        return total


#: An arrival at a depot without a gate: sort key of a lot, a function to admit (cargo, day), and the cargo.
UnloadedCargo = tuple[int, str, str, int, Callable[[float, int], None], float]


class DepotState:
    """One depot.

    Parameters
    ----------
    name : str
    pairs : list of int
        Positions of its pairs in the axes, by munition.
    origins : list of str
        Origins of its shells; stocks and lots refer to them by position.
    stocks : list of Stock
        By munition.
    capacity : float
        Most serviceable shells; infinite without a limit.
    ledger : Ledger

    Attributes
    ----------
    gate : list of Lot
        Lots that wait for room, in order of arrival.
    due : list of Lot or UnloadedCargo
    bringing : list of Lot
        Lots under way from suppliers and from transfers, with a known time of arrival, in order of arrival.
    arrived : list of Lot or UnloadedCargo
    unloaded : list of UnloadedCargo
        Arrivals of the current day.
    landing : dict of str to callable
        For each supplier, the function that stores the cargo that its fleet unloaded on the day.
    deliveries : list of callable
        For each order line, the function that brings what arrives on a day.
    """

    def __init__(
        self,
        name: str,
        pairs: list[int],
        origins: list[str],
        stocks: list[Stock],
        capacity: float,
        ledger: Ledger,
    ) -> None:
        self.name = name
        self.pairs = pairs
        self.origins = origins
        self.stocks = stocks
        self.capacity = capacity
        self.ledger = ledger
        self.gate: list[Lot] = []
        self.arrived: list[Lot | UnloadedCargo] = []
        self.unloaded: list[UnloadedCargo] = []
        self.landing: dict[str, Callable[[int], None]] = {}
        self.due: list[Lot | UnloadedCargo] = []
        self.bringing: list[Lot] = []
        self.deliveries: list[Callable[[int], None]] = []

    def column(self, munition: int, origin: int, kind: str) -> Column:
        """Return the ledger column of a munition, an origin and a kind at this depot."""
        return self.ledger.column(
            self.pairs[munition], self.ledger.axes.origins.index(self.origins[origin]), kind
        )

    def columns(self, munition: int, kind: str) -> list[Column]:
        """Return the ledger columns of a munition and a kind at this depot, by origin."""
        return [self.column(munition, origin, kind) for origin in range(len(self.origins))]

    def receive(self, clock: Clock) -> Generator[simpy.Event, int, None]:
        """Each day, admit lots from the gate, then orders, then other arrivals in order of arrival."""
        while True:
            day = yield clock.day_over
            if self.gate:
                self._open_gate(day)
            for deliver in self.deliveries:
                deliver(day)
            if self.unloaded:
                self._receive_day(day)
            if self.due or self.bringing:
                self._receive_until(SECONDS_PER_DAY * (day + 1))
            if self.arrived:
                self._receive_due(day)

    def _receive_day(self, day: int) -> None:
        if len(self.unloaded) > 1:
            self.unloaded.sort()
        for _, _, _, _, enter, cargo in self.unloaded:
            enter(cargo, day)
        for name in sorted(self.landing):
            self.landing[name](day)
        self.unloaded.clear()
        self.landing.clear()

    def _receive_until(self, end: int) -> None:
        """Move lots due before second `end` to the arrivals."""
        while self.due and self.due[0][0] < end:
            self.arrived.append(self.due.pop(0))
        while self.bringing and self.bringing[0].second < end:
            self.arrived.append(self.bringing.pop(0))

    def _receive_due(self, day: int) -> None:
        self.arrived.sort()
        for arrival in self.arrived:
            if isinstance(arrival, Lot):
                if arrival.section == "shipments":
                    self._reject(arrival, day)
                self.admit_or_queue(arrival, day)
            else:
                _, _, _, _, admit, cargo = arrival
                admit(cargo, day)
        self.arrived.clear()

    def admit_or_queue(self, lot: Lot, day: int) -> None:
        """Admit a lot as far as there is room and the gate is empty; queue the rest at the gate."""
        if self.gate or not self._admit(lot, day):
            insort(self.gate, lot)

    def expect(self, lot: Lot | UnloadedCargo) -> None:
        """Schedule the arrival of a supplier's lot."""
        insort(self.due, lot)

    def expect_transfer(self, lot: Lot) -> None:
        """Schedule the arrival of a transfer's lot; until then it is under way (rule 18)."""
        insort(self.bringing, lot)

    def supply_position(self) -> list[float]:
        """Return the shells by munition in stock, under way in transfers, and at the gate."""
        shells = [stock.level for stock in self.stocks]
        for lots in (self.bringing, self.gate):
            if lots:
                for munition, total in enumerate(self._by_munition(lots)):
                    shells[munition] += total
        return shells

    def _by_munition(self, lots: Sequence[Lot]) -> list[float]:
        """Return the shells of lots by munition, added in order of lots and parts."""
        totals = [0.0] * len(self.stocks)
        for lot in lots:
            for part in lot.parts:
                total = totals[part.munition]
                for shells in part.good:
                    total += shells
                totals[part.munition] = total
        return totals

    def inbound(self, munition: int, origin: int, section: str) -> float:
        """Return the shells at the gate or under way in transfers at the end."""
        lots = [lot for lot in (*self.gate, *self.bringing) if lot.section == section]
        parts = [part for lot in lots for part in lot.parts]
        return math.fsum(
            shells
            for part in parts
            if part.munition == munition
            for place, shells in zip(part.origins, part.good, strict=True)
            if place == origin
        )

    def level(self) -> float:
        """Return the serviceable shells of all munitions."""
        return sum_in_order([stock.level for stock in self.stocks])

    def _open_gate(self, day: int) -> None:
        while self.gate and self._admit(self.gate[0], day):
            self.gate.pop(0)

    def _admit(self, lot: Lot, day: int) -> bool:
        """Admit as much of a lot as fits; return whether all of it did."""
        share = 1.0
        if self.capacity != math.inf:
            share = admitted_share(lot.size(), self.level(), self.capacity)
        for part in lot.parts:
            admitted = part.good
            if share < 1.0:
                admitted = [shells * share for shells in part.good]
                part.good = [
                    whole - part_admitted for whole, part_admitted in zip(part.good, admitted, strict=True)
                ]
            stock = self.stocks[part.munition]
            stock.put_each(part.origins, admitted, part.columns, day)
            if stock.cohorts is not None:
                _admit_ages(stock.cohorts, lot, part, admitted, share)
        return share == 1.0

    def _reject(self, lot: Lot, day: int) -> None:
        for part in lot.parts:
            for origin, shells in zip(part.origins, part.bad, strict=True):
                self.column(part.munition, origin, Kind.REJECTED)[day] += shells
                self.stocks[part.munition].unserviceable[origin] += shells


def _admit_ages(cohorts: Cohorts, lot: Lot, part: LotPart, admitted: Sequence[float], share: float) -> None:
    """Add the admitted share of a part to a stock by age; the rest goes on ageing at the gate."""
    if part.cohorts is None:
        for shells in admitted:
            cohorts.put(shells, lot.second // SECONDS_PER_DAY - part.age)
        return
    moved = part.cohorts
    if share < 1.0:
        moved = {cohort: shells * share for cohort, shells in part.cohorts.items()}
        part.cohorts = {cohort: shells - moved[cohort] for cohort, shells in part.cohorts.items()}
    cohorts.put_each(moved)
