"""A few of the scenarios with extreme numbers that `benchmarks/extremes.py` runs by the thousand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.extreme_numbers import bases, extreme

CAMPAIGN = Path(__file__).parent.parent / "benchmarks" / "extremes.py"
#: First case and number of cases: of those from 60 on some fail, so that reasons are compared too.
CASES = [(60, 40), pytest.param(100, 60, marks=pytest.mark.campaign)]


def test_a_case_is_the_same_each_time_and_no_two_are_alike() -> None:
    assert extreme(7) == extreme(7)
    assert len({repr(extreme(case)) for case in range(60)}) == 60
    # Shipped files, one scenario for each feature, and mixtures: all of them are bases.
    assert len(bases()) >= 19 + 10 + 30 + 30


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory and processor time are read from /proc")
@pytest.mark.parametrize(("first", "cases"), CASES)
def test_extreme_numbers_end_alike_in_both_engines(first: int, cases: int) -> None:
    """In a process of their own, since a fault may end it; time is not tested here."""
    options = {"--first": first, "--cases": cases, "--seconds": 600, "--workers": 1}
    words = [str(word) for option in options.items() for word in option]
    command = [sys.executable, str(CAMPAIGN), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{cases} cases" in done.stdout
    assert "'ran'" in done.stdout
    assert "'failed'" in done.stdout
