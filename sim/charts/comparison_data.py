"""Chart data of a comparison: differences by scenario and outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.charts.result_data import version_of
from sim.findings.comparison_figures import ComparisonFigures
from sim.names import Names

if TYPE_CHECKING:
    from sim.study.answer_io import SavedAnswer
    from sim.study.comparison_result import Comparison
    from sim.study.paired_difference import Difference


@dataclass(frozen=True, slots=True)
class ComparisonData(ComparisonFigures):
    """Chart data of a comparison: its figures, and ``version`` and ``sources`` of its manifest."""

    verb: ClassVar[str] = "compare"
    manifest: Mapping[str, Any]

    @classmethod
    def from_summary(
        cls, summary: Mapping[str, Any], names: Names, manifest: Mapping[str, Any]
    ) -> ComparisonData:
        """Return the chart data of a ``summary.json``, with the names for readers."""
        from sim.study.paired_difference import Difference

        rows: dict[str, dict[str, Difference]] = {
            scenario: {outcome: Difference(scenario, outcome, **each) for outcome, each in found.items()}
            for scenario, found in summary["differences"].items()
        }
        return cls(summary, names, rows, manifest)

    @classmethod
    def of(cls, comparison: ComparisonData | Comparison | SavedAnswer) -> ComparisonData:
        """Return the chart data of a comparison in any form."""
        if isinstance(comparison, ComparisonData):
            return comparison
        sources = [source.as_dict() for source in comparison.sources]
        manifest = {"version": version_of(comparison), "sources": sources}
        return cls.from_summary(comparison.summary(), comparison.names, manifest)
