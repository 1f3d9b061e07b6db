"""Frame of a chart: title, scenario, key, plots, sources and provenance.

Heights follow from the wrapped text, so that nothing is cut and nothing overlaps. Positions are in points
from the lower left corner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.appearance import add_figure, own_subtitle, own_title
from sim.charts.claimants import claimants_text
from sim.charts.plot_grid import STACKED_SHARE, PlotBox, PlotGrid
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.text_layout import clean_text, make_text_width, wrap_evenly, wrap_text
from sim.charts.typefaces import font
from sim.errors import format_count
from sim.names import shorten_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

_TITLE_LINES, _AXIS_LINES, _SOURCE_LINES = 5, 3, 3
#: Most lines of a note if the height is free: no note of ours is longer in a column.
_FREE_NOTE_LINES = 7
#: Most lines of a label of the key, such as the title of a scenario.
_LABEL_LINES = 3
#: Least letters of a name in a title.
_LEAST_NAME = 12
#: Least height of a plot that is easy to read, in points.
_LEAST_PLOT = 62.0
#: Enough for the longest scenario title; fewer if the height is fixed.
_SUBTITLE_LINES, _FIXED_SUBTITLE_LINES = 4, 3


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """Entry of the key: a label, and samples with the properties of a rectangle and of a line.

    A line with a marker shows one marker.
    """

    label: str
    patch: Mapping[str, Any] = field(default_factory=dict)
    line: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FrameText:
    """Text around the plots: main result, scenario, label of the vertical axis, key, and notes.

    `names` are those in the title that may be shortened where its lines cannot hold it.
    """

    title: str
    subtitle: str
    axis: str
    key: Sequence[LegendEntry]
    notes: Sequence[str]
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Canvas:
    """A figure with positions in points."""

    figure: Figure
    width: float
    height: float

    @property
    def points(self) -> Transform:
        """Transform from points to display coordinates."""
        from matplotlib.transforms import Affine2D

        return Affine2D().scale(1 / 72) + self.figure.dpi_scale_trans

    def write(self, x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False) -> None:
        """Write one line of text with its baseline at `y`."""
        face = font(text, size, bold=bold)
        self.figure.text(
            x, y, text, transform=self.points, fontproperties=face, color=colour, parse_math=False
        )

    def centre(self, x: float, y: float, text: str, size: float, colour: str) -> None:
        """Write one line of text with its baseline at `y`, centred at `x`."""
        self.write(x - make_text_width(size)(text) / 2, y, text, size, colour)

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Return new axes at a position in points, without frame and ticks."""
        place = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(place)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        axes.set_xticks([])
        axes.set_yticks([])
        return axes


def open_frame(frame_text: FrameText, grid: PlotGrid) -> tuple[Canvas, list[PlotBox]]:
    """Return a figure with its text, and the boxes for the plots."""
    size, rows = grid.size, len(grid.rows)
    shrink = 1.0 if rows == 1 else STACKED_SHARE
    left = plot_height(frame_text, size)
    plot = size.plot * shrink if left is None else (left - grid.surround_height) / rows
    canvas, top = open_canvas(frame_text, size, grid.surround_height + rows * plot)
    return canvas, grid.boxes(top, plot)


def plot_height(frame_text: FrameText, size: Size) -> float | None:
    """Return the height available for plots; None if the height of the figure is free."""
    return None if size.height is None else size.height - _text_height(frame_text, size)


def is_roomy(frame_text: FrameText, grid: PlotGrid) -> bool:
    """Return whether the plots of a grid are high enough to read."""
    left = plot_height(frame_text, grid.size)
    return left is None or (left - grid.surround_height) / len(grid.rows) >= _LEAST_PLOT


