"""Order lines: reviews of the stock, the supplier's queue, and arrivals (rule 37)."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import simpy

from sim.account import ORDERED, ORDERS, SPENT, Kind, PlacedOrder
from sim.formulas import first_review, is_made, order_size, still_ordered, to_seconds
from sim.model.claims import FireClaim
from sim.model.clock import Clock
from sim.model.consumption import ConsumerState
from sim.model.depots import DepotState, Lot, LotPart
from sim.model.duration import VoyageDuration
from sim.model.events import EventCalendar
from sim.model.ledger import Ledger
from sim.model.money import Accounts
from sim.model.world import RunInputs
from sim.scenario.order_line import OrderLine
from sim.scenario.quantity import Number, unit_of
from sim.units import SECONDS_PER_DAY, Unit

#: A mark that a policy does not have, on every day.
_NONE = -1.0


@dataclass(slots=True)
class QueuedOrder:
    """An order that waits at the supplier until all of it is made; `left` is still to be made."""

    number: int
    shells: float
    cost: float
    left: float


class OrderLineState:
    """One order line in one run.

    Parameters
    ----------
    world : RunInputs
    calendar : EventCalendar
    name : str
    line : OrderLine
        The order line of the scenario.
    depot : DepotState
        Destination.
    ledger : Ledger
    claims : sequence of FireClaim
        Those of the depot.
    accounts : Accounts

    Attributes
    ----------
    ordered : float
        Shells ordered and not yet received.
    """

    def __init__(
        self,
        world: RunInputs,
        calendar: EventCalendar,
        name: str,
        line: OrderLine,
        depot: DepotState,
        ledger: Ledger,
        claims: Sequence[FireClaim],
        accounts: Accounts,
    ) -> None:
        self.name = name
        self.depot = depot
        self.ledger = ledger
        self.accounts = accounts
        self.days = world.scenario.days
        self.munition = world.scenario.munitions.index(line.munition)
        self.waiting = [claim for claim in claims if claim.has_backlog and claim.munition == self.munition]
        self.pair = depot.pairs[self.munition]
        self.origin = depot.origins.index(name)
        self.column = depot.column(self.munition, self.origin, Kind.DELIVERED)
        self.marks = [self._by_day(world, mark, line.munition) for mark in line.marks]
        self.capacity = None
        if line.capacity is not None:
            self.capacity = world.checked(
                line.capacity.path, _capacity_by_day(world, calendar, name, line.capacity)
            )
        self.running = calendar.factors(f"orders.{name}")
        own = line.unit_cost
        self.price = accounts.prices(
            world.scenario.munition_parts[line.munition].unit_cost if own is None else own
        )
        self.fixed = 0.0 if line.order_cost is None else world.draw_once(line.order_cost)
        self.lead = VoyageDuration(line.lead_time, world.draw_each(line.lead_time))
        opens = world.second_of(line.first, 0)
        self.closes = world.second_of(line.until, self.days * SECONDS_PER_DAY, opens)
        every = 1.0 if line.review is None else world.draw_once(line.review)
        self.interval = max(SECONDS_PER_DAY, to_seconds(every))
        self.next_review = first_review(opens, self.interval)
        self.due = [0.0] * self.days
        self.queue: deque[QueuedOrder] = deque()
        self.ordered = 0.0
        self.placed: list[PlacedOrder] = []

    def _by_day(self, world: RunInputs, mark: Number | None, munition: str) -> list[float]:
        """Return a mark in shells at the close of each day; days of supply are those of that day's plan."""
        if mark is None:
            return [_NONE] * self.days
        by_day = world.by_day(mark, munition)
        world.checked(mark.path, by_day)
        if unit_of(mark) is Unit.DAYS:
            planned = self.ledger.planned[self.pair]
            return [cover * rate for cover, rate in zip(by_day, planned, strict=True)]
        return by_day

    def make(self, day: int) -> None:
        """Make what the supplier makes on a day."""
        if self.queue and self.capacity is not None:
            self._make(day, self.capacity[day])

    def deliver(self, day: int) -> None:
        """Bring what arrives on a day to the depot, as one lot."""
        came, depot = self.due[day], self.depot
        if came <= 0.0:
            return
        self.ordered = still_ordered(self.ordered, came)
        if depot.capacity == math.inf:
            self.column[day] += came
            depot.stocks[self.munition].put(self.origin, came, day)
        else:
            part = LotPart(self.munition, (self.origin,), (self.column,), [came])
            depot.admit_or_queue(Lot(day * SECONDS_PER_DAY, "orders", self.name, day, [part]), day)

    def _make(self, day: int, capacity: float) -> None:
        """Make orders in the order in which they were placed; each leaves when all of it is made."""
        while self.queue:
            order = self.queue[0]
            if not is_made(order.left, capacity):
                order.left -= capacity
                return
            capacity = max(0.0, capacity - order.left)
            self._leave(order.number, order.shells, order.cost, day)
            self.queue.popleft()

    def review(self, day: int, lines: Sequence[OrderLineState]) -> None:
        """Review the inventory position at the close of a day, and order; `lines` are those of the pair."""
        second = day * SECONDS_PER_DAY
        if not self.next_review <= second < self.closes:
            return
        self.next_review += self.interval
        if self.running is not None and self.running[day] <= 0.0:
            return
        position = self.depot.supply_position()[self.munition]
        for line in lines:
            position += line.ordered
        for claim in self.waiting:
            position -= claim.backlog
        low, high, lot = (mark[day] for mark in self.marks)
        shells = order_size(position, low, high, lot)
        if shells > 0.0:
            shells, cost = self.accounts.fund(shells, self.price[day + 1], self.fixed, self.pair)
        if shells > 0.0:
            self._place(shells, cost, day + 1)

    def _place(self, shells: float, cost: float, day: int) -> None:
        """Place an order, which counts from the start of a day on."""
        number = len(self.placed)
        self.ordered += shells
        self.ledger.counted[ORDERED][self.pair] += shells
        self.ledger.counted[ORDERS][self.pair] += 1.0
        self.placed.append(PlacedOrder(self.name, number, day * SECONDS_PER_DAY, None, None, shells, cost))
        if self.capacity is None:
            self._leave(number, shells, cost, day)
        else:
            self.queue.append(QueuedOrder(number, shells, cost, shells))

    def _leave(self, number: int, shells: float, cost: float, day: int) -> None:
        """Let an order leave the supplier at the start of a day; it arrives after its lead time."""
        second = day * SECONDS_PER_DAY
        self.accounts.enter(SPENT, self.pair, day, cost)
        arrives = second + self.lead.of(number)
        arrived = None
        if arrives < self.days * SECONDS_PER_DAY:
            self.due[arrives // SECONDS_PER_DAY] += shells
            arrived = arrives
        self.placed[number] = self.placed[number]._replace(made=second, arrived=arrived)


def _capacity_by_day(world: RunInputs, calendar: EventCalendar, name: str, capacity: Number) -> list[float]:
    by_day = world.by_day(capacity)
    factors = calendar.factors("", f"orders.{name}.capacity")
    return by_day if factors is None else [made * each for made, each in zip(by_day, factors, strict=True)]


def make_order_lines(
    world: RunInputs,
    calendar: EventCalendar,
    depots: Mapping[str, DepotState],
    fronts: Mapping[str, Sequence[ConsumerState]],
    ledger: Ledger,
    accounts: Accounts,
) -> list[OrderLineState]:
    """Return the order lines, by name; each depot receives from its own."""
    claims = {
        depot: [claim for state in states for claim in state.claims] for depot, states in fronts.items()
    }
    lines = [
        OrderLineState(world, calendar, name, line, depots[line.to], ledger, claims[line.to], accounts)
        for name, line in world.scenario.orders.items()
    ]
    for line in lines:
        line.depot.deliveries.append(line.deliver)
    return lines


def make_orders(clock: Clock, lines: Sequence[OrderLineState]) -> Generator[simpy.Event, int, None]:
    """Make what the suppliers of all lines make on each day, before anything arrives."""
    while True:
        day = yield clock.day_over
        for line in lines:
            line.make(day)


def review_orders(
    clock: Clock, lines: Sequence[OrderLineState], accounts: Accounts
) -> Generator[simpy.Event, int, None]:
    """Review the stock at the close of each day but the last, line by line."""
    accounts.begin(0)
    by_pair = [[other for other in lines if other.pair == line.pair] for line in lines]
    while True:
        day = yield clock.day_over
        accounts.begin(day + 1)
        for line, of_pair in zip(lines, by_pair, strict=True):
            if day + 1 < line.days:
                line.review(day, of_pair)
