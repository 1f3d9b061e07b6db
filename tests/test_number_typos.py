"""Typical slips: decimal commas, spreadsheet formats, percentages without a sign."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from sim.cli.app import app, exit_status
from sim.evidence.estimate import COLUMNS
from sim.scenario.lint import lint
from sim.scenario.loader import load_plain
from sim.scenario.value_ranges import Grid, parse_values
from sim.units import UnitError, parse

SCENARIO = """\
schema: 1
start: 2023-09-01
end: 2023-09-11
{key}: beside.csv
depots: {{depot: {{stock: 1000}}}}
consumption: {{front: {{rate: 10/day}}}}
"""
COMMAS = "commas between, and a point in decimals, such as 1.5"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*words: str) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = exit_status(lambda: app(list(words), prog_name="sim", standalone_mode=False))
    return status, err.getvalue()


def validated(here: Path, key: str, table: str) -> str:
    (here / "beside.csv").write_text(table)
    (here / "scenario.yaml").write_text(SCENARIO.format(key=key))
    status, said = command("validate", "scenario.yaml")
    assert status == 1
    return said


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_table_of_draws_from_a_spreadsheet_says_what_separates_its_cells(
    here: Path, mark: str, name: str
) -> None:
    head, row = f"consumption.front.rate{mark}depots.depot.stock", f"1,5{mark}2000"
    said = validated(here, "draws", f"{head}\n{row}\n")
    assert f"beside.csv:1:23: draws: the cells are separated by {name}" in said
    assert "commas between cells, and a point in decimals, such as 1.5" in said
    assert said.count("beside.csv:") == 1
    assert "did you mean" not in said


def test_a_decimal_comma_among_draws_is_seen_in_the_width_of_its_row(here: Path) -> None:
    said = validated(here, "draws", "consumption.front.rate,depots.depot.stock\n1,5,2000\n")
    assert "beside.csv:2:5" in said
    assert "the row has 3 cells, the header 2; allowed: a cell for each path, and a point in decimals" in said


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_table_of_evidence_from_a_spreadsheet_says_the_same(here: Path, mark: str, name: str) -> None:
    row = mark.join(["mine-1", "stock", "152mm", "900,5", *[""] * (len(COLUMNS) - 4)])
    said = validated(here, "evidence", f"{mark.join(COLUMNS)}\n{row}\n")
    assert f"the fields are separated by {name}" in said
    assert f"with {COMMAS}" in said
    assert "unknown column" not in said


@pytest.mark.parametrize(
    ("text", "seen"),
    [("1,5M", "1.5M"), ("0,8", "0.8"), ("2,25 kt/month", "2.25 kt/month"), ("-1,5%", "-1.5%")],
)
def test_a_decimal_comma_is_seen_and_the_point_is_meant(text: str, seen: str) -> None:
    with pytest.raises(UnitError, match="decimals have a point") as caught:
        parse(text)
    assert caught.value.allowed == seen
    with pytest.raises(UnitError, match=r"digits are not grouped$"):
        parse("1,000")


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [
        ("1,5M", "'1,5M' lists 1, which has no unit, beside 5M", "1.5M"),
        ("0,5/day,1/day", "'0,5/day,1/day' lists 0, which has no unit", "0.5/day"),
        ("1M,2,5M", "'1M,2,5M' lists 2, which has no unit", "2.5M"),
        ("1M,2", "'1M,2' lists 2, which has no unit, beside 1M", "a unit with each value"),
        ("1M,,2M", "'1M,,2M': a value is missing", "such as 1M,2M"),
        ("1M,2M,", "'1M,2M,': a value is missing", "such as 1M,2M"),
        (",", "',': a value is missing", "such as 1M,2M"),
    ],
)
def test_a_list_of_values_says_what_was_seen(text: str, said: str, meant: str) -> None:
    with pytest.raises(UnitError, match=said.replace(".", "[.]")) as caught:
        parse_values(text)
    assert meant in caught.value.allowed


def test_lists_that_were_always_lists_are_lists() -> None:
    assert parse_values("1M, 2M") == ("1M", "2M")
    assert parse_values("0,0.5,1e3") == ("0", "0.5", "1e3")
    assert parse_values("2023-09-01,2024-01-01") == ("2023-09-01", "2024-01-01")
    assert parse_values("a.yaml,2b.yaml") == ("a.yaml", "2b.yaml")
    assert parse_values("none,proportional") == ("none", "proportional")
    assert parse_values("1M:2M:3") == Grid("1M", "2M", 3)


@pytest.mark.parametrize("verb", [("sweep",), ("breakeven", "--solve", "consumption.front.rate")])
def test_the_commands_say_it_too(here: Path, verb: tuple[str, ...]) -> None:
    (here / "scenario.yaml").write_text(SCENARIO.format(key="note"))
    for text, problem in (
        ("1,5M", "lists 1, which has no unit, beside 5M"),
        ("1M,,2M", "a value is missing"),
    ):
        status, said = command(verb[0], "scenario.yaml", *verb[1:], "--vary", f"depots.depot.stock={text}")
        assert status == 2
        assert problem in said


def warned(plain: dict[str, Any]) -> list[str]:
    head = {"schema": 1, "start": "2023-09-01", "end": "2023-12-01", "depots": {"depot": {"stock": 1000}}}
    front = {"consumption": {"front": {"rate": "10/day"}}}
    return [f"{fault.path}: {fault.problem}" for fault in lint(load_plain({**head, **front, **plain}, None))]


def test_percent_slips_are_warned_of() -> None:
    rate = {"mean": "10/day", "cv": 20}
    assert warned({"consumption": {"front": {"rate": rate}}}) == [
        "consumption.front.rate: a cv of 20 is 2,000% of the mean; 20% is 0.2"
    ]
    surge = {"multiplies": "consumption.front.rate", "from": "2023-09-05", "factor": 160}
    assert warned({"events": {"surge": surge}}) == [
        "events.surge.factor: a factor of 160 is 16,000%; 160% is 1.6"
    ]
    drawn = {**surge, "factor": {"low": 120, "high": 180}}
    assert len(warned({"events": {"surge": drawn}})) == 1
    for fine in ("160%", 1.6, 10, {"mean": 2, "cv": "80%"}):
        assert warned({"events": {"surge": {**surge, "factor": fine}}}) == []
    assert warned({"consumption": {"front": {"rate": {**rate, "cv": "20%"}}}}) == []


def test_values_of_a_course_after_the_end_are_warned_of() -> None:
    """The run ends on the last of November; a step of 1 December, and a point beyond the end of a line."""

    def course(between: str, *dates: str) -> list[str]:
        points = {date: f"{10 + place}/day" for place, date in enumerate(dates)}
        return warned({"consumption": {"front": {"rate": {"by_date": points, "between": between}}}})

    assert course("step", "2022-01-01", "2023-11-30") == []
    (warning,) = course("step", "2022-01-01", "2023-12-01")
    assert warning == (
        "consumption.front.rate.by_date.2023-12-01: the value of 2023-12-01 is never reached: the run ends on"
        " 2023-11-30"
    )
    assert course("linear", "2022-01-01", "2042-12-01") == []
    assert len(course("linear", "2022-01-01", "2024-01-01", "2042-12-01")) == 1
    assert course("step", "2042-01-01") == []


def test_windows_outside_the_run_are_warned_of() -> None:
    ally = {"route": [{"vehicles": 1, "capacity": "5 shells", "travel": "1 day"}]}
    assert warned({"shipments": {"ally": {**ally, "until": "2023-09-02"}}}) == []
    before = {**ally, "first": "2023-07-01", "until": "2023-09-01"}
    assert warned({"shipments": {"ally": before}}) == [
        "shipments.ally.until: loading ends before the run begins: nothing lands"
    ]
    offer = {"offered": "9/day", "lead_time": "1 day", "first": "2023-09-03"}
    assert warned({"shipments": {"ally": {**offer, "until": "0 days"}}}) == [
        "shipments.ally.until: loading ends before it begins: nothing lands"
    ]
    (late,) = warned({"shipments": {"ally": {**offer, "lead_time": "900 days"}}})
    assert late.startswith("shipments.ally.lead_time: the way takes 900.0 days")
    move = {"from": "rear", "to": "depot", "lead_time": "91 days", "capacity": "1/day"}
    depots = {"depot": {"stock": 1000}, "rear": {"stock": 9}}
    front = {"front": {"at": "depot", "rate": "10/day"}}
    (warning,) = warned({"depots": depots, "transfers": {"t": move}, "consumption": front})
    assert warning.startswith("transfers.t.lead_time: the lead time of 91 days is no shorter than the run")
