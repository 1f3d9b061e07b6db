"""Panel of findings of the live page: the lines of the verdict for one setting or two."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui.element import Element

from sim.exploring.elements import Text, unbroken
from sim.findings.finding import Finding
from sim.findings.run_findings import MARGIN_NOTE
from sim.findings.wording import BELOW_A_DAY_MEANING, ORIGINS_MEANING, RUNS_OUT_MEANING

HEADINGS = ("Now", "Held")


class FindingsPanel:
    """A table with a row a finding; texts change in place while the rows stay the same."""

    def __init__(self) -> None:
        self._layout: tuple[list[str], int] | None = None
        self._cells: list[list[Text]] = []
        self._table = Element("table")

    def show(self, findings: Sequence[Finding], held: Sequence[Finding] | None) -> None:
        """Show the findings of a setting, and those of a held one in a second column."""
        settings = [findings] if held is None else [findings, held]
        lines = [{_row_of(found): found for found in each if found.label} for each in settings]
        rows = list(dict.fromkeys(row for each in lines for row in each))
        labels = [next(each[row].label for each in lines if row in each) for row in rows]
        layout = (labels, len(settings))
        if layout != self._layout:
            self._build(labels, len(settings))
            self._layout = layout
        for row, cells in zip(rows, self._cells, strict=True):
            for cell, each in zip(cells, lines, strict=True):
                cell.set_text(unbroken(each[row].sentence) if row in each else "–")

    def _build(self, labels: list[str], columns: int) -> None:
        self._table.clear()
        self._cells = []
        with self._table:
            Text("caption", "Findings", css="unseen")
            if columns > 1:
                with Element("thead"), Element("tr"):
                    Text("td")
                    for heading in HEADINGS[:columns]:
                        Text("th", heading, scope="col")
            with Element("tbody"):
                for label in labels:
                    with Element("tr"):
                        Text("th", label, scope="row")
                        self._cells.append([Text("td") for _ in range(columns)])


def _row_of(found: Finding) -> tuple[str, ...]:
    """Return the key of a line: equal for two settings although their labels may differ."""
    scope = found.scope
    return (found.kind, scope.depot or "", scope.munition or "", scope.consumer or "")


def build_notes() -> None:
    """Build the notes that define the numbers, in the words of `sim run`."""
    Text("p", MARGIN_NOTE.replace("\n", " "), css="quiet")
    for meaning in (RUNS_OUT_MEANING, BELOW_A_DAY_MEANING, f"Origins: {ORIGINS_MEANING}"):
        Text("p", meaning, css="quiet")
