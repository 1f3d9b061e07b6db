"""Findings of comparisons, parsed by an independent reader, agree with the runs of both."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.awkward_comparisons import COMPARISON_PLACES, COMPARISON_ROUND, awkward_comparison
from tests.support.comparisons_proof import SavedComparison, prove_comparisons, save_comparison

#: `benchmarks/proof_of_findings.py --kind compare` reads 200.
CASES = 20
SUPPORT = Path(__file__).parent / "support"
FORMS = {
    "headline of one",
    "headline, nothing",
    "headline, all alike",
    "headline, range",
    "never",
    "no difference",
    "days",
    "amount",
    "unclear days",
    "unclear amount",
    "one run",
    "shares",
}


def test_no_sentence_says_what_the_runs_do_not_bear_out() -> None:
    assert CASES == 2 * COMPARISON_ROUND
    proof = prove_comparisons(range(CASES))
    assert proof.failures == []
    assert proof.scenarios == CASES
    assert set(proof.places) == set(COMPARISON_PLACES)
    assert set(proof.kinds) >= FORMS


def test_the_reader_shares_no_code_with_what_it_reads() -> None:
    for name in ("comparison_reader", "folder_pairs"):
        imports = re.findall(r"^\s*(?:from|import) (\S+)", (SUPPORT / f"{name}.py").read_text(), re.MULTILINE)
        assert imports
        assert not [module for module in imports if module.split(".")[0] == "sim"]


def test_a_case_is_the_same_each_time(tmp_path: Path) -> None:
    assert awkward_comparison(12, tmp_path) == awkward_comparison(12, tmp_path)
    assert awkward_comparison(12, tmp_path) != awkward_comparison(22, tmp_path)


def make_scenario(folder: Path, title: str, *stocks: float) -> dict[str, Any]:
    """Return a scenario of twenty days at 100 a day, whose run k opens with ``stocks[k]``."""
    path = folder / f"{title}.csv"
    path.write_text("\n".join(["depots.d.stock", *map(repr, stocks)]) + "\n", "ascii")
    return {
        "schema": 1,
        "title": title,
        "start": "2024-01-01",
        "end": "2024-01-21",
        "thresholds": [],
        "depots": {"d": {"stock": "0"}},
        "consumption": {"front": {"rate": "100/day"}},
        "draws": str(path),
    }


@pytest.fixture(scope="module")
def shorter(tmp_path_factory: pytest.TempPathFactory) -> SavedComparison:
    """Return a comparison of stocks that run out on the tenth or eleventh day, and three days earlier."""
    folder = tmp_path_factory.mktemp("shorter")
    made = {
        "a": make_scenario(folder, "All", 1000.0, 1100.0),
        "b": make_scenario(folder, "Less", 700.0, 800.0),
    }
    return save_comparison(made, 2, folder)


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> SavedComparison:
    """Return a comparison of stocks that run out in half of ten runs, and in one."""
    folder = tmp_path_factory.mktemp("parted")
    made = {
        "a": make_scenario(folder, "All", *[500.0] * 5, *[9000.0] * 5),
        "b": make_scenario(folder, "More", *[500.0], *[9000.0] * 9),
    }
    return save_comparison(made, 10, folder)


def just_in_time(folder: Path, title: str, *stocks: float) -> dict[str, Any]:
    """Return a scenario that makes each day what is required."""
    return {**make_scenario(folder, title, *stocks), "production": {"works": {"rate": "100/day"}}}


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> SavedComparison:
    """Return a comparison of stocks below a day of supply, in every run and in one of four; all is met."""
    folder = tmp_path_factory.mktemp("met")
    made = {
        "a": just_in_time(folder, "Half a day", *[50.0] * 4),
        "b": just_in_time(folder, "Mostly more", 50.0, 500.0, 500.0, 500.0),
    }
    return save_comparison(made, 4, folder)


def test_a_stock_that_each_day_brings_enough_falls_below_one_day_of_supply(met: SavedComparison) -> None:
    said = {found["label"]: found["sentence"] for found in met.findings}
    assert said[""] == (
        "Mostly more: the stock falls below one day of supply in 25 % of runs, instead of every run; "
        "just as many shells are fired"
    )
    assert said["Below 1 day of supply"].startswith("in 25 % of runs, instead of every run")
    # Half a day of supply and a day's output: the requirement is met to the last day.
    assert said["Requirement not met"].startswith("never before ")
    assert "runs out" not in met.printed.lower()
    assert met.printed.endswith(
        "Below 1 day of supply: less than one day of the planned requirement is left; it may still be met."
    )
    assert met.read().failures == []


@pytest.mark.parametrize(
    ("label", "said", "instead", "failure"),
    [
        ("", "falls below one day of supply", "runs out", "the weaker words is True, not False"),
        ("", "falls below one day of supply in 25 % of runs, instead of every run", "lasts 3 days longer",
         "lasts is False"),
    ],
)  # fmt: skip
def test_the_reader_finds_a_stock_that_does_not_run_out(
    met: SavedComparison, label: str, said: str, instead: str, failure: str
) -> None:
    found = altered(met, label, said, instead)
    assert any(failure in each for each in found), found


def test_the_reader_finds_weaker_words_than_needed(shorter: SavedComparison) -> None:
    found = altered(shorter, "", "lasts 3 days less", "falls below one day of supply 3 days sooner")
    assert any("the weaker words is False, not True" in each for each in found), found


def altered(saved: SavedComparison, label: str, said: str, instead: str) -> list[str]:
    """Return the reader's results with a changed sentence; the headline has no label."""
    changed = [
        {**found, "sentence": found["sentence"].replace(said, instead)} if found["label"] == label else found
        for found in saved.findings
    ]
    assert changed != saved.findings
    return replace(saved, findings=changed).read().failures


