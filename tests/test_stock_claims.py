"""Published claims over a drawdown: only comparable ones, at their dates, with whose they are."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.charts import drawdown, style
from sim.charts.result_data import ChartData
from sim.charts.stock_claims import StockClaims, comparable_claims
from sim.charts.style import pick_size
from sim.cli.app import run
from sim.errors import ArgumentError
from sim.names import Names
from tests.support.awkward_results import awkward_result
from tests.support.chart_layout import find_layout_faults
from tests.support.known_result import FOUR, SHELLS, make_result, plot_axes
from tests.support.known_result import figure_text as text_of

PAGE = pick_size("page")
NUMBERS = ("low", "central", "high")
DATES = ("period_start", "period_end", "published")
ROW = {
    "quantity": "stock",
    "munition": "artillery all",
    **dict.fromkeys(NUMBERS),
    **dict.fromkeys(DATES),
    "unit": "shells",
    "published": "2023-10-10",
    "claimant": "A Ministry",
    "confidence": "A",
    "url": "https://example.org",
}


def claim_table(*rows: dict[str, object]) -> pd.DataFrame:
    kinds = dict.fromkeys(NUMBERS, "float64") | dict.fromkeys(DATES, "datetime64[s]")
    return pd.DataFrame([ROW | row for row in rows]).astype(kinds)


def found(data: ChartData, *rows: dict[str, object]) -> StockClaims:
    return comparable_claims(data, claim_table(*rows), PAGE)


def test_only_claims_on_this_munition_in_shells_and_within_the_run_are_comparable() -> None:
    claims = found(
        make_result(),
        {"central": 3e6, "claimant": "Late", "published": "2023-12-01"},
        {"low": 1e6, "high": 2e6, "claimant": "Early", "unit": "rounds"},
        {"central": 9e6, "published": "2022-01-01"},
        {"central": 8e6, "published": "2024-01-11"},
        {"central": 7e6, "unit": "tonnes"},
        {"central": 6e6, "munition": "152mm"},
        {"central": 5e6, "quantity": "production_rate"},
        {},
    )
    assert [each.claimant for each in claims.claims] == ["Early", "Late"]
    assert claims.others == 5, "of the stocks of the table, without the rate"
    assert claims.top == 3e6


def with_munition(name: str, label: str = "") -> ChartData:
    data = make_result(places={(next(iter([SHELLS]))[0], name): True})
    labels = {f"munitions.{name}": label} if label else {}
    return dataclasses.replace(data, names=Names(labels))


@pytest.mark.parametrize(
    ("data", "munition", "is_comparable"),
    [
        (with_munition("152mm"), "152mm", True),
        (with_munition("heavy", "152 mm"), "152 mm", True),
        (with_munition("152mm"), "artillery all", False),
        (with_munition("152mm"), "122mm", False),
        (with_munition("shells"), "artillery all", True),
        (with_munition("shells"), "tube artillery 152 and 122mm", False),
    ],
)
def test_a_claim_is_about_the_munition_of_the_result(
    data: ChartData, munition: str, is_comparable: bool
) -> None:
    if is_comparable:
        assert len(found(data, {"central": 1e6, "munition": munition}).claims) == 1
        return
    with pytest.raises(ArgumentError, match="none of 1 claim on stocks"):
        found(data, {"central": 1e6, "munition": munition})


def test_a_table_without_claims_on_stocks_is_an_error_that_says_so() -> None:
    with pytest.raises(ArgumentError, match="the table has no claims on stocks; allowed: claims in shells"):
        found(make_result(), {"central": 1e6, "quantity": "production_rate"})


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        ([make_result(), make_result(title="b")], "over one result"),
        (make_result(places=FOUR), "over one stock"),
    ],
)
def test_claims_need_one_stock(result: ChartData, problem: str) -> None:
    with pytest.raises(ArgumentError, match=problem):
        drawdown(result, claims=claim_table({"central": 1e6}))


def test_a_marker_is_at_the_date_and_the_figure_of_its_claim() -> None:
    table = claim_table(
        {"low": 3e6, "central": 5e6, "high": 9e6, "period_end": "2023-10-20"},
        {"low": 2e6, "claimant": "At least"},
    )
    axes = plot_axes(drawdown(make_result(), claims=table))[0]
    marks = {line.get_marker(): line.get_xydata()[0] for line in axes.lines if line.get_marker() in "Ds"}
    assert tuple(marks["D"]) == (dt.date(2023, 10, 10).toordinal(), 2e6)
    assert tuple(marks["s"]) == (dt.date(2023, 10, 20).toordinal(), 5e6)
    ranges = [sorted(line.get_ydata()) for line in axes.lines if len(line.get_ydata()) == 2]
    assert [3e6, 9e6] in ranges
    assert axes.get_ylim()[1] >= 9e6


@pytest.mark.parametrize("size", ["column", "page", "slide", "square"])
def test_the_arrow_of_the_highest_claim_is_within_the_plot_and_longer_than_its_marker(size: str) -> None:
    figure = drawdown(make_result(), size, claims=claim_table({"low": 4e8}))
    figure.draw_without_rendering()
    axes = plot_axes(figure)[0]
    (arrow,) = axes.texts
    x, end = arrow.xy
    assert 4e8 < end <= axes.get_ylim()[1]
    (_, tail), (_, tip) = axes.transData.transform([(x, 4e8), (x, end)])
    points = (tip - tail) * 72 / figure.dpi
    assert points > 1.2 * axes.lines[-1].get_markersize()


def test_the_key_says_whose_a_claim_is_and_the_chart_goes_on_to_the_last() -> None:
    table = claim_table(
        {"low": 1e6, "high": 2e6, "published": "2024-12-01"}, {"high": 4e6, "claimant": "<b>$x^2$</b>"}
    )
    figure = drawdown(make_result(end=dt.date(2026, 9, 16)), claims=table)
    assert "1M to 2M, December 2024: A Ministry" in text_of(figure)
    assert "≤4M, October 2023: <b>$x^2$</b>" in text_of(figure), "names stay text"
    assert "published claims" in text_of(figure)
    assert plot_axes(figure)[0].get_xlim()[1] > dt.date(2024, 12, 1).toordinal()


@pytest.mark.parametrize("size", style.SIZES)
def test_many_claims_with_long_names_leave_room_for_the_plots(size: str) -> None:
    rows = [
        {"low": 1e5 * n, "high": 3e5 * n, "claimant": f"{n} Ministry of Defence and General Staff of " * 2}
        for n in range(1, 10)
    ]
    figure = drawdown(awkward_result("twelve suppliers"), size, claims=claim_table(*rows))
    assert not find_layout_faults(figure)
    most = 3 if size in {"slide", "square"} else 6
    texts = [text.get_text().replace("\u00a0", " ") for text in figure.texts]
    assert sum(text.startswith("900k to 2.7M, October 2023: 9 Min") for text in texts) == 1
    assert sum("October 2023: " in text for text in texts) == most


def test_the_command_lays_the_shipped_claims_over_a_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = tmp_path / "s.yaml"
    scenario.write_text(
        "schema: 1\nstart: 2023-09-01\nend: 2024-09-01\ndepots: {d: {stock: 4M}}\n"
        "consumption: {front: {rate: 10k/day}}\n"
    )
    sim.run(scenario, runs=1, engine="simpy").save(tmp_path / "out")
    with pytest.raises(SystemExit, match="0"):
        run(["chart", str(tmp_path / "out"), "--kind", "drawdown", "--claims", "--format", "svg"])
    capsys.readouterr()
    with pytest.raises(SystemExit, match="2"):
        run(["chart", str(tmp_path / "out"), "--kind", "supply", "--claims"])
    assert "a supply chart has no option --claims" in capsys.readouterr().err
