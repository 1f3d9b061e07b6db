"""Numbers of a scenario in sentences: a value with its unit, a rate in the period of the file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.formatting import exact_percent, four_figures, integer, trimmed
from sim.names import SHELL, Noun
from sim.units import CURRENCY_PATTERN, DAYS_PER_MONTH, DAYS_PER_YEAR, Unit

#: Unit of a break-even value that multiplies a whole course.
FACTOR = "factor"
_DAYS_PER_PERIOD = {"year": DAYS_PER_YEAR, "month": DAYS_PER_MONTH, "week": 7.0, "day": 1.0}
_PERIOD = re.compile(r"/ *(year|month|week|day)")
#: Unit nouns of settings whose base unit is a plain number.
_PLAIN_NOUNS = {
    "vehicles": "vehicles",
    "berths": "berths",
    "unloading_berths": "berths",
    "guns": "guns",
    "barrels": "barrels",
}


@dataclass(frozen=True, slots=True)
class NumberWords:
    """Formatter of the values of one number of a scenario.

    Attributes
    ----------
    path : str
    unit : str
        Base unit: a `sim.units.Unit`, or `FACTOR`.
    written : str
        The number as the file has it; a rate has the same period.
    noun : Noun
        Noun of the counted things.
    """

    path: str
    unit: str
    written: str = ""
    noun: Noun = SHELL

    def text(self, value: float) -> str:
        """Return a value with its unit: ``2.484M shells a year``, ``1.85 times``, ``85 %``."""
        number = self.number(value)
        return f"{number}{self._suffix(number)}"

    def number(self, value: float) -> str:
        """Return a value without its unit."""
        if self.unit == Unit.SHARE and not self.is_factor:
            return exact_percent(value).removesuffix(" %")
        if self.is_factor:
            return trimmed(value, 3)
        scaled = value * _DAYS_PER_PERIOD[self.period] if self.unit.endswith("/day") else value
        is_whole = 10 <= abs(scaled) < 1e6 and float(scaled).is_integer()
        return integer(scaled) if is_whole else four_figures(scaled)

    @property
    def is_factor(self) -> bool:
        """Whether the number multiplies another."""
        return self.unit == FACTOR or (self.unit == Unit.SHARE and self.path.endswith(".factor"))

    @property
    def period(self) -> str:
        """Period of a rate: that of the file, else a day."""
        found = _PERIOD.search(self.written)
        return found.group(1) if found else "day"

    def _suffix(self, number: str) -> str:
        """Return the unit after a number, with a space before it."""
        if self.is_factor:
            return " times"
        if self.unit == Unit.SHARE:
            return " %" + (" a month" if self.path.endswith(".growth") else "")
        counted = self.unit.removesuffix("/day")
        if counted == Unit.MONEY:
            code = CURRENCY_PATTERN.search(self.written)
            text = f" {code[0] if code else counted}"
            return f"{text} a {self.period}" if self.unit.endswith("/day") else text
        many = self._plain_noun if counted == Unit.NUMBER else counted
        noun = self.noun if counted == Unit.SHELLS else Noun(many.removesuffix("s"), many)
        text = noun.counted(number).removeprefix(number).rstrip()
        return f"{text} a {self.period}" if self.unit.endswith("/day") else text

    @property
    def _plain_noun(self) -> str:
        steps = [step for step in self.path.split(".")[2:] if not step.isdigit()]
        known = next((_PLAIN_NOUNS[step] for step in reversed(steps) if step in _PLAIN_NOUNS), None)
        return known if known is not None else steps[-1].replace("_", " ") if steps else ""
