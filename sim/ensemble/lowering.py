"""Lower a scenario to plain arrays. Only this module, `age_lowering` and `quantity_tables` read scenarios.

Parsing, units and defaults are done in `sim.scenario`; here names become row numbers. Sweeps vary rows and
lower a scenario only once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np

from sim.account import EXPIRED_INTO_STOCK, HELD, INITIAL, REFURBISHED, SCRAPPED_AT_WORK, Kind, stream_key
from sim.ensemble import scenario_tables as to
from sim.ensemble.age_lowering import AgeLowering
from sim.ensemble.outcomes_only import lower_for_flows, lower_for_outcomes
from sim.ensemble.quantity_tables import QuantityTable
from sim.ensemble.scenario_tables import (
    DepotTables,
    EventTables,
    Floats,
    Ints,
    LawTables,
    MoneyTables,
    OrderTables,
    Plan,
    Records,
    ScenarioTables,
    SeriesTables,
    SupplyTables,
)
from sim.errors import RunError
from sim.scenario.consumer import Consumer
from sim.scenario.event import Event
from sim.scenario.quantity import Course, Number, Quantity, day_text, unit_of
from sim.scenario.rationing_rules import RULES
from sim.scenario.result_axes import result_axes
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Leg, Shipment
from sim.units import SECONDS_PER_DAY, UNITS_OF_MASS, Unit

T = TypeVar("T")
KIND_CODES: Mapping[str, int] = {
    Kind.LANDED: to.LANDED,
    Kind.REJECTED: to.REJECTED,
    Kind.RECEIVED: to.RECEIVED,
    Kind.PRODUCED: to.PRODUCED,
    Kind.DELIVERED: to.DELIVERED,
    Kind.EXPIRED: to.EXPIRED,
    EXPIRED_INTO_STOCK: to.EXPIRED_INTO_STOCK,
    Kind.TAKEN: to.TAKEN,
    Kind.REFURBISHED: to.REFURBISHED,
    Kind.SCRAPPED: to.SCRAPPED,
    Kind.LOST: to.LOST,
    Kind.DISPATCHED: to.DISPATCHED,
    Kind.FIRED: to.FIRED,
    Kind.REQUIRED: to.REQUIRED,
    Kind.UNMET: to.UNMET,
    HELD: to.HELD,
    SCRAPPED_AT_WORK: to.SCRAPPED_IN_WORKSHOP,
}


def lower(scenario: Scenario) -> Plan:
    """Lower a scenario to plain arrays.

    Raises
    ------
    RunError
        The scenario uses a rationing rule in Python, which only the simpy engine supports.
    """
    return _Lowering(scenario).plan()


class _Lowering:
    """Builder of the tables."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.axes = result_axes(scenario)
        self.depots = {name: row for row, name in enumerate(scenario.depots)}
        self.numbers = QuantityTable(scenario)
        self.event_rows: list[tuple[int, ...]] = []
        self.event_paths: list[str] = []
        self.events: dict[str, int] = {}
        self.factors: list[list[tuple[int, int]]] = []
        self.columns: dict[tuple[int, int, str], None] = {}
        self.closed: list[int] = []
        self.deliveries: list[tuple[int, ...]] = []
        self.ways: list[tuple[int, ...]] = []
        self.legs: list[tuple[int, ...]] = []
        self.outputs: list[tuple[int, ...]] = []
        self.claims: list[tuple[int, ...]] = []
        self.activities: list[tuple[int, ...]] = []
        self.on_days: list[tuple[int, int]] = []
        self.stops: list[int] = []
        self.masses = [-1] * len(scenario.munitions)
        self.dues = self.leads = self.landings = 0

    def plan(self) -> Plan:
        """Lower all sections."""
        axes, scenario, numbers = self.axes, self.scenario, self.numbers
        for name, event in scenario.events.items():
            if event.is_reference():
                self._window(event)
            else:
                self.events[name] = self._event(name, event)
        lines = [self._line(name) for name in scenario.production]
        consumers = [self._consumer(name) for name in scenario.consumption]
        workshops = [
            (
                self.depots[shop.at],
                self._series(shop.rate, factor=self._factor(f"refurbishment.{name}", "rate")),
            )
            for name, shop in scenario.refurbishment.items()
        ]
        suppliers = [self._supplier(name) for name in scenario.shipments]
        transfers = [self._transfer(name) for name in scenario.transfers]
        orders = self._order_tables()
        depots, damage, are_shares = self._depots()
        openings = self._openings()
        in_pair = [
            [row for row, claim in enumerate(self.claims) if claim[2] == pair]
            for pair in range(len(axes.pairs))
        ]
        shipments = scenario.shipments.values()
        mix = self._table([shipment.mix for shipment in shipments])
        loads = self._table([s.shells_per_container if s.counts_containers() else {} for s in shipments])
        numbers.divisors.update(loads[loads >= 0].tolist())
        serviceable = self._table([shipment.serviceable for shipment in shipments])
        yields = self._table([shop.yield_ for shop in scenario.refurbishment.values()])
        keep = self._table([transfer.keep for transfer in scenario.transfers.values()])
        landing = self._landing()
        ages = AgeLowering(scenario, axes, numbers).tables()
        self._open_columns()
        column = np.full((to.KINDS, len(axes.pairs), len(axes.origins)), -1, dtype=np.int64)
        for position, (pair, origin, kind) in enumerate(self.columns):
            column[KIND_CODES[kind], pair, max(origin, 0)] = position
        refurbished = axes.origins.index(REFURBISHED) if REFURBISHED in axes.origins else 0
        sizes = (
            *(axes.days, len(scenario.munitions), len(axes.origins), len(axes.pairs), len(self.columns)),
            *(len(self.factors), self.landings, self.dues, self.leads, refurbished),
        )
        low = ScenarioTables(
            sizes=_ints(sizes),
            laws=LawTables(
                quantities=_records(to.QUANTITY, numbers.quantities),
                choices=np.array(numbers.choices, dtype=np.float64),
                weights=np.array(numbers.weights, dtype=np.float64),
            ),
            courses=SeriesTables(
                series=_records(to.SERIES, numbers.series),
                point_day=_ints(numbers.point_day),
                point_date=_ints(numbers.point_date),
                point_quantity=_ints(numbers.point_quantity),
            ),
            events=EventTables(
                events=_records(to.EVENT, self.event_rows),
                factor_first=_group_offsets(self.factors),
                acting=_ints(row for acting in self.factors for row, _ in acting),
                acting_stops=_ints(stops for acting in self.factors for _, stops in acting),
            ),
            supply=SupplyTables(
                suppliers=_records(to.SUPPLIER, suppliers),
                deliveries=_records(to.DELIVERY, self.deliveries),
                ways=_records(to.WAY, self.ways),
                legs=_records(to.LEG, self.legs),
                closed=_ints(self.closed),
                mix=mix,
                loads=loads,
                serviceable=serviceable,
                masses=_ints(self.masses),
                landing=landing,
            ),
            depots=DepotTables(
                depots=_records(to.DEPOT, depots),
                openings=_records(to.OPENING, openings),
                lines=_records(to.LINE, lines),
                outputs=_records(to.OUTPUT, self.outputs),
                workshops=_records(to.WORKSHOP, workshops),
                transfers=_records(to.TRANSFER, transfers),
                consumers=_records(to.CONSUMER, consumers),
                claims=_records(to.CLAIM, self.claims),
                damage=_ints(damage),
                damage_is_share=_ints(are_shares),
                yields=yields,
                keep=keep,
                in_pair_first=_group_offsets(in_pair),
                in_pair=_ints(row for rows in in_pair for row in rows),
                ranks=_ints(len(self._ranks_at(*pair)) for pair in axes.pairs),
                column=column,
                cleared=_ints(self._cleared()),
                place=np.arange(len(axes.origins), dtype=np.int64),
                needs=_ints(self._needs()),
                ages=ages,
            ),
            orders=orders,
        )
        return Plan(
            axes,
            low,
            lower_for_outcomes(low),
            lower_for_flows(low),
            numbers.drawn,
            numbers.rows(),
            tuple(self.columns),
            tuple(scenario.shipments),
            frozenset(numbers.gaps),
            frozenset(numbers.divisors),
            frozenset(numbers.durations),
            tuple(numbers.series_paths),
            tuple(self.event_paths),
            self._joint(numbers.rows()),
            tuple(numbers.dates.values()),
            to.ActivityTables(
                _records(to.ACTIVITY, self.activities),
                _ints(day for day, _ in self.on_days),
                _ints(row for _, row in self.on_days),
                _ints(self.stops),
            ),
        )

    def _joint(self, rows: Mapping[str, tuple[int, ...]]) -> tuple[tuple[tuple[int, ...], Floats], ...]:
        sampled = self.scenario.draws
        if sampled is None:
            return ()
        return tuple((rows[path], np.array(sampled.column(path))) for path in sampled.paths if path in rows)

    def _event(self, name: str, event: Event) -> int:
        strength = event.destroys or event.factor or event.share
        if event.every is not None:
            return self._recurring(f"events.{name}", event.every, event.last, strength)
        window = self._window(event)
        once = self.numbers.once(strength)
        self.event_paths.append(f"events.{name}")
        return _row_of(self.event_rows, (-1, -1, once, *window))

    def _window(self, event: Event) -> tuple[int, int, int, int]:
        """Return the window of an event in seconds, and the quantities of the days from which they count."""
        if event.date is not None:
            day, row = self.numbers.day(event.date)
            return day * SECONDS_PER_DAY, (day + 1) * SECONDS_PER_DAY, row, row
        begin, first = (0, -1) if event.from_ is None else self.numbers.day(event.from_)
        end, until = (self.axes.days, -1) if event.until is None else self.numbers.day(event.until)
        return begin * SECONDS_PER_DAY, end * SECONDS_PER_DAY, first, until

    def _recurring(self, path: str, every: Quantity, last: Quantity | None, strength: Quantity) -> int:
        gap = self.numbers.gap(every, f"{path}.every")
        lasts = -1 if last is None else self.numbers.each(last)
        self.event_paths.append(path)
        return _row_of(self.event_rows, (gap, lasts, self.numbers.each(strength), 0, 0, -1, -1))

    def _factor(self, stopped: str, setting: str = "") -> int:
        """Return the factor of a component: events that multiply its setting, then events that stop it."""
        multiplied = f"{stopped}.{setting}"
        events = self.scenario.events.items()
        acting = [
            (self.events[name], 0) for name, event in events if setting and event.multiplies == multiplied
        ]
        acting += [(self.events[name], 1) for name, event in events if event.stops == stopped]
        return self._factor_of(acting)

    def _capacity_factor(self, path: str) -> int:
        """Return the factor of the events that multiply the capacity of a transfer or of an order line."""
        events = self.scenario.events.items()
        acting = [(self.events[key], 0) for key, event in events if event.multiplies == f"{path}.capacity"]
        return self._factor_of(acting)

    def _factor_of(self, acting: list[tuple[int, int]]) -> int:
        return _row_of(self.factors, acting) if acting else -1

    def _series(self, number: Number, munition: str = "", *, factor: int = -1) -> int:
        return self.numbers.by_day(number, munition, factor=factor)

    def _line(self, name: str) -> tuple[int, ...]:
        line = self.scenario.production[name]
        row = list(self.scenario.production).index(name)
        factor = self._factor(f"production.{name}", "rate")
        own = -1
        if line.outages is not None:
            settings, path = line.outages, f"production.{name}.outages"
            outage = self._recurring(path, settings.every, settings.last, settings.share)
            own = self._factor_of([(outage, 1)])
        growth = None if line.growth is None else self.numbers.once(line.growth)
        first = len(self.outputs)
        for position, munition in enumerate(self.scenario.munitions):
            if munition in line.rate:
                series = self.numbers.by_day(
                    line.rate[munition], munition, factor=factor, own=own, growth=growth
                )
                due = -1
                if line.lead_time.law is not None:
                    due, self.dues = self.dues, self.dues + 1
                self.outputs.append((row, position, series, due))
        lead = self.numbers.each(line.lead_time)
        origin = self.axes.origins.index(name)
        return self.depots[line.to], origin, lead, first, len(self.outputs) - first

    def _consumer(self, name: str) -> tuple[int, ...]:
        consumer = self.scenario.consumption[name]
        numbers = self.numbers
        if consumer.rationing.rule not in RULES:
            raise RunError(
                f"the rule {consumer.rationing.rule!r} is your own: only the simpy engine follows it"
            )
        factor = self._factor(f"consumption.{name}", "rate")
        cover = -1 if consumer.rationing.cover is None else numbers.once(consumer.rationing.cover)
        variation = numbers.once(consumer.daily_variation)
        first = len(self.claims)
        depot = self.depots[consumer.at]
        row = list(self.scenario.consumption).index(name)
        for position, munition in enumerate(self.scenario.munitions):
            if munition in consumer.rate:
                series = numbers.by_day(consumer.rate[munition], munition, factor=factor)
                pair = depot * len(self.scenario.munitions) + position
                lump = self._lump(name, consumer, munition)
                rule = RULES[consumer.rationing.rule].code
                ranks = self._ranks_at(consumer.at, munition)
                self.claims.append(
                    (
                        *(row, position, pair, series, rule, cover),
                        *(ranks.index(consumer.rank), int(consumer.has_backlog), lump),
                    )
                )
        guns = [-1, numbers.once_or_none(consumer.rounds_per_gun), -1, -1, -1, -1]
        if isinstance(consumer.guns, Course):
            guns[0], guns[5] = numbers.once(consumer.guns.points[0][1]), self._series(consumer.guns)
        elif consumer.guns is not None:
            guns[0] = numbers.once(consumer.guns)
        if consumer.barrels is not None and consumer.barrel_life is not None:
            made = consumer.barrels.production
            guns[2] = numbers.once(consumer.barrels.stock)
            guns[3] = -1 if made is None else self._series(made)
            guns[4] = numbers.divisor(consumer.barrel_life)
        stream = stream_key(f"consumption.{name}.variation")
        return depot, variation, *guns, first, len(self.claims) - first, stream

    def _ranks_at(self, depot: str, munition: str) -> list[int]:
        """Return the different priorities of the claims on a pair, in ascending order."""
        consumers = self.scenario.consumption.values()
        return sorted({each.rank for each in consumers if each.at == depot and munition in each.rate})

    def _lump(self, name: str, consumer: Consumer, munition: str) -> int:
        """Return the row of what the activities of a consumer require of a munition; -1 for nothing."""
        acting = [(key, each) for key, each in consumer.activities.items() if munition in each.quantity]
        if not acting:
            return -1
        lump, numbers = _row_of(self.stops, self._factor(f"consumption.{name}")), self.numbers
        for key, activity in acting:
            first = len(self.on_days)
            self.on_days += [numbers.day(day) for day in activity.on]
            quantity = activity.quantity[munition]
            self.activities.append(
                (
                    *(lump, numbers.each(quantity), numbers.mass(quantity, munition)),
                    numbers.once(activity.chance),
                    numbers.uniform(f"consumption.{name}.activities.{key}.happens"),
                    -1 if activity.every is None else numbers.each(activity.every),
                    self._moment(activity.first)[0],
                    *(first, len(activity.on)),
                )
            )
        return lump

    def _supplier(self, name: str) -> tuple[int, ...]:
        shipment = self.scenario.shipments[name]
        numbers = self.numbers
        row = list(self.scenario.shipments).index(name)
        reserve = shipment.reserve
        growing = None if reserve is None else reserve.production
        first_leg, first_delivery = len(self.legs), len(self.deliveries)
        for position, leg in enumerate(shipment.route):
            self.legs.append(self._leg(row, name, shipment, position, leg))
        offers = offers_mass = -1
        if shipment.offered is not None:
            offers = self._series(shipment.offered)
            offers_mass = self._in_tonnes(shipment, shipment.offered)
        else:
            self._deliver(shipment)
        window = [*self._moment(shipment.first), *self._moment(shipment.until)]
        return (
            *(self.depots[shipment.to], self.axes.origins.index(name), *window),
            -1 if reserve is None else numbers.once(reserve.stock),
            -1 if growing is None else self._series(growing),
            *(offers, offers_mass, first_delivery, len(self.deliveries) - first_delivery),
            self._factor(f"shipments.{name}", "offered"),
            -1 if shipment.lead_time is None else numbers.each(shipment.lead_time),
            *(first_leg, len(shipment.route), int(shipment.counts_containers())),
            int(shipment.offered is not None or bool(shipment.deliveries)),
            int(bool(shipment.mix)),
            int(self._lands(shipment)),
            *self._under_way(shipment),
        )

    def _under_way(self, shipment: Shipment) -> tuple[int, int, int, int]:
        """Return the quantity under way at the start, whether it is in tonnes, and the rows of its way."""
        first, quantity = len(self.ways), shipment.under_way
        if quantity is None:
            return -1, 0, first, 0
        for lasts, stream, is_travel in shipment.ways():
            self.ways.append((self.numbers.beside(lasts, stream), int(is_travel)))
        mass = self._in_tonnes(shipment, quantity)
        return self.numbers.once(quantity), mass, first, len(self.ways) - first

    def _moment(self, quantity: Quantity | None) -> tuple[int, int]:
        if quantity is None:
            return -1, 0
        row = self.numbers.date(quantity) if quantity.unit is Unit.DATE else self.numbers.once(quantity)
        return row, int(quantity.unit is Unit.DATE)

    def _in_tonnes(self, shipment: Shipment, number: Number, *, is_drawn: bool = True) -> int:
        """Return 1 if cargo is offered in tonnes, and add the masses of its munitions."""
        add = self.numbers.divisor if is_drawn else self.numbers.each
        if unit_of(number) not in UNITS_OF_MASS:
            return 0
        for position, (munition, part) in enumerate(self.scenario.munition_parts.items()):
            if shipment.brings(munition):
                self.masses[position] = -1 if part.gross_mass is None else add(part.gross_mass)
        return 1

    def _deliver(self, shipment: Shipment) -> None:
        for date, quantity in shipment.deliveries.items():
            day, row = self.numbers.day(date)
            if row < 0 and 0 <= day < self.axes.days:
                mass = self._in_tonnes(shipment, quantity)
                self.deliveries.append((day, self.numbers.once(quantity), mass, -1, -1))
            elif row >= 0:
                mass, lead = self._in_tonnes(shipment, quantity), shipment.lead_time
                took = -1 if lead is None else self.numbers.beside(lead, f"{lead.path}.{day_text(date)}")
                self.deliveries.append((0, self.numbers.once(quantity), mass, took, row))
        if shipment.lead_time is not None:
            self._deliver_early(shipment, shipment.lead_time)

    def _deliver_early(self, shipment: Shipment, lead_time: Quantity) -> None:
        """Add all deliveries that left before the start, even late ones: a sweep may vary the lead time."""
        start, numbers = self.scenario.start, self.numbers
        coming = shipment.early(start)
        for early in shipment.before(start):
            is_drawn = early in coming
            mass = self._in_tonnes(shipment, early.quantity, is_drawn=is_drawn)
            took = numbers.beside(lead_time, early.stream(lead_time))
            row = numbers.once(early.quantity) if is_drawn else numbers.each(early.quantity)
            self.deliveries.append((early.day, row, mass, took, -1))

    def _leg(self, row: int, name: str, shipment: Shipment, position: int, leg: Leg) -> tuple[int, ...]:
        path = f"shipments.{name}.route.{position}"
        targets = (path,) if position else (f"shipments.{name}", path)
        first = len(self.closed)
        for target in targets:
            self.closed += [
                self.events[key] for key, event in self.scenario.events.items() if event.stops == target
            ]
        count = len(self.closed) - first
        each = self.numbers.each
        durations = (
            each(leg.load),
            each(leg.travel),
            each(leg.unload),
            self.numbers.beside(leg.travel, f"{path}.back"),
        )
        berths = (
            _count_or_none(leg.vehicles),
            _count_or_none(leg.berths),
            _count_or_none(leg.unloading_berths),
        )
        full = int(shipment.departs_full(position))
        return row, self.numbers.divisor(leg.capacity), *berths, *durations, full, first, count

    def _transfer(self, name: str) -> tuple[int, ...]:
        transfer = self.scenario.transfers[name]
        capacity = -1
        if transfer.capacity is not None:
            capacity = self._series(transfer.capacity, factor=self._capacity_factor(f"transfers.{name}"))
        leads = -1
        if transfer.lead_time.law is not None:
            leads, self.leads = self.leads, self.leads + 1
        ends = self.depots[transfer.from_], self.depots[transfer.to]
        running = self._factor(f"transfers.{name}")
        return (
            *ends,
            capacity,
            running,
            self.numbers.each(transfer.lead_time),
            leads,
            int(bool(transfer.keep)),
        )

    def _order_tables(self) -> OrderTables:
        orders, queues = self.scenario.orders, 0
        rows: list[tuple[int, ...]] = []
        for name, line in orders.items():
            depot, munition = self.depots[line.to], self.scenario.munitions.index(line.munition)
            leads = capacity = queue = -1
            if line.lead_time.law is not None:
                leads, self.leads = self.leads, self.leads + 1
            if line.capacity is not None:
                capacity = self._series(line.capacity, factor=self._capacity_factor(f"orders.{name}"))
                queue, queues = queues, queues + 1
            place = depot * len(self.scenario.munitions) + munition, self.axes.origins.index(name)
            window = *self._moment(line.first), *self._moment(line.until)
            running = self._factor(f"orders.{name}")
            supplier = self.numbers.each(line.lead_time), leads, capacity, queue, running
            rows.append((depot, munition, *place, *window, self.numbers.once_or_none(line.review), *supplier))
        marks = [
            [-1 if mark is None else self._series(mark, line.munition) for mark in line.marks]
            for line in orders.values()
        ]
        in_days = [
            [int(mark is not None and unit_of(mark) is Unit.DAYS) for mark in line.marks]
            for line in orders.values()
        ]
        shape = len(orders), 3
        return OrderTables(
            _records(to.ORDER, rows),
            np.array(marks, dtype=np.int64).reshape(shape),
            np.array(in_days, dtype=np.int64).reshape(shape),
            _records(to.OBJECTIVE, list(self._objectives())),
            self._money_tables(),
        )

    def _money_tables(self) -> MoneyTables:
        scenario, numbers = self.scenario, self.numbers
        prices: list[tuple[int, int]] = []
        for line in scenario.orders.values():
            own = line.unit_cost
            cost = scenario.munition_parts[line.munition].unit_cost if own is None else own
            prices.append((-1 if cost is None else self._series(cost), numbers.once_or_none(line.order_cost)))
        budget, years = scenario.budget, []
        if budget is not None:
            years = list(budget.years(scenario.start, self.axes.days))
        return MoneyTables(
            prices=np.array(prices, dtype=np.int64).reshape(-1, 2),
            holding=_records(to.HOLDING_COST, list(self._holding_costs())),
            shortage=_records(to.SHORTAGE_COST, list(self._shortage_costs())),
            budget=_ints(
                (-1, 0) if budget is None else (self._series(budget.rate), int(budget.carries_over))
            ),
            years=_ints(year.day for year in years),
            shares=np.array([year.share for year in years], dtype=np.float64),
            month=_ints(self.axes.months() if self.axes.currency else ()),
        )

    def _holding_costs(self) -> Iterator[tuple[int, ...]]:
        scenario = self.scenario
        for pair, (depot, munition) in enumerate(self.axes.pairs):
            cost = scenario.depots[depot].holding_cost
            if cost is not None:
                is_share = cost.unit is Unit.SHARE
                price = scenario.munition_parts[munition].unit_cost if is_share else None
                series = -1 if price is None else self._series(price)
                yield pair, self.numbers.once(cost), int(is_share), series

    def _shortage_costs(self) -> Iterator[tuple[int, ...]]:
        names = list(self.scenario.consumption)
        for row, claim in enumerate(self.claims):
            consumer = self.scenario.consumption[names[claim[0]]]
            if consumer.shortage_cost is not None:
                cost = self.numbers.once(consumer.shortage_cost)
                yield row, claim[2], cost, int(consumer.has_backlog)

    def _objectives(self) -> Iterator[tuple[int, ...]]:
        for pair, (depot, munition) in enumerate(self.axes.pairs):
            aim = self.scenario.depots[depot].objective.get(munition)
            if aim is not None:
                mass, in_days = self.numbers.mass(aim, munition), int(aim.unit is Unit.DAYS)
                yield pair, self.numbers.once(aim), mass, in_days

    def _depots(self) -> tuple[list[tuple[int, ...]], list[int], list[int]]:
        rows: list[tuple[int, ...]] = []
        damage: list[int] = []
        are_shares: list[int] = []
        for name, depot in self.scenario.depots.items():
            first = len(damage)
            for key, event in self.scenario.events.items():
                if event.destroys is not None and (event.at or next(iter(self.scenario.depots))) == name:
                    damage.append(self.events[key])
                    are_shares.append(int(event.destroys.unit is Unit.SHARE))
            capacity = self.numbers.once_or_none(depot.capacity)
            rows.append((capacity, int(self._takes_lots(name)), first, len(damage) - first))
        return rows, damage, are_shares

    def _takes_lots(self, depot: str) -> bool:
        """Return whether a depot needs separate lots."""
        transfers = any(transfer.to == depot for transfer in self.scenario.transfers.values())
        lots = any(s.to == depot and not self._lands(s) for s in self.scenario.shipments.values())
        return transfers or lots or self.scenario.depots[depot].capacity is not None

    def _openings(self) -> list[tuple[int, ...]]:
        rows: list[tuple[int, ...]] = []
        for depot_name, munition in self.axes.pairs:
            depot = self.scenario.depots[depot_name]
            stock = depot.stock.get(munition)
            lying = depot.unserviceable.get(munition)
            numbers = self.numbers
            rows.append(
                (
                    numbers.once_or_none(stock),
                    -1 if stock is None else numbers.mass(stock, munition),
                    int(stock is not None and stock.unit is Unit.DAYS),
                    numbers.once_or_none(lying),
                    -1 if lying is None else numbers.mass(lying, munition),
                )
            )
        return rows

    def _lands(self, shipment: Shipment) -> bool:
        """Return whether arrivals of a supplier can be added up by day: all by route, without a gate."""
        has_gate = self.scenario.depots[shipment.to].capacity is not None
        return bool(shipment.route) and shipment.under_way is None and not has_gate

    def _landing(self) -> Ints:
        rows = np.full((len(self.scenario.shipments), len(self.scenario.munitions)), -1, dtype=np.int64)
        for row, shipment in enumerate(self.scenario.shipments.values()):
            if self._lands(shipment):
                for position, munition in enumerate(self.scenario.munitions):
                    if shipment.brings(munition):
                        rows[row, position], self.landings = self.landings, self.landings + 1
        return rows

    def _table(self, by_munition: Sequence[Mapping[str, Quantity]]) -> Ints:
        munitions = self.scenario.munitions
        table = np.full((len(by_munition), len(munitions)), -1, dtype=np.int64)
        for row, given in enumerate(by_munition):
            for position, munition in enumerate(munitions):
                if munition in given:
                    table[row, position] = self.numbers.once(given[munition])
        return table

    def _open_columns(self) -> None:
        axes, scenario = self.axes, self.scenario
        present = self._present()
        origin = axes.origins.index
        self._open_inflows(origin)
        for shop in scenario.refurbishment.values():
            self._open(shop.at, (Kind.REFURBISHED,), [origin(REFURBISHED)])
            self._open(shop.at, (Kind.TAKEN, Kind.SCRAPPED, SCRAPPED_AT_WORK), present[shop.at])
        for transfer in scenario.transfers.values():
            self._open(transfer.from_, (Kind.DISPATCHED,), present[transfer.from_])
            self._open(transfer.to, (Kind.RECEIVED,), present[transfer.from_])
        for event in scenario.events.values():
            if event.destroys is not None:
                depot = event.at or next(iter(scenario.depots))
                self._open(depot, (Kind.LOST, Kind.SCRAPPED), present[depot])
        for pair, (depot, munition) in enumerate(axes.pairs):
            part = scenario.munition_parts[munition]
            if part.shelf_life is not None:
                kinds = (Kind.EXPIRED, *((EXPIRED_INTO_STOCK,) if part.expired == "unserviceable" else ()))
                self.columns |= dict.fromkeys((pair, one, kind) for one in present[depot] for kind in kinds)
        for pair, consuming in enumerate(axes.consuming):
            if consuming:
                for one in present[axes.pairs[pair].depot]:
                    self.columns[pair, one, Kind.FIRED] = None
        # Inflows are added up in the order of their origins (rule 8).
        self.columns = dict.fromkeys(sorted(self.columns, key=lambda key: (key[0], key[2], key[1])))

    def _open_inflows(self, origin: Callable[[str], int]) -> None:
        axes, scenario = self.axes, self.scenario
        for name, line in scenario.production.items():
            self._open(line.to, (Kind.PRODUCED,), [origin(name)])
        for name, order in scenario.orders.items():
            pair = axes.pairs.index((order.to, order.munition))
            self.columns[pair, origin(name), Kind.DELIVERED] = None
        for name, shipment in scenario.shipments.items():
            self._open(shipment.to, (Kind.LANDED, Kind.REJECTED), [origin(name)])

    def _present(self) -> Mapping[str, Sequence[int]]:
        """Return the origins that each depot can ever hold, in order."""
        scenario, origin = self.scenario, self.axes.origins.index
        found = {depot: {origin(INITIAL)} for depot in scenario.depots}
        for name, line in scenario.production.items():
            found[line.to].add(origin(name))
        for name, shipment in scenario.shipments.items():
            found[shipment.to].add(origin(name))
        for name, order in scenario.orders.items():
            found[order.to].add(origin(name))
        for shop in scenario.refurbishment.values():
            found[shop.at].add(origin(REFURBISHED))
        for _ in scenario.depots:
            for transfer in scenario.transfers.values():
                found[transfer.to] |= found[transfer.from_]
        return {depot: sorted(origins) for depot, origins in found.items()}

    def _needs(self) -> tuple[int, ...]:
        with_inflow = {rule.code for rule in RULES.values() if rule.needs_inflow}
        inflow = any(claim[4] in with_inflow for claim in self.claims)
        lots = any(map(self._takes_lots, self.scenario.depots)) or bool(self.scenario.transfers)
        return int(inflow), 1, 1, int(lots), int(bool(self.axes.claims))

    def _cleared(self) -> Iterator[int]:
        """Yield the columns to which several entries are added in a day."""
        depots, munitions = list(self.scenario.depots.values()), len(self.scenario.munitions)
        for column, (pair, _, kind) in enumerate(self.columns):
            gate = depots[pair // munitions].capacity is not None
            lots = self._takes_lots(list(self.depots)[pair // munitions])
            written = kind == Kind.FIRED or (kind in (Kind.PRODUCED, Kind.DELIVERED) and not gate)
            if not written and not (kind in (Kind.LANDED, Kind.REJECTED) and not lots):
                yield column

    def _open(self, depot: str, kinds: Iterable[str], origins: Iterable[int]) -> None:
        for pair, (name, _) in enumerate(self.axes.pairs):
            if name == depot:
                for one in origins:
                    for kind in kinds:
                        self.columns[pair, one, kind] = None


def _row_of(table: list[T], row: T) -> int:
    table.append(row)
    return len(table) - 1


def _count_or_none(count: int | None) -> int:
    return -1 if count is None else count


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _group_offsets(groups: Sequence[Sequence[object]]) -> Ints:
    """Return the offsets of groups in their concatenation, with the total length last."""
    return np.cumsum([0, *(len(group) for group in groups)], dtype=np.int64)


def _records(dtype: np.dtype[np.void], rows: Sequence[tuple[float, ...]]) -> Records:
    return np.array(list(rows), dtype=dtype)
