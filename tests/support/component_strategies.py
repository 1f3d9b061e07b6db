"""Hypothesis strategies for the components of a scenario, as plain dictionaries.

Only `cover` is not a round number: otherwise a transfer can keep a stock at exactly `cover` days of supply,
and its last bit then decides whether it is rationed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from hypothesis.strategies import DrawFn

from tests.support.number_strategies import ALL, BOTH, Plain, integers_below, number

#: Several are whole days, so that events coincide with the end of a day.
TIMES = ("1 day", "12 h", "2 days", "1 day", "6 h", "1 day")
RULES = ("none", "proportional", "controlled")
STOCK_IN_A_LIMITED_DEPOT = 5


class ScenarioFrame(NamedTuple):
    """The horizon, depots and munitions of a scenario, for drawing its components.

    Attributes
    ----------
    munitions : tuple of str
        Empty if the file names none; the only munition is then ``shells``, and nothing is in tonnes.
    """

    start: dt.date
    days: int
    depots: tuple[str, ...]
    munitions: tuple[str, ...]

    def date(self, day: int) -> str:
        return (self.start + dt.timedelta(days=day)).isoformat()


class ComponentDrawer:
    """Draws the components of one scenario."""

    def __init__(self, draw: DrawFn, frame: ScenarioFrame) -> None:
        self.draw, self.frame = draw, frame

    def yes(self, one_in: int = 2) -> bool:
        return self.draw(integers_below(one_in)) == 1

    def pick(self, *words: Any) -> Any:
        return words[self.draw(integers_below(len(words)))]

    def some(self, names: Sequence[str], least: int = 0) -> list[str]:
        """Draw a subset of the names with at least `least` of them."""
        # Inverted, since Hypothesis favours small numbers and a mask of zero would be empty.
        mask = 2 ** len(names) - 1 - self.draw(integers_below(2 ** len(names)))
        return [name for place, name in enumerate(names) if mask >> place & 1 or place < least]

    def optional(self, **makers: Callable[[], Any]) -> Plain:
        """Draw a subset of settings."""
        return {key: makers[key]() for key in self.some(list(makers))}

    def placed(self, key: str) -> Plain:
        """Draw the depot of a component; the only one may be omitted."""
        depots = self.frame.depots
        return {} if len(depots) == 1 and self.yes() else {key: self.pick(*depots)}

    def day(self) -> str:
        return self.frame.date(self.draw(integers_below(self.frame.days + 4)) - 2)

    def span(self) -> Any:
        """Draw a duration in hours or days, fixed or random."""
        return self.draw(number(1, 90, " h", ALL)) if self.yes(3) else self.pick(*TIMES)

    def share(self) -> Any:
        return self.draw(number(0, 100, "%"))

    def course(self, high: int, unit: str) -> Any:
        """Draw a number or a time series."""
        if not self.yes(4):
            return self.draw(number(0, high, unit))
        points = {self.day(): self.draw(number(0, high, unit)) for _ in range(self.pick(2, 1, 3))}
        return {"by_date": points, **self.pick({"between": "linear"}, {}, {"between": "step"})}

    def shells(self, *units: str) -> str:
        """Draw a unit; those in kilograms or tonnes need named munitions."""
        return str(self.pick(*(unit for unit in units if self.frame.munitions or unit[-1:] not in "gt")))

    def by_munition(self, one: Callable[[], Any], least: int = 1) -> Any:
        """Draw a value for some munitions; the name of the only one may be omitted."""
        names = self.frame.munitions
        if not names or (len(names) == 1 and self.yes()):
            return one()
        return {munition: one() for munition in self.some(names, least)}

    def each(self, one: Callable[[], Any]) -> Any:
        """Draw a property for all munitions together or for each."""
        names = self.frame.munitions
        return one() if not names or self.yes() else {munition: one() for munition in names}

    def rate(self, high: int) -> Any:
        """Draw a rate for some munitions, sometimes in tonnes."""

        def one() -> Any:
            unit = self.shells("e2/day", "e2/day", "k/month", "e1 kg")
            return self.course(high, f"{unit}/h" if unit[-1] == "g" else unit)

        return self.by_munition(one)

    def depot(self, consuming: bool = False) -> Plain:
        """Draw a depot; a capacity is little more than the opening stock."""
        rest = self.optional(unserviceable=lambda: self.by_munition(lambda: self.draw(number(0, 12, "k"))))
        if consuming and self.yes(4):
            return {"stock": self.draw(number(0, 20, " days")), **rest}
        if not self.yes(3):
            return {**self._limited(), **rest}
        unit = self.shells("k", "k shells", "e2 t")
        return {"stock": self.by_munition(lambda: self.draw(number(0, 12, unit))), **rest}

    def _limited(self) -> Plain:
        most = STOCK_IN_A_LIMITED_DEPOT
        least = most * max(1, len(self.frame.munitions))
        return {
            "stock": self.by_munition(lambda: self.draw(number(0, most, "k", BOTH))),
            "capacity": self.draw(number(least, least + 4, "k", BOTH)),
        }

    def line(self) -> Plain:
        """Draw a production line."""
        made = {"rate": self.rate(20), **self.placed("to")}

        def outages() -> Plain:
            return {"every": self.span(), "last": self.span(), **self.optional(share=self.share)}

        makers: dict[str, Callable[[], Any]] = {"lead_time": self.span, "outages": outages}
        if "by_date" not in str(made):
            makers["growth"] = lambda: self.draw(number(-30, 30, "%", BOTH))
        return made | self.optional(**makers)

    def workshop(self) -> Plain:
        """Draw a workshop."""
        return {"rate": self.course(30, "e2/day"), "yield": self.each(self.share), **self.placed("at")}

    def transfer(self, consuming: set[str]) -> Plain:
        """Draw a transfer between two depots."""
        here = self.pick(*self.frame.depots)
        there = self.pick(*[depot for depot in self.frame.depots if depot != here])
        makers: dict[str, Callable[[], Any]] = {
            "capacity": lambda: self.course(40, "e2/day"),
            "lead_time": self.span,
        }
        if there in consuming:
            makers["keep"] = lambda: self.each(lambda: self.draw(number(0, 15, " days")))
        return {"from": here, "to": there, **self.optional(**makers)}

    def consumer(self, rules: Sequence[str] = RULES) -> Plain:
        """Draw a consumer."""

        def rationing() -> Plain:
            rule, cover = self.pick(*rules), self.draw(number(1, 20, ".37 days"))
            return {"rule": rule} if rule == "none" and self.yes() else {"rule": rule, "cover": cover}

        made = {"rate": self.rate(40), **self.placed("at")}
        made |= self.optional(daily_variation=lambda: self.draw(number(0, 150, "%", BOTH)))
        if not self.yes(3):
            made["rationing"] = rationing()
        return made | self.guns() if self.yes() else made

    def guns(self) -> Plain:
        """Draw the guns of a consumer."""
        made = {
            "guns": self.draw(number(0, 40, "")),
            "rounds_per_gun": self.draw(number(20, 100, "", BOTH)),
        }
        if not self.yes():
            return made
        barrels = {
            "stock": self.draw(number(0, 60, "")),
            **self.optional(production=lambda: self.course(5, "/day")),
        }
        return made | {"barrels": barrels, "barrel_life": self.draw(number(100, 900, " rounds", BOTH))}