def open_canvas(frame_text: FrameText, size: Size, body: float) -> tuple[Canvas, float]:
    """Return a figure with its text and `body` points for the plots, and the top of the plots."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from sim.charts.chart_figure import ChartFigure

    height = _text_height(frame_text, size) + body if size.height is None else size.height
    figure = ChartFigure(figsize=(size.width / 72, height / 72))
    FigureCanvasAgg(figure)
    add_figure(figure)
    figure.set_label(clean_text(own_title(frame_text.title)))
    figure.subtitle, figure.axis = clean_text(own_subtitle(frame_text.subtitle)), frame_text.axis
    figure.notes = tuple(clean_text(note) for note in frame_text.notes)
    canvas = Canvas(figure, size.width, height)
    top = height - size.margin
    for row in _header_rows(frame_text, size):
        _draw_row(canvas, row, top, size)
        top -= row.height
    _draw_notes(canvas, _note_lines(frame_text, size), size)
    return canvas, top


def _text_height(frame_text: FrameText, size: Size) -> float:
    foot = len(_note_lines(frame_text, size)) * size.note * LINE_HEIGHT + size.text
    return sum(row.height for row in _header_rows(frame_text, size)) + foot + 2 * size.margin


def _note_lines(frame_text: FrameText, size: Size) -> list[str]:
    most = _SOURCE_LINES if size.height is not None else _FREE_NOTE_LINES
    return [line for note in frame_text.notes for line in _wrap_note(note, size, most)]


def provenance_notes(manifest: Mapping[str, Any], runs: int, size: Size) -> list[str]:
    """Return the last notes of a chart: sources and provenance."""
    digest = str(manifest["scenario"]["digest"]).rsplit(":", 1)[-1][:8]
    text = f"Model output, {format_count(runs, 'run')}, seed {manifest['seed']}, scenario {digest}"
    return [sources_note(manifest, size), f"{text}, munitions-sim\u00a0{manifest['version']}."]


def sources_note(manifest: Mapping[str, Any], size: Size) -> str:
    """Return the note of sources, with as many claimants as fit."""
    return claimants_text(manifest["sources"], lambda text: _fits(text, size))


@dataclass(frozen=True, slots=True)
class _TextEntry:
    x: float
    text: str
    type_size: float
    colour: str
    bold: bool = False
    key: LegendEntry | None = None


@dataclass(frozen=True, slots=True)
class _TextRow:
    height: float
    entries: Sequence[_TextEntry] = ()


def _header_rows(frame_text: FrameText, size: Size) -> list[_TextRow]:
    """Return the rows of text above the plots."""
    inner = size.width - 2 * size.margin
    title = wrap_evenly(
        clean_text(own_title(_with_short_names(frame_text, size))),
        inner,
        make_text_width(size.title, bold=True),
        lines=_title_lines(size),
    )
    most = _SUBTITLE_LINES if size.height is None else _FIXED_SUBTITLE_LINES
    subtitle = wrap_text(
        clean_text(own_subtitle(frame_text.subtitle)), inner, make_text_width(size.text), lines=most
    )
    axis = wrap_text(frame_text.axis, inner, make_text_width(size.text), lines=_AXIS_LINES)
    return [
        *(_text_row(line, size.title, style.INK, size, bold=True) for line in title),
        _TextRow(size.text * 0.35),
        *(_text_row(line, size.text, style.GREY_TEXT, size) for line in subtitle),
        _TextRow(size.text * 0.8),
        *_legend_rows(frame_text.key, size),
        _TextRow(size.text * 0.5),
        *(_text_row(line, size.text, style.INK, size) for line in axis),
        _TextRow(size.text * 0.3),
    ]


def _text_row(text: str, type_size: float, colour: str, size: Size, *, bold: bool = False) -> _TextRow:
    return _TextRow(type_size * LINE_HEIGHT, (_TextEntry(size.margin, text, type_size, colour, bold=bold),))


def _legend_rows(key: Sequence[LegendEntry], size: Size) -> list[_TextRow]:
    wide = make_text_width(size.text)
    rows: list[list[_TextEntry]] = [[]]
    x = size.margin
    for entry in key:
        before = _swatch_width(size) + size.text * 0.5
        room = size.width - 2 * size.margin - before
        label, *more = wrap_text(clean_text(entry.label), room, wide, lines=_LABEL_LINES)
        long = before + wide(label)
        if rows[-1] and x + long > size.width - size.margin:
            rows.append([])
            x = size.margin
        rows[-1].append(_TextEntry(x, label, size.text, style.INK, key=entry))
        x += long + size.text * 1.2
        for line in more:
            rows.append([_TextEntry(size.margin + before, line, size.text, style.INK)])
            x = size.width
    return [_TextRow(size.text * 1.5, row) for row in rows if row]


def _swatch_width(size: Size) -> float:
    return size.text * 1.9


def _draw_row(canvas: Canvas, row: _TextRow, top: float, size: Size) -> None:
    for entry in row.entries:
        base = top - entry.type_size * 0.95
        x = entry.x
        if entry.key is not None:
            _draw_swatch(canvas, entry.key, x, base, size)
            x += _swatch_width(size) + size.text * 0.5
        canvas.write(x, base, entry.text, entry.type_size, entry.colour, bold=entry.bold)


def _draw_swatch(canvas: Canvas, key: LegendEntry, x: float, base: float, size: Size) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    wide, tall = _swatch_width(size), size.text * 0.78
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


def _wrap_note(text: str, size: Size, lines: int) -> list[str]:
    return wrap_text(clean_text(text), size.width - 2 * size.margin, make_text_width(size.note), lines=lines)


def is_whole_title(title: str, size: Size) -> bool:
    """Return whether a title fits in its lines."""
    wide = make_text_width(size.title, bold=True)
    return len(wrap_text(clean_text(title), size.width - 2 * size.margin, wide)) <= _title_lines(size)


def fitting_title(sentence: str, size: Size) -> str:
    """Return a headline without the last of its clauses if its lines cannot hold it."""
    while not is_whole_title(sentence, size) and "; " in sentence:
        sentence = sentence.rpartition("; ")[0]
    return sentence


def _with_short_names(frame_text: FrameText, size: Size) -> str:
    """Return the title with names as long as its lines can hold; no two are alike."""
    title, names = frame_text.title, [name for name in frame_text.names if name in frame_text.title]
    longest = max(map(len, names), default=0)
    for length in range(longest, _LEAST_NAME, -1):
        if is_whole_title(title, size):
            break
        title = frame_text.title
        short = shorten_names(frame_text.names, length - 1)
        for name in sorted(short, key=len, reverse=True):
            title = title.replace(name, short[name])
    return title


def _title_lines(size: Size) -> int:
    """Return the most lines of a title: fewer if the height is fixed."""
    return _TITLE_LINES if size.height is None else _TITLE_LINES - 1


def _fits(text: str, size: Size) -> bool:
    return not _wrap_note(text, size, _SOURCE_LINES)[-1].endswith("…")


def _draw_notes(canvas: Canvas, notes: Sequence[str], size: Size) -> None:
    for place, line in enumerate(notes, start=1):
        y = size.margin + size.note * (0.25 + (len(notes) - place) * LINE_HEIGHT)
        canvas.write(size.margin, y, line, size.note, style.GREY_TEXT)
