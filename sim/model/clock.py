"""The clock: whole seconds, and what comes first when much happens in one instant (rules 1, 2 and 21).

A day's account is made at the instant in which the day ends, before anything of the next day. Then, in
the same instant: what ends (by voyage number), what a day's start brings, and last what starts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import cast

import simpy

from sim.units import LONGEST_DAYS, SECONDS_PER_DAY

#: Places within an instant, as priorities of simpy's queue, behind its own two; between `ENDS_PRIORITY` and
#: `DAY_START_PRIORITY` there is room for voyage numbers.
ACCOUNT_PRIORITY, ENDS_PRIORITY, DAY_START_PRIORITY, STARTS_PRIORITY = 2, 16, 1 << 40, (1 << 40) + 1


def to_seconds(days: float) -> int:
    """Return a duration in whole seconds, cut to 1,000 years (rule 1)."""
    return math.floor(min(LONGEST_DAYS, days) * SECONDS_PER_DAY + 0.5)


def arrival_second(day: int, lead: int) -> int:
    """Return the second at which what leaves on `day` arrives: the next day at the soonest (rule 19)."""
    return max(SECONDS_PER_DAY * (day + 1), SECONDS_PER_DAY * day + lead)


class ScheduledEvent(simpy.Event):
    """An event that is sure to happen, and has its place among all others."""

    def __init__(self, clock: Clock) -> None:
        self.env = clock
        self.callbacks = []
        self._value = None
        self._ok = True


class DailyEvent(simpy.Event):
    """One event that comes round every day at its place, and gives the number of the day.

    What waits for it every day goes in the order in which it was started.
    """

    def __init__(self, env: simpy.Environment, first: int, place: int) -> None:
        self.env = env
        self.place = place
        self.callbacks = [self._repeat]
        self._steps: list[Callable[[int], object]] = []
        self._value = -1
        self._ok = True
        env.schedule(self, place, first)  # type: ignore[arg-type]  # as above

    def _repeat(self, _event: simpy.Event) -> None:
        self._value = day = self._value + 1
        self.callbacks = [self._repeat]
        self.env.schedule(self, self.place, SECONDS_PER_DAY)  # type: ignore[arg-type]  # as above
        for step in self._steps:
            step(day)

    def start(self, process: Generator[simpy.Event, int, None]) -> None:
        """Start a process that waits for nothing but this, and never ends.

        A `simpy.Process` could wait for anything, and asking for what would take a tenth of a run.
        """
        next(process)
        self._steps.append(process.send)

    def stop(self) -> None:
        """Forget who waits."""
        self.callbacks = []
        self._steps.clear()


class Clock(simpy.Environment):
    """A simpy environment that counts seconds from the start of the scenario.

    Attributes
    ----------
    day_over : Daily
        The order in which processes are started on it is that of the steps of a day's account.
    """

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self.day_over = DailyEvent(self, SECONDS_PER_DAY, ACCOUNT_PRIORITY)
        self._day_start: DailyEvent | None = None

    @property
    def second(self) -> int:
        """The second that it is."""
        return self._now  # type: ignore[return-value]  # all delays are whole seconds

    def stop(self) -> None:
        """Forget what would have come next, so that a finished run leaves little for the collector."""
        self._queue.clear()
        self.day_over.stop()
        if self._day_start is not None:
            self._day_start.stop()

    def step(self) -> None:
        """Let the next event happen. Simpy's own step looks for who may catch a failure; here is nobody."""
        self._now, _, _, event = heappop(self._queue)
        callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]  # so that none is added
        for callback in callbacks:
            callback(event)
        if not event.ok:
            raise cast("BaseException", event.value)

    def due(self, delay: int, place: int) -> ScheduledEvent:
        """Return an event that happens in `delay` seconds, at its place within that instant."""
        due = ScheduledEvent(self)
        # Simpy orders by any integer, whatever its types say.
        heappush(self._queue, (self._now + delay, place, next(self._eid), due))  # type: ignore[misc]
        return due

    def ends(self, delay: int, voyage: int) -> ScheduledEvent:
        """Return the event of something that ends for `voyage` in `delay` seconds."""
        return self.due(delay, ENDS_PRIORITY + voyage)

    @property
    def day_start(self) -> DailyEvent:
        """The start of every day, day 0 included; to be asked for before the clock runs."""
        if self._day_start is None:
            self._day_start = DailyEvent(self, 0, DAY_START_PRIORITY)
        return self._day_start

    def call(self, act: Callable[[simpy.Event], None], *, at: int | None = None) -> None:
        """Let `act` happen among the starts of this instant, or at a day's start at second `at`."""
        due = self.due(0, STARTS_PRIORITY) if at is None else self.due(at - self.second, DAY_START_PRIORITY)
        due.callbacks.append(act)
