"""A comparison with known figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.charts.comparison_data import ComparisonData
from sim.names import Names

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


def reached(first: float, other: float, half: float | None = 0.05) -> Plain:
    """Return a date that shares of runs reach: in each run of the smaller share, both do."""
    least, most = round(60 * min(first, other)), round(60 * max(first, other))
    mean = other - first
    interval = (None, None) if half is None else (mean - half, mean + half)
    shares = dict(
        zip(("first_share", "other_share", "share_low", "share_high"), (first, other, *interval), strict=True)
    )
    return days(-24.0, bound="open", censored=60 - least, censored_both=60 - most) | shares


NEVER = days(0.0, 0.0, **all_censored("open", both=60))
GONE = {"exhausted": days(-9.4), "fired": shells(-4.95e6)}
LASTS = {"exhausted": reached(1.0, 0.0, 0.0), "fired": shells(-6e5)}


def make_comparison(
    *others: Mapping[str, Plain],
    titles: Sequence[str] = ("Without North Korea", "Rationed fire"),
    base: str = "White House brief, October 2023",
    runs: int = 60,
    stocks: int = 1,
    sources: Sequence[Mapping[str, str]] = (),
    names: Names | None = None,
) -> ComparisonData:
    """Return a comparison with known figures."""
    labels = ["base", *(f"other-{n}" for n in range(len(others)))]
    digests = [f"{n}fa9c1d2e5" for n in range(len(labels))]
    scenarios = zip(labels, (base, *titles), digests, strict=False)
    return ComparisonData.from_summary(
        {
            "runs": runs,
            "seed": 1,
            "start": "2023-09-01",
            "end": "2025-09-01",
            "first": "base",
            "scenarios": {n: {"title": t, "digest": d, "stocks": stocks} for n, t, d in scenarios},
            "differences": dict(zip(labels[1:], others, strict=True)),
        },
        names or Names(),
        {"version": "0.1.0", "sources": sources},
    )
