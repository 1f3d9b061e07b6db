"""Hypothesis strategies for shelf lives and ages, added to a drawn scenario."""

from __future__ import annotations

from typing import Any

from tests.support.component_strategies import ComponentDrawer
from tests.support.number_strategies import ALL, BOTH, Plain, number

#: In days; those of months are kept by calendar month of manufacture, the others by day.
LIVES = {"months": (180, 260), "days": (2, 30)}
#: Oldest ages with which something is left after the first day, whatever the life and the day of the month.
OLDEST = {"months": 180 - 32, "days": 2 - 1}


def with_ages(drawer: ComponentDrawer, whole: Plain) -> Plain:
    """Draw shelf lives for some munitions of a scenario, and ages near them, so that shells expire in it.

    A scenario that names no munition gets one.
    """
    names = drawer.frame.munitions
    whole["munitions"] = whole.get("munitions", {"shells": {}})
    ageing = {name: drawer.pick(*LIVES) for name in (drawer.some(names, 1) if names else ["shells"])}
    for name, kind in ageing.items():
        part = whole["munitions"][name]
        part["shelf_life"] = drawer.draw(number(*LIVES[kind], " days", BOTH))
        part |= drawer.optional(expired=lambda: drawer.pick("unserviceable", "scrapped"))
    for depot in whole["depots"].values():
        ages = {name: _age(drawer, LIVES[kind][0], OLDEST[kind]) for name, kind in ageing.items()}
        depot["age"] = ages if len(whole["munitions"]) > 1 or drawer.yes() else next(iter(ages.values()))
        depot |= drawer.optional(issue=lambda: drawer.pick("lifo", "mixed", "fifo"))
    for shipment in whole["shipments"].values():
        sent = [name for name in ageing if name in shipment.get("mix", ageing)]
        if sent and drawer.yes():
            oldest = min(OLDEST[ageing[name]] for name in sent)
            shipment["age"] = drawer.draw(number(0, oldest, " days", ALL))
    return whole


def _age(drawer: ComponentDrawer, least: int, oldest: int) -> Any:
    """Draw the age of a stock near the shortest shelf life: fixed, a distribution, or shares."""
    if drawer.yes(3):
        return {f"{least - least // 8} days": "60%", f"{least // 2} days": "30%", "0 days": "10%"}
    return drawer.draw(number(oldest - oldest // 4, oldest, " days", ALL))
