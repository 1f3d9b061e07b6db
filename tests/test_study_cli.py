"""Command line of ``sim breakeven`` and ``sim sensitivity``."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from sim.cli.app import app, exit_status
from sim.results.verification import find_problems

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FLAT = SCENARIOS / "flat.yaml"
BRIEF = SCENARIOS / "white-house-2023.yaml"
SHORT = ("--set", "end=2023-12-01", "--jobs", 1)
RATE = "production.russia.rate"
FILES = {"summary.json", "manifest.json", "scenario.yaml", "log.txt"}


class Said(NamedTuple):
    status: int
    out: str
    err: str


def sim(*words: object) -> Said:
    """Return the output of the command for some arguments, run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = exit_status(
            lambda: app([str(word) for word in words], prog_name="sim", standalone_mode=False)
        )
    return Said(status, out.getvalue(), err.getvalue())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_break_even_is_one_plain_sentence_and_a_folder(here: Path) -> None:
    said = sim("breakeven", FLAT, "--solve", RATE)
    assert (said.status, said.err) == (0, "")
    heading, sentence, meaning, table = said.out.splitlines()
    assert heading == "Flat: 1 Sep 2023 to 1 Sep 2024, 1 run, seed 1"
    assert meaning == (
        "Lasts: on every day at least one day of the planned requirement is left; less may still meet it."
    )
    # 60,000 - (4M - 60,000) / 366 = 49,235 a day, 17.98M in 365.25 days; 60,000 - 4M / 366 are 17.92M.
    assert sentence == (
        "  Output, Russia: with 17.98M shells a year or more the stock lasts until 1 Sep 2024; the "
        "requirement is met with 17.92M or more."
    )
    folder = here / "runs" / "breakeven-flat-production.russia.rate"
    assert table == f"Table: {Path('runs/breakeven-flat-production.russia.rate/breakeven.csv')}"
    assert {path.name for path in folder.iterdir()} == FILES | {"breakeven.csv", "breakeven-points.csv"}
    assert find_problems(folder) == ()
    header = (folder / "breakeven.csv").read_text().splitlines()[0]
    assert header == "path,unit,value,low,high,reached"
    assert json.loads((folder / "manifest.json").read_text())["verb"] == "breakeven"


def test_break_even_under_chance_has_its_interval(here: Path) -> None:
    said = sim("breakeven", BRIEF, "--solve", RATE, "--holds", "95%", "--runs", 100, *SHORT)
    assert said.status == 0
    assert "the stock lasts until 1 Dec 2023 in 95 % of the runs (90 % interval " in said.out
    table: Any = pd.read_csv("runs/breakeven-white-house-2023-production.russia.rate-holds-95/breakeven.csv")
    (row,) = table.itertuples(index=False)
    assert row.low < row.value < row.high


def test_no_value_within_the_bounds_is_an_answer(here: Path) -> None:
    said = sim("breakeven", FLAT, "--solve", RATE, "--bounds", "1M/year:2M/year", "--out", "mine")
    assert (said.status, said.err) == (0, "")
    assert "there is no value between 1M and 2M shells a year with which the stock lasts until" in said.out
    assert (here / "mine" / "breakeven.csv").read_text().splitlines()[1] == f"{RATE},shells/day,,,,False"


def test_a_range_of_a_second_path_gives_a_sentence_for_each_value(here: Path) -> None:
    front = "consumption.front.rate"
    words = ("--solve", RATE, "--of", "unmet", "--json", "--out", "mine")
    said = sim("breakeven", FLAT, *words, "--vary", f"{front}=20k/day:60k/day:3")
    assert said.out == (here / "mine" / "summary.json").read_text()
    answers = json.loads(said.out)["answers"]
    assert [answer["at"][front] for answer in answers] == [20e3, 40e3, 60e3]
    exact = [rate - 4e6 / 366 for rate in (20e3, 40e3, 60e3)]
    assert [answer["value"] for answer in answers] == pytest.approx(exact, rel=2e-6)
    listed = sim("breakeven", FLAT, *words, "--vary", f"{front}=20k/day, 40k/day,60k/day")
    assert json.loads(listed.out)["answers"] == answers


def test_a_range_in_days_of_supply_is_read_as_a_sweep_reads_it(here: Path) -> None:
    words = ("--solve", RATE, "--json", "--vary", "depots.reserve.stock=10 days:20 days:3")
    answers = json.loads(sim("breakeven", FLAT, *words).out)["answers"]
    # 60,000 are fired each day: the stock at the start of the last day must be enough for it.
    exact = [60e3 - (days - 1) * 60e3 / 366 for days in (10, 15, 20)]
    assert [answer["value"] for answer in answers] == pytest.approx(exact, rel=2e-6)


