"""Charts: titles by hand, numbers in the bars, nothing overlapping, the same bytes every time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import itertools
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from sim.charts import (
    ChartData,
    draw,
    drawdown,
    findings,
    months,
    scale,
    style,
    supply,
    to_bytes,
    words,
)
from sim.charts.findings import Month, Setting
from sim.charts.text import clean, wrap, wrap_clauses
from sim.errors import InputError

SIZES = ("column", "page", "slide", "square")
START, END = dt.date(2023, 9, 16), dt.date(2024, 1, 11)
SHELLS = ("depot", "shells")
FRONT = {("front", "152mm"): True, ("arsenals", "152mm"): False}
FOUR = {
    (depot, munition): depot == "front" for depot in ("arsenals", "front") for munition in ("152mm", "122mm")
}
Outcome = dict[str, Any]


def outcome(share: float, p05: str | None = None, p50: str | None = None, p95: str | None = None) -> Outcome:
    return {"share": share, "p05": p05, "p50": p50, "p95": p95}


def verdict(
    exhausted: Outcome, *, rationed: float = 1.0, fire: float = 17_300.0, met: float | None = 0.29
) -> Outcome:
    """Return the part of a summary that a title is made from; ten per cent of spread about the fire."""
    spread = {"p05": 0.9 * fire, "p50": fire, "p95": 1.1 * fire}
    share = None if met is None else {"p05": met, "p50": met, "p95": met}
    sustained = {"fire": spread, "met": share}
    return {"exhausted": exhausted, "rationed": outcome(rationed), "sustained": sustained}


def setting(
    *,
    runs: int = 1000,
    alike: bool = False,
    start: dt.date = dt.date(2023, 9, 1),
    end: dt.date = dt.date(2025, 9, 1),
    stock: str = "The stock",
    stocks: int = 1,
) -> Setting:
    return Setting(runs, alike, start, end, stock, stocks)


GONE = outcome(1.0, "2023-10-20", "2023-11-14", "2024-02-03")
LATE = outcome(0.37, "2024-10-20")
NEVER = outcome(0.0)


def example(
    *,
    places: Mapping[tuple[str, str], bool] | None = None,
    exhausted: Outcome = GONE,
    runs: int = 1000,
    spread: float = 0.4,
    title: str = "White House brief, October 2023",
    sources: Sequence[Mapping[str, Any]] = (),
    end: dt.date = END,
) -> ChartData:
    """Return a result whose every figure is known: 100 shells a day required, 60 fired once 60 days are over.

    Of what is fired, one third is `initial`, the rest `russia`; 50 a day are produced.
    """
    places = {SHELLS: True} if places is None else places
    days = [START + dt.timedelta(days=n) for n in range((end - START).days)]
    falling = np.maximum(4e6 * (1 - np.arange(len(days)) / 75), 1e3)
    stock, flows, paths, origins = [], [], [], []
    for (depot, munition), fires in places.items():
        where = {"depot": depot, "munition": munition}
        low, high = falling * (1 - spread), falling * (1 + spread)
        bands = {
            "p05": low,
            "p25": (low + falling) / 2,
            "p50": falling,
            "p75": (falling + high) / 2,
            "p95": high,
        }
        stock.append(pd.DataFrame({"date": map(str, days), **where, "mean": falling, **bands}))
        for run in range(min(runs, 5)):
            level = falling * (1 + spread * (run - 2) / 3)
            paths.append(pd.DataFrame({"run": run, "date": map(str, days), **where, "level": level}))
        for n, day in enumerate(days):
            fired = 0.0 if not fires else 100.0 if n < 60 else 60.0
            required = 100.0 if fires else 0.0
            for kind, value in (("required", required), ("fired", fired), ("unmet", required - fired)):
                flows.append({"date": str(day), **where, "kind": kind, "mean": value})
            month = {"month": str(day)[:7], **where}
            origins.append({**month, "origin": "initial", "kind": "fired", "mean": fired / 3})
            origins.append({**month, "origin": "russia", "kind": "fired", "mean": fired * 2 / 3})
            origins.append({**month, "origin": "russia", "kind": "produced", "mean": 50.0})
            origins.append({**month, "origin": "russia", "kind": "received", "mean": 1e6})
    by_month = ["month", "depot", "munition", "origin", "kind"]
    pairs: dict[str, dict[str, Outcome]] = {}
    for (depot, munition), fires in places.items():
        if fires:
            pairs.setdefault(depot, {})[munition] = {"exhausted": exhausted}
    ends = ["2023-11-14", None] if spread else [exhausted["p50"]]
    return ChartData(
        stock=pd.concat(stock),
        flows=pd.DataFrame(flows),
        origins=pd.DataFrame(origins).groupby(by_month, sort=False, as_index=False).sum(),
        paths=pd.concat(paths),
        outcomes=pd.DataFrame({"exhausted": ends, "closing_stock": 1e3}),
        summary={"runs": runs, "pairs": pairs, **verdict(exhausted)},
        manifest={
            "version": "0.1.0",
            "seed": 1,
            "runs": runs,
            "engine": "compiled",
            "scenario": {"digest": "3fa9c1d2e5b6", "title": title},
            "sources": list(sources),
        },
    )


def texts(figure: Figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.texts]


def written(figure: Figure) -> str:
    return " ".join(texts(figure))


def plots(figure: Figure) -> list[Any]:
    """Return the axes that have a scale of shells: neither a strip nor a calendar."""
    return [axes for axes in figure.axes if axes.get_yticks().size]


# What is said


@pytest.mark.parametrize(
    ("exhausted", "where", "said"),
    [
        (GONE, setting(), "The stock is gone by 14 November 2023 in half of the runs"),
        (GONE, setting(alike=True), "The stock is gone on 14 November 2023 in every run"),
        (GONE, setting(runs=1), "The stock is gone on 14 November 2023"),
        (GONE, setting(stocks=3), "The first of 3 stocks is gone by 14 November 2023 in half of the runs"),
        (
            LATE,
            setting(),
            "In 37 % of 1,000 runs the stock is gone before 1 September 2025; in the others it lasts",
        ),
        (
            outcome(0.004),
            setting(stock="The stock at front"),
            "In under 1 % of 1,000 runs the stock at front is gone before 1 September 2025; "
            "in the others it lasts",
        ),
        (NEVER, setting(), "The stock lasts to 1 September 2025 in every run"),
        (NEVER, setting(runs=1), "The stock lasts to 1 September 2025"),
        (NEVER, setting(stocks=2), "Both stocks last to 1 September 2025 in every run"),
        (NEVER, setting(stocks=4), "All 4 stocks last to 1 September 2025 in every run"),
    ],
)
def test_the_title_says_when_the_stock_is_gone(exhausted: Outcome, where: Setting, said: str) -> None:
    assert findings.gone(exhausted, where) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (verdict(GONE), "; fire then falls to 17,300 a day, 29 % of the requirement"),
        (verdict(NEVER), ", but fire falls to 17,300 a day, 29 % of the requirement"),
        (verdict(NEVER, rationed=0.0, met=1.0), " and the requirement is met throughout"),
        (verdict(GONE, rationed=0.0, met=1.0), "; yet the requirement is met"),
        (verdict(GONE, met=0.998), "; in the end fire meets the requirement again"),
        (verdict(LATE, met=0.998), ""),
        (verdict(LATE, met=None), ""),
        # 90 days before the end is 3 June 2025: a stock gone later falls among those days.
        (
            verdict(outcome(1.0, "2025-06-01", "2025-06-03", "2025-06-09")),
            "; fire then falls to 17,300 a day, 29 % of the requirement",
        ),
        (
            verdict(outcome(1.0, "2025-06-01", "2025-06-04", "2025-06-09")),
            "; fire over the last 90 days is 17,300 a day, 29 % of the requirement",
        ),
    ],
)
def test_the_title_says_what_is_fired_in_the_end(found: Outcome, said: str) -> None:
    assert findings.fire(found, setting()) == said


def test_the_sustained_fire_is_told_with_its_range() -> None:
    told = findings.last_fire(verdict(GONE, fire=17_287.4), setting())
    assert told == (
        "Fire over the last 90 days, median: 17,300 a day (5–95 %: 15,600 to 19,000), "
        "29 % of the requirement."
    )
    short = setting(end=dt.date(2023, 9, 2), alike=True)
    assert findings.last_fire(verdict(GONE), short) == (
        "Fire over the last day: 17,300 a day, 29 % of the requirement."
    )


@pytest.mark.parametrize(
    ("exhausted", "where", "label", "brief"),
    [
        (
            GONE,
            setting(),
            "stock gone 14 Nov 2023 (5–95 %: 20 Oct 2023 to 3 Feb 2024)",
            "14 Nov 2023 (20 Oct 2023 to 3 Feb 2024)",
        ),
        (
            GONE,
            setting(runs=19),
            "stock gone 14 Nov 2023 (all runs: 20 Oct 2023 to 3 Feb 2024)",
            "14 Nov 2023 (20 Oct 2023 to 3 Feb 2024)",
        ),
        (
            outcome(0.82, "2023-10-20", "2023-11-14"),
            setting(),
            "stock gone 14 Nov 2023 (5–95 %: 20 Oct 2023 to after 31 Aug 2025); gone in 82 % of the runs",
            "14 Nov 2023 (20 Oct 2023 to after 31 Aug 2025); gone in 82 % of the runs",
        ),
        (
            LATE,
            setting(),
            "stock gone before 1 Sep 2025 in 37 % of the runs; the first 5 % by 20 Oct 2024",
            "gone in 37 % of the runs; the first 5 % by 20 Oct 2024",
        ),
        (
            outcome(0.03),
            setting(),
            "stock gone before 1 Sep 2025 in 3 % of the runs",
            "gone in 3 % of the runs",
        ),
        (NEVER, setting(), "stock not gone before 1 Sep 2025 in any run", "not gone in any run"),
        (GONE, setting(runs=1), "stock gone 14 Nov 2023", "14 Nov 2023"),
        (GONE, setting(alike=True), "stock gone 14 Nov 2023 in every run", "14 Nov 2023"),
    ],
)
def test_the_mark_of_the_date_says_its_range(
    exhausted: Outcome, where: Setting, label: str, brief: str
) -> None:
    assert findings.date_of(exhausted, where) == label
    assert findings.date_of(exhausted, where, brief=True) == brief


def test_a_stock_is_named_where_others_stand_beside_it() -> None:
    assert findings.describe(example()).stock == "The stock"
    assert findings.describe(example(places=FRONT)).stock == "The stock at front"
    two_kinds = {**FRONT, ("arsenals", "122mm"): False}
    assert findings.describe(example(places=two_kinds)).stock == "The 152mm stock at front"
    assert findings.describe(example(places=FOUR)).stocks == 2
    assert findings.drawdown(example(places={SHELLS: False})) == "No one fires from these stocks"


def test_the_whole_title_of_a_drawdown() -> None:
    several = "The stock is gone by 14 November 2023 in half of the runs"
    # The run ends 11 January 2024: 90 days before is 13 October, so the stock runs out among those days.
    rest = "; fire over the last 90 days is 17,300 a day, 29 % of the requirement"
    assert findings.drawdown(example()) == several + rest
    assert findings.drawdown(example(runs=1)) == f"The stock is gone on 14 November 2023{rest} (one run)"


def month(name: str, fired: float, *, inflow: float = 0.0, required: float = 100.0) -> Month:
    return Month(name, required, fired, inflow)


@pytest.mark.parametrize(
    ("account", "said"),
    [
        # Three like months of 29, 31 and 30 of 100 after a ramp: their mean is 30.
        (
            [
                month("October 2023", 100),
                month("November 2023", 80),
                month("December 2023", 29, inflow=30),
                month("January 2024", 31, inflow=30),
                month("February 2024", 30, inflow=30),
            ],
            "From December 2023 supply covers 30 % of the requirement",
        ),
        # No three like months: (80 + 60 + 40) / 300 = 60 %, more than comes in.
        (
            [
                month("October 2023", 100),
                month("November 2023", 80, inflow=10),
                month("December 2023", 60, inflow=10),
                month("January 2024", 40, inflow=10),
            ],
            "From November 2023 less than the requirement is fired: "
            "supply and stock together cover 60 % of it",
        ),
        (
            [month("October 2023", 50, inflow=50), month("November 2023", 50, inflow=50)],
            "In every month less than the requirement is fired: supply covers 50 % of it",
        ),
        (
            [month("October 2023", 61), month("November 2023", 80), month("December 2023", 100)],
            "The requirement is missed in 2 of 3 months, most in October 2023 (61 % met)",
        ),
        (
            [month("October 2023", 100, inflow=20), month("November 2023", 100, inflow=40)],
            "The requirement is met in every month, but supply covers 30 % of it: the rest is stock",
        ),
        (
            [month("October 2023", 100, inflow=150), month("November 2023", 100, inflow=90)],
            "The requirement is met in every month, by supply alone",
        ),
        ([month("October 2023", 0, required=0.0)], "Nothing is required"),
        # A month in which nothing is asked for says nothing about the others.
        (
            [month("October 2023", 0, required=0.0), month("November 2023", 50, inflow=50)],
            "In every month less than the requirement is fired: supply covers 50 % of it",
        ),
    ],
)
def test_the_title_of_supply_against_requirement(account: list[Month], said: str) -> None:
    assert findings.supply(account) == said


def test_numbers_and_dates_are_written_as_one_reads_them() -> None:
    assert words.number(1_234_567.6) == "1,234,568"
    assert [words.about(x) for x in (0.0, 17_287.4, 6_844.6, 12.345, 0.0123)] == [
        "0",
        "17,300",
        "6,840",
        "12.3",
        "0.0123",
    ]
    assert [words.percent(x) for x in (0.0, 0.003, 0.29, 0.996, 1.0)] == [
        "0 %",
        "under 1 %",
        "29 %",
        "over 99 %",
        "100 %",
    ]
    assert words.scale([0.0, 5e5, 1e6, 1.5e6]) == ["0", "0.5M", "1M", "1.5M"]
    assert words.scale([0.0, 2500.0]) == ["0", "2.5k"]
    assert words.long_date(dt.date(2024, 2, 3)) == "3 February 2024"
    assert words.count(1, "run") == "1 run"
    assert words.count(1000, "run") == "1,000 runs"


# What is drawn


def test_months_are_averages_over_the_days_that_are_in_the_run() -> None:
    part = months.supply(example(), "shells", ["russia"])
    # 16 September to 10 January; the first 60 days, to 14 November, fire in full.
    assert part.days.tolist() == [15, 31, 30, 31, 10]
    assert part.required == pytest.approx([100.0] * 5)
    november = (14 * 100 + 16 * 60) / 30
    assert sum(part.fired.values()) == pytest.approx([100, 100, november, 60, 60])
    assert part.fired["initial"] == pytest.approx([100 / 3, 100 / 3, november / 3, 20, 20])
    assert part.unmet == pytest.approx([0, 0, 100 - november, 40, 40])
    assert part.inflow == pytest.approx([50] * 5), "shells from another depot are not new"
    assert [found.name for found in part.months()][:2] == ["September 2023", "October 2023"]


def test_stacked_bars_add_up_to_what_is_fired_and_what_is_missing_tops_them_up() -> None:
    data = example()
    fired = data.flows[data.flows["kind"] == "fired"]["mean"].sum()
    required = data.flows[data.flows["kind"] == "required"]["mean"].sum()
    (axes,) = plots(supply(data))
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
    figure = supply(example(places=FOUR))
    assert len(plots(figure)) == 2
    assert {"152mm", "122mm"} <= set(texts(figure))
    data = example()
    rows = data.origins[data.origins["kind"] == "fired"]
    plants = [rows.assign(origin=f"plant-{n}", mean=10.0 * (n + 1)) for n in range(7)]
    many = dataclasses.replace(data, origins=pd.concat(plants))
    names = months.origins(many, most=5)
    assert names == ["plant-3", "plant-4", "plant-5", "plant-6"]
    part = months.supply(many, "shells", names)
    # Two rows a month (initial and russia) became ten shells for each plant and step: 2 x (10 + 20 + 30).
    assert part.fired["other origins"] * part.days == pytest.approx([120.0] * 5)


def test_bands_are_drawn_only_where_runs_differ() -> None:
    def bands(figure: Figure) -> int:
        (axes,) = plots(figure)
        return sum(isinstance(child, PolyCollection) for child in axes.collections)

    certain, one = drawdown(example(spread=0.0)), drawdown(example(runs=1, spread=0.0))
    assert bands(drawdown(example())) == 2
    assert bands(drawdown(example(runs=8))) == 1
    assert bands(certain) == bands(one) == 0
    assert "all 1,000 runs are the same: no uncertainty" in texts(certain)
    assert "one run" in texts(one)
    assert {"half of the runs", "nine runs in ten", "single runs"} <= set(texts(drawdown(example())))
    assert "all 8 runs" in texts(drawdown(example(runs=8)))


def test_the_day_on_which_the_stock_is_gone_stands_under_its_date() -> None:
    figure = drawdown(example())
    (axes,) = plots(figure)
    (strip,) = [axes for axes in figure.axes if any(line.get_marker() == "o" for line in axes.lines)]
    dot = next(line for line in strip.lines if line.get_marker() == "o")
    early, late = np.asarray(strip.lines[0].get_xdata())
    day = dt.date(2023, 11, 14).toordinal()
    assert np.asarray(dot.get_xdata()).tolist() == [day]
    assert (early, late) == (dt.date(2023, 10, 20).toordinal(), dt.date(2024, 2, 3).toordinal())
    assert strip.get_xlim() == axes.get_xlim() == (START.toordinal(), END.toordinal())
    assert any(np.asarray(line.get_xdata()).tolist() == [day, day] for line in axes.lines)


def test_a_censored_range_runs_to_the_end_and_beyond() -> None:
    figure = drawdown(example(exhausted=LATE | {"p05": "2023-12-20"}))
    (strip,) = [axes for axes in figure.axes if any(line.get_marker() == ">" for line in axes.lines)]
    assert np.asarray(strip.lines[0].get_xdata()).tolist() == [
        dt.date(2023, 12, 20).toordinal(),
        END.toordinal(),
    ]
    assert "o" not in {line.get_marker() for line in strip.lines}


def test_every_stock_has_a_plot_and_those_that_are_fired_from_come_first() -> None:
    page = [text for text in texts(drawdown(example(places=FOUR))) if " at " in text and "mm" in text]
    assert page == ["152mm at front", "122mm at front", "152mm at arsenals", "122mm at arsenals"]
    square = drawdown(example(places=FOUR), "square")
    assert len(plots(square)) == 2
    assert "2 more stocks in stock.csv." in written(square)


def test_a_chart_names_its_sources_and_the_study_that_made_it() -> None:
    sources: list[dict[str, Any]] = [
        {"id": "a", "claimant": "Watling", "publisher": "RUSI", "published": "2023-08-01"},
        {"id": "b", "claimant": "White House", "publisher": "The White House", "published": "2023-10-13"},
        {"id": "c", "claimant": "Watling", "publisher": "RUSI", "published": "2023-01-30"},
        {"id": "nameless", "claimant": "", "publisher": None, "published": ""},
    ]
    told = written(drawdown(example(sources=sources)))
    assert "Inputs: nameless; Watling, RUSI (2023); White House (2023)." in told
    assert "Model output, 1,000 runs, seed 1, scenario 3fa9c1d2, munitions-sim 0.1.0." in told
    many = [{"id": f"estimate-number-{n}", "published": "2024"} for n in range(99)]
    told = written(drawdown(example(sources=many)))
    shown = told.count("estimate-number-")
    assert 3 < shown < 99
    assert f"and {99 - shown} more, listed in manifest.json." in told


# How it looks

LONG = "A title that is much too long, " * 12 + "with $\\alpha^2$, Unaussprechlichkeiten" + "x" * 300
CASES = {
    "one stock": lambda: example(exhausted=outcome(0.82, "2023-09-17", "2023-11-14")),
    "four stocks": lambda: example(places=FOUR, exhausted=outcome(0.52, "2023-12-29", "2024-01-10")),
    "too long": lambda: example(
        title=LONG, places=FRONT, exhausted=LATE | {"p05": "2024-01-10"}, sources=[{"id": LONG}] * 9
    ),
    "one day": lambda: example(runs=1, spread=0.0, end=START + dt.timedelta(days=1), exhausted=NEVER),
}


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    figure.set_dpi(200)
    figure.draw_without_rendering()
    every = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    return [(text.get_text(), text.get_window_extent()) for text in every]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["drawdown", "supply"])
@pytest.mark.parametrize("case", CASES)
def test_no_text_overlaps_another_or_leaves_the_figure(case: str, kind: str, size: str) -> None:
    figure = draw(kind, CASES[case](), size)
    found = boxes(figure)
    assert len(found) > 10
    for text, box in found:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        assert inside, f"{text!r} is cut"
    for (one, a), (other, b) in itertools.combinations(found, 2):
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0
        assert apart, f"{one!r} overlaps {other!r}"
    for axes in plots(figure):
        plot = axes.get_window_extent()
        assert plot.height > 60 * 200 / 72, "less than 60 points of room for the plot"
        assert not any(plot.shrunk(0.98, 0.98).overlaps(box) for _, box in found), "text in the plot"


@pytest.mark.parametrize("size", SIZES)
def test_type_is_large_enough_to_read(size: str) -> None:
    sizes = [
        float(text.get_fontsize()) for text in drawdown(example(), size).findobj(Text) if text.get_text()
    ]
    assert min(sizes) >= 6.0
    assert max(sizes) == style.SIZES[size].title


def test_the_sizes_are_as_promised() -> None:
    mm = {size: drawdown(example(), size).get_size_inches() * 25.4 for size in SIZES}
    assert mm["column"][0] == pytest.approx(85)
    assert mm["page"][0] == pytest.approx(180)
    assert mm["slide"][0] / mm["slide"][1] == pytest.approx(16 / 9)
    assert mm["square"][0] == pytest.approx(mm["square"][1])


def test_colours_stay_apart_in_grey() -> None:
    # CIE L* of a grey of 119 of 255: linear 0.1845, 116 x 0.1845^(1/3) - 16 = 50.03.
    assert style.lightness("#777777") == pytest.approx(50.03, abs=0.01)
    assert style.lightness("#000000") == pytest.approx(0.0)
    assert style.lightness("#FFFFFF") == pytest.approx(100.0)
    for shades in (
        (*style.ORIGINS, style.STOCKPILE, "#FFFFFF"),
        (style.LINE_BLUE, style.HALF, style.MOST, "#FFFFFF"),
    ):
        greys = sorted(map(style.lightness, shades))
        assert min(b - a for a, b in itertools.pairwise(greys)) > 7.0


def test_the_bands_stay_apart_in_a_grey_copy_of_the_picture() -> None:
    figure = drawdown(example(exhausted=NEVER))
    (axes,) = plots(figure)
    picture = Image.open(io.BytesIO(to_bytes(figure, "png"))).convert("L")
    x = START.toordinal() + 10
    greys = []
    for level in (4e6 * (1 - 10 / 75) * part for part in (1.3, 1.1, 1.0)):
        figure.set_dpi(200)
        across, up = axes.transData.transform((x, level))
        greys.append(float(np.asarray(picture)[picture.height - round(up), round(across)]))
    most, half, median = greys
    assert most - half > 25
    assert half - median > 25


# What can be relied on


def test_the_same_result_gives_the_same_bytes() -> None:
    asked = [
        ("drawdown", "png"),
        ("drawdown", "svg"),
        ("drawdown", "pdf"),
        ("supply", "png"),
        ("supply", "svg"),
    ]
    first = {(kind, form): to_bytes(draw(kind, example(), "column"), form) for kind, form in asked}
    time.sleep(1.1)  # a second is what a time stamp would show
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.hashsalt": None, "savefig.dpi": 10}):
        before = dict(mpl.rcParams)
        figures = {kind: draw(kind, example(), "column") for kind in ("drawdown", "supply")}
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
    data = example()
    assert findings.drawdown(data) in to_bytes(drawdown(data), "svg").decode()
    with Image.open(io.BytesIO(to_bytes(drawdown(data), "png"))) as picture:
        assert picture.info["Title"] == findings.drawdown(data)
        assert "Software" not in picture.info


def test_dates_may_be_text_or_dates() -> None:
    data = example()
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
        to_bytes(draw(name, example(), size), form)
    (fault,) = caught.value.faults
    assert fault.nearest == near
    assert near in fault.allowed


def test_importing_is_light_and_pyplot_is_never_used() -> None:
    code = (
        "import sys, sim.charts\n"
        "heavy = {'matplotlib', 'pandas', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert callable(sim.charts.drawdown), 'the function, not the file'\n"
        "from sim.charts.style import drawing\n"
        "from sim.charts.frame import Words, open_frame\n"
        "from sim.charts.grid import Grid\n"
        "from sim.charts import to_bytes\n"
        "from sim.charts.style import SIZES\n"
        "import datetime as dt\n"
        "grid = Grid(SIZES['page'], dt.date(2023, 9, 1), dt.date(2023, 12, 1), [1.0], False, [0.0])\n"
        "with drawing():\n"
        "    canvas, _ = open_frame(Words('a', 'b', 'c', [], ['d']), grid)\n"
        "to_bytes(canvas.figure, 'png')\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# Scales and lines


@given(st.floats(min_value=1e-3, max_value=1e12), st.integers(min_value=3, max_value=8))
def test_a_scale_has_few_even_marks_and_reaches_far_enough(top: float, most: int) -> None:
    marks = scale.levels(top, most)
    step = marks[1] - marks[0]
    assert 2 <= len(marks) <= most
    assert marks[0] == 0.0
    assert np.allclose(np.diff(marks), step)
    assert marks[-1] <= top * (1 + 1e-6) < marks[-1] + step * (1 + 1e-6)
    lead = float(f"{step:e}".split("e")[0])
    assert min(abs(lead - round_) for round_ in (1.0, 2.0, 2.5, 5.0)) < 1e-6


def test_dates_stand_at_the_beginning_of_months_and_years_are_named_once() -> None:
    def wide(text: str) -> float:
        return 4.0 * len(text)

    found = scale.dates(dt.date(2023, 9, 1), dt.date(2024, 9, 1), 400.0, wide)
    assert [label for _, label in found[:5]] == ["Sep\n2023", "Oct", "Nov", "Dec", "Jan\n2024"]
    assert len(found) == 13
    long = scale.dates(dt.date(2020, 3, 5), dt.date(2034, 3, 5), 100.0, wide)
    # Labels of 16 points do not fit into the 14 points of two years, but into those of five.
    assert {(day.month, day.day) for day, _ in long} == {(1, 1)}
    assert [label for _, label in long] == ["2025", "2030"]
    week = scale.dates(dt.date(2023, 12, 28), dt.date(2024, 1, 4), 400.0, wide)
    assert [label for _, label in week][:5] == ["28 Dec\n2023", "29 Dec", "30 Dec", "31 Dec", "1 Jan\n2024"]


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)),
    st.integers(min_value=1, max_value=20_000),
    st.floats(min_value=60.0, max_value=700.0),
)
def test_dates_never_run_into_each_other(start: dt.date, days: int, width: float) -> None:
    def wide(text: str) -> float:
        return 4.0 * len(text)

    end = start + dt.timedelta(days=days)
    found = scale.dates(start, end, width, wide)
    assert found
    assert all(start <= day <= end for day, _ in found)
    for (one, a), (other, b) in itertools.pairwise(found):
        room = sum(max(wide(line) for line in text.split("\n")) for text in (a, b)) / 2
        assert (other - one).days * width / days > room


@given(st.lists(st.text("abcdefgh0123456789%", min_size=1, max_size=30), min_size=1), st.integers(4, 40))
def test_wrapped_lines_fit_and_lose_nothing(parts: list[str], width: int) -> None:
    text = " ".join(parts)
    lines = wrap(text, width, len)
    assert all(len(line) <= width for line in lines)
    kept = "".join(lines).replace(" ", "").replace("\u00a0", "")
    assert kept == text.replace(" ", "")
    cut = wrap(text, width, len, lines=1)
    assert len(cut) == 1
    assert len(cut[0]) <= width
    assert (cut == lines) == (len(lines) == 1)


def test_lines_break_where_the_sense_does() -> None:
    assert wrap("falls to 17,300 a day", 20, len) == ["falls to", "17,300\u00a0a\u00a0day"]
    assert wrap("gone on 14 November 2023 for 29 % of it", 22, len) == [
        "gone on",
        "14\u00a0November\u00a02023 for",
        "29\u00a0% of it",
    ]
    label = "stock gone 14 Nov 2023 (5–95 %: 20 Oct 2023 to 3 Feb 2024); gone in 82 % of the runs"
    assert [line.replace("\u00a0", " ") for line in wrap_clauses(label, 50, len)] == [
        "stock gone 14 Nov 2023",
        "(5–95 %: 20 Oct 2023 to 3 Feb 2024);",
        "gone in 82 % of the runs",
    ]


def test_text_that_the_type_cannot_show_is_marked_and_lines_are_joined() -> None:
    assert clean("a\n  b\tc") == "a b c"
    assert clean("Снаряды, café, 弾薬") == "Снаряды, café, ??"
