"""Overrides are stated wherever figures appear, so that a counterfactual is not mistaken for the original."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli.app import app, exit_status
from sim.names import Names, value_in_words
from sim.scenario.loader import load_file
from sim.scenario.override_notes import changes_phrase, title_with_changes
from sim.scenario.scenario import Scenario
from sim.simulate import as_scenario
from sim.study.comparison_result import read_comparison
from sim.study.sensitivity_result import read_sensitivity
from sim.study.study_definition import make_study

PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "The brief",
    "start": "2024-01-01",
    "end": "2024-03-01",
    "depots": {"store": {"stock": {"low": "1M", "high": "3M"}}},
    "production": {"line": {"rate": "10k/day"}, "mill": {"rate": "1k/day"}},
    "consumption": {"front": {"rate": "60k/day", "daily_variation": "10%"}},
}
TEXT = json.dumps(PLAIN)
SET = "production.line.rate=20k/day"
SAID = "The brief (changed: Output, Line: 20,000 a day)"


def command(*words: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = exit_status(
            lambda: app([str(word) for word in words], prog_name="sim", standalone_mode=False)
        )
    return status, out.getvalue(), err.getvalue()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("brief", "other"):
        text = TEXT.replace("The brief", "The other").replace("1M", "2M") if name == "other" else TEXT
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


def title(folder: Path) -> str:
    """Return the title of a result folder, which all its files share."""
    told = {
        json.loads((folder / "summary.json").read_text())["title"],
        json.loads((folder / "manifest.json").read_text())["scenario"]["title"],
    }
    assert len(told) == 1, told
    return str(told.pop())


def written_on(figure: Any) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.texts]


def test_a_run_says_what_was_set_on_its_chart_in_its_verdict_and_in_its_folder(here: Path) -> None:
    status, out, _ = command("run", "brief.yaml", "--set", SET, "--runs", 3, "--out", "mine")
    assert status == 0
    assert out.startswith(f"{SAID} · 1 Jan 2024")
    assert title(here / "mine") == SAID
    for kind in (sim.charts.drawdown, sim.charts.supply):
        assert SAID in written_on(kind(sim.read_folder(here / "mine")))


def test_a_run_without_changes_keeps_its_title(here: Path) -> None:
    _, out, _ = command("run", "brief.yaml", "--runs", 3, "--out", "mine")
    assert out.startswith("The brief · 1 Jan 2024")
    assert title(here / "mine") == "The brief"


def test_who_runs_the_scenario_of_a_folder_again_is_told_again(here: Path) -> None:
    command("run", "brief.yaml", "--set", SET, "--runs", 3, "--out", "mine")
    _, out, _ = command("run", "mine/scenario.yaml", "--runs", 3, "--out", "again")
    assert out.startswith(f"{SAID} · ")
    assert (here / "again/scenario.yaml").read_bytes() == (here / "mine/scenario.yaml").read_bytes()


def test_show_says_what_was_set(here: Path) -> None:
    assert command("show", "brief.yaml", "--set", SET)[1].startswith(f"{SAID}: ")
    assert json.loads(command("show", "brief.yaml", "--set", SET, "--json")[1])["title"] == SAID


def test_every_question_about_one_scenario_says_what_was_set(here: Path) -> None:
    few = ("--runs", 20, "--jobs", 1, "--set", SET, "--out")
    asked = {
        "breakeven": ("breakeven", "brief.yaml", "--solve", "production.mill.rate", *few, "b"),
        "sensitivity": ("sensitivity", "brief.yaml", *few, "s"),
        "tornado": ("sensitivity", "brief.yaml", "--method", "tornado", *few, "t"),
        "sweep": ("sweep", "brief.yaml", "--vary", "production.mill.rate=0/day,9k/day", *few, "w"),
    }
    for verb, words in asked.items():
        status, out, err = command(*words)
        assert status == 0, err
        assert out.startswith(f"{SAID}: "), verb
        assert title(here / str(words[-1])) == SAID, verb
    assert SAID in written_on(sim.charts.tornado(read_sensitivity(here / "t")))
    assert SAID in written_on(sim.charts.line(sim.read_sweep(here / "w")))


def test_a_break_even_below_a_threshold_of_its_own_is_no_other_scenario(here: Path) -> None:
    words = ("--solve", "production.line.rate", "--of", "below_3", "--runs", 20, "--jobs", 1)
    assert command("breakeven", "brief.yaml", *words)[1].startswith("The brief: ")


def test_a_study_with_a_title_does_not_hide_what_the_command_line_sets(here: Path) -> None:
    study = {
        "study": "sweep",
        "title": "Mills",
        "scenario": "brief.yaml",
        "set": {"production.line.rate": "15k/day"},
        "vary": {"production.mill.rate": "0/day,9k/day"},
        "runs": 20,
    }
    (here / "study.yaml").write_text(json.dumps(study))
    command("sweep", "study.yaml", "--jobs", 1, "--out", "plain")
    assert title(here / "plain") == "Mills"
    command("sweep", "study.yaml", "--jobs", 1, "--set", SET, "--out", "set")
    assert title(here / "set") == "Mills (changed: Output, Line: 20,000 a day)"


def test_a_comparison_says_once_what_was_set_in_all(here: Path) -> None:
    status, out, _ = command("compare", "brief.yaml", "other.yaml", "--set", SET, "--runs", 3, "--out", "c")
    changed = "(changed in all: Output, Line: 20,000 a day)"
    assert status == 0
    assert out.startswith(f"Compared with The brief {changed}: ")
    assert out.count("changed") == 1
    assert title(here / "c") == f"The other, compared with The brief {changed}"
    assert f"Compared with: The brief {changed}" in written_on(
        sim.charts.compare(read_comparison(here / "c"))
    )


def test_scenarios_that_differ_in_what_was_set_are_told_apart_by_it() -> None:
    base = as_scenario(PLAIN)
    found = sim.compare([base, base.replace({"production.line.rate": "20k/day"})], runs=2, jobs=1)
    assert [one.title for one in found.scenarios] == ["The brief", SAID]
    assert found.changed == ""


def test_a_scenario_with_a_name_of_its_own_is_called_by_it_and_says_what_was_set() -> None:
    base = as_scenario(PLAIN)
    half = base.replace({"production.line.rate": "5k/day"})
    found = sim.compare({"published": base, "half": half}, runs=2, jobs=1)
    assert found.title == "The brief (changed: Output, Line: 5,000 a day), compared with The brief"
    words = " ".join(written_on(sim.charts.compare(found)))
    assert "The brief [half]" in words
    assert "Changed in half: Output, Line: 5,000 a day." in words


def load_file_of(data: Mapping[str, Any], *settings: str) -> Scenario:
    return load_file(Path("brief.yaml"), None, settings, data=json.dumps(data).encode())


CHAINS: list[tuple[list[Mapping[str, Any]], str]] = [
    ([{}], ""),
    ([{"production.line.rate": "2k/day"}], "Output, Line: 2,000 a day"),
    (
        [{"production.line.rate": "2k/day"}, {"production.line.rate": "3k/day"}],
        "Output, Line: 3,000 a day",
    ),
    ([{"production.mill": None}], "Mill removed"),
    (
        [{"production.line.rate": {"low": "1k/day", "high": "2k/day"}}],
        "Output, Line: 1,000 to 2,000 a day",
    ),
    (
        [{"production.line.rate": "2k/day"}, {"production.line": {"rate": "5/day"}}],
        "Line: {rate: 5 a day}",
    ),
    ([{"production.line.rate": "2k/day"}, {"title": "Mine"}], ""),
    ([{"title": "Mine"}, {"production.line.rate": "2k/day"}], "Output, Line: 2,000 a day"),
    ([{"thresholds": [5], "note": "why"}], ""),
    ([{"depots.store.label": "Depot at West", "consumption.front.verb": {"present": "gives"}}], ""),
    (
        [{"consumption.front.label": "Army", "production.line.rate": "20k/day"}],
        "Output, Line: 20,000 a day",
    ),
]


@pytest.mark.parametrize(("chain", "said"), CHAINS, ids=str)
def test_what_was_set_last_is_what_is_said(chain: list[Mapping[str, Any]], said: str) -> None:
    scenario = as_scenario(PLAIN)
    for changes in chain:
        scenario = scenario.replace(changes)
    name = "Mine" if any("title" in changes for changes in chain) else "The brief"
    assert scenario.title == name
    assert scenario.full_title == (f"{name} (changed: {said})" if said else name)


def test_many_changes_are_counted_and_the_title_stays_a_line() -> None:
    many = {f"production.line{n}.rate": f"{n}k/day" for n in range(9)}
    names = Names()
    assert changes_phrase(many, names).startswith("Output, Line0: 0 a day; Output, Line1: 1,000 a day; ")
    assert changes_phrase(many, names).endswith("; and 6 more")
    assert changes_phrase(dict(list(many.items())[:3]), names).count(":") == 3
    long = {f"production.{'a' * 79}.rate": "y" * 500, **many}
    # Of ten changes two are named: the name of the first leaves no room for its value.
    assert changes_phrase(long, names).endswith("aaaa…; Output, Line0: 0 a day; and 8 more")
    assert len(title_with_changes("T" * 200, long, names)) <= 200
    assert title_with_changes("T" * 200, long, names).startswith("TTTT")


def test_a_change_has_the_labels_of_the_file_also_of_what_it_removes() -> None:
    named = {
        **PLAIN,
        "production": {"line": {"rate": "10k/day", "label": "Tula works"}, "mill": {"rate": "1k/day"}},
        "consumption": {"front": {"rate": "60k/day", "label": "Front"}},
    }
    fewer = as_scenario(named).replace({"production.line": None})
    assert fewer.full_title == "The brief (changed: Tula works removed)"
    later = fewer.replace({"consumption.front.rate": "30000/day"})
    assert later.full_title == "The brief (changed: Required rate, Front: 30,000 a day; Tula works removed)"
    assert load_file_of(named, "production.line=null").full_title == fewer.full_title
    again = fewer.replace({"production.line": {"rate": "2k/day", "label": "Rebuilt"}})
    assert again.full_title == "The brief (changed: Rebuilt: {rate: 2,000 a day, label: Rebuilt})"


WRITTEN = {
    "30k/day": "30,000 a day",
    "2.5M/year": "2,500,000 a year",
    "12.50": "12.50",
    "1e3": "1,000",
    "35%": "35 %",
    "16 days": "16 days",
    "12 h": "12 h",
    "300 containers/month": "300 containers a month",
    "2023-09-04": "4 Sep 2023",
    "2023-99-04": "2023-99-04",
    "{low: 1k/day, high: 2k/day}": "1,000 to 2,000 a day",
    "{low: 1k/day, high: 9k/week}": "1,000 a day to 9,000 a week",
    "{low: 3M, mode: 4M, high: 7M, source: stock-2023-10-kiviselg-4m}": (
        "3,000,000 to 7,000,000, most likely 4,000,000"
    ),
    "{low: 2023-09-04, high: 2023-10-01}": "4 Sep 2023 to 1 Oct 2023",
    "{value: 3M/year, source: https://www.example.org/2023/10/17k}": "3,000,000 a year",
    "{by_date: {2023-09-01: 4k/day}}": "{by_date: {1 Sep 2023: 4,000 a day}}",
    "{choices: {500/day: 1, 1k/day: 2}}": "{choices: {500 a day: 1, 1,000 a day: 2}}",
    "1 - 2": "1 - 2",
    "152mm": "152 mm",
    "line-7k.csv": "line-7k.csv",
    "proportional": "proportional",
    "true": "true",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_value_is_written_as_a_person_writes_it(text: str) -> None:
    assert value_in_words(text) == WRITTEN[text]


def test_a_title_that_is_taken_away_takes_nothing_that_was_set_with_it() -> None:
    changed = as_scenario(PLAIN).replace({"production.line.rate": "20k/day"}).replace({"title": None})
    assert dict(changed.changes) == {"production.line.rate": "20k/day"}


def test_a_saved_change_that_is_changed_again_is_told_as_later() -> None:
    saved = as_scenario({**PLAIN, "title": SAID}).replace({"production.line.rate": "5k/day"})
    assert saved.full_title == f"{SAID} (then changed: Output, Line: 5,000 a day)"


def test_the_same_settings_in_another_order_are_the_same_bytes() -> None:
    settings = {"production.line.rate": "20k/day", "consumption.front.rate": "50k/day"}
    one = as_scenario(PLAIN).replace(settings)
    other = as_scenario(PLAIN).replace(dict(reversed(settings.items())))
    assert one.text() == other.text()


def test_a_study_does_not_claim_a_value_that_it_varies() -> None:
    changed = as_scenario(PLAIN).replace(
        {"production.line.rate": "20k/day", "production.mill.rate": "2k/day"}
    )
    varied = {"production.line.rate": ["1k/day", "2k/day"]}
    found = make_study(changed, varied, design=None, runs=2, seed=1, jobs=1)
    assert found.title == "The brief (changed: Output, Mill: 2,000 a day)"
