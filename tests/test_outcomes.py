"""Outcomes of a run, by hand; and the coverage of new runs by the bands of an ensemble."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

import sim
from sim.account import Axes, Pair, first_below, first_rationed, sustained_fire
from sim.ensemble import accumulators

if TYPE_CHECKING:
    from tests.support.scenario_builder import Plain, ScenarioBuilder

FRONT = {"front": {"rate": "10/day"}}


def one_row(plain: Plain) -> dict[str, Any]:
    row = sim.run(plain, runs=1, jobs=1).outcomes.iloc[0]
    return {str(name): value for name, value in row.items()}


def test_an_outcome_that_the_compiled_engine_does_not_count_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    axes = Axes(dt.date(2024, 1, 1), 1, (Pair("d", "shells"),), ("initial",), (True,), (30.0,))
    assert (accumulators.counters_of_outcomes(axes) < 0).sum() == 4  # the level, and three totals by origin
    monkeypatch.setattr(accumulators, "computed_by_engines", lambda *_: ("scrapped",))
    with pytest.raises(KeyError, match="scrapped"):
        accumulators.counters_of_outcomes(axes)


def test_below_is_strictly_below_that_days_plan() -> None:
    level = [50.0, 49.9, 60.0, 10.0, 0.0]
    assert first_below(level, [10.0] * 5, 5) == 1
    assert first_below(level, [10.0] * 5, 1) == 4
    assert first_below(level, [10.0, 9.0, 20.0, 0.0, 0.0], 5) == 2
    assert first_below(level, [0.0] * 5, 5) is None
    assert first_below([], [], 5) is None


def test_rationed_is_less_fired_than_required_and_not_than_planned() -> None:
    assert first_rationed([10, 12, 0, 10], [10, 12, 0, 9.999]) == 3
    assert first_rationed([10, 0], [10, 0]) is None


def test_sustained_looks_at_the_last_ninety_days_alone() -> None:
    required, fired = [50.0] * 10 + [20.0] * 90, [50.0] * 10 + [20.0] * 45 + [8.0] * 45
    assert sustained_fire(required, fired) == (14.0, 0.7)
    assert sustained_fire(required[:11], fired[:11]) == (520 / 11, 1.0)
    assert sustained_fire([0.0, 0.0], [0.0, 0.0]) == (0.0, None)


def test_a_drawdown_passes_its_thresholds_on_the_days_worked_out_by_hand(desk: ScenarioBuilder) -> None:
    # Closing 90, 80 ... 0: below 50 on day 5, below 25 on day 7, below 10 on day 9; none left on day 10.
    row = one_row(desk.plain(20, 100, consumption=FRONT, thresholds=[5, 2.5, 40]))
    assert row["below_5"] == "2023-09-06"
    assert row["below_2.5"] == "2023-09-08"
    assert row["below_40"] == "2023-09-01"
    assert row["exhausted"] == "2023-09-10"
    assert row["rationed_from"] == "2023-09-11"
    assert row["closing_stock"] == 0
    assert row["sustained_fire"] == 100 / 20
    assert (row["required"], row["fired"], row["unmet"]) == (200, 100, 100)


def test_a_day_beyond_the_end_is_censored(desk: ScenarioBuilder) -> None:
    for days, exhausted, rationed in (
        (9, None, None),
        (10, "2023-09-10", None),
        (11, "2023-09-10", "2023-09-11"),
    ):
        row = one_row(desk.plain(days, 100, consumption=FRONT, thresholds=[1.5]))
        assert row["below_1.5"] == "2023-09-09"
        assert (row["exhausted"], row["rationed_from"]) == (exhausted, rationed), days


def test_exhausted_is_asked_whatever_the_thresholds(desk: ScenarioBuilder) -> None:
    row = one_row(desk.plain(12, 100, consumption=FRONT, thresholds=[]))
    assert row["exhausted"] == "2023-09-10"
    assert not [name for name in row if name.startswith("below")]


def test_thresholds_are_of_that_days_plan_and_not_of_what_varies(desk: ScenarioBuilder) -> None:
    rise = {"by_date": {"2023-09-01": "10/day", "2023-09-04": "40/day", "2023-09-05": "10/day"}}
    row = one_row(desk.plain(6, 1040, consumption={"front": {"rate": rise}}, thresholds=[50]))
    # Closing 1030, 1020, 1010, 970: only on day 3 are fifty days more than that.
    assert row["below_50"] == "2023-09-04"
    varied = {"front": {"rate": "10/day", "daily_variation": 3}}
    plain = desk.plain(40, 100_000, consumption=varied, thresholds=[9_980])
    books = desk.books(plain)
    first = next(day for day, level in enumerate(books.level()) if level < 99_800)
    assert one_row(plain)["below_9980"] == (dt.date(2023, 9, 1) + dt.timedelta(days=first)).isoformat()
    assert max(books.flow("required")) > 50


def test_dates_are_the_earliest_over_depots_that_have_a_consumer(desk: ScenarioBuilder) -> None:
    plain = desk.plain(20)
    plain["depots"] = {"east": {"stock": 100}, "idle": {"stock": 0}, "west": {"stock": 400}}
    plain["consumption"] = {name: {"at": name, "rate": "20/day"} for name in ("east", "west")}
    result = sim.run(plain, jobs=1)
    assert result.outcomes["exhausted"].tolist() == ["2023-09-05"]
    assert result.outcomes["closing_stock"].tolist() == [0]
    assert result.outcomes["sustained_fire"].tolist() == [(100 + 400) / 20]
    pairs = result.summary()["pairs"]
    assert sorted(pairs) == ["east", "west"]
    assert pairs["east"]["shells"]["exhausted"]["p50"] == "2023-09-05"
    assert pairs["west"]["shells"]["exhausted"]["p50"] == "2023-09-20"


def test_rationed_fire_is_sustained_at_the_inflow_and_never_exhausted(desk: ScenarioBuilder) -> None:
    front = {"rate": "1000/day", "rationing": {"rule": "proportional", "cover": "20 days"}}
    line = {"line": {"rate": "300/day"}}
    found = sim.run(desk.plain(1500, 40_000, production=line, consumption={"front": front}), jobs=1).summary()
    assert found["exhausted"] == {"share": 0, "p05": None, "p50": None, "p95": None}
    assert found["sustained"]["fire"]["p50"] == pytest.approx(300, rel=1e-9)
    assert found["sustained"]["met"]["p50"] == pytest.approx(0.3, rel=1e-9)
    assert found["rationed"]["share"] == 1


def test_fire_by_origin_is_the_share_of_what_was_fired(desk: ScenarioBuilder) -> None:
    # 300 from the initial stock and 10 x 20 made: all of it is fired.
    line, front = {"line": {"rate": "20/day"}}, {"front": {"rate": "60/day"}}
    found = sim.run(desk.plain(10, 300, production=line, consumption=front), jobs=1).summary()
    assert found["fire_by_origin"] == pytest.approx({"initial": 0.6, "line": 0.4}, rel=1e-12)


LAWS = {
    "uniform": ({"low": "1M", "high": "3M"}, stats.uniform(1e6, 2e6)),
    "triangular": ({"low": "3M", "mode": "4M", "high": "7M"}, stats.triang(0.25, 3e6, 4e6)),
    "lognormal": (
        {"median": "1M", "p95": "4M"},
        stats.lognorm(s=math.log(4) / stats.norm.ppf(0.95), scale=1e6),
    ),
}


@pytest.mark.parametrize("law", LAWS)
def test_the_ninety_per_cent_band_covers_nine_new_runs_in_ten(desk: ScenarioBuilder, law: str) -> None:
    stock, known = LAWS[law]
    made, new = 1000, 2000
    # 5k a day come in, so the closing level of day 1 is the stock and 10k.
    plain = desk.plain(2, stock, production={"line": {"rate": "5k/day"}})
    band = sim.run(plain, runs=made, seed=1, jobs=1).stock.iloc[1]
    for percent in (5, 25, 50, 75, 95):
        # A quantile of n runs is at its own share of the law, within the error of a count.
        p = percent / 100
        error = math.sqrt(p * (1 - p) / made)
        assert known.cdf(band[f"p{percent:02d}"] - 1e4) == pytest.approx(p, abs=4 * error)
    level = sim.run(plain, runs=new, seed=2, jobs=1).block.level[:, 0, 1]
    inside = float(np.mean((level >= band["p05"]) & (level <= band["p95"])))
    error = math.sqrt(0.9 * 0.1 * (1 / made + 1 / new))
    assert inside == pytest.approx(0.9, abs=4 * error)
    assert stats.kstest(level - 1e4, known.cdf).pvalue > 1e-4


def test_the_dates_of_an_ensemble_are_the_dates_of_the_quantiles_of_its_law(desk: ScenarioBuilder) -> None:
    # With a stock S and 1k a day the level is below 1k on the first day d with S - 1k (d + 1) < 1k.
    plain = desk.plain(40, {"low": "10k", "high": "50k"}, consumption={"front": {"rate": "1k/day"}})
    runs = 800
    found = sim.run(plain, runs=runs, jobs=1).summary()["exhausted"]
    share = (41 - 10) / 40  # of stocks below 41k, which are exhausted on day 39 at the latest
    assert found["share"] == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / runs))

    def day(share: float) -> int:
        return math.floor(10 + 40 * share - 2) + 1

    for name, p in (("p05", 0.05), ("p50", 0.5)):
        reached = (dt.date.fromisoformat(found[name]) - dt.date(2023, 9, 1)).days
        error = math.sqrt(p * (1 - p) / runs)
        assert day(p - 4 * error) <= reached <= day(p + 4 * error)
    assert found["p95"] is None
