"""Write the coastline of the map chart from Natural Earth, by way of the npm package world-atlas.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/coastline.py package/land-110m.json

Natural Earth (version 4.1, land at 1:110 million) is in the public domain; world-atlas, which encodes it as
TopoJSON, has the ISC licence. This tool rounds to a tenth of a degree, leaves out Antarctica and islands
too small to see, and writes each ring as one closed line: the first point, then steps from point to point.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "sim" / "charts" / "map_data" / "coastline.json"
PROVENANCE = {
    "source": "Natural Earth 4.1, land, 1:110m (https://www.naturalearthdata.com), public domain",
    "by_way_of": "world-atlas 2.0.2 on npm (https://github.com/topojson/world-atlas), ISC licence",
    "changes": "rounded to 0.1 degrees; without Antarctica and islands below 0.3 degrees; tools/coastline.py",
    "format": "each ring: longitude and latitude of the first point in tenths of a degree, then steps",
}
#: Latitude in degrees; the only land south of it is Antarctica.
SOUTH = -60.0
#: Least extent of a ring, in tenths of a degree.
LEAST = 3
#: Points in tenths of a degree.
Ring = list[tuple[int, int]]


def decode_arcs(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Return the arcs of a quantised topology in degrees."""
    (scale_x, scale_y), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x0 + x * scale_x, y0 + y * scale_y))
        arcs.append(arc)
    return arcs


def rings(topology: dict[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """Yield each ring of land in degrees."""
    arcs = decode_arcs(topology)
    for shape in topology["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"]:
            for ring in polygon:
                points: list[tuple[float, float]] = []
                for number in ring:
                    arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                    points += arc[1:] if points else arc
                yield points


def round_ring(points: list[tuple[float, float]]) -> Ring:
    """Return a ring in tenths of a degree, without repeated points."""
    found: Ring = []
    for x, y in points:
        place = (round(10 * x), round(10 * y))
        if not found or found[-1] != place:
            found.append(place)
    return found


def is_visible(ring: Ring) -> bool:
    """Return whether a ring has an extent, and is north of Antarctica."""
    xs, ys = zip(*ring, strict=True)
    extent = max(max(xs) - min(xs), max(ys) - min(ys))
    return bool(extent >= LEAST and max(ys) > 10 * SOUTH)


def encode_ring(ring: Ring) -> list[int]:
    """Return a ring as its first point and the steps from point to point."""
    found = [*ring[0]]
    for (x, y), (next_x, next_y) in pairwise(ring):
        found += [next_x - x, next_y - y]
    return found


def main() -> None:
    """Write the coastline from the file that the command line names."""
    topology = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    every = [ring for ring in map(round_ring, rings(topology)) if is_visible(ring)]
    lines = ",\n".join(json.dumps(encode_ring(ring), separators=(",", ":")) for ring in every)
    head = json.dumps(PROVENANCE, indent=1)[:-2]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(f'{head},\n "rings": [\n{lines}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main()
