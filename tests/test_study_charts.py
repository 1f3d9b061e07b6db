"""Charts of break-even, sweep and sensitivity studies: positions of marks, nothing cut or overlapping."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

import sim
from sim.charts import draw, heatmap, kinds_of, to_bytes
from sim.charts.axes import DayAxis
from sim.charts.style import GREY_TEXT, LINE_BLUE, MARK_ORANGE
from sim.errors import ArgumentError
from sim.findings.sweep_findings import threshold_finding
from sim.names import Names
from tests.support.chart_layout import cut_texts, kinds_in_formats, overlapping_texts
from tests.support.colours import lightness
from tests.support.study_tables import (
    DAYS,
    FIRE,
    INPUTS,
    LONG_PATH,
    NAN,
    PRODUCED,
    backtest_study,
    breakeven_search,
    frontier_sweep,
    grid_sweep,
    line_sweep,
    linear_drawdown,
    morris_study,
    rank_study,
    rates,
    sobol_study,
    sweep_data,
    tornado_study,
)

SIZES = ("column", "page", "slide", "square")

CASES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "heat": ("heatmap", grid_sweep),
    "heat, some failed": ("heatmap", lambda: grid_sweep(failed=lambda made, fire: made > 12e3)),
    "heat, all failed": ("heatmap", lambda: grid_sweep(failed=lambda *_: True)),
    "heat, 2 x 2": ("heatmap", lambda: grid_sweep(2, 2)),
    "heat, one row": ("heatmap", lambda: grid_sweep(1, 8)),
    "heat, one cell": ("heatmap", lambda: grid_sweep(1, 1)),
    "heat, 60 x 60": ("heatmap", lambda: grid_sweep(60, 60)),
    "heat, none gone": (
        "heatmap",
        lambda: sweep_data(
            {PRODUCED: rates(5, 2e3, 9e3), FIRE: [1e3, 2e3]}, lambda m, f: linear_drawdown(f, m)
        ),
    ),
    "heat, no dates": ("heatmap", lambda: grid_sweep(dated=False)),
    "heat, long names": (
        "heatmap",
        lambda: sweep_data(
            {LONG_PATH: rates(5), LONG_PATH[::-1]: rates(4)}, lambda a, b: linear_drawdown(b, a / 5), units=""
        ),
    ),
    "heat, rules": (
        "heatmap",
        lambda: sweep_data(
            {"consumption.front.rationing": ["none at all", "proportional", "reserve " * 5], FIRE: rates(6)},
            lambda _, f: linear_drawdown(f),
        ),
    ),
    "heat, tiny and huge": (
        "heatmap",
        lambda: sweep_data(
            {PRODUCED: [1e-9, 2e-9, 3e-9], FIRE: [1e12, 3e12, 9e12]}, lambda m, f: linear_drawdown(f, m)
        ),
    ),
    "heat, negative": (
        "heatmap",
        lambda: sweep_data(
            {"a.growth": [-0.5, 0.0, 0.5], FIRE: rates(4)},
            lambda g, f: linear_drawdown(f * (1 + g)),
            units="share",
        ),
    ),
    "heat, uneven": (
        "heatmap",
        lambda: sweep_data(
            {PRODUCED: [1.0, 10.0, 100.0, 1e3, 1e4], FIRE: [1e3, 1e4, 1e5]},
            lambda m, f: linear_drawdown(f, m),
        ),
    ),
    "backtest": ("backtest", backtest_study),
    "backtest, thirty claims": ("backtest", lambda: backtest_study(30)),
    "backtest, one claim": ("backtest", lambda: backtest_study(1)),
    "line": ("line", line_sweep),
    "line, one point": ("line", lambda: line_sweep(1)),
    "line, all failed": ("line", lambda: line_sweep(failed=lambda *_: True)),
    "line, some failed": ("line", lambda: line_sweep(failed=lambda fire: 30e3 < fire < 45e3)),
    "line, none gone": ("line", lambda: sweep_data({FIRE: [100.0, 200.0, 300.0]}, linear_drawdown)),
    "line, rules": (
        "line",
        lambda: sweep_data(
            {"consumption.front.rationing": ["none", "proportional", "reserve " * 5]},
            lambda _: linear_drawdown(3e4),
        ),
    ),
    "line, long name": (
        "line",
        lambda: sweep_data({LONG_PATH: rates(5)}, linear_drawdown, units="", title="A title " * 40),
    ),
    "line, no dates": ("line", lambda: line_sweep(dated=False)),
    "line, huge": ("line", lambda: sweep_data({FIRE: [1e13, 2e14, 9e14]}, linear_drawdown)),
    "sustainable": ("sustainable", line_sweep),
    "sustainable, one point": ("sustainable", lambda: line_sweep(1)),
    "sustainable, all hold": ("sustainable", lambda: sweep_data({FIRE: [100.0, 200.0]}, linear_drawdown)),
    "sustainable, none holds": ("sustainable", lambda: sweep_data({FIRE: [5e4, 6e4]}, linear_drawdown)),
    "sustainable, no spread": (
        "sustainable",
        lambda: sweep_data({FIRE: rates(9)}, lambda f: linear_drawdown(f, spread=0.0)),
    ),
    "sustainable, all failed": ("sustainable", lambda: line_sweep(failed=lambda *_: True)),
    "sustainable, no dates": ("sustainable", lambda: line_sweep(dated=False)),
    "frontier": ("frontier", frontier_sweep),
    "frontier, one point": ("frontier", lambda: frontier_sweep(1)),
    "frontier, none dominated": ("frontier", lambda: frontier_sweep(5, is_dominated=False)),
    "frontier, sixty points": ("frontier", lambda: frontier_sweep(60)),
    "breakeven": ("breakeven", lambda: breakeven_search({"stock": {"low": "2M", "high": "6M"}})),
    "breakeven, certain": ("breakeven", lambda: breakeven_search({"stock": "4M"})),
    "breakeven, none": (
        "breakeven",
        lambda: breakeven_search({"stock": {"low": "2M", "high": "6M"}}, bounds=("30k/day", "32k/day")),
    ),
    "breakeven, everywhere": (
        "breakeven",
        lambda: breakeven_search({"stock": "4M"}, bounds=("60k/day", "70k/day")),
    ),
    "breakeven, over a rate": (
        "breakeven",
        lambda: breakeven_search(
            {"stock": {"low": "2M", "high": "6M"}}, vary={FIRE: ["40k/day", "50k/day", "90k/day", "2M/day"]}
        ),
    ),
    "breakeven, over one value": (
        "breakeven",
        lambda: breakeven_search({"stock": {"low": "2M", "high": "6M"}}, vary={FIRE: ["40k/day"]}),
    ),
    "breakeven, over dates": (
        "breakeven",
        lambda: breakeven_search({"stock": "4M"}, vary={"end": ["2024-05-01", "2024-07-01", "2024-09-01"]}),
    ),
    "tornado": (
        "tornado",
        lambda: tornado_study(
            [(p, 95.0 - w, 95.0 + 1.3 * w) for p, w in zip(INPUTS, (30, 9, 7, 2, 0.1), strict=True)],
            base=95.0,
        ),
    ),
    "tornado, no base": (
        "tornado",
        lambda: tornado_study([(p, 90.0, 120.0 + n) for n, p in enumerate(INPUTS)]),
    ),
    "tornado, beyond": (
        "tornado",
        lambda: tornado_study(
            [(INPUTS[0], 60.0, NAN), (INPUTS[1], NAN, NAN), (LONG_PATH, 300.0, 310.0)], base=305.0
        ),
    ),
    "tornado, all beyond": ("tornado", lambda: tornado_study([(p, NAN, NAN) for p in INPUTS], base=NAN)),
    "tornado, nothing": ("tornado", lambda: tornado_study([(INPUTS[0], 95.0, 95.0)], base=95.0)),
    "tornado, 60 inputs": (
        "tornado",
        lambda: tornado_study([(f"{LONG_PATH}.{n}", 90.0 - n, 100.0 + n) for n in range(60)], base=95.0),
    ),
    "tornado, negative shells": (
        "tornado",
        lambda: tornado_study([(p, -3e9, 2e12) for p in INPUTS], outcome="closing_stock", base=1e9),
    ),
    "tornado, no dates": (
        "tornado",
        lambda: tornado_study([(INPUTS[0], 60.0, 90.0)], base=80.0, dated=False),
    ),
    "rank": ("rank", lambda: rank_study((0.92, 0.31, -0.22, 0.02, -0.99))),
    "rank, not known": ("rank", lambda: rank_study((NAN, NAN))),
    "sobol": (
        "sobol",
        lambda: sobol_study([(0.82, 0.9), (0.1, 0.13), (0.05, 0.06), (-0.01, 0.01), (0.0, 0.0)]),
    ),
    "sobol, wide": ("sobol", lambda: sobol_study([(1.4, 1.9), (-0.6, -0.2)], half=0.7)),
    "sobol, not known": ("sobol", lambda: sobol_study([(NAN, NAN), (NAN, NAN)])),
    "sobol, 60 inputs": (
        "sobol",
        lambda: sobol_study([(1 / 60, 1 / 50)] * 60, inputs=[f"{LONG_PATH}.{n}" for n in range(60)]),
    ),
    "morris": (
        "morris",
        lambda: morris_study([(35.0, 14.0), (9.0, 3.6), (7.0, 2.8), (0.3, 0.1), (0.0, 0.0)]),
    ),
    "morris, nothing": ("morris", lambda: morris_study([(0.0, 0.0)])),
}


def texts(figure: Figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.findobj(Text) if text.get_text()]


#: Plain cases in every size, awkward ones in the narrowest.
EVERY = [(case, size) for case in CASES for size in (SIZES if "," not in case else ("column",))]


@pytest.mark.parametrize(("case", "size"), EVERY)
def test_no_text_overlaps_another_or_leaves_the_figure(case: str, size: str) -> None:
    kind, made = CASES[case]
    figure = draw(kind, made(), size)
    figure.set_dpi(200)
    figure.draw_without_rendering()
    every = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    found = [(text.get_text(), text.get_window_extent()) for text in every]
    assert len(found) > 4
    assert not cut_texts(figure, found)
    assert not overlapping_texts(found)
    for axes in figure.axes:
        plot = axes.get_window_extent()
        assert plot.width > 50 * 200 / 72, "less than 50 points of room for the plot"
    assert min(float(text.get_fontsize()) for text in every) >= 6.0


# The marks


def test_a_backtest_draws_each_figure_where_it_is_and_names_what_it_draws() -> None:
    found = backtest_study()
    figure = draw("backtest", found)
    series = {each.name: each for each in figure.series}  # type: ignore[attr-defined]
    scores = found.scored()
    for row in scores.to_dict("records"):
        name, middle = row["claim"], row["p50"]
        (at,) = series[f"{name}, figure"].x
        assert 10**at == pytest.approx(row["figure"] / middle)
        (first,), (last,) = (
            series[f"{name}, central half, interval"].x,
            series[f"{name}, central half, interval"].x_end,
        )
        assert (10**first, 10**last) == pytest.approx((row["p5"] / middle, row["p95"] / middle))
        has_baseline = row["persistence"] == row["persistence"]
        assert (f"{name}, persistence" in series) == (f"{name}, linear trend" in series) == has_baseline
    # By quantity, and of each by date.
    names = [text for text in texts(figure) if text in set(scores["claim"])]
    assert names == ["claim-2", "claim-1", "claim-3"]
    colours = {to_hex(line.get_color()) for axes in figure.axes for line in axes.lines}
    assert {LINE_BLUE.lower(), MARK_ORANGE.lower()} <= colours


def test_the_sustainable_rate_is_the_quantile_of_the_day_read_against_the_rate() -> None:
    (axes,) = [axes for axes in draw("sustainable", line_sweep()).axes if axes.lines]
    dots = {line.get_color(): line.get_xydata() for line in axes.lines if line.get_marker() == "o"}
    assert len(dots) == 2
    for points, part in zip(dots.values(), (1.0, 0.775), strict=True):
        # Of a stock uniform in 4M x (1 -+ 0.25) the median is 4M and the 5 % quantile 4M x 0.775.
        for day, rate in np.asarray(points):
            assert day * rate == pytest.approx(4e6 * part)
            assert day < DAYS


@pytest.mark.parametrize(
    ("fire", "band", "median"),
    [
        # Of a stock of 3M to 5M, 731 days of 3,000 take no more than 2.2M: the day is reached in no run.
        (3e3, False, False),
        # 5,000 a day take 3.655M: more than 30 % of the stocks, less than the median.
        (5e3, True, False),
        (6e3, True, True),
    ],
)
def test_the_key_names_what_is_drawn(fire: float, band: bool, median: bool) -> None:
    found = sweep_data({FIRE: [fire, fire + 1.0]}, linear_drawdown)
    line, sustainable = (set(texts(draw(kind, found))) for kind in ("line", "sustainable"))
    assert ("5–95 % of the runs" in set(texts(draw("line", found, of="exhausted")))) is band
    assert ("median of the runs" in set(texts(draw("line", found, of="exhausted")))) is median
    assert "median of the runs" in line, "the sustained fire has one"
    assert ("holds in 95 % of the runs" in sustainable) is band
    assert ("holds in half of the runs" in sustainable) is median


def test_the_frontier_has_the_points_that_no_other_beats() -> None:
    figure = draw("frontier", frontier_sweep())
    (axes,) = [axes for axes in figure.axes if axes.lines]
    lines = [line for line in axes.lines if line.get_marker() == "o"]
    dots = {line.get_color(): np.asarray(line.get_xydata()) for line in lines}
    points = [(x, y) for group in dots.values() for x, y in group]
    assert len(points) == 8
    for x, y in points:
        is_beaten = any(a <= x and b >= y and (a, b) != (x, y) for a, b in points)
        assert ((x, y) in {tuple(each) for each in dots[GREY_TEXT]}) is is_beaten
    # 8,000, 20,000 and 32,000 cost 2.5M more than they would; the next is better, except after the last.
    assert sorted(dots[GREY_TEXT][:, 0]) == [1e6 + 250 * level + 2.5e6 for level in (8e3, 20e3)]
    shown = texts(figure)
    assert figure.get_label() == (
        "39.35 % of the requirement is met for 2M EUR with 4,000 shells, "
        "98.17 % for 11.5M EUR with 32k shells (Order-up-to level, contract); 2 of 8 points are dominated"
    )
    assert {"4,000", "32k"} <= set(shown)
    assert set(dots) == {GREY_TEXT, LINE_BLUE}


def test_a_frontier_shows_the_errors_of_its_points_and_says_which_intervals_overlap() -> None:
    # t(0.95) of 200 runs is 1.6525.
    figure = draw("frontier", frontier_sweep(error=1e5))
    (axes,) = [axes for axes in figure.axes if axes.lines]
    bars = [np.asarray(line.get_xydata()) for line in axes.lines if line.get_marker() == "None"]
    wide = [bar[:, 0] for bar in bars if len(bar) == 2 and bar[0, 0] > 1e6 and bar[0, 1] == bar[1, 1]]
    assert len(wide) == 8
    for low, high in wide:
        assert high - low == pytest.approx(2 * 1.6525e5, rel=1e-4)
    assert str(figure.get_label()).endswith("2 of 8 points are dominated")
    said = " ".join(texts(figure)).replace("\n", " ")
    assert "90 % intervals from the runs" in said
    assert "Overlapping" not in said


@pytest.mark.parametrize(
    ("unmet_error", "more", "end"),
    [
        (0.0, 0.0, "1 of 2 points is dominated"),
        (100.0, 0.0, "1 of 2 points is dominated, with overlapping intervals"),
        (100.0, 1e6, "1 of 2 points is dominated"),
    ],
)
def test_a_point_is_clearly_dominated_if_an_interval_is_apart(
    unmet_error: float, more: float, end: str
) -> None:
    """Services of 90 and 90.1 % of 100,000 for 5M and 4.9M: 100 apart, with 165 shells on either side."""

    def figures(level: float) -> dict[str, float]:
        is_better = level > 1e4
        means = {"cost_mean": 4.9e6 if is_better else 5e6 + more, "required_mean": 1e5}
        errors = {"cost_se": 1e5, "required_se": 0.0, "unmet_se": unmet_error}
        return {**means, **errors, "unmet_mean": 9.9e3 if is_better else 1e4}

    found = sweep_data({"orders.contract.order_up_to": [1e4, 2e4]}, figures, units="shells")
    found = replace(found, names=Names(currency="EUR"))
    assert str(draw("frontier", found).get_label()).endswith(f"; {end}")


def test_a_frontier_needs_a_cost_and_a_service() -> None:
    with pytest.raises(ArgumentError, match="this sweep has no cost 'cost'"):
        draw("frontier", line_sweep())
    with pytest.raises(ArgumentError, match=r"no service level 'mett'.*did you mean 'met'"):
        draw("frontier", frontier_sweep(), of=["cost", "mett"])
    with pytest.raises(ArgumentError, match="a frontier is of a cost and a service"):
        draw("frontier", frontier_sweep(), of=["cost", "met", "met"])


def test_no_line_is_drawn_beyond_the_end() -> None:
    figure = draw("line", line_sweep())
    days, _ = [axes for axes in figure.axes if axes.lines]
    (median,) = [line for line in days.lines if line.get_marker() == "o"]
    x, y = np.asarray(median.get_xydata()).T
    assert np.isnan(y[x == 5e3]).all(), "at 5,000 a day the median lies beyond the end: 800 days"
    assert np.nanmax(y) < DAYS
    assert y[x == 1e4] == pytest.approx(400.0)


def test_a_break_even_chart_shows_the_values_around_the_change_alone() -> None:
    search = breakeven_search({"stock": {"low": "2M", "high": "6M"}})
    (axes,) = (axes for axes in draw("breakeven", search).axes if axes.lines)
    low, high = axes.get_xlim()
    shown = np.concatenate([np.asarray(line.get_xdata()) for line in axes.lines if line.get_marker() == "o"])
    tried = search.points["value"]
    assert sorted(shown) == sorted(tried[(tried >= low) & (tried <= high)])
    assert len(shown) < len(tried)


def test_cells_without_a_result_are_hatched_and_those_beyond_the_end_dotted() -> None:
    found = grid_sweep(4, 5, failed=lambda made, fire: made == 0.0 and fire > 60e3)
    table = found.table
    beyond = int((table["exhausted_p50"].isna() & (table["failed"] == 0)).sum())
    figure = draw("heatmap", found)
    hatches = [patch.get_hatch() for axes in figure.axes for patch in axes.patches]
    assert hatches.count("////") == int((table["failed"] > 0).sum()) > 0
    shown = [patch.get_hatch() for axes in heatmap(found, show="median").axes for patch in axes.patches]
    assert shown.count("....") == beyond > 0
    assert "no result" in texts(figure)


def test_the_colours_of_the_heat_map_only_grow_lighter() -> None:
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    greys = [lightness(to_hex(colormaps["cividis"](n))) for n in range(256)]
    assert all(b > a - 0.2 for a, b in itertools.pairwise(greys))
    assert greys[-1] - greys[0] > 60


def test_bars_start_at_the_base_and_end_at_the_figures() -> None:
    figure = draw("tornado", tornado_study([(INPUTS[1], 90.0, 99.0), (INPUTS[0], 65.0, 134.0)], base=95.0))
    (axes,) = figure.axes
    found = [
        sorted((bar.get_x(), bar.get_x() + bar.get_width()))
        for bar in axes.patches
        if isinstance(bar, Rectangle)
    ]
    assert sorted(found) == [[65.0, 95.0], [90.0, 95.0], [95.0, 99.0], [95.0, 134.0]]
    names = ["Opening stock at Tikhoretsk", "Serviceable share, DPRK"]
    shown = [text for text in texts(figure) if text in names]
    assert set(shown) == set(names)


def test_whiskers_are_the_intervals() -> None:
    (axes,) = draw("sobol", sobol_study([(0.62, 0.7)], half=0.05)).axes
    spans = [tuple(np.round(np.asarray(line.get_xdata(), dtype=float), 6)) for line in axes.lines]
    assert {(0.57, 0.67), (0.65, 0.75)} <= set(spans)


KINDS = ("heatmap", "line", "sustainable", "frontier", "breakeven", "rank", "tornado", "morris", "sobol")


@pytest.mark.parametrize(("kind", "form"), kinds_in_formats(KINDS))
def test_the_same_table_gives_the_same_bytes(kind: str, form: str) -> None:
    made = next(found for name, found in CASES.values() if name == kind)
    one, other = (draw(kind, made(), "column") for _ in range(2))
    assert to_bytes(one, form) == to_bytes(other, form)


def test_a_chart_is_refused_a_table_it_cannot_be_made_from() -> None:
    with pytest.raises(ArgumentError, match="a heat map is over two paths"):
        draw("heatmap", line_sweep())
    with pytest.raises(ArgumentError, match="a line chart is over one path"):
        draw("line", grid_sweep())
    with pytest.raises(ArgumentError, match="is over a rate of consumption, and this varies production"):
        draw("sustainable", sweep_data({PRODUCED: rates(3)}, linear_drawdown))
    with pytest.raises(
        ArgumentError, match="a sweep has no tornado chart: that is made from a sensitivity study"
    ):
        draw("tornado", grid_sweep())
    with pytest.raises(ArgumentError, match="a tornado chart is not made from first, total"):
        draw("tornado", sobol_study([(0.1, 0.2)]))
    with pytest.raises(ArgumentError, match="did you mean 'exhausted'"):
        heatmap(grid_sweep(), of="exausted")
    with pytest.raises(ArgumentError, match=r"cannot show 'mean'[\s\S]*level of 1.5"):
        heatmap(grid_sweep(), show="mean", level=1.5)


def test_a_sweep_in_memory_is_drawn_as_it_is() -> None:
    found = sim.sweep("scenarios/flat.yaml", {"consumption.front.rate": ["1k/day", "50k/day"]}, runs=2)
    assert draw("line", found).get_label()
    assert next(iter(kinds_of(found)[1])) == "line"


def test_a_progress_bar_counts_and_closes(capsys: pytest.CaptureFixture[str]) -> None:
    told = sim.progress_bar("points")
    told(1, 4)
    told(3, 4)
    assert told._bar.n == 3
    told(4, 4)
    assert told._bar is None
    assert "0/4" in capsys.readouterr().err


def solved(values: list[float], share: Callable[[float, float], float]) -> pd.DataFrame:
    """Return the break-even values of a made-up share at each value of the other path, by bisection."""
    rows = []
    for path, other in itertools.product((PRODUCED, FIRE), values):

        def holds(value: float, path: str = path, other: float = other) -> bool:
            return (share(value, other) if path == PRODUCED else share(other, value)) <= 0.5

        low, high = values[0], values[-1]
        first, last = holds(low), holds(high)
        for _ in range(60 if first != last else 0):
            middle = (low + high) / 2
            low, high = (middle, high) if holds(middle) == first else (low, middle)
        value = low if first != last else NAN
        at = {PRODUCED: value, FIRE: other} if path == PRODUCED else {PRODUCED: other, FIRE: value}
        figures = {"value": value, "low": NAN, "high": NAN, "reached": first != last, "rises": last}
        rows.append({"path": path, **at, "holds": 0.5, **figures})
    return pd.DataFrame(rows)


#: Where a made-up share crosses a half: rising, falling, level, upright, round, in a corner.
LINES: Mapping[str, Callable[[float, float], float]] = {
    "up": lambda made, fire: 0.5 + (fire - made) / 4,
    "down": lambda made, fire: 0.5 + (fire + made) / 4,
    "level": lambda made, fire: 0.5 + made / 2,
    "upright": lambda made, fire: 0.5 + fire / 2,
    "arc": lambda made, fire: ((made + 1) ** 2 + (fire + 1) ** 2) / 4,
    "corner": lambda made, fire: 0.5 + (fire + made - 1.7) / 4,
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("line", LINES)
def test_the_name_of_the_line_stands_beside_it_and_not_on_it(line: str, size: str) -> None:
    steps = np.linspace(-1, 1, 15)

    def share(made: float, fire: float) -> float:
        return min(1.0, max(0.0, LINES[line]((made - 50e3) / 50e3, (fire - 50e3) / 50e3)))

    def figures(made: float, fire: float) -> dict[str, float]:
        return {"exhausted_share": share(made, fire), "exhausted_p50": NAN}

    values = [float(value) for value in 50e3 * (1 + 0.99 * steps)]
    found = replace(sweep_data({PRODUCED: values, FIRE: values}, figures), breakeven=solved(values, share))
    figure = heatmap(found, size)
    figure.canvas.draw()
    strokes = [stroke for axes in figure.axes for stroke in axes.lines if stroke.get_linewidth() > 0.9]
    ends = [stroke.axes.transData.transform(stroke.get_xydata()) for stroke in strokes if stroke.axes]
    # Points close together on the line, as the picture has it.
    at = np.array([a + (b - a) * t for e in ends for a, b in itertools.pairwise(e) for t in PARTS])
    names = [artist for artist in figure.texts if artist.get_text() == "lasts in half of the runs"]
    frames = [patch.get_window_extent() for patch in figure.artists if patch.get_zorder() == 4]
    assert len(at) > 50
    assert len(names) == len(frames) == 1
    plot = strokes[0].axes
    assert plot is not None
    for frame, name in zip(frames, names, strict=True):
        on_it = (at > [frame.x0, frame.y0]).all(axis=1) & (at < [frame.x1, frame.y1]).all(axis=1)
        assert not on_it.any()
        box, whole = name.get_window_extent(), plot.get_window_extent()
        assert frame.x0 <= box.x0 <= box.x1 <= frame.x1
        assert whole.x0 <= frame.x0 <= frame.x1 <= whole.x1
        assert whole.y0 <= frame.y0 <= frame.y1 <= whole.y1


PARTS = np.linspace(0, 1, 30)[:, np.newaxis]


def test_notes_of_a_study_stand_under_its_chart_as_sentences() -> None:
    notes = ("nothing drives lost: the same at every value", "a.yaml:2:3: stock: no source")
    figure = draw("tornado", tornado_study([("stock", 60.0, 90.0)], notes=notes))
    words = " ".join(text.get_text() for text in figure.texts).replace("\u00a0", " ")
    assert "Nothing drives lost: the same at every value. a.yaml:2:3: stock: no source." in words


def test_an_upright_scale_of_days_has_the_year_at_each_mark() -> None:
    figure = draw("line", line_sweep())
    months = ("Jan", "Apr", "Jul", "Oct")
    dated = [text.get_text() for text in figure.texts if text.get_text().startswith(months)]
    assert len(dated) > 4
    assert all(label[-5:] in (" 2023", " 2024", " 2025") for label in dated), dated


def test_two_months_on_a_narrow_scale_have_more_than_one_mark() -> None:
    scale = DayAxis(10.0, 75.0, "", dt.date(2023, 11, 1))
    marks = scale.ticks(100.0, lambda text: 6.0 * len(text))
    assert len(marks) >= 2
    assert marks[0][1].endswith("2023")


def marked(figure: Figure, plot: int = 0) -> list[float]:
    """Return the positions of vertical lines in the colour of marks."""
    lines = [line for line in figure.axes[plot].lines if line.get_color() == MARK_ORANGE]
    places = [np.asarray(line.get_xdata(), dtype=float) for line in lines]
    return [float(x[0]) for x in places if len(set(x.tolist())) == 1]


def test_a_line_chart_marks_the_values_that_its_title_names() -> None:
    sweep = line_sweep(4)
    figure = draw("line", sweep)
    # With 5k, 30k, 55k and 80k a day, the title says between which two the stock lasts.
    low, high = marked(figure)
    assert high - low == pytest.approx(25e3)
    title = threshold_finding(sweep, "exhausted", 0.5).values
    assert (low, high) == (title["between_low"], title["between_high"])
    assert not marked(figure, 1)
    assert "values of the title" in texts(figure)


def test_a_break_even_value_has_its_own_line_in_the_key() -> None:
    uncertain = breakeven_search({"stock": {"low": "2M", "high": "9M"}})
    figure = draw("breakeven", uncertain)
    assert marked(figure) == [pytest.approx(uncertain.value)]
    swatches = [each for each in figure.artists if getattr(each, "get_color", str)() == MARK_ORANGE]
    assert len(swatches) == 1
    assert "break-even value and its 90 % interval" in texts(figure)
    certain = draw("breakeven", breakeven_search({"stock": "4M"}))
    assert "break-even value" in texts(certain)
    every = draw("breakeven", breakeven_search({"stock": {"low": "2M", "high": "9M"}}, holds="100%"))
    assert "break-even value" in texts(every)


WORKS = {
    f"production.works{n}": f"Combined works {n} of the Ural and Volga regions, both lines" for n in range(5)
}


def whole_text(figure: Figure, *, bold: bool = False) -> str:
    texts = [text for text in figure.texts if not bold or "Bold" in str(text.get_fontproperties().get_file())]
    return " ".join(text.get_text() for text in texts).replace("\u00a0", " ")


@pytest.mark.parametrize("size", SIZES)
def test_names_of_inputs_are_whole_beside_their_rows(size: str) -> None:
    paths = [f"{path}.rate" for path in WORKS]
    study = replace(rank_study([0.6, -0.5, 0.4, 0.3, 0.2], inputs=paths), names=Names(labels=WORKS))
    figure = draw("rank", study, size)
    shown = [name for name in study.names.paths(paths).values() if name in whole_text(figure)]
    assert len(shown) == 5 or f"{5 - len(shown)} more input" in whole_text(figure)
    assert "…" not in whole_text(figure)


@pytest.mark.parametrize("size", SIZES)
def test_a_title_with_two_long_names_keeps_its_numbers_and_tells_them_apart(size: str) -> None:
    labels = {
        "production.russia": "Combined works of the Ural and Volga regions, all of their lines",
        "consumption.front": "Combined works of the army group in the south and in the east",
    }
    at = {"path": FIRE, PRODUCED: 8e3, FIRE: 2e4, "holds": 0.5, "reached": True, "rises": False}
    row = pd.DataFrame([{**at, "value": 2e4, "low": 1.9e4, "high": 2.1e4}])
    scan = replace(grid_sweep(), own={PRODUCED: 8e3, FIRE: 4e4}, names=Names(labels=labels), breakeven=row)
    figure = heatmap(scan, size)
    title = whole_text(figure, bold=True)
    for part in ("At 2.92M shells a year", "in half of the runs", "20,000 shells a day or less"):
        assert part in title
    assert title.endswith(")")
    assert labels["production.russia"] in str(figure.get_label())
