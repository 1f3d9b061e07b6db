"""Cache keys of points: a hash of scenario, values, seed, number of runs, code and versions."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.source_digest import package_version, source_digest
from sim.study.point_space import PointSpace

#: Bytes of a key; collisions are negligible.
KEY_LENGTH = 16
Keys = NDArray[np.bytes_]

_PACKAGES = ("munitions-sim", "numpy", "numba", "llvmlite")


@cache
def engine_versions() -> dict[str, str]:
    """Return the versions that results depend on; for Python, major and minor only."""
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    return found | {package: package_version(package) for package in _PACKAGES}


def engine_digest() -> str:
    """Return the digest of source code and versions; results are reused only if it is equal."""
    versions = "".join(f"{name} {number}\n" for name, number in sorted(engine_versions().items()))
    return hashlib.sha256(f"{versions}{source_digest()}".encode()).hexdigest()


class PointKeys:
    """Computes the keys of the points of a study."""

    def __init__(self, space: PointSpace, runs: int, seed: int) -> None:
        self.space = space
        self._hashes = [
            hashlib.sha256(f"{engine_digest()}\n{seed}\n{runs}\n{entry.scenario.account_digest()}\n".encode())
            for entry in space.scenarios
        ]

    def key(self, point: int) -> bytes:
        """Return the key of a point."""
        which, values = self.space.texts(point)
        found = self._hashes[which].copy()
        found.update("\n".join(values).encode("utf-8", "backslashreplace"))
        return found.digest()[:KEY_LENGTH]

    def keys(self, points: Sequence[int]) -> Keys:
        """Return the keys of points."""
        return np.array([self.key(point) for point in points], dtype=f"S{KEY_LENGTH}")
