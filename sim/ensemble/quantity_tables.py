"""Tables of the numbers of a scenario: quantities with their laws and streams, and daily series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sim.account import stream_key
from sim.ensemble import scenario_tables as to
from sim.scenario import laws
from sim.scenario.laws import Choice, Exponential, Law, Uniform
from sim.scenario.quantity import Course, Day, Number, Quantity, unit_of
from sim.scenario.scenario import Scenario
from sim.units import UNITS_OF_MASS, Unit

ParameterRow = tuple[float, ...]


class QuantityTable:
    """Growing tables of quantities, series and choices.

    Parameters
    ----------
    scenario : Scenario

    Attributes
    ----------
    quantities, series : list of tuple
        Rows of `scenario_tables.QUANTITY` and `scenario_tables.SERIES`.
    choices, weights : list of float
    point_day, point_date, point_quantity : list of int
    dates : dict of int to DayRow
        Dates that are drawn or count from an event, by row, each after those from which it counts.
    drawn : dict of str to int
        Rows drawn once a run, by path.
    divisors : set of int
        Rows of divisors, which are never drawn below `limits.LEAST`.
    durations : set of int
        Rows of durations drawn once a run.
    series_paths : list of str
        Path of each series.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.start = scenario.start.toordinal()
        self.quantities: list[ParameterRow] = []
        self.series: list[ParameterRow] = []
        self.choices: list[float] = []
        self.weights: list[float] = []
        self.point_day: list[int] = []
        self.point_date: list[int] = []
        self.point_quantity: list[int] = []
        self.dates: dict[int, to.DayRow] = {}
        self.drawn: dict[str, int] = {}
        self.gaps: set[int] = set()
        self.divisors: set[int] = set()
        self.durations: set[int] = set()
        self.series_paths: list[str] = []
        self._known: dict[tuple[str, str, int], int] = {}
        self._paths: dict[str, list[int]] = {}

    def once(self, quantity: Quantity) -> int:
        """Return the row of an input, drawn once a run (rule 6)."""
        row = self._add(quantity, quantity.path, "")
        sampled = self.scenario.draws
        if quantity.law is not None or (sampled is not None and quantity.path in sampled):
            self.drawn[quantity.path] = row
            if quantity.unit is Unit.DAYS:
                self.durations.add(row)
        return row

    def once_or_none(self, quantity: Quantity | None) -> int:
        """Return the row of an input, drawn once a run; -1 for None."""
        return -1 if quantity is None else self.once(quantity)

    def day(self, day: Day) -> tuple[int, int]:
        """Return a day from the start and -1; or 0 and the row of a day that differs by run."""
        if isinstance(day, dt.date):
            return day.toordinal() - self.start, -1
        return 0, self.date(day, is_day=True)

    def date(self, quantity: Quantity, *, is_day: bool = False) -> int:
        """Return the row of a date; with `is_day` it is rounded to the nearest day (rule 35)."""
        row = self.once(quantity)
        if row not in self.dates and (is_day or quantity.after):
            base, shift = -1, 0
            sampled = self.scenario.draws
            if quantity.after and not (sampled is not None and quantity.path in sampled):
                shift, base = self.day(self.scenario.day_of_event(quantity.after))
            self.dates[row] = to.DayRow(row, base, float(shift), is_day)
        return row

    def divisor(self, quantity: Quantity) -> int:
        """Return the row of an input that serves as a divisor."""
        row = self.once(quantity)
        self.divisors.add(row)
        return row

    def each(self, quantity: Quantity) -> int:
        """Return the row of a number that is drawn anew on each use."""
        return self._add(quantity, quantity.path, "")

    def beside(self, quantity: Quantity, stream: str) -> int:
        """Return the row of a distribution with a separate stream: return travel, an early delivery."""
        return self._add(quantity, stream, stream)

    def uniform(self, stream: str) -> int:
        """Return the row of the uniforms of a stream."""
        return self._add(Quantity(0.5, Unit.NUMBER, Uniform(0.0, 1.0)), stream, stream)

    def gap(self, every: Quantity, stream: str) -> int:
        """Return the row of a gap; a fixed gap is the mean of an exponential (rule 28)."""
        row = self.each(every) if every.law is not None else self._add(every, stream, "gap")
        self.gaps.add(row)
        return row

    def mass(self, number: Number, munition: str) -> int:
        """Return the row of a munition's gross mass if the number is in tonnes, else -1."""
        if unit_of(number) not in UNITS_OF_MASS or not munition:
            return -1
        mass = self.scenario.munition_parts[munition].gross_mass
        return -1 if mass is None else self.divisor(mass)

    def by_day(
        self, number: Number, munition: str, *, factor: int = -1, own: int = -1, growth: int | None = None
    ) -> int:
        """Return the series of a number or course; tonnes of a munition are converted to shells."""
        first = len(self.point_day)
        shape = to.CONSTANT
        points: tuple[tuple[Day, Quantity], ...] = (
            number.points if isinstance(number, Course) else ((self.scenario.start, number),)
        )
        for date, quantity in points:
            day, row = self.day(date)
            self.point_day.append(day)
            self.point_date.append(row)
            self.point_quantity.append(self.once(quantity))
        if isinstance(number, Course):
            is_dated = max(self.point_date[first:]) >= 0
            steps, lines = (to.DATED_STEP, to.DATED_LINEAR) if is_dated else (to.STEP, to.LINEAR)
            shape = steps if number.between == "step" else lines
        grows = -1 if growth is None else growth
        self.series.append((shape, first, len(points), self.mass(number, munition), grows, factor, own))
        self.series_paths.append(number.path)
        return len(self.series) - 1

    def rows(self) -> Mapping[str, tuple[int, ...]]:
        """Return the rows of every number in the scenario file, by path."""
        return {path: tuple(rows) for path, rows in self._paths.items()}

    def _add(self, quantity: Quantity, stream: str, use: str) -> int:
        # Defaults have no path: each gets a separate row.
        key = (quantity.path or f"default {len(self.quantities)}", use, id(quantity.law))
        if key not in self._known:
            self._known[key] = len(self.quantities)
            less = float(self.start) if quantity.unit is Unit.DATE and not quantity.after else 0.0
            law, first, count, parameters = self._law(quantity, use)
            self.quantities.append((law, first, count, *parameters, less, stream_key(stream)))
            if quantity.path:
                self._paths.setdefault(quantity.path, []).append(self._known[key])
        return self._known[key]

    def _law(self, quantity: Quantity, use: str) -> tuple[int, int, int, ParameterRow]:
        law: Law | None = quantity.law
        if law is None and use == "gap":
            law = Exponential(quantity.value)
        if isinstance(law, Choice):
            first = len(self.choices)
            self.choices += law.values
            self.weights += law.cumulated
            return law.code, first, len(law.values), (0.0,) * 7
        parameters = (quantity.value,) if law is None else law.parameters()
        code = laws.FIXED if law is None else law.code
        return code, 0, 0, (*parameters, *(0.0,) * (7 - len(parameters)))
