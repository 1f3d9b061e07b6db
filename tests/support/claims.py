"""Claims of sentences that a reader of studies checks, and numbers as sentences write them.

It imports nothing of the package.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.sentence_grammar import value_of

#: Names of the settings of a path.
_PHRASES = {
    ("production", "rate"): "Output",
    ("consumption", "rate"): "Required rate",
    ("consumption", "daily_variation"): "Daily variation",
    ("consumption", "rationing.rule"): "Rationing rule",
    ("depots", "stock"): "Opening stock",
    ("shipments", "lead_time"): "Lead time",
    ("orders", "order_up_to"): "Order-up-to level",
    ("orders", "unit_cost"): "Unit cost",
    ("shipments", "offered"): "Cargo offered",
    ("shipments", "first"): "Start of loading",
    ("shipments", "shells_per_container"): "Shells per container",
}


def name_of_path(words: Mapping[str, Any], path: str) -> str:
    """Return the name of a path for readers, by the labels of a scenario."""
    if path == "scenario":
        return "Scenario"
    section, key, setting, *rest = path.split(".")
    own = key if section in {"consumption", "orders"} else f"{key[0].upper()}{key[1:]}"
    label = words.get("labels", {}).get(f"{section}.{key}")
    phrase = _PHRASES[section, ".".join([setting, *rest])]
    if section == "depots":
        return f"{phrase} {'of' if label else 'at'} {label or own}"
    return f"{phrase}, {label or own}"


@dataclass
class Claims:
    """A reader's results for the sentences of one study: see `Reading`."""

    failures: list[str] = field(default_factory=list)
    sentences: int = 0
    claims: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    current: str = ""

    def begin(self, kind: str, text: str) -> None:
        """Count a sentence, which the next claims are about."""
        self.sentences += 1
        self.kinds[kind] += 1
        self.current = text

    def claim(self, what: str, *, holds: bool) -> None:
        """Count a claim, and report it unless it holds."""
        self.claims += 1
        if not holds:
            self.failures.append(f"{self.current!r}: {what}")

    def number(self, what: str, text: str, value: float, digits: int = 3) -> None:
        """Check a number as written against a value, rounded to significant digits."""
        self.claim(f"{what} is {value:.10g}, not {text}", holds=is_rounded(text, value, digits))

    def count(self, what: str, text: str, value: float) -> None:
        """Check a number of things: three digits, or a whole number below a thousand; two digits below 10."""
        is_whole = text.isdigit() and abs(value_of(text) - value) <= 0.5
        is_near = is_rounded(text, value, 1 if 0.0 < value <= 0.5 else 2 if value < 9.95 else 3)
        self.claim(f"{what} is {value:.10g}, not {text}", holds=is_whole or is_near)

    def add(self, other: Claims) -> None:
        """Add the results of other sentences."""
        self.sentences += other.sentences
        self.claims += other.claims
        self.kinds += other.kinds
        self.failures += other.failures

    def unread(self) -> None:
        """Report a sentence of no rule."""
        self.claim("no rule of the grammar reads this", holds=False)


def is_rounded(text: str, value: float, digits: int) -> bool:
    """Return whether a number as written is a value rounded to significant digits; 0 is exact."""
    shown = value_of(text)
    if shown == 0.0 or value == 0.0:
        return shown == 0.0 and abs(value) < 1e-9
    place = 10.0 ** (math.floor(math.log10(abs(shown))) - digits + 1)
    return abs(shown - value) <= place / 2 * (1 + 1e-6)
