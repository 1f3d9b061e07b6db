"""The charts of the questions: titles by hand, marks where the figures are, nothing cut or overlapping."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.charts import draw

if TYPE_CHECKING:
    from sweeps import (
        FIRE,
        INPUTS,
        LONG,
        MADE,
        NAN,
        ends,
        grid,
        ladder,
        linear,
        ranks,
        rates,
        scan,
        screening,
        variances,
    )
else:
    from .sweeps import (
        FIRE,
        INPUTS,
        LONG,
        MADE,
        NAN,
        ends,
        grid,
        ladder,
        linear,
        ranks,
        rates,
        scan,
        screening,
        variances,
    )

SIZES = ("column", "page", "slide", "square")
NONE = lambda *_: False  # noqa: E731

CASES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "heat": ("heatmap", grid),
    "heat, some failed": ("heatmap", lambda: grid(failed=lambda made, fire: made > 12e3)),
    "heat, all failed": ("heatmap", lambda: grid(failed=lambda *_: True)),
    "heat, 2 x 2": ("heatmap", lambda: grid(2, 2)),
    "heat, one row": ("heatmap", lambda: grid(1, 8)),
    "heat, one cell": ("heatmap", lambda: grid(1, 1)),
    "heat, 60 x 60": ("heatmap", lambda: grid(60, 60)),
    "heat, none gone": (
        "heatmap",
        lambda: scan({MADE: rates(5, 2e3, 9e3), FIRE: [1e3, 2e3]}, lambda m, f: linear(f, m)),
    ),
    "heat, no dates": ("heatmap", lambda: grid(dated=False)),
    "heat, long names": (
        "heatmap",
        lambda: scan({LONG: rates(5), LONG[::-1]: rates(4)}, lambda a, b: linear(b, a / 5), units=""),
    ),
    "heat, rules": (
        "heatmap",
        lambda: scan(
            {"consumption.front.rationing": ["none at all", "proportional", "reserve " * 5], FIRE: rates(6)},
            lambda _, f: linear(f),
        ),
    ),
    "heat, tiny and huge": (
        "heatmap",
        lambda: scan({MADE: [1e-9, 2e-9, 3e-9], FIRE: [1e12, 3e12, 9e12]}, lambda m, f: linear(f, m)),
    ),
    "heat, negative": (
        "heatmap",
        lambda: scan(
            {"a.growth": [-0.5, 0.0, 0.5], FIRE: rates(4)}, lambda g, f: linear(f * (1 + g)), units="share"
        ),
    ),
    "heat, uneven": (
        "heatmap",
        lambda: scan({MADE: [1.0, 10.0, 100.0, 1e3, 1e4], FIRE: [1e3, 1e4, 1e5]}, lambda m, f: linear(f, m)),
    ),
    "line": ("line", ladder),
    "line, one point": ("line", lambda: ladder(1)),
    "line, all failed": ("line", lambda: ladder(failed=lambda *_: True)),
    "line, some failed": ("line", lambda: ladder(failed=lambda fire: 30e3 < fire < 45e3)),
    "line, none gone": ("line", lambda: scan({FIRE: [100.0, 200.0, 300.0]}, linear)),
    "line, rules": (
        "line",
        lambda: scan(
            {"consumption.front.rationing": ["none", "proportional", "reserve " * 5]}, lambda _: linear(3e4)
        ),
    ),
    "line, long name": ("line", lambda: scan({LONG: rates(5)}, linear, units="", title="A title " * 40)),
    "line, no dates": ("line", lambda: ladder(dated=False)),
    "line, huge": ("line", lambda: scan({FIRE: [1e13, 2e14, 9e14]}, linear)),
    "sustainable": ("sustainable", ladder),
    "sustainable, one point": ("sustainable", lambda: ladder(1)),
    "sustainable, all hold": ("sustainable", lambda: scan({FIRE: [100.0, 200.0]}, linear)),
    "sustainable, none holds": ("sustainable", lambda: scan({FIRE: [5e4, 6e4]}, linear)),
    "sustainable, no spread": (
        "sustainable",
        lambda: scan({FIRE: rates(9)}, lambda f: linear(f, spread=0.0)),
    ),
    "sustainable, all failed": ("sustainable", lambda: ladder(failed=lambda *_: True)),
    "sustainable, no dates": ("sustainable", lambda: ladder(dated=False)),
    "tornado": (
        "tornado",
        lambda: ends(
            [(p, 95.0 - w, 95.0 + 1.3 * w) for p, w in zip(INPUTS, (30, 9, 7, 2, 0.1), strict=True)],
            base=95.0,
        ),
    ),
    "tornado, no base": ("tornado", lambda: ends([(p, 90.0, 120.0 + n) for n, p in enumerate(INPUTS)])),
    "tornado, beyond": (
        "tornado",
        lambda: ends([(INPUTS[0], 60.0, NAN), (INPUTS[1], NAN, NAN), (LONG, 300.0, 310.0)], base=305.0),
    ),
    "tornado, all beyond": ("tornado", lambda: ends([(p, NAN, NAN) for p in INPUTS], base=NAN)),
    "tornado, nothing": ("tornado", lambda: ends([(INPUTS[0], 95.0, 95.0)], base=95.0)),
    "tornado, 60 inputs": (
        "tornado",
        lambda: ends([(f"{LONG}.{n}", 90.0 - n, 100.0 + n) for n in range(60)], base=95.0),
    ),
    "tornado, negative shells": (
        "tornado",
        lambda: ends([(p, -3e9, 2e12) for p in INPUTS], outcome="closing_stock", base=1e9),
    ),
    "tornado, no dates": ("tornado", lambda: ends([(INPUTS[0], 60.0, 90.0)], base=80.0, dated=False)),
    "rank": ("tornado", lambda: ranks((0.92, 0.31, -0.22, 0.02, -0.99))),
    "rank, not known": ("tornado", lambda: ranks((NAN, NAN))),
    "sobol": (
        "sobol",
        lambda: variances([(0.82, 0.9), (0.1, 0.13), (0.05, 0.06), (-0.01, 0.01), (0.0, 0.0)]),
    ),
    "sobol, wide": ("sobol", lambda: variances([(1.4, 1.9), (-0.6, -0.2)], half=0.7)),
    "sobol, not known": ("sobol", lambda: variances([(NAN, NAN), (NAN, NAN)])),
    "sobol, 60 inputs": (
        "sobol",
        lambda: variances([(1 / 60, 1 / 50)] * 60, inputs=[f"{LONG}.{n}" for n in range(60)]),
    ),
    "morris": ("sobol", lambda: screening([(35.0, 14.0), (9.0, 3.6), (7.0, 2.8), (0.3, 0.1), (0.0, 0.0)])),
    "morris, nothing": ("sobol", lambda: screening([(0.0, 0.0)])),
}


def texts(figure: Figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", CASES)
def test_no_text_overlaps_another_or_leaves_the_figure(case: str, size: str) -> None:
    kind, made = CASES[case]
    figure = draw(kind, made(), size)
    figure.set_dpi(200)
    figure.draw_without_rendering()
    every = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    found = [(text.get_text(), text.get_window_extent()) for text in every]
    assert len(found) > 4
    for text, box in found:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        assert inside, f"{text!r} is cut"
    for (one, a), (other, b) in itertools.combinations(found, 2):
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0
        assert apart, f"{one!r} overlaps {other!r}"
    for axes in figure.axes:
        plot = axes.get_window_extent()
        assert plot.width > 50 * 200 / 72, "less than 50 points of room for the plot"
    assert min(float(text.get_fontsize()) for text in every) >= 6.0
