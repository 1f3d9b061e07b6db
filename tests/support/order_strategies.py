"""Hypothesis strategies for order lines, money, budgets and objectives, as plain dictionaries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.support.component_strategies import ComponentDrawer
from tests.support.number_strategies import BOTH, Plain, number

#: From none to many days, so that orders arrive on the day of another, or before it.
LEADS: tuple[Any, ...] = (
    "0 days",
    {"low": "0 days", "high": "6 days"},
    {"low": "1 h", "high": "9 days"},
    {"choices": ["5 days", "1 h"]},
)
MONTHS = ("January", "March", "October")


def order_line(drawer: ComponentDrawer, consumption: Plain) -> Plain:
    """Draw an order line: any policy, mostly for what a consumer takes, often with a queue."""
    made = drawer.placed("to")
    if drawer.frame.munitions and (len(drawer.frame.munitions) > 1 or drawer.yes()):
        made["munition"] = drawer.pick(*drawer.frame.munitions)
    if consumption and not drawer.yes(4):
        consumer = drawer.pick(*consumption.values())
        made |= {"to": consumer["at"]} if "at" in consumer else {}
        taken = [name for name in drawer.frame.munitions if name in consumer["rate"]]
        made |= {"munition": drawer.pick(*taken)} if taken else {}
    depots = drawer.frame.depots
    consuming = {consumer.get("at", depots[0]) for consumer in consumption.values()}
    in_days = made.get("to", depots[0]) in consuming and drawer.yes(3)
    low, high = (" days", (8, 25)) if in_days else ("e2", (60, 120))
    least, most = high

    def mark(first: int, last: int) -> Any:
        if drawer.yes(5):
            days = {drawer.day(): drawer.draw(number(first, last, low, BOTH)) for _ in range(2)}
            return {"by_date": days, **drawer.pick({"between": "linear"}, {})}
        return drawer.draw(number(first, last, low, BOTH))

    policy = drawer.pick("base stock", "min-max", "lots", "base stock")
    if policy != "base stock":
        made["reorder_point"] = mark(least, most)
    made |= (
        {"order_quantity": mark(least // 8, most // 8)}
        if policy == "lots"
        else {"order_up_to": mark(most, 2 * most)}
    )
    rare: dict[str, Callable[[], Any]] = {
        "review": lambda: drawer.pick("2 days", "1 week", "30 h", {"low": "1 day", "high": "9 days"}),
        "first": lambda: drawer.pick(drawer.day(), "3 days", {"low": "0 days", "high": "20 days"}),
        "until": lambda: drawer.pick("15 days", "40 days"),
    }
    made |= {key: make() for key, make in rare.items() if drawer.yes(4)}
    # Three of four have a lead time, so that orders of one line overtake each other often enough.
    made |= {} if drawer.yes(4) else {"lead_time": drawer.pick(*LEADS)}
    return made | drawer.optional(capacity=lambda: drawer.course(12, "e2/day"))


def with_money(drawer: ComponentDrawer, whole: Plain) -> Plain:
    """Draw a currency, prices and costs for a scenario, and mostly a budget that cuts."""

    def money(most: int, unit: str = " EUR") -> Any:
        return drawer.draw(number(1, most, unit, BOTH))

    for name in whole.get("munitions", {}):
        whole["munitions"][name]["unit_cost"] = money(90)
    for line in whole["orders"].values():
        line |= drawer.optional(
            unit_cost=lambda: {"by_date": {drawer.day(): money(90), drawer.day(): money(40)}},
            order_cost=lambda: money(9, "k EUR"),
        )
    for depot in whole["depots"].values():
        unit = drawer.pick(" EUR/year", "%") if whole.get("munitions") else " EUR/month"
        depot |= drawer.optional(holding_cost=partial(money, 40, unit))
    for consumer in whole["consumption"].values():
        consumer |= drawer.optional(shortage_cost=lambda: money(500))
    budget = {
        "rate": drawer.draw(number(1, 15, "e5 EUR/year", BOTH))
        if drawer.yes()
        else drawer.course(15, "e5 EUR/year"),
        **drawer.optional(carry_over=lambda: drawer.pick(True, False), starts=lambda: drawer.pick(*MONTHS)),
    }
    return {"currency": "EUR", **({} if drawer.yes(8) else {"budget": budget})}
