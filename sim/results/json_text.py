"""Plain data as JSON text: the same bytes everywhere, and never a NaN."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def json_bytes(data: Mapping[str, Any]) -> bytes:
    """Return the data as UTF-8 JSON, indented by two, keys in their order.

    Raises
    ------
    ValueError
        Where a number is not finite.
    """
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    # A lone surrogate has no UTF-8; its backslash form is just what JSON writes for it.
    return text.encode("utf-8", "backslashreplace")


def parse_json(data: bytes) -> dict[str, Any]:
    """Return the map that a JSON file holds.

    Raises
    ------
    ValueError
        Where the bytes are not UTF-8, not JSON, or no map.
    """
    try:
        found = json.loads(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(found, dict):
        raise ValueError("not a map")  # noqa: TRY004 - a fault of the file, as the other two
    return found
