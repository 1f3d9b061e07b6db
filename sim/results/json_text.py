"""Write and read plain data as deterministic JSON without NaN."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def json_bytes(data: Mapping[str, Any]) -> bytes:
    """Return the data as UTF-8 JSON, indented by two, keys in their order.

    Raise `ValueError` if a number is not finite.
    """
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    # A lone surrogate has no UTF-8 encoding; its backslash escape is valid JSON.
    return text.encode("utf-8", "backslashreplace")


def parse_json(data: bytes) -> dict[str, Any]:
    """Parse a JSON file that holds an object.

    Raise `ValueError` if the bytes are not UTF-8, not JSON, or not an object.
    """
    try:
        found = json.loads(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(found, dict):
        raise ValueError("not a map")  # noqa: TRY004 - a fault of the file, as the other two
    return found
