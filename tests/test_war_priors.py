"""The war as prior inputs: medians follow from the claims by the rule of the docs, and nothing is later."""

from __future__ import annotations

import bisect
import datetime as dt
import math
import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

import sim
from sim.auditing import Bound, Match, find_hindsight, match
from sim.auditing.hindsight import HindsightKind
from sim.evidence import load
from sim.observables import Flow, Level, Measure, Window
from sim.scenario.quantity import Course, Quantity
from sim.scenario.scenario import Scenario
from tests.support.scenario_builder import ScenarioBuilder

AS_OF = {"war-2023-10": dt.date(2023, 10, 17), "war-2024-06": dt.date(2024, 6, 30)}
#: Half-width of nine tenths of a normal distribution, in standard deviations.
NINETY = 1.6448536
#: "At least seven million" of 2023; RUSI published it as a plain figure too.
SAMPLE = 500
SEVEN_MILLION = "cons-2023-watling-7m"


def war(name: str) -> Scenario:
    return sim.load(f"scenarios/{name}.yaml")


def course(scenario: Scenario) -> Course:
    number = scenario.consumption["front"].rate["shells"]
    assert isinstance(number, Course)
    return number


def fixed_dates(number: Course) -> list[dt.date]:
    return [date for date, _ in number.points if isinstance(date, dt.date)]


def phases(scenario: Scenario, as_of: dt.date) -> Iterator[tuple[Window, float]]:
    """Yield the phases that began by a date, with the median of their fire. The last ends with the month."""
    points = course(scenario).points
    dates = fixed_dates(course(scenario))
    for position, (_, quantity) in enumerate(points):
        first = dates[position]
        if first <= as_of:
            following = dates[position + 1] if position + 1 < len(points) else dt.date(2023, 11, 1)
            yield Window(first, following - dt.timedelta(days=1)), quantity.value


def claims_of_fire(scenario: Scenario, as_of: dt.date) -> list[tuple[Match, Flow, float]]:
    """Return the claims of fire that are no bounds, each with its rate over the factor of its family."""
    found = []
    for row in match(load(), scenario, as_of=as_of).matched:
        observable = row.observable
        is_bound = row.bound in (Bound.AT_LEAST, Bound.AT_MOST) and row.estimate.id != SEVEN_MILLION
        if row.estimate.quantity == "consumption_rate" and not is_bound:
            assert isinstance(observable, Flow)
            assert row.family is not None
            days = observable.window.days if observable.measure is Measure.AMOUNT else 1
            found.append((row, observable, row.middle / days / row.family.median))
    return found


def is_on(window: Window, phase: Window) -> bool:
    shared = (min(window.last, phase.last) - max(window.first, phase.first)).days + 1
    return shared >= 0.5 * min(window.days, phase.days)


