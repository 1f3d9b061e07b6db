"""What a number of a dimension looks like as written, as JSON Schema: for editors.

A text that `Dimension.read` takes always matches; a few that it refuses, such as 0 where there must be
something, match too.
"""

from __future__ import annotations

import math
from typing import Any

from sim.scenario.dimension import Dimension
from sim.units import DAYS, PARTS_OF_A_DAY, Unit

NUMBER = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?(?: ?(?:k|M|bn)(?![A-Za-z]))?"
DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
SHELLS = "(?:shells?|rounds?)"
CONTAINERS = "containers?"
MASSES = "(?:kg|t|kt)"
DURATIONS = (
    "(?:" + "|".join(f"{word}s?" if len(word) > 1 else word for word in [*DAYS, *PARTS_OF_A_DAY]) + ")"
)
WRITTEN = {
    Unit.NUMBER: "",
    Unit.SHARE: " *%",
    Unit.SHELLS: f" *{SHELLS}",
    Unit.CONTAINERS: f" *{CONTAINERS}",
    Unit.KILOGRAMS: f" *{MASSES}",
    Unit.KILOGRAMS_A_DAY: f" *{MASSES} */ *{DURATIONS}",
    Unit.DAYS: f" *{DURATIONS}",
    Unit.NUMBER_A_DAY: f" */ *{DURATIONS}",
    Unit.SHELLS_A_DAY: f" *{SHELLS} */ *{DURATIONS}",
    Unit.CONTAINERS_A_DAY: f" *{CONTAINERS} */ *{DURATIONS}",
}


def text_pattern(dimension: Dimension) -> str:
    """Return the regular expression of a number of `dimension` as text."""
    sign = "-?" if dimension.floor < 0 else ""
    units = "|".join(WRITTEN[unit] for unit in dimension.units)
    forms = [f"{sign}{NUMBER}(?:{units})"]
    if dimension.dates:
        forms.append(DATE)
    return f"^ *(?:{'|'.join(forms)}) *$"


def scalar_schema(dimension: Dimension) -> dict[str, Any]:
    """Return the JSON Schema of one number: a text, or a plain number where it needs no unit."""
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
