"""The first screen of the README: short, with the two commands, and every figure as the runs have it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sim
from sim.study.breakeven_result import Breakeven

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FILE = ROOT / "scenarios" / "white-house-2023.yaml"
LAST_DAYS = 90


def first_screen() -> list[str]:
    """Return the lines between the title and the set-up."""
    head = README.partition("With Python")[0].splitlines()
    return [line for line in head[1:] if line]


@pytest.fixture(scope="module")
def result() -> sim.Result:
    return sim.run(FILE, runs=1000, seed=1)


@pytest.fixture(scope="module")
def sustained() -> Breakeven:
    return sim.breakeven(FILE, "consumption.front.rate", holds="95%", runs=1000, seed=1)


def rounded(value: float, digits: int) -> str:
    return f"{float(f'{value:.{digits}g}'):,.0f}"


def last_met(result: sim.Result) -> float:
    """Return the median share of the requirement that is fired in the last 90 days, from the tables alone."""
    flows = result.flows[result.flows["date"].isin(sorted(set(result.flows["date"]))[-LAST_DAYS:])]
    required = flows.loc[flows["kind"] == "required", "mean"].sum() / LAST_DAYS
    return float(result.outcomes["sustained_fire"].median()) / float(required)


def test_five_lines_and_then_two_commands() -> None:
    assert len(first_screen()) == 5
    commands = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert commands is not None
    assert [line.partition("#")[0].strip() for line in commands[1].splitlines()] == ["make run", "make test"]
    assert README.index(commands[0]) < README.index("![")


def test_what_it_answered_is_what_the_tables_say(result: sim.Result) -> None:
    line = first_screen()[2]
    days = len(set(result.flows["date"]))
    required = result.flows.loc[result.flows["kind"] == "required", "mean"].sum() / days
    inflow = result.origins["kind"].isin(["landed", "produced", "refurbished"])
    coming_in = result.origins.loc[inflow, "mean"].sum() / days
    assert f"{rounded(required, 3)} shells a day are required" in line
    assert f"{rounded(coming_in, 3)} come in" in line
    exhausted = result.outcomes["exhausted"]
    assert exhausted.notna().all()
    assert "in every run" in line
    half = sorted(exhausted.astype(str))[len(exhausted) // 2 - 1]
    assert half[:10] == "2023-12-04"
    assert "in half of them by 4 December 2023" in line


def test_what_would_add_up_is_solved_for(sustained: Breakeven) -> None:
    (one,) = sustained.found
    assert one.value is not None
    assert one.low is not None
    assert one.high is not None
    value, low, high = (rounded(each, 4) for each in (one.value, one.low, one.high))
    line = first_screen()[3]
    assert f"with {value} shells a day or less" in line
    assert f"in 95 % of the runs (90 % interval {low} to {high})" in line


def test_the_shares_of_the_two_readings_of_a_thousand_containers(result: sim.Result) -> None:
    fewer = sim.run(ROOT / "scenarios" / "thousand-containers.yaml", runs=1000, seed=1)
    less, more = (f"{last_met(each):.0%}".replace("%", " %") for each in (fewer, result))
    clause = f"{less} of what it requires in the last 90 days, not {more}"
    assert clause in " ".join(README.split())
