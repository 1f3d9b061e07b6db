"""The clock: whole seconds, and what comes first when much happens in one instant (rules 1, 2 and 21).

A day's account is made at the instant in which the day ends, before anything of the next day. Then, in
the same instant: what ends (by voyage number), what a day's start brings, and last what starts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import IntEnum

import simpy

from sim.units import SECONDS_PER_DAY


class Step(IntEnum):
    """The steps of a day's account, in order; priorities of simpy's queue, behind its own two."""

    LANDING = 2
    PRODUCTION = 3
    FIRE = 7
    CLOSE = 8


class Instant(IntEnum):
    """The parts of an instant after the account of the day before; `ENDS` leaves room for voyage numbers."""

    ENDS = 16
    DAY_START = 1 << 40
    STARTS = (1 << 40) + 1


def seconds(days: float) -> int:
    """Return a duration in whole seconds (rule 1)."""
    return math.floor(days * SECONDS_PER_DAY + 0.5)


class Due(simpy.Event):
    """An event that happens after a delay, at its place within the instant."""

    def __init__(self, env: simpy.Environment, delay: int, priority: int) -> None:
        self.env = env
        self.callbacks = []
        self._value = None
        self._ok = True
        env.schedule(self, priority, delay)  # type: ignore[arg-type]  # simpy orders by any integer


class Clock(simpy.Environment):
    """A simpy environment that counts seconds from the start of the scenario."""

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self._steps: dict[Step, Due] = {}

    @property
    def day(self) -> int:
        """The day whose account is being made; right only within a step."""
        return int(self._now) // SECONDS_PER_DAY - 1

    def reach(self, step: Step) -> Due:
        """Return the event of the next such step; all who wait for it go in the order in which they asked."""
        due = self._steps.get(step)
        if due is None or due.callbacks is None:
            due = self._steps[step] = Due(self, SECONDS_PER_DAY, step)
        return due

    def ends(self, delay: int, voyage: int) -> Due:
        """Return the event of something that ends for `voyage` in `delay` seconds."""
        return Due(self, delay, Instant.ENDS + voyage)

    def call(self, act: Callable[[simpy.Event], None], *, at: int | None = None) -> None:
        """Let `act` happen among the starts of this instant, or at a day's start at second `at`."""
        if at is None:
            due = Due(self, 0, Instant.STARTS)
        else:
            due = Due(self, at - int(self._now), Instant.DAY_START)
        due.callbacks.append(act)
