"""JSON on standard output."""

from __future__ import annotations

import json
import sys


def print_json(data: object) -> None:
    """Print data as JSON, indented by two, keys in their order."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
