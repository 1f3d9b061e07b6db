"""What every voyage and every lot keeps to: its time, its load, its berth, its window, its cargo.

Scenarios are drawn by `scenario_strategies.py`; `run_queries.py` computes the start of loading.
"""

from __future__ import annotations

import datetime as dt
import math
from itertools import accumulate

import pytest
from hypothesis import given

from sim.account import Kind, Voyage
from sim.units import SECONDS_PER_DAY
from tests.support.reference_fleets import ShipmentRow
from tests.support.reference_world import ReferenceInputs
from tests.support.run_queries import (
    ModelRun,
    Plain,
    VoyageTimes,
    column,
    drawn_once,
    max_overlap,
    reference_supplier,
    run_case,
    stock_before_outflow,
    to_seconds,
    uniforms,
    voyage_times,
    voyages_of,
)
from tests.support.scenario_strategies import RUNS, SEEDS, example_settings, whole_scenarios

#: A full load may lack this share of the capacity: what rounding leaves at a quay is no cargo.
DUST = 1e-9
#: Where a wrong number has a size of its own, sums in another order differ by far less than this.
SUMS = 1e-9


def arrived_by_day(case: ModelRun, supplier: str) -> list[float]:
    """Return what reached a supplier's depot on each day, in units of its cargo."""
    last = len(case.scenario.shipments[supplier].route) - 1
    arrived = [0.0] * case.scenario.days
    for trip in voyages_of(case.ledger, supplier):
        if trip.arrived is not None and trip.leg in (None, last):
            cargo = trip.shells if trip.containers is None else trip.containers
            arrived[trip.arrived // SECONDS_PER_DAY] += cargo
    return arrived


def what_lands_is_what_arrived(case: ModelRun) -> None:
    """On the day itself; behind a gate later, and then only while the depot is full."""
    axes = case.ledger.axes
    for supplier, shipment in case.scenario.shipments.items():
        origin, each = axes.origins.index(supplier), reference_supplier(case, supplier).each
        arrived = arrived_by_day(case, supplier)
        late = [0.0] * axes.days
        for pair, (depot, munition) in enumerate(axes.pairs):
            landed, rejected = (
                column(case.ledger, pair, origin, kind) for kind in (Kind.LANDED, Kind.REJECTED)
            )
            if depot != shipment.to or munition not in each:
                assert not any(landed)
                assert not any(rejected)
                continue
            share = shipment.serviceable.get(munition)
            good = each[munition] * (1.0 if share is None else drawn_once(case, share))
            for day, cargo in enumerate(arrived):
                bad = cargo * (each[munition] - good)
                assert rejected[day] == pytest.approx(bad, rel=SUMS, abs=SUMS * cargo * each[munition])
            fit = list(accumulate(cargo * good for cargo in arrived))
            let_in = list(accumulate(landed))
            assert all(less <= more * (1 + SUMS) for less, more in zip(let_in, fit, strict=True))
            late = [old + more - less for old, more, less in zip(late, fit, let_in, strict=True)]
        capacity = case.scenario.depots[shipment.to].capacity
        most = drawn_once(case, capacity) if capacity is not None else float("inf")
        peaks, _ = stock_before_outflow(case.ledger, shipment.to)
        turnover = sum(arrived) * sum(each.values())
        for waits, peak in zip(late, peaks, strict=True):
            assert waits <= SUMS * turnover or peak >= most * (1 - SUMS)


def early_u(case: ModelRun, path: str, day: int) -> float:
    """Return the uniform of a delivery that left before the start: each date has a stream (rule 5)."""
    date = case.scenario.start + dt.timedelta(days=day)
    return uniforms(case.seed, case.ledger.run, f"{path}.{date}", 1)[0]


def is_row(trip: Voyage, row: ShipmentRow) -> bool:
    """Return whether a lot is that of a row: both times, and the cargo but for rounding."""
    times = (trip.departed, trip.arrived) == (row.departed, row.arrived)
    return times and trip.shells == pytest.approx(row.shells, rel=SUMS)


def a_lot_takes_its_lead_time(case: ModelRun) -> None:
    for supplier, shipment in case.scenario.shipments.items():
        lead = shipment.lead_time
        lots = [trip for trip in voyages_of(case.ledger, supplier) if trip.leg is None]
        for row in reference_supplier(case, supplier).rows_under_way():
            lots.remove(next(trip for trip in lots if is_row(trip, row)))
        assert not lots or lead is not None
        if lead is None:
            continue
        side = reference_supplier(case, supplier)
        us = uniforms(case.seed, case.ledger.run, lead.path, case.scenario.days)
        assert len({trip.departed for trip in lots}) == len(lots)
        for trip in lots:
            day = trip.departed // SECONDS_PER_DAY
            u = us[day] if day >= 0 else early_u(case, lead.path, day)
            takes = to_seconds(lead.value if lead.law is None else lead.law.inverse(u))
            second = max((day + 1) * SECONDS_PER_DAY, day * SECONDS_PER_DAY + takes)
            assert trip.departed == day * SECONDS_PER_DAY
            assert trip.arrived == (second if second < case.scenario.days * SECONDS_PER_DAY else None)
            # A window that no `first` opens was open before the start.
            opens = side.opens if day >= 0 or shipment.first is not None else -math.inf
            assert opens <= trip.departed < side.closes
            cargo = trip.shells if trip.containers is None else trip.containers
            assert cargo <= side.amount(day) * (1 + SUMS)


def fleets(case: ModelRun) -> list[tuple[str, int, list[VoyageTimes]]]:
    return [
        (supplier, position, voyage_times(case, supplier, position))
        for supplier, shipment in case.scenario.shipments.items()
        for position in range(len(shipment.route))
    ]


def a_voyage_takes_its_time_and_carries_no_more_than_it_can(case: ModelRun) -> None:
    for supplier, position, sailed in fleets(case):
        shipment = case.scenario.shipments[supplier]
        leg, side = shipment.route[position], reference_supplier(case, supplier)
        capacity, reserve = drawn_once(case, leg.capacity), side.left if position == 0 else float("inf")
        gone = 0.0
        for trip in voyages_of(case.ledger, supplier, position):
            cargo = trip.shells if trip.containers is None else trip.containers
            gone += cargo
            assert capacity * DUST < cargo <= capacity * (1 + DUST)
            assert trip.shells == pytest.approx(cargo * side.shells_each, rel=SUMS, abs=0)
            full = cargo >= capacity * (1 - DUST)
            # Only the last of a reserve that does not grow leaves a quay that waits for full loads.
            last = not side.grows and gone >= reserve * (1 - SUMS)
            assert full or last or not shipment.departs_full(position)
            assert trip.arrived is None or trip.departed < trip.arrived < case.scenario.days * SECONDS_PER_DAY
        for sailing in sailed:
            if sailing.unloads is not None:
                # Only where there are berths does a vehicle wait for its unloading.
                waits = sailing.unloads - sailing.reaches
                assert waits >= 0 if leg.unloading_berths else waits == 0


def a_vehicle_is_on_one_voyage_at_a_time(case: ModelRun) -> None:
    for supplier, position, sailed in fleets(case):
        vehicles = case.scenario.shipments[supplier].route[position].vehicles
        if vehicles is None:
            assert all(trip.vehicle is None for trip in voyages_of(case.ledger, supplier, position))
            continue
        back: dict[int | None, int | None] = {}
        known = {sailing.trip: sailing for sailing in sailed}
        for trip in voyages_of(case.ledger, supplier, position):
            assert trip.vehicle in range(vehicles)
            free = back.get(trip.vehicle, 0)
            assert free is not None
            assert free <= (known[trip].starts if trip in known else trip.departed)
            if trip in known:
                back[trip.vehicle] = known[trip].back


def the_first_quay_never_lacks_cargo(case: ModelRun) -> None:
    """Rules 21 to 23: a vehicle that nothing holds starts the moment it is back."""
    for supplier, position, sailed in fleets(case):
        leg, side = case.scenario.shipments[supplier].route[position], reference_supplier(case, supplier)
        free_to_go = side.steady and not side.grows and not leg.berths and leg.vehicles is not None
        if position > 0 or not free_to_go or stops(case, supplier, 0):
            continue
        back: dict[int | None, int | None] = {}
        for sailing in sailed:
            assert sailing.starts == max(back.get(sailing.trip.vehicle) or 0, side.opens)
            back[sailing.trip.vehicle] = sailing.back
        opens = side.opens < min(side.closes, case.scenario.days * SECONDS_PER_DAY)
        loads = opens and leg.vehicles != 0 and side.left > 0.0
        under_way = sum(row.shells for row in reference_supplier(case, supplier).rows_under_way())
        assert (case.ledger.shipped[supplier] > under_way * (1 + SUMS)) == loads


def stops(case: ModelRun, supplier: str, position: int) -> list[tuple[int, int]]:
    """Return the windows in which nothing may start to load on a leg."""
    path = f"shipments.{supplier}"
    targets = {f"{path}.route.{position}"} | (set() if position else {path})
    world = ReferenceInputs(case.scenario, case.seed, case.ledger.run)
    return [(shut.begin, shut.end) for shut in world.stops(targets)]


def loading_starts_in_its_window_alone(case: ModelRun) -> None:
    for supplier, position, sailed in fleets(case):
        side, shut = reference_supplier(case, supplier), stops(case, supplier, position)
        for sailing in sailed:
            assert side.opens <= sailing.starts
            assert position > 0 or sailing.starts < side.closes
            assert not any(begin <= sailing.starts < end for begin, end in shut)
        assert all(side.opens <= trip.departed for trip in voyages_of(case.ledger, supplier, position))


def no_more_vehicles_lie_at_berths_than_there_are(case: ModelRun) -> None:
    for supplier, position, sailed in fleets(case):
        leg = case.scenario.shipments[supplier].route[position]
        loading = max_overlap([(sailing.starts, sailing.trip.departed) for sailing in sailed])
        arrivals = [(sailing.unloads, sailing.trip.arrived) for sailing in sailed]
        unloading = max_overlap(
            [(begin, end) for begin, end in arrivals if begin is not None and end is not None]
        )
        assert leg.berths is None or loading <= leg.berths
        assert leg.unloading_berths is None or unloading <= leg.unloading_berths
        assert leg.vehicles is None or max(loading, unloading) <= leg.vehicles


def no_quay_gives_more_than_came_to_it(case: ModelRun) -> None:
    for supplier, position, sailed in fleets(case):
        if position == 0:
            came = offers(case, supplier)
        else:
            before = voyages_of(case.ledger, supplier, position - 1)
            came = [
                (trip.arrived, trip.shells if trip.containers is None else trip.containers)
                for trip in before
                if trip.arrived is not None
            ]
        came.sort()
        gone = waiting = 0.0
        for sailing in sailed if came or position else ():
            while came and came[0][0] <= sailing.starts:
                waiting += came.pop(0)[1]
            trip = sailing.trip
            gone += trip.shells if trip.containers is None else trip.containers
            assert gone <= waiting * (1 + SUMS)


def offers(case: ModelRun, supplier: str) -> list[tuple[int, float]]:
    """Return the offers or deliveries to the first quay: second and cargo; nothing if it never lacks."""
    side = reference_supplier(case, supplier)
    starts = [day * SECONDS_PER_DAY for day in range(case.scenario.days)]
    return (
        []
        if side.steady
        else [(s, side.amount(s // SECONDS_PER_DAY)) for s in starts if side.opens <= s < side.closes]
    )


def no_reserve_gives_more_than_it_has(case: ModelRun) -> None:
    for supplier, shipment in case.scenario.shipments.items():
        if shipment.reserve is None:
            continue
        has, world = (
            drawn_once(case, shipment.reserve.stock),
            ReferenceInputs(case.scenario, case.seed, case.ledger.run),
        )
        if shipment.reserve.production is not None:
            has += sum(world.on_day(shipment.reserve.production, day) for day in range(case.scenario.days))
        early = sum(trip.shells for trip in voyages_of(case.ledger, supplier) if trip.departed < 0)
        assert case.ledger.shipped[supplier] - early <= has * (1 + SUMS)


WAYS = (
    what_lands_is_what_arrived,
    a_lot_takes_its_lead_time,
    a_voyage_takes_its_time_and_carries_no_more_than_it_can,
    a_vehicle_is_on_one_voyage_at_a_time,
    the_first_quay_never_lacks_cargo,
    loading_starts_in_its_window_alone,
    no_more_vehicles_lie_at_berths_than_there_are,
    no_quay_gives_more_than_came_to_it,
    no_reserve_gives_more_than_it_has,
)


@pytest.mark.slow
@example_settings()
@given(whole_scenarios(least_suppliers=1), SEEDS, RUNS)
def test_every_voyage_keeps_to_its_leg(plain: Plain, seed: int, run: int) -> None:
    case = run_case(plain, seed, run)
    for holds in WAYS:
        holds(case)
