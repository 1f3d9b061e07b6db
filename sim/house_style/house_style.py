"""House style as data, and the roles of the colours that it replaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.language import ENGLISH, Language

#: Default colours by role. The charts draw in these; a house style replaces them in the finished figure.
#: Blue and the colours of `ORIGINS` are of Okabe and Ito (Color Universal Design, 2008), some lightened or
#: darkened to differ in grey.
PALETTE: Mapping[str, str] = {
    "text": "#1A1A1A",
    "notes": "#595959",
    "grid": "#D4D4D4",
    "line": "#00456E",
    "band_half": "#7FB5DB",
    "band": "#CFE3F2",
    "mark": "#C24A00",
    "opening_stock": "#E3E3E3",
    "missing": "#F2F2F2",
    "land": "#EDEAE1",
    "background": "#FFFFFF",
}
#: Default colours of the origins of supply, from the bottom of the stack.
ORIGINS = ("#0072B2", "#E69F00", "#00543C", "#CC79A7", "#9AD3F5")
#: Default colours of hatched areas, which share the role ``hatch``.
HATCH_COLOURS = ("#BDBDBD", "#C4C4C4", "#8C8C8C")
#: Keys of ``colours`` in a style file with one colour.
COLOUR_ROLES = (*PALETTE, "hatch")


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """Colours, fonts and language of charts.

    Attributes
    ----------
    colours : mapping of str to str
        Colours by role, a key of `COLOUR_ROLES`; the default for a role that is not in it.
    origins : tuple of str
        Colours of the origins of supply; the default colours follow.
    colour_map : str
        Colour map of the heat map; empty for the default.
    regular, bold : str
        Font files; empty for the font that matplotlib ships.
    language : Language
    settings : mapping
        Settings of matplotlib by name.
    """

    colours: Mapping[str, str] = field(default_factory=dict)
    origins: tuple[str, ...] = ()
    colour_map: str = ""
    regular: str = ""
    bold: str = ""
    language: Language = ENGLISH
    settings: Mapping[str, Any] = field(default_factory=dict)

    def replacements(self) -> dict[str, str]:
        """Return the new colour of each default colour that changes."""
        changed = {PALETTE[role]: colour for role, colour in self.colours.items() if role in PALETTE}
        if "hatch" in self.colours:
            changed |= dict.fromkeys(HATCH_COLOURS, self.colours["hatch"])
        return changed | dict(zip(ORIGINS, self.origins, strict=False))


DEFAULT = HouseStyle()
