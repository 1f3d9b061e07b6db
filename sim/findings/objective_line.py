"""Line of a verdict for the objective: the first day on which the level aimed at is there."""

from __future__ import annotations

from collections.abc import Iterator

from sim.account import REACHES
from sim.findings.finding import Finding, Scope
from sim.findings.stock_figures import FirstDay, ResultTables
from sim.findings.wording import first_day_text


def objective_line(tables: ResultTables, scope: Scope) -> Iterator[Finding]:
    """Yield the first day on which the objective is reached, of several the last; none without one.

    Parameters
    ----------
    tables : ResultTables
    scope : Scope
        Of all stocks together.
    """
    found = tables.figures().get(REACHES)
    if found is None:
        return
    first = FirstDay.of(found)
    yield Finding(
        "objective",
        scope,
        first.values(),
        first_day_text(first, scope.runs, scope.end_date),
        (f"outcomes.csv: {REACHES}",),
        "Objective reached",
    )
