"""Daily series, compiled: the value of a number or course on a day (rules 27 and 29)."""

from __future__ import annotations

from sim.ensemble.device_formulas import growth_factor, linear_value
from sim.ensemble.native.kernels import device_function, inline, noinline
from sim.ensemble.scenario_tables import CONSTANT, DATED_STEP, LINEAR, STEP, Floats, SeriesTables


@device_function
def value_on_day(courses: SeriesTables, s: int, day: int, run: int, values: Floats, factors: Floats) -> float:
    """Return the value of series `s` on a day, in the run at place `run` of the block."""
    series = courses.series[s]
    number = _interpolate(courses, s, day, run, values)
    if series.mass >= 0:
        number *= 1.0 / values[series.mass, run]
    if series.growth >= 0:
        number *= growth_factor(values[series.growth, run], day)
    if series.factor >= 0 and series.own >= 0:
        return number * (factors[series.factor, day, run] * factors[series.own, day, run])  # type: ignore[no-any-return]
    if series.factor >= 0:
        return number * factors[series.factor, day, run]  # type: ignore[no-any-return]
    if series.own >= 0:
        return number * factors[series.own, day, run]  # type: ignore[no-any-return]
    return number


@device_function
def write_row(courses: SeriesTables, s: int, day: int, values: Floats, factors: Floats, out: Floats) -> None:
    """Write the value of series `s` on a day, for every run, into `out`."""
    noinline()
    for run in range(len(out)):
        out[run] = value_on_day(courses, s, day, run, values, factors)


@inline
def has_changed(courses: SeriesTables, s: int, day: int) -> bool:
    """Return whether the value of a series may differ from that of the day before."""
    series = courses.series[s]
    if day <= 0 or series.factor >= 0 or series.own >= 0 or series.growth >= 0 or series.shape >= LINEAR:
        return True
    if series.shape == STEP:
        for point in range(series.first, series.first + series.count):
            if courses.point_day[point] == day:
                return True
    return False


@device_function
def _interpolate_dated(courses: SeriesTables, s: int, day: int, run: int, values: Floats) -> float:
    """Return the value of a course on a day where the dates differ by run (rule 35).

    Of points that are past at the start, and of those of one day, the last in the file counts.
    """
    series = courses.series[s]
    before, after, begin, end = -1, -1, 0, 0
    for point in range(series.first, series.first + series.count):
        date = courses.point_day[point]
        if courses.point_date[point] >= 0:
            date = int(values[courses.point_date[point], run])
        if date <= day:
            if before < 0 or max(date, 0) >= max(begin, 0):
                before, begin = point, date
        elif after < 0 or date < end:
            after, end = point, date
    if before < 0:
        return values[courses.point_quantity[after], run]  # type: ignore[no-any-return]
    value = values[courses.point_quantity[before], run]
    if after < 0 or series.shape == DATED_STEP:
        return value  # type: ignore[no-any-return]
    return linear_value(day, begin, end, value, values[courses.point_quantity[after], run])


@device_function
def _interpolate(courses: SeriesTables, s: int, day: int, run: int, values: Floats) -> float:
    series = courses.series[s]
    if series.shape > LINEAR:
        return _interpolate_dated(courses, s, day, run, values)
    first, last = series.first, series.first + series.count - 1
    if series.shape == CONSTANT:
        return values[courses.point_quantity[first], run]  # type: ignore[no-any-return]
    after = first
    while after <= last and courses.point_day[after] <= day:
        after += 1
    if after == first:
        return values[courses.point_quantity[first], run]  # type: ignore[no-any-return]
    before = values[courses.point_quantity[after - 1], run]
    if after > last or series.shape == STEP:
        return before  # type: ignore[no-any-return]
    begin, end = courses.point_day[after - 1], courses.point_day[after]
    return linear_value(day, begin, end, before, values[courses.point_quantity[after], run])
