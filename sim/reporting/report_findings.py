"""Findings of a result folder of any verb, as the verb prints them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.charts.comparison_data import Contrast
from sim.charts.comparison_headline import comparison_headline, difference_line, headline_outcomes
from sim.errors import StorageError
from sim.findings.finding import Finding, Scope
from sim.findings.run_findings import MARGIN_NOTE, RUNS_OUT_MEANING
from sim.findings.sweep_findings import sweep_findings
from sim.formatting import short_date
from sim.scenario.override_notes import title_with_phrase

#: Ends of the kinds of findings that are titles of charts.
_HEADLINE = "_headline"
_COMPARISON_NOTE = "Mean difference between runs with the same draws; in brackets its 90 % interval."


class FindingGroup(NamedTuple):
    """A sentence, empty for none, and the labelled findings that belong to it."""

    lead: str
    lines: list[Finding]


def findings_of(found: Any) -> list[Finding]:
    """Return the findings of a result read from its folder, without titles of charts.

    Parameters
    ----------
    found : Tables, SavedComparison, Sweep, SavedBreakeven or SavedAnswer
        A sensitivity study has none: its charts state what it found.

    Raises
    ------
    StorageError
        An earlier version wrote the folder, without findings.
    """
    if found.verb == "compare":
        return list(_differences(Contrast.of(found)))
    if found.verb == "sweep":
        return sweep_findings(found)
    if found.verb == "sensitivity":
        return []
    summary = found.summary()
    if "findings" not in summary:
        raise StorageError(f"{summary['title']}: an earlier version wrote this result; repeat its command")
    saved = [Finding.from_json(each) for each in summary["findings"]]
    return [each for each in saved if not each.kind.endswith(_HEADLINE)]


def meanings_of(verb: str, findings: list[Finding], runs: int) -> list[str]:
    """Return what the figures of the findings mean."""
    if verb == "compare":
        return [_COMPARISON_NOTE] if runs > 1 else []
    if verb != "run":
        return []
    margin = [MARGIN_NOTE.replace("\n", " ")] if runs > 1 else []
    return [*margin, *([RUNS_OUT_MEANING] if any(each.kind == "runs_out" for each in findings) else [])]


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


def _differences(contrast: Contrast) -> Iterator[Finding]:
    start, end = contrast.summary["start"], contrast.summary["end"]
    shown_end = short_date(dt.date.fromisoformat(end))
    scope = Scope(start, end, contrast.runs)
    sources = ("compare.csv",)
    yield Finding("comparison", scope, {}, comparison_headline(contrast), sources)
    for name in contrast.other_names:
        title = title_with_phrase(contrast.label_of(name), contrast.changes_of(name))
        lead = f"{title}, compared with {contrast.reference_label}:"
        yield Finding("compared", scope, {}, lead, sources)
        for label, outcome, less, more in headline_outcomes(contrast):
            change = contrast.difference(name, outcome)
            if change is None:
                continue
            values: Mapping[str, Any] = {key: getattr(change, key) for key in ("difference", "low", "high")}
            text = difference_line(change, less, more, shown_end)
            yield Finding(f"difference_{outcome}", scope, values, text, sources, label)
