"""Findings of studies, for results that do not depend on `sim.findings`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.findings.finding import Finding
    from sim.findings.stock_figures import ResultTables
    from sim.study.breakeven_result import Breakeven
    from sim.study.unknown_stock import SolvedStock


def describe_breakeven(found: Breakeven) -> Sequence[Finding]:
    """Return the findings of a break-even search; see `sim.findings.breakeven_findings`."""
    from sim.findings.breakeven_findings import breakeven_findings

    return breakeven_findings(found)


def describe_solved_stock(tables: ResultTables, solved: SolvedStock) -> Sequence[Finding]:
    """Return the findings of a run with a solved stock; see `sim.findings.unknown_stock_findings`."""
    from sim.findings.unknown_stock_findings import solved_stock_findings

    return solved_stock_findings(tables, solved)
