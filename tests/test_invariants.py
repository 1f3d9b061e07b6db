"""What holds in every run of every scenario: the account, the fire, the landings, the fleets.

Scenarios are drawn by `strategies.py`; ``HYPOTHESIS_PROFILE=thorough`` tries 10,000 for each property.
"""

from __future__ import annotations

import math
from collections import Counter
from statistics import NormalDist
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

if TYPE_CHECKING:
    from readings import (
        Case,
        Plain,
        Sailing,
        case_of,
        most_at_once,
        of_supplier,
        once,
        sailings,
        uniforms,
        window,
    )
    from strategies import RUNS, SEEDS, examples, scenarios
else:
    from .readings import (
        Case,
        Plain,
        Sailing,
        case_of,
        most_at_once,
        of_supplier,
        once,
        sailings,
        uniforms,
        window,
    )
    from .strategies import RUNS, SEEDS, examples, scenarios

from sim.account import HELD, INTO_STOCK, OUT_OF_STOCK, Kind
from sim.model.ledger import Ledger
from sim.units import SECONDS_PER_DAY

CLOSES = 1e-12
#: A full load may lack this share of the capacity: what rounding leaves at a quay is no cargo.
DUST = 1e-9
#: Where a wrong number has a size of its own, sums in another order differ by far less than this.
SUMS = 1e-9


def column(ledger: Ledger, pair: int, origin: int, kind: str) -> list[float]:
    return ledger.columns.get((pair, origin, kind), [0.0] * ledger.axes.days)


def summed(ledger: Ledger, pair: int, origin: int, kinds: tuple[Kind, ...]) -> list[float]:
    return [sum(day) for day in zip(*(column(ledger, pair, origin, kind) for kind in kinds), strict=True)]


def errors_by_day(ledger: Ledger, pair: int, origin: int) -> list[float]:
    """Return how far the stock of an origin is from its account at each day's end, relative to turnover."""
    there = came = ledger.opening.get((pair, origin, "stock"), 0.0)
    went = 0.0
    into, out = summed(ledger, pair, origin, INTO_STOCK), summed(ledger, pair, origin, OUT_OF_STOCK)
    errors = []
    for entered, left, there in zip(into, out, column(ledger, pair, origin, HELD), strict=True):
        came += entered
        went += left
        turnover = came + went + there
        errors.append(abs(came - went - there) / turnover if turnover > 0.0 else 0.0)
    return errors


def error_apart(ledger: Ledger, pair: int, origin: int) -> float:
    """Return the same for what is unserviceable, over the whole run."""
    came = ledger.opening.get((pair, origin, "unserviceable"), 0.0) + sum(
        column(ledger, pair, origin, Kind.REJECTED)
    )
    there = ledger.closing[pair, origin, "unserviceable"]
    return abs(came - there) / (came + there) if came > 0.0 else 0.0


def error_of_supplier(ledger: Ledger, supplier: str) -> float:
    origin = ledger.axes.origins.index(supplier)
    came = sum(
        sum(column(ledger, pair, origin, kind))
        for pair in range(len(ledger.axes.pairs))
        for kind in (Kind.LANDED, Kind.REJECTED)
    )
    shipped, there = ledger.shipped[supplier], ledger.under_way[supplier] + came
    return abs(shipped - there) / (shipped + there) if shipped > 0.0 else 0.0


def the_account_closes_on_every_day(case: Case) -> None:
    ledger = case.ledger
    for pair in range(len(ledger.axes.pairs)):
        for origin in range(len(ledger.axes.origins)):
            assert max(errors_by_day(ledger, pair, origin)) <= CLOSES
            assert error_apart(ledger, pair, origin) <= CLOSES
            assert ledger.closing[pair, origin, "stock"] == column(ledger, pair, origin, HELD)[-1]
        held = [column(ledger, pair, origin, HELD) for origin in range(len(ledger.axes.origins))]
        for level, parts in zip(ledger.levels[pair], zip(*held, strict=True), strict=True):
            assert level == pytest.approx(sum(parts), rel=CLOSES, abs=0)
    for supplier in ledger.shipped:
        assert error_of_supplier(ledger, supplier) <= CLOSES
    assert ledger.balance_error() <= CLOSES


