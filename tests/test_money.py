"""Money: prices, costs, budgets and their tables (rule 39)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.account import PlacedOrder
from sim.charts import draw
from sim.errors import ScenarioError
from sim.findings.wording import counted_text
from sim.formulas import granted_budget
from sim.model.ledger import Ledger
from sim.names import Noun
from sim.outcomes import outcome_named
from sim.scenario.loader import load_plain
from tests.support import engine_comparison
from tests.support.engine_comparison import run_differences
from tests.support.known_result import figure_text

Plain = dict[str, Any]


def plain_of(**changes: Any) -> Plain:
    """Return a depot that orders up to 100 each week, at 100 EUR a shell and 10 EUR an order."""
    plain: Plain = {
        "schema": 1,
        "start": "2026-11-01",
        "end": "2027-03-01",
        "currency": "EUR",
        "munitions": {"shell": {"unit_cost": "100 EUR"}},
        "depots": {"store": {"stock": 100}},
        "consumption": {"front": {"rate": "2/day"}},
        "orders": {"works": {"order_up_to": 100, "order_cost": "10 EUR", "review": "7 days"}},
    }
    return {**plain, **changes}


def account_of(plain: Plain) -> Ledger:
    return engine_comparison.account_of(load_plain(plain, None))


def units_times_cost(orders: list[PlacedOrder], price: float, fixed: float) -> float:
    return sum(fixed + price * order.shells for order in orders)


def test_money_spent_is_units_times_cost_and_the_costs_of_orders() -> None:
    ledger = account_of(plain_of())
    assert ledger.counted["spent"] == [pytest.approx(units_times_cost(ledger.orders, 100.0, 10.0))]
    # 1 November: 2 are missing; then 14 a week, five times by the end of the month, at 1,410.
    assert ledger.money["spent"][0] == pytest.approx(210.0 + 4 * 1410.0)
    assert sum(ledger.money["spent"]) == pytest.approx(ledger.counted["spent"][0])


def test_a_supplier_is_paid_when_an_order_leaves() -> None:
    works = {"order_up_to": 160, "capacity": "2/day", "review": "1000 days"}
    ledger = account_of(plain_of(orders={"works": works}))
    # 62 shells ordered on 1 November are made on 2 December, the 31st day after.
    assert ledger.money["spent"] == [0.0, 6200.0, 0.0, 0.0]


def test_a_budget_cuts_orders_and_what_is_cut_waits_for_the_next_year() -> None:
    ledger = account_of(plain_of(budget={"rate": "36.5k EUR/year"}))
    # 61 of 365 days are left of the year: 6,100 EUR. What is left after five orders pays for 2.4 shells.
    spent = [order.cost for order in ledger.orders if order.placed < 61 * 86400]
    assert sum(spent) == pytest.approx(6100.0)
    assert [order.shells for order in ledger.orders][4:7] == [14.0, pytest.approx(2.4), pytest.approx(67.6)]
    # At the review of 27 December 53.6 shells are missing, and no money is left.
    assert ledger.counted["unfunded"] == [pytest.approx(53.6)]


def test_the_verdict_says_in_how_many_runs_orders_are_cut_and_by_how_much() -> None:
    def said(**changes: Any) -> list[str]:
        findings = sim.run(plain_of(**changes), runs=4, engine="simpy").findings
        return [found.sentence for found in findings if found.kind == "orders_cut"]

    # At the review of 27 December 53.6 shells are missing, and no money is left.
    cut = {"budget": {"rate": "36.5k EUR/year"}}
    assert said(**cut) == ["for want of money in every run; the largest by 54 shells"]
    assert said(budget={"rate": "1M EUR/year"}) == []
    assert said() == []
    # A stock without orders has no cut. Of several order lines the largest cut of each stock is added up.
    depots = {"store": {"stock": 100}, "rear": {"stock": 100}}
    orders = {"works": {**plain_of()["orders"]["works"], "to": "store"}}
    front = {"front": {"rate": "2/day", "at": "store"}}
    more = {**cut, "depots": depots, "consumption": front}
    assert said(**more, orders=orders) == ["for want of money in every run; the largest by 54 shells"]
    orders["late"] = {**orders["works"], "to": "rear", "first": "61 days"}
    assert said(**more, orders=orders) == [
        "for want of money in every run; the largest cut of each stock, added up, 54 shells"
    ]


@pytest.mark.parametrize(("carry_over", "left"), [("true", 73_000.0 - 210.0), ("false", 36_500.0)])
def test_what_is_left_of_a_year_of_account_carries_over_or_not(carry_over: str, left: float) -> None:
    budget = {"rate": "36.5k EUR/year", "starts": "October", "carry_over": carry_over}
    plain = plain_of(budget=budget, start="2025-10-01", end="2026-10-04", consumption={})
    plain["depots"] = {"store": {"stock": 98}}
    plain["orders"]["works"]["order_up_to"] = {"by_date": {"2025-10-01": 100, "2026-10-02": 10_000}}
    plain["orders"]["works"]["review"] = "1 day"
    ledger = account_of(plain)
    assert [order.cost for order in ledger.orders] == [pytest.approx(210.0), pytest.approx(left)]


def test_a_year_grants_what_the_file_says_to_the_last_digit() -> None:
    """3M EUR a year are 8,213.5 a day and a bit: 365.25 of them would be half a billionth less."""
    works = {"order_up_to": "20M"}
    munitions = {"shell": {"unit_cost": "1 EUR"}}
    given = plain_of(budget={"rate": "3M EUR/year"}, orders={"works": works}, munitions=munitions)
    ledger = account_of({**given, "start": "2026-01-01", "end": "2028-01-10", "consumption": {}})
    assert [order.cost for order in ledger.orders] == [3e6, 3e6, 3e6]
    assert granted_budget(1234.5678 / 365.25, 0.5) == 1234.5678 / 365.25 * 365.25 * 0.5


def test_what_a_known_budget_grants_is_in_the_table_of_money() -> None:
    rate = {"by_date": {"2026-11-01": "36.5k EUR/year", "2027-01-01": "73k EUR/year"}}
    result = sim.run(load_plain(plain_of(budget={"rate": rate}), None), runs=1, engine="simpy")
    granted = result.money[result.money["kind"] == "granted"]
    # 61 of the 365 days of 2026 are left.
    assert granted["mean"].tolist() == granted["p95"].tolist() == [6100.0, 0.0, 73_000.0, 0.0]
    drawn = plain_of(budget={"rate": {"low": "1k EUR/year", "high": "2k EUR/year"}})
    assert "granted" not in set(sim.run(load_plain(drawn, None), runs=1, engine="simpy").money["kind"])


def test_holding_is_a_share_of_the_unit_cost_or_money_a_shell_and_period() -> None:
    course = {"by_date": {"2026-11-01": "100 EUR", "2027-01-01": "200 EUR"}}
    munitions = {"shell": {"unit_cost": course}}
    depots = {"store": {"stock": 100, "holding_cost": "36.525%"}}
    share = account_of(plain_of(munitions=munitions, depots=depots, consumption={}, orders={}))
    assert share.money["holding"] == [
        pytest.approx(days * each) for days, each in ((30, 10), (31, 10), (31, 20), (28, 20))
    ]
    depots = {"store": {"stock": 100, "holding_cost": "36.525 EUR/year"}}
    money = account_of(plain_of(depots=depots, consumption={}, orders={}))
    assert money.money["holding"] == [pytest.approx(days * 10.0) for days in (30, 31, 31, 28)]


@pytest.mark.parametrize(("backlog", "cost"), [("false", 9 * 5.0), ("true", (3 + 6 + 9) * 5.0)])
def test_shortage_is_paid_once_for_what_is_lost_and_each_day_for_what_waits(
    backlog: str, cost: float
) -> None:
    front = {"rate": "3/day", "shortage_cost": "5 EUR", "backlog": backlog}
    plain = plain_of(
        end="2026-11-04", depots={"store": {"stock": 0}}, consumption={"front": front}, orders={}
    )
    ledger = account_of(plain)
    assert ledger.counted["shortage"] == [pytest.approx(cost)]


def test_the_economic_order_quantity_costs_least() -> None:
    # Fixed cost 8, holding 0.225 a unit and year, demand 1,300 a year: 304.05, at 68.41 a year.
    years, best = 60, 304.05
    plain = plain_of(start="2000-01-01", end=f"{2000 + years}-01-01", munitions={"shell": {}})
    plain["depots"] = {"store": {"stock": 304, "holding_cost": "0.225 EUR/year"}}
    plain["consumption"] = {"front": {"rate": "1300/year"}}
    plain["orders"] = {"works": {"reorder_point": "1 day", "order_quantity": 304, "order_cost": "8 EUR"}}
    path = "orders.works.order_quantity"
    scenario = load_plain(plain, None)
    found = sim.sweep(scenario, {path: [150, 200, 260, best, 360, 450, 600]}, runs=1).table
    size, cost = found[path].to_numpy(float), found["cost_mean"].to_numpy(float) / years
    assert size[int(np.argmin(cost))] == best
    # What another size costs: half of the sum of its ratio to the best, and of the inverse.
    assert cost == pytest.approx(68.4105 * (size / best + best / size) / 2, rel=0.01)
    assert run_differences(scenario.replace({"end": "2004-01-01"}), 1, [0]) == []


def test_the_tables_and_outcomes_of_money_add_up(tmp_path: Path) -> None:
    front = {"rate": "2/day", "daily_variation": "30%", "shortage_cost": "900 EUR"}
    depots = {"store": {"stock": {"low": 20, "high": 100}, "holding_cost": "5%"}}
    plain = plain_of(consumption={"front": front}, depots=depots, budget={"rate": "40k EUR/year"})
    results = [sim.run(load_plain(plain, None), runs=20, engine=engine) for engine in ("simpy", "compiled")]
    for result in results:
        whole = result.outcomes[["spent", "holding", "shortage"]].sum(axis=1)
        assert result.outcomes["cost"].to_numpy() == pytest.approx(whole.to_numpy())
        by_month = result.money.pivot_table(index="kind", columns="month", values="mean").sum(axis=1)
        for kind in ("spent", "holding", "shortage", "cost"):
            assert by_month[kind] == pytest.approx(result.outcomes[kind].mean())
    assert results[0].money.equals(results[1].money)
    assert results[0].orders.equals(results[1].orders)
    saved = sim.read_folder(results[0].save(tmp_path / "out"))
    assert saved.money is not None
    assert saved.orders is not None
    assert saved.money.equals(results[0].money)
    assert saved.orders["cost"].sum() == pytest.approx(results[0].orders["cost"].sum())


def test_charts_and_findings_of_money_name_the_currency() -> None:
    scenario = load_plain(plain_of(), None)
    sweep = sim.sweep(scenario, {"orders.works.order_cost": ["10 EUR", "500 EUR"]}, runs=1)
    figure = draw("line", sweep, of="cost")
    texts = " ".join([figure_text(figure), *(axes.get_ylabel() for axes in figure.axes)])
    assert "EUR" in texts
    assert "money" not in texts.casefold().replace("money spent", "")
    noun = Noun("shell", "shells")
    cost, placed = outcome_named("cost"), outcome_named("orders")
    assert counted_text(cost, 2.5e6, noun, "EUR") == "2.5M EUR"
    assert counted_text(placed, 12.0, noun, "EUR") == "12"
    assert counted_text(outcome_named("unmet"), 12.0, noun, "EUR") == "12 shells"


@pytest.mark.parametrize(
    ("changes", "problem", "nearest"),
    [
        ({"currency": None}, "is money, and the file names no currency", ""),
        ({"munitions": {"shell": {"unit_cost": "$2,000"}}}, "three letters of its currency", ""),
        (
            {"munitions": {"shell": {"unit_cost": "2k USD"}}},
            "'2k USD' is not in EUR, the currency of the file",
            "",
        ),
        ({"munitions": {"shell": {"unit_cost": "€2,000"}}}, "three letters of its currency", "2000 EUR"),
        ({"munitions": {"shell": {"unit_cost": "2000"}}}, "it has no unit", ""),
        ({"currency": "euro"}, "'euro' is not a currency", ""),
        ({"budget": {"rate": "2M EUR"}}, "'2M EUR' is not a rate of money: it has no period", ""),
        ({"budget": {"rate": "5M/year"}}, "is not a rate of money: the unit of money is missing", ""),
        ({"budget": {"rate": "2M EUR/year", "starts": "10"}}, "'10' is not a month", "October"),
        (
            {"depots": {"store": {"stock": 1, "holding_cost": "5%"}}, "munitions": {"shell": {}}},
            "needs the unit_cost",
            "",
        ),
    ],
)
def test_an_amount_that_makes_no_sense_gives_one_message(changes: Plain, problem: str, nearest: str) -> None:
    plain = {key: value for key, value in plain_of(**changes).items() if value is not None}
    with pytest.raises(ScenarioError) as raised:
        load_plain(plain, None)
    assert [problem in fault.problem for fault in raised.value.faults] == [True]
    assert raised.value.faults[0].nearest == nearest


def test_a_comparison_counts_orders_and_names_the_currency_of_a_cost() -> None:
    dear = load_plain(plain_of(munitions={"shell": {"unit_cost": "120 EUR"}}), None)
    rare = {"order_up_to": 100, "order_cost": "10 EUR", "review": "14 days"}
    compared = sim.compare(
        {
            "base": load_plain(plain_of(), None),
            "dear": dear,
            "rare": load_plain(plain_of(orders={"works": rare}), None),
        }
    )
    rows = {(each.scenario, each.outcome): each for each in compared.differences}
    # 2 shells and 16 times 14 are ordered, at 20 EUR more each; every other order of 14 is added to the next.
    assert rows["dear", "cost"].difference == pytest.approx(226 * 20.0)
    assert rows["rare", "orders"].difference == -8.0
    assert [rows["dear", "cost"].unit, rows["rare", "orders"].unit] == ["money", "count"]
    assert rows["rare", "cost"].difference == pytest.approx(-8 * 10.0)
    lines = [found.sentence for found in compared.findings if found.label == "Total cost"]
    assert lines == ["4,520 EUR more", "80 EUR less"]
    assert sim.charts.compare(compared).axes


@pytest.mark.parametrize(
    ("written", "near"), [("$2,000", ""), ("€2,000", "2000 EUR"), ("EUR 2,000,000", "2000000 EUR")]
)
def test_a_sign_before_grouped_digits_in_a_map_is_one_message(
    written: str, near: str, tmp_path: Path
) -> None:
    file = tmp_path / "money.yaml"
    head = "schema: 1\nstart: 2023-01-01\nend: 2024-01-01\ncurrency: EUR\ndepots: {d: {stock: 1k}}\n"
    file.write_text(f"{head}munitions: {{shell: {{unit_cost: {written}, noun: unit}}}}\n", "utf-8")
    with pytest.raises(ScenarioError) as caught:
        sim.load(file)
    (fault,) = caught.value.faults
    assert fault.problem.startswith(f"'{written}': an amount of money is")
    assert (fault.allowed, fault.nearest) == (
        "in EUR, the currency of the file, such as 2k EUR or 200M EUR/year",
        near,
    )
