"""Phrases of the settings of a scenario file, for names of paths."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.formatting import capitalised, short_date

#: Phrase of each setting by section; `{many}` is replaced by the plural of the noun, `{of}` by the munition,
#: which otherwise follows the phrase.
PHRASES: Mapping[str, Mapping[str, str]] = {
    "munitions": {
        "gross_mass": "Gross mass per piece",
        "unit_cost": "Unit cost",
        "shelf_life": "Shelf life",
        "expired": "Use of what expires",
    },
    "depots": {
        "stock": "Opening stock",
        "unserviceable": "Unserviceable opening stock",
        "capacity": "Capacity",
        "objective": "Objective",
        "holding_cost": "Holding cost",
        "age": "Age of the opening stock",
        "issue": "Order of issue",
    },
    "production": {
        "rate": "Output",
        "growth": "Growth a month",
        "lead_time": "Lead time",
        "outages.every": "Time between outages",
        "outages.last": "Length of an outage",
        "outages.share": "Share that an outage stops",
    },
    "refurbishment": {"rate": "Refurbishment rate", "yield": "Refurbishment yield"},
    "shipments": {
        "first": "Start of loading",
        "until": "End of loading",
        "mix": "Share{of} in the cargo",
        "shells_per_container": "{many} per container",
        "serviceable": "Serviceable share",
        "age": "Age on arrival",
        "reserve": "Reserve",
        "reserve.stock": "Reserve at the start",
        "reserve.production": "Growth of the reserve",
        "offered": "Cargo offered",
        "deliveries": "Delivery",
        "under_way": "Cargo under way at the start",
        "lead_time": "Lead time",
    },
    "orders": {
        "reorder_point": "Reorder point",
        "order_up_to": "Order-up-to level",
        "order_quantity": "Order quantity",
        "review": "Time between reviews",
        "lead_time": "Lead time",
        "capacity": "Capacity of the supplier",
        "unit_cost": "Unit cost",
        "order_cost": "Cost of an order",
        "first": "First review",
        "until": "End of reviews",
    },
    "transfers": {"capacity": "Capacity", "lead_time": "Lead time", "keep": "Days of supply{of} to keep"},
    "consumption": {
        "rate": "Required rate",
        "daily_variation": "Daily variation",
        "rationing": "Rationing",
        "rationing.rule": "Rationing rule",
        "rationing.cover": "Rationing threshold",
        "guns": "Guns",
        "rounds_per_gun": "Rounds a gun a day",
        "barrels": "Barrels",
        "barrels.stock": "Barrels at the start",
        "barrels.production": "Barrels produced",
        "barrel_life": "Life of a barrel",
        "shortage_cost": "Shortage cost",
        "priority": "Priority",
        "backlog": "Backlog",
    },
    "events": {
        "date": "Date",
        "from": "Start",
        "until": "End",
        "every": "Time between occurrences",
        "last": "Length of an occurrence",
        "share": "Share that stops",
        "factor": "Factor",
        "destroys": "Loss",
    },
    # A budget has no name.
    "budget": {
        "rate": "Budget",
        "carry_over": "Carry-over of the budget",
        "starts": "Start of a year of account",
    },
}
#: Phrase of each setting of a leg.
LEG_PHRASES: Mapping[str, str] = {
    "vehicles": "Vehicles",
    "capacity": "Capacity of a vehicle",
    "load": "Loading",
    "travel": "Travel",
    "unload": "Unloading",
    "berths": "Loading berths",
    "unloading_berths": "Unloading berths",
    "departs": "Departure",
}
#: Noun for a component of each section.
SECTION_NOUNS: Mapping[str, str] = {
    "munitions": "munition",
    "depots": "depot",
    "production": "production line",
    "refurbishment": "workshop",
    "shipments": "supplier",
    "orders": "order line",
    "transfers": "transfer",
    "consumption": "consumer",
    "events": "event",
}
#: Settings that may have one number for each munition.
BY_MUNITION = frozenset(
    {
        "depots.stock",
        "depots.unserviceable",
        "depots.objective",
        "production.rate",
        "refurbishment.yield",
        "shipments.mix",
        "shipments.shells_per_container",
        "shipments.serviceable",
        "transfers.keep",
        "consumption.rate",
    }
)
#: Keys below a number, as they follow its name; an empty text is left out.
NUMBER_KEYS: Mapping[str, str] = {
    "by_date": "",
    "value": "value",
    "low": "lowest",
    "mode": "most likely",
    "high": "highest",
    "mean": "mean",
    "sd": "standard deviation",
    "cv": "coefficient of variation",
    "median": "median",
    "p95": "95th percentile",
    "exponential": "mean of an exponential",
    "choices": "choices",
    "between": "between dates",
    "source": "source",
    "note": "note",
}


class Setting(NamedTuple):
    """The steps of a path below its component.

    Attributes
    ----------
    phrase : str
        May hold `{many}` and `{of}`; empty for the component itself.
    munition : str
        Empty if the setting is for all.
    details : tuple of str
        The rest, in words: a date, the key of a distribution.
    """

    phrase: str
    munition: str = ""
    details: tuple[str, ...] = ()


def read_setting(section: str, steps: Sequence[str]) -> Setting:
    """Return the phrase of the setting of a component, its munition and its details."""
    known = PHRASES.get(section, {})
    for count in range(len(steps), 0, -1):
        key = ".".join(steps[:count])
        if key in known:
            rest = steps[count:]
            if rest and f"{section}.{key}" in BY_MUNITION and rest[0] not in NUMBER_KEYS:
                return Setting(known[key], rest[0], details_of(rest[1:]))
            return Setting(known[key], details=details_of(rest))
    return Setting(words_of(".".join(steps)))


def munition_of(path: str) -> str:
    """Return the munition that a path is about; empty if it names none."""
    section, *steps = path.split(".")
    return read_setting(section, steps[1:]).munition


def read_leg_setting(steps: Sequence[str]) -> Setting:
    """Return the phrase of the setting of a leg and its details."""
    if not steps:
        return Setting("")
    return Setting(LEG_PHRASES.get(steps[0]) or words_of(steps[0]), details=details_of(steps[1:]))


def words_of(key: str) -> str:
    """Return a key as words with a capital: ``Evidence``."""
    return capitalised(" ".join(re.split(r"[_.{}\s]+", key)).strip())


def details_of(steps: Sequence[str]) -> tuple[str, ...]:
    """Return the steps below a number in words; a date below ``by_date`` is the first day of its value."""
    found = []
    before = ""
    for step in steps:
        found.append(_date_text(step, before) or NUMBER_KEYS.get(step, step))
        before = step
    return tuple(text for text in found if text)


def _date_text(step: str, before: str) -> str:
    try:
        text = short_date(dt.date.fromisoformat(step))
    except ValueError:
        # A date that counts from an event is its own text.
        return f"from {step}" if before == "by_date" else ""
    return f"from {text}" if before == "by_date" else text
