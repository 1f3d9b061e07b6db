"""Findings of a result folder of any verb, as the verb prints them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.charts.comparison_data import ComparisonData
from sim.errors import StorageError
from sim.findings.finding import Finding
from sim.findings.run_findings import MARGIN_NOTE
from sim.findings.sweep_findings import sweep_findings
from sim.findings.wording import EXHAUSTED_MEANING, LASTS_MEANING, label_meanings
from sim.outcomes import EXHAUSTED

#: Kinds of findings of these verbs that are only titles of charts end so.
_TITLES_OF_CHARTS = {"run": "_headline", "breakeven": "_headline", "audit": "_headline"}
_COMPARISON_NOTE = "Mean difference between runs with the same draws; in brackets its 90 % interval."


class FindingGroup(NamedTuple):
    """A sentence, empty for none, and the labelled findings that belong to it."""

    lead: str
    lines: list[Finding]


def findings_of(found: Any, summary: Mapping[str, Any]) -> list[Finding]:
    """Return the findings of a result read from its folder, without those that are only titles of charts.

    Parameters
    ----------
    found : Tables, Sweep, SavedBreakeven or SavedAnswer
    summary : mapping
        Content of ``summary.json``, which has the findings of all verbs but a sweep.

    Raises
    ------
    StorageError
        An earlier version wrote the folder, without findings.
    """
    if found.verb == "sweep":
        return sweep_findings(found)
    if "findings" not in summary:
        raise StorageError(f"{summary['title']}: an earlier version wrote this result; repeat its command")
    title = _TITLES_OF_CHARTS.get(found.verb)
    saved = [Finding.from_json(each) for each in summary["findings"]]
    kept = [each for each in saved if title is None or not each.kind.endswith(title)]
    return list(_by_scenario(kept, summary)) if found.verb == "compare" else kept


def meanings_of(found: Any, summary: Mapping[str, Any], findings: list[Finding], runs: int) -> list[str]:
    """Return the meaning of the figures of the findings, and of the event of a stock on the page."""
    verb = found.verb
    if verb == "sweep":
        return [EXHAUSTED_MEANING] if f"{EXHAUSTED}_share" in found.table else []
    if verb == "sensitivity":
        return [EXHAUSTED_MEANING] if EXHAUSTED in set(found.table["outcome"]) else []
    if verb == "breakeven":
        return [LASTS_MEANING] if summary["of"] == EXHAUSTED else []
    if verb == "compare":
        return [*([_COMPARISON_NOTE] if runs > 1 else []), ComparisonData.of(found).event.meaning]
    if verb != "run":
        return []
    margin = [MARGIN_NOTE.replace("\n", " ")] if runs > 1 else []
    return [*margin, *label_meanings(findings)]


def group_findings(findings: Sequence[Finding]) -> list[FindingGroup]:
    """Return findings in groups: one without a label opens a group, those with labels follow it."""
    groups: list[FindingGroup] = []
    for each in findings:
        if not each.label:
            groups.append(FindingGroup(each.sentence, []))
        elif groups:
            groups[-1].lines.append(each)
        else:
            groups.append(FindingGroup("", [each]))
    return groups


def _by_scenario(findings: Sequence[Finding], summary: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield findings with the title of each scenario before its lines."""
    titles = {name: str(about["title"]) for name, about in summary["scenarios"].items()}
    named = ""
    for each in findings:
        scenario = each.values.get("scenario")
        if each.label and isinstance(scenario, str) and scenario != named:
            named = scenario
            lead = f"{titles[scenario]}, compared with {titles[summary['first']]}:"
            yield Finding("compared", each.scope, {"scenario": scenario}, lead, each.sources)
        yield each
