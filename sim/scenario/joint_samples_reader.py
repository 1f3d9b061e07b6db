"""Reader of joint samples: CSV to `JointSamples`, validated against the numbers of the scenario."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.attachment import DRAWS_KEY, Attachment
from sim.scenario.csv_cells import CsvRow, CsvText
from sim.scenario.dimension import DATE_START
from sim.scenario.event_targets import find_targets
from sim.scenario.joint_samples import JointSamples, encode_values
from sim.scenario.number_listing import ListedNumber, numbers_by_path
from sim.scenario.path import is_within
from sim.scenario.scenario import Scenario
from sim.scenario.suggestions import Suggester
from sim.units import MAX_VALUE, MULTIPLE_PATTERN, NUMBER_PATTERN, Unit, UnitError, parse, parse_date, quote

MAX_FAULTS = 20
BARE_NUMBER = re.compile(rf"(?:{NUMBER_PATTERN.pattern})(?P<multiple> ?(?:{MULTIPLE_PATTERN}))?")
FIRST_DAY, LAST_DAY = "1900-01-01", "2199-12-31"
CELLS_ALLOWED = "a cell for each path, and a point in decimals, such as 1.5"
ONCE_ALLOWED = "a number of the file that is drawn once a run, by its path; `sim show` lists them"


def read_samples(file: Attachment, scenario: Scenario, suggester: Suggester) -> JointSamples:
    """Read a table of joint samples: a header of paths, then one row per sample.

    Cells are in base units or with a unit, dates as dates or in days from the start.

    Raise `ScenarioError` with at most twenty faults, each with file, line, column and path.
    """
    sheet = CsvText(file.data, file.file, DRAWS_KEY)
    records = sheet.records()
    header = next(records, None)
    if header is None:
        where = Where(file.file, 1, 1)
        raise ScenarioError([Fault("the table is empty", where, DRAWS_KEY, "a header of paths, then rows")])
    places = [sheet.place(header, cell) for cell in range(len(header.cells))]
    _raise_faults(column_faults(scenario, header.cells, places, suggester))
    known = numbers_by_path(scenario)
    columns = [_ColumnReader(known[path], scenario.start.toordinal()) for path in header.cells]
    rows: list[list[float]] = []
    _raise_faults(_cell_faults(sheet, records, columns, rows))
    if not rows:
        raise ScenarioError([Fault("the table has no rows", places[0], DRAWS_KEY, "a row for each sample")])
    order = sorted(range(len(columns)), key=header.cells.__getitem__)
    return JointSamples(
        name=file.name,
        digest=file.digest,
        paths=tuple(header.cells[at] for at in order),
        units=tuple(columns[at].number.quantity.unit for at in order),
        is_date=tuple(bool(columns[at].is_date) for at in order),
        positions=tuple(places[at] for at in order),
        data=encode_values([row[at] for row in rows for at in order]),
    )


def keep_samples(
    draws: JointSamples, before: Scenario, scenario: Scenario, suggester: Suggester
) -> JointSamples:
    """Return the samples of a scenario for one derived from it.

    Raise `ScenarioError` if a column does not fit the derived scenario.
    """
    _raise_faults(column_faults(scenario, draws.paths, draws.positions, suggester))
    known = numbers_by_path(scenario)
    faults = []
    for path, unit, place in zip(draws.paths, draws.units, draws.positions, strict=True):
        now = known[path].quantity.unit
        if now is not unit:
            problem = f"the column is in {unit}, and the number of the file is now in {now}"
            faults.append(Fault(problem, place, path, f"a number in {unit}, or draws without the column"))
    _raise_faults(faults)
    return draws.shifted(scenario.start.toordinal() - before.start.toordinal())


def override_faults(draws: JointSamples, changes: Mapping[str, Where]) -> Iterator[Fault]:
    """Yield a fault for each overridden path, given with its position, that a column also sets."""
    for path, where in changes.items():
        if path.rpartition(".")[2] in {"source", "note"}:
            continue
        for column in draws.paths:
            if is_within(column, path) or is_within(path, column):
                problem = f"{draws.name} gives {column} in every run, whatever is set here"
                yield Fault(problem, where, path, "draws: null, or draws without this column")


def column_faults(
    scenario: Scenario, paths: Sequence[str], places: Sequence[Where], suggester: Suggester
) -> Iterator[Fault]:
    """Yield faults of the columns of a table: unknown, repeated, or drawn each time (rule 6)."""
    known = numbers_by_path(scenario)
    streams = set(_other_streams(scenario))
    indivisible = find_targets(scenario.tree, suggester).indivisible
    stops = {f"events.{name}.share" for name, event in scenario.events.items() if event.stops in indivisible}
    first: dict[str, Where] = {}
    for path, place in zip(paths, places, strict=True):
        if path in first:
            problem = f"the column {quote(path)} stands here again, first at {first[path]}"
            yield Fault(problem, place, path, "each path once")
        elif path in streams or (path in known and known[path].is_drawn_each_time):
            yield Fault(
                "this is drawn anew each time that it happens, not once a run", place, path, ONCE_ALLOWED
            )
        elif path in stops:
            problem = "a fleet or an order line is stopped wholly: there is nothing to draw"
            yield Fault(problem, place, path, ONCE_ALLOWED)
        elif path not in known:
            near = suggester.nearest(path, known)
            yield Fault(f"there is no number {quote(path)} in the scenario", place, path, ONCE_ALLOWED, near)
        first.setdefault(path, place)


def _raise_faults(faults: Iterable[Fault]) -> None:
    """Raise `ScenarioError` with the first twenty faults, if any."""
    shown = list(islice(faults, MAX_FAULTS))
    if len(shown) == MAX_FAULTS:
        shown.append(Fault(f"of the faults of this table the first {MAX_FAULTS} are told", path=DRAWS_KEY))
    if shown:
        raise ScenarioError(shown)


def _other_streams(scenario: Scenario) -> Iterator[str]:
    """Yield the streams that are not numbers of the file (rule 5)."""
    for name, consumer in scenario.consumption.items():
        yield f"consumption.{name}.variation"
        yield from (f"consumption.{name}.activities.{key}.happens" for key in consumer.activities)
    for name, shipment in scenario.shipments.items():
        yield from (f"shipments.{name}.route.{leg}.back" for leg in range(len(shipment.route)))


def _cell_faults(
    sheet: CsvText, records: Iterable[CsvRow], columns: Sequence[_ColumnReader], rows: list[list[float]]
) -> Iterator[Fault]:
    """Yield the faults of the rows of a table; append the values of each row to `rows`."""
    for record in records:
        if len(record.cells) != len(columns):
            count, width = len(record.cells), len(columns)
            where = sheet.place(record, min(count, width + 1) - 1)
            yield Fault(f"the row has {count} cells, the header {width}", where, DRAWS_KEY, CELLS_ALLOWED)
            continue
        row: list[float] = []
        for position, (cell, column) in enumerate(zip(record.cells, columns, strict=True)):
            try:
                row.append(column.read(cell))
            except UnitError as error:
                path = column.number.quantity.path
                yield Fault(error.problem, sheet.place(record, position), path, error.allowed, error.nearest)
        rows.append(row)


class _ColumnReader:
    """Parser of the cells of one column, with the number that it sets and the first day as an ordinal.

    `is_date` is true if the column contains dates; None until the first cell of a date column is read.
    """

    __slots__ = ("is_date", "number", "start")

    def __init__(self, listed: ListedNumber, start: int) -> None:
        self.number = listed
        self.start = start
        self.is_date: bool | None = None

    def read(self, text: str) -> float:
        """Parse a cell to base units, dates to days from the start; raise `UnitError` if invalid."""
        dimension, unit = self.number.dimension, self.number.quantity.unit
        if unit is Unit.DATE:
            return self._day(text)
        bare = BARE_NUMBER.fullmatch(text)
        if bare:
            value = _read_number(text, bare)
            dimension.check(value, text, unit)
            return value
        amount = dimension.read(text)
        if amount.unit is not unit:
            problem = f"{quote(text)} is in {amount.unit}, and the number of the file in {unit}"
            raise UnitError(problem, f"a number, in {unit}")
        return amount.value

    def _day(self, text: str) -> float:
        dated = bool(DATE_START.match(text))
        if self.is_date is None:
            self.is_date = dated
        elif self.is_date is not dated:
            problem = f"{quote(text)} stands among {'dates' if self.is_date else 'days from the start'}"
            raise UnitError(problem, "a column of dates, or one of days from the start")
        if dated:
            return float(parse_date(text).toordinal() - self.start)
        bare = BARE_NUMBER.fullmatch(text)
        if bare is None and (amount := self.number.dimension.read(text)).after:
            problem = f"{quote(text)} counts from an event, and a sample from the start"
            raise UnitError(problem, "a date, or days from the start")
        day = _read_number(text, bare) if bare else amount.value
        first, last = (parse_date(end).toordinal() for end in (FIRST_DAY, LAST_DAY))
        if not first <= self.start + day <= last:
            raise UnitError(f"{quote(text)} is too far away", f"{FIRST_DAY} to {LAST_DAY}")
        return day


def _read_number(text: str, bare: re.Match[str]) -> float:
    value = 0.0 if bare["multiple"] else float(text)
    # Fast path for plain numbers; the parser handles zero and values out of range.
    return value if 0.0 < abs(value) <= MAX_VALUE else parse(text).value
