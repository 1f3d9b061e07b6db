"""Positions on a map chart, in points: projection of places, schematic places, and markers kept apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING

from sim.charts.places import Place
from sim.charts.route_data import Route

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Point = tuple[float, float]
#: Least extent of a map, in degrees of latitude.
_LEAST_EXTENT = 14.0
#: Points of a line along a great circle.
_ARC_POINTS = 33
_ROUNDS = 400
#: Distance of a marker from the dot of a place, in radii of the marker.
_OFF_DOTS = 1.35


@dataclass(frozen=True, slots=True)
class Projection:
    """Equirectangular projection into a box, undistorted at the latitude of its centre."""

    longitude: float
    latitude: float
    scale: float
    width: float
    height: float

    def x(self, longitude: Floats | float) -> Floats | float:
        """Return the distance from the left edge of longitudes, in points."""
        narrow = math.cos(math.radians(self.latitude))
        return self.width / 2 + (longitude - self.longitude) * narrow * self.scale

    def y(self, latitude: Floats | float) -> Floats | float:
        """Return the distance from the lower edge of latitudes, in points."""
        return self.height / 2 + (latitude - self.latitude) * self.scale


def make_projection(lines: Sequence[Floats], width: float, height: float, margin: float) -> Projection:
    """Return the projection that shows some lines of longitude and latitude with a margin in points."""
    import numpy as np

    every = np.concatenate(list(lines))
    west, south = every.min(axis=0)
    east, north = every.max(axis=0)
    latitude = (south + north) / 2
    across = (east - west) * math.cos(math.radians(latitude))
    scale = min(
        (width - 2 * margin) / max(across, _LEAST_EXTENT), (height - 2 * margin) / max(north - south, 1.0)
    )
    scale = min(scale, height / _LEAST_EXTENT)
    return Projection((west + east) / 2, latitude, scale, width, height)


def unwrap(places: Sequence[Place]) -> dict[Place, Point]:
    """Return longitude and latitude of places, cut where the gap between longitudes is largest."""
    every = sorted({place.longitude for place in places})
    gaps = [b - a for a, b in pairwise([*every, every[0] + 360.0])]
    west = every[(gaps.index(max(gaps)) + 1) % len(every)]
    return {
        place: (place.longitude + (360.0 if place.longitude < west else 0.0), place.latitude)
        for place in places
    }


def great_circle(one: Point, other: Point) -> Floats:
    """Return points of longitude and latitude along the shortest line between two points."""
    import numpy as np

    (lon_a, lat_a), (lon_b, lat_b) = one, other
    ends = [_vector(lon_a, lat_a), _vector(lon_b, lat_b)]
    angle = math.acos(max(-1.0, min(1.0, float(np.dot(*ends)))))
    share = np.linspace(0.0, 1.0, _ARC_POINTS)[:, None]
    if math.sin(angle) < 1e-6:
        return np.array([one, other], dtype=float)
    x, y, z = ((np.sin((1 - share) * angle) * ends[0] + np.sin(share * angle) * ends[1]) / math.sin(angle)).T
    longitude = np.degrees(np.unwrap(np.arctan2(y, x)))
    longitude += lon_a - longitude[0]
    return np.column_stack([longitude, np.degrees(np.arcsin(np.clip(z, -1.0, 1.0)))])


def _vector(longitude: float, latitude: float) -> Floats:
    import numpy as np

    lon, lat = math.radians(longitude), math.radians(latitude)
    return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])


def schematic_positions(
    route: Route, known: Mapping[str, Point], width: float, height: float, margin: float
) -> dict[str, Point]:
    """Return the positions of all stops: `known` ones, and the others next to them on their route.

    Without a known one, routes run from left to right, one below the other.
    """
    found = dict(known)
    chains = list(dict.fromkeys(route.chains))
    if known:
        for chain in chains:
            _fill_chain(chain, found, (width, height), 4.0 * margin)
    else:
        found = _rows_of_chains(chains, width, height, margin)
    left = [key for key in route.stops if key not in found]
    beside = next((found[key] for key in route.stops if key in found), (width / 2, height / 2))
    for place, key in enumerate(left):
        if known:
            # Beside a depot of the map, on the side with more room, and below it: routes are arcs above.
            step = 3.0 * margin * (1.0 if beside[0] < width / 2 else -1.0)
            y = beside[1] - (place + 0.5) * 1.6 * margin
            found[key] = (beside[0] + step, max(1.5 * margin, y))
        else:
            x = (place + 0.5) * width / len(left)
            found[key] = (x, 1.6 * margin if found and chains else height / 2)
    return found


def _rows_of_chains(
    chains: Sequence[tuple[str, ...]], width: float, height: float, margin: float
) -> dict[str, Point]:
    """Return the positions of routes from left to right; a stop of several is between them."""
    longest = max((len(chain) for chain in chains), default=1)
    columns: dict[str, int] = {}
    rows: dict[str, list[int]] = {}
    for row, chain in enumerate(chains):
        for back, key in enumerate(reversed(chain)):
            columns[key] = max(columns.get(key, 0), back)
            rows.setdefault(key, []).append(row)
    step = (width - 4 * margin) / max(1, longest - 1)
    each = (height - margin) / max(1, len(chains))
    return {
        key: (width - 2 * margin - step * back, height - each * (0.5 + sum(rows[key]) / len(rows[key])))
        for key, back in columns.items()
    }


def _fill_chain(chain: Sequence[str], found: dict[str, Point], box: Point, step: float) -> None:
    """Place the stops of a route that have no position, between or beyond those that have."""
    placed = [place for place, key in enumerate(chain) if key in found]
    if not placed:
        return
    for place, key in enumerate(chain):
        if key in found:
            continue
        before = max((each for each in placed if each < place), default=None)
        after = min((each for each in placed if each > place), default=None)
        if before is not None and after is not None:
            (xa, ya), (xb, yb) = found[chain[before]], found[chain[after]]
            share = (place - before) / (after - before)
            found[key] = (xa + share * (xb - xa), ya + share * (yb - ya))
            continue
        near = before if before is not None else after
        x, y = found[chain[near or 0]]
        away = step * abs(place - (near or 0)) * (1.0 if before is not None else -1.0)
        outside = not 0.0 <= x + away <= box[0]
        found[key] = (x - away if outside else x + away, y)


def spread_markers(
    wanted: Sequence[Point], radius: float, width: float, height: float, dots: Sequence[Point] = ()
) -> list[Point]:
    """Return positions near the wanted ones, at least two radii apart, inside the box.

    They keep off `dots`, if there is room.
    """
    found = [_inside(x, y, radius, width, height) for x, y in wanted]
    least = 2.0 * radius + 1.5
    for each_round in range(_ROUNDS):
        is_apart = True
        for place, dot in product(range(len(found)), dots if each_round < _ROUNDS // 2 else ()):
            (xa, ya), (xb, yb) = dot, found[place]
            distance = math.hypot(xb - xa, yb - ya)
            if distance < _OFF_DOTS * radius - 1e-6:
                is_apart = False
                turn = math.atan2(yb - ya, xb - xa) if distance > 1e-6 else 0.7 + 2.4 * place
                away = _OFF_DOTS * radius + 0.01
                x, y = xa + away * math.cos(turn), ya + away * math.sin(turn)
                found[place] = _inside(x, y, radius, width, height)
        for a, b in combinations(range(len(found)), 2):
            (xa, ya), (xb, yb) = found[a], found[b]
            distance = math.hypot(xb - xa, yb - ya)
            if distance >= least - 1e-6:
                continue
            is_apart = False
            # Two markers at one point part in a direction of their own.
            turn = math.atan2(yb - ya, xb - xa) if distance > 1e-6 else 0.7 + 2.4 * b
            push = (least - distance) / 2 + 0.01
            dx, dy = push * math.cos(turn), push * math.sin(turn)
            found[a] = _inside(xa - dx, ya - dy, radius, width, height)
            found[b] = _inside(xb + dx, yb + dy, radius, width, height)
        if is_apart:
            break
    return found


def _inside(x: float, y: float, radius: float, width: float, height: float) -> Point:
    edge = radius + 1.0
    return max(edge, min(width - edge, x)), max(edge, min(height - edge, y))
