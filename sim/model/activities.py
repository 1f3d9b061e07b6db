"""Activities: the lumpy requirement of a consumer by day (rule 11)."""

from __future__ import annotations

from collections.abc import Iterator

from sim.formulas import to_seconds
from sim.model.events import EventCalendar
from sim.model.world import RunInputs
from sim.scenario.activity import Activity
from sim.scenario.consumer import Consumer
from sim.units import SECONDS_PER_DAY


def lumpy_requirement(
    world: RunInputs, calendar: EventCalendar, name: str, consumer: Consumer, munition: str
) -> list[float] | None:
    """Return the shells of a munition that activities require on each day; None without activities."""
    acting = {key: activity for key, activity in consumer.activities.items() if munition in activity.quantity}
    if not acting:
        return None
    days = world.scenario.days
    by_day = [0.0] * days
    for key, activity in acting.items():
        path = f"consumption.{name}.activities.{key}"
        chance = world.draw_once(activity.chance)
        happens = world.streams.uniforms(f"{path}.happens")
        for number, day in _occurrences(world, activity):
            if 0 <= day < days and happens.u(number) < chance:
                by_day[day] += world.nth_shells(activity.quantity[munition], munition, number)
    running = calendar.factors(f"consumption.{name}")
    return by_day if running is None else [a * b for a, b in zip(by_day, running, strict=True)]


def _occurrences(world: RunInputs, activity: Activity) -> Iterator[tuple[int, int]]:
    """Yield the number and the day of each occurrence up to the end, also of those before the start."""
    if activity.every is None:
        yield from enumerate([world.day_of(day) for day in activity.on])
        return
    second, number = world.second_of(activity.first, 0), 0
    step = max(SECONDS_PER_DAY, to_seconds(activity.every.value))
    while second < world.scenario.days * SECONDS_PER_DAY:
        yield number, second // SECONDS_PER_DAY
        second, number = second + step, number + 1
