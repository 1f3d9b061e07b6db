"""A depot in one run: its stocks, what arrives, and the gate where what does not fit waits (rule 15)."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Protocol

import simpy

from sim.account import Kind
from sim.model.clock import Clock
from sim.model.ledger import Ledger
from sim.model.stock import Stock
from sim.units import SECONDS_PER_DAY


@dataclass(slots=True)
class Part:
    """Shells of one munition and origin in a lot.

    Attributes
    ----------
    munition, origin : int
        By position.
    good, bad : float
        Serviceable and unserviceable shells.
    """

    munition: int
    origin: int
    good: float
    bad: float = 0.0


@dataclass(order=True, slots=True)
class Lot:
    """Shells that come to a depot together.

    Attributes
    ----------
    second : int
        When they came.
    section, name : str
        The component that brought them; with `number` they order lots of the same second.
    number : int
    kind : Kind
        What the entry says when they are let in.
    parts : list of Part
    """

    second: int
    section: str
    name: str
    number: int
    kind: Kind = field(compare=False)
    parts: list[Part] = field(compare=False)

    def size(self) -> float:
        """Return the serviceable shells of the lot."""
        total = 0.0
        for part in self.parts:
            total += part.good
        return total


class Bringer(Protocol):
    """Who brings cargo to a depot without a gate."""

    def enter(self, cargo: float, day: int) -> None:
        """Enter a cargo that arrived on a day."""
        ...

    def let_in(self, day: int) -> None:
        """Let in all that was entered on a day."""
        ...


#: What came where nothing waits: second, name and number of who brought it, and its cargo.
Unloaded = tuple[int, str, int, Bringer, float]


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
        self.due: dict[int, list[Lot]] = {}

    def land(self, clock: Clock) -> Generator[simpy.Event, int, None]:
        """Each day open the gate, then let in what arrived, in order of arrival."""
        while True:
            day = yield clock.day_over
            if self.gate:
                self._open_gate(day)
            if self.unloaded:
                self._let_in(day)
            lots = self.arrived
            if day in self.due:
                lots += self.due.pop(day)
            if lots:
                if len(lots) > 1:
                    lots.sort()
                for lot in lots:
                    self._reject(lot, day)
                    self.enter(lot, day)
                lots.clear()

    def _let_in(self, day: int) -> None:
        if len(self.unloaded) > 1:
            self.unloaded.sort()
        bringers = {}
        for _, name, _, bringer, cargo in self.unloaded:
            bringer.enter(cargo, day)
            bringers[name] = bringer
        for name in sorted(bringers):
            bringers[name].let_in(day)
        self.unloaded.clear()

    def enter(self, lot: Lot, day: int) -> None:
        """Let a lot in, as far as there is room and nobody waits; the rest waits at the gate."""
        if self.gate or not self._admit(lot, day):
            insort(self.gate, lot)

    def expect(self, lot: Lot) -> None:
        """Let a lot come on the day of its second."""
        self.due.setdefault(lot.second // SECONDS_PER_DAY, []).append(lot)

    def under_way(self, munition: int) -> float:
        """Return the shells of a munition that transfers are bringing, in order of arrival."""
        coming = 0.0
        for lot in sorted(lot for lots in self.due.values() for lot in lots if lot.kind is Kind.RECEIVED):
            for part in lot.parts:
                if part.munition == munition:
                    coming += part.good
        return coming

    def at_gate(self, munition: int) -> float:
        """Return the shells of a munition that wait at the gate."""
        waiting = 0.0
        for lot in self.gate:
            for part in lot.parts:
                if part.munition == munition:
                    waiting += part.good
        return waiting

    def coming(self, munition: int, origin: int, kind: Kind) -> float:
        """Return the shells that wait at the gate, or that a transfer was bringing, at the end."""
        under_way = [lot for lots in self.due.values() for lot in lots if lot.kind is Kind.RECEIVED]
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
                self.ledger.column(self.pairs[part.munition], part.origin, lot.kind)[day] += shells
                self.stocks[part.munition].put(part.origin, shells, day)
        return share == 1.0

    def _reject(self, lot: Lot, day: int) -> None:
        for part in lot.parts:
            if part.bad > 0.0:
                self.ledger.column(self.pairs[part.munition], part.origin, Kind.REJECTED)[day] += part.bad
                self.stocks[part.munition].unserviceable[part.origin] += part.bad
