"""Which font file shows a letter: the one of the charts, or else one that is installed on this machine.

The font that matplotlib ships has Latin, Greek, Cyrillic and much more, but no Chinese, Japanese or Korean
letters and few emoji.
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

#: Parts of the names of font files with wide cover and plain letters, the best first.
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
    """Return a text as it can be drawn: with a question mark for a letter that no font here has."""
    plain = _letters(style.font_file())
    if all(ord(letter) in plain for letter in text):
        return text
    kept = [letter for letter in text if ord(letter) in plain or not _is_invisible(letter)]
    lost = [letter for letter in kept if font_of(letter) is None]
    if lost:
        report(lost)
    return "".join(REPLACEMENT if letter in lost else letter for letter in kept)


def font(text: str, size: float, *, bold: bool = False) -> FontProperties:
    """Return the type at a size in points, with what a text needs besides."""
    files = _files(text, bold=bold)
    if len(files) == 1:
        return style.font(size, bold=bold)
    from sim.charts.font_chain import FontChain

    return FontChain(files, size)


def _files(text: str, *, bold: bool) -> list[str]:
    """Return the files that show a text: the font of the charts first, then those for what it lacks."""
    own = style.font_file(bold=bold)
    if all(ord(letter) in _letters(own) for letter in text):
        return [own]
    others = (font_of(letter, bold=bold) for letter in text)
    return list(dict.fromkeys([own, *(file for file in others if file is not None)]))


@cache
def font_of(letter: str, *, bold: bool = False) -> str | None:
    """Return the first file that shows a letter; None where none on this machine does."""
    for file in (style.font_file(bold=bold), style.font_file()):
        if ord(letter) in _letters(file):
            return file
    return next((file for file in _installed(bold=bold) if _draws(file, letter)), None)


@cache
def _installed(*, bold: bool) -> tuple[str, ...]:
    """Return every installed font file, those with wide cover first."""
    from matplotlib.font_manager import findSystemFonts

    def rank(file: str) -> tuple[bool, int, bool, str]:
        name = re.sub(r"[^a-z]", "", Path(file).stem.lower())
        place = next((i for i, part in enumerate(PREFERRED) if name.startswith(part)), len(PREFERRED))
        weights = ("bold",) if bold else ("regular",)
        plain = any(name.endswith(weight) for weight in weights)
        return "italic" in name or "oblique" in name, place, not plain, file

    # A font of last resort has a sign for every letter, and the letter itself for none.
    found = (file for file in findSystemFonts() if "lastresort" not in Path(file).stem.lower())
    return tuple(sorted(found, key=rank))


@cache
def _letters(file: str) -> frozenset[int]:
    """Return the code points that a font file has; none where it cannot be read."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(file).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


def _draws(file: str, letter: str) -> bool:
    """Return whether a font has an outline of a letter: one of coloured pictures has none."""
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
    """Return whether a letter only joins or varies others, and shows nothing itself."""
    code = ord(letter)
    is_selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return is_selector or unicodedata.category(letter) == "Cf"
