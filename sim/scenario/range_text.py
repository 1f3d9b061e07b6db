"""A range written as text: ``3M-5M`` for ``{low: 3M, high: 5M}``."""

from __future__ import annotations

import re

from sim.scenario.dimension import Dimension
from sim.units import MAX_SHOWN_LENGTH, UnitError

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_UNIT = "[^-–—0-9]*"
_BETWEEN = r" *(?:-|–|—|\.\.\.?|\bto\b) *"
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})(?P<low_unit>{_UNIT}?){_BETWEEN}(?P<high>{_NUMBER})(?P<unit>{_UNIT})"
)
_MULTIPLE = re.compile(r" ?(?:k|M|bn)(?![A-Za-z])")


def suggest_distribution(text: str, dimension: Dimension) -> str:
    """Convert a range as text to a distribution; empty if it is no range of this dimension.

    An end without multiple or unit takes those of the other end: ``3-5M/year`` is
    ``{low: 3M/year, high: 5M/year}``.
    """
    found = _RANGE.fullmatch(text.strip()) if len(text) <= MAX_SHOWN_LENGTH else None
    if found is None:
        return ""
    low, high = f"{found['low']}{found['low_unit'].rstrip()}", f"{found['high']}{found['unit']}"
    period = _MULTIPLE.sub("", found["unit"], count=1)
    whole = (low, f"{low}{period}") if found["low_unit"].strip() else (f"{low}{found['unit']}",)
    for end in whole:
        if _is_range(end, high, dimension):
            return f"{{low: {end}, high: {high}}}"
    return ""


def _is_range(low: str, high: str, dimension: Dimension) -> bool:
    try:
        first, last = dimension.read(low), dimension.read(high)
    except UnitError:
        return False
    return first.unit is last.unit and first.value < last.value
