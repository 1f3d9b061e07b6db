"""SVG drawings for a page: several in one document, with a text alternative, without outside references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_DROPPED = frozenset({"title", "metadata", "style"})
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_LONG_DECIMAL = re.compile(r"-?\d+\.\d{3,}")
#: What the style element of matplotlib says of every element; a page has others too.
_STROKES = "stroke-linejoin:round;stroke-linecap:butt"


def inline_svg(drawing: bytes, prefix: str, label: str, css_class: str) -> str:
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
    """
    root = ElementTree.fromstring(drawing)  # noqa: S314 - a drawing of our own
    ids = {old: f"{prefix}-{number}" for number, old in enumerate(dict.fromkeys(_references(root)))}
    for element in root.iter():
        for child in [child for child in element if _name(child) in _DROPPED]:
            element.remove(child)
        _rewrite(element, ids)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib |= {"class": css_class, "role": "img", "style": _STROKES}
    root.set("aria-labelledby", f"{prefix}-title")
    title = ElementTree.Element("title", {"id": f"{prefix}-title"})
    title.text = label
    root.insert(0, title)
    for element in root.iter():
        element.tag = _name(element)
    return ElementTree.tostring(root, encoding="unicode")


def _name(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(_SVG)


def _references(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == _LINK and value.startswith("#"):
                yield value.removeprefix("#")
            yield from _REFERENCE.findall(value)


def _rewrite(element: ElementTree.Element, ids: Mapping[str, str]) -> None:
    """Rename ids and references, drop ids without a reference, and shorten coordinates."""
    attributes = {}
    for key, value in element.attrib.items():
        if key == "id" and value in ids:
            attributes[key] = ids[value]
        elif key == _LINK:
            # A picture inside a drawing, as in a heat map, is a data address.
            attributes["href"] = f"#{ids[value[1:]]}" if value.startswith("#") else "".join(value.split())
        elif key == "d":
            attributes[key] = _LONG_DECIMAL.sub(_rounded, " ".join(value.split()))
        elif key != "id":
            attributes[key] = _REFERENCE.sub(lambda match: f"url(#{ids[match.group(1)]})", value)
    element.attrib.clear()
    element.attrib.update(attributes)
    element.tail = None
    if element.text is not None and not element.text.strip():
        element.text = None


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match.group()):.2f}".rstrip("0").rstrip(".")
