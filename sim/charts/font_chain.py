"""Fallback chain of font files, as a matplotlib font."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.font_manager import FontProperties


class FontChain(FontProperties):
    """Font files in order; each provides the letters that those before it lack.

    A matplotlib font is either one file or a list of family names. Matplotlib looks up each family with a
    copy of the font. Here each family name is a file.
    """

    def __init__(self, files: Sequence[str], size: float) -> None:
        super().__init__(family=list(files), size=size)

    def copy(self) -> FontChain:
        """Return a chain of the same files; the copy of the base class would be a plain font."""
        return FontChain(self.get_family(), self.get_size())

    def get_file(self) -> str:
        """Return the file of the first family."""
        return self.get_family()[0]
