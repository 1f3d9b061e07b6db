"""Installed fonts by the characters that they can draw."""

from __future__ import annotations

from functools import cache

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

#: Draws every character as a box with its code: no help to a reader.
_PLACEHOLDER = "Last Resort"


@cache
def fonts_with(character: str) -> list[str]:
    """Return the names of the fonts that matplotlib finds and that have a character, in order."""
    found = set()
    for entry in font_manager.fontManager.ttflist:
        try:
            has = FT2Font(entry.fname).get_char_index(ord(character)) > 0
        except (OSError, RuntimeError):
            # A file that went away since matplotlib listed it, or that is no font.
            continue
        if has and not entry.name.startswith(_PLACEHOLDER):
            found.add(entry.name)
    return sorted(found)
