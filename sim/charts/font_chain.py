"""A chain of font files, in the form in which matplotlib takes a font."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.font_manager import FontProperties


class FontChain(FontProperties):
    """Font files in order: each shows the letters that those before it lack.

    A font of matplotlib is either one file or several names of families, which it looks up one by one,
    each as a copy of the font with one family. Here each family is a file.

    Parameters
    ----------
    files : sequence of str
    size : float
    """

    def __init__(self, files: Sequence[str], size: float) -> None:
        super().__init__(family=list(files), size=size)

    def copy(self) -> FontChain:
        """Return a chain of the same files; matplotlib's own copy is a plain font."""
        return FontChain(self.get_family(), self.get_size())

    def get_file(self) -> str:
        """Return the file of the first family."""
        return self.get_family()[0]
