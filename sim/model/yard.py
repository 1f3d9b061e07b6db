"""A depot in one run: its stocks, what arrives, and the gate where what does not fit waits (rule 15)."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import simpy

from sim.account import Kind
from sim.model.clock import Clock
from sim.model.ledger import Column, Ledger
from sim.model.stock import Stock
from sim.units import SECONDS_PER_DAY


@dataclass(slots=True)
class Part:
    """Shells of one munition and origin in a lot.

    Attributes
    ----------
    munition, origin : int
        By position.
    entry : list of float, length days
        The column of the ledger to which they are added when they are let in.
    good, bad : float
        Serviceable and unserviceable shells.
    """

    munition: int
    origin: int
    entry: Column
    good: float
    bad: float = 0.0


class Lot(NamedTuple):
    """Shells that come to a depot together; lots are in order of arrival.

    Attributes
    ----------
    second : int
        When they came.
    section, name : str
        The component that brought them; with `number` they order lots of the same second.
    number : int
        No two lots of a component have the same.
    kind : Kind
        What the entry says when they are let in.
    parts : list of Part
    """

    second: int
    section: str
    name: str
    number: int
    kind: Kind
    parts: list[Part]

    def size(self) -> float:
        """Return the serviceable shells of the lot."""
        total = 0.0
        for part in self.parts:
            total += part.good
        return total


#: What came where nothing waits: second, name and number, and how its cargo is let in on a day.
Unloaded = tuple[int, str, int, Callable[[float, int], None], float]


class Yard:
    """One depot.

    Parameters
    ----------
    name : str
    pairs : list of int
        Positions of its pairs in the axes, by munition.
    stocks : list of Stock
        By munition.
    capacity : float
        Serviceable shells it can hold; infinite without a limit.
    ledger : Ledger
    """

    def __init__(
        self, name: str, pairs: list[int], stocks: list[Stock], capacity: float, ledger: Ledger
    ) -> None:
        self.name = name
        self.pairs = pairs
        self.stocks = stocks
        self.capacity = capacity
        self.ledger = ledger
        self.gate: list[Lot] = []
        self.arrived: list[Lot] = []
        self.unloaded: list[Unloaded] = []
        self.due: list[Lot] = []

    def column(self, munition: int, origin: int, kind: str) -> Column:
        """Return the column of the ledger for a munition, an origin and a kind at this depot."""
        return self.ledger.column(self.pairs[munition], origin, kind)

    def land(self, clock: Clock) -> Generator[simpy.Event, int, None]:
        """Each day open the gate, then let in what arrived, in order of arrival."""
        while True:
            day = yield clock.day_over
            if self.gate:
                self._open_gate(day)
            if self.unloaded:
                self._let_in(day)
            over = SECONDS_PER_DAY * (day + 1)
            while self.due and self.due[0].second < over:
                self.arrived.append(self.due.pop(0))
            if self.arrived:
                self.arrived.sort()
                for lot in self.arrived:
                    self._reject(lot, day)
                    self.enter(lot, day)
                self.arrived.clear()

    def _let_in(self, day: int) -> None:
        if len(self.unloaded) > 1:
            self.unloaded.sort()
        for _, _, _, let_in, cargo in self.unloaded:
            let_in(cargo, day)
        self.unloaded.clear()

    def enter(self, lot: Lot, day: int) -> None:
        """Let a lot in, as far as there is room and nobody waits; the rest waits at the gate."""
        if self.gate or not self._admit(lot, day):
            insort(self.gate, lot)

    def expect(self, lot: Lot) -> None:
        """Let a lot come on the day of its second."""
        insort(self.due, lot)

    def covered(self) -> list[float]:
        """Return by munition what is there, what transfers are bringing and what waits at the gate."""
        under_way = self._by_munition([lot for lot in self.due if lot.kind is Kind.RECEIVED])
        at_gate = self._by_munition(self.gate)
        return [
            stock.level + coming + waiting
            for stock, coming, waiting in zip(self.stocks, under_way, at_gate, strict=True)
        ]

    def _by_munition(self, lots: Sequence[Lot]) -> list[float]:
        shells = [0.0] * len(self.stocks)
        for lot in lots:
            for part in lot.parts:
                shells[part.munition] += part.good
        return shells

    def coming(self, munition: int, origin: int, kind: Kind) -> float:
        """Return the shells that wait at the gate, or that a transfer was bringing, at the end."""
        under_way = [lot for lot in self.due if lot.kind is Kind.RECEIVED]
        lots = [lot for lot in (*self.gate, *under_way) if lot.kind is kind]
        parts = [part for lot in lots for part in lot.parts]
        return math.fsum(part.good for part in parts if part.munition == munition and part.origin == origin)

    def level(self) -> float:
        """Return the serviceable shells of all munitions."""
        total = 0.0
        for stock in self.stocks:
            total += stock.level
        return total

    def _open_gate(self, day: int) -> None:
        while self.gate and self._admit(self.gate[0], day):
            self.gate.pop(0)

    def _admit(self, lot: Lot, day: int) -> bool:
        """Let in what fits; return whether that was all."""
        share = 1.0
        if self.capacity != math.inf:
            size = lot.size()
            room = max(0.0, self.capacity - self.level())
            share = 1.0 if size <= room else room / size
        for part in lot.parts:
            shells = part.good if share == 1.0 else part.good * share
            if shells > 0.0:
                part.good -= shells
                part.entry[day] += shells
                self.stocks[part.munition].put(part.origin, shells, day)
        return share == 1.0

    def _reject(self, lot: Lot, day: int) -> None:
        for part in lot.parts:
            if part.bad > 0.0:
                self.column(part.munition, part.origin, Kind.REJECTED)[day] += part.bad
                self.stocks[part.munition].unserviceable[part.origin] += part.bad
