"""Money: prices, the budget of orders, and the costs of each day (rule 39)."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence

import simpy

from sim.account import HOLDING, SHORTAGE, UNFUNDED, ClaimKind
from sim.formulas import funded_shells, granted_budget, left_in_budget, yearly_share
from sim.model.clock import Clock
from sim.model.depots import DepotState
from sim.model.ledger import Column, Ledger
from sim.model.stock import Stock
from sim.model.world import RunInputs
from sim.scenario.quantity import Number
from sim.units import Unit


class Accounts:
    """The money of one run.

    Parameters
    ----------
    world : RunInputs
    ledger : Ledger
    """

    def __init__(self, world: RunInputs, ledger: Ledger) -> None:
        self.world = world
        self.ledger = ledger
        self.month = ledger.axes.months()
        self.left = math.inf
        self.grants: dict[int, float] = {}
        budget = world.scenario.budget
        self.carries_over = budget is not None and budget.carries_over
        if budget is not None:
            rate = world.checked(budget.rate.path, world.by_day(budget.rate))
            days = world.scenario.days
            years = budget.years(world.scenario.start, days)
            self.grants = {year.day: granted_budget(rate[year.day], year.share) for year in years}
            self.left = 0.0

    def prices(self, number: Number | None) -> Sequence[float]:
        """Return the money for each shell on each day."""
        if number is None:
            return [0.0] * self.world.scenario.days
        return self.world.checked(number.path, self.world.by_day(number))

    def begin(self, day: int) -> None:
        """Grant the budget of a year of account that begins on a day."""
        if day in self.grants:
            self.left = self.grants[day] + (self.left if self.carries_over else 0.0)

    def fund(self, shells: float, price: float, fixed: float, pair: int) -> tuple[float, float]:
        """Return the part of an order that the budget pays for, and its cost, which is taken from it."""
        funded = funded_shells(shells, self.left, price, fixed)
        if UNFUNDED in self.ledger.counted:
            most = self.ledger.counted[UNFUNDED]
            most[pair] = max(most[pair], shells - funded)
        if funded <= 0.0:
            return 0.0, 0.0
        cost = fixed + price * funded
        self.left = left_in_budget(self.left, cost)
        return funded, cost

    def enter(self, kind: str, pair: int, day: int, money: float) -> None:
        """Enter money of a kind on a day."""
        if self.ledger.money:
            self.ledger.counted[kind][pair] += money
            self.ledger.money[kind][self.month[day]] += money


def start_costs(clock: Clock, accounts: Accounts, depots: Sequence[DepotState]) -> None:
    """Start the process that enters the costs of holding and of shortage at the close of each day."""
    held = [cost for depot in depots for cost in _holding_costs(accounts, depot)]
    short = list(_shortage_costs(accounts))

    def enter_costs() -> Generator[simpy.Event, int, None]:
        while True:
            day = yield clock.day_over
            for pair, stock, each in held:
                accounts.enter(HOLDING, pair, day, stock.level * each[day])
            for pair, lacking, cost in short:
                accounts.enter(SHORTAGE, pair, day, lacking[day] * cost)

    if held or short:
        clock.day_over.start(enter_costs())


def _holding_costs(accounts: Accounts, depot: DepotState) -> Iterator[tuple[int, Stock, Sequence[float]]]:
    """Yield each pair of a depot with its stock, and the money for a shell on each day."""
    world = accounts.world
    cost = world.scenario.depots[depot.name].holding_cost
    if cost is None:
        return
    rate = world.draw_once(cost)
    for munition, (pair, stock) in enumerate(zip(depot.pairs, depot.stocks, strict=True)):
        each = [rate] * world.scenario.days
        if cost.unit is Unit.SHARE:
            part = world.scenario.munition_parts[world.scenario.munitions[munition]]
            each = [yearly_share(rate, price) for price in accounts.prices(part.unit_cost)]
        yield pair, stock, each


def _shortage_costs(accounts: Accounts) -> Iterator[tuple[int, Column, float]]:
    """Yield the pair of each claim, what is unmet or waits on each day, and the money for a shell of it."""
    world, ledger = accounts.world, accounts.ledger
    for place, claim in enumerate(ledger.axes.claims):
        cost = world.scenario.consumption[claim.consumer].shortage_cost
        if cost is not None:
            kind = ClaimKind.BACKLOG if claim.has_backlog else ClaimKind.UNMET
            yield claim.pair, ledger.claims[place][kind], world.draw_once(cost)
