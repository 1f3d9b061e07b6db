"""Orders and money of the independent reference, written from rules 37 and 39 alone."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.scenario.order_line import OrderLine
from sim.scenario.quantity import Number, Quantity
from sim.scenario.scenario import Scenario
from sim.units import Unit
from tests.support.reference_world import DAY, ReferenceInputs, in_seconds

#: has, needs -> whether it lacks more than a billionth.
Lacks = Callable[[float, float], bool]


@dataclass
class ReferenceOrder:
    """An order: as a row of orders.csv, with what is still to be made of it."""

    line: str
    number: int
    placed: int
    made: int | None
    arrives: int | None
    shells: float
    cost: float
    left: float


class Stock(NamedTuple):
    """What a review of one stock sees at the close of a day."""

    level: float
    coming: float
    owed: float
    planned: float


class ReferenceOrders:
    """Order lines and money of one run.

    Attributes
    ----------
    placed : by line
    money : by (kind, year, month)
    """

    def __init__(self, scenario: Scenario, world: ReferenceInputs, lacks: Lacks) -> None:
        self.scenario, self.world, self.lacks = scenario, world, lacks
        self.placed: dict[str, list[ReferenceOrder]] = {name: [] for name in sorted(scenario.orders)}
        self.reviewed: dict[str, list[int]] = {
            name: self._reviews(line) for name, line in scenario.orders.items()
        }
        self.money: dict[tuple[str, int, int], float] = defaultdict(float)
        self.purse = math.inf if scenario.budget is None else 0.0
        self._grant(0)

    def _reviews(self, line: OrderLine) -> list[int]:
        """The days of review: the first that starts at or after `first`, `first` + `review` and so on."""
        opens = self._moment(line.first, 0)
        closes = self._moment(line.until, self.scenario.days * DAY, opens)
        every = DAY if line.review is None else max(DAY, in_seconds(self.world.once(line.review)))
        moments = [opens + k * every for k in range((self.scenario.days * DAY - min(opens, 0)) // every + 1)]
        days = [math.ceil(moment / DAY) for moment in moments if moment >= 0]
        return [day for day in days if day * DAY < closes]

    def _moment(self, given: Quantity | None, default: int, after: int = 0) -> int:
        if given is None:
            return default
        second = in_seconds(self.world.once(given))
        return second if given.unit is Unit.DATE else after + second

    # The morning: what suppliers make, and what arrives.

    def make(self, day: int) -> None:
        """Make what is ordered, first come, first served; what is left of a day goes to the next order."""
        for name, orders in self.placed.items():
            limit = self.scenario.orders[name].capacity
            hands = math.inf
            if limit is not None:
                hands = self.world.on_day(limit, day)
                hands *= self.world.factor(day, multiplied=f"orders.{name}.capacity")
            for order in [each for each in orders if each.made is None]:
                if self.lacks(hands, order.left):
                    order.left -= hands
                    break
                hands = max(0.0, hands - order.left)
                self._leave(order, day)

    def _leave(self, order: ReferenceOrder, day: int) -> None:
        line = self.scenario.orders[order.line]
        order.made = day * DAY
        order.arrives = order.made + in_seconds(self.world.each(line.lead_time, order.number))
        self._pay("spent", day, order.cost)

    def arriving(self, depot: str, day: int) -> list[tuple[str, str, float]]:
        """Return line, munition and shells of the lots that arrive at a depot on a day."""
        found = []
        for name, orders in self.placed.items():
            line = self.scenario.orders[name]
            shells = [
                order.shells for order in orders if order.arrives is not None and order.arrives // DAY == day
            ]
            if line.to == depot and shells:
                found.append((name, line.munition, math.fsum(shells)))
        return found

    # The evening: costs, and reviews.

    def review(self, day: int, look: Callable[[str, str], Stock]) -> None:
        """Order at the close of a day; `look` gives what a depot has of a munition."""
        if day + 1 == self.scenario.days:
            return
        self._grant(day + 1)
        for name, orders in self.placed.items():
            line = self.scenario.orders[name]
            if day not in self.reviewed[name] or self.world.factor(day, f"orders.{name}") == 0.0:
                continue
            stock = look(line.to, line.munition)
            position = stock.level + stock.coming + self._outstanding(line, day) - stock.owed
            shells = self._wanted(line, position, day, stock.planned)
            if shells > 0.0:
                self._place(name, line, orders, shells, day + 1)

    def _outstanding(self, line: OrderLine, day: int) -> float:
        """What all lines of a stock have ordered, and has not arrived by the close of a day."""
        return math.fsum(
            order.shells
            for name, orders in self.placed.items()
            if (self.scenario.orders[name].to, self.scenario.orders[name].munition)
            == (line.to, line.munition)
            for order in orders
            if order.arrives is None or order.arrives >= (day + 1) * DAY
        )

    def _wanted(self, line: OrderLine, position: float, day: int, planned: float) -> float:
        def shells(mark: Number) -> float:
            unit = mark.unit if isinstance(mark, Quantity) else mark.points[0][1].unit
            return self.world.shells(mark, line.munition, day) * (planned if unit is Unit.DAYS else 1.0)

        if line.reorder_point is None:
            assert line.order_up_to is not None
            return (
                shells(line.order_up_to) - position if self.lacks(position, shells(line.order_up_to)) else 0.0
            )
        if self.lacks(shells(line.reorder_point), position):
            return 0.0
        if line.order_quantity is not None:
            return shells(line.order_quantity)
        assert line.order_up_to is not None
        return shells(line.order_up_to) - position

    def _place(
        self, name: str, line: OrderLine, orders: list[ReferenceOrder], shells: float, day: int
    ) -> None:
        own = line.unit_cost or self.scenario.munition_parts[line.munition].unit_cost
        price = 0.0 if own is None else self.world.on_day(own, day)
        fixed = 0.0 if line.order_cost is None else self.world.once(line.order_cost)
        room = self.purse - fixed
        if self.lacks(room, price * shells):
            shells = room / price if room > 0.0 else 0.0
        if shells <= 0.0:
            return
        cost = fixed + price * shells
        if self.scenario.budget is not None:
            self.purse = self.purse - cost if self.lacks(cost, self.purse) else 0.0
        order = ReferenceOrder(name, len(orders), day * DAY, None, None, shells, cost, shells)
        orders.append(order)
        if line.capacity is None:
            self._leave(order, day)

    # Money.

    def _grant(self, day: int) -> None:
        """The budget of a year of account on its first day; on the first day of the run, of what is left."""
        budget = self.scenario.budget
        date = self.scenario.start + dt.timedelta(days=day)
        if budget is None or not (day == 0 or (date.month, date.day) == (budget.starts or 1, 1)):
            return
        year = date.year if date.month >= (budget.starts or 1) else date.year - 1
        first, after = dt.date(year, budget.starts or 1, 1), dt.date(year + 1, budget.starts or 1, 1)
        granted = self.world.on_day(budget.rate, day) * 365.25 * ((after - date).days / (after - first).days)
        self.purse = granted + (self.purse if budget.carry_over else 0.0)

    def pay_for_the_day(
        self, day: int, levels: dict[tuple[str, str], float], lacking: dict[tuple[str, str], float]
    ) -> None:
        """Pay for levels by (depot, munition), and for what is unmet or waits by (consumer, munition)."""
        for (depot, munition), level in levels.items():
            cost = self.scenario.depots[depot].holding_cost
            if cost is not None:
                each = self.world.once(cost)
                if cost.unit is Unit.SHARE:
                    price = self.scenario.munition_parts[munition].unit_cost
                    each *= 0.0 if price is None else self.world.on_day(price, day) / 365.25
                self._pay("holding", day, level * each)
        for (consumer, _), shells in lacking.items():
            cost = self.scenario.consumption[consumer].shortage_cost
            if cost is not None:
                self._pay("shortage", day, shells * self.world.once(cost))

    def _pay(self, kind: str, day: int, amount: float) -> None:
        date = self.scenario.start + dt.timedelta(days=day)
        self.money[kind, date.year, date.month] += amount

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the orders as of `sim.account.PlacedOrder`."""
        end = self.scenario.days * DAY
        return [
            (
                *(order.line, order.number, order.placed, order.made),
                order.arrives if order.arrives is not None and order.arrives < end else None,
                *(order.shells, order.cost),
            )
            for orders in self.placed.values()
            for order in orders
        ]
