"""Worker processes that are ended while they work, at any moment."""

from __future__ import annotations

import threading
import time
from contextlib import closing

import pytest

from sim.study.processes import Processes


def test_what_was_given_a_moment_before_the_end_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)
    for _ in range(3):
        with closing(Processes(2)) as pool:
            assert [pool.submit(abs, -k).result() for k in range(3)] == [0, 1, 2]
            for _ in range(3):
                pool.submit(time.sleep, 60)
    assert faults == []
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("giver")]


def test_nothing_given_is_nothing_to_end() -> None:
    Processes(2).close()
