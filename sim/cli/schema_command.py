"""``sim schema``: print the JSON Schema of the scenario file."""

from __future__ import annotations

import sys


def run() -> None:
    """Print the schema."""
    from sim.scenario.schema import scenario_schema

    sys.stdout.write(scenario_schema())
