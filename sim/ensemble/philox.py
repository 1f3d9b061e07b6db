"""Philox4x64-10 counter-based random number generator, compiled; numpy's `Philox` (rule 4).

The key and counter of a word are (seed, stream, run, occurrence). Tests compare every bit with numpy.
Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.native.kernels import device_function, mul_high, noinline

_MULTIPLIERS = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_KEY_INCREMENTS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_ROUNDS = 10
_DROPPED_BITS = np.uint64(12)
_ONE = np.uint64(1)
_SPACING = 2.0**-52


@device_function
def uniforms(seed: np.uint64, stream: np.uint64, run: np.uint64, step: int, u: NDArray[np.float64]) -> None:
    """Fill `u`, of a length that is a multiple of 4, with uniforms from occurrence 4 `step` on."""
    noinline()
    for block in range(len(u) // 4):
        # numpy increments the counter before it draws.
        c0, c1, c2, c3 = np.uint64(step + block) + _ONE, run, np.uint64(0), np.uint64(0)
        k0, k1 = seed, stream
        for _ in range(_ROUNDS):
            high0, low0 = mul_high(_MULTIPLIERS[0], c0), _MULTIPLIERS[0] * c0
            high1, low1 = mul_high(_MULTIPLIERS[1], c2), _MULTIPLIERS[1] * c2
            c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
            k0 += _KEY_INCREMENTS[0]
            k1 += _KEY_INCREMENTS[1]
        first = 4 * block
        u[first] = _uniform(c0)
        u[first + 1] = _uniform(c1)
        u[first + 2] = _uniform(c2)
        u[first + 3] = _uniform(c3)


@device_function
def _uniform(word: np.uint64) -> float:
    return (np.int64(word >> _DROPPED_BITS) + 0.5) * _SPACING
