"""Drawing of a map: land, legs of the route, dots of places, and numbered markers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.frame import Canvas
from sim.charts.map_layout import (
    Point,
    Projection,
    great_circle,
    make_projection,
    schematic_positions,
    spread_markers,
    unwrap,
)
from sim.charts.places import coastline
from sim.charts.route_data import Route, Stop
from sim.charts.style import Size
from sim.charts.text_layout import clean_text, make_text_width, wrap_text

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Type of the numbers, in points.
_NUMBER = 7.0
#: Points of each straight part of a leg that names keep clear of.
_SAMPLES = 30


@dataclass(frozen=True, slots=True)
class MapBox:
    """Box of a map in points."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered marker at one stop, or on the way between two."""

    number: str
    at: tuple[str, ...]
    look: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Positions:
    """Positions in points: of stops, of legs as lines, and of the stops that are known places."""

    stops: Mapping[str, Point]
    legs: Mapping[tuple[str, ...], Floats]
    known: frozenset[str]


def has_known_place(route: Route) -> bool:
    """Return whether a stop of a route is a known place."""
    return any(stop.place for stop in route.stops.values())


def marker_radius(size: Size) -> float:
    """Return the radius of a numbered marker, in points."""
    return max(6.2, 0.72 * size.text)


def draw_map(canvas: Canvas, box: MapBox, route: Route, marks: Sequence[Mark], size: Size) -> None:
    """Draw the route into a box, with the coastline if a stop is a known place."""
    radius = marker_radius(size)
    axes = canvas.axes(box.left, box.bottom, box.width, box.height)
    axes.set_xlim(0.0, box.width)
    axes.set_ylim(0.0, box.height)
    projection = _project(route, box, max(3.2 * radius, 0.09 * box.width))
    if projection is not None:
        _draw_land(axes, projection)
    positions = _positions(route, projection, box, 2.6 * radius)
    for mark in marks:
        if len(mark.at) == 2:
            _draw_leg(axes, positions.legs[mark.at], mark, size)
    used = list(dict.fromkeys(key for mark in marks for key in mark.at))
    for key in used:
        face = style.INK if key in positions.known else "white"
        dot: dict[str, Any] = {
            "marker": "o",
            "markersize": 0.4 * size.text,
            "markerfacecolor": face,
            "color": style.INK,
        }
        axes.plot(*positions.stops[key], markeredgecolor=style.INK, markeredgewidth=0.7, zorder=4, **dot)
    wanted = [_anchor(mark, positions, radius) for mark in marks]
    dots = [positions.stops[key] for key in used]
    found = spread_markers(wanted, radius, box.width, box.height, dots)
    for mark, at in zip(marks, found, strict=True):
        _draw_leader(axes, mark, positions, at, radius)
        draw_marker(canvas, (box.left + at[0], box.bottom + at[1]), mark, size)
    _draw_place_names(canvas, box, {key: route.stops[key] for key in used}, positions, found, size)


def draw_marker(canvas: Canvas, at: Point, mark: Mark, size: Size) -> None:
    """Draw a numbered circle around a point of the figure."""
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Circle

    face = mark.look["facecolor"]
    edge = style.INK if mark.look["linewidth"] or mark.look["hatch"] else "white"
    circle = Circle(
        at,
        marker_radius(size),
        transform=canvas.points,
        facecolor=face,
        edgecolor=edge,
        linewidth=0.8,
        zorder=5,
    )
    canvas.figure.add_artist(circle)
    red, green, blue = to_rgb(face)
    is_dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.55
    colour = "white" if is_dark else style.INK
    width = make_text_width(_NUMBER)(mark.number)
    text = canvas.figure.text(
        at[0] - width / 2,
        at[1] - 0.36 * _NUMBER,
        mark.number,
        transform=canvas.points,
        fontproperties=style.font(_NUMBER),
        color=colour,
        zorder=6,
    )
    text.set_parse_math(False)


def _project(route: Route, box: MapBox, margin: float) -> Projection | None:
    """Return the projection that shows all known places and the lines between them; None without any."""
    import numpy as np

    places = [stop.place for stop in route.stops.values() if stop.place]
    if not places:
        return None
    degrees = unwrap(places)
    lines: list[Floats] = [np.array([degrees[place]], dtype=float) for place in places]
    for chain in route.chains:
        own = [place for key in chain if (place := route.stops[key].place)]
        lines += [great_circle(degrees[a], degrees[b]) for a, b in pairwise(own) if a is not b]
    return make_projection(lines, box.width, box.height, margin)


def _positions(route: Route, projection: Projection | None, box: MapBox, margin: float) -> _Positions:
    import numpy as np

    places = [stop.place for stop in route.stops.values() if stop.place]
    degrees = unwrap(places) if places else {}
    known: dict[str, Point] = {}
    if projection is not None:
        for key, stop in route.stops.items():
            if stop.place:
                longitude, latitude = degrees[stop.place]
                known[key] = (float(projection.x(longitude)), float(projection.y(latitude)))
    stops = schematic_positions(route, known, box.width, box.height, margin)
    legs: dict[tuple[str, ...], Floats] = {}
    for chain in route.chains:
        for a, b in pairwise(chain):
            one, other = route.stops[a].place, route.stops[b].place
            if projection is not None and one and other:
                line = great_circle(degrees[one], degrees[other])
                xs, ys = projection.x(line[:, 0]), projection.y(line[:, 1])
                legs[a, b] = np.column_stack([np.asarray(xs), np.asarray(ys)])
            else:
                legs[a, b] = np.array([stops[a], stops[b]], dtype=float)
    return _Positions(stops, legs, frozenset(known))


