"""What happens to the world, compiled: events and outages as windows, and what they make of each day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import stand_apart
from sim.ensemble.draws import AT_A_TIME, occurrences, seconds
from sim.ensemble.jit import making
from sim.ensemble.lowered import Happens, Laws, Records
from sim.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHORTEST_GAP = 3600


@making
def windows(
    laws: Laws, happenings: Records, days: int, seed: np.uint64, runs: NDArray[np.uint64], values: Floats
) -> tuple[Ints, Ints, Ints, Floats]:
    """Return the windows of every happening in every run of a block.

    Returns
    -------
    first : array, shape (happenings * runs + 1,)
        Where the windows of happening h in run r begin: at ``h * runs + r``.
    begin, end : array
        Seconds; the end is exclusive.
    strength : array
        A factor, a share, or a number of shells.
    """
    stand_apart()
    count = len(runs)
    first = np.zeros(len(happenings) * count + 1, dtype=np.int64)
    begin, end = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int64)
    strength = np.empty(64)
    drawn = np.empty((4, AT_A_TIME))
    horizon = days * SECONDS_PER_DAY
    found = 0
    for h in range(len(happenings)):
        happening = happenings[h]
        for r in range(count):
            number, over = 0, np.int64(0)
            while True:
                if found == len(begin):
                    begin, end = _longer_ints(begin), _longer_ints(end)
                    strength = _longer(strength)
                if happening.every < 0:
                    begin[found], end[found] = happening.begin, happening.end
                    strength[found] = values[happening.strength, r]
                    found += 1
                    break
                place = number % AT_A_TIME
                if place == 0:
                    quantities = happening.every, happening.last, happening.strength
                    for k in range(3):
                        if quantities[k] >= 0:
                            occurrences(laws, quantities[k], seed, runs[r], number, drawn[k], drawn[3])
                start = over + max(SHORTEST_GAP, seconds(drawn[0, place]))
                if start >= horizon:
                    break
                over = start + seconds(drawn[1, place]) if happening.last >= 0 else start
                begin[found], end[found], strength[found] = start, over, drawn[2, place]
                found += 1
                number += 1
            first[h * count + r + 1] = found
    return first, begin[:found], end[:found], strength[:found]


@making
def factors_of(
    happens: Happens, days: int, count: int, first: Ints, begin: Ints, end: Ints, strength: Floats
) -> Floats:
    """Return the product of what multiplies and of what stops leave, shape (factors, days, runs)."""
    stand_apart()
    factors = len(happens.factor_first) - 1
    product = np.ones((factors, days, count))
    for f in range(factors):
        for a in range(happens.factor_first[f], happens.factor_first[f + 1]):
            for r in range(count):
                at = happens.acting[a] * count + r
                for w in range(first[at], first[at + 1]):
                    kept = 1.0 - strength[w] if happens.acting_stops[a] else strength[w]
                    opens = max(0, -(-begin[w] // SECONDS_PER_DAY))
                    for day in range(opens, min(days, -(-end[w] // SECONDS_PER_DAY))):
                        product[f, day, r] *= kept
    return product


@making
def _longer(values: Floats) -> Floats:
    longer = np.empty(2 * len(values))
    for i in range(len(values)):
        longer[i] = values[i]
    return longer


@making
def _longer_ints(values: Ints) -> Ints:
    longer = np.empty(2 * len(values), dtype=np.int64)
    for i in range(len(values)):
        longer[i] = values[i]
    return longer