def a_shell_too_many_shows_in_the_balance_error(case: Case) -> None:
    ledger = case.ledger
    pairs, origins = range(len(ledger.axes.pairs)), range(len(ledger.axes.origins))
    key = max((key for key in ledger.columns if key[1] >= 0), key=lambda key: (sum(ledger.columns[key]), key))
    if key[2] == HELD:
        pair, origin, _ = key
        ledger.opening[pair, origin, "stock"] = ledger.opening.get((pair, origin, "stock"), 0.0) + 1.0
    else:
        ledger.columns[key][-1] += 1.0
    held = {(pair, origin): column(ledger, pair, origin, HELD)[-1] for pair in pairs for origin in origins}
    worst = max(errors_by_day(ledger, pair, origin)[-1] for pair, origin in held)
    worst = max(worst, *(error_apart(ledger, pair, origin) for pair, origin in held))
    worst = max(worst, *(error_of_supplier(ledger, supplier) for supplier in ledger.shipped), 0.0)
    assert worst > CLOSES
    assert ledger.balance_error() == pytest.approx(worst, rel=1e-6, abs=CLOSES)


def nothing_is_negative(case: Case) -> None:
    ledger = case.ledger
    for name, days in ledger.columns.items():
        assert min(days) >= 0.0, name
    for days in (*ledger.levels, *ledger.planned):
        assert min(days) >= 0.0
    for place in (ledger.opening, ledger.closing, ledger.shipped, ledger.under_way):
        assert min(place.values(), default=0.0) >= 0.0
    for trip in ledger.voyages:
        assert trip.shells > 0.0
        assert trip.containers is None or trip.containers > 0.0


def fire_is_no_more_than_required_and_there_and_of_each_origin_alike(case: Case) -> None:
    ledger = case.ledger
    origins = range(len(ledger.axes.origins))
    for pair, consuming in enumerate(ledger.axes.consuming):
        required, fired, unmet = (
            ledger.total(pair, kind) for kind in (Kind.REQUIRED, Kind.FIRED, Kind.UNMET)
        )
        assert unmet == [wanted - shot for wanted, shot in zip(required, fired, strict=True)]
        assert all(shot <= wanted for wanted, shot in zip(required, fired, strict=True))
        assert consuming or not any(fired)
        entered = [summed(ledger, pair, origin, INTO_STOCK) for origin in origins]
        openings = [ledger.opening.get((pair, origin, "stock"), 0.0) for origin in origins]
        before = [[opening, *column(ledger, pair, origin, HELD)] for origin, opening in enumerate(openings)]
        by_origin = [column(ledger, pair, origin, Kind.FIRED) for origin in origins]
        for day, shot in enumerate(fired):
            there = [held[day] + into[day] for held, into in zip(before, entered, strict=True)]
            assert shot <= sum(there) * (1 + CLOSES)
            assert sum(taken[day] for taken in by_origin) == pytest.approx(shot, rel=CLOSES, abs=0)
            for taken, held in zip(by_origin, there, strict=True):
                assert taken[day] * sum(there) == pytest.approx(shot * held, rel=SUMS, abs=0)


def a_requirement_is_the_plan_times_the_days_variation(case: Case) -> None:
    for pair, place in enumerate(case.ledger.axes.pairs):
        fronts = [name for name, front in case.scenario.consumption.items() if front.at == place.depot]
        if len(fronts) == 1:
            days = case.scenario.days
            cv = once(case, case.scenario.consumption[fronts[0]].daily_variation)
            sigma = math.sqrt(math.log1p(cv * cv))
            us = uniforms(case.seed, case.ledger.run, f"consumption.{fronts[0]}.variation", days)
            factors = [math.exp(sigma * NormalDist().inv_cdf(u) - sigma * sigma / 2) for u in us]
            expected = [plan * by for plan, by in zip(case.ledger.planned[pair], factors, strict=True)]
            assert case.ledger.total(pair, Kind.REQUIRED) == pytest.approx(expected, rel=SUMS, abs=0)


