"""Style of the charts: four sizes, a palette suitable for grey print (`ORIGINS`: of origins), and fonts.

A house style replaces fonts and settings here, and colours in the finished figure (`recolouring`).

Lengths are in points (1/72 inch) unless stated otherwise. Text is measured and drawn with the font file that
matplotlib ships, so a chart is the same on every machine.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.charts.missing_letters import one_warning
from sim.errors import ArgumentError, Fault, StorageError, nearest
from sim.house_style.house_style import DEFAULT, PALETTE, HouseStyle
from sim.house_style.house_style import ORIGINS as ORIGINS

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

MM = 72 / 25.4
LINE_HEIGHT = 1.25


@dataclass(frozen=True, slots=True)
class Size:
    """Size of a chart in points; without a `height`, that of one `plot` is fixed, and the content decides.

    `title`, `text` and `note` are type sizes, `line` is the width of the main line. `columns` and `panels`
    are the most plots side by side, and in all.
    """

    name: str
    width: float
    height: float | None
    plot: float
    title: float
    text: float
    note: float
    line: float
    margin: float
    columns: int
    panels: int


SIZES = {
    size.name: size
    for size in (
        Size("column", 85 * MM, None, 48 * MM, 9.0, 7.0, 7.0, 1.3, 3 * MM, 1, 4),
        Size("page", 180 * MM, None, 72 * MM, 12.5, 8.5, 7.0, 1.7, 5 * MM, 2, 8),
        Size("slide", 254 * MM, 254 * MM * 9 / 16, 0.0, 17.5, 10.5, 7.5, 2.2, 8 * MM, 3, 3),
        Size("square", 120 * MM, 120 * MM, 0.0, 10.5, 7.2, 7.0, 1.5, 5 * MM, 2, 2),
    )
}

INK = PALETTE["text"]
GREY_TEXT = PALETTE["notes"]
GRID_GREY = PALETTE["grid"]
BLUE = ORIGINS[0]
MARK_ORANGE = PALETTE["mark"]
BAND_50 = PALETTE["band_half"]
BAND_90 = PALETTE["band"]
LINE_BLUE = PALETTE["line"]
#: Colours of scenarios that one chart compares, in order.
SCENARIOS = (LINE_BLUE, MARK_ORANGE, INK, ORIGINS[1], ORIGINS[3])
#: Colours of flows.
COMES_IN, REQUIRED, FIRED, LOST = MARK_ORANGE, INK, "#550066", "#7A7A7A"
#: Colours and hatches of the stages of a pipeline, from the source to the depot: apart in grey.
STAGES = (("#123C46", ""), ("#3F8F8F", ""), ("#84C4B5", ""), ("#C4E4DA", "////"))
#: Colour of land on a map.
LAND = PALETTE["land"]
#: Colour of the origins that have none of their own.
OTHER_ORIGINS = "#2B2B2B"
#: Colour of the initial stock.
STOCKPILE = PALETTE["opening_stock"]
#: Hatches of the other origins, in the order of `ORIGINS`.
HATCHES = ("", "", "", "....", "\\\\\\\\")
#: Look of values whose runs failed.
FAILED: dict[str, Any] = {"facecolor": "#F2F2F2", "edgecolor": "#8C8C8C", "hatch": "////", "linewidth": 0.0}
#: Look of what is beyond the end of the period.
BEYOND: dict[str, Any] = {"facecolor": "white", "edgecolor": "#C4C4C4", "hatch": "....", "linewidth": 0.0}
#: Look of what is missing.
UNMET: dict[str, Any] = {"facecolor": "white", "edgecolor": "#BDBDBD", "hatch": "/////", "linewidth": 0.0}
#: Look of what is on its way between two depots.
BETWEEN_DEPOTS: dict[str, Any] = {"facecolor": "white", "edgecolor": LOST, "hatch": "/////", "linewidth": 0.6}

_RC_PARAMS: dict[str, Any] = {
    "svg.hashsalt": "munitions-sim",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "hatch.linewidth": 0.6,
    "path.simplify": True,
    "figure.facecolor": "white",
    "savefig.facecolor": "auto",
    "savefig.bbox": None,
}


def pick_size(name: str) -> Size:
    """Return a size by its name; raise `ArgumentError` if there is none of this name."""
    if name not in SIZES:
        widths = ", ".join(f"{size.name} ({size.width / MM:.0f} mm wide)" for size in SIZES.values())
        # Short words are alike by chance: "large" is not a misspelt "page".
        near = nearest(name, SIZES, cutoff=0.7)
        raise ArgumentError([Fault(f"there is no chart size {name!r}", allowed=widths, nearest=near)])
    return SIZES[name]


_house: ContextVar[HouseStyle] = ContextVar("house", default=DEFAULT)


@contextmanager
def chart_style(house: HouseStyle | None = None) -> Iterator[None]:
    """Context manager: draw with the settings of this module, and restore those of the user.

    A house style replaces fonts and settings within the block; None keeps that of the block around it.

    Raises `StorageError` if there is no folder that matplotlib can write to.
    """
    try:
        load_matplotlib()
        from matplotlib import style
    except OSError as error:
        reason = "matplotlib needs a folder that it can write to: TMPDIR or MPLCONFIGDIR may name one"
        raise StorageError(f"no chart can be drawn: {reason}") from error

    house = house or _house.get()
    token = _house.set(house)
    try:
        with one_warning(), style.context(["default", _RC_PARAMS, dict(house.settings)]):
            yield
    finally:
        _house.reset(token)


def load_matplotlib() -> None:
    """Import matplotlib with any value of ``MPLBACKEND``: these figures need no backend.

    Jupyter sets the variable for all child processes. Importing matplotlib fails if the backend is not
    installed.
    """
    if "matplotlib" in sys.modules:
        return
    backend = os.environ.pop("MPLBACKEND", "")
    try:
        import matplotlib
    finally:
        if backend:
            os.environ["MPLBACKEND"] = backend
    if backend:
        # Figures of the user keep the backend of the user.
        with contextlib.suppress(ValueError):
            matplotlib.rcParams["backend"] = backend


def font(size: float, *, bold: bool = False) -> FontProperties:
    """Return the font at a size in points."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=font_file(bold=bold), size=size)


def font_file(*, bold: bool = False) -> str:
    """Return the font file: that of the house style, or one that matplotlib ships."""
    house = _house.get()
    own = house.bold if bold else house.regular
    if own:
        return own
    return shipped_fonts(bold=bold)[0]


# Cached, since each measurement of a text needs it.
@cache
def shipped_fonts(*, bold: bool = False) -> tuple[str, ...]:
    """Return the font files that matplotlib ships: that of the weight, and the regular one."""
    load_matplotlib()
    from matplotlib import get_data_path

    names = ["DejaVuSans-Bold.ttf", "DejaVuSans.ttf"] if bold else ["DejaVuSans.ttf"]
    return tuple(str(Path(get_data_path(), "fonts", "ttf", name)) for name in names)
