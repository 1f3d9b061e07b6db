"""The frame of a chart: finding, scenario, key, plots, sources and provenance.

Heights follow from the wrapped text, so nothing is cut and nothing overlaps. Everything is placed in
points from the lower left corner.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.grid import Box, Grid
from sim.charts.style import LINE, Size
from sim.charts.text import clean, even, measure, wrap
from sim.charts.typefaces import font
from sim.errors import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

_TITLE_LINES, _AXIS_LINES, _SOURCE_LINES = 4, 2, 3
#: Enough for the longest title of a scenario; fewer where the height is given.
_SUBTITLE_LINES, _FIXED_SUBTITLE_LINES = 4, 3
#: Plots above each other need less height each.
_STACKED = 0.68


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the key: a name, and how the thing looks.

    Attributes
    ----------
    label : str
    patch, line : mapping
        Settings of a rectangle and of a line; empty for none. A line with a marker shows one.
    """

    label: str
    patch: Mapping[str, Any] = field(default_factory=dict)
    line: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """All that is written around the plots.

    Attributes
    ----------
    title, subtitle : str
        The finding; the scenario.
    axis : str
        What the vertical axis shows.
    key : sequence of Key
    notes : sequence of str
        Definitions, sources, provenance: one paragraph each.
    """

    title: str
    subtitle: str
    axis: str
    key: Sequence[Key]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A figure that is measured in points."""

    figure: Figure
    width: float
    height: float

    @property
    def points(self) -> Transform:
        """The transform from points to the screen."""
        from matplotlib.transforms import Affine2D

        return Affine2D().scale(1 / 72) + self.figure.dpi_scale_trans

    def write(self, x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False) -> None:
        """Write one line with its baseline at `y`."""
        face = font(text, size, bold=bold)
        self.figure.text(
            x, y, text, transform=self.points, fontproperties=face, color=colour, parse_math=False
        )

    def centre(self, x: float, y: float, text: str, size: float, colour: str) -> None:
        """Write one line with its baseline at `y` and its middle at `x`."""
        self.write(x - measure(size)(text) / 2, y, text, size, colour)

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Return new axes at a place in points, without frame or marks."""
        place = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(place)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        axes.set_xticks([])
        axes.set_yticks([])
        return axes


def open_frame(words: Words, grid: Grid) -> tuple[Canvas, list[Box]]:
    """Return a figure with all its words, and the boxes that are left for the plots."""
    size, rows = grid.size, len(grid.rows)
    shrink = 1.0 if rows == 1 else _STACKED
    left = room(words, size)
    plot = size.plot * shrink if left is None else (left - grid.around) / rows
    canvas, top = open_canvas(words, size, grid.around + rows * plot)
    return canvas, grid.boxes(top, plot)


def room(words: Words, size: Size) -> float | None:
    """Return the height that all these words leave for the plots; None where it is free."""
    return None if size.height is None else size.height - _taken(words, size)


