"""Choice of the font file of each letter: the font of the charts, or else an installed font.

The font that matplotlib ships has Latin, Greek, Cyrillic and many other letters, but no Chinese, Japanese or
Korean ones and few emoji.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.charts import style
from sim.charts.missing_letters import REPLACEMENT, report

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

#: Starts of the names of font files with wide coverage and plain letters, best first.
PREFERRED = (
    "notosanscjk",
    "sourcehansans",
    "notosans",
    "wqy",
    "droidsansfallback",
    "pingfang",
    "hiragino",
    "yugoth",
    "msyh",
    "malgun",
    "notoemoji",
    "symbola",
    "seguisym",
    "seguiemj",
    "unifont",
)
_SIZE, _DPI = 12.0, 72.0


def shown(text: str) -> str:
    """Return a text with a question mark for each letter that no installed font has."""
    plain = _letters(style.font_file())
    if all(ord(letter) in plain for letter in text):
        return text
    kept = [letter for letter in text if ord(letter) in plain or not _is_invisible(letter)]
    lost = [letter for letter in kept if font_of(letter) is None]
    if lost:
        report(lost)
    return "".join(REPLACEMENT if letter in lost else letter for letter in kept)


def font(text: str, size: float, *, bold: bool = False) -> FontProperties:
    """Return the font of a text at a size in points, with fallback fonts if needed."""
    files = _files(text, bold=bold)
    if len(files) == 1:
        return style.font(size, bold=bold)
    from sim.charts.font_chain import FontChain

    return FontChain(files, size)


def _files(text: str, *, bold: bool) -> list[str]:
    """Return the font files for a text: the font of the charts, then fonts for the letters it lacks."""
    own = style.font_file(bold=bold)
    if all(ord(letter) in _letters(own) for letter in text):
        return [own]
    others = (font_of(letter, bold=bold) for letter in text)
    return list(dict.fromkeys([own, *(file for file in others if file is not None)]))


def font_of(letter: str, *, bold: bool = False) -> str | None:
    """Return the first font file with a letter; None if there is none."""
    own = (style.font_file(bold=bold), style.font_file(), *style.shipped_fonts(bold=bold))
    return next((file for file in own if ord(letter) in _letters(file)), None) or _fallback(letter, bold=bold)


@cache
def _fallback(letter: str, *, bold: bool) -> str | None:
    """Return the first installed font file that draws a letter; None if there is none."""
    return next((file for file in _installed(bold=bold) if _draws(file, letter)), None)


@cache
def _installed(*, bold: bool) -> tuple[str, ...]:
    """Return all installed font files, those with wide coverage first."""
    from matplotlib.font_manager import findSystemFonts

    def rank(file: str) -> tuple[bool, int, bool, str]:
        name = re.sub(r"[^a-z]", "", Path(file).stem.lower())
        place = next((i for i, part in enumerate(PREFERRED) if name.startswith(part)), len(PREFERRED))
        weights = ("bold",) if bold else ("regular",)
        plain = any(name.endswith(weight) for weight in weights)
        return "italic" in name or "oblique" in name, place, not plain, file

    # A last-resort font has a placeholder for every letter.
    files = (file for file in findSystemFonts() if "lastresort" not in Path(file).stem.lower())
    return tuple(sorted(files, key=rank))


def fonts_with(letter: str) -> list[str]:
    """Return the names of the installed fonts with a letter, sorted."""
    from matplotlib.font_manager import fontManager

    having = {entry.name for entry in fontManager.ttflist if ord(letter) in _letters(entry.fname)}
    # A last-resort font has a placeholder for every letter.
    return sorted(name for name in having if not name.startswith("Last Resort"))


@cache
def _letters(file: str) -> frozenset[int]:
    """Return the code points of a font file; empty if it cannot be read."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(file).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


def _draws(file: str, letter: str) -> bool:
    """Return whether a font has an outline of a letter; bitmap emoji fonts have none."""
    from matplotlib.ft2font import FT2Font

    if ord(letter) not in _letters(file):
        return False
    try:
        font = FT2Font(file)
        font.set_size(_SIZE, _DPI)
        font.load_char(ord(letter))
        return len(font.get_path()[0]) > 0
    except (OSError, RuntimeError):
        return False


def _is_invisible(letter: str) -> bool:
    """Return whether a letter is invisible: a joiner or a variation selector."""
    code = ord(letter)
    is_selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return is_selector or unicodedata.category(letter) == "Cf"
