"""Numbers of a comparison for its findings: scenarios, differences, stocks and names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.account import SUSTAINED_DAYS
from sim.findings.finding import Scope
from sim.findings.wording import StockEvent, stock_event
from sim.names import Names, Noun, Verb
from sim.outcomes import BELOW, EXHAUSTED, RATIONED_FROM, threshold_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.study.paired_difference import Difference


_BELOW_A_DAY = f"{BELOW}{threshold_name(1)}"


@dataclass(frozen=True, slots=True)
class ComparisonFigures:
    """Figures of a comparison.

    Attributes
    ----------
    summary : mapping
        As ``summary.json``.
    names : Names
    rows : mapping of str to mapping of str to Difference
        By scenario other than the first, then by outcome.
    """

    summary: Mapping[str, Any]
    names: Names
    rows: Mapping[str, Mapping[str, Difference]]

    @property
    def runs(self) -> int:
        """Number of runs of each scenario."""
        return int(self.summary["runs"])

    @property
    def start(self) -> dt.date:
        """First day."""
        return dt.date.fromisoformat(self.summary["start"])

    @property
    def end(self) -> dt.date:
        """The day after the last."""
        return dt.date.fromisoformat(self.summary["end"])

    @property
    def scope(self) -> Scope:
        """Scope of a finding about all stocks."""
        return Scope(self.start.isoformat(), self.end.isoformat(), self.runs)

    @property
    def last_days(self) -> int:
        """Number of the last days over which sustained fire is a mean."""
        return min(SUSTAINED_DAYS, (self.end - self.start).days)

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
        return tuple(self.rows)

    @property
    def stocks(self) -> int:
        """Largest number of pairs of depot and munition with a consumer, over scenarios."""
        return max(int(one["stocks"]) for one in self.summary["scenarios"].values())

    @property
    def noun(self) -> Noun:
        """Noun of the counted things."""
        return self.names.noun(self.names.nouns)

    @property
    def action(self) -> Verb:
        """Verb of the consumers."""
        return self.names.verb(self.names.verbs)

    @property
    def event(self) -> StockEvent:
        """What happens to an exhausted stock, in the same words for all scenarios and stocks.

        It runs out if in each scenario the requirement is not met in at least as many runs, of all stocks
        together and of each. Otherwise it falls below one day of supply.
        """
        pairs = list(self._event_shares())
        if any(short is not None and gone is not None and short < gone for gone, short in pairs):
            return stock_event(is_emptied=False)
        is_known = all(short is not None and gone is not None for gone, short in pairs)
        return stock_event(is_emptied=True if is_known else None)

    def _event_shares(self) -> Iterator[tuple[float | None, float | None]]:
        """Yield the shares of runs in which a stock is exhausted, and the requirement is not met."""
        for found in self.rows.values():
            gone, short = found.get(EXHAUSTED), found.get(RATIONED_FROM)
            if gone is not None:
                yield gone.first_share, None if short is None else short.first_share
                yield gone.other_share, None if short is None else short.other_share
        for name in self.summary["scenarios"]:
            unmet = self._shares(name, "rationed")
            yield from ((share, unmet.get(place)) for place, share in self.exhausted_shares(name).items())

    def exhausted_shares(self, name: str) -> dict[tuple[str, str], float]:
        """Return the share of runs in which each stock of a scenario is exhausted, by depot and munition.

        A folder of an earlier version has none.
        """
        return self._shares(name, "exhausted")

    def _shares(self, name: str, event: str) -> dict[tuple[str, str], float]:
        found: Mapping[str, Mapping[str, float]] = self.summary["scenarios"][name].get(event, {})
        return {(depot, munition): share for depot, by in found.items() for munition, share in by.items()}

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
        """Return all compared outcomes, in order; the first day below one day of supply once."""
        names = dict.fromkeys(name for found in self.rows.values() for name in found)
        return [name for name in names if name != _BELOW_A_DAY or not self.event.is_weak]

    def first_threshold(self) -> list[str]:
        """Return the first outcome ``below_N``; none if the scenario has no threshold."""
        return [name for name in self.outcomes() if name.startswith(BELOW)][:1]

    def difference(self, scenario: str, outcome: str) -> Difference | None:
        """Return a difference; None if the outcome is zero in every run of all scenarios."""
        return self.rows[scenario].get(outcome)

    def differences(self, outcome: str) -> list[Difference]:
        """Return the differences in an outcome, one per scenario."""
        changes = (self.difference(scenario, outcome) for scenario in self.other_names)
        return [change for change in changes if change is not None]
