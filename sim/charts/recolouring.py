"""Colours of a house style in a finished figure.

Charts are drawn in the default palette, in which no two roles have the same colour. Here each default colour
is replaced by that of its role, so that every chart follows a house style, whatever draws it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.house_style.house_style import HouseStyle

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

#: Colours of an artist, by the names of its methods ``get_...`` and ``set_...``.
_COLOURS = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")


def recolour(figure: Figure, house: HouseStyle) -> None:
    """Replace the default colours and the colour map of a figure by those of a house style."""
    new = house.replacements()
    if not new and not house.colour_map:
        return
    for artist in figure.findobj():
        if new:
            _replace_colours(artist, new)
        if house.colour_map and _has_colour_map(artist):
            artist.set_cmap(house.colour_map)  # type: ignore[attr-defined]


def _has_colour_map(artist: Artist) -> bool:
    values = getattr(artist, "get_array", None)
    return values is not None and values() is not None


def _replace_colours(artist: Artist, new: Mapping[str, str]) -> None:
    from matplotlib.collections import Collection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.text import Text

    if _has_colour_map(artist):
        return
    if isinstance(artist, (Text, Line2D, Patch, Collection)):
        # `color` of a patch or collection sets both of its colours.
        names = _COLOURS[1:3] if isinstance(artist, (Patch, Collection)) else _COLOURS
        found = {name: getattr(artist, f"get_{name}")() for name in names if hasattr(artist, f"get_{name}")}
        for name, colour in found.items():
            getattr(artist, f"set_{name}")(_replaced(colour, new))


def _replaced(colour: Any, new: Mapping[str, str]) -> Any:
    """Return a colour, or an array of colours, with the new colours and the old opacity."""
    import numpy as np
    from matplotlib.colors import to_hex, to_rgba, to_rgba_array

    if isinstance(colour, str) and colour in {"none", "auto"}:
        return colour
    rows = to_rgba_array(colour)
    found = [
        to_rgba(new.get(to_hex(row).upper(), to_hex(row)), alpha=float(row[3])) if row[3] else tuple(row)
        for row in rows
    ]
    is_single = isinstance(colour, str) or np.ndim(colour) == 1
    return found[0] if is_single else found
