"""Layout of charts: no overlaps, nothing outside the figure, legible type, fitting scales and lines."""

from __future__ import annotations

import datetime as dt
import io
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text
from PIL import Image

from sim.charts import (
    draw,
    drawdown,
    style,
    ticks,
    to_bytes,
)
from sim.charts.axes import cell_edges
from sim.charts.missing_letters import MissingLettersWarning
from sim.charts.text_layout import clean_text, wrap_clauses, wrap_text
from tests.support.chart_layout import cut_texts, overlapping_texts, text_boxes
from tests.support.colours import lightness
from tests.support.known_result import (
    FOUR,
    FRONT,
    LATE,
    NEVER,
    SIZES,
    START,
    make_result,
    outcome_data,
    plot_axes,
)

# How it looks

LONG = "A title that is much too long, " * 12 + "with $\\alpha^2$, Unaussprechlichkeiten" + "x" * 300
CASES = {
    "one stock": lambda: make_result(exhausted=outcome_data(0.82, "2023-09-17", "2023-11-14")),
    "four stocks": lambda: make_result(places=FOUR, exhausted=outcome_data(0.52, "2023-12-29", "2024-01-10")),
    "too long": lambda: make_result(
        title=LONG, places=FRONT, exhausted=LATE | {"p05": "2024-01-10"}, sources=[{"id": LONG}] * 9
    ),
    "one day": lambda: make_result(runs=1, spread=0.0, end=START + dt.timedelta(days=1), exhausted=NEVER),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["drawdown", "supply"])
@pytest.mark.parametrize("case", CASES)
def test_no_text_overlaps_another_or_leaves_the_figure(case: str, kind: str, size: str) -> None:
    figure = draw(kind, CASES[case](), size)
    found = text_boxes(figure)
    assert len(found) > 10
    assert not cut_texts(figure, found)
    assert not overlapping_texts(found)
    for axes in plot_axes(figure):
        plot = axes.get_window_extent()
        assert plot.height > 60 * 200 / 72, "less than 60 points of room for the plot"
        inner = plot.shrunk(0.98, 0.98)
        assert not any(inner.overlaps(box) for _, box in found), "text in the plot"


@pytest.mark.parametrize("size", SIZES)
def test_type_is_large_enough_to_read(size: str) -> None:
    sizes = [
        float(text.get_fontsize()) for text in drawdown(make_result(), size).findobj(Text) if text.get_text()
    ]
    assert min(sizes) >= 7.0
    assert max(sizes) == style.SIZES[size].title


def test_the_sizes_are_as_promised() -> None:
    mm = {size: drawdown(make_result(), size).get_size_inches() * 25.4 for size in SIZES}
    assert mm["column"][0] == pytest.approx(85)
    assert mm["page"][0] == pytest.approx(180)
    assert mm["slide"][0] / mm["slide"][1] == pytest.approx(16 / 9)
    assert mm["square"][0] == pytest.approx(mm["square"][1])


def test_colours_stay_apart_in_grey() -> None:
    # CIE L* of a grey of 119 of 255: linear 0.1845, 116 x 0.1845^(1/3) - 16 = 50.03.
    assert lightness("#777777") == pytest.approx(50.03, abs=0.01)
    assert lightness("#000000") == pytest.approx(0.0)
    assert lightness("#FFFFFF") == pytest.approx(100.0)
    for shades in (
        (*style.ORIGINS, style.STOCKPILE, "#FFFFFF"),
        (style.LINE_BLUE, style.BAND_50, style.BAND_90, "#FFFFFF"),
    ):
        greys = sorted(map(lightness, shades))
        assert min(b - a for a, b in itertools.pairwise(greys)) > 7.0


def test_the_bands_stay_apart_in_a_grey_copy_of_the_picture() -> None:
    figure = drawdown(make_result(exhausted=NEVER))
    axes = plot_axes(figure)[0]
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


# Scales and lines


@given(st.floats(min_value=1e-3, max_value=1e12), st.integers(min_value=3, max_value=8))
def test_a_scale_has_few_even_marks_and_reaches_far_enough(top: float, most: int) -> None:
    marks = ticks.ticks_from_zero(top, most)
    step = marks[1] - marks[0]
    assert 2 <= len(marks) <= most
    assert marks[0] == 0.0
    assert np.allclose(np.diff(marks), step)
    assert marks[-1] <= top * (1 + 1e-6) < marks[-1] + step * (1 + 1e-6)
    lead = float(f"{step:e}".split("e")[0])
    assert min(abs(lead - round_) for round_ in (1.0, 2.0, 2.5, 5.0)) < 1e-6


def test_the_cells_of_a_heat_map_meet_halfway_and_none_is_below_zero() -> None:
    assert cell_edges([3.0]) == [2.5, 3.5]
    assert cell_edges([1.0, 2.0, 4.0]) == [0.5, 1.5, 3.0, 5.0]
    assert cell_edges([0.5, 3.5]) == [0.0, 2.0, 5.0]
    assert cell_edges([-1.0, 1.0]) == [-2.0, 0.0, 2.0]


def test_dates_stand_at_the_beginning_of_months_and_years_are_named_once() -> None:
    def wide(text: str) -> float:
        return 4.0 * len(text)

    found = ticks.date_ticks(dt.date(2023, 9, 1), dt.date(2024, 9, 1), 400.0, wide)
    assert [label for _, label in found[:5]] == ["Sep\n2023", "Oct", "Nov", "Dec", "Jan\n2024"]
    assert len(found) == 13
    long = ticks.date_ticks(dt.date(2020, 3, 5), dt.date(2034, 3, 5), 100.0, wide)
    # Labels of 16 points do not fit into the 14 points of two years, but into those of five.
    assert {(day.month, day.day) for day, _ in long} == {(1, 1)}
    assert [label for _, label in long] == ["2025", "2030"]
    week = ticks.date_ticks(dt.date(2023, 12, 28), dt.date(2024, 1, 4), 400.0, wide)
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
    found = ticks.date_ticks(start, end, width, wide)
    assert found
    assert all(start <= day <= end for day, _ in found)
    for (one, a), (other, b) in itertools.pairwise(found):
        room = sum(max(wide(line) for line in text.split("\n")) for text in (a, b)) / 2
        assert (other - one).days * width / days > room


@given(st.lists(st.text("abcdefgh0123456789%", min_size=1, max_size=30), min_size=1), st.integers(4, 40))
def test_wrapped_lines_fit_and_lose_nothing(parts: list[str], width: int) -> None:
    text = " ".join(parts)
    lines = wrap_text(text, width, len)
    assert all(len(line) <= width for line in lines)
    kept = "".join(lines).replace(" ", "").replace("\u00a0", "")
    assert kept == text.replace(" ", "")
    cut = wrap_text(text, width, len, lines=1)
    assert len(cut) == 1
    assert len(cut[0]) <= width
    assert (cut == lines) == (len(lines) == 1)


def test_lines_break_where_the_sense_does() -> None:
    assert wrap_text("falls to 17,300 a day", 20, len) == ["falls to", "17,300\u00a0a\u00a0day"]
    assert wrap_text("gone on 14 November 2023 for 29 % of it", 22, len) == [
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


def test_lines_are_joined_and_a_letter_that_no_font_has_is_marked() -> None:
    assert clean_text("a\n  b\tc") == "a b c"
    # The last letter of the private planes: no font gives it an outline.
    with pytest.warns(MissingLettersWarning):
        assert clean_text("Снаряды, café, \U0010fffd") == "Снаряды, café, ?"
