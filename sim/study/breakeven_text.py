"""Sentences for break-even values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.errors import format_count
from sim.formatting import exact_percent, four_figures, plain_number
from sim.study.target import Target

if TYPE_CHECKING:
    from sim.study.breakeven_result import BreakevenPoint

#: Days in each period by which a file may give a rate.
_DAYS_PER_PERIOD = {"year": 365.25, "month": 365.25 / 12, "week": 7.0, "day": 1.0}
_PERIOD = re.compile(r"/ *(year|month|week|day)")


class BreakevenText:
    """Formatter of the break-even values of a number.

    Parameters
    ----------
    target : Target
    path, unit, written : str
        The number, its base unit, and its text in the file.
    runs : int
    certain : bool
        Whether nothing is uncertain, so that all runs are equal.
    """

    def __init__(
        self, target: Target, path: str, unit: str, written: str, runs: int, *, certain: bool
    ) -> None:
        self.target, self.path, self.unit, self.runs, self.certain = target, path, unit, runs, certain
        found = _PERIOD.search(written)
        self.period = found.group(1) if found else "day"

    def sentence(self, one: BreakevenPoint, varied: Sequence[str]) -> str:
        """Return the sentence of one point."""
        given = ", ".join(f"{path} {_format_plain(at)}" for path, at in zip(varied, one.at, strict=True))
        text = self._found_sentence(one) if one.is_found else self._not_found_sentence(one)
        return f"With {given}: {text[0].lower()}{text[1:]}" if given else text

    def notes(self, one: BreakevenPoint, varied: Sequence[str]) -> Iterator[str]:
        """Yield caveats: multiple crossings, and values with failed runs."""
        given = "".join(f", {path} {_format_plain(at)}" for path, at in zip(varied, one.at, strict=True))
        if one.turns > 1:
            yield (
                f"{self.path}{given}: the share of runs that hold crosses {exact_percent(self.target.share)} "
                f"at {one.turns} values or more; the lowest of them is told"
            )
        if one.failure and one.searched is not None:
            low, high = one.searched
            yield (
                f"{self.path}{given}: only values from {self.amount(low)} to {self.amount(high)} were looked "
                f"at; elsewhere {one.failure}"
            )

    def amount(self, value: float) -> str:
        """Return a value with its unit; a rate is for the period used in the file."""
        return f"{self._number(value)}{self._unit()}"

    def _number(self, value: float) -> str:
        if self.unit == "share":
            return f"{value * 100:.4g}"
        return four_figures(value * _DAYS_PER_PERIOD[self.period] if self.unit.endswith("/day") else value)

    def _unit(self) -> str:
        if self.unit == "share":
            return " %"
        counted = self.unit.removesuffix("/day")
        noun = "" if counted == "number" else f" {counted}"
        return f"{noun} a {self.period}" if self.unit.endswith("/day") else noun

    def _found_sentence(self, one: BreakevenPoint) -> str:
        assert one.value is not None  # noqa: S101 - called only if found
        where = f"{self._outcome_phrase()} of {self.amount(one.value)} {self._share_phrase()}"
        side = "more" if one.is_rising else "less"
        interval = "" if self.certain else f" (90 % interval {self._interval_phrase(one)})"
        return f"{where}{interval}; so does {side}" if one.turns < 2 else f"{where}{interval}"

    def _interval_phrase(self, one: BreakevenPoint) -> str:
        assert one.searched is not None  # noqa: S101 - set if a value is found
        low, high = one.searched
        under = f"under {self._number(low)}" if one.low is None else self._number(one.low)
        over = f"over {self._number(high)}" if one.high is None else self._number(one.high)
        return f"{under} to {over}"

    def _not_found_sentence(self, one: BreakevenPoint) -> str:
        if one.searched is None or one.best is None or one.worst is None:
            return f"No value of {self.path} can be tried: {one.failure}"
        low, high = one.searched
        value, share = one.best
        within = f"{self.path} between {self._number(low)} and {self.amount(high)}"
        if not one.decides:
            nothing = "it decides nothing within these bounds"
            if share == 0.0:
                return f"No value of {within} {self._share_phrase(1.0, 'any run')}: {nothing}"
            return f"Every value of {within} {self._share_phrase(share)}: {nothing}"
        if one.worst[1] >= self.target.share:
            return f"Every value of {within} {self._share_phrase()}: there is no break-even value"
        if self.certain or self.runs == 1:
            return f"No value of {within} {self._share_phrase()}"
        best = f"at best in {exact_percent(share)} of them, at {self.amount(value)}"
        return f"No value of {within} {self._share_phrase()}; {best}"

    def _outcome_phrase(self) -> str:
        section, name, *setting = self.path.split(".")
        if setting[:1] == ["rate"] and section in {"production", "consumption"}:
            return f"{section.capitalize()} ({' '.join([name, *setting[1:]])})"
        if setting[:1] == ["stock"]:
            return f"A stock ({' '.join([name, *setting[1:]])})"
        return self.path

    def _share_phrase(self, share: float | None = None, all_of_them: str = "every run") -> str:
        target, day = self.target, f"until {self.target.until}"
        share = target.share if share is None else share
        what = {
            "exhausted": f"keeps the stock {day}",
            "rationed_from": f"keeps everyone unrationed {day}",
            "unmet": f"meets the requirement {day}",
        }.get(target.outcome, f"keeps {format_count(target.cover, 'day')} of supply or more {day}")
        if self.certain or self.runs == 1:
            return what if self.certain else f"{what} in the one run"
        part = "half" if share == 0.5 else exact_percent(share)
        return f"{what} in {all_of_them if share == 1.0 else f'{part} of the runs'}"


def _format_plain(value: float | str) -> str:
    return value if isinstance(value, str) else plain_number(value)
