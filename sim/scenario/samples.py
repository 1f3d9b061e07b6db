"""From the text of a table of joint samples to `Draws`, held against the numbers of its scenario."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.attachment import DRAWS, Attachment
from sim.scenario.cells import Record, Sheet
from sim.scenario.dimension import BEGINS_LIKE_A_DATE
from sim.scenario.draws import Draws, packed
from sim.scenario.listing import Listed, numbers
from sim.scenario.path import within
from sim.scenario.scenario import Scenario
from sim.scenario.spelling import Speller
from sim.scenario.targets import targets_of
from sim.units import LARGEST, NUMBER, Unit, UnitError, parse, parse_date, shown

MOST_FAULTS = 20
BARE = re.compile(rf"(?:{NUMBER.pattern})(?P<multiple> ?(?:k|M|bn))?")
FIRST_DAY, LAST_DAY = "1900-01-01", "2199-12-31"
CELLS_ALLOWED = "a cell for each path, and a point in decimals, such as 1.5"
ONCE = "a number of the file that is drawn once a run, by its path; `sim show` lists them"


def read_draws(file: Attachment, scenario: Scenario, speller: Speller) -> Draws:
    """Read a table of joint samples: a header of paths, then a row for each sample.

    Parameters
    ----------
    file : Attachment
        CSV in UTF-8, cells in base units or with a unit; dates as such or in days from the start.
    scenario : Scenario
        Says which paths there are and what each may be.
    speller : Speller
        Finds the nearest right path.

    Raises
    ------
    ScenarioError
        With what is wrong, each with file, line, column and path; of many faults the first twenty.
    """
    sheet = Sheet(file.data, file.file, DRAWS)
    records = sheet.records()
    header = next(records, None)
    if header is None:
        where = Where(file.file, 1, 1)
        raise ScenarioError([Fault("the table is empty", where, DRAWS, "a header of paths, then rows")])
    places = [sheet.place(header, cell) for cell in range(len(header.cells))]
    _raise_first(misplaced(scenario, header.cells, places, speller))
    known = _known(scenario)
    columns = [_Column(known[path], scenario.start.toordinal()) for path in header.cells]
    rows: list[list[float]] = []
    _raise_first(_wrong_cells(sheet, records, columns, rows))
    if not rows:
        raise ScenarioError([Fault("the table has no rows", places[0], DRAWS, "a row for each sample")])
    order = sorted(range(len(columns)), key=header.cells.__getitem__)
    return Draws(
        name=file.name,
        digest=file.digest,
        paths=tuple(header.cells[at] for at in order),
        units=tuple(columns[at].listed.quantity.unit for at in order),
        dated=tuple(bool(columns[at].dated) for at in order),
        places=tuple(places[at] for at in order),
        data=packed([row[at] for row in rows for at in order]),
    )


def kept(draws: Draws, before: Scenario, scenario: Scenario, speller: Speller) -> Draws:
    """Return the samples of one scenario for another that was made from it.

    Raises
    ------
    ScenarioError
        A column does not fit the other scenario.
    """
    _raise_first(misplaced(scenario, draws.paths, draws.places, speller))
    known = _known(scenario)
    faults = []
    for path, unit, place in zip(draws.paths, draws.units, draws.places, strict=True):
        now = known[path].quantity.unit
        if now is not unit:
            problem = f"the column is in {unit}, and the number of the file is now in {now}"
            faults.append(Fault(problem, place, path, f"a number in {unit}, or draws without the column"))
    _raise_first(faults)
    return draws.later(scenario.start.toordinal() - before.start.toordinal())


def overruled(draws: Draws, changes: Mapping[str, Where]) -> Iterator[Fault]:
    """Yield a fault for each single value that is set although a column gives it in every run.

    Parameters
    ----------
    draws : Draws
    changes : mapping of str to Where
        The paths that are set, and where.
    """
    for path, where in changes.items():
        if path.rpartition(".")[2] in {"source", "note"}:
            continue
        for column in draws.paths:
            if within(column, path) or within(path, column):
                problem = f"{draws.name} gives {column} in every run, whatever is set here"
                yield Fault(problem, where, path, "draws: null, or draws without this column")


def misplaced(
    scenario: Scenario, paths: Sequence[str], places: Sequence[Where], speller: Speller
) -> Iterator[Fault]:
    """Yield what is wrong with the columns of a table: unknown, twice, or drawn each time (rule 6)."""
    known = _known(scenario)
    streams = set(_streams(scenario))
    fleets = targets_of(scenario.tree, speller).fleets
    stops = {f"events.{name}.share" for name, event in scenario.events.items() if event.stops in fleets}
    first: dict[str, Where] = {}
    for path, place in zip(paths, places, strict=True):
        if path in first:
            problem = f"the column {shown(path)} stands here again, first at {first[path]}"
            yield Fault(problem, place, path, "each path once")
        elif path in streams or (path in known and known[path].happens):
            yield Fault("this is drawn anew each time that it happens, not once a run", place, path, ONCE)
        elif path in stops:
            yield Fault("a fleet is stopped wholly: there is nothing to draw", place, path, ONCE)
        elif path not in known:
            near = speller.nearest(path, known)
            yield Fault(f"there is no number {shown(path)} in the scenario", place, path, ONCE, near)
        first.setdefault(path, place)


def _raise_first(faults: Iterable[Fault]) -> None:
    """Raise the faults, the first twenty of them where there are more."""
    told = list(islice(faults, MOST_FAULTS))
    if len(told) == MOST_FAULTS:
        told.append(Fault(f"of the faults of this table the first {MOST_FAULTS} are told", path=DRAWS))
    if told:
        raise ScenarioError(told)


def _known(scenario: Scenario) -> dict[str, Listed]:
    return {listed.quantity.path: listed for listed in numbers(scenario)}


def _streams(scenario: Scenario) -> Iterator[str]:
    """Yield the streams that are no number of the file (rule 5)."""
    for name in scenario.consumption:
        yield f"consumption.{name}.variation"
    for name, shipment in scenario.shipments.items():
        yield from (f"shipments.{name}.route.{leg}.back" for leg in range(len(shipment.route)))


def _wrong_cells(
    sheet: Sheet, records: Iterable[Record], columns: Sequence[_Column], rows: list[list[float]]
) -> Iterator[Fault]:
    """Yield what is wrong in the rows of a table; `rows` gains the values of each."""
    for record in records:
        if len(record.cells) != len(columns):
            count, width = len(record.cells), len(columns)
            where = sheet.place(record, min(count, width + 1) - 1)
            yield Fault(f"the row has {count} cells, the header {width}", where, DRAWS, CELLS_ALLOWED)
            continue
        row: list[float] = []
        for position, (cell, column) in enumerate(zip(record.cells, columns, strict=True)):
            try:
                row.append(column.read(cell))
            except UnitError as error:
                path = column.listed.quantity.path
                yield Fault(error.problem, sheet.place(record, position), path, error.allowed, error.nearest)
        rows.append(row)


class _Column:
    """Reads the cells of one column.

    Parameters
    ----------
    listed : Listed
        The number that the column gives.
    start : int
        The first day as an ordinal.

    Attributes
    ----------
    dated : bool or None
        Whether it holds dates; None until the first cell of a column for a date is read.
    """

    __slots__ = ("dated", "listed", "start")

    def __init__(self, listed: Listed, start: int) -> None:
        self.listed = listed
        self.start = start
        self.dated: bool | None = None

    def read(self, text: str) -> float:
        """Return a cell in base units, a date in days from the start; raises `UnitError`."""
        dimension, unit = self.listed.dimension, self.listed.quantity.unit
        if unit is Unit.DATE:
            return self._day(text)
        bare = BARE.fullmatch(text)
        if bare:
            value = _number(text, bare)
            dimension.check(value, text, unit)
            return value
        amount = dimension.read(text)
        if amount.unit is not unit:
            problem = f"{shown(text)} is in {amount.unit}, and the number of the file in {unit}"
            raise UnitError(problem, f"a number, in {unit}")
        return amount.value

    def _day(self, text: str) -> float:
        dated = bool(BEGINS_LIKE_A_DATE.match(text))
        if self.dated is None:
            self.dated = dated
        elif self.dated is not dated:
            problem = f"{shown(text)} stands among {'dates' if self.dated else 'days from the start'}"
            raise UnitError(problem, "a column of dates, or one of days from the start")
        if dated:
            return float(parse_date(text).toordinal() - self.start)
        bare = BARE.fullmatch(text)
        day = _number(text, bare) if bare else self.listed.dimension.read(text).value
        first, last = (parse_date(end).toordinal() for end in (FIRST_DAY, LAST_DAY))
        if not first <= self.start + day <= last:
            raise UnitError(f"{shown(text)} is too far away", f"{FIRST_DAY} to {LAST_DAY}")
        return day


def _number(text: str, bare: re.Match[str]) -> float:
    value = 0.0 if bare["multiple"] else float(text)
    # What is plain is read in the quickest way; zero and what is too large are left to the grammar.
    return value if 0.0 < abs(value) <= LARGEST else parse(text).value
