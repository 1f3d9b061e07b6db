"""Findings of a break-even search: units, names, periods, and why no value holds; by closed form."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.cli.app import app, exit_status
from sim.errors import ArgumentError
from sim.findings.number_words import NumberWords
from sim.names import noun_of
from sim.simulate import as_scenario
from sim.study.axis import Axis
from sim.study.evaluation import evaluate

START, DAYS = "2024-01-01", 200
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "Plain",
    "start": START,
    "end": "2024-07-19",
    "thresholds": [30],
    "depots": {"d": {"stock": "4M"}},
    "production": {"line": {"rate": "20k/day"}},
    "consumption": {"front": {"rate": "60k/day"}},
}


@pytest.mark.parametrize(
    ("words", "value", "text"),
    [
        # 600,000 a year is 1,642.71 a day.
        (
            NumberWords("production.line.rate", "shells/day", "0.5M/year"),
            6e5 / 365.25,
            "600,000 shells a year",
        ),
        (NumberWords("consumption.front.rate", "shells/day", "60k/day"), 17_268.4, "17,270 shells a day"),
        (NumberWords("events.offensive.factor", "share", "5"), 1.852, "1.85 times"),
        (NumberWords("consumption.front.rate", "factor"), 0.8831, "0.883 times"),
        (NumberWords("consumption.front.daily_variation", "share", "20%"), 1.5, "150 %"),
        (NumberWords("production.line.growth", "share", "3%"), 0.031, "3.1 % a month"),
        (NumberWords("consumption.front.guns", "number", "2000"), 1642.71, "1,643 guns"),
        (NumberWords("consumption.front.barrels.stock", "number", "7000"), 7000.0, "7,000 barrels"),
        (
            NumberWords("consumption.front.barrels.production", "number/day", "100/year"),
            1.0,
            "365.2 barrels a year",
        ),
        (NumberWords("shipments.x.lead_time", "days", "30 days"), 1.0, "1 day"),
        (NumberWords("depots.d.stock", "shells", "4M", noun_of("blanket")), 2.4838e6, "2.484M blankets"),
        (NumberWords("production.line.rate", "shells/day", "1/day"), 1.0, "1 shell a day"),
        (NumberWords("depots.d.stock", "shells", "4M", noun_of("ox", "oxen")), 1.0, "1 ox"),
        (NumberWords("consumption.front.guns", "number", "2000"), 1.0, "1 gun"),
    ],
)
def test_a_value_has_its_unit(words: NumberWords, value: float, text: str) -> None:
    assert words.text(value) == text


def test_a_varied_rate_is_told_by_the_period_of_the_file() -> None:
    made = {**PLAIN, "production": {"line": {"rate": "0.6M/year"}}}
    found = sim.breakeven(made, "consumption.front.rate", vary={"production.line.rate": ["0.6M/year"]})
    # (4M + 200 x 600,000 / 365.25) / 201.
    value = (4e6 + DAYS * 6e5 / 365.25) / (DAYS + 1)
    (sentence,) = found.sentences
    assert sentence == (
        "Required rate, front (Output, Line: 600,000 shells a year): with "
        f"{round(value, -1):,.0f} shells a day or less the stock lasts until 19 Jul 2024."
    )


def test_blankets_are_blankets_and_a_stock_that_is_alone_is_in_the_scope() -> None:
    relief = {**PLAIN, "munitions": {"blanket": {"noun": "blanket"}}}
    relief["depots"] = {"d": {"stock": {"blanket": "4M"}}}
    relief["production"] = {"line": {"rate": {"blanket": "20k/day"}}}
    relief["consumption"] = {"front": {"rate": {"blanket": "60k/day"}}}
    found = sim.breakeven(relief, "production.line.rate.blanket")
    (finding,) = (each for each in found.findings if each.kind == "breakeven")
    assert "blankets a day or more" in finding.sentence
    assert (finding.scope.depot, finding.scope.munition) == ("d", "blanket")
    assert (finding.scope.start, finding.scope.end, finding.scope.runs) == (START, "2024-07-19", 1)


def test_the_course_of_a_budget_has_no_factor_and_its_numbers_are_named() -> None:
    rate = {"by_date": {START: "1M EUR/year", "2024-04-10": "5M EUR/year"}}
    funds = {"currency": "EUR", "budget": {"rate": rate}}
    orders = {"works": {"order_up_to": "1M", "unit_cost": "1 EUR"}}
    with pytest.raises(ArgumentError) as error:
        sim.breakeven({**PLAIN, **funds, "orders": orders}, "budget.rate")
    (fault,) = error.value.faults
    assert fault.problem == "this course has no factor"
    assert f"budget.rate.by_date.{START}" in fault.allowed


def test_a_whole_course_is_solved_for_a_factor(tmp_path: Path) -> None:
    course = {"by_date": {START: "30k/day", "2024-04-10": "60k/day"}}
    stepped = {**PLAIN, "consumption": {"front": {"rate": course}}}
    found = sim.breakeven(stepped, "consumption.front.rate")
    # Of 4M and 200 x 20,000 made, f (100 x 30,000 + 100 x 60,000) is fired, and f x 60,000 is to be left.
    assert found.value == pytest.approx(8e6 / (100 * 30e3 + 100 * 60e3 + 60e3), rel=2e-6)
    assert found.unit == "factor"
    assert found.sentences == (
        "Required rate, front, whole course: with 0.883 times or less the stock lasts until 19 Jul 2024; "
        "the requirement is met with 0.889 or less.",
    )
    assert found.save(tmp_path / "x").is_dir()
    assert "whole-course" not in (tmp_path / "x" / "scenario.yaml").read_text()


def test_the_uncertainty_of_a_course_stays_under_its_factor() -> None:
    course = {"by_date": {START: {"low": "30k/day", "high": "50k/day"}, "2024-04-10": "60k/day"}}
    stepped = {**PLAIN, "consumption": {"front": {"rate": course}}}
    found = sim.breakeven(stepped, "consumption.front.rate", runs=41, seed=3)
    path = f"consumption.front.rate.by_date.{START}"
    first = sim.run(stepped, runs=41, seed=3, engine="simpy", jobs=1).outcomes[path]
    own = sorted(8e6 / (100 * first + 100 * 60e3 + 60e3))
    # Met in half of 41 runs, that is in 21: up to the 21st factor from above.
    assert found.value == pytest.approx(own[-21], rel=2e-6)


def test_a_course_that_no_event_multiplies_names_its_dates() -> None:
    reserve = {"stock": "1M", "production": {"by_date": {START: "1k/day"}}}
    ship = {"ally": {"reserve": reserve, "offered": "9k/day", "lead_time": "1 day"}}
    path = "shipments.ally.reserve.production"
    with pytest.raises(ArgumentError, match=rf"{path}.by_date.{START}"):
        sim.breakeven({**PLAIN, "shipments": ship}, path)


LATE = {
    **PLAIN,
    "depots": {"d": {"stock": 0}},
    "shipments": {"ally": {"deliveries": {"2024-02-20": "1.49M"}, "lead_time": "1 day"}},
}


def test_met_from_a_date_on_does_not_count_what_is_over_by_then() -> None:
    # The delivery of day 50 lands on day 51. In 149 days 1.49M are 10,000 a day.
    found = sim.breakeven(LATE, "production.line.rate", of="unmet", since="2024-04-10")
    assert found.value == pytest.approx(50e3, rel=2e-6)
    assert found.sentences == (
        "Output, Line: with 50,000 shells a day or more the requirement is met on every day from 10 Apr 2024 "
        "until 19 Jul 2024.",
    )
    assert found.findings[0].scope.start == "2024-04-10"
    # From the start on, all must be made.
    assert sim.breakeven(LATE, "production.line.rate", of="unmet").value == pytest.approx(60e3, rel=2e-6)


@pytest.mark.parametrize("outcome", ["rationed_from", "exhausted", "below_30"])
def test_both_engines_count_first_days_from_a_date_on(outcome: str) -> None:
    drawn = {**LATE, "consumption": {"front": {"rate": "60k/day", "daily_variation": "30%"}}}
    scenario = as_scenario(drawn)
    axes = [Axis("production.line.rate", (5e4, 58e3), (5e4, 58e3))]
    since = scenario.start.replace(month=4)
    found = {
        engine: next(
            evaluate(scenario, axes, [(0,), (1,)], runs=5, seed=2, jobs=1, engine=engine, since=since)
        )
        for engine in ("simpy", "compiled")
    }
    simpy, compiled = (each.values[each.names.index(outcome)] for each in found.values())
    assert simpy.tolist() == compiled.tolist()
    assert (simpy >= (since - scenario.start).days).all()
    assert np.isfinite(simpy).any()


@pytest.mark.parametrize(
    ("since", "says"),
    [("2024-13-01", "from: '2024-13-01' is no date"), ("2024-07-19", "is not in the period before")],
)
def test_a_first_date_outside_the_period_is_an_error(since: str, says: str) -> None:
    with pytest.raises(ArgumentError, match=says):
        sim.breakeven(PLAIN, "production.line.rate", since=since)


def test_where_no_value_holds_the_first_arrival_says_why() -> None:
    ship = {"ally": {"offered": "10k/day", "lead_time": "32 days"}}
    short = {**PLAIN, "depots": {"d": {"stock": "1M"}}, "production": {}, "shipments": ship}
    found = sim.breakeven(short, "shipments.ally.offered")
    # 1M less 60,000 a day is below 60,000 after 16 days; the offer of day 0 lands on day 32.
    assert found.sentences == (
        "Cargo offered, Ally: there is no value between 1,000 and 100,000 shells a day with which the stock "
        "lasts until 19 Jul 2024. Nothing from Ally arrives before 2 Feb 2024. With 100,000 shells a day the "
        "stock runs out on 16 Jan 2024.",
    )
    assert found.findings[0].values["arrives"] == "2024-02-02"
    # 1M less 60,000 a day is below 600,000 after 7 days.
    (cover,) = sim.breakeven(short, "shipments.ally.offered", of="below_10").sentences
    assert cover.endswith(" the stock falls below 10 days of supply on 7 Jan 2024.")


def test_the_command_takes_a_first_date_and_keeps_answers_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path(__file__).parent.parent / "scenarios"
    flat, brief = (str(folder / name) for name in ("flat.yaml", "white-house-2023.yaml"))

    def run(*words: str) -> str:
        out = io.StringIO()
        with redirect_stdout(out):
            assert exit_status(lambda: app(list(words), prog_name="sim", standalone_mode=False)) == 0
        return out.getvalue()

    rate = "production.russia.rate"
    run("breakeven", flat, "--solve", rate)
    assert "from 1 Jun 2024 until" in run("breakeven", flat, "--solve", rate, "--from", "2024-06-01")
    run("breakeven", flat, "--solve", "consumption.front.rate")
    run("sensitivity", brief, "--method", "tornado", "--runs", "4", "--set", "end=2023-12-01")
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [
        "breakeven-flat-consumption.front.rate",
        "breakeven-flat-production.russia.rate",
        "breakeven-flat-production.russia.rate-from-2024-06-01",
        "sensitivity-white-house-2023-tornado",
    ]


def test_every_value_tried_is_kept_with_its_share() -> None:
    drawn = {**PLAIN, "depots": {"d": {"stock": {"low": "2M", "high": "6M"}}}}
    found = sim.breakeven(drawn, "production.line.rate", runs=40, seed=3)
    points = found.points
    stocks = sim.run(drawn, runs=40, seed=3, engine="simpy", jobs=1).outcomes["depots.d.stock"]
    own = 60e3 - (stocks - 60e3) / DAYS
    assert len(points) > 33
    assert points["value"].is_monotonic_increasing
    clear = [
        (x, y) for x, y in zip(points["value"], points["share"], strict=True) if (abs(own - x) > 1).all()
    ]
    assert len(clear) > 33
    assert [share for _, share in clear] == [(own <= value).mean() for value, _ in clear]


def test_the_value_for_the_requirement_stands_beside_that_for_a_stock_that_lasts(tmp_path: Path) -> None:
    # 200 days take 40,000 a day out of the stock: 8M to meet the requirement, and 60,000 more to keep a day.
    found = sim.breakeven(PLAIN, "depots.d.stock")
    alone = sim.breakeven(PLAIN, "depots.d.stock", of="unmet")
    assert found.sentences == (
        "Opening stock at D: with 8.06M shells or more the stock lasts until 19 Jul 2024; the requirement "
        "is met with 8M or more.",
    )
    (answer,) = (each for each in found.findings if each.kind == "breakeven")
    assert answer.values["met_value"] == pytest.approx(alone.value, rel=2e-6)
    points = found.points
    least = points[points["met_share"] == 1.0]["value"].min()
    assert least == answer.values["met_value"]
    assert found.summary()["answers"][0]["met"] == least
    assert "met_share" not in alone.points
    # With enough coming in nothing has to be in stock, but for the day that is left over.
    enough = {**PLAIN, "production": {"line": {"rate": "60k/day"}}, "depots": {"d": {"stock": "1M"}}}
    (sentence,) = sim.breakeven(enough, "depots.d.stock", bounds=("1k", "2M")).sentences
    assert sentence == (
        "Opening stock at D: with 60,000 shells or more the stock lasts until 19 Jul 2024; the requirement "
        "is met with every value tried."
    )


def test_the_share_of_runs_is_the_same_for_both() -> None:
    rate = {"low": "50k/day", "high": "70k/day"}
    uncertain = {**PLAIN, "consumption": {"front": {"rate": rate}}}
    (sentence,) = sim.breakeven(uncertain, "depots.d.stock", holds="95%", runs=40).sentences
    met = sim.breakeven(uncertain, "depots.d.stock", of="unmet", holds="95%", runs=40).findings[0].sentence
    number = re.search(r"with ([\d.]+M) shells or more", met)
    assert number
    assert sentence.endswith(f"; in as many runs the requirement is met with {number[1]} or more.")