def _draw_land(axes: Axes, projection: Projection) -> None:
    import numpy as np
    from matplotlib.collections import PolyCollection

    rings = []
    for ring in coastline():
        for turn in (-360.0, 0.0, 360.0):
            xs, ys = projection.x(ring[:, 0] + turn), projection.y(ring[:, 1])
            points = np.column_stack([np.asarray(xs), np.asarray(ys)])
            low, high = points.min(axis=0), points.max(axis=0)
            if high[0] > 0 and low[0] < projection.width and high[1] > 0 and low[1] < projection.height:
                rings.append(points)
    axes.add_collection(
        PolyCollection(rings, facecolors=style.LAND, edgecolors=style.GRID_GREY, linewidths=0.5),
        autolim=False,
    )
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set(visible=True, color=style.GRID_GREY, linewidth=0.5)


def _draw_leg(axes: Axes, line: Floats, mark: Mark, size: Size) -> None:
    colour = mark.look["facecolor"]
    look: dict[str, Any] = {"color": colour, "linewidth": size.line, "solid_capstyle": "butt", "zorder": 2.5}
    axes.plot(line[:, 0], line[:, 1], **look)
    length = math.dist(line[0], line[-1])
    if length < 3 * size.text:
        return
    # A head is drawn at the end of an arrow, which it covers.
    place = max(1, round(0.75 * (len(line) - 1)))
    (xa, ya), (xb, yb) = line[place - 1], line[place]
    share = 1.0 if len(line) > 2 else 0.8
    head = (xa + share * (xb - xa), ya + share * (yb - ya))
    back = (head[0] - 0.01 * (xb - xa), head[1] - 0.01 * (yb - ya))
    axes.annotate(
        "",
        head,
        back,
        arrowprops={
            "arrowstyle": "-|>,head_length=0.5,head_width=0.3",
            "color": colour,
            "linewidth": 0.0,
            "mutation_scale": 1.3 * size.text,
            "shrinkA": 0.0,
            "shrinkB": 0.0,
        },
    )


def _anchor(mark: Mark, positions: _Positions, radius: float) -> Point:
    """Return where a marker belongs: the middle of its leg, or beside its stop."""
    if len(mark.at) == 2:
        line = positions.legs[mark.at]
        x, y = line[len(line) // 2] if len(line) > 2 else line.mean(axis=0)
        return float(x), float(y)
    x, y = positions.stops[mark.at[0]]
    return x, y - 1.6 * radius


def _draw_leader(axes: Axes, mark: Mark, positions: _Positions, at: Point, radius: float) -> None:
    """Draw a thin line from a marker to its place."""
    if len(mark.at) == 2:
        line = positions.legs[mark.at]
        x, y = line[len(line) // 2] if len(line) > 2 else line.mean(axis=0)
    else:
        x, y = positions.stops[mark.at[0]]
    if math.dist((x, y), at) > radius:
        axes.plot([x, at[0]], [y, at[1]], color=style.GREY_TEXT, linewidth=0.6, zorder=3)


def _draw_place_names(
    canvas: Canvas,
    box: MapBox,
    stops: Mapping[str, Stop],
    positions: _Positions,
    marks: Sequence[Point],
    size: Size,
) -> None:
    """Write the name of each stop beside its dot, where there is room."""
    wide, high = make_text_width(_NUMBER), _NUMBER
    radius = marker_radius(size)
    taken = [(x - radius, y - radius, x + radius, y + radius) for x, y in marks]
    taken += [
        (x - 1.0, y - 1.0, x + 1.0, y + 1.0) for line in positions.legs.values() for x, y in _samples(line)
    ]
    dot = 0.2 * size.text
    taken += [(x - dot, y - dot, x + dot, y + dot) for x, y in (positions.stops[key] for key in stops)]
    for key, stop in stops.items():
        text = clean_text(stop.place.name if stop.place else stop.name)
        if not text:
            continue
        name = wrap_text(text, box.width / 4, wide, lines=1)[0]
        (x, y), width = positions.stops[key], wide(name)
        gap = 0.5 * size.text
        options = [
            (x - width / 2, y + gap),
            (x - width / 2, y - gap - high),
            (x + gap, y - 0.36 * high),
            (x - gap - width, y - 0.36 * high),
            (x + gap, y + gap),
            (x - gap - width, y + gap),
            (x + gap, y - gap - high),
            (x - gap - width, y - gap - high),
        ]
        for left, base in options:
            own = (left - 1, base - 0.25 * high, left + width + 1, base + high)
            is_inside = own[0] > 1 and own[2] < box.width - 1 and own[1] > 1 and own[3] < box.height - 1
            if is_inside and all(_is_apart(own, other) for other in taken):
                canvas.write(box.left + left, box.bottom + base, name, _NUMBER, style.INK)
                taken.append(own)
                break


def _samples(line: Floats) -> list[Point]:
    """Return points of a line, close to each other."""
    return [
        (float(xa + share * (xb - xa)), float(ya + share * (yb - ya)))
        for (xa, ya), (xb, yb) in pairwise(line)
        for share in (n / _SAMPLES for n in range(_SAMPLES + 1))
    ]


def _is_apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
