"""A comparison: paired differences by closed form, and by another's statistics."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy import stats

import sim
from sim.charts.comparison_data import ComparisonData
from sim.cli.compare_command import verdict_lines
from sim.errors import ArgumentError, ScenarioError, StorageError
from sim.results.verification import find_problems
from sim.study import read_comparison
from sim.study.scenario_labels import labels_from_files, number_duplicates

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FLAT = SCENARIOS / "flat.yaml"
BRIEF = SCENARIOS / "white-house-2023.yaml"
WITHOUT = SCENARIOS / "without-dprk.yaml"


#: The brief until 1 February 2024: long enough for the stock to run out in each of the runs below.
SHORT = {"end": "2024-02-01"}


# By closed form


def flat(**changes: str) -> sim.Scenario:
    return sim.load(FLAT).replace({path.replace("__", "."): value for path, value in changes.items()})


def first_day(stock: float, net: float, least: float) -> int:
    """Return the first day whose closing level, stock - (d + 1) net, is less than `least`."""
    return math.floor((stock - least) / net)


def test_more_production_is_worth_the_days_of_the_closed_form() -> None:
    compared = sim.compare({"flat": FLAT, "more": flat(production__russia__rate="21k/day")})
    rows = {each.outcome: each for each in compared.differences}
    slow, fast = 60_000 - 2.5e6 / 365.25, 39_000.0
    for outcome, days in (("exhausted", 1), ("below_7", 7), ("below_15", 15), ("below_30", 30)):
        apart = first_day(4e6, fast, days * 60_000) - first_day(4e6, slow, days * 60_000)
        assert rows[outcome].difference == rows[outcome].low == rows[outcome].high == apart
    assert rows["exhausted"].difference == 101 - 74
    # A day's stock and production, 4M - d x net + made, are less than 60,000 from days 75 and 102 on.
    assert rows["rationed_from"].difference == 102 - 75
    # All stock and inflow is fired, in either: 366 days of more production.
    assert rows["fired"].difference == pytest.approx(366 * (21_000 - 2.5e6 / 365.25))
    assert rows["unmet"].difference == pytest.approx(-rows["fired"].difference)
    assert set(compared.table["pairs"]) == {1}
    assert not compared.table["censored"].any()
    assert not {"landed", "lost", "closing_stock"} & set(rows), "zero in both"


def test_a_stock_that_outlasts_the_period_is_longer_by_at_least_the_rest_of_it() -> None:
    compared = sim.compare({"flat": FLAT, "even": flat(production__russia__rate="60k/day")}, runs=3)
    gone = next(each for each in compared.differences if each.outcome == "exhausted")
    assert (gone.difference, gone.censored, gone.pairs) == (366 - 74, 3, 3)
    assert gone.limit == "at least"


# By another's statistics, and by what must hold


@pytest.fixture(scope="module")
def results() -> Mapping[str, sim.Result]:
    brief = sim.load(BRIEF).replace(SHORT)
    without = sim.load(WITHOUT).replace(SHORT)
    one, other = (sim.run(scenario, runs=25, seed=1, jobs=1) for scenario in (brief, without))
    return {"brief": one, "without": other, "apart": sim.run(without, runs=25, seed=2, jobs=1)}


@pytest.fixture(scope="module")
def compared() -> Any:
    scenarios = {
        name: sim.load(file).replace(SHORT) for name, file in (("brief", BRIEF), ("without", WITHOUT))
    }
    return sim.compare(scenarios, runs=25, seed=1, jobs=1)


def day_of(result: sim.Result, outcome: str) -> pd.Series[Any]:
    """Return the days from the start, read from the dates of the table; the end where censored."""
    dates = pd.to_datetime(result.outcomes[outcome]).fillna(pd.Timestamp("2024-02-01"))
    return (dates - pd.Timestamp("2023-09-01")).dt.days


def test_the_table_is_the_paired_t_test_of_scipy(results: Mapping[str, sim.Result], compared: Any) -> None:
    one, other = results["brief"], results["without"]
    checked = set()
    for row in compared.table.itertuples():
        if row.outcome in ("exhausted", "rationed_from") or row.outcome.startswith("below_"):
            a, b = day_of(other, row.outcome), day_of(one, row.outcome)
        else:
            a, b = other.outcomes[row.outcome], one.outcomes[row.outcome]
        if a.equals(b):
            assert (row.difference, row.low, row.high) == (0.0, 0.0, 0.0)
            continue
        span = stats.ttest_rel(a, b).confidence_interval(0.9)
        assert row.difference == pytest.approx((a - b).mean(), rel=1e-9)
        assert (row.low, row.high) == pytest.approx((span.low, span.high), rel=1e-9)
        checked.add(row.outcome)
    assert {"exhausted", "rationed_from", "below_30", "fired", "landed", "sustained_fire"} <= checked


def test_shared_draws_make_the_difference_surer_than_separate_ones(results: Mapping[str, sim.Result]) -> None:
    brief, without, apart = (day_of(results[name], "exhausted") for name in ("brief", "without", "apart"))
    assert (without - brief).var() < 0.2 * (apart - brief).var()
    shared = set(results["brief"].ensemble.drawn) & set(results["without"].ensemble.drawn)
    assert any("stock" in path for path in shared)
    for path in shared:
        drawn = [results[name].ensemble.drawn[path].tolist() for name in ("brief", "without", "apart")]
        assert drawn[0] == drawn[1] != drawn[2], path


def test_turned_round_every_difference_changes_its_sign(compared: Any) -> None:
    scenarios = {
        name: sim.load(file).replace(SHORT) for name, file in (("without", WITHOUT), ("brief", BRIEF))
    }
    third = sim.load(BRIEF).replace({**SHORT, "production.russia.rate": "3M/year"})
    turned = sim.compare({**scenarios, "more": third}, runs=25, seed=1, jobs=1)
    back = {each.outcome: each for each in turned.differences if each.scenario == "brief"}
    assert len(back) == len(compared.differences)
    for each in compared.differences:
        other = back[each.outcome]
        assert (other.difference, other.low, other.high) == pytest.approx(
            (-each.difference, -each.high, -each.low), rel=1e-9
        )
        assert (other.pairs, other.censored) == (each.pairs, each.censored)
    assert {each.scenario for each in turned.differences} == {"brief", "more"}


# Findings, and invalid input


def test_scenarios_that_give_the_same_result_are_named() -> None:
    # A second plant that makes nothing is in the file, and in no figure.
    twin = sim.load(FLAT).replace({"title": "Twin", "production.belarus": {"rate": "0/day"}})
    more = flat(production__russia__rate="3M/year")
    compared = sim.compare({"flat": FLAT, "more": more, "twin": twin, "third": twin}, runs=2)
    assert compared.alike == (("flat", "twin"), ("flat", "third"))
    assert compared.notes[0].startswith("flat and twin give the same result in every run")
    manifest = json.loads(compared.files()["manifest.json"])
    assert manifest["notes"][:2] == list(compared.notes[:2])


@pytest.mark.parametrize(
    ("change", "key", "here", "there"),
    [
        ({"end": "2024-08-01"}, "end", "2024-08-01", "2024-09-01"),
        ({"start": "2023-09-02"}, "start", "2023-09-02", "2023-09-01"),
        ({"thresholds": [30, 10]}, "thresholds", "30, 10", "30, 15, 7"),
    ],
)
def test_scenarios_must_share_their_calendar_and_thresholds(
    change: dict[str, Any], key: str, here: str, there: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        sim.compare({"flat": FLAT, "other": sim.load(FLAT).replace(change)})
    (fault,) = caught.value.faults
    assert fault.path == key
    assert fault.problem == f"'other' has {here}, but 'flat' has {there}"
    assert fault.where is not None


def test_all_that_differs_is_told_at_once() -> None:
    other = sim.load(FLAT).replace({"end": "2024-08-01", "thresholds": [30]})
    with pytest.raises(ScenarioError) as caught:
        sim.compare({"flat": FLAT, "other": other, "brief": BRIEF})
    assert [fault.path for fault in caught.value.faults] == ["end", "thresholds", "end"]


def test_thresholds_may_stand_in_another_order() -> None:
    turned = sim.load(FLAT).replace({"thresholds": [7, 30, 15]})
    assert sim.compare({"flat": FLAT, "turned": turned}).alike == (("flat", "turned"),)


@pytest.mark.parametrize("given", [[], [FLAT], str(FLAT), FLAT, {"flat": FLAT}])
def test_less_than_two_scenarios_are_nothing_to_compare(given: Any) -> None:
    with pytest.raises(ArgumentError, match="nothing to compare; allowed: 2 or more"):
        sim.compare(given)


def test_wrong_numbers_are_refused_before_anything_runs() -> None:
    for wrong in ({"runs": 0}, {"seed": -1}, {"jobs": 0}, {"engine": "simply"}):
        with pytest.raises(ArgumentError):
            sim.compare([FLAT, flat()], **wrong)


def test_names_are_stems_titles_and_numbers() -> None:
    assert labels_from_files([Path("a/flat.yaml"), Path("a/more.yaml")]) == ["flat", "more"]
    assert labels_from_files([Path("a/flat.yaml"), Path("b/flat.yaml")]) == ["a/flat.yaml", "b/flat.yaml"]
    # An absolute path stays out of results.
    assert labels_from_files([Path("/x/flat.yaml"), Path("/y/flat.yaml")]) == ["flat", "flat (2)"]
    assert number_duplicates(["Flat", "Flat", "Flat (2)", "Flat"]) == [
        "Flat",
        "Flat (2)",
        "Flat (2) (2)",
        "Flat (3)",
    ]
    with pytest.raises(ArgumentError, match="is given twice"):
        labels_from_files([Path("flat.yaml"), Path("./flat.yaml")])
    found = sim.compare([FLAT, flat(), flat(title="Other")])
    assert [one.name for one in found.scenarios] == ["flat", "Flat", "Other"]


def test_progress_runs_once_over_all_scenarios() -> None:
    told: list[tuple[int, int]] = []
    sim.compare(
        [FLAT, flat(title="B"), flat(title="C")], runs=4, jobs=1, progress=lambda *at: told.append(at)
    )
    assert {total for _, total in told} == {12}
    assert told[-1] == (12, 12)
    assert all(a < b for (a, _), (b, _) in pairwise(told))


# On disk


def test_what_is_saved_reads_back_the_same(tmp_path: Path, compared: Any) -> None:
    folder = compared.save(tmp_path / "deep" / "mine", {"compare.png": b"png"}, log="command: sim compare\n")
    names = {
        "compare.csv",
        "summary.json",
        "manifest.json",
        "log.txt",
        "compare.png",
        "scenario-1.yaml",
        "scenario-2.yaml",
    }
    assert {path.name for path in folder.iterdir()} == names
    assert find_problems(folder) == ()
    saved = read_comparison(folder)
    pd.testing.assert_frame_equal(saved.table, compared.table)
    assert saved.summary() == compared.summary()
    assert saved.sources == compared.sources
    columns = "scenario,outcome,difference,low,high,pairs,censored"
    assert (folder / "compare.csv").read_text("utf-8").splitlines()[0] == columns


def test_the_manifest_names_every_scenario_and_input(compared: Any) -> None:
    manifest = json.loads(compared.files()["manifest.json"])
    digests = [one["digest"] for one in manifest["scenarios"].values()]
    assert list(manifest["scenarios"]) == ["brief", "without"]
    assert digests == [one["digest"] for one in compared.summary()["scenarios"].values()]
    assert len(set(digests)) == 2
    assert set(manifest["inputs"]) == {"white-house-2023.yaml", "without-dprk.yaml"}
    assert "scipy" in manifest["versions"]
    assert {source["id"] for source in manifest["sources"]} >= {
        "stock-2023-10-kiviselg-4m",
        "spc-osc-250to375",
    }


def test_two_input_files_of_one_name_are_both_in_the_manifest(tmp_path: Path) -> None:
    for folder, rate in (("one", "60k/day"), ("two", "50k/day")):
        (tmp_path / folder).mkdir()
        text = FLAT.read_text("utf-8").replace("60k/day", rate)
        (tmp_path / folder / "flat.yaml").write_text(text, "utf-8")
    found = sim.compare([tmp_path / "one" / "flat.yaml", tmp_path / "two" / "flat.yaml"])
    files = found.files()
    assert len(json.loads(files["manifest.json"])["inputs"]) == 2
    assert str(tmp_path).encode() not in b"".join(files.values())


def test_one_run_leaves_the_interval_empty_on_disk(tmp_path: Path) -> None:
    found = sim.compare({"a": sim.load(BRIEF).replace(SHORT), "b": sim.load(WITHOUT).replace(SHORT)}, runs=1)
    assert read_comparison(found.save(tmp_path / "mine")).table["low"].isna().all()
    summary = found.summary()["differences"]["b"]["fired"]
    assert (summary["low"], summary["high"], summary["pairs"]) == (None, None, 1)


def test_what_is_no_comparison_is_not_read(tmp_path: Path) -> None:
    sim.run(FLAT).save(tmp_path / "run")
    with pytest.raises(StorageError, match=r"is not a comparison: it has no compare\.csv"):
        read_comparison(tmp_path / "run")
    sim.compare([FLAT, flat()]).save(tmp_path / "mine")
    path = tmp_path / "mine" / "compare.csv"
    path.write_bytes(path.read_bytes().replace(b"fired", b"tired"))
    with pytest.raises(StorageError, match=r"compare\.csv is not the file that was written"):
        read_comparison(tmp_path / "mine")


def test_a_notebook_shows_titles_as_text() -> None:
    shown = sim.compare([FLAT, flat(title="<b>Other")])._repr_html_()
    assert "&lt;b&gt;Other" in shown
    assert "sim report" in shown
    assert "<b>Other" not in shown
    assert repr(sim.compare([FLAT, flat()])) == (
        "<Comparison of flat, Flat: 1 run, seed 1. "
        "Flat: the stock lasts just as long and just as many shells are fired>"
    )


def test_where_dates_are_censored_the_shares_of_runs_are_compared() -> None:
    """A stock of 1 to 2 million less 10,000 a day lasts beyond day 150 where it is over 1.5 million.

    With 100,000 more it does so from 1.4 million on: 40 % of the runs run out, not 50 %.
    """
    base = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-05-31",
        "depots": {"reserve": {"stock": {"low": "1M", "high": "2M"}}},
        "consumption": {"front": {"rate": "10k/day"}},
    }
    lines = {"line": {"rate": {"by_date": {"2024-01-01": "100k/day", "2024-01-02": "0/day"}}}}
    found = sim.compare({"base": base, "more": {**base, "production": lines}}, runs=400, seed=5)
    change = next(each for each in found.differences if each.outcome == "exhausted")
    stock = sim.run(base, runs=400, seed=5).outcomes["depots.reserve.stock"]
    # It is exhausted when less than one day of the requirement is left at the close of day 151 or before.
    first, other = (stock < 1.52e6).mean(), (stock < 1.42e6).mean()
    assert change.first_share == pytest.approx(first, abs=0.02)
    assert change.other_share == pytest.approx(other, abs=0.02)
    headline = found.findings[0]
    assert "days" not in headline.sentence
    assert headline.values["other_share"] == change.other_share
    assert found.summary()["findings"][0]["sentence"] == headline.sentence
    low, high = change.share_low, change.share_high
    assert low is not None
    assert high is not None
    assert low < other - first < high < 0


def test_html_signs_no_nothing() -> None:
    shown = sim.compare([FLAT, flat(title="Other")])._repr_html_()
    assert "0 shells</td>" in shown
    assert not re.search(r"[+-]0(?:\.0)?\b", shown)


def test_each_of_several_stocks_has_its_share_of_runs() -> None:
    # The draw of each stock is from 5 to 15 days of supply of a period of 20; fire falls to a half.
    rates = {"north": "100/day", "south": "100/day"}

    def fronts(title: str, rate: str) -> dict[str, Any]:
        return {
            "schema": 1,
            "title": title,
            "start": "2024-01-01",
            "end": "2024-01-21",
            "thresholds": [],
            "depots": {name: {"stock": {"low": "500", "high": "1500"}} for name in rates},
            "consumption": {
                "one": {"rate": "100/day", "at": "north"},
                "two": {"rate": rate, "at": "south"},
            },
        }

    found = sim.compare([fronts("A", "100/day"), fronts("B", "50/day")], runs=40)
    lines = {each.label: each for each in found.findings if each.kind == "comparison_stock"}
    # In some runs of B less than a day is left on the last day alone, when no more is required.
    north, south = lines["Below 1 day: North"], lines["Below 1 day: South"]
    assert north.sentence == "in every run of both"
    # At 50 a day the stock lasts to the end where it is 1,000 or more after the last day of supply.
    share = float(str(south.values["other_share"]))
    assert 0.3 < share < 0.7
    assert south.sentence == f"in {share:.0%} of runs, instead of every run".replace("%", " %")
    saved = found.figures()["scenarios"]
    assert {name: one["exhausted"]["south"]["shells"] for name, one in saved.items()} == {
        "A": 1.0,
        "B": share,
    }
    assert saved["A"]["rationed"]["south"]["shells"] == 1.0
    assert saved["B"]["rationed"]["south"]["shells"] < share
    assert "Below 1 day: South" in "\n".join(verdict_lines(ComparisonData.of(found)))


# Policies under the same wars


def test_policies_of_orders_face_the_same_wars_and_differ_in_money(tmp_path: Path) -> None:
    war = {
        "schema": 1,
        "title": "Base stock",
        "start": "2026-01-01",
        "end": "2027-01-01",
        "currency": "EUR",
        "thresholds": [],
        "depots": {"d": {"stock": "2000"}},
        "orders": {"works": {"order_up_to": "2000", "unit_cost": "100 EUR", "lead_time": "10 days"}},
        "consumption": {
            "front": {
                "priority": 1,
                "rate": {"by_date": {"2026-01-01": "10/day", "war": {"low": "100/day", "high": "300/day"}}},
            },
        },
        "events": {"war": {"date": {"low": "2026-02-01", "high": "2026-11-01"}}},
    }
    lots = {
        "works": {
            "reorder_point": "1000",
            "order_quantity": "500",
            "unit_cost": "100 EUR",
            "lead_time": "10 days",
        }
    }
    policies: dict[str, Any] = {"base-stock": war, "lots": {**war, "title": "Lots", "orders": lots}}
    # Same wars: date and rate of each run do not depend on the policy, and differ between runs.
    asked: dict[str, Any] = {"jobs": 1, "engine": "simpy"}
    runs = {name: sim.run(plain, runs=30, **asked).outcomes for name, plain in policies.items()}
    dates = [found["events.war.date"].tolist() for found in runs.values()]
    assert dates[0] == dates[1]
    assert len(set(dates[0])) > 20
    rates = [found["consumption.front.rate.by_date.war"].tolist() for found in runs.values()]
    assert rates[0] == rates[1]
    compared = sim.compare(policies, runs=30, **asked)
    rows = {each.outcome: each for each in compared.differences}
    for outcome, unit in (("spent", "money"), ("met.front", "share of the requirement"), ("orders", "count")):
        own = (runs["lots"][outcome] - runs["base-stock"][outcome]).mean()
        assert rows[outcome].unit == unit
        assert rows[outcome].difference == pytest.approx(own)
    said = {found.label: found.sentence for found in compared.findings}
    assert re.fullmatch(r"[\d.]+ percentage points? less \([\d.]+ to [\d.]+\)", said["Met: Front"])
    assert re.fullmatch(r"[\d,.]+M? EUR less \([\d,.]+M? to [\d,.]+M?\)", said["Money spent on orders"])
    figure = sim.charts.compare(read_comparison(compared.save(tmp_path / "policies")))
    assert any(text.get_text().startswith("EUR less") for text in figure.texts)
    # In another currency nothing compares.
    other = {**policies["lots"], "currency": "USD"}
    other = json.loads(json.dumps(other).replace("EUR", "USD"))
    mixed = sim.compare({"base-stock": war, "lots": other}, runs=3, **asked)
    assert not {"spent", "cost"} & {each.outcome for each in mixed.differences}
