"""Hindsight: sources, events and phases of a scenario that were not published by a date.

Each of these is hindsight:

- a source that was published after the date, or whose date of publication is not known;
- an event without a source whose day, or whose first day, is after the date. With sources it is known from
  the first of them on, also if it is in the future. A random event has no day;
- a phase, which is a dated point of a course or a delivery, after the date and without a source.

A number without a source that holds from the start is an assumption, and no hindsight. Notes, labels and a
file of joint samples have no date and are not checked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sim.errors import Where
from sim.evidence import Estimate
from sim.scenario.citation import Source
from sim.scenario.number_listing import ListedNumber, list_cited_numbers
from sim.scenario.scenario import Scenario

_EVENTS = "events."


class HindsightKind(StrEnum):
    """Kind of input that is later than the date."""

    SOURCE = "source"
    EVENT = "event"
    PHASE = "phase"


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A source, an event or a phase that is later than a date.

    Attributes
    ----------
    kind : HindsightKind
    path : str
        Path of the number or the event.
    name : str
        The source, the event, or the date of the phase.
    date : datetime.date or None
        Of publication, or of the event or phase; None if unknown.
    where : Where or None
        Position in the file.
    """

    kind: HindsightKind
    path: str
    name: str
    date: dt.date | None
    where: Where | None

    @property
    def sentence(self) -> str:
        """Return the input and its date as a sentence without a full stop."""
        if self.kind is not HindsightKind.SOURCE:
            return f"the {self.kind} {self.name} is of {self.date}, and has no source"
        if self.date is None:
            return f"the source {self.name} has no date of publication"
        return f"the source {self.name} was published on {self.date}"


def find_hindsight(
    scenario: Scenario, table: Mapping[str, Estimate], as_of: dt.date
) -> tuple[Hindsight, ...]:
    """Return the sources, events and phases of a scenario that are later than a date, in order of path.

    Parameters
    ----------
    scenario : Scenario
    table : mapping of str to Estimate
        The estimates that the scenario may cite.
    as_of : datetime.date
        The last day whose publications count.
    """
    numbers = list(list_cited_numbers(scenario))
    found = [*_late_sources(numbers, table, as_of), *_late_phases(numbers, as_of)]
    found += _late_events(scenario, numbers, as_of)
    return tuple(sorted(found, key=lambda each: (each.path, each.kind, each.name)))


def _late_sources(
    numbers: Sequence[ListedNumber], table: Mapping[str, Estimate], as_of: dt.date
) -> Iterator[Hindsight]:
    for listed in numbers:
        quantity = listed.quantity
        for source in quantity.sources:
            published = _published(source, table)
            if published is None or published > as_of:
                kind, name = HindsightKind.SOURCE, source if isinstance(source, str) else source.url
                yield Hindsight(kind, quantity.path, name, published, quantity.where)


def _late_phases(numbers: Sequence[ListedNumber], as_of: dt.date) -> Iterator[Hindsight]:
    for listed in numbers:
        quantity = listed.quantity
        date = _date_of_path(quantity.path)
        if date is not None and date > as_of and not quantity.sources:
            yield Hindsight(HindsightKind.PHASE, quantity.path, date.isoformat(), date, quantity.where)


def _late_events(scenario: Scenario, numbers: Sequence[ListedNumber], as_of: dt.date) -> Iterator[Hindsight]:
    cited = {listed.part for listed in numbers if listed.quantity.sources}
    for name, event in scenario.events.items():
        path = f"{_EVENTS}{name}"
        day = event.reference_day()
        # A date that is drawn, or counts from another event, is not known in hindsight.
        if isinstance(day, dt.date) and day > as_of and path not in cited:
            yield Hindsight(HindsightKind.EVENT, path, name, day, None)


def _published(source: Source, table: Mapping[str, Estimate]) -> dt.date | None:
    if not isinstance(source, str):
        return source.published
    row = table.get(source)
    return None if row is None else row.published


def _date_of_path(path: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(path.rpartition(".")[2])
    except ValueError:
        return None
