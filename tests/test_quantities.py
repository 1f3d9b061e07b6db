"""Numbers of a scenario: every distribution and course, in base units worked out by hand or by scipy."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from scipy import stats

from sim.errors import ScenarioError
from sim.scenario.loader import load_plain
from sim.scenario.number_listing import is_uncertain, list_numbers
from sim.scenario.quantity import Course, Quantity
from sim.scenario.scenario import Scenario
from sim.units import Unit

YEAR = 365.25
SHARES = [0.001, 0.05, 0.25, 0.5, 0.8, 0.95, 0.999]


def scenario(*, stock: Any = 0, **line: Any) -> Scenario:
    """Return a scenario with one depot; settings of one production line where they are given."""
    plain: dict[str, Any] = {
        "schema": 1,
        "start": "2023-09-01",
        "end": "2024-09-01",
        "depots": {"store": {"stock": stock}},
        "consumption": {"front": {"rate": "1/day"}},
    }
    if line:
        plain["production"] = {"plant": {"rate": "1/day", **line}}
    return load_plain(plain, None)


def shipment(**settings: Any) -> Scenario:
    leg = {"vehicles": 1, "capacity": "300 containers", "travel": "16 days"}
    plain = {
        "schema": 1,
        "start": "2023-09-01",
        "end": "2024-09-01",
        "depots": {"store": {"stock": 0}},
        "shipments": {"ally": {"route": [leg], "shells_per_container": 300, **settings}},
    }
    return load_plain(plain, None)


def stock(given: Any) -> Quantity:
    return scenario(stock=given).depots["store"].stock["shells"]


def rate(given: Any) -> Quantity:
    number = scenario(rate=given).production["plant"].rate["shells"]
    assert isinstance(number, Quantity)
    return number


def share(given: Any) -> Quantity:
    return shipment(serviceable=given).shipments["ally"].serviceable["shells"]


def first(given: Any) -> Quantity:
    number = shipment(first=given).shipments["ally"].first
    assert number is not None
    return number


def fault(make: Any, given: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        make(given)
    (only,) = caught.value.faults
    return str(only)


@pytest.mark.parametrize(
    ("make", "given", "value", "unit"),
    [
        (stock, "4M", 4e6, Unit.SHELLS),
        (stock, "2.3M rounds", 2_300_000, Unit.SHELLS),
        (stock, 250000, 250_000, Unit.SHELLS),
        (stock, "60 days", 60, Unit.DAYS),
        (stock, "2 weeks", 14, Unit.DAYS),
        (rate, "2.5M/year", 2.5e6 / YEAR, Unit.SHELLS_A_DAY),
        (rate, "300k shells/month", 300e3 / (YEAR / 12), Unit.SHELLS_A_DAY),
        (rate, "70/week", 10, Unit.SHELLS_A_DAY),
        (rate, "2.5k/h", 60_000, Unit.SHELLS_A_DAY),
        (rate, "1/s", 86_400, Unit.SHELLS_A_DAY),
        (share, "70%", 0.7, Unit.SHARE),
        (share, 0.7, 0.7, Unit.SHARE),
        (share, 1, 1.0, Unit.SHARE),
        (first, "2023-09-11", dt.date(2023, 9, 11).toordinal(), Unit.DATE),
        (first, "36 h", 1.5, Unit.DAYS),
        (first, dt.date(2024, 2, 29), dt.date(2024, 2, 29).toordinal(), Unit.DATE),
    ],
)
def test_a_fixed_number_is_in_base_units(make: Any, given: Any, value: float, unit: Unit) -> None:
    number = make(given)
    assert (number.value, number.unit, number.law) == (value, unit, None)
    assert number.bounds() == (value, value)


#: In the words of a file, and as scipy has it, in base units; all of them stocks.
LAWS: dict[str, tuple[dict[str, Any], Any]] = {
    "uniform": ({"low": "3M", "high": "7M"}, stats.uniform(3e6, 4e6)),
    "triangular": ({"low": "3M", "mode": "4M", "high": "7M"}, stats.triang(0.25, 3e6, 4e6)),
    "normal": ({"mean": "4M", "sd": "1M"}, stats.truncnorm(-4, math.inf, 4e6, 1e6)),
    "normal near zero": ({"mean": "1M", "sd": "2M"}, stats.truncnorm(-0.5, math.inf, 1e6, 2e6)),
    "lognormal by mean": (
        {"mean": "4M", "cv": 0.5},
        stats.lognorm(math.sqrt(math.log(1.25)), scale=4e6 / math.sqrt(1.25)),
    ),
    "lognormal by median": (
        {"median": "4M", "p95": "9M"},
        stats.lognorm(math.log(9 / 4) / stats.norm.ppf(0.95), scale=4e6),
    ),
    "exponential": ({"exponential": "4M"}, stats.expon(scale=4e6)),
}


@pytest.mark.parametrize("name", LAWS)
def test_a_distribution_is_the_law_of_its_name(name: str) -> None:
    given, law = LAWS[name]
    drawn = stock(given)
    assert drawn.unit is Unit.SHELLS
    for u in SHARES:
        assert drawn.at(u) == pytest.approx(law.ppf(u), rel=1e-9)
    assert drawn.value == pytest.approx(law.median(), rel=1e-9)


@pytest.mark.parametrize("name", LAWS)
def test_a_distribution_of_rates_is_the_same_law_a_day(name: str) -> None:
    given, law = LAWS[name]
    by_the_year = {key: f"{value}/year" if key != "cv" else value for key, value in given.items()}
    for u in SHARES:
        assert rate(by_the_year).at(u) == pytest.approx(law.ppf(u) / YEAR, rel=1e-9)


def test_the_median_of_the_brief_by_hand() -> None:
    """A triangle 3, 4, 7: half of it is above 7 - sqrt(0.5 x 4 x 3) = 4.5505."""
    assert stock({"low": "3M", "mode": "4M", "high": "7M"}).value == pytest.approx(4_550_510, abs=1)


def test_units_may_differ_within_a_distribution_if_they_measure_the_same() -> None:
    travel = shipment(first={"low": "12 h", "mode": "1 day", "high": "1 week"}).shipments["ally"].first
    assert travel is not None
    assert travel.bounds() == (0.5, 7)
    assert "differ in unit: days and shells" in fault(stock, {"low": "3M", "high": "60 days"})


def test_a_share_is_conditioned_on_zero_to_one() -> None:
    law = stats.truncnorm(-0.9 / 0.2, 0.1 / 0.2, 0.9, 0.2)
    drawn = share({"mean": "90%", "sd": "20%"})
    assert drawn.bounds() == (0.0, 1.0)
    for u in SHARES:
        assert drawn.at(u) == pytest.approx(law.ppf(u), rel=1e-9)
    for given in ({"median": "80%", "p95": "99%"}, {"mean": 0.5, "cv": 1}, {"exponential": "90%"}):
        assert all(0 <= share(given).at(u) <= 1 for u in SHARES)


def test_a_growth_may_be_a_fall() -> None:
    line = scenario(growth={"mean": "-2%", "sd": "1%"}).production["plant"]
    assert line.growth is not None
    assert line.growth.value == pytest.approx(-0.02, rel=1e-9)
    assert line.growth.at(0.975) == pytest.approx(-0.02 + 0.01 * stats.norm.ppf(0.975), rel=1e-9)
    with pytest.raises(ScenarioError, match="less than a growth"):
        scenario(growth={"mean": "2%", "sd": "-1%"})


@pytest.mark.parametrize(
    ("choices", "wanted"),
    [
        (["3M", "5M"], {0.4: 3e6, 0.5: 3e6, 0.6: 5e6}),
        ({"3M": 1, "5M": 3}, {0.2: 3e6, 0.25: 3e6, 0.3: 5e6, 0.9: 5e6}),
        ({"5M": 3, "3M": 1}, {0.2: 5e6, 0.7: 5e6, 0.8: 3e6}),
        ({"3M": "10%", "5M": "0%", "7M": "90%"}, {0.05: 3e6, 0.15: 7e6}),
        ({3_000_000: 0.5, 5e6: 0.5}, {0.4: 3e6, 0.6: 5e6}),
    ],
)
def test_choices_are_cumulated_in_the_order_of_the_file(choices: Any, wanted: dict[float, float]) -> None:
    drawn = stock({"choices": choices})
    assert {u: drawn.at(u) for u in wanted} == wanted


def test_a_date_can_be_drawn() -> None:
    begin = dt.date(2023, 9, 1).toordinal()
    drawn = first({"low": "2023-09-01", "high": "2023-09-11"})
    assert (drawn.value, drawn.unit) == (begin + 5, Unit.DATE)
    about = first({"mean": "2023-09-11", "sd": "3 days"})
    assert about.at(stats.norm.cdf(1)) == pytest.approx(begin + 13, abs=1e-6)
    assert first({"choices": ["2023-09-01", "2024-01-01"]}).at(0.2) == begin
    assert "no distribution of dates" in fault(first, {"exponential": "2023-09-11"})


@pytest.mark.parametrize(
    "given",
    [
        {"low": "5M", "high": "5M"},
        {"low": "5M", "mode": "5M", "high": "5M"},
        {"mean": "5M", "sd": 0},
        {"mean": "5M", "cv": 0},
        {"median": "5M", "p95": "5M"},
        {"choices": ["5M"]},
    ],
)
def test_a_distribution_without_width_is_its_number(given: Any) -> None:
    assert {stock(given).at(u) for u in SHARES} == {5e6}


def test_keys_of_a_distribution_may_stand_in_any_order_with_a_source_beside() -> None:
    drawn = stock({"note": "counted", "high": "7M", "source": ["a", "b", "a"], "low": "3M", "mode": "4M"})
    assert drawn.bounds() == (3e6, 7e6)
    assert (drawn.sources, drawn.note) == (("a", "b"), "counted")


def test_value_may_hold_a_distribution_or_a_course() -> None:
    drawn = stock({"value": {"low": "3M", "high": "7M", "source": "a"}, "source": "b", "note": "n"})
    assert (drawn.bounds(), drawn.sources, drawn.note) == ((3e6, 7e6), ("a", "b"), "n")
    assert drawn.path == "depots.store.stock"
    given = {"value": {"by_date": {"2024-01-01": "1/day"}}, "source": "a"}
    course = scenario(rate=given).production["plant"].rate["shells"]
    assert isinstance(course, Course)
    assert (course.sources, course.path) == (("a",), "production.plant.rate")


def test_a_course_is_in_order_of_date_whatever_the_order_in_the_file() -> None:
    given = {"by_date": {"2024-06-01": "3/day", "2024-01-01": {"low": "1/day", "high": "2/day"}}}
    course = scenario(rate=given).production["plant"].rate["shells"]
    assert isinstance(course, Course)
    assert course.between == "step"
    assert [date for date, _ in course.points] == [dt.date(2024, 1, 1), dt.date(2024, 6, 1)]
    assert [number.value for _, number in course.points] == [1.5, 3]
    assert [number.path for _, number in course.points] == [
        "production.plant.rate.by_date.2024-01-01",
        "production.plant.rate.by_date.2024-06-01",
    ]
    linear = scenario(rate={**given, "between": "linear"}).production["plant"].rate["shells"]
    assert isinstance(linear, Course)
    assert linear.between == "linear"


def test_courses_that_make_no_sense() -> None:
    points = {"2024-01-01": "1/day"}
    for given, word in [
        ({"by_date": {}}, "not a map of dates"),
        ({"by_date": ["1/day"]}, "not a map of dates"),
        ({"by_date": points, "betwen": "step"}, "did you mean 'between'?"),
        ({"by_date": points, "low": "1/day"}, "unknown key 'low'"),
        ({"by_date": {"2024-01-01": "1/day", "2024-01-01 ": "2/day"}}, "stands here twice"),
        ({"by_date": {"2024-01-01": {"by_date": points}}}, "does not change over time here"),
    ]:
        assert word in fault(rate, given)
    assert "does not change over time here" in fault(stock, {"by_date": {"2024-01-01": "1M"}})


def test_by_munition_is_the_same_as_one_number() -> None:
    assert stock({"shells": "4M"}).value == 4e6
    assert stock({"shells": "4M"}).path == "depots.store.stock.shells"
    assert stock({"shells": {"low": "3M", "high": "5M", "source": "a"}}).sources == ("a",)
    assert "did you mean 'shells'?" in fault(stock, {"shell": "4M"})
    assert "missing" in fault(stock, {})
    course = {"shells": {"by_date": {"2024-01-01": "1/day"}}}
    assert isinstance(scenario(rate=course).production["plant"].rate["shells"], Course)


def test_every_number_of_a_number_is_checked_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        stock({"low": "x", "mode": "-1", "high": "1/day", "source": [{}], "note": []})
    paths = [fault.path.removeprefix("depots.store.stock.") for fault in caught.value.faults]
    assert sorted(paths) == ["high", "low", "mode", "note", "source"]


def test_listing_gives_every_written_number_once_and_no_default() -> None:
    listed = {item.quantity.path: item for item in list_numbers(shipment(first="3 days"))}
    assert list(listed) == [
        "depots.store.stock",
        "shipments.ally.first",
        "shipments.ally.shells_per_container",
        "shipments.ally.route.0.capacity",
        "shipments.ally.route.0.travel",
    ]
    course = {
        "by_date": {"2024-01-01": "1/day", "2024-02-01": {"value": "2/day", "source": "b"}},
        "source": "a",
    }
    points = [item for item in list_numbers(scenario(rate=course)) if item.part == "production.plant"]
    assert [item.key for item in points] == ["production_rate"] * 2
    assert [item.quantity.sources for item in points] == [("a",), ("b", "a")]


def test_what_can_differ_from_run_to_run() -> None:
    assert not is_uncertain(scenario(stock="4M"))
    assert is_uncertain(scenario(stock={"low": "3M", "high": "5M"}))
    assert is_uncertain(scenario(rate={"by_date": {"2024-01-01": {"low": "1/day", "high": "2/day"}}}))
    assert is_uncertain(scenario().replace({"consumption.front.daily_variation": "20%"}))
    assert not is_uncertain(scenario().replace({"consumption.front.daily_variation": 0}))
