"""Method of a result as rows of text: the computation, its inputs, and the meaning of the columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.outcomes import outcome_named
from sim.results.json_text import parse_json
from sim.results.reader import SUMMARY_FILE
from sim.results.storage import read_files, read_manifest
from sim.study.query_info import verb_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("topic", "item", "text")
MODEL = (
    "A simulation of stocks and flows of munitions: production, shipments, refurbishment, transfers, losses "
    "and fire enter one account that balances day by day. docs/model.md has its numbered rules and what it "
    "leaves out. Results are model output from the inputs, not measurements."
)
_QUESTIONS: Mapping[str, str] = {
    "run": "The scenario is run many times. Each run draws the uncertain inputs anew; means and percentiles "
    "are over the runs.",
    "compare": "Each scenario is run with the same draws as the first. Differences are paired, run by run, "
    "with the 90 % interval of their mean. A date that a run does not reach counts as the end of the period.",
    "sweep": "The scenario is run many times at each point, a combination of values. All points have the "
    "same draws. Percentiles are over the runs of a point; a date beyond the end is empty.",
    "breakeven": "The value of one number at which an outcome is just avoided in the required share of the "
    "runs. Every value is run with the same draws. The 90 % interval is for the sampling of runs.",
    "audit": "Published claims are compared with one account that must balance: which of them exclude each "
    "other by arithmetic, and how far each is from what the others imply. The distributions of the scenario "
    "are the prior inputs, and each family of claimants has a counting factor. docs/audit.md has the rules.",
    "sensitivity": "How much each uncertain input moves each outcome, with 90 % intervals.",
}
#: Columns that mean the same in every table.
_DEFINITIONS: Mapping[str, str] = {
    "mean": "Mean over the runs.",
    **{f"p{level:02}": f"{level}th percentile over the runs." for level in (5, 25, 50, 75, 95)},
    "level": "Serviceable shells at the close of the day.",
    "kind": "Kind of the flow, as in rule 9.",
    "origin": "Where the shells came from: a supplier, a production line, or the opening stock (initial).",
    "run": "Number of the run, from 0.",
    "difference": "Mean difference from the first scenario, in days or shells.",
    "low": "Lower end of the 90 % interval.",
    "high": "Upper end of the 90 % interval.",
    "pairs": "Number of pairs of runs.",
    "censored": "Pairs in which at least one run does not reach the date.",
    "reached": "Whether a break-even value lies within the bounds.",
    "index": "rank: rank correlation. low, high: the outcome with the input at its 5th and 95th percentile. "
    "mu_star, sigma: Morris. first, total: Sobol.",
    "departed": "End of loading.",
    "arrived": "End of unloading; empty if under way at the end.",
    "reason": "Why runs of the point failed.",
}
_SUFFIXES: Mapping[str, str] = {
    "_share": "share of the runs that reach the day",
    "_mean": "mean over the runs",
    "_se": "standard error of the mean",
    "_p05": "5th percentile over the runs",
    "_p50": "median over the runs",
    "_p95": "95th percentile over the runs",
}


def method_table(folder: Path, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the method of a result folder, with a row for each column of its tables.

    Raises
    ------
    StorageError
        If a file is missing or modified.
    """
    import pandas as pd

    manifest, verb = read_manifest(folder), verb_of(folder)
    summary = parse_json(read_files(folder, manifest["files"], [SUMMARY_FILE])[SUMMARY_FILE])
    rows = [
        ("model", None, MODEL),
        ("question", f"sim {verb}", _QUESTIONS[verb]),
        *_study_rows(manifest, summary),
        *_reproduction_rows(manifest),
        *(("caveat", None, note) for note in manifest.get("notes", ())),
        *_column_rows(tables),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _study_rows(manifest: Mapping[str, Any], summary: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    yield "study", "title", manifest["scenario"]["title"]
    for key, item in (("start", "first day"), ("end", "day after the last"), ("method", "method")):
        if summary.get(key) is not None:
            yield "study", item, summary[key]
    yield "study", "runs", manifest["runs"]
    yield "study", "seed", str(manifest["seed"])
    yield "study", "engine", f"{manifest['engine']} ({manifest['engine_path']})"


def _reproduction_rows(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield "reproduction", "scenario, SHA-256", manifest["scenario"]["digest"]
    yield "reproduction", "table of evidence, SHA-256", manifest["evidence"]
    yield "reproduction", "source code, SHA-256", manifest["code"]
    for name, digest in manifest["inputs"].items():
        yield "reproduction", f"{name}, SHA-256", digest
    for package, version in manifest["versions"].items():
        yield "reproduction", package, version


def _column_rows(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, str]]:
    for name, table in tables.items():
        for column in map(str, table.columns):
            text = _definition(column)
            if text:
                yield f"columns of {name}", column, text


def _definition(column: str) -> str:
    """Return the meaning of a column; empty for the path of an input and for plain names."""
    if column in _DEFINITIONS:
        return _DEFINITIONS[column]
    suffix = next((suffix for suffix in _SUFFIXES if column.endswith(suffix)), "")
    outcome = outcome_named(column.removesuffix(suffix))
    if outcome.definition == outcome.name:
        return ""
    if not suffix:
        return outcome.definition
    unit = "days from the start" if outcome.is_date and suffix != "_share" else outcome.unit.value
    return f"{outcome.definition} In this column: {_SUFFIXES[suffix]}, in {unit}."
