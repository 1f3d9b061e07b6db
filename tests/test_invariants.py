"""Invariants of every run of every scenario: balances of all places, fire, depots.

`scenario_strategies.py` makes the scenarios; `make campaign` tries 500 for each property,
``HYPOTHESIS_PROFILE=thorough`` 10,000.
"""

from __future__ import annotations

import itertools
import math
from itertools import accumulate
from statistics import NormalDist

import pytest
from hypothesis import given

from sim.account import (
    EXPIRED_INTO_STOCK,
    HELD,
    INFLOW_KINDS,
    MONEY_KINDS,
    OUTFLOW_KINDS,
    SCRAPPED_AT_WORK,
    ClaimKind,
    Kind,
)
from sim.model.ledger import Ledger
from sim.model.world import RunInputs
from sim.scenario.quantity import Quantity
from sim.units import SECONDS_PER_DAY
from tests.support.run_queries import (
    ModelRun,
    Plain,
    column,
    drawn_once,
    run_case,
    stock_before_outflow,
    sum_columns,
    uniforms,
)
from tests.support.scenario_strategies import RUNS, SEEDS, example_settings, whole_scenarios

CLOSES = 1e-12
#: Where a wrong number has a size of its own, sums in another order differ by far less than this.
SUMS = 1e-9


def off(came: float, went: float) -> float:
    """Return how far an account is from closing, relative to its turnover."""
    return abs(came - went) / (came + went) if came + went > 0.0 else 0.0


def errors_by_day(ledger: Ledger, pair: int, origin: int) -> list[float]:
    """Return how far the stock of an origin is from its account at each day's end."""
    came, went = ledger.opening.get((pair, origin, "stock"), 0.0), 0.0
    into, out = (
        sum_columns(ledger, pair, origin, INFLOW_KINDS),
        sum_columns(ledger, pair, origin, OUTFLOW_KINDS),
    )
    errors = []
    for entered, left, there in zip(into, out, column(ledger, pair, origin, HELD), strict=True):
        came += entered
        went += left
        errors.append(off(came, went + there))
    return errors


def error_apart(ledger: Ledger, pair: int, origin: int) -> float:
    """Return the same for unserviceable shells, over the whole run; scrapped shells are taken before."""
    rejected, joined, taken, scrapped, at_work = (
        math.fsum(column(ledger, pair, origin, kind))
        for kind in (Kind.REJECTED, EXPIRED_INTO_STOCK, Kind.TAKEN, Kind.SCRAPPED, SCRAPPED_AT_WORK)
    )
    came = ledger.opening.get((pair, origin, "unserviceable"), 0.0) + rejected + joined
    there = ledger.closing[pair, origin, "unserviceable"]
    return off(came + at_work, there + taken + scrapped)


def error_of_transfers(ledger: Ledger, munition: str, origin: int) -> float:
    pairs = [pair for pair, place in enumerate(ledger.axes.pairs) if place.munition == munition]
    left, came = (
        sum(sum(column(ledger, pair, origin, kind)) for pair in pairs)
        for kind in (Kind.DISPATCHED, Kind.RECEIVED)
    )
    return off(left, came + sum(ledger.closing[pair, origin, "coming"] for pair in pairs))


def error_of_supplier(ledger: Ledger, supplier: str) -> float:
    origin = ledger.axes.origins.index(supplier)
    came = sum(
        sum(column(ledger, pair, origin, kind))
        for pair in range(len(ledger.axes.pairs))
        for kind in (Kind.LANDED, Kind.REJECTED)
    )
    return off(ledger.shipped[supplier], ledger.under_way[supplier] + came)


def error_of_order_line(ledger: Ledger, line: str) -> float:
    """Return how far what was ordered is from what was delivered, waits at the gate, or is still to come."""
    origin, pairs = ledger.axes.origins.index(line), range(len(ledger.axes.pairs))
    ordered = math.fsum(order.shells for order in ledger.orders if order.line == line)
    coming = math.fsum(
        order.shells for order in ledger.orders if order.line == line and order.arrived is None
    )
    delivered = math.fsum(math.fsum(column(ledger, pair, origin, Kind.DELIVERED)) for pair in pairs)
    at_gate = math.fsum(ledger.closing.get((pair, origin, "at gate"), 0.0) for pair in pairs)
    return off(ordered, coming + delivered + at_gate)


