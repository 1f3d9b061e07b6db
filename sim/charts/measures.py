"""What the outcomes of a study are called, and their units."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import counted
from sim.formatting import NumberFormat, number_format
from sim.units import Unit

EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class Measure:
    """One outcome in words.

    Attributes
    ----------
    name : str
        As in a table: ``exhausted``.
    heading : str
        Over a plot: ``Day on which the stock is gone``.
    event : str
        For a day, what happens on it, as a clause: ``the stock is gone``; else empty.
    unit : str
        ``days`` (from the start), ``shells`` or ``shells/day``.
    """

    name: str
    heading: str
    event: str = ""
    unit: str = Unit.SHELLS

    @property
    def is_day(self) -> bool:
        """Whether it is a day from the start, which a run may never reach."""
        return bool(self.event)

    @property
    def noun(self) -> str:
        """The heading inside a sentence."""
        return self.heading[0].lower() + self.heading[1:]

    @property
    def human(self) -> NumberFormat:
        """How its numbers are told."""
        return number_format(self.unit)


_HEADINGS = {
    "closing_stock": "Stock at the end",
    "required": "Shells required",
    "fired": "Shells fired",
    "unmet": "Shells required but not fired",
    "landed": "Shells landed",
    "produced": "Shells produced",
    "lost": "Shells lost",
}


def measure_of(outcome: str) -> Measure:
    """Return an outcome in words."""
    if outcome == EXHAUSTED:
        return _day(outcome, "the stock is gone")
    if outcome == "rationed_from":
        return _day(outcome, "fire falls short")
    if outcome.startswith("below_"):
        return _day(outcome, f"less than {supply_left(outcome)}")
    if outcome == "sustained_fire":
        return Measure(outcome, "Fire over the last 90 days", unit=Unit.SHELLS_A_DAY)
    return Measure(outcome, _HEADINGS.get(outcome, outcome))


def supply_left(outcome: str) -> str:
    """Return what is left of ``below_30``: ``30 days of supply are left``."""
    days = outcome.removeprefix("below_")
    return f"{counted(days, 'day')} of supply {'is' if days == '1' else 'are'} left"


def _day(outcome: str, event: str) -> Measure:
    return Measure(outcome, f"Day on which {event}", event, Unit.DAYS)
