"""Simulation clock in whole seconds, with a fixed order of events within a second (rules 1, 2 and 21).

In the second in which a day ends, the order is: the account of that day, the ends of activities by voyage
number, the start of the next day, and last the starts of activities.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import cast

import simpy

from sim.units import SECONDS_PER_DAY

#: Priorities within a second, after the two of simpy itself. Voyage numbers fit between `ENDS_PRIORITY` and
#: `DAY_START_PRIORITY`.
ACCOUNT_PRIORITY, ENDS_PRIORITY, DAY_START_PRIORITY, STARTS_PRIORITY = 2, 16, 1 << 40, (1 << 40) + 1


class ScheduledEvent(simpy.Event):
    """An event that is triggered when it is created; the caller schedules it with a priority."""

    def __init__(self, clock: Clock) -> None:
        self.env = clock
        self.callbacks = []
        self._value = None
        self._ok = True


class DailyEvent(simpy.Event):
    """A daily event with a fixed priority; its value is the day number.

    Its processes run in the order in which they were started.
    """

    def __init__(self, env: simpy.Environment, first: int, place: int) -> None:
        self.env = env
        self.place = place
        self.callbacks = [self._repeat]
        self._steps: list[Callable[[int], object]] = []
        self._value = -1
        self._ok = True
        env.schedule(self, place, first)  # type: ignore[arg-type]  # as in `Clock.due`

    def _repeat(self, _event: simpy.Event) -> None:
        self._value = day = self._value + 1
        self.callbacks = [self._repeat]
        self.env.schedule(self, self.place, SECONDS_PER_DAY)  # type: ignore[arg-type]  # as in `Clock.due`
        for step in self._steps:
            step(day)

    def start(self, process: Generator[simpy.Event, int, None]) -> None:
        """Start a process that yields only this event and never ends.

        A `simpy.Process` can yield any event, and checking which takes a tenth of the run time.
        """
        next(process)
        self._steps.append(process.send)

    def stop(self) -> None:
        """Drop all processes."""
        self.callbacks = []
        self._steps.clear()


class Clock(simpy.Environment):
    """A simpy environment that counts seconds from the start of the scenario.

    Attributes
    ----------
    day_over : DailyEvent
        The end of each day. The processes are started on it in the order of the steps of the account.
    """

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self.day_over = DailyEvent(self, SECONDS_PER_DAY, ACCOUNT_PRIORITY)
        self._day_start: DailyEvent | None = None

    @property
    def second(self) -> int:
        """The current time in seconds."""
        return self._now  # type: ignore[return-value]  # all delays are whole seconds

    def stop(self) -> None:
        """Clear the queue, so that a finished run leaves little to the garbage collector."""
        self._queue.clear()
        self.day_over.stop()
        if self._day_start is not None:
            self._day_start.stop()

    def step(self) -> None:
        """Process the next event, and raise its failure; simpy's own step first looks for a handler."""
        self._now, _, _, event = heappop(self._queue)
        callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]  # so that none is added
        for callback in callbacks:
            callback(event)
        if not event.ok:
            raise cast("BaseException", event.value)

    def due(self, delay: int, place: int) -> ScheduledEvent:
        """Schedule an event in `delay` seconds, with a priority within that second."""
        due = ScheduledEvent(self)
        # Simpy accepts any integer as a priority, although its types do not.
        heappush(self._queue, (self._now + delay, place, next(self._eid), due))  # type: ignore[misc]
        return due

    def ends(self, delay: int, voyage: int) -> ScheduledEvent:
        """Schedule the end of an activity of `voyage` in `delay` seconds."""
        return self.due(delay, ENDS_PRIORITY + voyage)

    @property
    def day_start(self) -> DailyEvent:
        """The start of each day, day 0 included; first use must be before the clock runs."""
        if self._day_start is None:
            self._day_start = DailyEvent(self, 0, DAY_START_PRIORITY)
        return self._day_start

    def call(self, act: Callable[[simpy.Event], None], *, at: int | None = None) -> None:
        """Call `act` among the starts of this second, or at the start of a day, at second `at`."""
        due = self.due(0, STARTS_PRIORITY) if at is None else self.due(at - self.second, DAY_START_PRIORITY)
        due.callbacks.append(act)
