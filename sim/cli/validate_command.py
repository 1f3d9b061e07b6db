"""``sim validate``: check scenario files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from sim import evidence, simulate
from sim.cli.json_output import print_json
from sim.errors import Fault, ScenarioError
from sim.scenario.scenario import Scenario


def run(files: Sequence[Path], *, as_json: bool) -> None:
    """Check every file; raise `ScenarioError` with the faults of all files."""
    table = evidence.load()
    faults: list[Fault] = []
    reports: dict[str, Any] = {}
    valid: dict[Path, Scenario] = {}
    for file in files:
        try:
            valid[file] = simulate.load(file, table=table)
            warnings = simulate.warnings(valid[file], table)
            reports[str(file)] = {"faults": [], "warnings": [_fault_as_dict(warning) for warning in warnings]}
            _print_validation(file, warnings, as_json=as_json)
        except ScenarioError as error:
            faults.extend(error.faults)
            reports[str(file)] = {"faults": [_fault_as_dict(fault) for fault in error.faults], "warnings": []}
    for text in _duplicate_warnings(valid) if len(valid) > 1 else ():
        typer.echo(f"warning: {text}", err=True)
    if as_json:
        print_json(reports)
    if faults:
        raise ScenarioError(faults)


def _print_validation(file: Path, warnings: Sequence[Fault], *, as_json: bool) -> None:
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    if not as_json:
        typer.echo(f"{file}: valid" + (f", {len(warnings)} to look at" if warnings else ""))


def _duplicate_warnings(valid: Mapping[Path, Scenario]) -> list[str]:
    """Return a warning for each scenario whose result must equal that of an earlier one."""
    seen: dict[str, Path] = {}
    texts = []
    for file, scenario in valid.items():
        digest = scenario.account_digest()
        if digest in seen:
            texts.append(f"{seen[digest]} and {file} give the same result: they differ in words alone")
        seen.setdefault(digest, file)
    return texts


def _fault_as_dict(fault: Fault) -> dict[str, Any]:
    where = fault.where
    return {
        "file": where.file if where else None,
        "line": where.line if where else None,
        "column": where.column if where else None,
        "path": fault.path,
        "problem": fault.problem,
        "allowed": fault.allowed,
        "nearest": fault.nearest,
    }
