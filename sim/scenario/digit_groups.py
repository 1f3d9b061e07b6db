"""Numbers with a comma inside, which YAML splits in a flow collection.

``{rate: 10,000/day}`` is a map with the keys ``rate`` and ``000/day``, and ``{rate: 2,5M/year}`` one with
``5M/year``. The reader joins the pieces again, so that the number is one error, at one place.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sim.scenario.yaml_nodes import Node, TextNode
from sim.units import CURRENCY_SIGNS

#: The sign or the letters of a currency before an amount are an error of their own.
_CURRENCY = rf"(?:(?:{'|'.join(map(re.escape, CURRENCY_SIGNS))}|[A-Z]{{3}}) ?)?"
_FIRST_DIGITS = re.compile(rf"{_CURRENCY}-?[0-9]+(?:,[0-9]+)*")
_NEXT_KEY = re.compile(r"[0-9].*", re.DOTALL)
#: In a list, 1,200 may be two items; 10,000/day may not, since no number begins with 0.
_NEXT_ITEM = re.compile(r"0[0-9]{2}(?![0-9]).*", re.DOTALL)


def join_key(value: Node, gap: int, key: TextNode, value_of_key: Node) -> TextNode | None:
    """Return a value joined with the key after it, or None if they are not one number.

    Parameters
    ----------
    value : Node
        Value before the key.
    gap : int
        Characters between the value and the key.
    key : TextNode
    value_of_key : Node
        A key that YAML makes of digits after a comma has no value.
    """
    is_bare = isinstance(value_of_key, TextNode) and value_of_key.is_plain and not value_of_key.text
    return _join(value, gap, key, _NEXT_KEY) if is_bare else None


def join_item(item: Node, gap: int, after: Node) -> TextNode | None:
    """Return an item of a list joined with the item after it, or None if they are not one number."""
    return _join(item, gap, after, _NEXT_ITEM)


def _join(first: Node, gap: int, second: Node, pattern: re.Pattern[str]) -> TextNode | None:
    if gap != 1 or not isinstance(first, TextNode) or not isinstance(second, TextNode):
        return None
    is_number = _FIRST_DIGITS.fullmatch(first.text) and pattern.fullmatch(second.text)
    if not (is_number and first.is_plain and second.is_plain):
        return None
    return replace(first, text=f"{first.text},{second.text}")
