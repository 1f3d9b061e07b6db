"""Backtest: which claims are scored, baselines and scores by hand, and a whole one on a small account."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import sim
from sim.account import Kind
from sim.auditing import Bound, Match
from sim.auditing.backtest_result import Backtest, read_backtest
from sim.auditing.baselines import baseline_of
from sim.auditing.foretold_ranges import months
from sim.auditing.scored_claims import backtest_claims
from sim.auditing.scores import score
from sim.charts import draw
from sim.cli.app import app
from sim.errors import ArgumentError, ScenarioError
from sim.observables import Cumulative, Flow, Level, Measure, Observable, Window
from sim.results.verification import find_problems
from tests.support.backtest_reader import GRAMMAR, read_backtest_folder
from tests.support.evidence_rows import estimate

ROOT = Path(__file__).parents[1]
WAR = ROOT / "scenarios" / "war-2023-10.yaml"
JANUARY = Window(dt.date(2024, 1, 1), dt.date(2024, 1, 31))
MAY = Window(dt.date(2024, 5, 1), dt.date(2024, 5, 31))
HEADER = (
    "id,quantity,munition,low,central,high,unit,period_start,period_end,published,claimant,publisher,url,"
    "confidence,note\n"
)
ROWS = """\
stock-1,stock,,,100000,,shells,2024-01-01,2024-01-01,2024-01-02,Depot,Journal,,A,
fire-1,consumption_rate,,,4000,,shells/day,2024-01-01,2024-01-31,2024-02-01,Front,Journal,,B,
fire-2,consumption_rate,,,4100,,shells/day,2024-02-01,2024-02-29,2024-03-01,Front,Journal,,B,
made-1,production_rate,,,3800,,shells/day,2024-01-01,2024-01-31,2024-02-01,Works,Journal,,B,
fire-3,consumption_rate,,,4050,,shells/day,2024-03-01,2024-03-31,2024-04-02,Front,Journal,,B,
fire-4,consumption_rate,,,12500,,shells/day,2024-04-01,2024-04-30,2024-05-02,Front,Journal,,B,
fire-again,consumption_rate,,,4200,,shells/day,2024-02-01,2024-02-29,2024-04-03,"A. Nother, Front",Journal,,B,
fire-most,consumption_rate,,,,9000,shells/day,2024-04-01,2024-04-30,2024-05-03,Other,Journal,,B,
made-twice,production_rate,,,3900,,shells/day,2024-03-01,2024-03-31,2024-04-05,Works,Journal,,C,
made-2,production_rate,,,3850,,shells/day,2024-03-05,2024-03-31,2024-04-04,Works,Journal,,B,
duds,quality_dud_fraction,,,0.1,,fraction,2024-03-01,2024-03-31,2024-04-04,Front,Journal,,B,
late,consumption_rate,,,4000,,shells/day,2024-04-01,2024-04-30,2024-06-02,Front,Journal,,B,
"""
SCENARIO = """\
schema: 1
title: A small front
start: 2024-01-01
end: 2024-07-01
evidence: mine.csv
depots: {front: {stock: {median: 100k, p95: 200k}}}
production: {works: {to: front, rate: {median: 4k/day, p95: 8k/day}}}
consumption: {line: {at: front, rate: {median: 4k/day, p95: 8k/day}}}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backtest")
    (folder / "mine.csv").write_text(HEADER + ROWS)
    (folder / "small.yaml").write_text(SCENARIO)
    return folder / "small.yaml"


# Which claims are scored


def test_of_later_claims_only_independent_figures_are_scored(file: Path) -> None:
    scenario = sim.load(file)
    table = sim.evidence.load_file(file.parent / "mine.csv")
    found = backtest_claims(table, scenario, dt.date(2024, 3, 31), dt.date(2024, 5, 31))
    assert [row.estimate.id for row in found.known] == ["stock-1", "fire-1", "fire-2", "made-1"]
    assert [row.estimate.id for row in found.scored] == ["fire-3", "fire-4", "made-2"]
    assert {row.match.estimate.id: row.sentence for row in found.left_out} == {
        "fire-again": "the same claimant, quantity and period as fire-2, published by 2024-03-31",
        "fire-most": "a bound is no figure to hit",
        "made-twice": "the same claimant, quantity and period as made-2",
    }
    assert [row.estimate.id for row in found.not_comparable] == ["duds"]


def test_the_claims_of_the_war_are_those_that_the_docs_list() -> None:
    found = backtest_claims(sim.evidence.load(), sim.load(WAR), dt.date(2023, 10, 17), dt.date(2024, 6, 30))
    page = (ROOT / "docs" / "audit.md").read_text("utf-8")
    section = page.partition("### October 2023 to June 2024")[2].partition("\n### ")[0]
    listed = re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE)
    assert [row.estimate.id for row in found.scored] == listed


