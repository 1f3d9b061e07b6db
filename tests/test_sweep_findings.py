"""Findings of a sweep: solved values or the values of its grid, never an interpolation; by closed form."""

from __future__ import annotations

import io
import itertools
import json
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

import sim
from sim.charts import draw, heatmap
from sim.charts.sweep_data import SweepData
from sim.cli.app import app, exit_status
from sim.findings.sweep_findings import sweep_findings
from sim.results.verification import find_problems
from tests.support.study_tables import FIRE, PRODUCED, grid_sweep, line_sweep, linear_drawdown, sweep_data

DAYS = 200
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "Plain",
    "start": "2024-01-01",
    "end": "2024-07-19",
    "depots": {"tikhoretsk": {"stock": "4M"}},
    "production": {"russia": {"rate": "20k/day"}},
    "consumption": {"front": {"rate": "30k/day"}},
}
DRAWN = {**PLAIN, "depots": {"tikhoretsk": {"stock": {"low": "2M", "high": "6M"}}}}
GRID = {PRODUCED: sim.Grid("5k/day", "65k/day", 7), FIRE: ["40k/day", "60k/day", "80k/day"]}


def made_enough(fire: float, stock: float = 4e6) -> float:
    """Return the output at which one day of supply is left at the end."""
    return fire - (stock - fire) / DAYS


def texts(figure: Figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.findobj(Text) if text.get_text()]


def strokes(figure: Figure) -> list[Line2D]:
    """Return the lines across plots; those of axes are thinner."""
    every = (line for axes in figure.axes for line in axes.lines)
    return [line for line in every if line.get_linestyle() == "-" and line.get_linewidth() > 0.9]


def test_each_path_of_a_grid_is_solved_at_each_value_of_the_other() -> None:
    rows = sim.sweep(PLAIN, GRID, runs=1).breakeven
    assert rows is not None
    half = rows[rows["holds"] == 0.5]
    up = half[half["path"] == PRODUCED]
    # 30,000 a day of the scenario are below the grid, which begins at 40,000.
    assert up[FIRE].tolist() == [40e3, 60e3, 80e3]
    assert up["value"].tolist()[:2] == pytest.approx([made_enough(40e3), made_enough(60e3)], rel=1e-4)
    assert up["rises"].tolist()[:2] == [True, True]
    # 80,000 a day take 60,400 a day, which is on the grid; 20,000 made are a value of the scenario as well.
    assert up["value"].tolist()[2] == pytest.approx(made_enough(80e3), rel=1e-4)
    across = half[half["path"] == FIRE]
    assert across[PRODUCED].tolist() == [5e3, 15e3, 20e3, 25e3, 35e3, 45e3, 55e3, 65e3]
    exact = [(4e6 + DAYS * made) / (DAYS + 1) for made in across[PRODUCED]]
    reached = across["reached"].tolist()
    assert reached == [40e3 < value <= 80e3 for value in exact]
    found = [value for value, there in zip(across["value"], reached, strict=True) if there]
    assert found == pytest.approx(
        [value for value, there in zip(exact, reached, strict=True) if there], rel=1e-4
    )
    assert not across.loc[across["reached"], "rises"].any()


def test_under_chance_the_value_and_its_interval_are_those_of_a_break_even_search() -> None:
    vary = {PRODUCED: sim.Grid("20k/day", "60k/day", 9)}
    rows = sim.sweep(DRAWN, {**vary, FIRE: ["60k/day"]}, runs=60, seed=3).breakeven
    assert rows is not None
    for level in (0.5, 0.95):
        (row,) = rows[(rows["path"] == PRODUCED) & (rows["holds"] == level)].itertuples()
        alone = sim.breakeven(
            {**DRAWN, "consumption": {"front": {"rate": "60k/day"}}}, PRODUCED, holds=level, runs=60, seed=3
        ).found[0]
        assert row.value == pytest.approx(alone.value, rel=1e-4)
        assert row.low == pytest.approx(alone.low, rel=1e-4)
        assert row.high == pytest.approx(alone.high, rel=1e-4, nan_ok=True) or alone.high is None


