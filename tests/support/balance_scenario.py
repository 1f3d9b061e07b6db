"""A scenario whose account is linear: one depot that fires without rationing, output, and arrivals."""

from __future__ import annotations

from typing import Any

from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario

DAYS = 30


def balance_scenario(**changes: Any) -> Scenario:
    """Return thirty days of five uncertain inputs, each normal with a standard deviation of a tenth."""
    plain = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-01-31",
        "depots": {"front": {"stock": {"mean": "100k", "sd": "10k"}}},
        "production": {"line": {"to": "front", "rate": {"mean": "2k/day", "sd": "200/day"}}},
        "shipments": {
            "ally": {"to": "front", "offered": {"mean": "1k/day", "sd": "100/day"}, "lead_time": "1 day"}
        },
        "consumption": {"fire": {"at": "front", "rate": {"mean": "4k/day", "sd": "400/day"}}},
    }
    return load_plain(plain | changes, None)
