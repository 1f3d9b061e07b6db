"""Inline SVG for an HTML page: several drawings in one document, with alt text and no external references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_DROPPED = frozenset({"title", "metadata", "style"})
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_LONG_DECIMAL = re.compile(r"-?\d+\.\d{3,}")
_POINT = re.compile(r"-?[0-9.]+ -?[0-9.]+")
#: Points of a path from which it is shortened.
_LEAST_POINTS = 100
_SHIFT = re.compile(r"translate\((-?[0-9.]+) 0\)")
_TRANSLATION = re.compile(r"translate\([^)]*\)")
#: Elements of definitions that drawings share: glyphs and marks, and hatches.
_SHAPES = frozenset({"path", "pattern"})
#: Style of all elements in a drawing of matplotlib. Each drawing carries it, since a page has other elements.
_STROKES = "stroke-linejoin:round;stroke-linecap:butt"


class SharedShapes:
    """Glyphs, marks and hatches that the drawings of a page share, each defined once.

    Parameters
    ----------
    prefix : str
        First part of the ids: letters, digits and hyphens.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.id_of: dict[str, str] = {}

    def move(self, root: ElementTree.Element) -> dict[str, str]:
        """Take the shapes out of the definitions of a drawing, and return their new ids by the old ones."""
        moved = {}
        for definitions in root.iter("defs"):
            for shape in [each for each in definitions if each.tag in _SHAPES]:
                old = shape.attrib.pop("id", "")
                if old and not any(_references(shape)):
                    definitions.remove(shape)
                    _rewrite_all(shape, {})
                    text = ElementTree.tostring(shape, encoding="unicode")
                    moved[old] = self.id_of.setdefault(text, f"{self.prefix}{len(self.id_of)}")
                elif old:
                    shape.set("id", old)
        return moved

    def element(self) -> str:
        """Return an element without size that defines the shapes; empty if there are none."""
        shapes = (text.replace(" ", f' id="{name}" ', 1) for text, name in self.id_of.items())
        inside = "".join(shapes)
        return f'<svg class="shapes" aria-hidden="true"><defs>{inside}</defs></svg>' if inside else ""


def inline_svg(
    drawing: bytes, prefix: str, label: str, css_class: str, shapes: SharedShapes | None = None
) -> str:
    """Return an SVG file of matplotlib as an element of an HTML page.

    Ids become a prefix and a number, so that two drawings of a page have none in common. Titles,
    metadata, comments and style elements are removed, and coordinates are rounded to a hundredth of a point.

    Parameters
    ----------
    drawing : bytes
    prefix : str
        Letters, digits and hyphens.
    label : str
        Text alternative: the statement of the chart.
    css_class : str
    shapes : SharedShapes, optional
        Takes the glyphs, marks and hatches, which its own element on the page then defines.
    """
    root = ElementTree.fromstring(drawing)  # noqa: S314 - a drawing of our own
    for element in root.iter():
        element.tag = _name(element)
        for child in [child for child in element if _name(child) in _DROPPED]:
            element.remove(child)
    shared = {} if shapes is None else shapes.move(root)
    own = (old for old in dict.fromkeys(_references(root)) if old not in shared)
    _rewrite_all(root, {old: f"{prefix}-{number}" for number, old in enumerate(own)} | shared)
    _remove_empty(root)
    _unwrap_groups(root)
    _join_paths(root)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib |= {"class": css_class, "role": "img", "style": _STROKES}
    root.set("aria-labelledby", f"{prefix}-title")
    title = ElementTree.Element("title", {"id": f"{prefix}-title"})
    title.text = label
    root.insert(0, title)
    return ElementTree.tostring(root, encoding="unicode")