def errors(ledger: Ledger) -> list[float]:
    """Return the error of every place at the end: stocks, the unserviceable, transfers, suppliers, orders."""
    pairs, origins = range(len(ledger.axes.pairs)), range(len(ledger.axes.origins))
    munitions = dict.fromkeys(pair.munition for pair in ledger.axes.pairs)
    return [
        *(errors_by_day(ledger, pair, origin)[-1] for pair in pairs for origin in origins),
        *(error_apart(ledger, pair, origin) for pair in pairs for origin in origins),
        *(error_of_transfers(ledger, munition, origin) for munition in munitions for origin in origins),
        *(error_of_supplier(ledger, supplier) for supplier in ledger.shipped),
        *(error_of_order_line(ledger, line) for line in ledger.axes.orders),
    ]


def the_account_closes_on_every_day(case: ModelRun) -> None:
    ledger = case.ledger
    origins = range(len(ledger.axes.origins))
    for pair in range(len(ledger.axes.pairs)):
        for origin in origins:
            assert max(errors_by_day(ledger, pair, origin)) <= CLOSES
            assert ledger.closing[pair, origin, "stock"] == column(ledger, pair, origin, HELD)[-1]
        # A level that fire leaves of a thousand times as much has the rounding of what was there (rule 9).
        held = held_by_day(ledger, pair)
        moved = sum(sum(sum_columns(ledger, pair, origin, OUTFLOW_KINDS)) for origin in origins)
        assert ledger.levels[pair] == pytest.approx(held, rel=CLOSES, abs=CLOSES * moved)
    assert max(errors(ledger)) <= CLOSES
    assert ledger.balance_error() <= CLOSES


def held_by_day(ledger: Ledger, pair: int) -> list[float]:
    held = [column(ledger, pair, origin, HELD) for origin in range(len(ledger.axes.origins))]
    return [sum(parts) for parts in zip(*held, strict=True)]


def a_shell_too_many_shows_in_the_balance_error(case: ModelRun) -> None:
    ledger = case.ledger
    kinds = (*INFLOW_KINDS, *OUTFLOW_KINDS, Kind.REJECTED, Kind.TAKEN, Kind.SCRAPPED)
    keys = [key for key in ledger.columns if key[1] >= 0 and key[2] in kinds]
    key = max(keys, key=lambda key: (sum(ledger.columns[key]), key), default=None)
    if key is None:
        ledger.opening[0, 0, "stock"] += 1.0
    else:
        ledger.columns[key][-1] += 1.0
    worst = max(errors(ledger))
    assert worst > CLOSES
    assert ledger.balance_error() == pytest.approx(worst, rel=1e-6, abs=CLOSES)


def nothing_is_negative(case: ModelRun) -> None:
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


def no_depot_holds_more_than_its_capacity(case: ModelRun) -> None:
    for name, depot in case.scenario.depots.items():
        if depot.capacity is not None:
            peaks, _ = stock_before_outflow(case.ledger, name)
            assert max(peaks) <= drawn_once(case, depot.capacity) * (1 + CLOSES)