@pytest.mark.parametrize(
    ("label", "said", "instead", "failure"),
    [
        ("", "3 days", "4 days", "the difference is -3"),
        ("", "less", "longer", "the direction is -1"),
        ("", "Less:", "Lest:", "the title"),
        ("", "300", "310", "the largest difference is 300"),
        ("", "3 days less", "just as long", "is not next to nothing"),
        ("", "3 days less", "about as long", "the interval is"),
        ("", "3 days less", "to 21 January 2024 as well", "a run gets there"),
        ("", "3 days", "at least 3 days", "the limit"),
        ("", " and ", " within the period and ", "within the period is False"),
        ("The stock runs out", "3 days", "around 3 days", "no rule of the grammar"),
        ("The stock runs out", "3 days sooner", "no difference", "the largest difference is 3"),
        ("The stock runs out", "3 days sooner", "in every run of both", "0 of 2 pairs are censored"),
        ("Fired in all", "300 fewer shells", "300 fewer blankets", "the noun is"),
        ("Fired in all", "300 fewer shells", "300 fewer shell", "a number with a singular"),
        ("Required but not fired", "300 more", "300 fewer", "the direction is 1"),
    ],
)
def test_the_reader_finds_a_false_sentence(
    shorter: SavedComparison, label: str, said: str, instead: str, failure: str
) -> None:
    assert shorter.read().failures == []
    found = altered(shorter, label, said, instead)
    assert any(failure in each for each in found), found


@pytest.mark.parametrize(
    ("label", "said", "instead", "failure"),
    [
        ("", "10 %", "11 %", "the share of runs is 0.1"),
        ("", "not 50 %", "not 49 %", "the share of the first is 0.5"),
        ("", "in 10 % of runs, not 50 %", "in 10 % of runs of both", "differ clearly"),
        ("", "; ", ": no clear difference; ", "no clear difference is False"),
        ("The stock runs out", "fewer", "more", "the direction is -1"),
        (
            "The stock runs out",
            "in 10 % of runs, not 50 %",
            "in no run, instead of 50 %",
            "the share of runs",
        ),
    ],
)
def test_the_reader_finds_a_false_share(
    parted: SavedComparison, label: str, said: str, instead: str, failure: str
) -> None:
    assert parted.read().failures == []
    found = altered(parted, label, said, instead)
    assert any(failure in each for each in found), found


def test_the_reader_misses_a_line_that_is_left_out(shorter: SavedComparison) -> None:
    found = replace(shorter, findings=shorter.findings[:-1]).read().failures
    assert any("'all lines'" in each for each in found), found
