"""Order in which files of tests go to parallel workers."""

from __future__ import annotations

from collections import Counter

import pytest


def costly_files_first(items: list[pytest.Item]) -> None:
    """Sort tests in place: files with slow tests first, then by the number of tests; files stay together.

    A worker takes whole files. With the costly ones first, all workers end at about the same time.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    number = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in slow, -number[item.path], item.path))
