"""Search of installed fonts by character."""

from __future__ import annotations

from functools import cache

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

#: Draws every character as a box with its code, which no reader can use.
_PLACEHOLDER = "Last Resort"


@cache
def fonts_with(character: str) -> list[str]:
    """Return the names of the installed fonts that contain a character, sorted."""
    names = set()
    for entry in font_manager.fontManager.ttflist:
        try:
            has = FT2Font(entry.fname).get_char_index(ord(character)) > 0
        except (OSError, RuntimeError):
            # Deleted since matplotlib listed it, or not a font.
            continue
        if has and not entry.name.startswith(_PLACEHOLDER):
            names.add(entry.name)
    return sorted(names)
