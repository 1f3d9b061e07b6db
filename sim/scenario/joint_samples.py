"""Joint samples: values of several once-a-run inputs, one table row per run (rule 6)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.errors import Where
from sim.units import Unit

BYTES_PER_NUMBER = 8


@dataclass(frozen=True, slots=True)
class JointSamples:
    """A table of joint samples; run k takes row k mod n."""

    #: Name of the file, relative to the scenario file.
    name: str
    #: SHA-256 of the file in hexadecimal.
    digest: str
    #: Columns, in alphabetical order.
    paths: tuple[str, ...]
    #: Unit of each column, that of the number in the scenario.
    units: tuple[Unit, ...]
    #: Whether each column contains dates rather than days from the start.
    is_date: tuple[bool, ...]
    #: Position of each column in the header.
    positions: tuple[Where, ...]
    #: Values in row-major order, as little-endian 64-bit floats: numbers in base units, dates in days from
    #: the start, as in ``outcomes.csv``.
    data: bytes

    def __len__(self) -> int:
        """Return the number of rows, n."""
        return len(self.data) // (BYTES_PER_NUMBER * len(self.paths))

    def __contains__(self, path: object) -> bool:
        return path in self.paths

    def row(self, run: int) -> dict[str, float]:
        """Return the values for a run, by path."""
        width = len(self.paths)
        begin = run % len(self) * width * BYTES_PER_NUMBER
        return dict(zip(self.paths, struct.unpack_from(f"<{width}d", self.data, begin), strict=True))

    def column(self, path: str) -> tuple[float, ...]:
        """Return the values of a path, one per row."""
        return self._values()[self.paths.index(path) :: len(self.paths)]

    def median(self, path: str) -> float:
        """Return the median of a column, inverted CDF (rule 32)."""
        ordered = sorted(self.column(path))
        return ordered[(len(ordered) - 1) // 2]

    def shifted(self, days: int) -> JointSamples:
        """Return the samples for a start `days` later; calendar dates do not move."""
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
    """Encode values as little-endian 64-bit floats."""
    return struct.pack(f"<{len(values)}d", *values)
