"""``--set`` and ``replace``: one path, one value, and everything else as it was."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.scenario.loader import load_file, load_plain
from sim.scenario.quantity import Course, Quantity
from sim.scenario.scenario import Scenario

PLAIN: dict[str, Any] = {
    "schema": 1,
    "start": dt.date(2023, 9, 1),
    "end": "2024-09-01",
    "thresholds": [30, 15],
    "depots": {"store": {"stock": {"low": "3M", "high": "5M", "source": "a"}}},
    "production": {
        "plant": {"rate": {"value": "2.5M/year", "source": "b", "note": "as published"}},
        "mill": {
            "rate": {"value": {"by_date": {"2024-01-01": "1k/day", "2024-02-01": "2k/day"}}, "source": "c"}
        },
    },
    "shipments": {
        "ally": {
            "shells_per_container": 300,
            "route": [
                {"vehicles": 2, "capacity": "10 containers", "travel": "3 days"},
                {"capacity": "10 containers", "travel": "5 days"},
            ],
        }
    },
    "consumption": {"front": {"rate": "60k/day"}},
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_plain(PLAIN, {"a", "b", "c"})


def rate(scenario: Scenario, line: str) -> Quantity:
    number = scenario.production[line].rate["shells"]
    assert isinstance(number, Quantity)
    return number


def faults(scenario: Scenario, changes: dict[str, Any]) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        scenario.replace(changes)
    return [str(fault) for fault in caught.value.faults]


def test_a_number_is_replaced_with_its_source_and_note(scenario: Scenario) -> None:
    made = rate(scenario.replace({"production.plant.rate": "3M/year"}), "plant")
    assert (made.value, made.sources, made.note) == (3e6 / 365.25, (), "")
    assert made.path == "production.plant.rate"
    before = rate(scenario, "plant")
    assert (before.value, before.sources, before.note) == (2.5e6 / 365.25, ("b",), "as published")


def test_a_new_source_comes_with_the_value(scenario: Scenario) -> None:
    cited = {"value": "3M/year", "source": "c"}
    assert rate(scenario.replace({"production.plant.rate": cited}), "plant").sources == ("c",)
    cited["source"] = "zz"
    (fault,) = faults(scenario, {"production.plant.rate": cited})
    assert "unknown source 'zz'" in fault


def test_one_end_of_a_distribution_changes_and_its_source_stays(scenario: Scenario) -> None:
    stock = scenario.replace({"depots.store.stock.high": "9M"}).depots["store"].stock["shells"]
    assert stock.bounds() == (3e6, 9e6)
    assert stock.sources == ("a",)


def test_an_item_of_a_list_is_reached_by_its_number(scenario: Scenario) -> None:
    made = scenario.replace({"shipments.ally.route.1.travel": "9 days", "thresholds.0": 45})
    assert [leg.travel.value for leg in made.shipments["ally"].route] == [3, 9]
    assert made.thresholds == (45.0, 15.0)
    for path, allowed in [
        ("route.2.travel", "0 to 1"),
        ("route.x.travel", "0 to 1"),
        ("route.\u0661.travel", "0 to 1"),
    ]:
        (fault,) = faults(scenario, {f"shipments.ally.{path}": "1 day"})
        assert "there is no item" in fault
        assert allowed in fault


def test_a_point_of_a_course_has_a_path_that_does_not_name_value(scenario: Scenario) -> None:
    path = "production.mill.rate.by_date.2024-02-01"
    course = scenario.replace({path: "7k/day"}).production["mill"].rate["shells"]
    assert isinstance(course, Course)
    assert [number.value for _, number in course.points] == [1000, 7000]
    assert [number.path for _, number in course.points][1] == path
    assert course.sources == ("c",)


def test_none_removes(scenario: Scenario) -> None:
    made = scenario.replace({"shipments": None, "production.mill": None})
    assert made.shipments == {}
    assert list(made.production) == ["plant"]
    (fault,) = faults(scenario, {"production.plnat": None})
    assert "null removes nothing" in fault
    assert "did you mean 'plant'?" in fault
    assert "'rate' is required" in faults(scenario, {"production.plant.rate": None})[0]


def test_the_last_step_may_be_new_and_every_other_must_be_there(scenario: Scenario) -> None:
    made = scenario.replace({"production.works": {"rate": "1k/day"}, "production.plant.lead_time": "3 days"})
    assert list(made.production) == ["mill", "plant", "works"]
    assert made.production["plant"].lead_time.value == 3
    for path, near in [("production.plnat.rate", "plant"), ("prodution.plant.rate", "production")]:
        (fault,) = faults(scenario, {path: "1k/day"})
        assert "no such path" in fault
        assert f"did you mean {near!r}?" in fault


@pytest.mark.parametrize(
    "path", ["", ".", "production.", ".production", "production..rate", "title.x", "end.0"]
)
def test_a_path_that_leads_nowhere_is_an_error(scenario: Scenario, path: str) -> None:
    assert len(faults(scenario, {path: "1"})) == 1


def test_every_fault_of_several_is_told(scenario: Scenario) -> None:
    told = faults(scenario, {"ned": "x", "production.plant.rate": 80, "end": "2022-01-01", "a.b.c": 1})
    assert len(told) == 4


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3_000_000, 3e6),
        (3e6, 3e6),
        (np.float64(3e6), 3e6),
        (np.int64(3_000_000), 3e6),
        ("3M", 3e6),
        ("3e6 shells", 3e6),
        (0, 0.0),
        (1e-7, 1e-7),
        (1 / 3, 1 / 3),
    ],
)
def test_python_numbers_are_taken_to_the_last_bit(scenario: Scenario, value: Any, number: float) -> None:
    assert scenario.replace({"depots.store.stock": value}).depots["store"].stock["shells"].value == number


NO_NUMBERS: dict[str, Any] = {
    "a truth": True,
    "not a number": float("nan"),
    "infinite": float("inf"),
    "negative": -1,
    "of 5,000 digits": 10**5000,
    "bytes": b"3M",
    "an object": object(),
    "a truth inside": {"low": True, "high": 1},
    "a key of another kind": {None: 1},
    "a list": [1],
    "an array": np.ones(2),
    "of 5,000 digits as a key": {10**5000: 1},
}


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_is_no_number_is_an_error_in_python_too(scenario: Scenario, name: str) -> None:
    (fault,) = faults(scenario, {"depots.store.stock": NO_NUMBERS[name]})
    assert fault.startswith("<replace>:1:1: depots.store.stock")


@pytest.mark.parametrize(("key", "kind"), [(None, "NoneType"), (True, "bool"), (b"a", "bytes")])
def test_a_key_is_text_a_date_or_a_number(scenario: Scenario, key: object, kind: str) -> None:
    (fault,) = faults(scenario, {"depots.store": {"stock": "3M", key: 1}})
    assert kind in fault
    assert "unknown key" not in fault


def test_what_cannot_be_written_is_refused(scenario: Scenario) -> None:
    loop: dict[str, Any] = {}
    loop["value"] = loop
    for value in ("a\x00b", "a\ud800b", "\x1b[31m", loop):
        assert len(faults(scenario, {"title": value})) == 1
    (fault,) = faults(scenario, {"thresholds": {1: 2, "1": 3}})
    assert "again" in fault


def test_the_command_line_reads_values_as_the_file_does(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(load_plain(PLAIN, None).text())
    settings = [
        "production.plant.rate={low: 1M/year, high: 2M/year}",
        "title=2024: a year",
        "end = 2025-01-01",
        "shipments=null",
        "consumption.front.rate=1/day",
        "consumption.front.rate=2/day",
    ]
    with pytest.raises(ScenarioError, match="title"):
        load_file(tmp_path / "a.yaml", None, settings)
    settings[1] = "title='2024: a year'"
    made = load_file(tmp_path / "a.yaml", None, settings)
    assert made.title == "2024: a year"
    assert made.end == dt.date(2025, 1, 1)
    assert made.shipments == {}
    assert rate(made, "plant").bounds() == (1e6 / 365.25, 2e6 / 365.25)
    number = made.consumption["front"].rate["shells"]
    assert isinstance(number, Quantity)
    assert number.value == 2
    assert number.where is not None
    assert str(number.where) == "--set consumption.front.rate:1:1"


def test_replacing_keeps_what_was_read(scenario: Scenario) -> None:
    again = scenario.replace({"title": "x"}).replace({"title": scenario.title})
    assert again.account_digest() == scenario.account_digest()
    assert again.known_sources == scenario.known_sources
    assert scenario.replace({}).text() == scenario.text()
