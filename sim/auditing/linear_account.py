"""Linear account: linear constraints on stock and flows that every run of a scenario meets.

Flows between the days on which windows of claims begin or end are free and not negative, and so is the stock
on these days. Stock grows by output and arrivals, and shrinks by fire and losses. The scenario bounds the
shells of a container and the mass of a shell. The other rules of the simulation, such as rationing or
capacities, only narrow the solutions: claims that the linear account excludes, no run can have.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sim.account import Kind
from sim.errors import ArgumentError, Fault
from sim.observables import Conversion, Cumulative, Flow, Level, Measure, Observable, Selection, Window
from sim.scenario.number_listing import numbers_by_path
from sim.scenario.scenario import Scenario
from sim.units import Unit

STOCK = "stock"
_OUTPUT = (Kind.PRODUCED, Kind.REFURBISHED)
_ARRIVED = (Kind.LANDED, Kind.REJECTED)
#: Central share of an input without a greatest value.
_CENTRAL = 0.99


class Variable(NamedTuple):
    """A non-negative number of shells, containers or kilograms.

    Attributes
    ----------
    kind : str
        ``stock`` at the end of a stretch of days, or a flow in it: a `Kind`, or the name of a supplier
        for its arrivals.
    munition : str
    stretch : int
        -1 for the stock before the first day.
    unit : Unit
    """

    kind: str
    munition: str
    stretch: int
    unit: Unit = Unit.SHELLS


Expression = Mapping[Variable, float]


class LinearAccount:
    """Inequalities of an account, each an expression that is not positive.

    Parameters
    ----------
    scenario : Scenario
        Gives the first day, munitions, suppliers, shells per container and mass per shell.
    observables : iterable of Observable
        Levels, flows and cumulative counts.
    """

    def __init__(self, scenario: Scenario, observables: Iterable[Observable]) -> None:
        self._scenario = scenario
        self._numbers = numbers_by_path(scenario)
        self._cargo: dict[tuple[str, Unit, str], str] = {}
        windows = []
        for one in observables:
            windows.append(self._window(one))
            if isinstance(one, Flow | Cumulative) and one.conversion is not None:
                self._add_cargo(one.where, one.conversion)
        cuts = {0, *(end for window in windows for end in window)}
        self._cuts = sorted(cuts)

    def constraints(self) -> list[Expression]:
        """Return the inequalities of stock and of cargo."""
        found: list[Expression] = []
        for stretch in range(len(self._cuts) - 1):
            for munition in self._scenario.munitions:
                found += self._balance(munition, stretch)
            for (supplier, unit, munition), path in self._cargo.items():
                low, high = self._limits(path)
                shells = Variable(supplier, munition, stretch)
                counted = Variable(supplier, munition, stretch, unit)
                # Containers hold `low` to `high` shells; a shell weighs `low` to `high` kilograms.
                one, other = (shells, counted) if unit is Unit.CONTAINERS else (counted, shells)
                found += [{other: low, one: -1.0}, {one: 1.0, other: -high}]
        return found

    def expression(self, observable: Observable) -> Expression:
        """Return an observable as a sum of variables; rates are amounts over their days."""
        first, end = self._window(observable)
        share = 1.0
        if isinstance(observable, Flow) and observable.measure is Measure.RATE:
            share = 1.0 / observable.window.days
        last = self._cuts.index(end) - 1
        stretches = range(self._cuts.index(first), last + 1)
        munitions = observable.where.munitions or self._scenario.munitions
        if isinstance(observable, Level):
            return {Variable(STOCK, munition, last): 1.0 for munition in munitions}
        return {
            variable: share
            for stretch in stretches
            for munition in munitions
            for variable in self._flows(observable, munition, stretch)
        }

    def _flows(self, observable: Observable, munition: str, stretch: int) -> list[Variable]:
        if not isinstance(observable, Flow | Cumulative):
            problem = f"{type(observable).__name__} is no sum of flows"
            raise ArgumentError([Fault(problem, allowed="Level, Flow, Cumulative")])
        unit = Unit.SHELLS if observable.conversion is None else observable.conversion.unit
        names: list[str] = [kind for kind in observable.kinds if kind not in _ARRIVED]
        if set(observable.kinds) & set(_ARRIVED):
            names += observable.where.origins or self._scenario.shipments
        return [Variable(name, munition, stretch, unit) for name in names]

    def _balance(self, munition: str, stretch: int) -> list[Expression]:
        """Stock is at most the stock before, output and arrivals, less fire; the rest is lost."""
        fired = Variable(Kind.FIRED, munition, stretch)
        into = [Variable(name, munition, stretch) for name in (*_OUTPUT, *self._scenario.shipments)]
        after, before = Variable(STOCK, munition, stretch), Variable(STOCK, munition, stretch - 1)
        if not self._scenario.transfers:
            return [{after: 1.0, before: -1.0, fired: 1.0, **dict.fromkeys(into, -1.0)}]
        # Shells in transit between depots return to stock, so the bound is on sums since the first day.
        whole: dict[Variable, float] = {after: 1.0, Variable(STOCK, munition, -1): -1.0}
        for each in range(stretch + 1):
            whole |= {variable._replace(stretch=each): -1.0 for variable in into}
            whole[fired._replace(stretch=each)] = 1.0
        return [whole]

    def _window(self, observable: Observable) -> tuple[int, int]:
        """Return the first day of a window and the day after its last one, counted from the start."""
        start = self._scenario.start
        if isinstance(observable, Level):
            window = Window(observable.date, observable.date)
        elif isinstance(observable, Cumulative):
            window = Window(start, observable.date)
        else:
            window = observable.window
        return _days(window.first, start), _days(window.last, start) + 1

    def _add_cargo(self, where: Selection, conversion: Conversion) -> None:
        for supplier in where.origins or self._scenario.shipments:
            for munition, path in conversion.paths:
                self._cargo[supplier, conversion.unit, munition] = path

    def _limits(self, path: str) -> tuple[float, float]:
        """Return the range of an input in the scenario: the central 99 % where it has no greatest value."""
        quantity = self._numbers[path].quantity
        low, high = quantity.bounds()
        if quantity.law is not None and high == float("inf"):
            return quantity.law.inverse((1 - _CENTRAL) / 2), quantity.law.inverse((1 + _CENTRAL) / 2)
        return low, high


def variables_of(expressions: Sequence[Expression]) -> list[Variable]:
    """Return the variables of some expressions, each once."""
    return list(dict.fromkeys(variable for one in expressions for variable in one))


def _days(date: dt.date, start: dt.date) -> int:
    return (date - start).days
