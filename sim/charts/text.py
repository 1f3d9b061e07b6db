"""Text that fits: measuring, cleaning and wrapping."""

from __future__ import annotations

import re
from collections.abc import Callable

from sim.charts import style

#: Measured widths are of the bare outlines; a raster hints them a little wider.
_SLACK = 1.03
_GLUE = re.compile(r"(?<=\d) (?=%|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)|runs?\b)")

Measure = Callable[[str], float]


def measure(size: float, *, bold: bool = False) -> Measure:
    """Return a function from a text to its width in points."""
    from matplotlib.textpath import text_to_path

    face = style.font(size, bold=bold)

    def width(text: str) -> float:
        return float(text_to_path.get_text_width_height_descent(text, face, ismath=False)[0]) * _SLACK

    return width


def clean(text: str) -> str:
    """Return `text` on one line, with a question mark for what the type cannot show."""
    from matplotlib.font_manager import get_font

    shown = get_font(style.font_file()).get_charmap()
    return "".join(c if ord(c) in shown else "?" for c in " ".join(text.split()))


def wrap(text: str, width: float, wide: Measure, *, lines: int | None = None) -> list[str]:
    """Break `text` into lines no wider than `width`.

    Numbers stay with their sign or month. A word that is too long is cut. What goes beyond `lines` is
    left out and an ellipsis says so.
    """
    words = [part for word in _GLUE.sub("\u00a0", text).split(" ") for part in _cut(word, width, wide)]
    rows: list[str] = []
    for word in words:
        if rows and wide(f"{rows[-1]} {word}") <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    if lines is None or len(rows) <= lines:
        return rows
    last = rows[lines - 1]
    while last and wide(f"{last}…") > width:
        last = last[:-1]
    return [*rows[: lines - 1], f"{last.rstrip(' ,;')}…"]


def even(text: str, width: float, wide: Measure, *, lines: int) -> list[str]:
    """Break `text` as `wrap` does, into the same number of lines but of like lengths."""
    best = wrap(text, width, wide, lines=lines)
    narrow, broad = width / 2, width
    for _ in range(7):
        middle = (narrow + broad) / 2
        found = wrap(text, middle, wide)
        if len(found) <= len(best) and max(map(wide, found)) <= width:
            best, broad = found, middle
        else:
            narrow = middle
    return best


def _cut(word: str, width: float, wide: Measure) -> list[str]:
    parts: list[str] = []
    while len(word) > 1 and wide(word) > width:
        fits = next((n for n in range(len(word) - 1, 0, -1) if wide(word[:n]) <= width), 1)
        parts.append(word[:fits])
        word = word[fits:]
    return [*parts, word] if word else parts