def test_a_finding_is_the_solved_value_and_not_a_point_of_the_grid() -> None:
    # (4M + 200 x 20,000) / 201 = 39,801 a day, between 30,000 and 55,000.
    swept = sim.sweep(PLAIN, {FIRE: ["5k/day", "30k/day", "55k/day", "80k/day"]}, runs=1)
    first, second = sweep_findings(swept)
    assert first.sentence == (
        "The stock lasts until 19 Jul 2024 with 39,800 shells a day or less (Required rate, front)"
    )
    assert first.values["value"] == pytest.approx(39_801, rel=1e-4)
    assert second.sentence == "39,800 shells a day can be sustained until 19 Jul 2024"
    assert draw("line", swept).get_label() == first.sentence
    assert draw("sustainable", swept).get_label() == second.sentence


def test_without_a_solved_value_the_two_values_of_the_grid_are_given() -> None:
    found = sweep_findings(line_sweep())
    assert found[0].values["between_low"] == 5e3
    assert found[0].values["between_high"] == 10e3
    rising = sweep_data({PRODUCED: [5e3, 10e3, 15e3]}, lambda made: linear_drawdown(14e3, made))
    # 14,000 less 4M / 731 = 5,472 is 8,528 a day.
    low, high = (f"{rate * 365.25 / 1e6:.3g}M" for rate in (5e3, 10e3))
    assert sweep_findings(rising)[0].sentence == (
        "The stock lasts until 1 Sep 2025 in half of the runs "
        f"from between {low} and {high} shells a year on (Output, Russia)"
    )


def test_a_heat_map_speaks_of_the_point_of_the_scenario_alone() -> None:
    grid = {PRODUCED: GRID[PRODUCED], FIRE: ["20k/day", "40k/day", "60k/day"]}
    swept = sim.sweep(PLAIN, grid, runs=1)
    # At 20,000 made: the scenario has 30,000 a day fired, and lasts with 39,801. At 30,000 fired 10,150 do.
    assert sweep_findings(swept)[0].sentence == (
        "At 30k shells a day (Required rate, front) the stock lasts until 19 Jul 2024 "
        f"with {made_enough(30e3) * 365.25 / 1e6:.4g}M shells a year or more (Output, Russia)"
    )
    assert f"the scenario: 30k shells a day, {20e3 * 365.25 / 1e6:.3g}M shells a year" in texts(
        draw("heatmap", swept)
    )
    # Nothing is solved at values that the grid does not reach: no other value is picked.
    beyond = sim.sweep(PLAIN, {PRODUCED: ["40k/day", "60k/day"], FIRE: ["50k/day", "70k/day"]}, runs=1)
    assert sweep_findings(beyond)[0].sentence.endswith("points")
    assert not [text for text in texts(draw("heatmap", beyond)) if text.startswith("the scenario")]


def test_the_line_of_a_heat_map_goes_through_solved_values() -> None:
    swept = sim.sweep(PLAIN, GRID, runs=1)
    figure = draw("heatmap", swept)
    lines = strokes(figure)
    assert len(lines) == 2
    x, y = np.asarray(lines[0].get_xydata()).T
    assert len(x) >= 3
    assert y.tolist() == pytest.approx([made_enough(fire) for fire in x], rel=1e-3)
    assert any("joins break-even values" in text for text in texts(figure))


def test_an_old_folder_has_dots_on_the_grid_and_no_line() -> None:
    figure = heatmap(grid_sweep(9, 8))
    assert not strokes(figure)
    (dots,) = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "o"]
    table = grid_sweep(9, 8).table
    columns = zip(table[FIRE], table[PRODUCED], table["exhausted_share"], strict=True)
    lasts = {(fire, made): share <= 0.5 for fire, made, share in columns}
    mades = sorted(set(table[PRODUCED]))
    expected = {
        (fire, made)
        for (fire, made), holds in lasts.items()
        for below, above in itertools.pairwise(mades)
        if holds and made in (below, above) and lasts[fire, below] != lasts[fire, above]
    }
    assert {tuple(place) for place in np.asarray(dots.get_xydata()).tolist()} == expected
    assert any("last values of the grid" in text for text in texts(figure))


def test_the_colours_of_a_heat_map_use_the_range_of_its_figures() -> None:
    def figures(made: float, fire: float) -> dict[str, float]:
        share = 0.4 + 0.1 * (fire - made) / 1e4
        return {"exhausted_share": share, "exhausted_p50": np.nan}

    found = sweep_data({PRODUCED: [1e4, 2e4], FIRE: [1e4, 2e4]}, figures)
    limits = [mesh.get_clim() for axes in heatmap(found, show="share").axes for mesh in axes.collections]
    assert any(each == pytest.approx((0.3, 0.5)) for each in limits)


