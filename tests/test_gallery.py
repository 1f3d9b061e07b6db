"""Charts of the gallery agree with the tables, and the title can be read off the picture."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import sim
from sim.charts import (
    account,
    claims,
    cumulative,
    days_of_supply,
    mix,
    money,
    pipeline,
    style,
    survival,
    timeline,
)
from sim.charts.account_data import make_account
from sim.charts.claims_data import read_claims
from sim.charts.pipeline_chart import cargo_by_stage
from sim.charts.result_data import ChartData
from sim.charts.voyage_data import VoyageRow, read_voyages
from sim.cli.app import run
from sim.errors import ArgumentError
from sim.findings.account_headline import write_account
from sim.findings.cover_headline import Cover, cover_headline
from sim.findings.finding import Scope
from sim.findings.mix_headline import MonthMix, mix_headline
from sim.findings.money_headline import MoneyTotals, money_headline
from sim.findings.service_headline import MonthMet, service_headline
from sim.findings.stock_figures import overall_figures
from sim.findings.survival_headline import RunOutDates, survival_headline
from sim.findings.wording import BELOW_A_DAY
from tests.support.awkward_results import awkward_result, money_result
from tests.support.chart_layout import find_layout_faults
from tests.support.known_result import figure_text, figure_texts, plot_axes

# Chance that no stock has run out

OCTOBER = [dt.date(2023, 10, day) for day in (3, 9, 9, 20)]


def dates_of(days: list[dt.date], runs: int, label: str = "a") -> RunOutDates:
    return RunOutDates(label, days, runs, dt.date(2023, 9, 1), dt.date(2024, 9, 1))


@pytest.mark.parametrize(
    ("days", "runs", "text"),
    [
        # Of four runs two are left from 3 October, one from 9 October: under half on the 9th.
        (
            OCTOBER,
            4,
            "The chance that the stock has not run out falls below one half on 9 October 2023; "
            "by 20 October 2023 it has run out in every run",
        ),
        (
            OCTOBER,
            5,
            "The chance that the stock has not run out falls below one half on 9 October 2023 "
            "and is 20 % on 31 August 2024",
        ),
        (OCTOBER, 40, "The chance that the stock has not run out falls to 90 % by 31 August 2024"),
        ([], 40, "The stock lasts beyond 31 August 2024 in every run"),
        ([], 1, "The stock lasts beyond 31 August 2024"),
        (OCTOBER[1:3], 2, "The stock runs out on 9 October 2023 in every run"),
        (OCTOBER[:1], 1, "The stock runs out on 3 October 2023"),
    ],
)
def test_the_title_says_when_the_chance_falls_below_one_half(
    days: list[dt.date], runs: int, text: str
) -> None:
    assert survival_headline([dates_of(days, runs)]).sentence == text


def test_several_results_are_compared_by_the_day_on_which_half_have_run_out() -> None:
    late = [dt.date(2024, 1, day) for day in (2, 3, 4, 5)]
    sentence = survival_headline([dates_of(late, 4, "late"), dates_of(OCTOBER, 4, "early")]).sentence
    assert sentence == (
        "In more than half of the runs the stock runs out by 9 October 2023 with \u201cearly\u201d, "
        "by 4 January 2024 with \u201clate\u201d"
    )


def low_dates(days: list[dt.date], runs: int, label: str = "a") -> RunOutDates:
    """Return dates of a stock that falls below a day of supply, and may still meet the requirement."""
    return dataclasses.replace(dates_of(days, runs, label), event=BELOW_A_DAY)


@pytest.mark.parametrize(
    ("days", "runs", "text"),
    [
        (
            OCTOBER,
            4,
            "The chance that the stock has not fallen below one day of supply falls below one half "
            "on 9 October 2023; by 20 October 2023 it has fallen below one day of supply in every run",
        ),
        (
            OCTOBER,
            40,
            "The chance that the stock has not fallen below one day of supply falls to 90 % "
            "by 31 August 2024",
        ),
        ([], 40, "The stock lasts beyond 31 August 2024 in every run"),
        (OCTOBER[1:3], 2, "The stock falls below one day of supply on 9 October 2023 in every run"),
    ],
)
def test_a_stock_that_may_still_meet_the_requirement_falls_below_one_day_of_supply(
    days: list[dt.date], runs: int, text: str
) -> None:
    assert survival_headline([low_dates(days, runs)]).sentence == text


def test_of_several_results_one_that_only_falls_below_a_day_chooses_the_words_for_all() -> None:
    late = [dt.date(2024, 1, day) for day in (2, 3, 4, 5)]
    sentence = survival_headline([low_dates(late, 4, "late"), dates_of(OCTOBER, 4, "early")]).sentence
    assert sentence == (
        "In more than half of the runs the stock falls below one day of supply by 9 October 2023 "
        "with \u201cearly\u201d, by 4 January 2024 with \u201clate\u201d"
    )
    kept = survival_headline([low_dates(late[:3], 4, "late"), dates_of(late[:1], 4, "rare")]).sentence
    assert kept.endswith("; in 75 % of runs it lasts to the end with \u201crare\u201d")


@pytest.mark.parametrize(
    ("stock", "texts"),
    [
        (
            "the stock at Forward",
            (
                "The chance that the stock at Forward has not run out falls to 90 % by 31 August 2024",
                "The stock at Forward lasts beyond 31 August 2024 in every run",
                "The stock at Forward runs out on 3 October 2023",
            ),
        ),
        # Of several stocks the first date counts in each run.
        (
            "",
            (
                "The chance that no stock has run out falls to 90 % by 31 August 2024",
                "Every stock lasts beyond 31 August 2024 in every run",
                "The first stock runs out on 3 October 2023",
            ),
        ),
    ],
)
def test_a_title_names_the_stock_that_runs_out(stock: str, texts: tuple[str, ...]) -> None:
    cases = (dates_of(OCTOBER, 40), dates_of([], 40), dates_of(OCTOBER[:1], 1))
    named = [dataclasses.replace(each, stock=stock) for each in cases]
    assert tuple(survival_headline([each]).sentence for each in named) == texts
    other = dataclasses.replace(named[0], label="b")
    both = survival_headline([named[0], other]).sentence
    assert both.startswith("The chance that " + texts[0].split(" falls")[0].removeprefix("The chance that "))


def test_axis_and_note_have_the_words_of_the_title() -> None:
    met = {
        "schema": 1,
        "title": "Just in time",
        "start": "2024-01-01",
        "end": "2024-01-21",
        "depots": {"d": {"stock": "50"}},
        "production": {"works": {"rate": "100/day"}},
        "consumption": {"front": {"rate": "100/day"}},
    }
    text = figure_text(survival(sim.run(met, runs=2, jobs=1, engine="simpy")))
    assert "The stock falls below one day of supply on 1 January 2024 in every run" in text
    assert "in which the stock has not fallen below one day of supply yet" in text
    assert BELOW_A_DAY.meaning in " ".join(text.split())
    assert "run out" not in text
    assert "runs out" not in text.lower()


def survival_steps(figure: Figure) -> list[tuple[float, float]]:
    (axes,) = plot_axes(figure)
    return [(float(x), float(y)) for x, y in axes.lines[0].get_xydata()]


def test_the_line_falls_by_one_run_on_each_run_out_date() -> None:
    result = awkward_result("long names")
    gone = sorted(day for day in result.outcomes["exhausted"] if day is not None)
    assert gone, "a scenario in which some runs run out"
    steps = survival_steps(survival(result))
    assert [dt.date.fromordinal(int(x)).isoformat() for x, _ in steps[1 : 1 + len(gone)]] == gone
    assert [y for _, y in steps[: 1 + len(gone)]] == [100.0 * (1 - n / 4) for n in range(len(gone) + 1)]


def test_several_results_have_a_line_and_a_label_each() -> None:
    result = awkward_result("one run")
    never = ChartData.of(awkward_result("never"))
    manifest = copy.deepcopy(dict(never.manifest))
    manifest["scenario"]["title"] = "Much more stock"
    other = dataclasses.replace(never, manifest=manifest)
    figure = survival([result, other])
    (axes,) = plot_axes(figure)
    assert len({line.get_color() for line in axes.lines}) == 2
    assert "Much more stock: 100 %" in figure_text(figure)


# Cumulative supply and use


def test_the_opening_stock_is_what_the_scenario_says() -> None:
    # The file gives 500,000; the table of levels begins at the end of the first day.
    account = make_account(ChartData.of(awkward_result("one run")))
    assert account.opening == pytest.approx(500_000)
    assert account.opening + account.supplied - account.fired - account.lost == pytest.approx(account.level)


def test_lines_add_up_to_the_totals_of_the_summary() -> None:
    result = awkward_result("one run")
    totals = result.summary()["totals"]
    (axes,) = plot_axes(cumulative(result))
    ends = [float(line.get_ydata()[-1]) for line in axes.lines]
    supplied = 500_000 + totals["landed"] + totals["produced"]
    assert ends == pytest.approx([supplied, totals["fired"], totals["required"]])


# Money


@pytest.mark.parametrize(
    ("totals", "text"),
    [
        (MoneyTotals(0.0, 0.0, 0.0), "Nothing is spent, and holding and shortage cost nothing"),
        (MoneyTotals(0.0, 2e6, 0.0), "By 31 August 2024 the cost is 2M EUR, all of it for holding"),
        (
            MoneyTotals(6e6, 1e6, 3e6, 8e6),
            "By 31 August 2024 the cost is 10M EUR: 60 % for orders, 30 % for shortage and 10 % for holding;"
            " 75 % of the budget is spent",
        ),
        (
            MoneyTotals(3e3, 0.0, 1.5, 0.0),
            "By 31 August 2024 the cost is 3,000 EUR: over 99 % for orders and under 1 % for shortage",
        ),
    ],
)
def test_the_title_of_money_says_for_what_it_goes(totals: MoneyTotals, text: str) -> None:
    scope = Scope("2023-09-01", "2024-09-01", 9)
    assert money_headline(scope, totals, "EUR").sentence == text


def test_money_adds_up_to_the_outcomes_and_the_budget_to_its_grants() -> None:
    result = money_result()
    upper, lower = plot_axes(money(result))
    heights = sum(bar.get_height() for bar in upper.patches if isinstance(bar, Rectangle))
    cost, spent = (float(line.get_ydata()[-1]) for line in lower.lines)
    assert heights == pytest.approx(result.outcomes["cost"].mean())
    assert (cost, spent) == pytest.approx(tuple(result.outcomes[["cost", "spent"]].mean()))
    # 273 of 365 days are left of the first year of account, and three years follow.
    grants = 30e6 * 273 / 365 + 3 * 30e6
    assert lower.patches[-1].get_data().values[-1] == pytest.approx(grants)
    with pytest.raises(ArgumentError, match="its scenario names no currency"):
        money(awkward_result("one run"))


# Days of supply


def test_days_of_supply_are_the_stock_over_the_requirement() -> None:
    # 10,000 shells a day are required: the level of each day over that.
    result = awkward_result("one run")
    (axes,) = plot_axes(days_of_supply(result))
    assert axes.lines[0].get_ydata() == pytest.approx(result.stock["p50"] / 10_000)


def test_a_threshold_that_reads_one_day_has_the_singular_in_the_chart() -> None:
    data = ChartData.of(awkward_result("one run"))
    summary = copy.deepcopy(dict(data.summary))
    for munitions in summary["pairs"].values():
        for figures in munitions.values():
            figures["below"] = {"0.9996": figures["exhausted"]}
    texts = figure_texts(days_of_supply(dataclasses.replace(data, summary=summary)))
    assert "1 day" in texts
    assert "1 days" not in texts


def cover_title(days: list[float], thresholds: list[float]) -> str:
    dates = {dt.date(2023, 9, 1) + dt.timedelta(days=n): cover for n, cover in enumerate(days)}
    return cover_headline(Scope("2023-09-01", "2023-09-05", 9), [Cover("", dates, thresholds)]).sentence


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (
            [40, 29, 9, 0.5],
            "The median stock falls below 30 days of supply on 2 September 2023 "
            "and falls below 1 day on 4 September 2023",
        ),
        (
            [40, 29, 9, 1.5],
            "The median stock falls below 30 days of supply on 2 September 2023 and falls below",
        ),
        ([20, 9, 9, 9], "The median stock starts below 30 days of supply and falls below 10 days on 2 Sep"),
        ([60, 44, 41, 50], "The median stock is never below 41 days of supply, on 3 September 2023"),
    ],
)
def test_the_title_names_the_thresholds_that_the_median_crosses(days: list[float], text: str) -> None:
    assert cover_title(days, [30.0, 10.0, 1.0]).startswith(text)


# Service


@pytest.mark.parametrize(
    ("front", "rear", "text"),
    [
        # A flat end: none of its months is the least that one sees.
        (
            [1.0, 0.5, 0.234, 0.231],
            [1.0, 0.9, 0.9, 0.8],
            "From September 2023 on 23 % of the requirement of Front is met, the least of all months; "
            "of that of Rear 80 % to 90 %",
        ),
        (
            [1.0, 0.2, 0.9, 1.0],
            [1.0] * 4,
            "In August 2023 20 % of the requirement of Front is met, the least of all months; "
            "of that of Rear 100 %",
        ),
        (
            [1.0, 0.2, 0.201, 1.0],
            [],
            "From August 2023 to September 2023 20 % of the requirement of Front is met, "
            "the least of all months",
        ),
        # Of several spans the longest.
        (
            [0.0, 0.5, 0.0, 0.0],
            [0.8, 0.9, 0.9, 1.0],
            "From September 2023 on and in 1 other month 0 % of the requirement of Front is met, "
            "the least of all months; of that of Rear 80 % to 100 %",
        ),
        (
            [0.2, 0.5, 0.2, 1.0],
            [],
            "In July 2023 and in 1 other month 20 % of the requirement of Front is met, "
            "the least of all months",
        ),
        ([0.65] * 4, [], "In every month 65 % of the requirement of Front is met"),
    ],
)
def test_the_title_of_service_says_that_it_is_the_least(
    front: list[float], rear: list[float], text: str
) -> None:
    met = [
        MonthMet(name, dt.date(2023, 7 + place, 1), share)
        for name, shares in (("Front", front), ("Rear", rear))
        for place, share in enumerate(shares)
    ]
    assert service_headline(Scope("2023-07-01", "2023-11-01", 9), met).sentence == text


# Mix


def test_shares_of_a_month_add_up_and_follow_the_table_of_origins() -> None:
    result = awkward_result("one run")
    (axes,) = plot_axes(mix(result))
    heights = {bars.get_label(): [bar.get_height() for bar in bars.patches] for bars in axes.containers}
    assert set(heights) == {"plant", "north", "initial"}
    assert [sum(column) for column in zip(*heights.values(), strict=True)] == pytest.approx([100.0] * 7)
    fired = result.origins.query("kind == 'fired' and month == '2023-12'").set_index("origin")["mean"]
    assert heights["plant"][3] == pytest.approx(100.0 * fired["plant"] / fired.sum())


def test_the_title_of_a_mix_begins_with_a_capital_and_names_both_ends() -> None:
    months = [
        MonthMix(dt.date(2023, 9, 1), {"opening stock": 0.995, "DPRK": 0.005}),
        MonthMix(dt.date(2024, 8, 1), {"opening stock": 0.25, "DPRK": 0.75}),
    ]
    overall = overall_figures(ChartData.of(awkward_result("one run")))
    assert mix_headline(overall, months).sentence == (
        "Over 99 % of what is fired in September 2023 comes from opening stock; in August 2024 75 % from DPRK"
    )


def test_an_empty_pipeline_is_zero_without_rounding_errors() -> None:
    data = ChartData.of(awkward_result("one run"))
    start = float(data.start.toordinal())
    # 0.1 + 0.2 + 0.3 + 0.7, less one after the other, leaves 1.1e-16.
    cargo = [VoyageRow(0, "north", 1, None, start, start + n, 0.1 * n) for n in (1, 2, 3, 7)]
    stages = cargo_by_stage(data, cargo)
    assert stages["on rail"][0] == pytest.approx(1.3)
    assert stages["on rail"][9] == 0.0


@pytest.mark.parametrize("kind", [days_of_supply, mix, timeline, pipeline])
def test_a_result_without_consumption_gets_one_message(kind: Callable[..., Figure]) -> None:
    with pytest.raises(ArgumentError, match=r"nothing is|no voyages") as caught:
        kind(awkward_result("no consumer"))
    assert len(caught.value.faults) == 1


# The whole account


@given(
    st.floats(0.0, 1e8),
    st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=9),
)
def test_a_written_account_closes_to_the_last_digit_and_moves_no_figure_by_more_than_one(
    opening: float, flows: list[float]
) -> None:
    changes = {f"flow {n}": value for n, value in enumerate(flows)}
    written = write_account(opening, changes, opening + sum(flows))
    assert written.opening + sum(written.changes.values()) == written.closing
    for name, value in changes.items():
        assert abs(written.changes[name] * written.step - value) <= 1.5 * written.step


def test_nothing_is_written_without_a_unit() -> None:
    written = write_account(0.0, {"in": 858_000.0, "out": -858_000.0}, 0.0)
    assert [written.text(written.opening), written.text(written.changes["in"], signed=True)] == [
        "0",
        "+858.0k",
    ]


def number(text: str) -> Decimal:
    digits = text.replace("\u2212", "-").replace(",", "")
    factor = {"M": 1_000_000, "k": 1_000}.get(digits[-1], 1)
    return Decimal(digits.rstrip("Mk")) * factor


@pytest.mark.parametrize("case", ["one run", "never", "long names", "twelve suppliers"])
def test_the_figures_of_a_waterfall_add_up_as_they_are_written(case: str) -> None:
    texts = figure_texts(account(awkward_result(case)))
    figures = [number(text) for text in texts if re.fullmatch("[+\u2212]?[0-9,.]+[Mk]?", text)]
    # Tick labels come first; the account begins with the opening stock.
    opening, *changes, closing = figures[-(len(figures) - ticks_in(texts)) :]
    assert opening + sum(changes) == closing
    for size in style.SIZES:
        assert "closing stock" in figure_texts(account(awkward_result(case), size)), "the last row is missing"


def ticks_in(texts: list[str]) -> int:
    before = texts[: texts.index("opening stock")]
    return sum(re.fullmatch("[0-9,.]+[Mk]?", text) is not None for text in before)


# Voyages


def test_a_timeline_has_a_bar_for_each_voyage_of_run_zero_in_the_row_of_its_vehicle() -> None:
    result = awkward_result("long names")
    own = result.shipments.query("run == 0")
    axes = max(timeline(result).axes, key=lambda each: len(each.patches))
    assert len(axes.patches) == len(own)
    bars = [bar for bar in axes.patches if isinstance(bar, Rectangle)]
    begins = sorted(bar.get_x() for bar in bars)
    first = (pd.to_datetime(own["departed"]) - pd.Timestamp(1970, 1, 1)).dt.total_seconds() / 86_400
    assert begins == pytest.approx(sorted(first + dt.date(1970, 1, 1).toordinal()))
    ships = own.query("leg == 0")["vehicle"].nunique()
    rows: dict[float, list[tuple[float, float]]] = {}
    for bar in bars:
        place = (bar.get_x(), bar.get_x() + bar.get_width())
        rows.setdefault(round(bar.get_y(), 3), []).append(place)
    assert len(rows) > ships
    for row in rows.values():
        assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(sorted(row))), "voyages of a row overlap"


def test_the_pipeline_holds_what_has_left_its_source_and_not_arrived() -> None:
    result = awkward_result("one run")
    stages = cargo_by_stage(ChartData.of(result), read_voyages(result))
    assert list(stages) == ["at sea", "on rail", "at a quay between legs"]
    voyages = result.shipments
    for day, end in ((40, "2023-10-27"), (100, "2023-12-26")):
        left = voyages[(voyages["leg"] == 0) & (voyages["departed"] < end)]["shells"].sum()
        there = voyages[(voyages["leg"] == 1) & (voyages["arrived"].fillna("9") < end)]["shells"].sum()
        assert sum(rows[day] for rows in stages.values()) == pytest.approx(left - there)


# Published claims

ROW = {
    "quantity": "rate",
    "munition": "152mm",
    "low": None,
    "central": None,
    "high": None,
    "unit": "shells/day",
    "period_start": None,
    "period_end": None,
    "published": "2023-01-01",
    "claimant": "A",
    "confidence": "B",
    "url": "https://example.org",
}


def claim_table(*rows: dict[str, object]) -> pd.DataFrame:
    kinds = dict.fromkeys(("low", "central", "high"), "float64")
    kinds |= dict.fromkeys(("period_start", "period_end", "published"), "datetime64[s]")
    return pd.DataFrame([{**ROW, **row} for row in rows]).astype(kinds)


def test_claims_are_in_one_unit_and_in_order_of_time() -> None:
    found = read_claims(
        claim_table(
            {"low": 20_000, "high": 40_000, "claimant": "Late", "period_end": "2024-02-01"},
            {"central": 365_250, "unit": "shells/year", "claimant": "Early"},
            {"low": 5_000, "unit": "rounds/day", "published": "2023-06-01", "claimant": "Floor"},
            {"central": 3, "unit": "ratio"},
            {"central": 7, "unit": "containers/day"},
            {"unit": "qualitative"},
        ),
        "rate",
    )
    assert found.unit == "shells a day"
    assert [claim.claimant for claim in found.claims] == ["Early", "Floor", "Late"]
    assert [claim.middle for claim in found.claims] == pytest.approx([1_000, 5_000, 30_000])
    assert [claim.bound for claim in found.claims] == ["", "\u2265", ""]
    assert found.others == 3


@pytest.mark.parametrize("size", style.SIZES)
def test_a_chart_of_claims_has_a_row_for_each_and_links(size: str) -> None:
    rows = [{"central": 1_000 * n, "claimant": "Ministry of " + "Defence " * n} for n in range(1, 40)]
    figure = claims(claim_table(*rows, {"low": 10, "high": 90_000}), "rate", size)
    assert not find_layout_faults(figure)
    shown = sum(text.get_url() == "https://example.org" for text in figure.texts)
    text = figure_text(figure)
    if size in {"column", "page"}:
        assert shown == 40
        assert "40 claims on rate range from 10 to 90k shells a day" in text
    else:
        assert f"{40 - shown} earlier claims not shown" in text
        assert f"The latest {shown} claims on rate range from" in text


def test_claims_on_different_munitions_say_of_which() -> None:
    rows: list[dict[str, object]] = [
        {"central": 1_000},
        {"central": 2_000, "munition": "122mm"},
        {"low": 10, "munition": None},
    ]
    text = figure_text(claims(claim_table(*rows), "rate"))
    assert "3 claims on rate (of different munitions) range from 10 to 2,000 shells a day" in text
    for said in ("1,000, 152mm", "2,000, 122mm", "\u2265 and \u2264 are claims of at least and at most"):
        assert said in text
    text = figure_text(claims(claim_table(*rows[:1]), "rate"))
    assert "152mm" not in text
    assert "\u2265" not in text


def test_an_unknown_quantity_names_the_nearest() -> None:
    with pytest.raises(ArgumentError) as caught:
        read_claims(claim_table({"central": 1}), "rte")
    assert caught.value.faults[0].nearest == "rate"


def test_the_command_draws_one_quantity_and_refuses_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "stock.svg"
    with pytest.raises(SystemExit, match="0"):
        run(["evidence", "--quantity", "stock", "--chart", str(file), "--size", "column"])
    assert capsys.readouterr().out.strip() == str(file)
    assert b"xlink:href=" in file.read_bytes()
    with pytest.raises(SystemExit, match="1"):
        run(["evidence", "--chart", str(tmp_path / "all.svg")])
    assert "a chart shows one quantity" in capsys.readouterr().err
    assert not (tmp_path / "all.svg").exists()
