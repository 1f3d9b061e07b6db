"""Durations of loading, travel and unloading, and lead times: fixed or drawn each time (rules 1 and 6)."""

from __future__ import annotations

from sim.formulas import to_seconds
from sim.model.streams import UniformStream
from sim.scenario.quantity import Quantity

# Drawing in blocks is faster than one by one, and a small block wastes few draws.
_DRAWS_PER_BLOCK = 16


class VoyageDuration:
    """One duration (loading, travel or unloading) of the voyages of a leg, or the lead time of lots.

    Parameters
    ----------
    quantity : Quantity
    stream : UniformStream or None
        None where the duration is fixed.
    least : int
        Lower bound, in seconds.
    """

    __slots__ = ("_drawn", "_fixed", "_inverse", "_least", "_stream")

    def __init__(self, quantity: Quantity, stream: UniformStream | None, least: int = 0) -> None:
        self._inverse = quantity.at if quantity.law is None else quantity.law.inverse
        self._stream = stream
        self._least = least
        self._fixed = max(least, to_seconds(quantity.value))
        self._drawn: list[int] = []

    def of(self, voyage: int) -> int:
        """Return the duration of a voyage, or the lead time of a lot, in seconds."""
        if self._stream is None:
            return self._fixed
        drawn = self._drawn
        while voyage >= len(drawn):
            self._draw(self._stream)
        return drawn[voyage]

    def _draw(self, stream: UniformStream) -> None:
        first, least, inverse = len(self._drawn), self._least, self._inverse
        drawn = [to_seconds(inverse(u)) for u in stream.span(first, first + _DRAWS_PER_BLOCK)]
        self._drawn += [max(least, duration) for duration in drawn]