def open_canvas(words: Words, size: Size, body: float) -> tuple[Canvas, float]:
    """Return a figure with all its words and `body` points for the plots, and where their top is."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = _taken(words, size) + body if size.height is None else size.height
    figure = Figure(figsize=(size.width / 72, height / 72))
    FigureCanvasAgg(figure)
    figure.set_label(clean(words.title))
    canvas = Canvas(figure, size.width, height)
    top = height - size.margin
    for row in _rows(words, size):
        _draw_row(canvas, row, top, size)
        top -= row.height
    _draw_notes(canvas, _notes(words, size), size)
    return canvas, top


def _taken(words: Words, size: Size) -> float:
    foot = len(_notes(words, size)) * size.note * LINE + size.text
    return sum(row.height for row in _rows(words, size)) + foot + 2 * size.margin


def _notes(words: Words, size: Size) -> list[str]:
    return [line for note in words.notes for line in _note(note, size)]


def provenance(manifest: Mapping[str, Any], runs: int, size: Size) -> list[str]:
    """Return the last notes of a chart: its inputs, and the study that made it."""
    digest = str(manifest["scenario"]["digest"]).rsplit(":", 1)[-1][:8]
    made = f"Model output, {counted(runs, 'run')}, seed {manifest['seed']}, scenario {digest}"
    return [inputs(manifest, size), f"{made}, munitions-sim\u00a0{manifest['version']}."]


def inputs(manifest: Mapping[str, Any], size: Size) -> str:
    """Return the note that names the sources, as many as there is room for."""
    names = sorted(set(map(_cite, manifest["sources"])), key=str.casefold)
    if not names:
        return "Inputs: figures of the scenario itself, no published source named."
    whole = f"Inputs: {'; '.join(names)}."
    if _fits(whole, size):
        return whole

    def first(kept: int) -> str:
        return f"Inputs: {'; '.join(names[:kept])}; and {len(names) - kept} more, listed in manifest.json."

    most = bisect(range(2, len(names)), x=False, key=lambda kept: not _fits(first(kept), size))
    return first(most + 1) if len(names) > 1 else whole


def _cite(source: Mapping[str, Any]) -> str:
    told = {key: value for key, value in source.items() if isinstance(value, str) and value.strip()}
    who = [told[key].strip() for key in ("claimant", "publisher") if key in told]
    if len(who) == 2 and who[0].casefold() in who[1].casefold():
        who.pop()
    name = ", ".join(who) or str(source["id"])
    year = str(source.get("published") or "")[:4]
    return f"{name} ({year})" if year.isdigit() and year not in name else name


@dataclass(frozen=True, slots=True)
class _Entry:
    x: float
    text: str
    type_size: float
    colour: str
    bold: bool = False
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    height: float
    entries: Sequence[_Entry] = ()


def _rows(words: Words, size: Size) -> list[_Row]:
    """Return every row above the plots."""
    inner = size.width - 2 * size.margin
    title = even(clean(words.title), inner, measure(size.title, bold=True), lines=_TITLE_LINES)
    most = _SUBTITLE_LINES if size.height is None else _FIXED_SUBTITLE_LINES
    subtitle = wrap(clean(words.subtitle), inner, measure(size.text), lines=most)
    axis = wrap(words.axis, inner, measure(size.text), lines=_AXIS_LINES)
    return [
        *(_line(line, size.title, style.INK, size, bold=True) for line in title),
        _Row(size.text * 0.35),
        *(_line(line, size.text, style.QUIET, size) for line in subtitle),
        _Row(size.text * 0.8),
        *_key_rows(words.key, size),
        _Row(size.text * 0.5),
        *(_line(line, size.text, style.INK, size) for line in axis),
        _Row(size.text * 0.3),
    ]


def _line(text: str, type_size: float, colour: str, size: Size, *, bold: bool = False) -> _Row:
    return _Row(type_size * LINE, (_Entry(size.margin, text, type_size, colour, bold=bold),))


def _key_rows(key: Sequence[Key], size: Size) -> list[_Row]:
    wide = measure(size.text)
    rows: list[list[_Entry]] = [[]]
    x = size.margin
    for entry in key:
        label = clean(entry.label)
        long = _swatch(size) + size.text * 0.5 + wide(label)
        if rows[-1] and x + long > size.width - size.margin:
            rows.append([])
            x = size.margin
        rows[-1].append(_Entry(x, label, size.text, style.INK, key=entry))
        x += long + size.text * 1.2
    return [_Row(size.text * 1.5, row) for row in rows if row]


def _swatch(size: Size) -> float:
    return size.text * 1.9


def _draw_row(canvas: Canvas, row: _Row, top: float, size: Size) -> None:
    for entry in row.entries:
        base = top - entry.type_size * 0.95
        x = entry.x
        if entry.key is not None:
            _draw_swatch(canvas, entry.key, x, base, size)
            x += _swatch(size) + size.text * 0.5
        canvas.write(x, base, entry.text, entry.type_size, entry.colour, bold=entry.bold)


def _draw_swatch(canvas: Canvas, key: Key, x: float, base: float, size: Size) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    wide, tall = _swatch(size), size.text * 0.78
    if key.patch:
        patch = Rectangle((x, base - size.text * 0.02), wide, tall, transform=canvas.points, **key.patch)
        canvas.figure.add_artist(patch)
    if key.line:
        y = base + size.text * 0.36
        line = Line2D(
            [x, x + wide / 2, x + wide],
            [y, y, y],
            transform=canvas.points,
            markevery=[1],
            solid_capstyle="butt",
            **key.line,
        )
        canvas.figure.add_artist(line)


def _note(text: str, size: Size) -> list[str]:
    return wrap(clean(text), size.width - 2 * size.margin, measure(size.note), lines=_SOURCE_LINES)


def _fits(text: str, size: Size) -> bool:
    return not _note(text, size)[-1].endswith("…")


def _draw_notes(canvas: Canvas, notes: Sequence[str], size: Size) -> None:
    for up, line in enumerate(reversed(notes)):
        y = size.margin + size.note * (0.25 + up * LINE)
        canvas.write(size.margin, y, line, size.note, style.QUIET)
