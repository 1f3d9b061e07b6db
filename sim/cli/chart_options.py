"""Options of ``sim chart``: text of the command line as arguments of the functions of `sim.charts`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from sim import evidence
from sim.charts.shown_period import END
from sim.errors import ArgumentError, Fault
from sim.scenario.dimension import SHARE
from sim.units import UnitError, parse_date

#: Options that are not named as in Python, where ``from`` is a keyword.
_SPELLINGS = {"since": "--from"}


class ChartOptions(NamedTuple):
    """Options of ``sim chart`` as text; None or empty where not written."""

    of: tuple[str, ...] = ()
    show: str | None = None
    level: str | None = None
    since: str | None = None
    until: str | None = None
    on: str | None = None
    claims: bool | None = None
    title: str | None = None
    subtitle: str | None = None
    style: Path | None = None

    def written(self) -> list[str]:
        """Return the names in Python of the options that are written."""
        return [name for name in self._fields if getattr(self, name) not in (None, ())]

    def arguments(self) -> dict[str, Any]:
        """Return the options that are written as arguments in Python.

        Raises
        ------
        ArgumentError
            A date or a share is none; lists every fault.
        """
        faults: list[Fault] = []
        found: dict[str, Any] = {}
        for name in self.written():
            try:
                found[name] = _argument(name, getattr(self, name))
            except UnitError as error:
                faults.append(
                    Fault(f"{spelling(name)}: {error.problem}", allowed=error.allowed, nearest=error.nearest)
                )
        if faults:
            raise ArgumentError(faults)
        return found


def spelling(name: str) -> str:
    """Return an option as the command line has it, by its name in Python."""
    return _SPELLINGS.get(name, f"--{name}")


def _argument(name: str, value: Any) -> Any:
    if name == "of":
        return value[0] if len(value) == 1 else list(value)
    if name == "claims":
        return evidence.look_up(quantity="stock")
    if name == "level":
        return SHARE.read(value).value
    if name == "until" and value == END:
        return END
    return parse_date(value) if name in {"since", "until", "on"} else value
