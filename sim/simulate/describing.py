"""Findings of studies, for results that do not depend on `sim.findings`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.findings.finding import Finding
    from sim.study.breakeven_result import Breakeven


def describe_breakeven(found: Breakeven) -> Sequence[Finding]:
    """Return the findings of a break-even search; see `sim.findings.breakeven_findings`."""
    from sim.findings.breakeven_findings import breakeven_findings

    return breakeven_findings(found)
