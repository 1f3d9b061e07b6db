"""Hypothesis strategies for numbers of a scenario file: plain, with a note, or as any distribution.

Numbers are small and round, so that ships meet in the same second, and stocks and reserves run out within a
few weeks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Plain = dict[str, Any]
#: Empty in each run of the tests; ``campaign`` for `make campaign`, or ``thorough``.
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "")
SEEDS = st.integers(0, 2**64 - 1)
RUNS = st.integers(0, 5000)


def example_settings(usual: int = 100, thorough: int = 10_000, campaign: int | None = None) -> settings:
    """Return the settings of a property: in each run of the tests the same examples, else more and random.

    ``HYPOTHESIS_PROFILE=campaign`` runs five times as many as usual, unless `campaign` gives their number.
    """
    examples = {"campaign": campaign or min(5 * usual, thorough), "thorough": thorough}
    return settings(
        max_examples=examples.get(PROFILE, usual),
        deadline=None,
        derandomize=not PROFILE,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


Shape = Callable[[Callable[[int], str], int, int, int], Any]
FIXED: tuple[Shape, ...] = (
    lambda text, a, _b, _c: text(a),
    lambda text, _a, b, _c: text(b),
    lambda text, _a, _b, c: text(c),
    lambda text, _a, b, _c: {"value": text(b), "note": "as published"},
)
BOUNDED: tuple[Shape, ...] = (
    lambda text, a, _b, c: {"low": text(a), "high": text(c)},
    lambda text, a, b, c: {"low": text(a), "mode": text(b), "high": text(c)},
    lambda text, a, b, c: {"choices": [text(b), text(c), text(a)]},
    lambda text, a, _b, c: {"value": {"choices": {text(c): 1, **({text(a): 2.5} if a != c else {})}}},
)
UNBOUNDED: tuple[Shape, ...] = (
    lambda text, a, b, _c: {"mean": text(b), "sd": text(a)},
    lambda text, _a, b, _c: {"mean": text(max(1, b)), "cv": 0.5},
    lambda text, _a, b, c: {"median": text(max(1, b)), "p95": text(max(1, c))},
    lambda text, _a, b, _c: {"exponential": text(max(1, b))},
)
#: Bounded shapes, and all shapes; half of the numbers are fixed.
BOTH = (*FIXED, *FIXED, *BOUNDED)
ALL = (*FIXED, *FIXED, *BOUNDED, *UNBOUNDED)
LEVELS = 24


# Cached, since building a strategy is slow; one large integer is faster to draw than four small ones.
@cache
def number(low: int, high: int, unit: str, shapes: tuple[Shape, ...] = ALL) -> SearchStrategy[Any]:
    """Return numbers of about `low` to `high` in one of `shapes`; shrinks to `low` in the first."""

    def read(code: int) -> Any:
        code, shape = divmod(code, len(shapes))
        places = sorted((code % LEVELS, code // LEVELS % LEVELS, code // LEVELS**2))
        first, middle, last = (low + (high - low) * place // (LEVELS - 1) for place in places)
        return shapes[shape](lambda n: f"{n}{unit}", first, middle, last)

    return st.integers(0, len(shapes) * LEVELS**3 - 1).map(read)


@cache
def integers_below(count: int) -> SearchStrategy[int]:
    """Return integers from 0 to `count` - 1."""
    return st.integers(0, count - 1)