def what_lands_on_a_day_is_what_arrived_that_day(case: Case) -> None:
    axes = case.ledger.axes
    for supplier, shipment in case.scenario.shipments.items():
        share = shipment.serviceable.get("shells")
        good = 1.0 if share is None else once(case, share)
        pair, origin = axes.pairs.index((shipment.to, "shells")), axes.origins.index(supplier)
        landed = column(case.ledger, pair, origin, Kind.LANDED)
        rejected = column(case.ledger, pair, origin, Kind.REJECTED)
        arrived = [0.0] * axes.days
        for trip in of_supplier(case.ledger, supplier, len(shipment.route) - 1):
            if trip.arrived is not None:
                arrived[trip.arrived // SECONDS_PER_DAY] += trip.shells
        for day, shells in enumerate(arrived):
            assert landed[day] + rejected[day] == pytest.approx(shells, rel=CLOSES, abs=0)
            assert landed[day] == pytest.approx(shells * good, rel=CLOSES, abs=0)


def a_voyage_takes_its_time_and_carries_no_more_than_it_can(case: Case) -> None:
    for trip in case.ledger.voyages:
        leg = case.scenario.shipments[trip.supplier].route[trip.leg or 0]
        cargo, capacity = trip.containers or trip.shells, once(case, leg.capacity)
        assert capacity * DUST < cargo <= capacity * (1 + DUST)
        assert leg.departs != "full" or trip.leg == 0 or cargo >= capacity * (1 - DUST)
        assert trip.arrived is None or trip.departed < trip.arrived < case.scenario.days * SECONDS_PER_DAY
    for supplier, position, sailed in fleets(case):
        berths = case.scenario.shipments[supplier].route[position].unloading_berths
        for sailing in sailed:
            if sailing.unloads is not None:
                # Only where there are berths does a vehicle wait for its unloading.
                assert sailing.unloads >= sailing.reaches if berths else sailing.unloads == sailing.reaches


def fleets(case: Case) -> list[tuple[str, int, list[Sailing]]]:
    return [
        (supplier, position, sailings(case, supplier, position))
        for supplier, shipment in case.scenario.shipments.items()
        for position in range(len(shipment.route))
    ]


def a_vehicle_is_on_one_voyage_at_a_time(case: Case) -> None:
    for supplier, position, sailed in fleets(case):
        leg = case.scenario.shipments[supplier].route[position]
        vehicles, berths = leg.vehicles, leg.berths
        back: dict[int | None, int | None] = {}
        for sailing in sailed:
            vehicle = sailing.trip.vehicle
            if vehicles is None:
                assert vehicle is None
                continue
            assert vehicle in range(vehicles)
            free = back.get(vehicle, 0)
            assert free is not None
            assert free <= sailing.starts
            # The first quay never lacks cargo.
            assert position > 0 or berths or sailing.starts == max(free, window(case, supplier)[0])
            back[vehicle] = sailing.back
        known = {sailing.trip for sailing in sailed}
        for trip in of_supplier(case.ledger, supplier, position):
            if trip not in known and vehicles is not None:
                assert trip.vehicle in range(vehicles)
                free = back.get(trip.vehicle, 0)
                assert free is not None
                assert free <= trip.departed


def no_more_vehicles_lie_at_berths_than_there_are(case: Case) -> None:
    for supplier, position, sailed in fleets(case):
        leg = case.scenario.shipments[supplier].route[position]
        loading = most_at_once([(sailing.starts, sailing.trip.departed) for sailing in sailed])
        arrivals = [(sailing.unloads, sailing.trip.arrived) for sailing in sailed]
        unloading = most_at_once(
            [(begin, end) for begin, end in arrivals if begin is not None and end is not None]
        )
        assert leg.berths is None or loading <= leg.berths
        assert leg.unloading_berths is None or unloading <= leg.unloading_berths
        assert leg.vehicles is None or max(loading, unloading) <= leg.vehicles


def no_quay_and_no_reserve_gives_more_than_it_has(case: Case) -> None:
    for supplier, shipment in case.scenario.shipments.items():
        for position in range(1, len(shipment.route)):
            before = of_supplier(case.ledger, supplier, position - 1)
            arrivals = sorted((trip.arrived, trip.shells) for trip in before if trip.arrived is not None)
            gone = waiting = 0.0
            for sailing in sailings(case, supplier, position):
                while arrivals and arrivals[0][0] <= sailing.starts:
                    waiting += arrivals.pop(0)[1]
                gone += sailing.trip.shells
                assert gone <= waiting * (1 + SUMS)
        if shipment.reserve is not None:
            shipped, reserve = case.ledger.shipped[supplier], once(case, shipment.reserve.stock)
            assert shipped <= reserve * (1 + SUMS)


def loading_starts_in_its_window_alone(case: Case) -> None:
    for supplier, position, sailed in fleets(case):
        first, until = window(case, supplier)
        assert all(first <= sailing.starts for sailing in sailed)
        assert position > 0 or all(sailing.starts < until for sailing in sailed)
        assert all(first <= trip.departed for trip in of_supplier(case.ledger, supplier, position))
        shipment = case.scenario.shipments[supplier]
        opens = first < min(until, case.scenario.days * SECONDS_PER_DAY) and shipment.route[0].vehicles != 0
        loads = opens and (shipment.reserve is None or once(case, shipment.reserve.stock) > 0.0)
        assert (case.ledger.shipped[supplier] > 0.0) == loads
        assert position > 0 or not sailed or sailed[0].starts == first


BOOKS = (
    the_account_closes_on_every_day,
    nothing_is_negative,
    a_requirement_is_the_plan_times_the_days_variation,
    fire_is_no_more_than_required_and_there_and_of_each_origin_alike,
    a_shell_too_many_shows_in_the_balance_error,
)
WAYS = (
    what_lands_on_a_day_is_what_arrived_that_day,
    a_voyage_takes_its_time_and_carries_no_more_than_it_can,
    a_vehicle_is_on_one_voyage_at_a_time,
    no_more_vehicles_lie_at_berths_than_there_are,
    no_quay_and_no_reserve_gives_more_than_it_has,
    loading_starts_in_its_window_alone,
)


@examples()
@given(scenarios(), SEEDS, RUNS)
def test_every_run_keeps_its_books(plain: Plain, seed: int, run: int) -> None:
    case = case_of(plain, seed, run)
    for holds in BOOKS:
        holds(case)


@examples()
@given(scenarios(least_suppliers=1), SEEDS, RUNS)
def test_every_voyage_keeps_to_its_leg(plain: Plain, seed: int, run: int) -> None:
    case = case_of(plain, seed, run)
    for holds in WAYS:
        holds(case)


def features(case: Case) -> set[str]:
    """Return what of the five things that make a scenario worth testing happens in a run."""
    found = set()
    for supplier, shipment in case.scenario.shipments.items():
        trips = of_supplier(case.ledger, supplier)
        moments = [second for trip in trips for second in {trip.departed, trip.arrived} if second is not None]
        if len(set(moments)) < len(moments):
            found.add("ties in time")
        for trip in trips:
            leg = shipment.route[trip.leg or 0]
            if leg.load.law or leg.travel.law or leg.unload.law:
                found.add("random durations")
            if (trip.containers or trip.shells) < once(case, leg.capacity) * (1 - DUST):
                found.add("partial loads")
        reserve = 0.0 if shipment.reserve is None else once(case, shipment.reserve.stock)
        if 0.0 < reserve * (1 - SUMS) <= case.ledger.shipped[supplier]:
            found.add("ending reserves")
    for level, planned in zip(case.ledger.levels, case.ledger.planned, strict=True):
        if any(shells == 0.0 < wanted for shells, wanted in zip(level, planned, strict=True)):
            found.add("dry stocks")
    return found


def shares() -> dict[str, float]:
    """Return the share of generated cases in which each feature occurs."""
    seen: Counter[str] = Counter()

    @examples()
    @given(scenarios(), SEEDS, RUNS)
    def look(plain: Plain, seed: int, run: int) -> None:
        seen.update(["cases", *features(case_of(plain, seed, run))])

    look()
    return {name: count / seen["cases"] for name, count in seen.items()}


def test_the_generated_scenarios_are_worth_testing() -> None:
    found = shares()
    for feature in ("random durations", "ties in time", "partial loads", "dry stocks", "ending reserves"):
        assert found[feature] >= 0.1, found