def fire_is_no_more_than_required_and_there(case: ModelRun) -> None:
    ledger = case.ledger
    for pair, consuming in enumerate(ledger.axes.consuming):
        required, fired, unmet = (
            ledger.total(pair, kind) for kind in (Kind.REQUIRED, Kind.FIRED, Kind.UNMET)
        )
        if not any(claim.pair == pair and claim.has_backlog for claim in ledger.axes.claims):
            assert unmet == [wanted - shot for wanted, shot in zip(required, fired, strict=True)]
            assert all(shot <= wanted for wanted, shot in zip(required, fired, strict=True))
        assert consuming or not any(fired)
        origins = range(len(ledger.axes.origins))
        by_origin = zip(*(column(ledger, pair, origin, Kind.FIRED) for origin in origins), strict=True)
        held = zip(*(column(ledger, pair, origin, HELD) for origin in origins), strict=True)
        for shot, left, taken, there in zip(fired, ledger.levels[pair], by_origin, held, strict=True):
            # Where all is taken, fire may differ from the level by a billionth (rule 13).
            assert sum(taken) == pytest.approx(shot, rel=CLOSES if left > 0.0 else SUMS, abs=0)
            # An event that takes everything leaves exactly nothing of any origin (rule 10).
            assert left > 0.0 or not any(there)


def each_origin_gives_in_proportion(case: ModelRun) -> None:
    """Rule 10: fire, losses and dispatch of one day take the same share of every origin together."""
    ledger = case.ledger
    origins = range(len(ledger.axes.origins))
    for pair in range(len(ledger.axes.pairs)):
        went = [sum_columns(ledger, pair, origin, OUTFLOW_KINDS) for origin in origins]
        there = [
            [left + gone for left, gone in zip(column(ledger, pair, origin, HELD), out, strict=True)]
            for origin, out in zip(origins, went, strict=True)
        ]
        for day in range(ledger.axes.days):
            level, gone = sum(held[day] for held in there), sum(out[day] for out in went)
            for held, out in zip(there, went, strict=True):
                assert abs(out[day] * level - gone * held[day]) <= SUMS * level * level


def a_requirement_is_the_plan_times_the_days_variation(case: ModelRun) -> None:
    """Rules 11 and 14, where one consumer alone fires from a depot; guns can only cut it."""
    ledger, days = case.ledger, case.scenario.days
    for depot in case.scenario.depots:
        fronts = [name for name, front in case.scenario.consumption.items() if front.at == depot]
        if len(fronts) != 1:
            continue
        front = case.scenario.consumption[fronts[0]]
        cv = drawn_once(case, front.daily_variation)
        sigma = math.sqrt(math.log1p(cv * cv))
        us = uniforms(case.seed, ledger.run, f"consumption.{fronts[0]}.variation", days)
        factors = [math.exp(sigma * NormalDist().inv_cdf(u) - sigma * sigma / 2) for u in us]
        pairs = [pair for pair, place in enumerate(ledger.axes.pairs) if place.depot == depot]
        most = math.inf
        if isinstance(front.guns, Quantity) and front.rounds_per_gun is not None:
            most = drawn_once(case, front.guns) * drawn_once(case, front.rounds_per_gun)
        for day, factor in enumerate(factors):
            wanted = [ledger.planned[pair][day] * factor for pair in pairs]
            required = [ledger.total(pair, Kind.REQUIRED)[day] for pair in pairs]
            assert sum(required) <= min(most, sum(wanted)) * (1 + SUMS)
            if sum(wanted) < most * (1 - SUMS) and front.barrels is None:
                assert required == pytest.approx(wanted, rel=SUMS, abs=0)


def a_transfer_arrives_a_day_later_at_the_soonest(case: ModelRun) -> None:
    ledger = case.ledger
    for munition in dict.fromkeys(pair.munition for pair in ledger.axes.pairs):
        pairs = [pair for pair, place in enumerate(ledger.axes.pairs) if place.munition == munition]
        for origin in range(len(ledger.axes.origins)):
            gone, come = (
                list(accumulate(map(sum, zip(*(column(ledger, p, origin, k) for p in pairs), strict=True))))
                for k in (Kind.DISPATCHED, Kind.RECEIVED)
            )
            for before, now in zip([0.0, *gone], come, strict=False):
                assert now <= before * (1 + CLOSES)


