"""Colours of origins, the same in every chart of a result, and by section the same in most scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Any

from sim.account import INITIAL, REFURBISHED
from sim.charts import style
from sim.charts.monthly_supply import OTHER_ORIGINS, named_origins
from sim.charts.result_data import ChartData

OriginStyles = Mapping[str, Mapping[str, Any]]
#: Positions in `style.ORIGINS` that each section takes, in order of preference.
_OF_PRODUCTION, _OF_SUPPLIERS, _OF_REFURBISHED = (0, 4, 2, 3, 1), (1, 3, 4, 2, 0), (2, 4, 3, 0, 1)


def origin_styles(data: ChartData) -> dict[str, dict[str, Any]]:
    """Return the style of each origin, from the bottom of a stack: supply first, opening stock last.

    The first production line, the first supplier and refurbished shells always have the same colour.
    """
    every = [str(name) for name in data.origins["origin"].unique() if name != INITIAL]
    shown = every if len(every) <= len(style.ORIGINS) else named_origins(data)
    made = set(data.origins.loc[data.origins["kind"] == "produced", "origin"].astype(str))
    slots = dict(_slots(shown, made))
    looks = {name: _look(style.ORIGINS[slots[name]], style.HATCHES[slots[name]]) for name in shown}
    return looks | {OTHER_ORIGINS: _look(style.OTHER_ORIGINS), INITIAL: _look(style.STOCKPILE)}


def _slots(shown: Sequence[str], made: set[str]) -> Iterator[tuple[str, int]]:
    """Yield each origin with its position; sections take turns, so that the first of each has its own."""
    renewed = [name for name in shown if name == REFURBISHED]
    lines = [name for name in shown if name in made and name != REFURBISHED]
    suppliers = [name for name in shown if name not in made and name != REFURBISHED]
    free = set(range(len(style.ORIGINS)))
    for name in [*renewed, *filter(None, chain.from_iterable(zip_longest(lines, suppliers)))]:
        wanted = _OF_REFURBISHED if name in renewed else _OF_PRODUCTION if name in lines else _OF_SUPPLIERS
        slot = next(place for place in wanted if place in free)
        free.remove(slot)
        yield name, slot


def _look(colour: str, hatch: str = "") -> dict[str, Any]:
    look = {"facecolor": colour, "edgecolor": "white", "linewidth": 0.4}
    return look | {"hatch": hatch} if hatch else look