def geometric_mean(values: list[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


@pytest.mark.parametrize("name", AS_OF)
def test_the_median_of_a_phase_is_the_mean_of_the_families(name: str) -> None:
    scenario, as_of = war(name), AS_OF[name]
    claims = claims_of_fire(scenario, as_of)
    found = list(phases(scenario, as_of))
    assert len(found) == {"war-2023-10": 6, "war-2024-06": 7}[name]
    for phase, median in found:
        by_family: dict[str, list[float]] = defaultdict(list)
        for row, observable, rate in claims:
            if is_on(observable.window, phase):
                by_family[row.estimate.family].append(rate)
        mean = geometric_mean([geometric_mean(rates) for rates in by_family.values()])
        assert median == float(f"{mean:.2g}"), phase


@pytest.mark.parametrize("name", AS_OF)
def test_the_prior_of_each_phase_holds_the_central_claims_on_it(name: str) -> None:
    scenario, as_of = war(name), AS_OF[name]
    level = scenario.events["fire_level"].factor
    assert level is not None
    assert level.law is not None
    factor_spread = math.log(level.law.inverse(0.95)) / NINETY
    points = course(scenario).points
    phase_laws = dict(zip(phases(scenario, as_of), points, strict=False))
    for row, observable, rate in claims_of_fire(scenario, as_of):
        for (phase, median), (_, quantity) in phase_laws.items():
            if not is_on(observable.window, phase):
                continue
            assert quantity.law is not None
            assert row.family is not None
            phase_spread = math.log(quantity.law.inverse(0.95) / median) / NINETY
            spread = math.hypot(factor_spread, phase_spread, row.family.spread)
            assert abs(math.log(rate / median)) < 2.6 * spread, (row.estimate.id, phase)


def draws(number: Quantity, uniforms: Iterator[float]) -> list[float]:
    return [number.at(next(uniforms)) for _ in range(SAMPLE)]


def means_of_course(number: Course, window: Window, uniforms: Iterator[float]) -> list[float]:
    """Return samples of the mean of a course over a window, day by day."""
    columns = [draws(quantity, uniforms) for _, quantity in number.points]
    dates = fixed_dates(number)
    weights = [0.0] * len(dates)
    for day in range(window.days):
        date = window.first + dt.timedelta(days=day)
        place = max(0, bisect.bisect_right(dates, date) - 1)
        following = min(place + 1, len(dates) - 1)
        share = 0.0
        if number.between == "linear" and following > place:
            share = (date - dates[place]) / (dates[following] - dates[place])
        weights[place] += (1.0 - share) / window.days
        weights[following] += share / window.days
    return [sum(map(math.prod, zip(weights, row, strict=True))) for row in zip(*columns, strict=True)]


def holds(samples: list[float], row: Match) -> bool:
    """Return whether a claim is in the central 99 % of a prior times the counting factor of its family."""
    assert row.family is not None
    logs = [math.log(sample) for sample in samples if sample > 0.0]
    middle = statistics.fmean(logs) + math.log(row.family.median)
    spread = math.hypot(statistics.stdev(logs), row.family.spread)
    distance = math.log(row.middle) - middle
    if row.bound is Bound.AT_MOST:
        distance = min(0.0, distance)
    elif row.bound is Bound.AT_LEAST:
        distance = max(0.0, distance)
    return abs(distance) < 2.58 * spread


@pytest.mark.parametrize("name", AS_OF)
def test_the_priors_hold_the_claims_on_output_containers_and_the_stock_before_the_war(name: str) -> None:
    scenario, generator = war(name), random.Random(7)
    uniforms = iter(lambda: min(max(generator.random(), 1e-9), 1 - 1e-9), None)
    line = scenario.production["industry"].rate["shells"]
    workshop, offered = scenario.refurbishment["workshops"], scenario.shipments["dprk"].offered
    assert isinstance(line, Course)
    assert isinstance(workshop.rate, Course)
    assert isinstance(offered, Course)
    shares = draws(workshop.yield_["shells"], uniforms)
    first_fire = draws(course(scenario).points[0][1], uniforms)
    level = scenario.events["fire_level"].factor
    assert level is not None
    levels = draws(level, uniforms)
    stock = draws(scenario.depots["russia"].stock["shells"], uniforms)
    seen = Counter[str]()
    for row in match(load(), scenario, as_of=AS_OF[name]).matched:
        quantity, observable = row.estimate.quantity, row.observable
        if quantity == "production_rate" and isinstance(observable, Flow):
            new = means_of_course(line, observable.window, uniforms)
            old = means_of_course(workshop.rate, observable.window, uniforms)
            samples = [a + b * share for a, b, share in zip(new, old, shares, strict=True)]
        elif quantity == "shipments_cumulative_containers":
            assert row.estimate.period_end is not None
            window = Window(scenario.start, row.estimate.period_end)
            samples = [mean * window.days for mean in means_of_course(offered, window, uniforms)]
        elif isinstance(observable, Level) and observable.date == scenario.start:
            samples = list(map(math.prod, zip(stock, first_fire, levels, strict=True)))
        else:
            continue
        seen[quantity] += 1
        assert holds(samples, row), row.estimate.id
    assert (
        seen
        == {
            "war-2023-10": {"production_rate": 4, "shipments_cumulative_containers": 1, "stock": 2},
            "war-2024-06": {"production_rate": 11, "shipments_cumulative_containers": 8, "stock": 2},
        }[name]
    )


@pytest.mark.parametrize("name", AS_OF)
def test_stock_and_fire_are_drawn_together(name: str) -> None:
    scenario = war(name).replace({"end": "2022-03-10"})
    drawn = sim.run(scenario, runs=60, seed=5, engine="simpy").outcomes
    opening = sim.run(scenario, runs=60, seed=5, engine="simpy").daily
    first = opening[(opening["date"] == "2022-02-24") & (opening["kind"].isin(["level", "fired"]))]
    stock = first.groupby("run")["quantity"].sum()
    fire = drawn["events.fire_level.factor"] * drawn["consumption.front.rate.by_date.2022-02-24"]
    days = drawn["depots.russia.stock"]
    # What else came in on the first day is less than a thousandth of the stock.
    assert stock.to_numpy() == pytest.approx((days * fire).to_numpy(), rel=5e-3)


# No hindsight


@pytest.mark.parametrize("name", AS_OF)
def test_nothing_in_the_war_was_published_after_its_date(name: str) -> None:
    assert find_hindsight(war(name), load(), AS_OF[name]) == ()


def test_what_the_war_of_june_has_more_than_that_of_october_is_hindsight_in_october() -> None:
    found = find_hindsight(war("war-2024-06"), load(), AS_OF["war-2023-10"])
    names = {each.name for each in found}
    assert {"dud-2024-02-hur-half", "prod-2023-hur-2m", "dprk-cont-2024-06-14-10000"} <= names
    assert {each.kind for each in found} == {HindsightKind.SOURCE, HindsightKind.PHASE}
    late = next(each for each in found if each.name == "dud-2024-02-hur-half")
    assert (late.path, late.date) == ("shipments.dprk.serviceable", dt.date(2024, 2, 26))
    assert late.sentence == "the source dud-2024-02-hur-half was published on 2024-02-26"
    assert late.where is not None
    assert late.where.file.endswith("war-2024-06.yaml")


def test_sources_events_and_phases_that_are_later_are_named(desk: ScenarioBuilder) -> None:
    cited = {"value": 1000, "source": ["log-teu-gross-29t", "stock-2023-10-kiviselg-4m", PAGE, UNDATED]}
    scenario = sim.simulate.as_scenario(
        desk.plain(
            30,
            cited,
            events={
                "fire": {"date": "2023-09-20", "destroys": "5%"},
                "known": {"from": "2023-09-20", "multiplies": "consumption.front.rate", "factor": KNOWN},
                "early": {"date": "2023-09-02", "destroys": "5%"},
                "random": {"every": "90 days", "destroys": "5%"},
            },
            consumption={"front": {"rate": {"by_date": RATES}}},
        )
    )
    found = find_hindsight(scenario, load(), dt.date(2023, 9, 13))
    assert [(each.kind, each.name, each.sentence.split(" ", 3)[3]) for each in found] == [
        ("phase", "2023-09-14", "is of 2023-09-14, and has no source"),
        ("source", "https://example.org/late", "was published on 2023-09-14"),
        ("source", "https://example.org/undated", "has no date of publication"),
        ("source", "log-teu-gross-29t", "has no date of publication"),
        ("source", "stock-2023-10-kiviselg-4m", "was published on 2023-10-27"),
        ("event", "fire", "is of 2023-09-20, and has no source"),
    ]


PAGE = {"url": "https://example.org/late", "published": "2023-09-14"}
UNDATED = {"url": "https://example.org/undated"}
KNOWN = {"value": 2, "source": "prod-2023-seed-2p5m"}
RATES = {
    "2023-09-01": "1/day",
    "2023-09-13": "2/day",
    "2023-09-14": "3/day",
    "2023-09-15": {"value": "4/day", "source": "prod-2023-seed-2p5m"},
}