def a_workshop_gives_back_what_it_repaired(case: ModelRun) -> None:
    """Rule 16: intake less scrap is refurbished, at once unless a gate holds it."""
    ledger, axes = case.ledger, case.ledger.axes
    for pair, (depot, _) in enumerate(axes.pairs):
        repaired = [0.0] * axes.days
        for origin in range(len(axes.origins)):
            taken, lost = (column(ledger, pair, origin, kind) for kind in (Kind.TAKEN, SCRAPPED_AT_WORK))
            repaired = [a + b - c for a, b, c in zip(repaired, taken, lost, strict=True)]
        came = [column(ledger, pair, origin, Kind.REFURBISHED) for origin in range(len(axes.origins))]
        given = [sum(day) for day in zip(*came, strict=True)]
        turnover = sum(repaired) + sum(given)
        for made, back in zip(accumulate(repaired), accumulate(given), strict=True):
            assert back <= made + SUMS * turnover
            assert back >= made - SUMS * turnover or case.scenario.depots[depot].capacity is not None


def what_waits_is_what_was_unmet_and_not_served(case: ModelRun) -> None:
    """Rule 36: a backlog is what waited less what was served; new fire and unmet are the requirement."""
    for place, claim in enumerate(case.ledger.axes.claims):
        columns = case.ledger.claims[place]
        required, fired, unmet = (columns[kind] for kind in list(ClaimKind)[:3])
        nothing = [0.0] * case.ledger.axes.days
        waiting, served, backlog = (columns.get(kind, nothing) for kind in list(ClaimKind)[3:])
        assert waiting == (unmet if claim.has_backlog else nothing)
        before = 0.0
        for wanted, shot, lack, more, less, after in zip(
            required, fired, unmet, waiting, served, backlog, strict=True
        ):
            assert 0.0 <= less <= before
            assert off(before + more, less + after) <= CLOSES
            assert abs(wanted - lack + less - shot) <= SUMS * (wanted + before)
            before = after


def consumers_fire_together_what_their_depot_fires(case: ModelRun) -> None:
    ledger = case.ledger
    for pair in range(len(ledger.axes.pairs)):
        claims = [ledger.claims[at] for at, claim in enumerate(ledger.axes.claims) if claim.pair == pair]
        for kind in (Kind.REQUIRED, Kind.FIRED) if claims else ():
            parts = zip(*(columns[ClaimKind(kind)] for columns in claims), strict=True)
            whole = ledger.total(pair, kind)
            # What is left of a level that others have taken has the rounding of that level (rule 9).
            rounding = CLOSES * (sum(whole) + sum(ledger.total(pair, Kind.FIRED)))
            assert [sum(part) for part in parts] == pytest.approx(whole, rel=SUMS, abs=rounding)


def the_second_priority_gets_nothing_while_the_stock_leaves_the_first_short(case: ModelRun) -> None:
    """Rule 36, where no rule and no guns hold fire back."""
    ledger, fronts = case.ledger, case.scenario.consumption
    free = [name for name, each in fronts.items() if each.rationing.rule == "none" and each.guns is None]
    for (at, one), (to, other) in itertools.permutations(enumerate(ledger.axes.claims), 2):
        if one.pair != other.pair or one.consumer not in free:
            continue
        if (fronts[one.consumer].priority or 1) < (fronts[other.consumer].priority or 1):
            short, shot = ledger.claims[at][ClaimKind.UNMET], ledger.claims[to][ClaimKind.FIRED]
            assert not any(lack > 0.0 and fired > 0.0 for lack, fired in zip(short, shot, strict=True))


def no_cohort_outlives_its_shelf_life(case: ModelRun) -> None:
    """Rule 38: what is in stock came within a shelf life, or was there at the start less than one ago."""
    ledger = case.ledger
    for pair, (_, munition) in enumerate(ledger.axes.pairs):
        shelf_life = case.scenario.munition_parts[munition].shelf_life
        if shelf_life is None:
            continue
        days = math.ceil(drawn_once(case, shelf_life))
        came = [sum(day) for day in zip(*(ledger.total(pair, kind) for kind in INFLOW_KINDS), strict=True)]
        opening = ledger.opening[pair, 0, "stock"]
        for day, level in enumerate(ledger.levels[pair]):
            most = sum(came[max(0, day + 1 - days) : day + 1]) + (opening if day < days else 0.0)
            assert level <= most + SUMS * (sum(came) + opening)