def _name(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(_SVG)


def _references(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == _LINK and value.startswith("#"):
                yield value.removeprefix("#")
            yield from _REFERENCE.findall(value)


def _rewrite_all(root: ElementTree.Element, ids: Mapping[str, str]) -> None:
    for element in root.iter():
        _rewrite(element, ids)


def _remove_empty(root: ElementTree.Element) -> None:
    """Remove groups and definitions that hold nothing."""
    for element in root:
        _remove_empty(element)
    for child in [each for each in root if each.tag in {"g", "defs"} and not len(each)]:
        root.remove(child)


def _unwrap_groups(root: ElementTree.Element) -> None:
    """Replace groups without attributes by their children."""
    for element in root:
        _unwrap_groups(element)
    children = [
        each for child in root for each in (child if child.tag == "g" and not child.attrib else [child])
    ]
    root[:] = children


def _join_paths(root: ElementTree.Element) -> None:
    """Join neighbouring shapes of one look, such as the bars of many voyages, to one path.

    A transparent shape keeps to itself: where two overlap, they look unlike their union.
    """
    for element in root.iter():
        kept: list[ElementTree.Element] = []
        for child in element:
            if kept and _is_opaque(child) and _look(child) == _look(kept[-1]):
                kept[-1].set("d", f"{kept[-1].get('d', '')} {child.get('d', '')}")
            else:
                kept.append(child)
        element[:] = kept


def _is_opaque(element: ElementTree.Element) -> bool:
    style = element.get("style", "")
    has_shape = element.tag == "path" and "d" in element.attrib
    return has_shape and "fill: #" in style and "opacity" not in style


def _look(element: ElementTree.Element) -> tuple[str, dict[str, str]]:
    return element.tag, {key: value for key, value in element.attrib.items() if key != "d"}


def _rewrite(element: ElementTree.Element, ids: Mapping[str, str]) -> None:
    """Rename ids and references, drop ids without a reference, and shorten coordinates."""
    attributes = {}
    for key, value in element.attrib.items():
        if key == "id" and value in ids:
            attributes[key] = ids[value]
        elif key == _LINK:
            # A picture inside a drawing, as in a heat map, is a data address.
            attributes["href"] = f"#{ids[value[1:]]}" if value.startswith("#") else "".join(value.split())
        elif key in {"d", "x", "y"}:
            attributes[key] = _shorten_path(_LONG_DECIMAL.sub(_rounded, " ".join(value.split())))
        elif key == "transform":
            attributes[key] = _TRANSLATION.sub(_rounded_numbers, value)
        elif key != "id":
            attributes[key] = _REFERENCE.sub(lambda match: f"url(#{ids[match.group(1)]})", value)
    shift = _SHIFT.fullmatch(attributes.get("transform", "")) if element.tag == "use" else None
    if shift and not {"x", "y"} & set(attributes):
        # The same in fewer bytes: a page has thousands of letters.
        del attributes["transform"]
        attributes["x"] = shift[1]
    element.attrib.clear()
    element.attrib.update(attributes)
    element.tail = None
    if element.text is not None and not element.text.strip():
        element.text = None


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match.group()):.2f}".rstrip("0").rstrip(".")


def _shorten_path(path: str) -> str:
    """Return the same path without the points between the ends of a level or upright line.

    A line of steps has a point for each day, also where it is level for months.
    """
    body, end = (path.removesuffix(" z"), " z") if path.endswith(" z") else (path, "")
    start, *points = body.split(" L ")
    if len(points) < _LEAST_POINTS or not all(_POINT.fullmatch(each) for each in points):
        return path
    kept: list[list[str]] = []
    for place in (each.split(" ") for each in points):
        if len(kept) > 1 and _is_between(kept[-2], kept[-1], place):
            kept.pop()
        kept.append(place)
    # Points after the first of a line need no command of their own.
    return f"{start} L {' '.join(map(' '.join, kept))}{end}"


def _is_between(before: Sequence[str], place: Sequence[str], after: Sequence[str]) -> bool:
    """Return whether a point is on the horizontal or vertical line between two others."""
    for level, along in ((0, 1), (1, 0)):
        if before[level] == place[level] == after[level]:
            low, high = sorted((float(before[along]), float(after[along])))
            return low <= float(place[along]) <= high
    return False


def _rounded_numbers(match: re.Match[str]) -> str:
    return _LONG_DECIMAL.sub(_rounded, match.group())
