"""Mistakes on the command line: a file for a folder, a component for a path, a date as people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_cli import sim as command

SCENARIO = """\
schema: 1
title: A trial
start: 2023-09-01
end: 2023-10-01
depots: {main: {stock: {low: 1M, high: 2M}}}
production: {line: {rate: 3M/year}}
consumption: {front: {rate: 20k/day}}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(SCENARIO)
    return tmp_path


def message(*words: str, status: int) -> str:
    """Return the standard error of a command; it has no other output."""
    said = command(*words)
    assert (said.status, said.out) == (status, "")
    return said.err


@pytest.mark.parametrize("verb", [("chart",), ("report",), ("verify",)])
def test_a_scenario_in_place_of_a_result_folder_names_the_command_that_makes_one(verb: tuple[str]) -> None:
    text = (
        "error: base.yaml is a file, not a result folder; allowed: the folder that `sim run base.yaml` writes"
    )
    assert message(*verb, "base.yaml", status=1) == f"{text}\n"
    Path("runs/base").mkdir(parents=True)
    assert message(*verb, "base.yaml", status=1) == f"{text}; did you mean 'runs/base'?\n"


def test_a_folder_of_result_folders_names_them() -> None:
    for name in ("base", "more"):
        command("run", "base.yaml", "--quiet", "--runs", "2", "--engine", "simpy", "--out", f"runs/{name}")
    assert message("report", "runs", status=1) == (
        "error: runs is a folder of result folders; allowed: one of them: runs/base, runs/more\n"
    )


NAMES_A_RATE = "allowed: consumption.front.rate; did you mean 'consumption.front.rate'?"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("breakeven", "base.yaml", "--solve", "front"), 2,
         f"error: there is no number 'front' in the scenario; {NAMES_A_RATE}"),
        (("breakeven", "base.yaml", "--solve", "front.rate"), 2,
         f"error: there is no number 'front.rate' in the scenario; {NAMES_A_RATE}"),
        (("breakeven", "base.yaml", "--solve", "consumption.front"), 2,
         f"error: consumption.front holds 1 number, and one number is solved for; {NAMES_A_RATE}"),
        (("breakeven", "base.yaml", "--solve", "rate"), 2,
         "error: there is no number 'rate' in the scenario; "
         "allowed: production.line.rate, consumption.front.rate"),
        (("sweep", "base.yaml", "--vary", "front=1k/day,2k/day"), 1,
         f"error: there is no front; {NAMES_A_RATE}"),
        (("sweep", "base.yaml", "--vary", "rate=1k/day,2k/day"), 1,
         "error: there is no rate; allowed: production.line.rate, consumption.front.rate"),
        (("sweep", "base.yaml", "--vary", "consumption.front.rate=1k/day,3000 per day"), 2,
         "error: consumption.front.rate: '3000 per day' is not a rate; allowed: shells or tonnes a period, "
         "such as 2.5M/year, 60k/day or 10 kt/month; did you mean '3000/day'?"),
        (("run", "base.yaml", "--set", "front=3k/day"), 1,
         f"--set front:1:1: front: no such path: 'front' is not there; {NAMES_A_RATE}"),
        (("run", "base.yaml", "--set", "front.rate=3k/day"), 1,
         f"--set front.rate:1:1: front.rate: no such path: 'front' is not there; {NAMES_A_RATE}"),
        (("run", "base.yaml", "--set", "consumption.front.rate:3k/day"), 1,
         "--set:1:1: 'consumption.front.rate:3k/day' is not PATH=VALUE; allowed: a path and a value, "
         "such as production.russia.rate=3M/year; did you mean 'consumption.front.rate=3k/day'?"),
        (("breakeven", "base.yaml", "--solve", "consumption.front.rate", "--until", "15.9.2023"), 2,
         "error: until: '15.9.2023' is no date; allowed: a date after 2023-09-01 and not after 2023-10-01; "
         "did you mean '2023-09-15'?"),
    ],
)  # fmt: skip
def test_a_part_of_a_path_names_the_paths_that_hold_it(
    words: tuple[str, ...], status: int, said: str
) -> None:
    assert message(*words, status=status) == f"{said}\n"


def test_a_file_in_place_of_a_verb_names_the_verb() -> None:
    assert message("base.yaml", status=2).endswith(
        "Error: No such command 'base.yaml'.\nDid you mean 'sim run base.yaml'?\n"
    )


def test_a_day_of_a_chart_as_people_write_it_suggests_the_date() -> None:
    command("run", "base.yaml", "--quiet", "--runs", "2", "--engine", "simpy")
    assert message("chart", "runs/base", "--from", "15.9.2023", status=2) == (
        "error: --from: '15.9.2023' is not a date; allowed: a date such as 2023-09-01; "
        "did you mean '2023-09-15'?\n"
    )


def test_a_value_that_holds_in_every_run_has_no_interval() -> None:
    """Between the runs drawn and those not drawn, no sample bounds what every run would bear."""
    words = ("breakeven", "base.yaml", "--solve", "consumption.front.rate", "--runs", "40", "--quiet")
    command(*words, "--holds", "100%", "--out", "every")
    command(*words, "--holds", "95%", "--out", "most")
    assert "interval" not in Path("every/summary.json").read_text().partition('"findings"')[2]
    assert "90 % interval" in Path("most/summary.json").read_text().partition('"findings"')[2]
