"""Chart data of an audit: its claims, the runs of the inputs after them, and provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from sim.charts.result_data import ChartData
from sim.charts.sweep_data import study_manifest
from sim.errors import ArgumentError, Fault
from sim.findings.audit_findings import CAVEAT, HEADLINE

if TYPE_CHECKING:
    import pandas as pd

    from sim.auditing.audit_result import Audit
    from sim.auditing.saved_audit import SavedAudit

#: A finished audit, in memory or read back from its folder.
AuditLike: TypeAlias = "Audit | SavedAudit"
_COUNTED = frozenset({"central", "range"})


@dataclass(frozen=True, slots=True)
class AuditData:
    """Chart data of one audit.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns as in ``claims.csv``.
    title, headline : str
        Title of the scenario, and headline of the chart of claims.
    seed : int
    manifest : mapping
        ``version``, ``digest`` of the scenario and ``sources``.
    drawdown : ChartData or None
        Runs of the inputs after the claims; None if the inference was not supported.
    """

    verb: ClassVar[str] = "audit"
    table: pd.DataFrame
    title: str
    headline: str
    seed: int
    manifest: Mapping[str, Any]
    drawdown: ChartData | None

    @classmethod
    def of(cls, found: AuditData | AuditLike) -> AuditData:
        """Return the chart data of an audit."""
        if isinstance(found, AuditData):
            return found
        summary = found.summary()
        # In memory it has its scenario besides, read back it is the tables alone.
        runs: Any = getattr(found.drawdown, "result", found.drawdown)
        said = {one["kind"]: str(one["sentence"]) for one in summary["findings"]}
        return cls(
            found.table,
            summary["title"],
            said[HEADLINE],
            summary["seed"],
            study_manifest(found),
            None if runs is None else replace(ChartData.of(runs), caveat=said.get(CAVEAT, "")),
        )

    def tested(self) -> pd.DataFrame:
        """Return the claims that were compared with the others, the most surprising first.

        Raise `ArgumentError` if there is none.
        """
        tested = self.table[self.table["p_value"].notna()]
        if not len(tested):
            problem = "this audit compares no claim with the others"
            raise ArgumentError([Fault(problem, allowed="an audit whose inference is supported")])
        return tested.sort_values("p_value", kind="stable")

    def stock_claims(self) -> pd.DataFrame:
        """Return the claims on stock that the account was compared with, as rows of the evidence table."""
        rows = self.table[(self.table["quantity"] == "stock") & (self.table["date"] != "")]
        pairs = () if self.drawdown is None else self.drawdown.pairs
        munition = pairs[0][1] if pairs else ""
        figures = rows["figure"].where(rows["bound"].isin(_COUNTED))
        days = dict.fromkeys(("period_start", "period_end"), rows["date"])
        return rows.assign(unit="shells", munition=munition, central=figures, url="", **days)
