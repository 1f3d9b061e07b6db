"""What makes a point the same point: its scenario, seed, runs and values, and the code that works it out."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.source_digest import package_version, source_digest
from sim.study.point_space import PointSpace

#: Bytes of a key: two points of one key are as good as impossible.
KEY_LENGTH = 16
Keys = NDArray[np.bytes_]

_PACKAGES = ("munitions-sim", "numpy", "numba", "llvmlite")


@cache
def engine_versions() -> dict[str, str]:
    """Return the versions that a figure of a sweep depends on; Python's is major and minor."""
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    return found | {package: package_version(package) for package in _PACKAGES}


def engine_digest() -> str:
    """Return a digest of source and versions; where it is another, figures may be others."""
    versions = "".join(f"{name} {number}\n" for name, number in sorted(engine_versions().items()))
    return hashlib.sha256(f"{versions}{source_digest()}".encode()).hexdigest()


class PointKeys:
    """Gives the points of a study their keys.

    Parameters
    ----------
    space : Space
    runs, seed : int
    """

    def __init__(self, space: PointSpace, runs: int, seed: int) -> None:
        self.space = space
        self.begun = [
            hashlib.sha256(f"{engine_digest()}\n{seed}\n{runs}\n{world.scenario.account_digest()}\n".encode())
            for world in space.scenarios
        ]

    def key(self, point: int) -> bytes:
        """Return the key of a point."""
        which, values = self.space.texts(point)
        found = self.begun[which].copy()
        found.update("\n".join(values).encode("utf-8", "backslashreplace"))
        return found.digest()[:KEY_LENGTH]

    def keys(self, points: Sequence[int]) -> Keys:
        """Return the keys of some points."""
        return np.array([self.key(point) for point in points], dtype=f"S{KEY_LENGTH}")
