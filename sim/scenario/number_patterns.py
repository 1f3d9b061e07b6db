"""JSON Schema patterns of numbers as written, for editors.

Every text that `Dimension.read` accepts matches. A few texts that it rejects also match, such as 0 where a
positive number is required.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sim.scenario.dimension import Dimension
from sim.scenario.quantity import UNKNOWN
from sim.units import COUNT_UNITS, DAYS_PER_UNIT, MASS_UNITS, MULTIPLE_PATTERN, PARTS_PER_DAY, Unit


def _one_of(words: Iterable[str]) -> str:
    """Return the pattern of any of the words."""
    alternatives = "|".join(words)
    return f"(?:{alternatives})" if "|" in alternatives else alternatives


NUMBER_PATTERN = (
    r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?" rf"(?: ?(?:{MULTIPLE_PATTERN})(?![A-Za-z]))?"
)
DATE_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
SHELLS_PATTERN, CONTAINERS_PATTERN = (
    _one_of(f"{word}s?" for word, base in COUNT_UNITS.items() if base is unit)
    for unit in (Unit.SHELLS, Unit.CONTAINERS)
)
MASS_PATTERN = _one_of(MASS_UNITS)
DURATION_PATTERN = _one_of(
    f"{word}s?" if len(word) > 1 else word for word in [*DAYS_PER_UNIT, *PARTS_PER_DAY]
)
_OFFSET_PATTERN = f" *[+-] *{NUMBER_PATTERN} *{DURATION_PATTERN}"
#: A date, an event, or a duration before or after an event.
DAY_PATTERN = f"(?:{DATE_PATTERN}|[A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9_-]*(?:{_OFFSET_PATTERN})?)"
UNIT_PATTERNS = {
    Unit.NUMBER: "",
    Unit.SHARE: " *%",
    Unit.SHELLS: f" *{SHELLS_PATTERN}",
    Unit.CONTAINERS: f" *{CONTAINERS_PATTERN}",
    Unit.KILOGRAMS: f" *{MASS_PATTERN}",
    Unit.KILOGRAMS_A_DAY: f" *{MASS_PATTERN} */ *{DURATION_PATTERN}",
    Unit.DAYS: f" *{DURATION_PATTERN}",
    Unit.NUMBER_A_DAY: f" */ *{DURATION_PATTERN}",
    Unit.SHELLS_A_DAY: f" *{SHELLS_PATTERN} */ *{DURATION_PATTERN}",
    Unit.MONEY: " *(?:[A-Z]{3}|money)",
    Unit.MONEY_A_DAY: f" *(?:[A-Z]{{3}}|money) */ *{DURATION_PATTERN}",
    Unit.CONTAINERS_A_DAY: f" *{CONTAINERS_PATTERN} */ *{DURATION_PATTERN}",
}


def text_pattern(dimension: Dimension) -> str:
    """Return the regular expression for a number of `dimension` as text."""
    sign = "-?" if dimension.floor < 0 else ""
    units = "|".join(UNIT_PATTERNS[unit] for unit in dimension.units)
    forms = [f"{sign}{NUMBER_PATTERN}(?:{units})"] if units or Unit.NUMBER in dimension.units else []
    if dimension.has_dates:
        forms.append(DAY_PATTERN)
    if dimension.has_unknown:
        forms.append(UNKNOWN)
    return f"^ *(?:{'|'.join(forms)}) *$"


def scalar_schema(dimension: Dimension) -> dict[str, Any]:
    """Return the JSON Schema of one number: text, or a plain number if no unit is needed."""
    made: dict[str, Any] = {
        "description": f"{dimension.name}: {dimension.allowed}",
        "type": "string",
        "pattern": text_pattern(dimension),
    }
    if Unit.NUMBER in dimension.units:
        made["type"] = ["string", "number"]
        made["minimum"] = dimension.floor
        if math.isfinite(dimension.ceiling):
            made["maximum"] = dimension.ceiling
    return made
