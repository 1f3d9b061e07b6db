"""The shipped JSON Schema for editors agrees with the checks."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from sim.scenario import dimension
from sim.scenario.dimension import Dimension
from sim.scenario.loader import load_file
from sim.scenario.number_patterns import scalar_schema, text_pattern
from sim.scenario.schema import scenario_schema
from sim.units import UnitError
from tests.support.invalid_files import BASE, replace_in_base
from tests.support.key_slips import misspelt, removed, units, wrong_types

SCENARIOS = Path(__file__).parent.parent / "scenarios"
SHIPPED = SCENARIOS / "scenario.schema.json"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SHIPPED.read_text("utf-8")))


def plain(text: str) -> Any:
    """Read YAML as an editor does: plain maps and lists, dates as they are written."""
    return as_json(YAML(typ="safe").load(text))


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(as_json(key)): as_json(child) for key, child in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def test_the_shipped_schema_is_the_one_that_the_code_gives() -> None:
    assert SHIPPED.read_text("utf-8") == scenario_schema(), "run: sim schema > scenarios/scenario.schema.json"


def test_it_is_a_schema(validator: Draft202012Validator) -> None:
    Draft202012Validator.check_schema(validator.schema)


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.yaml")), ids=lambda file: file.name)
def test_every_shipped_scenario_holds(validator: Draft202012Validator, file: Path) -> None:
    assert [error.message for error in validator.iter_errors(plain(file.read_text("utf-8")))] == []


RIGHT = {
    "a course": ("{value: 2.5M/year,", "{value: {by_date: {2024-01-01: 1k/day}, between: linear},"),
    "a course of distributions": (
        "{value: 2.5M/year, source: prod-2023-seed-2p5m}",
        "{by_date: {2024-01-01: {low: 1/day, high: 2/day}}}",
    ),
    "by munition": (
        "{value: 60k/day, source: seed-cons-2023-60k}",
        "{shells: {value: 60k/day, source: [a, b]}}",
    ),
    "choices": ("20%", "{choices: {20%: 1, 0.3: 0.5}}"),
    "a lognormal": ("20%", "{mean: 0.2, cv: 50%, note: a guess}"),
    "a date drawn": ("first: 2023-09-01", "first: {low: 2023-09-01, high: 2023-10-01}"),
    "a duration": ("first: 2023-09-01", "first: 30 days"),
    "a plain number": ("capacity: 300 containers", "capacity: 300"),
    "a rule": ("  front:\n", "  front:\n    rationing: {rule: proportional, cover: 9 days}\n"),
    "one's own keys": ("schema: 1\n", "schema: 1\nx-a: [1, {b: null}]\n"),
    "thresholds": ("schema: 1\n", "schema: 1\nthresholds: [30, 7.5]\n"),
    "a growth": ("  russia:\n", "  russia:\n    growth: -0.5%\n    lead_time: 0 h\n"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_holds(validator: Draft202012Validator, tmp_path: Path, name: str) -> None:
    text = replace_in_base(*RIGHT[name])
    assert [error.message for error in validator.iter_errors(plain(text))] == []
    (tmp_path / "right.yaml").write_text(text, "utf-8")
    assert load_file(tmp_path / "right.yaml", None).days == 731


@pytest.mark.parametrize(
    "text",
    [
        "extends: a.yaml\n",
        "extends: a.yaml\nschema: 1\nproduction: null\nshipments: {ally: null, other: {reserve: null}}\n",
        "extends: a.yaml\nconsumption: {front: {rationing: {rule: none}}}\ntitle: ~\n",
        "extends: a.yaml\ndepots: {a: {stock: 5M}}\nx-a: 1\n",
    ],
)
def test_a_file_that_extends_another_may_leave_out_and_remove(
    validator: Draft202012Validator, text: str
) -> None:
    assert [error.message for error in validator.iter_errors(plain(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "extends: a.yaml\nproductoin: {}\n",
        "extends: a.yaml\nproduction: {plant: {ratee: 5/day}}\n",
        "extends: a.yaml\nproduction: {plant: {rate: 5}}\n",
        "extends: ''\n",
        "extends: [a.yaml]\n",
        "schema: 1\n",
        "[]",
    ],
)
def test_a_slip_in_a_file_that_extends_another_is_refused(validator: Draft202012Validator, text: str) -> None:
    assert list(validator.iter_errors(plain(text)))


#: Rules that a schema cannot express: names of evidence, and numbers above zero.
BEYOND = ("is unknown", "is 0", "is 2023-13-01")
REFUSED = [
    mutant
    for mutant in (*misspelt(), *removed(), *wrong_types(), *units())
    if not mutant.name.endswith(BEYOND)
]


@pytest.mark.slow
def test_a_wrong_file_is_refused(validator: Draft202012Validator, subtests: pytest.Subtests) -> None:
    for mutant in REFUSED:
        with subtests.test(mutant.name):
            assert not validator.is_valid(plain(mutant.data.decode()))


def test_enough_of_the_wrong_files_are_refused() -> None:
    assert len(REFUSED) > 200


def test_the_plain_file_holds(validator: Draft202012Validator) -> None:
    assert validator.is_valid(plain(BASE))


DIMENSIONS = [value for value in vars(dimension).values() if isinstance(value, Dimension)]
TEXTS = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", " ", "-"]),
    st.sampled_from(["0", "1", "80", "0.5", "1e6", "2.5E-3", "010", "1,000", "2023-09-01", "x"]),
    st.sampled_from(["", "k", " M", "bn", "  k"]),
    st.sampled_from(
        ["", " shells", "round", " containers", " h", "mins", " day", "s", "%", " % ", " year", " kg"]
    ),
    st.sampled_from(["", "/day", " / month", "/years", "/min", "/hour", "/x", "/%"]),
)


@pytest.mark.parametrize("of", DIMENSIONS, ids=lambda of: of.name)
@given(text=TEXTS)
def test_a_text_that_is_read_matches_its_pattern(of: Dimension, text: str) -> None:
    read = True
    try:
        of.read(text)
    except UnitError:
        read = False
    if read:
        assert re.search(text_pattern(of), text)
        assert Draft202012Validator(scalar_schema(of)).is_valid(text)


def test_the_pattern_is_no_empty_promise() -> None:
    rate = re.compile(text_pattern(dimension.RATE))
    assert rate.search("2.5M shells/year")
    for text in (
        "2.5M",
        "2.5M/yr",
        "-1/day",
        "80%",
        "12 h",
        "1,000/day",
        "010/day",
        "2.5Mshells/day",
        "x 1/day",
    ):
        assert not rate.search(text)


def test_every_key_is_described_and_defaults_are_readable() -> None:
    made = json.loads(scenario_schema())
    parts = [
        made["else"],
        *(
            made["$defs"][name]
            for name in (
                "Depot",
                "Production",
                "Shipment",
                "Leg",
                "Consumer",
                "Event",
                "Transfer",
                "Workshop",
            )
        ),
    ]
    for part in parts:
        for name, key in part["properties"].items():
            assert key["description"], name
    assert made["$defs"]["Production"]["properties"]["lead_time"]["default"] == "0 days"
    assert made["$defs"]["Consumer"]["properties"]["daily_variation"]["default"] == "0%"
    # The default depends on whether there is an offer, so the description has it.
    assert "if left out" in made["$defs"]["Leg"]["properties"]["departs"]["description"]
    assert set(made["$defs"]["Leg"]["required"]) == {"capacity", "travel"}
    assert "from" in made["$defs"]["Leg"]["properties"]
    assert made["else"]["required"] == ["schema", "start", "end", "depots"]
    assert "required" not in made["$defs"]["Production-changed"]
