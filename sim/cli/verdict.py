"""Verdict of a run: the answer in a sentence, and the figures behind it."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator

from sim.errors import format_count
from sim.findings.finding import Finding
from sim.findings.run_findings import MARGIN_NOTE
from sim.findings.wording import label_meanings
from sim.formatting import short_date
from sim.results.result import Result

_WIDTH = 88
_LABEL_WIDTH = 15


def verdict_lines(result: Result) -> Iterator[str]:
    """Yield the title, the answer, the findings with their labels, and the meaning of the figures."""
    findings = result.findings
    answer = findings[0]
    scope = answer.scope
    start, end = (short_date(dt.date.fromisoformat(day)) for day in (scope.start, scope.end))
    yield f"{result.title} · {start} to {end} · {format_count(scope.runs, 'run')}, seed {result.seed}"
    yield ""
    yield from textwrap.wrap(answer.sentence, _WIDTH)
    yield ""
    yield from finding_lines(findings)
    yield ""
    if scope.runs > 1:
        yield MARGIN_NOTE
    yield from label_meanings(found for found in findings if found.label)


def finding_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the findings that have a label, with their labels in a column."""
    labelled = [found for found in findings if found.label]
    width = max([_LABEL_WIDTH, *(len(found.label) for found in labelled)])
    for found in labelled:
        yield from _line(found, width)


def _line(found: Finding, width: int) -> list[str]:
    indent = " " * (width + 4)
    return textwrap.wrap(
        found.sentence, _WIDTH, initial_indent=f"  {found.label:<{width}}  ", subsequent_indent=indent
    )
