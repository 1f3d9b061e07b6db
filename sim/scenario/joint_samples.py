"""Joint samples: what some once-a-run inputs are in run after run, taken together from a table (rule 6)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.errors import Where
from sim.units import Unit

BYTES_PER_NUMBER = 8


@dataclass(frozen=True, slots=True)
class JointSamples:
    """A table of joint samples; run k takes row k mod n.

    Attributes
    ----------
    name : str
        The file, as seen from the scenario's own.
    digest : str
        SHA-256 of the file in hexadecimal.
    paths : tuple of str
        The columns, in order of the alphabet.
    units : tuple of Unit
        Of each column, as of the number in the scenario.
    dated : tuple of bool
        Whether the column gives dates, and not days from the start.
    places : tuple of Where
        Where the header names each column.
    data : bytes
        The values row by row, as little-endian 64-bit floats: numbers in base units, dates in days from the
        start, as in ``outcomes.csv``.
    """

    name: str
    digest: str
    paths: tuple[str, ...]
    units: tuple[Unit, ...]
    is_date: tuple[bool, ...]
    positions: tuple[Where, ...]
    data: bytes

    def __len__(self) -> int:
        """Return the number of rows, n."""
        return len(self.data) // (BYTES_PER_NUMBER * len(self.paths))

    def __contains__(self, path: object) -> bool:
        return path in self.paths

    def row(self, run: int) -> dict[str, float]:
        """Return the values of a run by path."""
        width = len(self.paths)
        begin = run % len(self) * width * BYTES_PER_NUMBER
        return dict(zip(self.paths, struct.unpack_from(f"<{width}d", self.data, begin), strict=True))

    def column(self, path: str) -> tuple[float, ...]:
        """Return the values of a path, one a row."""
        return self._values()[self.paths.index(path) :: len(self.paths)]

    def median(self, path: str) -> float:
        """Return the median of a column, inverted CDF (rule 32)."""
        ordered = sorted(self.column(path))
        return ordered[(len(ordered) - 1) // 2]

    def shifted(self, days: int) -> JointSamples:
        """Return the same samples for a start that is so many days later: dates stay where they are."""
        if not days or not any(self.is_date):
            return self
        values = [
            value - days if dated else value
            for value, dated in zip(self._values(), self.is_date * len(self), strict=True)
        ]
        return replace(self, data=encode_values(values))

    def _values(self) -> tuple[float, ...]:
        return struct.unpack(f"<{len(self) * len(self.paths)}d", self.data)


def encode_values(values: Sequence[float]) -> bytes:
    """Return numbers as `JointSamples` keeps them."""
    return struct.pack(f"<{len(values)}d", *values)
