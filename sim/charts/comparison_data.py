"""Chart data of a comparison: differences by scenario and outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.account import SUSTAINED_DAYS
from sim.charts.result_data import version_of

if TYPE_CHECKING:
    from sim.study.comparison_result import Comparison, SavedComparison
    from sim.study.paired_difference import Difference


@dataclass(frozen=True, slots=True)
class Contrast:
    """Chart data of a comparison: its ``summary.json``, and ``version`` and ``sources`` of its manifest."""

    verb: ClassVar[str] = "compare"
    summary: Mapping[str, Any]
    manifest: Mapping[str, Any]

    @classmethod
    def of(cls, comparison: Contrast | Comparison | SavedComparison) -> Contrast:
        """Return the chart data of a comparison in any form."""
        if isinstance(comparison, Contrast):
            return comparison
        sources = [source.as_dict() for source in comparison.sources]
        return cls(comparison.summary(), {"version": version_of(comparison), "sources": sources})

    @property
    def runs(self) -> int:
        """Number of runs of each scenario."""
        return int(self.summary["runs"])

    @property
    def end(self) -> dt.date:
        """The day after the last."""
        return dt.date.fromisoformat(self.summary["end"])

    @property
    def last_days(self) -> int:
        """Number of the last days over which sustained fire is a mean."""
        return min(SUSTAINED_DAYS, (self.end - dt.date.fromisoformat(self.summary["start"])).days)

    @property
    def base(self) -> str:
        """Label of the first scenario."""
        return self.label_of(str(self.summary["first"]))

    @property
    def reference_label(self) -> str:
        """Label of the first scenario, with the overrides common to all scenarios."""
        changed = self.summary.get("changed", "")
        return f"{self.base} (changed in all: {changed})" if changed else self.base

    @property
    def other_names(self) -> tuple[str, ...]:
        """Names of all scenarios but the first."""
        return tuple(self.summary["differences"])

    @property
    def stocks(self) -> int:
        """Largest number of pairs of depot and munition with a consumer, over scenarios."""
        return max(int(one["stocks"]) for one in self.summary["scenarios"].values())

    def label_of(self, name: str) -> str:
        """Return the title of a scenario, with its name if another scenario has the same title."""
        titles = {key: str(one["title"]) for key, one in self.summary["scenarios"].items()}
        title = titles[name]
        alone = list(titles.values()).count(title) == 1
        return title if alone or name.startswith(title) else f"{title} [{name}]"

    def changes_of(self, name: str) -> str:
        """Return the overrides of a scenario that its title does not contain."""
        return str(self.summary["scenarios"][name].get("changed", ""))

    def outcomes(self) -> list[str]:
        """Return all compared outcomes, in order."""
        return list(dict.fromkeys(name for found in self.summary["differences"].values() for name in found))

    def difference(self, scenario: str, outcome: str) -> Difference | None:
        """Return a difference; None if the outcome is zero in every run of all scenarios."""
        from sim.study.paired_difference import Difference

        found = self.summary["differences"][scenario].get(outcome)
        return None if found is None else Difference(scenario, outcome, **found)

    def differences(self, outcome: str) -> list[Difference]:
        """Return the differences in an outcome, one per scenario."""
        changes = (self.difference(scenario, outcome) for scenario in self.other_names)
        return [change for change in changes if change is not None]
