"""Measuring, cleaning and wrapping of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from sim.charts.style import font_file
from sim.charts.typefaces import font, shown

#: Margin for hinting, which makes rasterised text a little wider than its outlines.
_WIDTH_MARGIN = 1.03
_MONTH = "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?"
_MONTH += "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
_NO_BREAK = re.compile(rf"(?<=\d) (?=%|runs?\b|days?\b|(?:{_MONTH})\b)")
_NO_BREAK_YEAR = re.compile(rf"\b({_MONTH}) (?=\d{{4}}\b)")
_CLAUSE_BREAK = re.compile(r" (?=\()|(?<=;) ")

TextWidth = Callable[[str], float]


def make_text_width(size: float, *, bold: bool = False) -> TextWidth:
    """Return a function that measures the width of a text in points."""

    def width(text: str) -> float:
        file = font_file(bold=bold)
        return size * _WIDTH_MARGIN * sum(_glyph_advance(letter, file, bold=bold) for letter in text)

    return width


@cache
def _glyph_advance(letter: str, file: str, *, bold: bool) -> float:  # noqa: ARG001 - key of the cache
    """Return the advance width of a letter in a font file, or its fallback, relative to the type size."""
    from matplotlib.textpath import text_to_path

    face = font(letter, 100.0, bold=bold)
    between, alone = (
        text_to_path.get_text_width_height_descent(text, face, ismath=False)[0]
        for text in (f"x{letter}x", "xx")
    )
    return float(between - alone) / 100.0


def clean_text(text: str) -> str:
    """Return `text` on one line, with a question mark for each letter that no installed font has."""
    return shown(re.sub(r"[^\S\u00a0]+", " ", text).strip())


def wrap_text(text: str, width: float, text_width: TextWidth, *, lines: int | None = None) -> list[str]:
    """Break `text` into lines no wider than `width`.

    Numbers stay with their unit, and dates in one piece. Words wider than a line are cut. An ellipsis
    replaces text beyond `lines`.
    """
    glued = _NO_BREAK_YEAR.sub(
        "\\1\u00a0", _NO_BREAK.sub("\u00a0", text.replace(" a day", "\u00a0a\u00a0day"))
    )
    rows = _fill_lines(
        [part for word in glued.split(" ") for part in _break_word(word, width, text_width)],
        width,
        text_width,
    )
    if lines is None or len(rows) <= lines:
        return rows
    last = rows[lines - 1]
    while last and text_width(f"{last}…") > width:
        last = last[:-1]
    return [*rows[: lines - 1], f"{last.rstrip(' ,;')}…"]


def wrap_clauses(text: str, width: float, text_width: TextWidth) -> list[str]:
    """Break `text` before brackets and after semicolons if possible, else as `wrap_text` does."""
    parts = [line for clause in _CLAUSE_BREAK.split(text) for line in wrap_text(clause, width, text_width)]
    return _fill_lines(parts, width, text_width)


def wrap_evenly(text: str, width: float, text_width: TextWidth, *, lines: int) -> list[str]:
    """Break `text` into the same number of lines as `wrap_text` does, but of similar lengths."""
    best = wrap_text(text, width, text_width, lines=lines)
    narrow, broad = width / 2, width
    for _ in range(7):
        middle = (narrow + broad) / 2
        rows = wrap_text(text, middle, text_width)
        if len(rows) <= len(best) and max(map(text_width, rows), default=0.0) <= width:
            best, broad = rows, middle
        else:
            narrow = middle
    return best


def _fill_lines(words: Iterable[str], width: float, text_width: TextWidth) -> list[str]:
    rows: list[str] = []
    for word in words:
        if rows and text_width(f"{rows[-1]} {word}") <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


def _break_word(word: str, width: float, text_width: TextWidth) -> list[str]:
    parts: list[str] = []
    while len(word) > 1 and text_width(word) > width:
        fits = next((n for n in range(len(word) - 1, 0, -1) if text_width(word[:n]) <= width), 1)
        parts.append(word[:fits])
        word = word[fits:]
    return [*parts, word] if word else parts
