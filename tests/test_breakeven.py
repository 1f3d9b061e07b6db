"""Break-even values: by closed form, by the order of each run's own value, and by a sweep at the answer."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import ArgumentError, InputError, RunError, StorageError
from sim.results.verification import find_problems
from sim.study import read_breakeven, read_sensitivity, verb_of
from sim.study.bracketing import Bracket, count_levels, find_brackets, narrow_brackets

DAYS = 200
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "Plain",
    "start": "2024-01-01",
    "end": "2024-07-19",
    "thresholds": [30],
    "depots": {"d": {"stock": "4M"}},
    "production": {"line": {"rate": "20k/day"}},
    "consumption": {"front": {"rate": "60k/day"}},
}
DRAWN = {**PLAIN, "depots": {"d": {"stock": {"low": "2M", "high": "6M"}}}}
STOCK, MADE, SHOT = 4e6, 20e3, 60e3


def only(table: Any) -> Any:
    (row,) = table.itertuples(index=False)
    return row


# By closed form. The level after n days is S + n (p - r), and the day is not one of exhaustion while that is
# r or more, nor below N while it is N r or more (rule 30). The requirement r of the n-th day is met while
# the stock left plus the production of that day, S + n p - (n - 1) r, is r or more.


@pytest.mark.parametrize(
    ("path", "of", "until", "exact", "above"),
    [
        ("production.line.rate", "exhausted", None, SHOT - (STOCK - SHOT) / DAYS, True),
        ("production.line.rate", "below_30", None, SHOT - (STOCK - 30 * SHOT) / DAYS, True),
        ("production.line.rate", "below_12", None, SHOT - (STOCK - 12 * SHOT) / DAYS, True),
        ("production.line.rate", "exhausted", "2024-04-10", SHOT - (STOCK - SHOT) / 100, True),
        ("production.line.rate", "unmet", None, SHOT - STOCK / DAYS, True),
        ("production.line.rate", "rationed_from", None, SHOT - STOCK / DAYS, True),
        ("depots.d.stock", "exhausted", None, SHOT + DAYS * (SHOT - MADE), True),
        ("consumption.front.rate", "exhausted", None, (STOCK + DAYS * MADE) / (DAYS + 1), False),
        ("consumption.front.rate", "unmet", "2024-04-10", (STOCK + 100 * MADE) / 100, False),
    ],
)
def test_a_certain_scenario_has_the_value_of_the_closed_form(
    path: str, of: str, until: str | None, exact: float, above: bool
) -> None:
    found = sim.breakeven(PLAIN, path, of=of, until=until)
    row = only(found.table)
    assert (row.path, row.reached) == (path, True)
    assert row.value == pytest.approx(exact, rel=2e-6)
    assert row.low == row.high == row.value
    assert found.found[0].is_rising is above
    assert found.query.runs == 1


@pytest.mark.parametrize(("share", "runs"), [(0.5, 40), (0.95, 120), (0.2, 60)])
def test_the_interval_is_that_of_the_order_of_each_runs_own_value(share: float, runs: int) -> None:
    found = sim.breakeven(DRAWN, "production.line.rate", holds=share, runs=runs, seed=3)
    stocks = sim.run(DRAWN, runs=runs, seed=3, engine="simpy", jobs=1).outcomes["depots.d.stock"]
    own = sorted(SHOT - (stocks - SHOT) / DAYS)
    # P(B < l) <= 5 % and P(B >= u) <= 5 % of a binomial B, summed by hand.
    weights = [math.comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in range(runs + 1)]
    lower = max(k for k in range(runs + 1) if sum(weights[:k]) <= 0.05)
    upper = min(k for k in range(runs + 2) if sum(weights[k:]) <= 0.05)
    row = only(found.table)
    assert row.value == pytest.approx(own[math.ceil(share * runs - 1e-9) - 1], rel=2e-6)
    assert row.low == pytest.approx(own[lower - 1], rel=2e-6)
    assert row.high == pytest.approx(own[upper - 1], rel=2e-6) if upper <= runs else math.isnan(row.high)
    assert row.low <= row.value


@pytest.mark.parametrize(
    ("path", "sign"), [("production.line.rate", -1.0 / DAYS), ("consumption.front.rate", 1.0 / (DAYS + 1))]
)
def test_the_value_holds_and_the_ends_of_its_interval_lie_outside_of_the_bracket(
    path: str, sign: float
) -> None:
    runs = 40
    found = sim.breakeven(DRAWN, path, runs=runs, seed=3)
    stocks = sim.run(DRAWN, runs=runs, seed=3, engine="simpy", jobs=1).outcomes["depots.d.stock"]
    # Each run's own value: 60,000 (1 + 1/200) - S/200 made, or (S + 200 x 20,000) / 201 fired a day.
    start = SHOT * (1 + 1 / DAYS) if sign < 0 else DAYS * MADE / (DAYS + 1)
    own = sorted(start + sign * stocks)
    # Binomial (40, 1/2): P(B < 15) = 4.03 % and P(B >= 26) = 4.03 %; one more or one less is over 5 %.
    lower, upper = own[14], own[25]
    row = only(found.table)
    if sign > 0:
        # Counted from the top: the requirement holds in the runs whose own value is higher.
        lower, upper = own[40 - 26], own[40 - 15]
    assert lower * (1 - 2e-6) < row.low < lower
    assert upper < row.high < upper * (1 + 2e-6)
    holds = own[19] if sign < 0 else own[20]
    assert row.value != holds
    assert (row.value > holds) == (sign < 0)


def test_the_outcome_holds_at_the_value_and_not_just_beside_it() -> None:
    scenario = {**DRAWN, "consumption": {"front": {"rate": "60k/day", "daily_variation": "40%"}}}
    value = sim.breakeven(scenario, "consumption.front.rate", holds="80%", runs=50).value
    assert value is not None
    beside = [value, value * (1 + 3e-6)]
    share = 1 - sim.sweep(scenario, {"consumption.front.rate": beside}, runs=50).table["exhausted_share"]
    assert share.tolist() == pytest.approx([0.8, 0.78])


def test_an_interval_without_an_end_within_the_bounds_has_none() -> None:
    found = sim.breakeven(DRAWN, "production.line.rate", holds="95%", runs=20)
    # The least number of runs that refutes 95 % is more than there are.
    assert found.found[0].high is None
    assert "to over " in found.sentences[0]


def test_what_is_never_and_what_is_always_so_is_an_answer() -> None:
    never = sim.breakeven(PLAIN, "production.line.rate", bounds=("1k/day", "2k/day"))
    assert never.table["reached"].tolist() == [False]
    assert never.table[["value", "low", "high"]].isna().all(axis=None)
    assert never.sentences[0].startswith(
        "Output, Line: there is no value between 1,000 and 2,000 shells a day with which the stock lasts "
        "until 19 Jul 2024. With 2,000 shells a day the stock runs out on "
    )
    assert never.summary()["answers"][0]["best"]["share"] == 0.0
    always = sim.breakeven(PLAIN, "production.line.rate", bounds=("60k/day", "70k/day"))
    assert always.value is None
    assert always.sentences[0].startswith(
        "Output, Line: the stock lasts until 19 Jul 2024, whatever the value between 60,000 and 70,000"
    )
    some = sim.breakeven(DRAWN, "production.line.rate", bounds=("30k/day", "32k/day"), runs=40)
    assert not some.found[0].is_found
    assert some.found[0].best is not None
    assert 0.0 < some.found[0].best[1] < 0.5
    assert f"at best in {some.found[0].best[1] * 100:.4g} % of them" in some.sentences[0]


@pytest.mark.parametrize(
    ("stock", "of", "says", "share"),
    [
        # 199 days of supply are gone after 199 of 200 days, whatever is fired a day.
        (
            "199 days",
            "exhausted",
            "Required rate, front: there is no value between 6,000 and 600,000 shells a day with which",
            0,
        ),
        ("199 days", "unmet", "Required rate, front: there is no value between", 0),
        ("210 days", "unmet", "Required rate, front: the requirement is met until 19 Jul 2024, whatever", 1),
        ("239 days", "below_30", "Required rate, front: at least 30 days of supply are left until", 1),
    ],
)
def test_a_number_that_does_not_move_the_share_of_runs_decides_nothing(
    stock: str, of: str, says: str, share: float
) -> None:
    days = {**PLAIN, "depots": {"d": {"stock": stock}}, "production": {}}
    found = sim.breakeven(days, "consumption.front.rate", of=of)
    (sentence,) = found.sentences
    assert sentence.startswith(says)
    assert found.found[0].decides is False
    row = only(found.table)
    assert not row.reached
    assert math.isnan(row.value)
    (answer,) = found.summary()["answers"]
    assert (answer["decides"], answer["value"]) == (False, None)
    answers = [each["sentence"] for each in found.summary()["findings"] if each["kind"] == "breakeven"]
    assert answers == [sentence]
    assert answer["best"]["share"] == answer["worst"]["share"] == share


def test_a_share_of_runs_between_none_and_all_that_does_not_move_is_said_by_row() -> None:
    law = {"low": "150 days", "high": "250 days"}
    days = {**PLAIN, "depots": {"d": {"stock": law}}, "production": {"line": {"rate": "0/day"}}}
    vary = {"production.line.rate": ["0/day", "10k/day"]}
    found = sim.breakeven(days, "consumption.front.rate", of="unmet", runs=41, seed=3, vary=vary)
    stocks = sim.run(days, runs=41, seed=3, engine="simpy", jobs=1).outcomes["depots.d.stock"]
    share = float((stocks >= 200).mean())
    assert 0 < share < 1
    nothing, moves = found.found
    assert (nothing.decides, moves.decides) == (False, True)
    assert nothing.best is not None
    assert nothing.best[1] == share
    assert f"in {share * 100:.4g} % of the runs, whatever the value" in found.sentences[0]
    assert found.sentences[0].startswith(
        "Required rate, front (Output, Line: 0 shells a day): the requirement"
    )
    assert "whatever" not in found.sentences[1]
    assert [answer["decides"] for answer in found.summary()["answers"]] == [False, True]


def test_a_start_that_varies_moves_the_day_on_which_the_outcome_must_hold() -> None:
    starts = ["2024-01-01", "2024-04-10", "2025-01-01"]
    found = sim.breakeven(
        PLAIN,
        "depots.d.stock",
        vary={"start": starts, "end": ["2024-07-19", "2026-01-01"]},
        until="2024-07-19",
    )
    rows = {one.at: one for one in found.found}
    # 200 or 100 days to the same date; a start after it has no such date.
    for start, days in (("2024-01-01", 200), ("2024-04-10", 100)):
        for end in ("2024-07-19", "2026-01-01"):
            assert rows[start, end].value == pytest.approx(SHOT + days * (SHOT - MADE), rel=2e-6)
    assert rows["2025-01-01", "2026-01-01"].value is None
    assert "2024-07-19 is not in the period" in rows["2025-01-01", "2026-01-01"].failure
    assert "the end is not after the start" in rows["2025-01-01", "2024-07-19"].failure


def test_a_second_path_gives_a_row_for_each_of_its_values() -> None:
    rates = ["50k/day", "60k/day"]
    found = sim.breakeven(PLAIN, "production.line.rate", vary={"consumption.front.rate": rates})
    table = found.table
    columns = ["path", "unit", "consumption.front.rate", "value", "low", "high", "reached"]
    assert table.columns.tolist() == columns
    assert table["consumption.front.rate"].tolist() == [50e3, 60e3]
    exact = [rate - (STOCK - rate) / DAYS for rate in (50e3, 60e3)]
    assert table["value"].tolist() == pytest.approx(exact, rel=2e-6)
    assert ["(Required rate, front: 50,000 shells a day)" in each for each in found.sentences] == [
        True,
        False,
    ]


def test_values_that_must_agree_with_the_scenario_are_put_into_it() -> None:
    gift = {**PLAIN, "shipments": {"ally": {"deliveries": {"2024-01-02": "1M"}, "lead_time": "1 day"}}}
    found = sim.breakeven(gift, "shipments.ally.deliveries.2024-01-02", bounds=("1M", "9M"))
    # All of it has landed long before the end, and 4M + x + 200 (p - r) is to be 60,000.
    assert found.value == pytest.approx(SHOT + DAYS * (SHOT - MADE) - STOCK, rel=2e-6)
    ruled = {**PLAIN, "consumption": {"front": {"rate": "60k/day", "rationing": {"rule": "none"}}}}
    varied = sim.breakeven(
        ruled, "production.line.rate", vary={"consumption.front.rationing.rule": ["none"]}, of="below_30"
    )
    assert varied.table["consumption.front.rationing.rule"].tolist() == ["none"]
    assert varied.value == pytest.approx(SHOT - (STOCK - 30 * SHOT) / DAYS, rel=2e-6)


def test_the_day_of_an_event_is_varied_as_any_number() -> None:
    stopped = {**PLAIN, "events": {"fire": {"stops": "production.line", "from": "2024-06-01"}}}
    days = ["2024-04-10", "2024-05-30"]
    varied = sim.breakeven(stopped, "production.line.rate", vary={"events.fire.from": days})
    # Production of 100 or of 150 of 200 days makes up for 200 (60,000) + 60,000 - 4M.
    exact = [(SHOT * (DAYS + 1) - STOCK) / made for made in (100, 150)]
    assert varied.table["value"].tolist() == pytest.approx(exact, rel=2e-6)


def test_where_runs_fail_is_not_looked_at_and_said() -> None:
    full = {**PLAIN, "depots": {"d": {"stock": "4M", "capacity": "9M"}}}
    found = sim.breakeven(full, "depots.d.stock", until="2024-05-01")
    # 121 days: 60,000 + 121 x 40,000 = 4.9M.
    assert found.value == pytest.approx(SHOT + 121 * (SHOT - MADE), rel=2e-6)
    (note,) = found.notes
    assert "exceeds its capacity" in note
    assert found.found[0].searched is not None
    assert found.found[0].searched[1] < 9e6
    with pytest.raises(RunError, match="exceeds its capacity"):
        sim.breakeven(full, "depots.d.stock", bounds=("10M", "20M"))


def test_an_order_up_to_level_is_not_sought_below_the_reorder_point() -> None:
    line = {"reorder_point": "1M", "order_up_to": "2M", "lead_time": "3 days"}
    ordered = {**PLAIN, "orders": {"blood": line}}
    found = sim.breakeven(ordered, "orders.blood.order_up_to", of="unmet")
    searched = found.found[0].searched
    assert searched is not None
    assert searched[0] >= 1e6
    (note,) = found.notes
    assert "order_up_to is below the reorder_point" in note
    with pytest.raises(RunError, match="order_up_to is below the reorder_point"):
        sim.breakeven(ordered, "orders.blood.order_up_to", bounds=("100k", "900k"))


def test_a_bound_at_which_the_numbers_overflow_is_moved_inward() -> None:
    """At 3,000 % a month the rate exceeds every limit: one of 33 values between the bounds is in range."""
    grows = {**PLAIN, "end": "2034-01-01", "production": {"line": {"rate": "60k/day", "growth": "0%"}}}
    found = sim.breakeven(grows, "production.line.growth", of="unmet", bounds=("-10%", "3000%"))
    assert found.value is not None

    def lowest_level(growth: float) -> float:
        levels = [STOCK]
        for day in range(3653):
            levels.append(levels[-1] + 60e3 * math.pow(1.0 + growth, day / 30.4375) - SHOT)
        return min(levels)

    # A shade more growth and the requirement is met to the end; a shade less, and it is not.
    assert lowest_level(found.value + 1e-6) >= 0.0 > lowest_level(found.value - 1e-6)
    (note,) = found.notes
    assert "more than 1e+24" in note
    searched = found.found[0].searched
    assert searched is not None
    assert searched[0] == -0.1
    assert 0.1 < searched[1] < 1.0


def test_where_every_value_fails_the_error_names_the_bounds() -> None:
    grows = {**PLAIN, "end": "2034-01-01", "production": {"line": {"rate": "60k/day", "growth": "0%"}}}
    with pytest.raises(RunError, match=r"growth between 10 and 30: run 0: .*more than 1e\+24"):
        sim.breakeven(grows, "production.line.growth", bounds=("1000%", "3000%"))


def test_where_every_curve_fails_the_error_has_the_reason_of_the_first() -> None:
    starts, ends = ["2025-01-01"], ["2024-07-19", "2026-01-01"]
    with pytest.raises(RunError, match=r"depots\.d\.stock between .*: the end is not after the start"):
        sim.breakeven(PLAIN, "depots.d.stock", vary={"start": starts, "end": ends}, until="2024-07-19")
    with pytest.raises(RunError, match="2024-07-19 is not in the period"):
        sim.breakeven(PLAIN, "depots.d.stock", vary={"start": starts, "end": ends[::-1]}, until="2024-07-19")


# The search alone


def test_several_crossings_are_counted_and_the_lowest_is_taken() -> None:
    values = np.arange(10.0)
    counts = np.array([0, 0, 90, 100, 100, 30, 0, 0, 95, 100])
    found = find_brackets(0, values, counts, count_levels(100, 0.5))
    assert found is not None
    assert (found.turns, found.is_rising) == (3, True)
    assert (found.value.before, found.value.beyond) == (1.0, 2.0)


def test_chance_alone_makes_no_second_crossing() -> None:
    counts = np.array([0, 20, 49, 51, 49, 52, 80, 100])
    found = find_brackets(0, np.arange(8.0), counts, count_levels(100, 0.5))
    assert found is not None
    assert (found.turns, found.is_rising) == (1, True)
    # From 41 to 59 of 100 nothing is refuted: the ends are beyond 1 and before 6.
    assert found.low == Bracket(0, count_levels(100, 0.5).lower, 1.0, 2.0)
    assert found.high == Bracket(0, count_levels(100, 0.5).upper, 5.0, 6.0)


def test_a_falling_count_is_the_mirror_of_a_rising_one() -> None:
    values = np.arange(8.0)
    counts = np.array([0, 20, 49, 51, 60, 70, 80, 100])
    up = find_brackets(0, values, counts, count_levels(100, 0.5))
    down = find_brackets(0, values, counts[::-1], count_levels(100, 0.5))
    assert up is not None
    assert down is not None
    assert (up.is_rising, down.is_rising) == (True, False)
    assert up.low is not None
    assert down.high is not None
    assert 7.0 - up.value.beyond == down.value.beyond
    assert 7.0 - up.low.before == down.high.before


@pytest.mark.parametrize("edge", [3.14159, -2.5, 0.0001])
def test_a_bracket_is_narrowed_around_the_step(edge: float) -> None:
    def count(places: Any) -> Any:
        return np.array([int(value >= edge) for _, value in places])

    (found,) = narrow_brackets([Bracket(0, 1, edge - 1.0, edge + 1.0)], count)
    assert found.before < edge <= found.beyond
    assert found.beyond - found.before < 1e-6


def exact_tail(runs: int, share: Fraction, counts: range) -> Fraction:
    """Return the probability that a binomial count is among `counts`, without rounding."""
    return sum(
        (math.comb(runs, hits) * share**hits * (1 - share) ** (runs - hits) for hits in counts), Fraction(0)
    )


@pytest.mark.parametrize(("runs", "share"), [(1, "0.5"), (30, "0.5"), (200, "0.95"), (97, "0.1"), (40, "1")])
def test_the_levels_leave_at_most_a_twentieth_on_either_side(runs: int, share: str) -> None:
    exact, twentieth = Fraction(share), Fraction(1, 20)
    least, need, most, _ = count_levels(runs, float(share))
    assert need - 1 < exact * runs <= need
    # One run more on either side would leave more than a twentieth.
    assert exact_tail(runs, exact, range(least)) <= twentieth
    assert exact_tail(runs, exact, range(least + 1)) > twentieth
    assert exact_tail(runs, exact, range(most, runs + 1)) <= twentieth
    assert exact_tail(runs, exact, range(most - 1, runs + 1)) > twentieth


@pytest.mark.parametrize(
    ("runs", "share", "needed"),
    [
        # 100 x 0.07 is 7.000000000000001 and 100 x 0.55 is 55.00000000000001 in floating point.
        (100, 0.07, 7),
        (100, 0.55, 55),
        (10, 0.25, 3),
        (3, 1.0, 3),
        (5, 1e-12, 1),
    ],
)
def test_a_share_of_runs_is_the_next_whole_number_of_them(runs: int, share: float, needed: int) -> None:
    assert count_levels(runs, share).needed == needed


def test_the_levels_of_ten_runs_are_those_of_the_binomial_table() -> None:
    # Binomial (10, 1/2) in 1024ths: 1, 10, 45, 120, ... P(B <= 1) is 1.07 %, P(B <= 2) 5.47 %.
    assert count_levels(10, 0.5) == (2, 5, 9, 10)


def test_a_bracket_is_narrow_from_one_part_in_a_million() -> None:
    assert Bracket(0, 1, 1e6, 1e6 + 1).is_narrow
    assert Bracket(0, 1, 1e6 + 1, 1e6).is_narrow
    assert Bracket(0, 1, -1e6, -1e6 - 1).is_narrow
    assert not Bracket(0, 1, 1e6, 1e6 + 2).is_narrow
    assert not Bracket(0, 1, 1e6 + 2, 1e6).is_narrow
    assert Bracket(0, 1, 0.0, 0.0).is_narrow


def test_the_bounds_are_a_tenth_and_ten_times_but_of_a_share_all_of_it() -> None:
    varied = {**PLAIN, "consumption": {"front": {"rate": "60k/day", "daily_variation": "20%"}}}
    # A coefficient of variation is written as a share and may be more than one.
    found = sim.breakeven(varied, "consumption.front.daily_variation", of="unmet", runs=1)
    assert found.bounds == pytest.approx((0.02, 2.0))
    ally = {"deliveries": {"2024-02-01": "1M"}, "lead_time": "1 day", "serviceable": "80%"}
    helped = {**PLAIN, "shipments": {"ally": ally}}
    assert sim.breakeven(helped, "shipments.ally.serviceable").bounds == (0.0, 1.0)
    assert sim.breakeven(PLAIN, "production.line.rate").bounds == pytest.approx((2e3, 200e3))


def test_progress_counts_runs_up_to_all_of_them() -> None:
    seen: list[tuple[int, int]] = []
    sim.breakeven(
        DRAWN,
        "production.line.rate",
        runs=10,
        jobs=1,
        progress=lambda done, total: seen.append((done, total)),
    )
    # At most 33 values of the grid and, in 7 rounds, 7 values inside each of three brackets, and inside that
    # of the requirement.
    total = 10 * (33 + 4 * 7 * 7)
    assert {of for _, of in seen} == {total}
    assert seen[0] == (330, total)
    assert seen[1][0] == 10 * (33 + 3 * 7)
    assert seen[-1] == (total, total)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


# Files written, and invalid questions


def test_a_saved_answer_reads_back_and_workers_change_nothing(tmp_path: Path) -> None:
    vary = {"consumption.front.rate": ["50k/day", "60k/day"]}
    for jobs in (1, 2):
        found = sim.breakeven(DRAWN, "production.line.rate", vary=vary, runs=130, jobs=jobs)
        found.save(tmp_path / str(jobs))
    files = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert files == [
        "breakeven-points.csv",
        "breakeven.csv",
        "manifest.json",
        "scenario.yaml",
        "summary.json",
    ]
    for name in files:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name
    assert find_problems(tmp_path / "1") == ()
    saved = read_breakeven(tmp_path / "1")
    assert verb_of(tmp_path / "1") == saved.manifest["verb"] == "breakeven"
    for column in ("value", "low", "high", "consumption.front.rate"):
        assert saved.table[column].tolist() == found.table[column].tolist()
    assert saved.table["reached"].tolist() == ["True", "True"]
    assert saved.points is not None
    assert saved.points.equals(found.points)
    assert saved.summary() == json.loads(json.dumps(found.summary()))
    with pytest.raises(StorageError, match="sim sensitivity"):
        read_sensitivity(tmp_path / "1")
    assert "half of the runs" in found._repr_html_()
    assert "sim report" in found._repr_html_()


@pytest.mark.parametrize(
    ("path", "settings", "says"),
    [
        ("production.lin.rate", {}, "did you mean 'production.line.rate'"),
        ("production.line.rate", {"of": "exhaust"}, "did you mean 'exhausted'"),
        ("production.line.rate", {"of": "below_x"}, "has no number of days"),
        ("production.line.rate", {"holds": "150%"}, "holds"),
        ("production.line.rate", {"holds": 0}, "no run at all"),
        ("production.line.rate", {"until": "2024-13-01"}, "is no date"),
        ("production.line.rate", {"until": "2025-01-01"}, "not in the period"),
        ("production.line.rate", {"bounds": ("9k/day", "2k/day")}, "are no range"),
        ("production.line.rate", {"bounds": ("9k", "20k")}, "it has no period"),
        ("production.line.rate", {"vary": {"production.line.rate": ["1k/day"]}}, "two paths"),
        ("production.line.rate", {"vary": {"production.lime.rate": ["1k/day"]}}, "production.lime.rate"),
        ("production.line.rate", {"runs": 0}, "0 runs"),
        ("shipments.ally.first", {}, "not solved for"),
        ("production.line.growth", {}, "no tenth"),
    ],
)
def test_what_cannot_be_asked_is_said(path: str, settings: dict[str, Any], says: str) -> None:
    grows = {**PLAIN, "production": {"line": {"rate": "20k/day", "growth": "0%"}}}
    ally = {"deliveries": {"2024-03-01": "1M"}, "lead_time": "1 day", "first": "2024-02-01"}
    with pytest.raises(InputError, match="(?s)" + says):
        sim.breakeven({**grows, "shipments": {"ally": ally}}, path, **settings)


def test_all_that_is_wrong_with_a_claim_is_said_at_once() -> None:
    with pytest.raises(ArgumentError) as caught:
        sim.breakeven(PLAIN, "production.line.rate", of="gone", holds="2", until="never")
    assert len(caught.value.faults) == 3
