"""Lines of a verdict by consumer: who goes short first where priorities decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.findings.finding import Finding, Scope
from sim.findings.stock_figures import FirstDay, ResultTables
from sim.findings.wording import first_day_text

#: Consumers that get a line of their own.
MAX_CONSUMER_LINES = 4


def consumer_lines(tables: ResultTables, scope: Scope) -> Iterator[Finding]:
    """Yield the first short day of each consumer of a depot with several priorities, the earliest first.

    There is no line where no consumer of such a depot goes short, or none has a requirement.

    Parameters
    ----------
    tables : ResultTables
    scope : Scope
        Of all stocks together.
    """
    found: Mapping[str, Mapping[str, Any]] = tables.figures().get("consumers", {})
    decided = {name: each for name, each in found.items() if _has_rival(each, found)}
    firsts = {name: FirstDay.of(each["rationed"]) for name, each in decided.items()}
    if not any(first.share for first in firsts.values()):
        return
    names = tables.names.consumers(firsts)
    for name in sorted(firsts, key=lambda name: _order(firsts[name]))[:MAX_CONSUMER_LINES]:
        first = firsts[name]
        own = Scope(scope.start, scope.end, scope.runs, found[name]["depot"], None, name)
        yield Finding(
            "consumer_short",
            own,
            {**first.values(), "priority": found[name]["priority"]},
            first_day_text(first, scope.runs, scope.end_date),
            (f"outcomes.csv: rationed_from.{name}",),
            f"Short: {names[name]}",
        )


def _has_rival(one: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]]) -> bool:
    """Return whether a consumer of the same depot has another priority."""
    at_depot = (each for each in found.values() if each["depot"] == one["depot"])
    return any(each["priority"] != one["priority"] for each in at_depot)


def _order(first: FirstDay) -> tuple[float, str]:
    """Return the sort key of a first day: the share of runs, largest first, then the median."""
    return -first.share, "" if first.middle is None else first.middle.isoformat()
