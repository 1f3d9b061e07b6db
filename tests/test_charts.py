"""Charts: numbers in the bars, the day under its date, the same bytes every time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import subprocess
import sys
import time
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from PIL import Image

from sim.charts import draw, drawdown, monthly_supply, style, supply, to_bytes
from sim.charts.frame import FrameText, open_canvas
from sim.errors import InputError
from sim.findings.drawdown_headline import drawdown_headline
from sim.findings.stock_figures import overall_figures, stock_figures
from tests.support.known_result import (
    END,
    FOUR,
    GONE,
    LATE,
    NEVER,
    START,
    figure_text,
    figure_texts,
    make_result,
    outcome_data,
    plot_axes,
)

# Drawing


def test_months_are_averages_over_the_days_that_are_in_the_run() -> None:
    part = monthly_supply.monthly_supply(make_result(), "shells", ["russia"])
    # 16 September to 10 January; the first 60 days, to 14 November, fire in full.
    assert part.days.tolist() == [15, 31, 30, 31, 10]
    assert part.required == pytest.approx([100.0] * 5)
    november = (14 * 100 + 16 * 60) / 30
    assert sum(part.fired.values()) == pytest.approx([100, 100, november, 60, 60])
    assert part.fired["initial"] == pytest.approx([100 / 3, 100 / 3, november / 3, 20, 20])
    assert part.unmet == pytest.approx([0, 0, 100 - november, 40, 40])
    assert part.inflow == pytest.approx([50] * 5), "shells from another depot are not new"


def test_stacked_bars_add_up_to_what_is_fired_and_what_is_missing_tops_them_up() -> None:
    data = make_result()
    fired = data.flows[data.flows["kind"] == "fired"]["mean"].sum()
    required = data.flows[data.flows["kind"] == "required"]["mean"].sum()
    (axes,) = plot_axes(supply(data))
    heights = {
        bars.get_label(): np.array([bar.get_height() for bar in bars.patches]) for bars in axes.containers
    }
    assert set(heights) == {"russia", "initial", "unmet"}
    days = np.array([15, 31, 30, 31, 10])
    assert ((heights["russia"] + heights["initial"]) * days).sum() == pytest.approx(fired)
    assert (heights["unmet"] * days).sum() == pytest.approx(required - fired)
    tops = [bar.get_y() + bar.get_height() for bar in axes.containers[-1].patches]
    assert tops == pytest.approx([100.0] * 5)
    edges = [bar.get_x() for bar in axes.containers[0].patches]
    firsts = [START, *(dt.date(2023, m, 1) for m in (10, 11, 12)), dt.date(2024, 1, 1)]
    assert all(0 <= x - day.toordinal() < 3 for x, day in zip(edges, firsts, strict=True))


def test_supply_has_a_plot_for_each_munition_and_keeps_seven_origins_apart_from_each_other() -> None:
    figure = supply(make_result(places=FOUR))
    assert len(plot_axes(figure)) == 2
    assert {"152 mm", "122 mm"} <= set(figure_texts(figure))
    data = make_result()
    rows = data.origins[data.origins["kind"] == "fired"]
    plants = [rows.assign(origin=f"plant-{n}", mean=10.0 * (n + 1)) for n in range(7)]
    many = dataclasses.replace(data, origins=pd.concat(plants))
    names = monthly_supply.named_origins(many)
    assert names == ["plant-3", "plant-4", "plant-5", "plant-6"]
    part = monthly_supply.monthly_supply(many, "shells", names)
    # Two rows a month (initial and russia) became ten shells for each plant and step: 2 x (10 + 20 + 30).
    assert part.fired["other origins"] * part.days == pytest.approx([120.0] * 5)


def test_bands_are_drawn_only_where_runs_differ() -> None:
    def bands(figure: Figure) -> int:
        stock, _fire = plot_axes(figure)
        return sum(isinstance(child, PolyCollection) for child in stock.collections)

    certain, one = drawdown(make_result(spread=0.0)), drawdown(make_result(runs=1, spread=0.0))
    assert bands(drawdown(make_result())) == 2
    assert bands(drawdown(make_result(runs=8))) == 1
    assert bands(certain) == bands(one) == 0
    assert "stock, the same in all 1,000 runs" in figure_texts(certain)
    assert "stock, one run" in figure_texts(one)
    assert {"half of the runs", "nine runs in ten"} <= set(figure_texts(drawdown(make_result())))
    assert "all 8 runs" in figure_texts(drawdown(make_result(runs=8)))


def test_the_day_on_which_the_stock_is_gone_stands_under_its_date() -> None:
    gone = outcome_data(1.0, "2023-10-20", "2023-11-14", "2024-01-03")
    figure = drawdown(make_result(exhausted=gone), until=END)
    axes, fire = plot_axes(figure)
    assert axes.get_xlim() == fire.get_xlim()
    (strip,) = [axes for axes in figure.axes if any(line.get_marker() == "o" for line in axes.lines)]
    dot = next(line for line in strip.lines if line.get_marker() == "o")
    early, late = np.asarray(strip.lines[0].get_xdata())
    day = dt.date(2023, 11, 14).toordinal()
    assert np.asarray(dot.get_xdata()).tolist() == [day]
    assert (early, late) == (dt.date(2023, 10, 20).toordinal(), dt.date(2024, 1, 3).toordinal())
    assert strip.get_xlim() == axes.get_xlim() == (START.toordinal(), END.toordinal())
    assert any(np.asarray(line.get_xdata()).tolist() == [day, day] for line in axes.lines)


def test_a_censored_range_runs_to_the_end_and_beyond() -> None:
    figure = drawdown(make_result(exhausted=LATE | {"p05": "2023-12-20"}), until=END)
    (strip,) = [axes for axes in figure.axes if any(line.get_marker() == ">" for line in axes.lines)]
    assert np.asarray(strip.lines[0].get_xdata()).tolist() == [
        dt.date(2023, 12, 20).toordinal(),
        END.toordinal(),
    ]
    assert "o" not in {line.get_marker() for line in strip.lines}


def test_every_stock_has_a_plot_and_those_that_are_fired_from_come_first() -> None:
    page = [text for text in figure_texts(drawdown(make_result(places=FOUR))) if text.startswith("Shells in")]
    assert page == [
        "Shells in stock: 152 mm at Front",
        "Shells in stock: 122 mm at Front",
        "Shells in stock: 152 mm at Arsenals",
        "Shells in stock: 122 mm at Arsenals",
    ]
    lefts = {round(axes.get_position().x0, 3) for axes in plot_axes(drawdown(make_result(places=FOUR)))}
    assert len(lefts) == 2, "two plots side by side"
    square = drawdown(make_result(places=FOUR), "square")
    assert len(plot_axes(square)) == 2
    assert "3 more stocks in stock.csv." in figure_text(square)


def test_where_not_every_stock_has_a_plot_that_of_the_headline_has_one() -> None:
    data = make_result(places=FOUR, exhausted=NEVER)
    data.summary["pairs"]["front"]["122mm"] |= {"exhausted": GONE, "ends_empty": 1.0}
    texts = figure_texts(drawdown(data, "square"))
    assert texts[0].startswith("122 mm: the stock falls")
    assert [text for text in texts if "in stock: " in text] == ["Shells in stock: 122 mm at Front"]


def test_a_chart_names_its_sources_and_the_study_that_made_it() -> None:
    sources: list[dict[str, Any]] = [
        {
            "id": "a",
            "claimant": "Watling",
            "publisher": "A forum",
            "published": "2023-08-01",
            "confidence": "B",
        },
        {"id": "b", "claimant": "White House", "publisher": "A repost", "published": "2023-10-13"},
        {"id": "c", "claimant": "Watling", "publisher": "RUSI", "published": "2023-01-30", "confidence": "A"},
        {"id": "nameless", "claimant": "", "publisher": None, "published": ""},
        {"id": "d", "claimant": "Western officials", "published": "2023-01-30", "confidence": "C"},
        {"id": "https://example.org/page", "claimant": "Ministry of Defence 2024", "published": "2024-01-30"},
    ]
    told = figure_text(drawdown(make_result(sources=sources)))
    named = "Inputs: Ministry of Defence 2024; Watling (2023); White House (2023)"
    assert f"{named}; and 2 other sources, listed in manifest.json." in told
    assert "forum" not in told
    assert "Model output, 1,000 runs, seed 1, scenario 3fa9c1d2, munitions-sim 0.1.0." in told
    told = figure_text(drawdown(make_result(sources=sources[4:5])))
    assert "Inputs: 1 published source, listed in manifest.json." in told
    many = [{"id": f"{n}", "claimant": f"Ministry number {n}", "published": "2024"} for n in range(99)]
    told = figure_text(drawdown(make_result(sources=many)))
    shown = told.count("Ministry number ")
    assert 3 < shown < 99
    assert f"and {99 - shown} other sources, listed in manifest.json." in told


@pytest.mark.parametrize(("size", "is_whole"), [("column", True), ("page", True), ("square", False)])
def test_a_figure_of_free_height_has_its_notes_in_full(size: str, is_whole: bool) -> None:
    note = " ".join(f"Sentence {number} of the note." for number in range(14))
    text = FrameText("Title", "Subtitle", "Axis", (), [note])
    with style.chart_style():
        canvas, _ = open_canvas(text, style.pick_size(size), 100.0)
    assert (note in figure_text(canvas.figure)) == is_whole


# What can be relied on


@pytest.mark.slow
def test_the_same_result_gives_the_same_bytes() -> None:
    asked = [
        ("drawdown", "png"),
        ("drawdown", "svg"),
        ("drawdown", "pdf"),
        ("supply", "png"),
        ("supply", "svg"),
    ]
    first = {(kind, form): to_bytes(draw(kind, make_result(), "column"), form) for kind, form in asked}
    time.sleep(1.1)  # a time stamp would change after a second
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.hashsalt": None, "savefig.dpi": 10}):
        before = dict(mpl.rcParams)
        figures = {kind: draw(kind, make_result(), "column") for kind in ("drawdown", "supply")}
        again = {(kind, form): to_bytes(figures[kind], form) for kind, form in asked}
        assert dict(mpl.rcParams) == before
    assert again == first
    assert to_bytes(figures["supply"], "svg") == first["supply", "svg"]
    assert first["supply", "png"].startswith(b"\x89PNG")
    assert first["drawdown", "pdf"].startswith(b"%PDF")
    svg = first["supply", "svg"]
    assert b"<svg" in svg
    assert b"<text" not in svg, "type is drawn as outlines, so that it looks alike everywhere"


def test_the_file_carries_the_finding_as_its_title() -> None:
    data = make_result()
    headline = drawdown_headline(overall_figures(data), stock_figures(data)).sentence
    assert headline in to_bytes(drawdown(data), "svg").decode()
    with Image.open(io.BytesIO(to_bytes(drawdown(data), "png"))) as picture:
        assert picture.info["Title"] == headline
        assert "Software" not in picture.info


def test_dates_may_be_text_or_dates() -> None:
    data = make_result()
    dated = {
        name: getattr(data, name).assign(date=pd.to_datetime(getattr(data, name)["date"]))
        for name in ("stock", "flows", "paths")
    }
    other = dataclasses.replace(data, **dated)
    for kind in ("drawdown", "supply"):
        assert to_bytes(draw(kind, other, "column"), "svg") == to_bytes(draw(kind, data, "column"), "svg")


@pytest.mark.parametrize(
    ("name", "size", "form", "near"),
    [
        ("drawdwn", "page", "png", "drawdown"),
        ("supply", "collumn", "png", "column"),
        ("supply", "page", "pgn", "png"),
    ],
)
def test_an_unknown_name_is_refused_with_what_is_allowed(name: str, size: str, form: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        to_bytes(draw(name, make_result(), size), form)
    (fault,) = caught.value.faults
    assert fault.nearest == near
    assert near in fault.allowed


def test_importing_is_light_and_pyplot_is_never_used() -> None:
    code = (
        "import sys, sim.charts\n"
        "heavy = {'matplotlib', 'pandas', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert callable(sim.charts.drawdown), 'the function, not the file'\n"
        "from sim.charts.style import chart_style\n"
        "from sim.charts.frame import FrameText, open_frame\n"
        "from sim.charts.plot_grid import PlotGrid\n"
        "from sim.charts import to_bytes\n"
        "from sim.charts.style import SIZES\n"
        "import datetime as dt\n"
        "grid = PlotGrid(SIZES['page'], dt.date(2023, 9, 1), dt.date(2023, 12, 1), [1.0], False, [0.0])\n"
        "with chart_style():\n"
        "    canvas, _ = open_frame(FrameText('a', 'b', 'c', [], ['d']), grid)\n"
        "to_bytes(canvas.figure, 'png')\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
