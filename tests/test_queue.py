"""Queues at berths against plain recursions, second for second.

With arrivals in order, a queue before c berths has a short recursion: who is next starts when he has
arrived and the berth that is free first is free (Kiefer and Wolfowitz 1955). All durations are drawn
here afresh, with numpy's own generator.
"""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from tests.support.scenario_builder import Plain, ScenarioBuilder

VEHICLES = 10_000
DAY = 86_400
HOUR = 3_600
ROUTE = "shipments.dprk.route"


class Span(NamedTuple):
    """A duration that is as likely as any other between two numbers of seconds."""

    low: int
    high: int

    def plain(self) -> Plain:
        return {"low": f"{self.low} s", "high": f"{self.high} s"}

    def drawn(self, desk: ScenarioBuilder, name: str, count: int, seed: int) -> list[int]:
        low, high = self.low / DAY, self.high / DAY
        return [math.floor((low + u * (high - low)) * DAY + 0.5) for u in desk.uniforms(name, count, seed)]


LOADING = Span(0, 2 * HOUR)


def through_berths(arrivals: list[int], services: list[int], berths: int) -> list[int]:
    """Return when each is served, for arrivals in the order in which they are."""
    free = [0] * berths
    ends = []
    for arrival, service in zip(arrivals, services, strict=True):
        ends.append(max(arrival, heapq.heappop(free)) + service)
        heapq.heappush(free, ends[-1])
    return ends


def one_way(travel: Span, unload: Span, load: Span, berths: int) -> Plain:
    """Return 10,000 ships of one shell that all unload at berths; each shell continues by train.

    Trains are hired and load at berths of their own, so the unloaded ships are the arrivals there. The ships
    load all at once, so that one that loads long and travels fast arrives in the second of a later voyage.
    """
    ship = {"vehicles": VEHICLES, "capacity": "1 shells", "travel": travel.plain()}
    ship |= {"load": LOADING.plain(), "berths": VEHICLES}
    train = {"capacity": "1 shells", "travel": "1 h", "load": load.plain(), "berths": berths}
    route = [{**ship, "unload": unload.plain(), "unloading_berths": berths}, train]
    return {"shipments": {"dprk": {"until": "1 s", "route": route}}}


def spans(berths: int, *, crowded: bool) -> tuple[Span, Span, Span]:
    """Return travel, unload and load that keep the berths just busy.

    Crowded: about one arrival a second for three hours, so that much happens in one second; else in 20 days.
    """
    if crowded:
        return Span(HOUR, 4 * HOUR), Span(0, 2 * berths), Span(0, 2 * berths + 1)
    return Span(DAY, 21 * DAY), Span(0, 340 * berths), Span(10, 350 * berths)


@pytest.mark.parametrize(
    ("berths", "crowded"),
    [*((berths, True) for berths in (1, 2, 3, 4, 5)), (1, False), (4, False)],
)
def test_ten_thousand_ships_queue_as_in_the_recursion(
    desk: ScenarioBuilder, berths: int, crowded: bool
) -> None:
    travel, unload, load = spans(berths, crowded=crowded)
    plain = desk.plain(3 if crowded else 60, **one_way(travel, unload, load, berths))
    books = desk.books(plain, seed=berths)
    loading = LOADING.drawn(desk, f"{ROUTE}.0.load", VEHICLES, berths)
    at_sea = travel.drawn(desk, f"{ROUTE}.0.travel", VEHICLES, berths)
    came = [one + other for one, other in zip(loading, at_sea, strict=True)]
    # Ties by voyage number, not by who left first.
    order = sorted(range(VEHICLES), key=lambda voyage: (came[voyage], voyage))
    services = unload.drawn(desk, f"{ROUTE}.0.unload", VEHICLES, berths)
    unloaded = through_berths([came[n] for n in order], [services[n] for n in order], berths)
    expected = dict(zip(order, unloaded, strict=True))
    assert {trip.vehicle: trip.arrived for trip in books.voyages(0)} == expected
    loads = load.drawn(desk, f"{ROUTE}.1.load", VEHICLES, berths)
    loaded = through_berths(sorted(unloaded), loads, berths)
    trains = sorted((trip.departed, trip.arrived) for trip in books.voyages(1))
    assert trains == sorted((end, end + HOUR) for end in loaded)
    assert sum(books.flow("landed")) == VEHICLES
    waited = [end - came[n] - services[n] for n, end in expected.items()]
    assert sum(wait > 0 for wait in waited) > VEHICLES / 10, "hardly anyone queued"


class Shuttle(NamedTuple):
    """A fleet that shuttles through loading berths."""

    vehicles: int
    berths: int
    load: Span
    travel: Span
    unload: Span
    days: int


def timetable(fleet: Shuttle, desk: ScenarioBuilder, seed: int, count: int) -> list[tuple[int, int, int]]:
    """Return (vehicle, departed, arrived) of each voyage.

    The longest wait, by position in a tie, takes the berth that is free first; so starts are in order,
    and the return of every earlier voyage is known.
    """
    names = {"load": fleet.load, "travel": fleet.travel, "unload": fleet.unload, "back": fleet.travel}
    drawn = {name: span.drawn(desk, f"{ROUTE}.0.{name}", count, seed) for name, span in names.items()}
    waiting = [(0, vehicle) for vehicle in range(fleet.vehicles)]
    free = [0] * fleet.berths
    rows = []
    for load, travel, unload, back in zip(*drawn.values(), strict=True):
        since, vehicle = heapq.heappop(waiting)
        departed = max(since, heapq.heappop(free)) + load
        arrived = departed + max(travel, HOUR) + unload
        heapq.heappush(free, departed)
        heapq.heappush(waiting, (arrived + max(back, HOUR), vehicle))
        rows.append((vehicle, departed, arrived))
    return rows


@pytest.mark.parametrize(
    "fleet",
    [
        Shuttle(40, 1, Span(0, 10), Span(1, HOUR + 300), Span(0, 60), 2),
        Shuttle(300, 3, Span(1, 5 * HOUR), Span(4 * HOUR, 20 * DAY), Span(0, DAY), 400),
        Shuttle(7, 5, Span(HOUR, DAY), Span(HOUR, 3 * DAY), Span(HOUR, DAY), 900),
    ],
    ids=["much in one second", "a long queue", "hardly a queue"],
)
def test_ships_that_shuttle_keep_the_timetable(desk: ScenarioBuilder, fleet: Shuttle) -> None:
    leg = {"vehicles": fleet.vehicles, "capacity": "1 shells", "berths": fleet.berths}
    durations = {"load": fleet.load.plain(), "travel": fleet.travel.plain(), "unload": fleet.unload.plain()}
    books = desk.books(desk.route(fleet.days, {**leg, **durations}), seed=3)
    end = fleet.days * DAY
    rows = timetable(fleet, desk, 3, 25_000)
    assert rows[-1][1] - fleet.load.high > end, "the timetable is too short"
    expected = {
        (vehicle, departed, arrived if arrived < end else None)
        for vehicle, departed, arrived in rows
        if departed < end
    }
    found = [(trip.vehicle, trip.departed, trip.arrived) for trip in books.voyages()]
    assert len(found) == len(set(found)) == len(expected)
    assert set(found) == expected
    landed = [0] * fleet.days
    for _, _, arrived in rows:
        if arrived < end:
            landed[arrived // DAY] += 1
    assert books.flow("landed") == landed