# Baselines and scores


def claim(name: str, number: Observable, middle: float, spread: float = 0.2) -> Match:
    row = estimate(
        id=name, quantity="any", period_start=JANUARY.first, period_end=JANUARY.last, family="theirs"
    )
    return Match(row, number, None, middle, None, Bound.CENTRAL, spread, None)


def rate(window: Window, measure: Measure = Measure.RATE) -> Flow:
    return Flow(kinds=(Kind.FIRED,), window=window, measure=measure)


def test_a_rate_goes_on_as_it_is_or_along_its_logarithms() -> None:
    february = Window(dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    known = [claim("b", rate(february), 4_000, 0.3), claim("a", rate(JANUARY), 2_000)]
    base = baseline_of(claim("c", rate(MAY), 9_000, 0.4), known)
    assert base is not None
    assert base.persistence == pytest.approx(4_000)
    # The middles are 16 January, 15 February and 16 May: it doubles in 30 days, and 91 more follow.
    assert base.trend == pytest.approx(4_000 * 2 ** (91 / 30))
    assert base.spread == pytest.approx(0.5)
    # Of an amount it is the rate that goes on.
    amount = baseline_of(claim("d", rate(MAY, Measure.AMOUNT), 9_000), known[:1])
    assert amount is not None
    assert amount.persistence == amount.trend == pytest.approx(4_000 * 31)
    assert baseline_of(claim("e", Level(date=MAY.last), 9_000), known) is None


def test_a_cumulative_count_grows_at_its_last_rate() -> None:
    def count(day: dt.date) -> Cumulative:
        return Cumulative(kinds=(Kind.LANDED,), date=day)

    one = claim("a", count(JANUARY.last), 3_100)
    until = claim("c", count(dt.date(2024, 2, 29)), 1)
    base = baseline_of(until, [one])
    assert base is not None
    # A hundred a day in January.
    assert base.persistence == pytest.approx(6_000)
    two = claim("b", count(dt.date(2024, 2, 10)), 4_100)
    base = baseline_of(until, [one, two])
    assert base is not None
    # A thousand in ten days, and nineteen more follow.
    assert base.persistence == pytest.approx(4_100 + 1_900)
    assert base.trend == pytest.approx(6_000)


def test_scores_are_those_of_the_distribution_that_is_foretold() -> None:
    said, numbers, factors = (
        claim("a", rate(MAY), 5_000, 0.3),
        np.array([2e3, 4e3, 8e3]),
        np.array([1, 2, 1.5]),
    )
    found = score(said, numbers, factors, None)
    centres = np.log(numbers * factors)

    def below(value: float) -> float:
        return float(norm.cdf(value, centres, 0.3).mean())

    def squared(value: float) -> float:
        return (below(value) - float(value >= math.log(5_000))) ** 2

    expected = quad(squared, 4, 13, points=[math.log(5_000)], limit=200)[0]
    assert found.crps == pytest.approx(expected, rel=1e-5)
    assert found.place == pytest.approx(below(math.log(5_000)))
    assert [below(math.log(value)) for value in found.foretold] == pytest.approx(
        [0.05, 0.25, 0.5, 0.75, 0.95]
    )
    assert found.is_within_ninety
    # A baseline is a single normal distribution.
    base = baseline_of(said, [claim("b", rate(JANUARY), 5_000, 0.4)])
    scored = score(said, numbers, factors, base)
    assert scored.crps_persistence == pytest.approx(0.5 * (math.sqrt(2 / math.pi) - 1 / math.sqrt(math.pi)))
    assert scored.error_persistence == pytest.approx(0.0)


def test_months_begin_after_the_first_date_and_end_with_the_last() -> None:
    found = [
        (one.first.isoformat(), one.last.isoformat())
        for one in months(dt.date(2023, 11, 30), dt.date(2024, 1, 9))
    ]
    assert found == [("2023-12-01", "2023-12-31"), ("2024-01-01", "2024-01-09")]


# A whole backtest


@pytest.fixture(scope="module")
def saved(file: Path) -> Path:
    out = file.parent / "out"
    arguments = ["backtest", str(file), "--as-of", "2024-03-31", "--until", "2024-05-31", "--out", str(out)]
    with redirect_stdout(StringIO()) as printed:
        app([*arguments, "--json"], standalone_mode=False)
    assert json.loads(printed.getvalue()) == json.loads((out / "summary.json").read_text())
    return out


@pytest.mark.slow
def test_the_command_writes_what_python_returns(file: Path, saved: Path) -> None:
    assert find_problems(saved) == ()
    found = sim.backtest(file, "2024-03-31", dt.date(2024, 5, 31), jobs=1)
    assert isinstance(found, Backtest)
    files = found.files()
    for name in ("summary.json", "scores.csv", "claims.csv", "ranges.csv", "scenario.yaml"):
        assert (saved / name).read_bytes() == files[name], name


@pytest.mark.slow
def test_what_is_foretold_follows_from_what_is_believed(saved: Path) -> None:
    summary = json.loads((saved / "summary.json").read_text())
    assert (summary["believed"], summary["scored"], summary["left_out"], summary["not_comparable"]) == (
        4,
        3,
        3,
        1,
    )
    assert (summary["within_90"], summary["compared"]["claims"]) == (2, 3)
    (missed,) = [one for one in summary["findings"] if one["kind"] == "backtest_miss"]
    assert missed["sentence"].startswith(
        "fire-4 is above its range: mean fire, 1 April 2024 to 30 April 2024, 12,500"
    )
    import pandas as pd

    scores = pd.read_csv(saved / "scores.csv").set_index("claim")[["p5", "p50", "p95"]].to_dict("index")
    # Two figures of a spread of 0.2 on one rate, and a prior of 0.42: 0.134 is left, and the claim's own 0.2.
    precision = 2 / 0.2**2 + 1 / 0.4214**2
    width = math.hypot(1 / math.sqrt(precision), 0.2)
    low, middle, high = scores["fire-3"].values()
    assert math.log(high / low) == pytest.approx(2 * 1.645 * width, rel=0.1)
    assert middle == pytest.approx(4_045, rel=0.05)
    ranges = pd.read_csv(saved / "ranges.csv")
    assert ranges["number"].tolist() == ["stock", "fire", "output", "arrivals"] * 2
    assert (ranges["p5"] <= ranges["p95"]).all()
    claims = pd.read_csv(saved / "claims.csv").set_index("claim")["published"]
    given = pd.read_csv(StringIO(HEADER + ROWS)).set_index("id")["published"]
    assert claims.to_dict() == given[given.between("2024-04-01", "2024-05-31")].to_dict()


@pytest.mark.slow
def test_no_sentence_says_what_the_tables_do_not_bear_out(saved: Path) -> None:
    title = str(draw("backtest", read_backtest(saved)).get_label())
    reading = read_backtest_folder(saved, saved.parent / "mine.csv", title)
    assert reading.failures == []
    assert set(reading.kinds) == set(GRAMMAR)
    # The chart of the command is that of the folder.
    listed = json.loads((saved / "manifest.json").read_text())["files"]
    assert {"backtest.png", "backtest.svg"} <= listed.keys()
    summary = saved / "summary.json"
    for said, instead, failure in (
        ("4 claims, published", "5 claims, published", "the believed claims is 4"),
        ("3 of them are", "2 of them are", "the scored claims is 3"),
        ("hold 2 of 3", "hold 3 of 3", "the figures within"),
        ("with an earlier one: 0.", "with an earlier one: 1.", "the mean crps is"),
        ("is above its range", "is below its range", "the side is above"),
        ("a day up to 31 May", "a day up to 30 May", "the last day is"),
    ):
        changed = summary.read_text("utf-8").replace(said, instead)
        assert changed != summary.read_text("utf-8"), said
        copy = saved.parent / f"changed {said}"
        copy.mkdir()
        for name in ("scores.csv", "claims.csv", "ranges.csv"):
            (copy / name).write_bytes((saved / name).read_bytes())
        (copy / "summary.json").write_text(changed, "utf-8")
        found = read_backtest_folder(copy, saved.parent / "mine.csv").failures
        assert any(failure in each for each in found), (said, found)


def refusals() -> Iterator[tuple[str, str, str]]:
    yield "2024-03-31", "2024-03-31", "the last date, 2024-03-31; allowed: 2024-04-01 to 2024-06-30"
    yield "2023-03-31", "2024-03-31", "the first date, 2023-03-31; allowed: a day of the scenario, 2024-01-01"
    yield "31 March", "2024-03-31", "the first date of the backtest"


@pytest.mark.parametrize(("as_of", "until", "message"), [*refusals()])
def test_dates_out_of_range_are_refused(file: Path, as_of: str, until: str, message: str) -> None:
    with pytest.raises(ArgumentError, match=re.escape(message)):
        sim.backtest(file, as_of, until)


def test_hindsight_is_refused() -> None:
    with pytest.raises(ScenarioError, match="was published on") as refused:
        sim.backtest(WAR, "2023-06-30", "2024-06-30")
    assert "a backtest as of 2023-06-30 would have hindsight" in str(refused.value)
