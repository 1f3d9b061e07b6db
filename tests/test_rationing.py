"""Rationing against recursions and figures worked out by hand (rules 12 and 13)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from scipy import stats

from sim.account import first_rationed

if TYPE_CHECKING:
    from tests.support.scenario_builder import ScenarioBuilder


def front(rate: Any, rule: str, cover: str, **more: Any) -> dict[str, Any]:
    return {"rate": rate, "rationing": {"rule": rule, "cover": cover}, **more}


def test_proportional_fire_follows_its_daily_recursion(desk: ScenarioBuilder) -> None:
    fronts = {"front": front("60k/day", "proportional", "45 days")}
    line = {"line": {"rate": "7k/day"}}
    books = desk.books(desk.plain(600, "4M", production=line, consumption=fronts))
    level, fired, levels = 4e6, [], []
    for _ in range(600):
        level += 7e3
        fired.append(6e4 * min(1.0, level / 6e4 / 45))
        level -= fired[-1]
        levels.append(level)
    assert books.level() == pytest.approx(levels, rel=1e-9)
    assert books.flow("fired") == pytest.approx(fired, rel=1e-9)
    # Day d is the first with 4M + 7k (d + 1) - 60k d < 45 x 60k, so d is the whole number above 1,307k / 53k.
    assert first_rationed(books.flow("required"), books.flow("fired")) == 25


def test_proportional_fire_tends_to_the_inflow_and_never_to_nothing(desk: ScenarioBuilder) -> None:
    # Before fire, B(d) = (1 - 1/cover) B(d - 1) + inflow, so B(d) - cover inflow shrinks by 1/cover a day.
    cover, inflow, days = 20, 300.0, 1500
    fronts = {"front": front("1000/day", "proportional", f"{cover} days")}
    books = desk.books(desk.plain(days, 9700, production={"line": {"rate": "300/day"}}, consumption=fronts))
    for day, (level, fired) in enumerate(zip(books.level(), books.flow("fired"), strict=True)):
        before = cover * inflow + (10_000 - cover * inflow) * (1 - 1 / cover) ** day
        assert fired == pytest.approx(before / cover, rel=1e-9)
        assert level == pytest.approx(before - before / cover, rel=1e-9)
    assert books.flow("fired")[-1] == pytest.approx(inflow, rel=1e-12)
    assert books.level()[-1] == pytest.approx(inflow * (cover - 1), rel=1e-12)


@pytest.mark.parametrize(("made", "runs_out"), [("24/day", True), ("26/day", False)])
def test_proportional_fire_keeps_a_day_of_supply_where_enough_comes_in(
    desk: ScenarioBuilder, made: str, runs_out: bool
) -> None:
    # (5 - 1) x 25 / 100 days of supply are one day, which the stock approaches from above.
    fronts = {"front": front("100/day", "proportional", "5 days")}
    books = desk.books(desk.plain(100, 1000, production={"line": {"rate": made}}, consumption=fronts))
    assert (min(books.level()) < 100.0) is runs_out


def test_without_inflow_proportional_fire_never_takes_the_last_shell(desk: ScenarioBuilder) -> None:
    fronts = {"front": front("100/day", "proportional", "10 days")}
    level = desk.books(desk.plain(300, 1000, consumption=fronts)).level()
    assert level[0] == 900
    assert level == pytest.approx([1000 * 0.9 ** (day + 1) for day in range(300)], rel=1e-9)


def test_rationing_begins_below_its_cover_and_not_at_it(desk: ScenarioBuilder) -> None:
    for rule in ("proportional", "controlled"):
        fired = desk.books(
            desk.plain(2, 1000, consumption={"front": front("100/day", rule, "10 days")})
        ).flow("fired")
        assert fired[0] == 100, rule
        assert fired[1] < 100, rule


def test_a_cover_shorter_than_a_day_does_not_fire_more_than_there_is(desk: ScenarioBuilder) -> None:
    fronts = {"front": front("100/day", "proportional", "12 h")}
    books = desk.books(desk.plain(4, 270, consumption=fronts))
    assert books.flow("fired") == [100, 100, 70, 0]
    assert books.level() == [170, 70, 0, 0]


def test_the_days_of_supply_are_of_what_is_planned_and_the_cut_is_of_what_is_required(
    desk: ScenarioBuilder,
) -> None:
    days, cover, sigma = 120, 30, math.sqrt(math.log(1.25))
    fronts = {"front": front("100/day", "proportional", f"{cover} days", daily_variation="50%")}
    books = desk.books(desk.plain(days, 4000, consumption=fronts), seed=7)
    drawn = desk.uniforms("consumption.front.variation", days, seed=7)
    level, levels = 4000.0, []
    for factor in stats.lognorm.ppf(drawn, s=sigma, scale=math.exp(-(sigma**2) / 2)):
        level -= min(level, 100 * factor * min(1.0, level / 100 / cover))
        levels.append(level)
    assert books.level() == pytest.approx(levels, rel=1e-9)
    assert levels[-1] < 1000


def test_controlled_fire_holds_the_level_at_which_it_begins(desk: ScenarioBuilder) -> None:
    fronts = {"front": front("10k/day", "controlled", "5 days")}
    books = desk.books(desk.plain(10, "100k", production={"line": {"rate": "2k/day"}}, consumption=fronts))
    # On day 6 there are 54k before fire, more than five days; on day 7 46k, so only the inflow is fired.
    thousand = [92, 84, 76, 68, 60, 52, 44, 44, 44, 44]
    assert books.level() == pytest.approx([1000 * level for level in thousand], rel=1e-12)
    assert books.flow("fired") == pytest.approx([1e4] * 7 + [2e3] * 3, rel=1e-12)
    assert books.flow("unmet") == pytest.approx([0] * 7 + [8e3] * 3, rel=1e-12)


def test_the_controlled_rate_is_the_mean_inflow_of_thirty_days(desk: ScenarioBuilder) -> None:
    made = {"by_date": {"2023-09-01": "0/day", "2023-09-11": "600/day", "2023-09-21": "0/day"}}
    fronts = {"front": front("1000/day", "controlled", "1000 days")}
    books = desk.books(desk.plain(60, "100k", production={"line": {"rate": made}}, consumption=fronts))
    expected = []
    for day in range(60):
        window = range(max(0, day - 29), day + 1)
        expected.append(600 * sum(10 <= one < 20 for one in window) / len(window))
    assert expected[12] == 600 * 3 / 13
    assert expected[29] == 200
    assert expected[45] == 600 * 4 / 30
    assert expected[49] == 0
    assert books.flow("fired") == pytest.approx(expected, rel=1e-9, abs=0)


def test_only_what_lands_serviceable_counts_as_inflow(desk: ScenarioBuilder) -> None:
    fronts = {"front": front("1000/day", "controlled", "1000 days")}
    plain = desk.route(8, desk.leg(capacity="700 shells", travel="3 days"), serviceable="60%")
    plain.update(consumption=fronts, depots={"depot": {"stock": "100k"}})
    books = desk.books(plain)
    assert books.flow("landed") == pytest.approx([0, 0, 0, 420, 0, 0, 0, 0], rel=1e-12, abs=0)
    expected = [0, 0, 0, 420 / 4, 420 / 5, 420 / 6, 420 / 7, 420 / 8]
    assert books.flow("fired") == pytest.approx(expected, rel=1e-12, abs=0)


def test_controlled_fire_is_never_more_than_required(desk: ScenarioBuilder) -> None:
    fronts = {"front": front("100/day", "controlled", "1000 days")}
    books = desk.books(desk.plain(5, 50, production={"line": {"rate": "300/day"}}, consumption=fronts))
    assert books.flow("fired") == [100] * 5
    assert books.level() == pytest.approx([250, 450, 650, 850, 1050], rel=1e-12)


def test_the_controlled_share_is_by_planned_requirement(desk: ScenarioBuilder) -> None:
    fronts = {"east": front("600/day", "controlled", "99 days"), "south": {"rate": "200/day"}}
    books = desk.books(desk.plain(3, "10k", production={"line": {"rate": "80/day"}}, consumption=fronts))
    # East gets 600/800 of the inflow of 80, south its requirement.
    assert books.flow("fired") == pytest.approx([60 + 200] * 3, rel=1e-12)


def test_each_consumer_goes_by_its_own_rule_on_the_days_of_supply_of_all(desk: ScenarioBuilder) -> None:
    fronts = {"east": {"rate": "60/day"}, "south": front("40/day", "proportional", "4 days")}
    books = desk.books(desk.plain(6, 400, consumption=fronts))
    fired, level = [100.0], 300.0
    for _ in range(2):
        fired.append(60 + 40 * level / 100 / 4)
        level -= fired[-1]
    assert level == pytest.approx(129)
    # Day 3 wants 60 + 40 x 1.29 / 4; day 4 wants 60 + 5.61 of the 56.1 that are left, and gets all of them.
    fired += [72.9, 56.1, 0.0]
    assert books.flow("fired") == pytest.approx(fired, rel=1e-12, abs=0)
    assert books.level()[4:] == [0, 0]
    assert books.flow("unmet") == pytest.approx([100 - shot for shot in fired], rel=1e-12, abs=1e-12)


def test_two_rules_that_want_more_than_the_level_are_cut_to_it(desk: ScenarioBuilder) -> None:
    fronts = {
        "east": front("300/day", "proportional", "6 h"),
        "north": front("100/day", "controlled", "2 days"),
        "south": {"rate": "600/day"},
    }
    line = {"line": {"rate": "400/day"}}
    books = desk.books(desk.plain(3, 0, production=line, consumption=fronts))
    # 0.4 days of supply: east 300, north a tenth of 400, south 600; 940 are wanted and 400 are there.
    assert books.flow("fired") == [400, 400, 400]
    assert books.flow("unmet") == [600, 600, 600]
    assert books.level() == [0, 0, 0]


def test_where_nothing_is_planned_nothing_is_rationed(desk: ScenarioBuilder) -> None:
    pause = {"by_date": {"2023-09-01": "100/day", "2023-09-02": "0/day", "2023-09-03": "100/day"}}
    for rule in ("proportional", "controlled"):
        books = desk.books(desk.plain(4, 250, consumption={"front": front(pause, rule, "1 day")}))
        assert books.flow("fired") == ([100, 0, 100, 50] if rule == "proportional" else [100, 0, 100, 0]), (
            rule
        )
        assert books.flow("unmet")[:3] == [0, 0, 0], rule


def test_no_rationing_fires_until_the_last_shell(desk: ScenarioBuilder) -> None:
    books = desk.books(desk.plain(4, 250, consumption={"front": front("100/day", "none", "90 days")}))
    assert books.flow("fired") == [100, 100, 50, 0]
