"""The versions and systems on which the native path was tested: the one place that decides on it.

The native path uses modules of numba and llvmlite that are not public. Outside these ranges kernels run
through plain `numba.njit`, which is public, until somebody has run the tests there and widens the ranges
here.
"""

from __future__ import annotations

import platform
import re
import sys
from typing import NamedTuple

from sim.source_digest import package_version


class Tested(NamedTuple):
    """The lowest and the highest minor version that was tested.

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
    """Return what of this installation is outside the tested versions and systems; empty where nothing is."""
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
