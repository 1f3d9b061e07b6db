"""Versions and systems on which the native path was tested; the only place that defines them.

The native path uses private modules of numba and llvmlite. Outside these ranges, kernels are compiled with
plain `numba.njit`. To widen a range, run the tests with the new version first.
"""

from __future__ import annotations

import platform
import re
import sys
from typing import NamedTuple

from sim.source_digest import package_version


class Tested(NamedTuple):
    """Lowest and highest minor version tested.

    Attributes
    ----------
    low, high : tuple of (int, int)
    """

    low: tuple[int, int]
    high: tuple[int, int]


TESTED = {"numba": Tested((0, 62), (0, 68)), "llvmlite": Tested((0, 45), (0, 50))}
#: Systems as `sys.platform` and `platform.machine` name them.
TESTED_SYSTEMS = (("linux", "x86_64"),)
_MINOR = re.compile(r"(\d+)\.(\d+)")


def untested() -> str:
    """Return the first version or system outside the tested ones; empty if all are tested."""
    for package, tested in TESTED.items():
        found = package_version(package)
        known = _MINOR.match(found)
        if known is None:
            return f"{package} is {found}"
        if not tested.low <= (int(known[1]), int(known[2])) <= tested.high:
            low, high = (f"{major}.{minor}" for major, minor in tested)
            return f"{package} {found} is outside the tested versions, {low} to {high}"
    system = sys.platform, platform.machine()
    if system not in TESTED_SYSTEMS:
        return f"it was not tested on {system[0]} {system[1]}"
    return ""