def money_spent_is_units_times_cost(case: ModelRun) -> None:
    """Rule 39: an order costs its order cost, and the unit cost of its day for each shell."""
    ledger, world = case.ledger, RunInputs(case.scenario, case.seed, case.ledger.run)
    if not ledger.axes.currency:
        return
    spent = dict.fromkeys(range(len(ledger.axes.pairs)), 0.0)
    for name, line in case.scenario.orders.items():
        price = line.unit_cost or case.scenario.munition_parts[line.munition].unit_cost
        by_day = [0.0] * ledger.axes.days if price is None else world.by_day(price)
        fixed = 0.0 if line.order_cost is None else drawn_once(case, line.order_cost)
        for order in (each for each in ledger.orders if each.line == name):
            cost = fixed + by_day[order.placed // SECONDS_PER_DAY] * order.shells
            assert order.cost == pytest.approx(cost, rel=SUMS)
            pair = ledger.axes.pairs.index((line.to, line.munition))
            spent[pair] += cost if order.made is not None else 0.0
    assert ledger.counted["spent"] == pytest.approx(list(spent.values()), rel=SUMS)
    for kind in MONEY_KINDS:
        assert sum(ledger.counted[kind]) == pytest.approx(sum(ledger.money[kind]), rel=SUMS)


def orders_stay_within_the_budget(case: ModelRun) -> None:
    """Rule 39: what the orders of a year cost is no more than its grant, and what earlier years left."""
    budget, days = case.scenario.budget, case.scenario.days
    if budget is None:
        return
    world, left = RunInputs(case.scenario, case.seed, case.ledger.run), 0.0
    by_day, years = world.by_day(budget.rate), list(budget.years(case.scenario.start, days))
    ends = [*(year.day for year in years[1:]), days]
    for year, end in zip(years, ends, strict=True):
        granted = by_day[year.day] * 365.25 * year.share + (left if budget.carry_over else 0.0)
        placed = [
            each.cost for each in case.ledger.orders if year.day <= each.placed // SECONDS_PER_DAY < end
        ]
        assert sum(placed) <= granted * (1 + SUMS)
        left = granted - sum(placed)


def no_order_is_placed_outside_first_and_until(case: ModelRun) -> None:
    """Rule 37: an order counts from the day after its review, which is in [first, until)."""
    world = RunInputs(case.scenario, case.seed, case.ledger.run)
    for name, line in case.scenario.orders.items():
        opens = world.second_of(line.first, 0)
        closes = world.second_of(line.until, case.scenario.days * SECONDS_PER_DAY, opens)
        for order in (each for each in case.ledger.orders if each.line == name):
            assert opens <= order.placed - SECONDS_PER_DAY < closes


BOOKS = (
    the_account_closes_on_every_day,
    nothing_is_negative,
    no_depot_holds_more_than_its_capacity,
    fire_is_no_more_than_required_and_there,
    what_waits_is_what_was_unmet_and_not_served,
    consumers_fire_together_what_their_depot_fires,
    the_second_priority_gets_nothing_while_the_stock_leaves_the_first_short,
    each_origin_gives_in_proportion,
    a_requirement_is_the_plan_times_the_days_variation,
    a_transfer_arrives_a_day_later_at_the_soonest,
    a_workshop_gives_back_what_it_repaired,
    no_cohort_outlives_its_shelf_life,
    money_spent_is_units_times_cost,
    orders_stay_within_the_budget,
    no_order_is_placed_outside_first_and_until,
    a_shell_too_many_shows_in_the_balance_error,
)


@pytest.mark.slow
@example_settings()
@given(whole_scenarios(), SEEDS, RUNS)
def test_every_run_keeps_its_books(plain: Plain, seed: int, run: int) -> None:
    case = run_case(plain, seed, run)
    for holds in BOOKS:
        holds(case)
