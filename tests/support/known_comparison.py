"""A comparison with known figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.charts.comparison_data import Contrast

SIZES = ("column", "page", "slide", "square")
Plain = dict[str, Any]


def days(mean: float, half: float | None = 1.0, **censored: Any) -> Plain:
    return difference_data("days", mean, half) | censored


def shells(mean: float, half: float | None = 1e5) -> Plain:
    return difference_data("shells", mean, half)


def difference_data(unit: str, mean: float, half: float | None) -> Plain:
    low, high = (None, None) if half is None else (mean - half, mean + half)
    counts = {"pairs": 60, "censored": 0, "censored_both": 0, "bound": None}
    return {"unit": unit, "difference": mean, "low": low, "high": high, **counts}


def all_censored(bound: str, *, both: int = 0) -> Plain:
    return {"bound": bound, "censored": 60, "censored_both": both}


NEVER = days(0.0, 0.0, **all_censored("open", both=60))
GONE = {"exhausted": days(-9.4), "fired": shells(-4.95e6)}
LASTS = {"exhausted": days(634.0, **all_censored("lower")), "fired": shells(-6e5)}


def make_comparison(
    *others: Mapping[str, Plain],
    titles: Sequence[str] = ("Without North Korea", "Rationed fire"),
    base: str = "White House brief, October 2023",
    runs: int = 60,
    stocks: int = 1,
    sources: Sequence[Mapping[str, str]] = (),
) -> Contrast:
    """Return a comparison with known figures."""
    names = ["base", *(f"other-{n}" for n in range(len(others)))]
    digests = [f"{n}fa9c1d2e5" for n in range(len(names))]
    scenarios = zip(names, (base, *titles), digests, strict=False)
    return Contrast(
        {
            "runs": runs,
            "seed": 1,
            "start": "2023-09-01",
            "end": "2025-09-01",
            "first": "base",
            "scenarios": {n: {"title": t, "digest": d, "stocks": stocks} for n, t, d in scenarios},
            "differences": dict(zip(names[1:], others, strict=True)),
        },
        {"version": "0.1.0", "sources": sources},
    )
