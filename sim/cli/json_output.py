"""JSON on standard output."""

from __future__ import annotations

import sys
from typing import Any

from sim.results.json_text import json_bytes


def print_json(data: Any) -> None:
    """Print data as JSON, indented by two, keys in their order."""
    sys.stdout.write(json_bytes(data).decode())
