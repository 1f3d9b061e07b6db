"""A result with known figures, and functions to read its charts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.charts.result_data import ChartData

SIZES = ("column", "page", "slide", "square")
START, END = dt.date(2023, 9, 16), dt.date(2024, 1, 11)
SHELLS = ("depot", "shells")
FRONT = {("front", "152mm"): True, ("arsenals", "152mm"): False}
FOUR = {
    (depot, munition): depot == "front" for depot in ("arsenals", "front") for munition in ("152mm", "122mm")
}
Outcome = dict[str, Any]


def outcome_data(
    share: float, p05: str | None = None, p50: str | None = None, p95: str | None = None
) -> Outcome:
    return {"share": share, "p05": p05, "p50": p50, "p95": p95}


def summary_data(
    exhausted: Outcome, *, rationed: float = 1.0, fire: float = 17_300.0, met: float | None = 0.29
) -> Outcome:
    """Return the figures of a stock; sustained fire has a spread of ten per cent, other figures none."""
    return {
        "exhausted": exhausted,
        "rationed": outcome_data(rationed),
        "below": {},
        "sustained": {"fire": constant(fire, 0.1), "met": None if met is None else constant(met)},
        "opening_stock": constant(4e6),
        "opening_days": constant(40_000.0),
        "closing_stock": constant(1e3),
        "stock_change": constant(1e3 - 4e6),
        "grows": 0.0,
        "ends_empty": exhausted["share"],
        "held_back": 0.0,
        "nothing_required": 0.0,
        "planned": 11_800.0,
        "fire_by_origin": {"initial": 1 / 3, "russia": 2 / 3},
        "gun_ceiling": False,
    }


def constant(value: float, spread: float = 0.0) -> Outcome:
    return {"p05": value * (1 - spread), "p50": value, "p95": value * (1 + spread)}


GONE = outcome_data(1.0, "2023-10-20", "2023-11-14", "2024-02-03")
LATE = outcome_data(0.37, "2024-10-20")
NEVER = outcome_data(0.0)


def make_result(
    *,
    places: Mapping[tuple[str, str], bool] | None = None,
    exhausted: Outcome = GONE,
    runs: int = 1000,
    spread: float = 0.4,
    title: str = "White House brief, October 2023",
    sources: Sequence[Mapping[str, Any]] = (),
    end: dt.date = END,
) -> ChartData:
    """Return a result with known figures: 100 shells a day required, 60 fired from day 60 on.

    One third of the fire is of origin `initial`, the rest `russia`; 50 shells a day are produced.
    """
    places = {SHELLS: True} if places is None else places
    days = [START + dt.timedelta(days=n) for n in range((end - START).days)]
    falling = np.maximum(4e6 * (1 - np.arange(len(days)) / 75), 1.0)
    stock, flows, paths, origins = [], [], [], []
    for (depot, munition), fires in places.items():
        where = {"depot": depot, "munition": munition}
        low, high = falling * (1 - spread), falling * (1 + spread)
        bands = {
            "p05": low,
            "p25": (low + falling) / 2,
            "p50": falling,
            "p75": (falling + high) / 2,
            "p95": high,
        }
        stock.append(pd.DataFrame({"date": map(str, days), **where, "mean": falling, **bands}))
        for run in range(min(runs, 5)):
            level = falling * (1 + spread * (run - 2) / 3)
            paths.append(pd.DataFrame({"run": run, "date": map(str, days), **where, "level": level}))
        for n, day in enumerate(days):
            fired = 0.0 if not fires else 100.0 if n < 60 else 60.0
            required = 100.0 if fires else 0.0
            for kind, value in (("required", required), ("fired", fired), ("unmet", required - fired)):
                flows.append({"date": str(day), **where, "kind": kind, "mean": value})
            month = {"month": str(day)[:7], **where}
            origins.append({**month, "origin": "initial", "kind": "fired", "mean": fired / 3})
            origins.append({**month, "origin": "russia", "kind": "fired", "mean": fired * 2 / 3})
            origins.append({**month, "origin": "russia", "kind": "produced", "mean": 50.0})
            origins.append({**month, "origin": "russia", "kind": "received", "mean": 1e6})
    by_month = ["month", "depot", "munition", "origin", "kind"]
    pairs: dict[str, dict[str, Outcome]] = {}
    for (depot, munition), fires in places.items():
        if fires:
            pairs.setdefault(depot, {})[munition] = summary_data(exhausted)
    ends = ["2023-11-14", None] if spread else [exhausted["p50"]]
    return ChartData(
        stock=pd.concat(stock),
        flows=pd.DataFrame(flows),
        origins=pd.DataFrame(origins).groupby(by_month, sort=False, as_index=False).sum(),
        paths=pd.concat(paths),
        outcomes=pd.DataFrame({"exhausted": ends, "closing_stock": 1e3}),
        summary={"runs": runs, "pairs": pairs, **summary_data(exhausted)},
        manifest={
            "version": "0.1.0",
            "seed": 1,
            "runs": runs,
            "engine": "compiled",
            "scenario": {"digest": "3fa9c1d2e5b6", "title": title},
            "sources": list(sources),
        },
    )


def figure_texts(figure: Figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.texts]


def figure_text(figure: Figure) -> str:
    return " ".join(figure_texts(figure))


def plot_axes(figure: Figure) -> list[Any]:
    """Return the axes with a scale in shells, without strips and calendars."""
    return [axes for axes in figure.axes if axes.get_yticks().size]
