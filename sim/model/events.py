"""Events and outages as windows of time (rules 27 and 28)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.formulas import MIN_GAP_SECONDS, first_day_from, to_seconds
from sim.model.world import RunInputs
from sim.scenario.event import Event
from sim.scenario.limits import MOST_OCCURRENCES, too_many_occurrences
from sim.scenario.production_line import Outages
from sim.scenario.quantity import Quantity
from sim.units import SECONDS_PER_DAY, Unit


class Window(NamedTuple):
    """The time in which an event or outage is active, and its strength.

    Attributes
    ----------
    begin, end : int
        Seconds; the end is exclusive.
    value : float
        A factor, a share stopped, or a share or number of shells destroyed.
    """

    begin: int
    end: int
    value: float


class Damage(NamedTuple):
    """Destruction by one event on a day: a share, or a number of shells."""

    value: float
    is_share: bool


def draw_recurrences(
    world: RunInputs, path: str, gap: Quantity, last: Quantity | None, strength: Quantity
) -> list[Window]:
    """Return the occurrences of a renewal process; each gap starts at the end of the previous occurrence.

    Parameters
    ----------
    path : str
        Path of the event or the outages; a prefix of its stream names.
    gap, last, strength : Quantity
        A fixed gap is the mean of an exponential. Without `last` an occurrence has no duration.
    """
    found: list[Window] = []
    horizon = world.scenario.days * SECONDS_PER_DAY
    end = 0
    while True:
        number = len(found)
        begin = end + max(MIN_GAP_SECONDS, to_seconds(world.draw_gap(gap, f"{path}.every", number)))
        if begin >= horizon:
            return found
        if number == MOST_OCCURRENCES:
            world.failures[path] = too_many_occurrences(path)
            return found
        end = begin if last is None else begin + to_seconds(world.draw_nth(last, number))
        found.append(Window(begin, end, world.draw_nth(strength, number)))


class EventCalendar:
    """Every event of a run.

    Parameters
    ----------
    world : RunInputs

    Attributes
    ----------
    stops, multiplies : dict of str to list of list of Window
        By target, the windows of each event in order of its name.
    """

    def __init__(self, world: RunInputs) -> None:
        self.world = world
        self.days = world.scenario.days
        self.stops: dict[str, list[list[Window]]] = {}
        self.multiplies: dict[str, list[list[Window]]] = {}
        self.destroys: dict[str, list[tuple[Event, list[Window]]]] = {}
        for name, event in world.scenario.events.items():
            windows = _event_windows(world, f"events.{name}", event)
            if event.is_reference():
                continue
            if event.stops:
                self.stops.setdefault(event.stops, []).append(windows)
            elif event.multiplies:
                self.multiplies.setdefault(event.multiplies, []).append(windows)
            else:
                depot = event.at or next(iter(world.scenario.depots))
                self.destroys.setdefault(depot, []).append((event, windows))

    def factors(self, stopped: str, multiplied: str = "") -> list[float] | None:
        """Return the product of factors and unstopped shares for each day; None without events.

        Parameters
        ----------
        stopped, multiplied : str
            Path of a component, and of its rate, offer or capacity.
        """
        acting = [*self.multiplies.get(multiplied, ())]
        acting += [
            [_remaining_share(window) for window in windows] for windows in self.stops.get(stopped, ())
        ]
        return product_by_day(acting, self.days) if acting else None

    def closures(self, *targets: str) -> list[Window]:
        """Return the windows in which events stop a fleet, over all `targets`."""
        return sorted(
            window
            for target in targets
            for windows in self.stops.get(target, ())
            for window in windows
            if window.value > 0
        )

    def damage_by_day(self, depot: str) -> dict[int, list[Damage]]:
        """Return the damage at a depot by day, in order of event names."""
        found: dict[int, list[Damage]] = {}
        for event, windows in self.destroys.get(depot, ()):
            for window in windows:
                is_share = event.destroys is not None and event.destroys.unit is Unit.SHARE
                found.setdefault(window.begin // SECONDS_PER_DAY, []).append(Damage(window.value, is_share))
        return found


def product_by_day(acting: Sequence[Sequence[Window]], days: int) -> list[float]:
    """Return, for each day, the product of the values of all windows that cover its start (rule 27)."""
    product = [1.0] * days
    for windows in acting:
        for window in windows:
            for day in range(max(0, first_day_from(window.begin)), min(days, first_day_from(window.end))):
                product[day] *= window.value
    return product


def outage_windows(world: RunInputs, name: str, outages: Outages) -> list[Window]:
    """Return the outages of a production line as windows of its remaining share."""
    path = f"production.{name}.outages"
    return [
        _remaining_share(window)
        for window in draw_recurrences(world, path, outages.every, outages.last, outages.share)
    ]


def _remaining_share(window: Window) -> Window:
    return window._replace(value=1.0 - window.value)


def _event_windows(world: RunInputs, path: str, event: Event) -> list[Window]:
    strength = event.destroys or event.factor or event.share
    if event.every is not None:
        return draw_recurrences(world, path, event.every, event.last, strength)
    if event.date is not None:
        first = world.day_of(event.date)
        last = first + 1
    else:
        first = 0 if event.from_ is None else world.day_of(event.from_)
        last = world.scenario.days if event.until is None else world.day_of(event.until)
    return [Window(first * SECONDS_PER_DAY, last * SECONDS_PER_DAY, world.draw_once(strength))]