def test_the_same_question_gives_the_same_bytes(here: Path) -> None:
    for folder in ("one", "two"):
        words = ("--solve", RATE, "--runs", 20, *SHORT, "--quiet", "--out", folder)
        assert sim("breakeven", BRIEF, *words) == (0, "", "")
    for path in (here / "one").iterdir():
        if path.name != "log.txt":
            assert path.read_bytes() == (here / "two" / path.name).read_bytes(), path.name
        assert str(SCENARIOS) not in path.read_text()


def test_what_drives_the_stock_is_told_in_order(here: Path) -> None:
    said = sim("sensitivity", BRIEF, "--of", "exhausted", "--runs", 150)
    assert said.status == 0
    heading, method, outcome, first, *others, meaning, table = said.out.splitlines()
    assert heading.endswith("150 runs, seed 1")
    assert method == "Rank correlation of each input with the outcome; in brackets the 90 % interval"
    lead = "Opening stock at Tikhoretsk has the strongest rank correlation with the run-out date: +0."
    assert outcome.startswith(lead)
    assert outcome.endswith("; the higher, the later.")
    # A day of more stock is a day: nothing else is as wide.
    assert first.startswith("  Opening stock at Tikhoretsk ")
    assert len(others) == 2
    assert meaning.startswith("Runs out: less than one day of the planned requirement is left;")
    folder = here / "runs" / "sensitivity-white-house-2023-rank-of-exhausted"
    assert {path.name for path in folder.iterdir()} == FILES | {"sensitivity.csv"}
    assert table == f"Table: {Path('runs/sensitivity-white-house-2023-rank-of-exhausted/sensitivity.csv')}"
    found = pd.read_csv(folder / "sensitivity.csv")
    assert found.columns.tolist() == ["outcome", "path", "index", "value", "low", "high"]


@pytest.mark.parametrize(
    ("method", "indices"),
    [
        ("tornado", {"low", "high"}),
        ("morris", {"mu_star", "sigma"}),
        ("sobol", {"first", "total"}),
    ],
)
def test_every_method_writes_its_indices_and_its_name(here: Path, method: str, indices: set[str]) -> None:
    points = {"tornado": (), "morris": ("--points", 4), "sobol": ("--points", 64)}[method]
    said = sim("sensitivity", BRIEF, "--method", method, *points, "--runs", 8, *SHORT, "--out", "mine")
    assert said.status == 0
    assert set(pd.read_csv("mine/sensitivity.csv")["index"]) == indices
    assert "the stock at the end" in said.out
    summary = json.loads((here / "mine" / "summary.json").read_text())
    headlines = [found for found in summary["findings"] if found["kind"] == "sensitivity_headline"]
    assert [found["values"]["outcome"] for found in headlines] == list(summary["outcomes"])
    manifest = json.loads((here / "mine" / "manifest.json").read_text())
    assert (manifest["verb"], manifest["method"]) == ("sensitivity", method)
    assert "SALib" in manifest["versions"]
    assert any(note.startswith("no input affects") for note in manifest["notes"])
    # The end comes before the stock is gone: that is said, and not left out.
    assert "warning: " in said.err


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["breakeven", FLAT], 2, "--solve"),
        (["breakeven", FLAT, "--solve", "production.rusia.rate"], 2, f"did you mean '{RATE}'"),
        (["breakeven", FLAT, "--solve", RATE, "--holds", "95"], 2, "95% is 0.95"),
        (["breakeven", FLAT, "--solve", RATE, "--bounds", "1M/year"], 2, "FROM:TO"),
        (["breakeven", FLAT, "--solve", RATE, "--vary", "depots.reserve.stock"], 2, "PATH=a,b,c"),
        (["breakeven", FLAT, "--solve", RATE, "--vary", "depots.reserve.stock=1M:2M:1"], 2, "COUNT"),
        (["breakeven", FLAT, "--solve", RATE, "--vary", "depots.reserve.stock=1k/day"], 2, "it has a period"),
        (
            ["breakeven", FLAT, "--solve", RATE, "--vary", "depots.reserv.stock=1M:2M:3"],
            1,
            "depots.reserve.stock",
        ),
        (["breakeven", FLAT, "--solve", RATE, "--set", "production.china.rate=1/day"], 1, "production.china"),
        (["sensitivity", FLAT], 2, "nothing in the scenario is drawn once a run"),
        (["sensitivity", BRIEF, "--method", "sobl"], 2, "did you mean 'sobol'"),
        (["sensitivity", BRIEF, "--of", "exhaust"], 2, "did you mean 'exhausted'"),
        (["sensitivity", BRIEF, "--seed", "-1"], 2, "the seed -1"),
    ],
)
def test_what_cannot_be_asked_writes_nothing(here: Path, words: list[str], status: int, says: str) -> None:
    said = sim(*words)
    assert (said.status, said.out) == (status, "")
    assert says in said.err
    assert "Traceback" not in said.err
    assert not list(here.iterdir())
