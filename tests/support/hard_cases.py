"""Hard cases for engines (ties, partial loads, empty stocks and the like), and which a run contains."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from sim.account import UNFUNDED, ClaimKind, Kind, Voyage
from sim.model.events import EventCalendar, Window
from sim.model.ledger import Ledger
from sim.model.world import RunInputs
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.units import SECONDS_PER_DAY
from tests.support.run_queries import ModelRun, drawn_once, stock_before_outflow, voyage_times, voyages_of

NEGLIGIBLE = 1e-9


def hard_cases(scenario: Scenario, ledger: Ledger, seed: int) -> set[str]:
    """Return the names of the hard cases in a finished run.

    Parameters
    ----------
    scenario : Scenario
    ledger : Ledger
        Ledger of the run, from `sim.model.run.run_once`.
    seed : int
        Seed of the run, to draw its random numbers again.

    Returns
    -------
    set of str
        Subset of `HARD_CASES`.
    """
    case = ModelRun(scenario, ledger, seed)
    return {name for name, reached in HARD_CASES.items() if reached(case)}


def random_durations(case: ModelRun) -> bool:
    """A shipment, transfer or lot had a random duration."""
    for trip in case.ledger.voyages:
        shipment = case.scenario.shipments[trip.supplier]
        if trip.leg is None:
            times: Sequence[Quantity | None] = (shipment.lead_time,)
        else:
            leg = shipment.route[trip.leg]
            times = (leg.load, leg.travel, leg.unload)
        if any(time is not None and time.law is not None for time in times):
            return True
    return False


def arrivals(case: ModelRun) -> dict[str, list[tuple[int, str, int | None]]]:
    """Return the arrivals at each depot: second, supplier, vehicle."""
    found = defaultdict(list)
    for trip in case.ledger.voyages:
        shipment = case.scenario.shipments[trip.supplier]
        if trip.arrived is not None and trip.leg in (None, len(shipment.route) - 1):
            found[shipment.to].append((trip.arrived, trip.supplier, trip.vehicle))
    return found


def ties_in_time(case: ModelRun) -> bool:
    """Two voyages of a supplier end in one second, or one ends as another departs, or two suppliers land."""
    for lots in arrivals(case).values():
        if repeated(second for second, _, _ in lots):
            return True
    for supplier, shipment in case.scenario.shipments.items():
        trips = voyages_of(case.ledger, supplier)
        if shipment.route and repeated(
            second for trip in trips for second in {trip.departed, trip.arrived} if second is not None
        ):
            return True
    return False


def repeated(seconds: Iterator[int]) -> bool:
    return any(count > 1 for count in Counter(seconds).values())


def arrivals_at_midnight(case: ModelRun) -> bool:
    """A voyage ends in the second of the daily account."""
    return any(
        trip.arrived is not None and trip.arrived % SECONDS_PER_DAY == 0 and trip.leg is not None
        for trip in case.ledger.voyages
    )


def partial_loads(case: ModelRun) -> bool:
    """A vehicle left with less than its capacity."""
    return any(cargo(trip) < capacity(case, trip) * (1.0 - NEGLIGIBLE) for trip in by_vehicle(case))


def by_vehicle(case: ModelRun) -> list[Voyage]:
    return [trip for trip in case.ledger.voyages if trip.leg is not None]


def cargo(trip: Voyage) -> float:
    return trip.shells if trip.containers is None else trip.containers


def capacity(case: ModelRun, trip: Voyage) -> float:
    return drawn_once(case, case.scenario.shipments[trip.supplier].route[trip.leg or 0].capacity)


def dry_stocks(case: ModelRun) -> bool:
    """A consumer fired the last shell."""
    ledger = case.ledger
    for pair, level in enumerate(ledger.levels):
        fired = ledger.total(pair, Kind.FIRED)
        if any(left == 0.0 < shot for left, shot in zip(level, fired, strict=True)):
            return True
    return False


def full_gates(case: ModelRun) -> bool:
    """A lot arrived at a full depot, and part of it waited at the gate."""
    for depot, limited in case.scenario.depots.items():
        if limited.capacity is None:
            continue
        most = drawn_once(case, limited.capacity)
        # A depot filled exactly to capacity by an inflow admitted part of a lot.
        peaks, came = stock_before_outflow(case.ledger, depot)
        if any(
            abs(peak - most) <= NEGLIGIBLE * most and new > 0.0 for peak, new in zip(peaks, came, strict=True)
        ):
            return True
    return False


def ending_reserves(case: ModelRun) -> bool:
    """A supplier sent the last of a reserve that does not grow."""
    for supplier, shipment in case.scenario.shipments.items():
        if shipment.reserve is not None and shipment.reserve.production is None:
            reserve = drawn_once(case, shipment.reserve.stock)
            if 0.0 < reserve * (1.0 - NEGLIGIBLE) <= case.ledger.shipped[supplier]:
                return True
    return False


def growing_reserves(case: ModelRun) -> bool:
    """A supplier sent more than its opening reserve, so that it waited for production."""
    return any(
        shipment.reserve is not None
        and shipment.reserve.production is not None
        and case.ledger.shipped[supplier] > drawn_once(case, shipment.reserve.stock) * (1.0 + NEGLIGIBLE)
        for supplier, shipment in case.scenario.shipments.items()
    )


def overlapping_events(case: ModelRun) -> bool:
    """Two events were active on one component on one day, or on one fleet in one second."""
    happenings = EventCalendar(RunInputs(case.scenario, case.seed, case.ledger.run))
    acting: dict[str, list[list[Window]]] = defaultdict(list)
    for targets in (happenings.stops, happenings.multiplies):
        for target, events in targets.items():
            acting[component(target)] += events
    for depot, blows in happenings.destroys.items():
        acting[depot] += [[whole_day(window) for window in windows] for _, windows in blows]
    horizon = case.scenario.days * SECONDS_PER_DAY
    return any(overlap(events, horizon) for events in acting.values())


def component(target: str) -> str:
    return ".".join(target.split(".")[:2])


def whole_day(window: Window) -> Window:
    begin = window.begin // SECONDS_PER_DAY * SECONDS_PER_DAY
    return window._replace(begin=begin, end=begin + SECONDS_PER_DAY)


def overlap(events: Sequence[Sequence[Window]], horizon: int) -> bool:
    for one, other in itertools.combinations(events, 2):
        for a, b in itertools.product(one, other):
            if max(a.begin, b.begin, 0) < min(a.end, b.end, horizon):
                return True
    return False


def queues_for_a_berth(case: ModelRun) -> bool:
    """A vehicle arrived where all unloading berths were occupied."""
    for supplier, shipment in case.scenario.shipments.items():
        for position, leg in enumerate(shipment.route):
            if leg.unloading_berths is not None and any(
                sailing.unloads is not None and sailing.unloads > sailing.reaches
                for sailing in voyage_times(case, supplier, position)
            ):
                return True
    return False


def transfers_that_ask_too_much(case: ModelRun) -> bool:
    """Transfers together claimed more of a munition than a depot had."""
    ledger = case.ledger
    for pair, level in enumerate(ledger.levels):
        gone = ledger.total(pair, Kind.DISPATCHED)
        if any(left == 0.0 < sent for left, sent in zip(level, gone, strict=True)):
            return True
    return False


def cargo_under_way_at_the_start(case: ModelRun) -> bool:
    """Cargo landed of what was under way at the start."""
    return any(
        trip.departed < 0 and trip.arrived is not None and shipment.under_way is not None
        for trip in case.ledger.voyages
        for shipment in (case.scenario.shipments[trip.supplier],)
    )


def fire_held_back(case: ModelRun) -> bool:
    """A rationing rule fired less than required, with stock left."""
    ledger = case.ledger
    for pair, level in enumerate(ledger.levels):
        unmet = ledger.total(pair, Kind.UNMET)
        if any(left > 0.0 < short for left, short in zip(level, unmet, strict=True)):
            return True
    return False


def priorities_that_bite(case: ModelRun) -> bool:
    """A consumer was served in part or not at all, after one of a lower number."""
    ledger = case.ledger
    rank = {name: consumer.priority or 1 for name, consumer in case.scenario.consumption.items()}
    for (first, one), (second, other) in itertools.permutations(enumerate(ledger.axes.claims), 2):
        if one.pair == other.pair and rank[one.consumer] < rank[other.consumer]:
            served, short = ledger.claims[first][ClaimKind.FIRED], ledger.claims[second][ClaimKind.UNMET]
            level = ledger.levels[one.pair]
            if any(
                left == 0.0 < min(shot, lack) for left, shot, lack in zip(level, served, short, strict=True)
            ):
                return True
    return False


def backlogs_served(case: ModelRun) -> bool:
    """A consumer was served what had waited."""
    return any(any(columns.get(ClaimKind.SERVED, ())) for columns in case.ledger.claims.values())


def orders_that_queue(case: ModelRun) -> bool:
    """An order waited at its supplier until another one was made."""
    orders = case.ledger.orders
    return any(
        one.line == other.line and (one.made is None or one.made > other.placed)
        for one, other in itertools.pairwise(orders)
    )


def orders_that_arrive_at_once(case: ModelRun) -> bool:
    """An order arrived on the day from which it counts as placed."""
    return any(
        order.arrived is not None and order.arrived - order.placed < SECONDS_PER_DAY
        for order in case.ledger.orders
    )


def orders_that_overtake(case: ModelRun) -> bool:
    """An order arrived before one that was placed earlier, or on one day with it."""
    return any(
        one.line == other.line
        and None not in (one.arrived, other.arrived)
        and (one.arrived or 0) // SECONDS_PER_DAY >= (other.arrived or 0) // SECONDS_PER_DAY
        for one, other in itertools.combinations(case.ledger.orders, 2)
    )


def budgets_that_cut(case: ModelRun) -> bool:
    """A budget cut an order."""
    return any(case.ledger.counted.get(UNFUNDED, ()))


def expiry(case: ModelRun) -> bool:
    """Shells expired."""
    return any(kind == Kind.EXPIRED and any(gone) for (_, _, kind), gone in case.ledger.columns.items())


def relative_dates_before_the_start(case: ModelRun) -> bool:
    """The date of an event counted from another, and lay before the start."""
    world = RunInputs(case.scenario, case.seed, case.ledger.run)
    days = (event.reference_day() for event in case.scenario.events.values())
    return any(isinstance(day, Quantity) and day.after and world.day_of(day) < 0 for day in days)


HARD_CASES: dict[str, Callable[[ModelRun], bool]] = {
    reached.__name__.replace("_", " "): reached
    for reached in (
        random_durations,
        ties_in_time,
        arrivals_at_midnight,
        partial_loads,
        dry_stocks,
        full_gates,
        ending_reserves,
        growing_reserves,
        overlapping_events,
        queues_for_a_berth,
        transfers_that_ask_too_much,
        cargo_under_way_at_the_start,
        fire_held_back,
        priorities_that_bite,
        backlogs_served,
        orders_that_queue,
        orders_that_arrive_at_once,
        orders_that_overtake,
        budgets_that_cut,
        expiry,
        relative_dates_before_the_start,
    )
}
