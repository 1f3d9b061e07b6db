"""What several tests share. Tests are no package, so the builders of scenarios come in as a fixture."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from scenarios import Desk

BUILDERS = "scenarios_of_tests"


@pytest.fixture(scope="session")
def desk() -> Desk:
    """Return the builders of `scenarios.py`, which stands beside this file."""
    if BUILDERS not in sys.modules:
        spec = importlib.util.spec_from_file_location(BUILDERS, Path(__file__).with_name("scenarios.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[BUILDERS] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[BUILDERS])
    made: Desk = sys.modules[BUILDERS].Desk()
    return made
