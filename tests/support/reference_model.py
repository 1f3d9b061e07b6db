"""Independent reference implementation of a run, in plain loops written from the rules alone.

It shares with the engines only what `tests.support.reference_world` names: no account, no formula and no
constant of the rules. `ReferenceRun.day` is one day, in the order of the rules.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

from sim.scenario.activity import Activity
from sim.scenario.consumer import Consumer
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.units import Unit
from tests.support.reference_ages import Ages, ReferenceAges
from tests.support.reference_fleets import ShipmentRow, Supplier
from tests.support.reference_orders import ReferenceOrders, Stock
from tests.support.reference_world import DAY, ReferenceInputs, daily_factor, in_seconds, is_tonnes

Goods = dict[tuple[str, str], float]
INITIAL, REFURBISHED = "initial", "refurbished"


def lacks(has: float, needs: float) -> bool:
    """Rules 12, 13, 15 and 30: less than needed, by more than a billionth."""
    return needs - has > needs / 1e9


class OverfullDepot(Exception):  # noqa: N818
    """The opening stock exceeds the capacity of its depot."""


class Lot(NamedTuple):
    """Shells by (munition, origin) that arrive together; `good` shrinks as they are admitted.

    `ages` are those of a transfer, by munition.
    """

    second: int
    section: str
    name: str
    number: int
    kind: str
    good: Goods
    bad: Goods
    ages: dict[str, Ages]

    def order(self) -> tuple[int, str, str, int]:
        return self.second, self.section, self.name, self.number


class DepotState:
    """One depot."""

    def __init__(self, munitions: list[str], capacity: float) -> None:
        self.capacity = capacity
        self.held: dict[str, dict[str, float]] = {m: defaultdict(float) for m in munitions}
        self.broken: dict[str, dict[str, float]] = {m: defaultdict(float) for m in munitions}
        self.inflow: dict[str, dict[int, float]] = {m: defaultdict(float) for m in munitions}
        self.gate: list[Lot] = []
        self.due: list[Lot] = []

    def level(self, munition: str) -> float:
        return sum(self.held[munition].values())

    def total(self) -> float:
        return sum(self.level(m) for m in self.held) + sum(sum(b.values()) for b in self.broken.values())


class ReferenceRun:
    """One run.

    Attributes
    ----------
    levels, planned : by (depot, munition), one number a day
    flows : by (depot, munition, origin, kind), one number a day; origin empty for required and unmet
    by_consumer : by (consumer, munition, kind), one number a day
    rows : as of shipments.csv
    drawn : inputs drawn once, by path
    """

    def __init__(self, scenario: Scenario, seed: int, run: int) -> None:
        self.scenario = scenario
        self.world = ReferenceInputs(scenario, seed, run)
        self.munitions = list(scenario.munitions)
        self.levels: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.planned: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.flows: dict[tuple[str, str, str, str], list[float]] = defaultdict(lambda: [0.0] * scenario.days)
        self.by_consumer: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0] * scenario.days)
        self.owed: dict[tuple[str, str], float] = defaultdict(float)
        self.rows: list[ShipmentRow] = []
        self.plans = {name: self._plans(name, consumer) for name, consumer in scenario.consumption.items()}
        for depot in scenario.depots:
            for m in self.munitions:
                for day in range(scenario.days):
                    self.planned[depot, m].append(sum(self._plans_at(depot, m, day).values()))
        self.barrels = {
            name: self.world.once(c.barrels.stock)
            for name, c in scenario.consumption.items()
            if c.barrels is not None
        }
        self.orders = ReferenceOrders(scenario, self.world, lacks)
        self.reaches: dict[tuple[str, str], int] = {}
        self.ages = ReferenceAges(scenario, self.world)
        self.places = {name: self._place(name) for name in scenario.depots}
        for name, shipment in scenario.shipments.items():
            self._expect(name, shipment.to)
        for name in scenario.production:
            self._make(name)
        for day in range(scenario.days):
            self.day(day)
        self.drawn = self.world.drawn

    # Before the first day.

    def _plans(self, name: str, consumer: Consumer) -> dict[str, list[float]]:
        path = f"consumption.{name}"
        return {
            m: [
                self.world.shells(rate, m, day) * self.world.factor(day, path, f"{path}.rate")
                for day in range(self.scenario.days)
            ]
            for m, rate in consumer.rate.items()
        }

    def _plans_at(self, depot: str, munition: str, day: int) -> dict[str, float]:
        consumers = sorted(self.scenario.consumption.items())
        return {n: self.plans[n][munition][day] for n, c in consumers if c.at == depot and munition in c.rate}

    def _place(self, name: str) -> DepotState:
        depot = self.scenario.depots[name]
        place = DepotState(
            self.munitions, math.inf if depot.capacity is None else self.world.once(depot.capacity)
        )
        for m, stock in depot.stock.items():
            each = self.planned[name, m][0] if stock.unit is Unit.DAYS else 1.0
            place.held[m][INITIAL] = self.world.shells(stock, m) * each
        for m in self.munitions:
            self.ages.open(name, m, place.level(m))
        for m, stock in depot.unserviceable.items():
            place.broken[m][INITIAL] = self.world.shells(stock, m)
        start = sum(map(place.level, self.munitions))
        if start > place.capacity and lacks(place.capacity, start):
            raise OverfullDepot
        return place

    def _expect(self, name: str, to: str) -> None:
        supplier = Supplier(self.world, name)
        supplier.sail()
        self.rows += supplier.rows
        serviceable = self.scenario.shipments[name].serviceable
        fit = {m: self.world.once(serviceable[m]) if m in serviceable else 1.0 for m in self.munitions}
        for second, number, shells in supplier.arrivals:
            good = {(m, name): amount * fit[m] for m, amount in shells.items()}
            bad = {(m, name): amount - amount * fit[m] for m, amount in shells.items()}
            self.places[to].due.append(Lot(second, "shipments", name, number, "landed", good, bad, {}))

    def _make(self, name: str) -> None:
        """The output of a line as lots, by the day on which they enter."""
        line = self.scenario.production[name]
        growth = 0.0 if line.growth is None else self.world.once(line.growth)
        enters: dict[int, Goods] = defaultdict(lambda: defaultdict(float))
        for day in range(self.scenario.days):
            path = f"production.{name}"
            factor = self.world.factor(day, path, f"{path}.rate") * self.world.running(name, day)
            lead = in_seconds(self.world.each(line.lead_time, day)) // DAY
            for m, rate in line.rate.items():
                made = self.world.shells(rate, m, day) * (1.0 + growth) ** (day / 30.4375)
                enters[day + lead][m, name] += made * factor
        for day, good in enters.items():
            self.places[line.to].due.append(Lot(day * DAY, "production", name, day, "produced", good, {}, {}))

    # One day.

    def day(self, day: int) -> None:
        """Landings, production, refurbishment, losses, dispatch, fire, the closing level, and orders."""
        self._land(day)
        for name, workshop in sorted(self.scenario.refurbishment.items()):
            path = f"refurbishment.{name}"
            rate = self.world.on_day(workshop.rate, day) * self.world.factor(day, path, f"{path}.rate")
            fit = {m: self.world.once(share) for m, share in workshop.yield_.items()}
            self._refurbish(name, workshop.at, rate, fit, day)
        for name, place in self.places.items():
            self._expire(name, place, day)
            self._burn(name, place, day)
        self._dispatch(day)
        for name, place in self.places.items():
            self._fire(name, place, day)
        for name, place in self.places.items():
            for m in self.munitions:
                self.levels[name, m].append(place.level(m))
        self._close(day)

    def _land(self, day: int) -> None:
        """What suppliers make, the gates, orders, other arrivals, and production."""
        self.orders.make(day)
        for name, place in self.places.items():
            self._open_gate(name, place, day)
            for line, m, shells in self.orders.arriving(name, day):
                self._come(
                    name,
                    place,
                    Lot(day * DAY, "orders", line, day, "delivered", {(m, line): shells}, {}, {}),
                    day,
                )
            today = sorted((lot for lot in place.due if lot.second // DAY == day), key=Lot.order)
            place.due = [lot for lot in place.due if lot.second // DAY != day]
            for made in (False, True):
                for lot in today:
                    if (lot.section == "production") is made:
                        self._come(name, place, lot, day)

    def _close(self, day: int) -> None:
        """Rules 37, 39 and 40: objectives, costs and reviews at the close of a day."""
        for name, depot in self.scenario.depots.items():
            for m, aim in depot.objective.items():
                each = self.planned[name, m][day] if aim.unit is Unit.DAYS else 1.0
                if not lacks(self.places[name].level(m), self.world.shells(aim, m) * each):
                    self.reaches.setdefault((name, m), day)
        lacking = {
            (name, m): self.owed[name, m] if consumer.backlog else self.by_consumer[name, m, "unmet"][day]
            for name, consumer in sorted(self.scenario.consumption.items())
            for m in consumer.rate
        }
        levels = {pair: by_day[-1] for pair, by_day in self.levels.items()}
        self.orders.pay_for_the_day(day, levels, lacking)
        self.orders.review(day, lambda depot, m: self._stock(depot, m, day))

    def _stock(self, depot: str, m: str, day: int) -> Stock:
        place = self.places[depot]
        coming = [*(lot for lot in place.due if lot.kind == "received"), *place.gate]
        owed = [shells for (name, what), shells in self.owed.items() if what == m and self._at(name) == depot]
        brings = (shells for lot in coming for (what, _), shells in lot.good.items() if what == m)
        return Stock(place.level(m), sum(brings), sum(owed), self.planned[depot, m][day])

    def _at(self, consumer: str) -> str:
        return self.scenario.consumption[consumer].at

    def _enter(self, depot: str, munition: str, origin: str, kind: str, day: int, shells: float) -> None:
        self.flows[depot, munition, origin, kind][day] += shells

    def _take(self, depot: str, munition: str, kind: str, day: int, shells: float) -> dict[str, float]:
        """Take shells from each origin in proportion (rule 10)."""
        held, level = self.places[depot].held[munition], self.places[depot].level(munition)
        taken = {}
        for origin in [o for o, amount in held.items() if amount > 0.0]:
            taken[origin] = held[origin] if shells >= level else held[origin] * (shells / level)
            held[origin] -= taken[origin]
            self._enter(depot, munition, origin, kind, day, taken[origin])
        return taken

    # Landings and production.

    def _come(self, depot: str, place: DepotState, lot: Lot, day: int) -> None:
        for (m, origin), shells in lot.bad.items():
            place.broken[m][origin] += shells
            self._enter(depot, m, origin, "rejected", day, shells)
        if place.gate or not self._let_in(depot, place, lot, day):
            place.gate.append(lot)
            place.gate.sort(key=Lot.order)

    def _open_gate(self, depot: str, place: DepotState, day: int) -> None:
        while place.gate and self._let_in(depot, place, place.gate[0], day):
            place.gate.pop(0)

    def _let_in(self, depot: str, place: DepotState, lot: Lot, day: int) -> bool:
        """Admit as much of every part as fits (rule 15); return whether all of it did."""
        size = sum(lot.good.values())
        room = max(0.0, place.capacity - sum(map(place.level, self.munitions)))
        part = 1.0 if size <= room else room / size
        for (m, origin), shells in lot.good.items():
            comes = shells * part
            lot.good[m, origin] = shells - comes
            place.held[m][origin] += comes
            place.inflow[m][day] += comes
            if lot.section != "transfers":
                self.ages.arrive(depot, m, lot.section, lot.name, lot.second // DAY, comes)
            self._enter(depot, m, origin, lot.kind, day, comes)
        for m, ages in lot.ages.items():
            for born, shells in ages.items():
                ages[born] = shells - shells * part
                self.ages.shells[depot, m][born] += shells * part
        return size <= room

    # Refurbishment and losses.

    def _refurbish(self, name: str, depot: str, rate: float, fit: dict[str, float], day: int) -> None:
        place = self.places[depot]
        all_broken = sum(sum(broken.values()) for broken in place.broken.values())
        if all_broken <= 0.0:
            return
        share = min(1.0, rate / all_broken)
        good: Goods = defaultdict(float)
        for m, broken in place.broken.items():
            for origin in list(broken):
                taken = broken[origin] * share
                broken[origin] -= taken
                good[m, REFURBISHED] += taken * fit[m]
                self._enter(depot, m, origin, "taken", day, taken)
                self._enter(depot, m, origin, "scrapped", day, taken - taken * fit[m])
        self._come(depot, place, Lot(day * DAY, "refurbishment", name, day, "refurbished", good, {}, {}), day)

    def _expire(self, depot: str, place: DepotState, day: int) -> None:
        """Rule 38: what is past its shelf life leaves each origin in proportion."""
        for m in self.ages.lives:
            gone, left = self.ages.expire(depot, m, day)
            level = place.level(m)
            if gone > 0.0:
                taken = self._take(depot, m, "expired", day, gone if lacks(gone, level) and left else level)
                if self.scenario.munition_parts[m].expired == "unserviceable":
                    for origin, shells in taken.items():
                        place.broken[m][origin] += shells

    def _burn(self, depot: str, place: DepotState, day: int) -> None:
        total, kept = place.total(), 1.0
        for damage, is_share in self.world.blows(depot, day):
            kept *= 1.0 - (damage if is_share else min(1.0, damage / total) if total > 0.0 else 0.0)
        if kept == 1.0:
            return
        for m in self.munitions:
            level = place.level(m)
            self.ages.evenly(depot, m, level * (1.0 - kept))
            self._take(depot, m, "lost", day, level if kept == 0.0 else level * (1.0 - kept))
            for origin, shells in place.broken[m].items():
                place.broken[m][origin] = shells * kept
                self._enter(depot, m, origin, "scrapped", day, shells - shells * kept)

    # Dispatch.

    def _dispatch(self, day: int) -> None:
        """Rule 18: claims from the levels after losses, cut to the capacity, then to the stock."""
        transfers = self.scenario.transfers
        wants = {name: self._wants(name, day) for name in sorted(transfers)}
        for source, place in self.places.items():
            mine = [name for name in wants if transfers[name].from_ == source]
            for m in self.munitions:
                level, asked = place.level(m), sum(wants[name][m] for name in mine)
                if asked <= 0.0:
                    continue
                gone = self._take(source, m, "dispatched", day, min(level, asked))
                for name in mine:
                    part = wants[name][m] / asked
                    ages = self.ages.issue(source, m, min(level, asked) * part)
                    self._send(name, m, {origin: shells * part for origin, shells in gone.items()}, ages, day)

    def _send(self, name: str, munition: str, shells: dict[str, float], ages: Ages, day: int) -> None:
        transfer = self.scenario.transfers[name]
        second = max((day + 1) * DAY, day * DAY + in_seconds(self.world.each(transfer.lead_time, day)))
        due = self.places[transfer.to].due
        lot = Lot(second, "transfers", name, day, "received", {}, {}, {})
        if lot.order() not in [other.order() for other in due]:
            due.append(lot)
        for other in due:
            if other.order() == lot.order():
                other.good.update(
                    {(munition, origin): amount for origin, amount in shells.items() if amount > 0.0}
                )
                other.ages.update({munition: ages} if munition in self.ages.lives else {})

    def _wants(self, name: str, day: int) -> dict[str, float]:
        transfer = self.scenario.transfers[name]
        wants = {m: self.places[transfer.from_].level(m) for m in self.munitions}
        if transfer.keep:
            to = self.places[transfer.to]
            for m in self.munitions:
                keep = self.world.once(transfer.keep[m]) if m in transfer.keep else 0.0
                coming = [*(lot for lot in to.due if lot.kind == "received"), *to.gate]
                there = to.level(m) + sum(
                    s for lot in coming for (kind, _), s in lot.good.items() if kind == m
                )
                wants[m] = max(0.0, keep * self.planned[transfer.to, m][day] - there)
        running = self.world.factor(day, f"transfers.{name}")
        if transfer.capacity is None:
            return {m: want * running for m, want in wants.items()}
        most = self.world.on_day(transfer.capacity, day) * running
        most *= self.world.factor(day, multiplied=f"transfers.{name}.capacity")
        total = sum(wants.values())
        return {m: want * min(1.0, most / total) if total > 0.0 else 0.0 for m, want in wants.items()}

    # Fire.

    def _fire(self, depot: str, place: DepotState, day: int) -> None:
        asked: dict[str, float] = defaultdict(float)
        wishes: dict[str, dict[str, float]] = {m: {} for m in self.munitions}
        new: dict[tuple[str, str], float] = {}
        fronts = {name: c for name, c in sorted(self.scenario.consumption.items()) if c.at == depot}
        for name, consumer in fronts.items():
            required = self._required(name, consumer, day)
            for m, wanted in self._wanted(name, consumer, required, day).items():
                asked[m] += required[m]
                new[name, m] = required[m]
                wishes[m][name] = self._rationed(name, consumer, m, wanted, place, day)
        fired: dict[str, float] = dict.fromkeys(fronts, 0.0)
        for m, wish in wishes.items():
            level, total = place.level(m), sum(wish.values())
            cut, rest = lacks(level, total), lacks(total, level)
            self.ages.issue(depot, m, total if rest else level)
            self._take(depot, m, "fired", day, total if rest else level)
            gets = self._in_turn(wish, level) if cut else wish
            for name, shells in gets.items():
                fired[name] += shells
            if wish:
                shot = level if cut else total
                lost = asked[m] - shot if lacks(shot, asked[m]) else 0.0
                short = sum(self._settle(name, m, new[name, m], shells, day) for name, shells in gets.items())
                waits = any(fronts[name].backlog for name in wish)
                self._enter(depot, m, "", "required", day, asked[m])
                self._enter(depot, m, "", "unmet", day, short if waits else lost)
        for name, consumer in fronts.items():
            if consumer.barrel_life is not None:
                worn = fired[name] / self.world.once(consumer.barrel_life)
                self.barrels[name] = max(0.0, self.barrels[name] - worn)

    def _wanted(
        self, name: str, consumer: Consumer, required: dict[str, float], day: int
    ) -> dict[str, float]:
        """Rule 36: what waits comes on top, as far as the guns can fire it on the day."""
        if not consumer.backlog:
            return required
        wanted = {m: shells + self.owed[name, m] for m, shells in required.items()}
        if consumer.guns is None or consumer.rounds_per_gun is None:
            return wanted
        most, total = self._ceiling(name, consumer, day), sum(wanted.values())
        return {m: shells * (most / total) if total > most else shells for m, shells in wanted.items()}

    def _in_turn(self, wish: dict[str, float], level: float) -> dict[str, float]:
        """Rule 36: priorities from the first on, in proportion within one."""
        left, gets = level, dict[str, float]()
        turn = {name: self.scenario.consumption[name].priority or 1 for name in wish}
        for priority in sorted(set(turn.values())):
            group = [name for name in wish if turn[name] == priority]
            total = sum(wish[name] for name in group)
            share = left / total if lacks(left, total) else 1.0
            gets |= {name: wish[name] * share for name in group}
            left = left - total if lacks(total, left) else 0.0
        return gets

    def _settle(self, name: str, m: str, required: float, fired: float, day: int) -> float:
        """Rules 36 and 40: what waited is served first; return what is unmet."""
        owed = self.owed[name, m]
        enough = not lacks(fired, owed + required)
        served = owed if enough else min(owed, fired)
        short = required - (fired - served)
        unmet = 0.0 if enough or not lacks(fired - served, required) else short
        if self.scenario.consumption[name].backlog:
            self.owed[name, m] = owed - served + unmet
        entries = (("required", required), ("fired", fired), ("unmet", unmet), ("waiting", unmet))
        for kind, shells in (*entries, ("served", served), ("backlog", self.owed[name, m])):
            self.by_consumer[name, m, kind][day] = shells
        return unmet

    def _ceiling(self, name: str, consumer: Consumer, day: int) -> float:
        """Rule 14, with the barrels of the day."""
        assert consumer.guns is not None
        assert consumer.rounds_per_gun is not None
        guns = self.world.on_day(consumer.guns, day)
        ceiling = guns * self.world.once(consumer.rounds_per_gun)
        if consumer.barrels is not None:
            ceiling *= min(1.0, self.barrels[name] / guns) if guns > 0.0 else 0.0
        return ceiling

    def _required(self, name: str, consumer: Consumer, day: int) -> dict[str, float]:
        """Rules 11 and 14."""
        spread = self.world.once(consumer.daily_variation)
        varied = 1.0
        if spread > 0.0:
            varied = daily_factor(spread, self.world.u(f"consumption.{name}.variation", day))
        required = {
            m: self.plans[name][m][day] * varied + self._activity(name, consumer, m, day)
            for m in consumer.rate
        }
        if consumer.guns is None or consumer.rounds_per_gun is None:
            return required
        if consumer.barrels is not None:
            made = consumer.barrels.production
            self.barrels[name] += 0.0 if made is None else self.world.on_day(made, day)
        ceiling, total = self._ceiling(name, consumer, day), sum(required.values())
        return {
            m: shells * (ceiling / total) if total > ceiling else shells for m, shells in required.items()
        }

    def _activity(self, name: str, consumer: Consumer, munition: str, day: int) -> float:
        """Rule 11: what the activities of a day require, unless an event stops the consumer."""
        total = 0.0
        for key, activity in consumer.activities.items():
            path = f"consumption.{name}.activities.{key}"
            chance = self.world.once(activity.chance)
            if munition not in activity.quantity:
                continue
            quantity = activity.quantity[munition]
            for n in [n for n, when in enumerate(self._days_of(activity)) if when == day]:
                if self.world.u(f"{path}.happens", n) < chance:
                    shells = self.world.each(quantity, n)
                    if is_tonnes(quantity):
                        mass = self.scenario.munition_parts[munition].gross_mass
                        assert mass is not None
                        shells /= self.world.once(mass)
                    total += shells
        return total * self.world.factor(day, f"consumption.{name}")

    def _days_of(self, activity: Activity) -> list[int]:
        if activity.every is None:
            return [self.world.day_of(day) for day in activity.on]
        opens = 0 if activity.first is None else in_seconds(self.world.once(activity.first))
        step = max(DAY, in_seconds(activity.every.value))
        return [second // DAY for second in range(opens, self.scenario.days * DAY, step)]

    def _rationed(
        self, name: str, consumer: Consumer, m: str, required: float, place: DepotState, day: int
    ) -> float:
        """Rules 12 and 13."""
        planned, level = self.planned[consumer.at, m][day], place.level(m)
        rule, cover = consumer.rationing.rule, consumer.rationing.cover
        if rule == "none" or planned <= 0.0:
            return required
        assert isinstance(cover, Quantity)
        supply, least = level / planned, self.world.once(cover)
        if not lacks(supply, least):
            return required
        if rule == "proportional":
            return required * supply / least
        window = range(max(0, day - 29), day + 1)
        inflow = sum(place.inflow[m][d] for d in window) / len(window)
        share = inflow * self.plans[name][m][day] / planned
        return share if lacks(share, required) else required
