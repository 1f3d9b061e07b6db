"""Dates that count from an event: ``war``, ``war + 90 days``, ``war - 30 days`` (rule 35)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sim.errors import nearest
from sim.scenario.quantity import Quantity
from sim.scenario.suggestions import join_names
from sim.scenario.yaml_nodes import MapNode, Node
from sim.units import MAX_SHOWN_LENGTH, Amount, Unit, UnitError, parse, quote

_RELATIVE = re.compile(r"(?P<event>[A-Za-z0-9_-]+) *(?P<sign>[+-]) *(?P<lasts>[0-9].*)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
#: A name without a letter would look like a number.
_HAS_LETTER = re.compile("[A-Za-z]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ALLOWED = "an event and a duration, such as war + 90 days"


class DatedEvents(NamedTuple):
    """Events of a file, from whose date a date may count.

    Attributes
    ----------
    dated : tuple of str
        Names of events with a date or a window.
    recurring : tuple of str
        Names of events that recur and so have no date.
    """

    dated: tuple[str, ...] = ()
    recurring: tuple[str, ...] = ()

    def read(self, text: str) -> Amount | None:
        """Return a date that counts from an event, in days after it; None if the text is no such date.

        Raise `UnitError` if the event is not known or recurs, or what is added is no duration.
        """
        text = text.strip()
        if text in self.dated:
            return Amount(0.0, Unit.DATE, text)
        found = _RELATIVE.fullmatch(text) if len(text) <= MAX_SHOWN_LENGTH else None
        if found is None:
            self._check_name(text)
            return None
        if found["event"] in self.dated:
            return Amount(_signed_days(found), Unit.DATE, found["event"])
        if _is_duration(found["lasts"]):
            self._check_known(found["event"])
        return None

    def _check_name(self, text: str) -> None:
        """Raise `UnitError` if a text alone is the name of a recurring event, or almost that of another."""
        if text in self.recurring:
            raise self._recurs(text)
        near = nearest(text, self.dated) if _NAME.fullmatch(text) else ""
        if near:
            raise UnitError(f"unknown event {quote(text)}", self._known(), near)

    def _check_known(self, event: str) -> None:
        if event in self.recurring:
            raise self._recurs(event)
        if _NAME.fullmatch(event):
            raise UnitError(f"unknown event {quote(event)}", self._known(), nearest(event, self.dated))
        if _DATE.fullmatch(event):
            raise UnitError("a date counts from an event, not from another date", _ALLOWED)

    def _recurs(self, event: str) -> UnitError:
        return UnitError(f"the event {quote(event)} recurs, and has no date", self._known())

    def _known(self) -> str:
        return join_names(self.dated) or "an event with a date or a from, of which the file has none"


NO_DATED_EVENTS = DatedEvents()


def find_dated_events(events: Node | None) -> DatedEvents:
    """Return the events of an unvalidated section, so that one mistake in an event gives one fault."""
    if not isinstance(events, MapNode):
        return NO_DATED_EVENTS
    named = {name: event for name, event in events.items() if _HAS_LETTER.search(name)}
    recurring = tuple(
        name for name, event in named.items() if isinstance(event, MapNode) and "every" in event
    )
    return DatedEvents(tuple(name for name in named if name not in recurring), recurring)


def date_text(value: float, after: str = "") -> str:
    """Return a date as in a scenario file: an ordinal, or a number of days after an event."""
    if not after:
        return dt.date.fromordinal(int(value)).isoformat()
    if value == 0.0:
        return after
    return f"{after} {'-' if value < 0.0 else '+'} {abs(value):.15g} {'day' if abs(value) == 1.0 else 'days'}"


def relative_day(text: str, events: DatedEvents) -> Quantity | None:
    """Return a day that counts from an event, outside of a file; None if the text is no such day.

    Raise `UnitError` as `DatedEvents.read` does.
    """
    amount = events.read(text)
    if amount is None:
        return None
    written = " ".join(re.sub("([+-])", r" \1 ", text).split()) if amount.value else text.strip()
    return Quantity(amount.value, Unit.DATE, written=written, after=amount.after)


def find_circles(follows: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield each circle of names once, from the first of its names in order; `follows` maps name to name."""
    done: set[str] = set()
    for name in sorted(follows):
        way: list[str] = []
        while name in follows and name not in done:
            done.add(name)
            way.append(name)
            name = follows[name]
        if name in way:
            yield tuple(way[way.index(name) :])


def _is_duration(text: str) -> bool:
    try:
        return parse(text).unit is Unit.DAYS
    except UnitError:
        return False


def _signed_days(found: re.Match[str]) -> float:
    try:
        lasts = parse(found["lasts"])
    except UnitError as error:
        raise UnitError(error.problem, _ALLOWED, error.nearest) from None
    if lasts.unit is not Unit.DAYS:
        raise UnitError(f"{quote(found['lasts'])} after an event is not a duration", _ALLOWED)
    return -lasts.value if found["sign"] == "-" else lasts.value
