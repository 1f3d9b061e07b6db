"""Lint: valid but suspicious settings."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Iterator, Sequence

from sim.errors import Fault, Where, format_count
from sim.scenario.ages import parts_of_age
from sim.scenario.cohort_calendar import share_expired_on_first_day
from sim.scenario.dimension import FACTOR
from sim.scenario.event_references import events_counted_from
from sim.scenario.number_listing import list_numbers
from sim.scenario.part import numbers_in
from sim.scenario.quantity import Course, Day, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Leg, Shipment
from sim.scenario.yaml_nodes import MapNode, find_node
from sim.units import Unit, UnitError, parse

#: Equally likely days by which the distribution of a date is taken.
LIKELY_DAYS = 200
HIGH_VARIATION = 3.0
HIGH_GROWTH = 1.0
LARGEST_FACTOR = 10.0
#: Share of a stock of all ages that expires each month, and so on the first day, where a cohort is a month.
SHARE_OF_A_MONTH = 0.01
#: Three decimals after one to three digits, without a multiple: ten thousand in the style of some countries.
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}(?: ?(?:shells?|rounds?|containers?))?(?: ?/ ?[a-z]+)?")
_COUNTED = (Unit.SHELLS, Unit.SHELLS_A_DAY, Unit.CONTAINERS, Unit.CONTAINERS_A_DAY)
#: Coefficient of variation in the text of a lognormal.
CV = re.compile(r"\bcv: *([^,}]+)")


def lint(scenario: Scenario) -> list[Fault]:
    """Return warnings about a scenario, with random inputs at their medians.

    Returns
    -------
    list of Fault
        For shipments and lines that deliver nothing within the run; events, deliveries and course dates
        outside it; reserves exhausted before the first landing; suspicious variations, growths, factors
        and offers; stocks past their shelf life; budgets without orders, and their rates that are granted
        late or never; orders without a unit cost; and scenarios without consumers.
    """
    warnings = list(_lint_production(scenario))
    for name, shipment in scenario.shipments.items():
        warnings.extend(_lint_shipment(scenario, name, shipment))
    for name, consumer in scenario.consumption.items():
        variation = consumer.daily_variation
        if variation.value > HIGH_VARIATION:
            problem = f"a daily variation of {variation.written} is {variation.value:,.0%} of the requirement"
            warnings.append(Fault(problem, variation.where, f"consumption.{name}.daily_variation"))
    warnings.extend(_lint_orders(scenario))
    warnings.extend(_lint_grants(scenario))
    warnings.extend(_lint_events(scenario))
    warnings.extend(_lint_late_events(scenario))
    warnings.extend(_lint_percentages(scenario))
    warnings.extend(_lint_thousands(scenario))
    warnings.extend(_lint_courses(scenario))
    warnings.extend(_lint_ages(scenario))
    if not scenario.consumption:
        warnings.append(Fault("nobody consumes: stocks can only grow", path="consumption"))
    return warnings


def _lint_production(scenario: Scenario) -> Iterator[Fault]:
    for name, transfer in scenario.transfers.items():
        yield from _lint_lead_time(scenario, transfer.lead_time, f"transfers.{name}")
    for name, line in scenario.production.items():
        yield from _lint_lead_time(scenario, line.lead_time, f"production.{name}")
        growth = line.growth
        if growth is not None and growth.value > HIGH_GROWTH:
            problem = f"a growth of {growth.written} is {growth.value:,.0%} a month"
            yield Fault(problem, growth.where, f"production.{name}.growth")


def _lint_orders(scenario: Scenario) -> Iterator[Fault]:
    """Yield a budget or a cost of orders beside what costs nothing, and orders that never arrive."""
    if scenario.budget is not None and not scenario.orders:
        problem = "the budget has nothing to pay for: there is no order line"
        yield Fault(problem, _place(scenario, "budget"), "budget", "a line under orders")
    for name, line in scenario.orders.items():
        path = f"orders.{name}"
        yield from _lint_lead_time(scenario, line.lead_time, path)
        unit_cost = line.unit_cost or scenario.munition_parts[line.munition].unit_cost
        if unit_cost is None and (scenario.budget is not None or line.order_cost is not None):
            beside = "the budget" if line.order_cost is None else "an order_cost"
            problem = f"the line has no unit_cost beside {beside}: what it orders costs nothing a shell"
            yield Fault(problem, _place(scenario, path), path, "a unit_cost of the line or of its munition")


def _lint_grants(scenario: Scenario) -> Iterator[Fault]:
    """Yield rates of a budget that begin within a year of account, which is granted before (rule 39)."""
    budget = scenario.budget
    if budget is None or not isinstance(budget.rate, Course) or budget.rate.between == "linear":
        return
    points = [(date, quantity) for date, quantity in budget.rate.points if isinstance(date, dt.date)]
    if len(points) < len(budget.rate.points):
        # A date that counts from an event may be anywhere in a year.
        return
    grants = [scenario.start + dt.timedelta(year.day) for year in budget.years(scenario.start, scenario.days)]
    ends = [*(date for date, _ in points[2:]), scenario.end]
    # The first rate also holds before its date.
    for (date, quantity), end in zip(points[1:], ends, strict=False):
        if scenario.start < date < scenario.end and date not in grants:
            first = next((day for day in grants if date <= day < end), None)
            when = f"first granted on {first}" if first else "never granted"
            problem = f"the rate of {date} is {when}: a budget is granted on the first day of its year"
            yield Fault(problem, quantity.where, quantity.path, "a first day of a year of account")


def _place(scenario: Scenario, path: str) -> Where:
    found, _ = find_node(scenario.tree, path.split("."))
    return found.named if isinstance(found, MapNode) else found.where


def _lint_lead_time(scenario: Scenario, lead: Quantity, path: str) -> Iterator[Fault]:
    if lead.value >= scenario.days:
        problem = (
            f"the lead time of {format_count(f'{lead.value:g}', 'day')} is no shorter than the run of "
            f"{format_count(scenario.days, 'day')}:"
            " nothing is delivered"
        )
        yield Fault(problem, lead.where, f"{path}.lead_time")


def _lint_percentages(scenario: Scenario) -> Iterator[Fault]:
    """Yield numbers that look like a percentage without the sign: 20 for 20%."""
    for listed in list_numbers(scenario):
        quantity = listed.quantity
        found = CV.search(quantity.written)
        variation = _number(found[1]) if found else 0.0
        if variation > HIGH_VARIATION:
            problem = f"a cv of {variation:g} is {variation:,.0%} of the mean; 20% is 0.2"
            yield Fault(problem, quantity.where, quantity.path)
        if listed.dimension is FACTOR and quantity.value > LARGEST_FACTOR:
            problem = f"a factor of {quantity.value:g} is {quantity.value:,.0%}; 160% is 1.6"
            yield Fault(problem, quantity.where, quantity.path)


def _lint_thousands(scenario: Scenario) -> Iterator[Fault]:
    """Yield counts with three decimals that look like grouped thousands: 10.000 for ten thousand."""
    for listed in list_numbers(scenario):
        quantity = listed.quantity
        if quantity.unit in _COUNTED and THOUSANDS.fullmatch(quantity.written):
            problem = (
                f"{quantity.written} is {quantity.value:,.6g} {quantity.unit}: the point is a decimal point"
            )
            allowed = f"{quantity.written.replace('.', '', 1)} for thousands, or fewer decimals"
            yield Fault(problem, quantity.where, quantity.path, allowed)


def _lint_ages(scenario: Scenario) -> Iterator[Fault]:
    """Yield opening stocks of which a part is past its shelf life at the start."""
    for name, depot in scenario.depots.items():
        for munition, age in depot.age.items():
            life = scenario.munition_parts[munition].shelf_life
            gone = share_expired_on_first_day(scenario, depot, munition)
            if life is None or gone == 0.0:
                continue
            oldest = max(days for days, _ in parts_of_age(age))
            if oldest >= life.bounds()[1] or gone > SHARE_OF_A_MONTH:
                problem = (
                    f"{gone:.1%} of the stock of {munition} is past its shelf life, {life.written}, at the"
                    " start: it expires on the first day"
                )
                yield Fault(problem, age.where, f"depots.{name}.age")


def _number(text: str) -> float:
    try:
        return parse(text).value
    except UnitError:
        return 0.0


def _lint_courses(scenario: Scenario) -> Iterator[Fault]:
    """Yield course values that take effect after the end of the run."""
    last = scenario.end - dt.timedelta(days=1)
    for course in _courses(scenario):
        points = [(date, quantity) for date, quantity in course.points if isinstance(date, dt.date)]
        for (before, _), (date, quantity) in itertools.pairwise(points):
            # Interpolation uses the next value before its date; a step does not.
            acts_from = before if course.between == "linear" else date
            if date > last and acts_from >= last:
                problem = f"the value of {date} is never reached: the run ends on {last}"
                yield Fault(problem, quantity.where, quantity.path)


def _courses(scenario: Scenario) -> Iterator[Course]:
    for _, parts in scenario.sections():
        yield from (number for number in numbers_in(tuple(parts.values())) if isinstance(number, Course))


def _lint_deliveries(scenario: Scenario, name: str, shipment: Shipment) -> Iterator[Fault]:
    """Yield deliveries that are ignored: after the end, or arrived before the start."""
    coming = {early.date for early in shipment.early(scenario.start)}
    for date, quantity in shipment.deliveries.items():
        if isinstance(date, Quantity):
            continue
        problem = ""
        if date >= scenario.end:
            problem = f"the run ends before the delivery of {date}: it never leaves"
        elif date < scenario.start and shipment.route:
            problem = (
                f"the delivery of {date} is before the start, when all vehicles wait empty: it is left out;"
                " what of it is on its way then can be a delivery of the first day"
            )
        elif date < scenario.start and date not in coming:
            problem = (
                f"the delivery of {date} arrives before the start: it is part of the stock, and left out"
            )
        elif not _is_open(scenario, shipment, date):
            problem = f"the delivery of {date} is outside first and until: it never leaves"
        if problem:
            yield Fault(problem, quantity.where, f"shipments.{name}.deliveries.{date}")


def _is_open(scenario: Scenario, shipment: Shipment, date: dt.date) -> bool:
    """Return whether a date is between the medians of `first` and `until` (rule 25)."""
    day, opens = (date - scenario.start).days, _opening_day(scenario, shipment)
    return opens <= day < _last_day(scenario, shipment, max(0.0, opens))


def _opening_day(scenario: Scenario, shipment: Shipment) -> float:
    """Return the first day of loading, at the median of `first`; negative infinity without one."""
    first = shipment.first
    if first is None:
        return -math.inf
    return _median_day(scenario, first) if first.unit is Unit.DATE else first.value


def _last_day(scenario: Scenario, shipment: Shipment, opens: float) -> float:
    """Return the exclusive last day of loading, at the median of `until`."""
    until = shipment.until
    if until is None:
        return float(scenario.days)
    return _median_day(scenario, until) if until.unit is Unit.DATE else opens + until.value


def _median_day(scenario: Scenario, day: Day) -> float:
    """Return a day at the medians, in days from the start (rule 35)."""
    if isinstance(day, dt.date):
        return float((day - scenario.start).days)
    base = (
        _median_day(scenario, scenario.day_of_event(day.after)) if day.after else -scenario.start.toordinal()
    )
    return base + day.value


def _lint_events(scenario: Scenario) -> Iterator[Fault]:
    for name, event in scenario.events.items():
        begins = event.reference_day()
        if begins is None or event.is_reference():
            continue
        first = _median_day(scenario, begins)
        over = first + 1 if event.date else _median_day(scenario, event.until or scenario.end)
        if first >= scenario.days or over <= 0:
            key = "date" if event.date else "from"
            where = find_node(scenario.tree, ["events", name, key])[0].where
            at = "" if isinstance(begins, dt.date) else " at the medians"
            problem = f"the event falls outside the run{at}: nothing happens"
            yield Fault(problem, where, f"events.{name}.{key}")


def _lint_late_events(scenario: Scenario) -> Iterator[Fault]:
    """Yield events after the end, in some runs or in all, from which other dates count."""
    counted_from = events_counted_from(scenario)
    for name, event in scenario.events.items():
        day = event.reference_day()
        if name not in counted_from or day is None:
            continue
        if event.effects() and _median_day(scenario, day) >= scenario.days:
            # `_lint_events` reports it.
            continue
        share = _share_after_end(scenario, day)
        if share == 0.0:
            continue
        # One warning is enough for dates that count from each other.
        if (
            isinstance(day, Quantity)
            and day.after
            and _share_after_end(scenario, scenario.day_of_event(day.after))
        ):
            continue
        runs = "in every run" if share == 1.0 else f"in about {share:.1%} of the runs"
        problem = f"the event is after the end of the run {runs}, and other dates count from it"
        key = "date" if event.date else "from"
        where = find_node(scenario.tree, ["events", name, key])[0].where
        yield Fault(problem, where, f"events.{name}.{key}", "an earlier date, or a later end")


def _share_after_end(scenario: Scenario, day: Day) -> float:
    """Return the share of equally likely days that are not before the end."""
    days = _likely_days(scenario, day)
    return sum(each >= scenario.days for each in days) / len(days)


def _likely_days(scenario: Scenario, day: Day) -> Sequence[float]:
    """Return equally likely values of a day, in days from the start (rule 35)."""
    if isinstance(day, dt.date):
        return [float((day - scenario.start).days)]
    draws = scenario.draws
    own: Sequence[float]
    if draws is not None and day.path in draws:
        own = draws.column(day.path)
    elif day.law is None:
        own = [day.value]
    else:
        own = [day.law.inverse((place + 0.5) / LIKELY_DAYS) for place in range(LIKELY_DAYS)]
    if not day.after:
        return [each - scenario.start.toordinal() for each in own]
    base = _likely_days(scenario, scenario.day_of_event(day.after))
    sums = sorted(one + other for one in base for other in own)
    return sums[len(sums) // LIKELY_DAYS // 2 :: max(1, len(sums) // LIKELY_DAYS)]


def _lint_shipment(scenario: Scenario, name: str, shipment: Shipment) -> Iterator[Fault]:
    path = f"shipments.{name}"
    yield from _lint_deliveries(scenario, name, shipment)
    first, way = max(0.0, _opening_day(scenario, shipment)), shipment.median_days()
    found, _ = find_node(scenario.tree, ["shipments", name])
    at = found.named if isinstance(found, MapNode) else found.where
    if first >= scenario.days:
        where = shipment.first.where if shipment.first is not None else at
        yield Fault("loading begins after the run is over: nothing lands", where, f"{path}.first")
    elif shipment.until is not None and _last_day(scenario, shipment, first) <= 0:
        problem = "loading ends before the run begins: nothing lands"
        yield Fault(problem, shipment.until.where, f"{path}.until")
    elif shipment.until is not None and _last_day(scenario, shipment, first) <= first:
        problem = "loading ends before it begins: nothing lands"
        yield Fault(problem, shipment.until.where, f"{path}.until")
    elif first + way >= scenario.days and not _has_early_arrival(scenario, shipment, way):
        problem = (
            f"the way takes {way:.1f} days at the medians and begins on day {first:.0f}:"
            f" nothing lands in the run of {format_count(scenario.days, 'day')}"
        )
        yield Fault(problem, at, f"{path}.{'route' if shipment.route else 'lead_time'}")
    boxed = shipment.shells_per_container
    if boxed and not shipment.counts_containers():
        problem = "nothing here is counted in containers: what comes is counted in shells"
        yield Fault(problem, at, f"{path}.shells_per_container")
    reserve = shipment.reserve
    if (
        reserve is not None
        and reserve.production is None
        and reserve.stock.value <= _shells_loaded_before(shipment, way)
    ):
        problem = (
            f"at the medians the reserve of {reserve.stock.value:,.0f} shells is gone before the first"
            f" landing, {way:.1f} days after loading begins"
        )
        yield Fault(problem, reserve.stock.where, f"{path}.reserve")


def _has_early_arrival(scenario: Scenario, shipment: Shipment, lead: float) -> bool:
    """Return whether what is in transit at the start arrives before the end, at the median."""
    if shipment.under_way is not None:
        return True
    return any(early.day + lead < scenario.days for early in shipment.early(scenario.start))


def _shells_loaded_before(shipment: Shipment, days: float) -> float:
    """Return the shells that the first leg loads in `days`, at the medians."""
    if not shipment.route or shipment.offered is not None or shipment.deliveries:
        return 0.0  # bounded by the offer or the deliveries, not by vehicles
    leg = shipment.route[0]
    shells_each = 1.0
    if leg.capacity.unit is Unit.CONTAINERS:
        loads = shipment.shells_per_container
        mix = {munition: share.value for munition, share in shipment.mix.items()} or dict.fromkeys(loads, 1.0)
        shells_each = sum(
            share * loads[munition].value for munition, share in mix.items() if munition in loads
        )
    return _loads(leg, days) * leg.capacity.value * shells_each


def _loads(leg: Leg, days: float) -> float:
    cycle = leg.load.value + 2 * leg.travel.value + leg.unload.value
    voyages = days // cycle + 1 if cycle > 0 else 1
    by_fleet = float("inf") if leg.vehicles is None else leg.vehicles * voyages
    if leg.berths is None or leg.load.value <= 0:
        return by_fleet
    return min(by_fleet, leg.berths * (days // leg.load.value + 1))