def test_where_most_points_are_gone_in_every_run_the_map_shows_the_day() -> None:
    figure = heatmap(grid_sweep(9, 8))
    assert "Day on which the stock runs out, median over runs" in texts(figure)
    assert any(text.startswith("Share of runs") for text in texts(heatmap(grid_sweep(9, 8), show="share")))


def test_a_folder_keeps_the_break_even_values_and_a_csv_of_the_points(tmp_path: Path) -> None:
    swept = sim.sweep(PLAIN, GRID, runs=1, out=tmp_path / "on")
    assert find_problems(tmp_path / "on") == ()
    memory = sim.sweep(PLAIN, GRID, runs=1)
    assert swept.breakeven is not None
    assert memory.breakeven is not None
    pd.testing.assert_frame_equal(swept.breakeven, memory.breakeven, check_dtype=False)
    table = pd.read_csv(tmp_path / "on" / "sweep.csv")
    assert table.columns.tolist() == swept.table.columns.tolist()
    assert table["closing_stock_p50"].tolist() == swept.table["closing_stock_p50"].tolist()
    memory.save(tmp_path / "saved")
    for name in ("sweep.csv", "breakeven.csv"):
        assert (tmp_path / "saved" / name).read_bytes() == (tmp_path / "on" / name).read_bytes()
    off = sim.sweep(PLAIN, GRID, runs=1, out=tmp_path / "off", solve=False)
    assert off.breakeven is None
    assert not (tmp_path / "off" / "breakeven.csv").exists()
    assert str(draw("heatmap", off).get_label()).endswith("points")


def test_scenarios_and_dates_that_vary_have_no_break_even_value_and_a_finding() -> None:
    for vary in (
        {"scenario": {"a": PLAIN, "b": DRAWN}, FIRE: ["30k/day", "60k/day"]},
        {"end": ["2024-05-01", "2024-07-19"], FIRE: ["30k/day", "60k/day"]},
        {"events.x.from": ["2024-02-01", "2024-03-01"]},
    ):
        scenario = {**PLAIN, "events": {"x": {"stops": PRODUCED.removesuffix(".rate"), "from": "2024-02-01"}}}
        swept = sim.sweep(scenario, vary, runs=2)
        assert swept.breakeven is None
        assert all(finding.sentence for finding in sweep_findings(swept))
        assert draw("heatmap" if len(vary) == 2 else "line", swept).get_label()


def test_the_command_prints_the_finding(tmp_path: Path) -> None:
    flat = str(Path(__file__).parent.parent / "scenarios" / "flat.yaml")

    def run(*words: str) -> str:
        out = io.StringIO()
        command = ["sweep", flat, "--vary", f"{FIRE}=5k/day:80k/day:4", "--runs", "2", *words]
        with redirect_stdout(out):
            assert exit_status(lambda: app(command, prog_name="sim", standalone_mode=False)) == 0
        return out.getvalue()

    printed = run("--out", str(tmp_path / "a"))
    assert "can be sustained until 1 Sep 2024 in half of the runs" in printed
    assert printed.rstrip().endswith("sweep.parquet, sweep.csv, breakeven.csv")
    findings = json.loads(run("--out", str(tmp_path / "a"), "--json"))["findings"]
    assert [each["kind"] for each in findings] == ["sweep_threshold", "sustainable"]
    assert not (tmp_path / "b" / "breakeven.csv").exists()
    assert "between" in run("--out", str(tmp_path / "b"), "--no-breakeven")


def test_a_chart_of_a_sweep_has_names_and_no_paths() -> None:
    swept = sim.sweep(PLAIN, GRID, runs=1)
    shown = " ".join(texts(draw("heatmap", swept)))
    assert "Required rate, front, shells a day" in shown
    assert FIRE not in shown
    assert PRODUCED not in shown
    alone = replace(SweepData.of(sim.sweep(PLAIN, {FIRE: ["30k/day", "60k/day"]}, runs=1)), title="x")
    assert FIRE not in " ".join(texts(draw("line", alone)))
