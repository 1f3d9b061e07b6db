"""Findings of studies, for results that do not depend on `sim.findings`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.auditing.audit_result import Audit
    from sim.auditing.backtest_result import Backtest
    from sim.findings.finding import Finding
    from sim.findings.stock_figures import ResultTables
    from sim.study.breakeven_result import Breakeven
    from sim.study.comparison_result import Comparison
    from sim.study.paired_difference import Difference
    from sim.study.sensitivity_result import Sensitivity
    from sim.study.unknown_stock import SolvedStock


def describe_audit(found: Audit) -> Sequence[Finding]:
    """Return the findings of an audit; see `sim.findings.audit_findings`."""
    from sim.findings.audit_findings import audit_findings

    return audit_findings(found)


def describe_backtest(found: Backtest) -> Sequence[Finding]:
    """Return the findings of a backtest; see `sim.findings.backtest_findings`."""
    from sim.findings.backtest_findings import backtest_findings

    return backtest_findings(found)


def describe_breakeven(found: Breakeven) -> Sequence[Finding]:
    """Return the findings of a break-even search; see `sim.findings.breakeven_findings`."""
    from sim.findings.breakeven_findings import breakeven_findings

    return breakeven_findings(found)


def describe_comparison(found: Comparison) -> Sequence[Finding]:
    """Return the findings of a comparison; see `sim.findings.comparison_findings`."""
    from sim.findings.comparison_figures import ComparisonFigures
    from sim.findings.comparison_findings import comparison_findings

    rows: dict[str, dict[str, Difference]] = {one.name: {} for one in found.scenarios[1:]}
    for each in found.differences:
        rows[each.scenario][each.outcome] = each
    return comparison_findings(ComparisonFigures(found.figures(), found.names, rows))


def describe_sensitivity(found: Sensitivity) -> Sequence[Finding]:
    """Return the findings of a sensitivity analysis; see `sim.findings.sensitivity_findings`."""
    from sim.findings.sensitivity_figures import SensitivityFigures
    from sim.findings.sensitivity_findings import sensitivity_findings

    return sensitivity_findings(SensitivityFigures.of_summary(found.figures(), found.names))


def describe_solved_stock(tables: ResultTables, solved: SolvedStock) -> Sequence[Finding]:
    """Return the findings of a run with a solved stock; see `sim.findings.unknown_stock_findings`."""
    from sim.findings.unknown_stock_findings import solved_stock_findings

    return solved_stock_findings(tables, solved)
