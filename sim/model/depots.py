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
class LotPart:
    """Shells of one munition in a lot, by origin.

    Attributes
    ----------
    munition : int
        By position.
    origins : sequence of int
        By position among those of the depot.
    columns : sequence of list of float, length days
        Where the ledger enters each of them when it is let in.
    good : sequence of float
        Serviceable shells of each.
    bad : sequence of float
        Unserviceable shells of each.
    """

    munition: int
    origins: Sequence[int]
    columns: Sequence[Column]
    good: Sequence[float]
    bad: Sequence[float] = ()


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
    parts : list of Part
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


#: What comes to a depot without a gate: order of a lot, then how its cargo is let in on a day, and the cargo.
UnloadedCargo = tuple[int, str, str, int, Callable[[float, int], None], float]


class DepotState:
    """One depot.

    Parameters
    ----------
    name : str
    pairs : list of int
        Positions of its pairs in the axes, by munition.
    origins : list of str
        The origins that it tells apart; stocks and lots name them by their position here.
    stocks : list of Stock
        By munition.
    capacity : float
        Serviceable shells it can hold; infinite without a limit.
    ledger : Ledger

    Attributes
    ----------
    gate : list of Lot
        What waits for room, in order of arrival.
    due, bringing : list of Lot
        What suppliers and what transfers have under way with a known day of arrival, in order of arrival.
    arrived, unloaded : list of Lot
        What came in the course of the day.
    landing : dict of str to callable
        How what each supplier's fleet unloaded in the course of the day is put away.
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

    def column(self, munition: int, origin: int, kind: str) -> Column:
        """Return the column of the ledger for a munition, an origin and a kind at this depot."""
        return self.ledger.column(
            self.pairs[munition], self.ledger.axes.origins.index(self.origins[origin]), kind
        )

    def columns(self, munition: int, kind: str) -> list[Column]:
        """Return the columns of the ledger for a munition and a kind at this depot, by origin."""
        return [self.column(munition, origin, kind) for origin in range(len(self.origins))]

    def receive(self, clock: Clock) -> Generator[simpy.Event, int, None]:
        """Each day open the gate, then let in what arrived, in order of arrival."""
        while True:
            day = yield clock.day_over
            if self.gate:
                self._open_gate(day)
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
        """Let come what is due before second `end`."""
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
                _, _, _, _, let_in, cargo = arrival
                let_in(cargo, day)
        self.arrived.clear()

    def admit_or_queue(self, lot: Lot, day: int) -> None:
        """Let a lot in, as far as there is room and nobody waits; the rest waits at the gate."""
        if self.gate or not self._admit(lot, day):
            insort(self.gate, lot)

    def expect(self, lot: Lot | UnloadedCargo) -> None:
        """Let a supplier's lot come on the day of its second."""
        insort(self.due, lot)

    def expect_transfer(self, lot: Lot) -> None:
        """Let a transfer's lot come on the day of its second; until then it is under way (rule 18)."""
        insort(self.bringing, lot)

    def supply_position(self) -> list[float]:
        """Return by munition what is there, what transfers are bringing and what waits at the gate."""
        shells = [stock.level for stock in self.stocks]
        for lots in (self.bringing, self.gate):
            if lots:
                for munition, total in enumerate(self._by_munition(lots)):
                    shells[munition] += total
        return shells

    def _by_munition(self, lots: Sequence[Lot]) -> list[float]:
        """Return the shells of some lots, added lot by lot and part by part."""
        totals = [0.0] * len(self.stocks)
        for lot in lots:
            for part in lot.parts:
                total = totals[part.munition]
                for shells in part.good:
                    total += shells
                totals[part.munition] = total
        return totals

    def inbound(self, munition: int, origin: int, section: str) -> float:
        """Return the shells that wait at the gate, or that a transfer was bringing, at the end."""
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
            comes = part.good
            if share < 1.0:
                comes = [shells * share for shells in part.good]
                part.good = [whole - let_in for whole, let_in in zip(part.good, comes, strict=True)]
            self.stocks[part.munition].put_each(part.origins, comes, part.columns, day)
        return share == 1.0

    def _reject(self, lot: Lot, day: int) -> None:
        for part in lot.parts:
            for origin, shells in zip(part.origins, part.bad, strict=True):
                self.column(part.munition, origin, Kind.REJECTED)[day] += shells
                self.stocks[part.munition].unserviceable[origin] += shells
