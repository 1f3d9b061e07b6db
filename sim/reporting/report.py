"""Report of a result folder as data: findings, charts, tables, inputs, method, checks and reproduction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import StorageError, format_count
from sim.findings.finding import Finding
from sim.formatting import short_date
from sim.names import Names
from sim.reporting.balance_check import saved_balance_error
from sim.reporting.input_tables import read_inputs
from sim.reporting.input_view import compared_inputs_views, inputs_view, scenario_texts, sources_view
from sim.reporting.method_table import method_table
from sim.reporting.report_charts import NO_CHARTS, ChartSet
from sim.reporting.report_findings import FindingGroup, findings_of, group_findings, meanings_of
from sim.reporting.result_tables import read_result
from sim.reporting.study_view import outcomes_view, study_views
from sim.reporting.table_view import TableView
from sim.results.json_text import parse_json
from sim.results.provenance import LOG, LOGGED_KEY
from sim.results.reader import SUMMARY_FILE
from sim.results.storage import read_files, read_manifest

Row = tuple[str, str]
_COMMAND = "command: "
_PLAIN_ITEMS = {
    "scenario, SHA-256": "Scenario, SHA-256",
    "table of evidence, SHA-256": "Table of evidence, SHA-256",
    "source code, SHA-256": "Source code, SHA-256",
}
_SELF_TEST = (
    "The compiled engine is compared with the simpy model on its first use on a machine, over a scenario "
    "that uses every kernel. A path that differs is not used, so the path of this result passed. "
    "The command sim doctor repeats the test."
)
_NO_SELF_TEST = "None is needed: the runs were made by the simpy model, which defines what is right."
_NO_BALANCE = "Not stored: a study keeps the outcomes of its runs and not their accounts."
_NO_NUMBERS = (
    "This comparison was written by an earlier version, which stored no scenario. Repeat its command for the "
    "numbers."
)


@dataclass(frozen=True, slots=True)
class Report:
    """Content of a report about one result folder.

    Attributes
    ----------
    folder : str
        Name of the folder, without its parents.
    found : object
        The result, for its charts.
    verb, title, period : str
    answer : str
        The first sentence of the verdict.
    groups, folded_groups : sequence of FindingGroup
        The findings that follow the answer; folded are those of a sensitivity about other outcomes.
    meanings, notes : sequence of str
        Meaning of the figures, and caveats.
    tables : sequence of TableView
        Figures.
    inputs : sequence of TableView
    sources : TableView
    scenario : sequence of (str, str)
        Texts of the scenario by key.
    method, checks, reproduction : sequence of (str, str)
        Items with their text.
    input_note : str
        Why inputs are missing; empty if none are.
    charts : ChartSet
    """

    folder: str
    found: Any
    verb: str
    title: str
    period: str
    answer: str
    groups: Sequence[FindingGroup]
    meanings: Sequence[str]
    notes: Sequence[str]
    tables: Sequence[TableView]
    inputs: Sequence[TableView]
    sources: TableView
    scenario: Sequence[Row]
    method: Sequence[Row]
    checks: Sequence[Row]
    reproduction: Sequence[Row]
    input_note: str = ""
    folded_groups: Sequence[FindingGroup] = ()
    charts: ChartSet = NO_CHARTS


def read_report(folder: Path) -> Report:
    """Return the report of a result folder, without charts.

    Raises
    ------
    StorageError
        If the folder is not a finished result, or a file is missing or modified.
    ScenarioError
        If a stored scenario is not valid for this version.
    """
    found, manifest = read_result(folder), read_manifest(folder)
    summary = parse_json(read_files(folder, manifest["files"], [SUMMARY_FILE])[SUMMARY_FILE])
    findings = findings_of(found, summary)
    inputs = read_inputs(folder)
    names: Names = found.names
    is_run = found.verb == "run"
    if found.verb == "compare":
        titles = {name: str(about["title"]) for name, about in manifest["scenarios"].items()}
        input_views = compared_inputs_views(inputs, titles, names)
    else:
        input_views = [inputs_view(inputs, names)]
    groups = group_findings(findings[1:])
    # The first group of a sensitivity is about the outcome of the answer.
    shown = 1 if found.verb == "sensitivity" else len(groups)
    rows = method_table(folder, {}).itertuples(index=False, name=None)
    method = [
        (topic, _PLAIN_ITEMS.get(item, item) if item else topic.capitalize(), str(text))
        for topic, item, text in rows
    ]
    return Report(
        folder=folder.resolve().name,
        found=found,
        verb=found.verb,
        title=str(manifest["scenario"]["title"]),
        period=_period(summary, findings, manifest),
        answer=findings[0].sentence,
        groups=groups[:shown],
        folded_groups=groups[shown:],
        meanings=meanings_of(found, summary, findings, manifest["runs"]),
        notes=manifest.get("notes", ()),
        tables=[outcomes_view(found)] if is_run else study_views(found),
        inputs=input_views,
        sources=sources_view(inputs),
        scenario=scenario_texts(inputs),
        method=[(item, text) for topic, item, text in method if topic in {"model", "question"}],
        checks=list(_checks(found, manifest, summary)),
        reproduction=[
            *_command_rows(folder, manifest),
            *((item, text) for topic, item, text in method if topic == "reproduction"),
        ],
        input_note="" if input_views else _NO_NUMBERS,
    )


def _period(summary: Mapping[str, Any], findings: Sequence[Finding], manifest: Mapping[str, Any]) -> str:
    scope = findings[0].scope
    ends = (summary.get("start") or scope.start, summary.get("end") or scope.end)
    days = [short_date(dt.date.fromisoformat(end)) for end in ends if end]
    runs = f"{format_count(manifest['runs'], 'run')}, seed {manifest['seed']}"
    return " · ".join([*([" to ".join(days)] if len(days) == 2 else []), runs])


def _checks(found: Any, manifest: Mapping[str, Any], summary: Mapping[str, Any]) -> Iterator[Row]:
    yield "Runs", f"{manifest['runs']:,}"
    if found.verb == "run":
        error, saved = summary["balance_error"], saved_balance_error(found)
        yield "Balance error", f"{error:.1e} of the gross turnover, the largest of any run (limit 1e-12)"
        yield "Balance of the saved tables", f"{saved:.1e}: stock.csv against flows.csv, means of each day"
    else:
        yield "Balance error", _NO_BALANCE
    if "failed_runs" in summary:
        yield "Failed runs", f"{summary['failed_runs']:,} at {summary['failed_points']:,} points"
    yield "Engine", f"{manifest['engine']}, path {manifest['engine_path'] or 'unknown'}"
    yield "Self-test", _NO_SELF_TEST if manifest["engine_path"] == "python" else _SELF_TEST
    yield "Files", "Every file of the folder that this report reads has the digest of the manifest."


def _command_rows(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Row]:
    command = _logged_command(folder) if manifest.get(LOGGED_KEY) else ""
    if command:
        yield "Command", command
    yield "Runs", str(manifest["runs"])
    yield "Seed", str(manifest["seed"])


def _logged_command(folder: Path) -> str:
    try:
        lines = (folder / LOG).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"{folder / LOG} cannot be read: {error}") from error
    return next((line.removeprefix(_COMMAND) for line in lines if line.startswith(_COMMAND)), "")
