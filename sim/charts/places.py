"""Places and coastline of the map chart: public geography, shipped with the package.

``map_data/coastline.json`` is from Natural Earth (public domain), made by ``tools/coastline.py``.
``map_data/places.csv`` has places of public reports, in degrees to one decimal.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_FOLDER = files("sim.charts") / "map_data"


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its position in degrees."""

    name: str
    longitude: float
    latitude: float


def find_place(texts: Iterable[str]) -> Place | None:
    """Return the first place that one of some texts names as a whole word; None if there is none."""
    for text in texts:
        found = find_places(text)
        if found:
            return found[0]
    return None


def find_places(text: str) -> list[Place]:
    """Return the places that a text names, in their order in it."""
    words = text.replace("_", " ").casefold()
    hits = []
    for pattern, place in _patterns():
        match = pattern.search(words)
        if match:
            hits.append((match.start(), -match.end(), place))
    return [place for _, _, place in sorted(hits, key=lambda hit: hit[:2])]


@cache
def coastline() -> tuple[Floats, ...]:
    """Return the rings of land, each an array of longitude and latitude in degrees."""
    import numpy as np

    rings = json.loads((_FOLDER / "coastline.json").read_text("utf-8"))["rings"]
    return tuple(_decode(np.array(ring, dtype=float) / 10.0) for ring in rings)


def _decode(steps: Floats) -> Floats:
    """Return a ring as points; one that crosses the antimeridian continues past 180 degrees."""
    import numpy as np

    longitude = np.unwrap(np.cumsum(steps[::2]), period=360.0)
    longitude -= 360.0 * np.round(longitude.mean() / 360.0)
    return np.column_stack([longitude, np.cumsum(steps[1::2])])


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Place], ...]:
    found = []
    for row in csv.DictReader((_FOLDER / "places.csv").read_text("utf-8").splitlines()):
        place = Place(row["name"], float(row["longitude"]), float(row["latitude"]))
        names = filter(None, [row["name"], *row["other_names"].split("|")])
        found += [(re.compile(rf"(?<!\w){re.escape(name.casefold())}(?!\w)"), place) for name in names]
    return tuple(found)
