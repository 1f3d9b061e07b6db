"""Fixtures that several test modules share."""

from __future__ import annotations

import pytest

from tests.support.browser import browser, open_page
from tests.support.scenario_builder import ScenarioBuilder

__all__ = ["browser", "desk", "open_page"]


@pytest.fixture(scope="session")
def desk() -> ScenarioBuilder:
    """Return the builder of small scenarios."""
    return ScenarioBuilder()
