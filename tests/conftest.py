"""Fixtures that several test modules share, and what holds for all tests."""

from __future__ import annotations

import gc

import pytest

from sim.cli.entry import GC_THRESHOLD
from tests.support.browser import browser, open_page
from tests.support.file_order import costly_files_first
from tests.support.scenario_builder import ScenarioBuilder

__all__ = ["browser", "desk", "open_page"]


@pytest.fixture(scope="session")
def desk() -> ScenarioBuilder:
    """Return the builder of small scenarios."""
    return ScenarioBuilder()


def pytest_configure() -> None:
    """Collect garbage as seldom as the command does; imports and hypothesis make millions of objects."""
    gc.set_threshold(GC_THRESHOLD)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out of the measurement of coverage, and give costly files to parallel workers first.

    Coverage doubles the time of slow tests and finds no further statement by them.
    """
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker("no_cover")
    if hasattr(config, "workerinput"):
        costly_files_first(items)


def pytest_collection_finish() -> None:
    """Keep what stays until the end out of all later collections of garbage."""
    gc.collect()
    gc.freeze()
