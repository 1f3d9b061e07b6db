"""A few of the scenarios with extreme numbers that `benchmarks/extremes.py` runs by the thousand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.extreme_numbers import bases, extreme

CAMPAIGN = Path(__file__).parent.parent / "benchmarks" / "extremes.py"
CASES = 60


def test_a_case_is_the_same_each_time_and_no_two_are_alike() -> None:
    assert extreme(7) == extreme(7)
    assert len({repr(extreme(case)) for case in range(CASES)}) == CASES
    # Shipped files, one scenario for each feature, and mixtures: all of them are bases.
    assert len(bases()) >= 19 + 10 + 30 + 30


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory and processor time are read from /proc")
def test_extreme_numbers_end_alike_in_both_engines() -> None:
    """In processes of their own, since a fault may end one; time is not tested here."""
    # From a case on after which some runs fail, so that reasons are compared too.
    command = [sys.executable, str(CAMPAIGN), "--first", "60", "--cases", str(CASES), "--seconds", "600"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{CASES} cases" in done.stdout
    assert "'ran'" in done.stdout
    assert "'failed'" in done.stdout
