"""What makes a point the same point: its scenario, seed, runs and values, and the code that works it out."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.study.space import Space

#: Bytes of a key: two points of one key are as good as impossible.
LENGTH = 16
Keys = NDArray[np.bytes_]

_ROOMS = ("scenario", "ensemble")
_FILES = ("account.py", "units.py", "simulate.py", "study/answers.py", "study/points.py", "study/swept.py")
_PACKAGES = ("munitions-sim", "numpy", "numba", "llvmlite")


@cache
def code_digest() -> str:
    """Return a digest of all code of this package that a figure of a sweep depends on."""
    home = Path(__file__).parent.parent
    found = hashlib.sha256()
    for path in (
        *(path for room in _ROOMS for path in sorted((home / room).glob("*.py"))),
        *map(home.joinpath, _FILES),
    ):
        found.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


@cache
def engine_versions() -> dict[str, str]:
    """Return the versions that a figure of a sweep depends on; Python's is major and minor."""
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def engine_digest() -> str:
    """Return a digest of code and versions; where it is another, figures may be others."""
    told = "".join(f"{name} {number}\n" for name, number in sorted(engine_versions().items()))
    return hashlib.sha256(f"{told}{code_digest()}".encode()).hexdigest()


class Identity:
    """Gives the points of a study their keys.

    Parameters
    ----------
    space : Space
    runs, seed : int
    """

    def __init__(self, space: Space, runs: int, seed: int) -> None:
        self.space = space
        self.begun = [
            hashlib.sha256(f"{engine_digest()}\n{seed}\n{runs}\n{world.scenario.account_digest()}\n".encode())
            for world in space.worlds
        ]

    def key(self, point: int) -> bytes:
        """Return the key of a point."""
        which, values = self.space.texts(point)
        found = self.begun[which].copy()
        found.update("\n".join(values).encode("utf-8", "backslashreplace"))
        return found.digest()[:LENGTH]

    def keys(self, points: Sequence[int]) -> Keys:
        """Return the keys of some points."""
        return np.array([self.key(point) for point in points], dtype=f"S{LENGTH}")
