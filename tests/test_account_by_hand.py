"""The account of a depot against closed forms and figures worked out by hand."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scipy import stats

import sim
from sim.account import Kind

if TYPE_CHECKING:
    from tests.support.scenario_builder import ScenarioBuilder

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SHELLS_A_DAY = 2_500_000 / 365.25


def test_the_flat_scenario_follows_its_closed_form() -> None:
    result = sim.run(SCENARIOS / "flat.yaml", jobs=1)
    level, fired = result.block.level[0, 0], result.block.flows[Kind.FIRED][0, 0]
    assert len(level) == 366
    for day, closing in enumerate(level):
        expected = max(0.0, 4_000_000 - (day + 1) * (60_000 - SHELLS_A_DAY))
        assert closing == pytest.approx(expected, rel=1e-9, abs=0.0)
    assert result.outcomes["exhausted"].tolist() == ["2023-11-14"]
    first_empty = (dt.date(2023, 11, 16) - dt.date(2023, 9, 1)).days
    assert fired[first_empty:] == pytest.approx([SHELLS_A_DAY] * (366 - first_empty), rel=1e-12)
    assert SHELLS_A_DAY < fired[first_empty - 1] < 60_000
    assert (fired[: first_empty - 1] == 60_000).all()


def test_seven_runs_without_uncertainty_are_seven_equal_rows() -> None:
    outcomes = sim.run(SCENARIOS / "flat.yaml", runs=7, jobs=1).outcomes
    assert outcomes["run"].tolist() == list(range(7))
    rest = outcomes.drop(columns="run")
    assert len(rest.drop_duplicates()) == 1
    assert len(rest) == 7


def test_a_linear_drawdown_ends_at_exactly_nothing(desk: ScenarioBuilder) -> None:
    books = desk.books(desk.plain(12, 1000, consumption={"front": {"rate": "100/day"}}))
    assert books.level() == [900, 800, 700, 600, 500, 400, 300, 200, 100, 0, 0, 0]
    assert books.flow("fired") == [100] * 10 + [0, 0]
    assert books.flow("required") == [100] * 12
    assert books.flow("unmet") == [0] * 10 + [100, 100]


def test_the_last_shells_are_fired_in_part_of_a_day(desk: ScenarioBuilder) -> None:
    books = desk.books(desk.plain(4, 250, consumption={"front": {"rate": "100/day"}}))
    assert books.level() == [150, 50, 0, 0]
    assert books.flow("fired") == [100, 100, 50, 0]
    assert books.flow("unmet") == [0, 0, 50, 100]


def test_what_is_produced_today_can_be_fired_today(desk: ScenarioBuilder) -> None:
    front = {"front": {"rate": "100/day"}}
    books = desk.books(desk.plain(3, 0, production={"line": {"rate": "70/day"}}, consumption=front))
    assert books.flow("fired") == [70, 70, 70]
    assert books.level() == [0, 0, 0]


def test_fire_takes_from_each_origin_in_proportion(desk: ScenarioBuilder) -> None:
    lines = {"a": {"rate": "300/day"}, "b": {"rate": "100/day"}}
    books = desk.books(desk.plain(6, 600, production=lines, consumption={"front": {"rate": "500/day"}}))
    held = [(300, 150, 50), (400 / 3, 200, 200 / 3), (50, 187.5, 62.5)]
    fired = [(300, 150, 50), (500 / 3, 250, 250 / 3), (250 / 3, 312.5, 312.5 / 3)]
    for day in range(3):
        assert tuple(books.held(day).values()) == pytest.approx(held[day], rel=1e-12)
        taken = [books.of_origin("fired", origin)[day] for origin in ("initial", "a", "b")]
        assert taken == pytest.approx(fired[day], rel=1e-12)
    assert books.level() == pytest.approx([500, 400, 300, 200, 100, 0], rel=1e-12, abs=0)


def test_what_takes_everything_leaves_exactly_nothing_of_any_origin(desk: ScenarioBuilder) -> None:
    lines = {"a": {"rate": "0.1/day"}, "b": {"rate": "0.7/week"}, "c": {"rate": "1/year"}}
    supply = {"dprk": {"route": [desk.leg(capacity="0.3 shells", vehicles=3)]}}
    front = {"front": {"rate": {"by_date": {"2023-09-01": "0/day", "2023-09-08": "9/day"}}}}
    plain = desk.plain(10, 0.7, production=lines, shipments=supply, consumption=front)
    books = desk.books(plain)
    assert all(amount > 0 for amount in books.held(6).values())
    for day in (7, 8, 9):
        assert set(books.held(day).values()) == {0.0}
        assert books.level()[day] == 0.0
    assert books.ledger.balance_error() <= 1e-12


def test_a_lot_enters_when_its_lead_time_has_passed(desk: ScenarioBuilder) -> None:
    made = {"2023-09-01": "10/day", "2023-09-02": "20/day", "2023-09-03": "40/day", "2023-09-04": "80/day"}
    expected = {
        "0 days": [10, 20, 40, 80, 80, 80],
        "23.9 h": [10, 20, 40, 80, 80, 80],
        "24 h": [0, 10, 20, 40, 80, 80],
        "86399.6 s": [0, 10, 20, 40, 80, 80],  # a duration is rounded to a second once it is known
        "2.5 days": [0, 0, 10, 20, 40, 80],
        "6 days": [0, 0, 0, 0, 0, 0],
    }
    for lead, produced in expected.items():
        line = {"line": {"rate": {"by_date": made}, "lead_time": lead}}
        assert desk.books(desk.plain(6, production=line)).flow("produced") == produced, lead


def test_a_drawn_lead_time_is_drawn_for_each_days_lot(desk: ScenarioBuilder) -> None:
    leads, days = ["0 days", "36 h", "3 days"], 200
    line = {"line": {"rate": "10/day", "lead_time": {"choices": leads}}}
    books = desk.books(desk.plain(days, production=line), seed=5, run=3)
    expected = [0.0] * (days + 3)
    for day, u in enumerate(desk.uniforms("production.line.lead_time", days, seed=5, run=3)):
        expected[day + (0, 1, 3)[math.ceil(3 * u) - 1]] += 10
    assert books.flow("produced") == expected[:days]
    assert {0.0, 10.0, 20.0, 30.0} <= set(expected)


def test_growth_is_compound_a_month(desk: ScenarioBuilder) -> None:
    days = 4 * 365 + 2
    line = {"line": {"rate": "1000/day", "growth": "3%"}}
    produced = desk.books(desk.plain(days, production=line)).flow("produced")
    assert produced[0] == 1000
    assert produced[-1] == pytest.approx(1000 * 1.03**48, rel=1e-12)  # 1,461 days are 48 months
    for today, tomorrow in itertools.pairwise(produced):
        assert tomorrow / today == pytest.approx(1.03 ** (12 / 365.25), rel=1e-12)


def test_courses_step_or_go_straight_from_date_to_date(desk: ScenarioBuilder) -> None:
    points = {"2023-09-03": "10/day", "2023-09-07": "50/day"}
    step, linear = {"by_date": points}, {"by_date": points, "between": "linear"}
    front = {"front": {"rate": linear}}
    books = desk.books(desk.plain(9, 1000, production={"line": {"rate": step}}, consumption=front))
    assert books.flow("produced") == [10, 10, 10, 10, 10, 10, 50, 50, 50]
    assert books.flow("fired") == [10, 10, 10, 20, 30, 40, 50, 50, 50]


def test_a_stock_in_days_is_that_many_of_the_first_days_requirement(desk: ScenarioBuilder) -> None:
    falling = {"by_date": {"2023-09-01": "50/day", "2023-09-02": "1/day"}}
    fronts = {"east": {"rate": {"low": "100/day", "high": "300/day"}}, "south": {"rate": falling}}
    books = desk.books(desk.plain(2, "30 days", consumption=fronts), seed=2, run=9)
    (u,) = desk.uniforms("consumption.east.rate", 1, seed=2, run=9)
    first_day = 100 + 200 * u + 50
    assert books.level()[0] == pytest.approx(29 * first_day, rel=1e-12)
    assert books.ledger.drawn == {"consumption.east.rate": pytest.approx(100 + 200 * u, rel=1e-12)}


def test_depots_keep_their_accounts_apart(desk: ScenarioBuilder) -> None:
    plain = desk.plain(4)
    plain["depots"] = {"west": {"stock": 500}, "east": {"stock": 300}, "idle": {"stock": 7}}
    plain["production"] = {"line": {"to": "east", "rate": "10/day"}}
    plain["consumption"] = {"one": {"at": "east", "rate": "60/day"}, "two": {"at": "west", "rate": "200/day"}}
    plain["shipments"] = {"dprk": {"to": "west", "route": [desk.leg(capacity="40 shells")]}}
    books = desk.books(plain)
    assert books.level("east") == [250, 200, 150, 100]
    assert books.level("west") == [300, 140, 0, 0]
    assert books.flow("fired", "west") == [200, 200, 140, 40]
    assert books.level("idle") == [7, 7, 7, 7]
    assert books.flow("landed", "east") == [0, 0, 0, 0]


def test_a_run_of_one_day_is_the_account_of_one_day(desk: ScenarioBuilder) -> None:
    line, front = {"line": {"rate": "5/day"}}, {"front": {"rate": "30/day"}}
    result = sim.run(desk.plain(1, 100, production=line, consumption=front), jobs=1)
    assert result.stock["date"].tolist() == ["2023-09-01"]
    assert result.stock["p50"].tolist() == [75]


def test_leap_days_are_days(desk: ScenarioBuilder) -> None:
    turn = {"by_date": {"2024-02-28": "1/day", "2024-02-29": "10/day", "2024-03-01": "100/day"}}
    plain = desk.plain(3, 1000, start=dt.date(2024, 2, 28), consumption={"front": {"rate": turn}})
    result = sim.run(plain, jobs=1)
    assert result.stock["date"].tolist() == ["2024-02-28", "2024-02-29", "2024-03-01"]
    assert result.stock["p50"].tolist() == [999, 989, 889]
    for year, days in ((2023, 365), (2024, 366), (2100, 365), (2000, 366)):
        whole = {**desk.plain(1), "start": f"{year}-01-01", "end": f"{year + 1}-01-01"}
        assert len(desk.books(whole).level()) == days


def test_nothing_made_and_nothing_fired_change_nothing(desk: ScenarioBuilder) -> None:
    line, front = {"line": {"rate": "0/day"}}, {"front": {"rate": "0/day"}}
    result = sim.run(desk.plain(5, 100, production=line, consumption=front), jobs=1)
    assert result.stock["p50"].tolist() == [100] * 5
    assert result.outcomes[["fired", "required", "unmet", "produced"]].to_numpy().tolist() == [[0, 0, 0, 0]]
    assert result.outcomes["exhausted"].tolist() == [None]
    alone = sim.run(desk.plain(5, 0), jobs=1)
    assert alone.stock["p50"].tolist() == [0] * 5
    assert alone.outcomes["exhausted"].tolist() == [None]


@pytest.mark.parametrize("cv", [0.2, 1.5])
def test_daily_variation_draws_one_lognormal_factor_a_day(desk: ScenarioBuilder, cv: float) -> None:
    days = 20_000
    front = {"rate": "100/day", "daily_variation": cv}
    books = desk.books(desk.plain(days, "1bn", consumption={"front": front}), seed=2**64 - 1, run=204)
    drawn = desk.uniforms("consumption.front.variation", days, seed=2**64 - 1, run=204)
    sigma = math.sqrt(math.log(1 + cv**2))
    factors = stats.lognorm.ppf(drawn, s=sigma, scale=math.exp(-(sigma**2) / 2))
    assert books.flow("required") == pytest.approx(100 * factors, rel=1e-9)
    assert books.flow("fired") == books.flow("required")
    assert books.ledger.planned[0] == [100] * days


def test_daily_variation_has_mean_one_and_the_spread_it_is_given(desk: ScenarioBuilder) -> None:
    days, cv = 36_500, 0.3
    front = {"rate": "100/day", "daily_variation": "30%"}
    required = desk.books(desk.plain(days, "1bn", consumption={"front": front})).flow("required")
    mean, error = sum(required) / days, 100 * cv / math.sqrt(days)
    assert mean == pytest.approx(100, abs=4 * error)
    spread = math.sqrt(sum((value - mean) ** 2 for value in required) / (days - 1))
    # The standard error of a spread, from the fourth moment of the lognormal law.
    kurtosis = float(stats.lognorm.stats(s=math.sqrt(math.log(1 + cv**2)), moments="k"))
    assert spread == pytest.approx(100 * cv, abs=4 * 100 * cv * math.sqrt((kurtosis + 2) / (4 * days)))


def test_consumers_and_runs_vary_apart(desk: ScenarioBuilder) -> None:
    vary = {"rate": "100/day", "daily_variation": 0.2}
    plain = desk.plain(50, "1M", consumption={"east": vary})
    east, again, other_run = (desk.books(plain, run=run).flow("required") for run in (0, 0, 1))
    both = desk.books({**plain, "consumption": {"east": vary, "south": vary}}).flow("required")
    south = [together - alone for together, alone in zip(both, east, strict=True)]
    assert east == again
    assert all(abs(one - two) > 1e-9 for one, two in zip(east, other_run, strict=True))
    assert all(abs(one - two) > 1e-9 for one, two in zip(east, south, strict=True))
