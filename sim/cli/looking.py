"""Verbs that only look: ``validate``, ``show``, ``evidence`` and ``schema``."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from sim import evidence as room
from sim import simulate
from sim.errors import Fault, InputError, ScenarioError, format_count
from sim.scenario.joint_samples import JointSamples
from sim.scenario.number_listing import list_numbers
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario


def _print_json(data: object) -> None:
    import json

    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


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


def validate(files: Sequence[Path], *, as_json: bool) -> None:
    """Check every file; raises `ScenarioError` with the faults of all of them."""
    table = room.load()
    faults: list[Fault] = []
    found: dict[str, Any] = {}
    valid: dict[Path, Scenario] = {}
    for file in files:
        try:
            valid[file] = simulate.load(file, table=table)
            warnings = simulate.warnings(valid[file], table)
            found[str(file)] = {"faults": [], "warnings": [_fault_as_dict(warning) for warning in warnings]}
            _print_validation(file, warnings, as_json=as_json)
        except ScenarioError as error:
            faults.extend(error.faults)
            found[str(file)] = {"faults": [_fault_as_dict(fault) for fault in error.faults], "warnings": []}
    for text in _duplicate_warnings(valid) if len(valid) > 1 else ():
        typer.echo(f"warning: {text}", err=True)
    if as_json:
        _print_json(found)
    if faults:
        raise ScenarioError(faults)


def _print_validation(file: Path, warnings: Sequence[Fault], *, as_json: bool) -> None:
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    if not as_json:
        typer.echo(f"{file}: valid" + (f", {len(warnings)} to look at" if warnings else ""))


def _duplicate_warnings(valid: dict[Path, Scenario]) -> list[str]:
    """Return a warning for each two scenarios that can only give the same result."""
    seen: dict[str, Path] = {}
    found = []
    for file, scenario in valid.items():
        digest = scenario.account_digest()
        if digest in seen:
            found.append(f"{seen[digest]} and {file} give the same result: they differ in words alone")
        seen.setdefault(digest, file)
    return found


def show(file: Path, settings: Sequence[str], *, as_json: bool) -> None:
    """Print the resolved scenario, a line for each number."""
    scenario = simulate.load(file, settings)
    listed = [(item.quantity.path, item.quantity) for item in list_numbers(scenario)]
    draws = scenario.draws
    if as_json:
        _print_json(
            {
                "title": scenario.full_title,
                "start": scenario.start.isoformat(),
                "end": scenario.end.isoformat(),
                "digest": scenario.digest(),
                "values": [_number_as_dict(path, quantity, draws) for path, quantity in listed],
            }
        )
        return
    typer.echo(
        f"{scenario.full_title}: {scenario.start} to {scenario.end}, {format_count(scenario.days, 'day')}"
    )
    if scenario.note:
        typer.echo(scenario.note)
    for name, shipment in scenario.shipments.items():
        if shipment.in_return:
            typer.echo(f"{name} asks in return: {shipment.in_return}")
    if scenario.evidence is not None:
        typer.echo(f"evidence: {scenario.evidence.name}, beside the shipped table")
    if draws is not None:
        typer.echo(f"draws: {draws.name}, {format_count(len(draws), 'row')}")
    width = max((len(path) for path, _ in listed), default=0)
    for path, quantity in listed:
        typer.echo(_number_line(path, quantity, width, draws))


def _number_as_dict(path: str, quantity: Quantity, draws: JointSamples | None) -> dict[str, Any]:
    where = quantity.where
    return {
        "path": path,
        "written": quantity.written,
        "value": quantity.value,
        "unit": quantity.unit.value,
        "drawn": quantity.law is not None or (draws is not None and path in draws),
        "sources": list(quantity.sources),
        "note": quantity.note,
        "file": where.file if where else None,
        "line": where.line if where else None,
    }


def _number_line(path: str, quantity: Quantity, width: int, draws: JointSamples | None) -> str:
    value = "" if quantity.unit == "date" else f" = {_format_amount(quantity)}"
    median = " at the median" if quantity.law is not None and value else ""
    source = f"  [{', '.join(quantity.sources)}]" if quantity.sources else "  [no source]"
    where = f"  {quantity.where.file}:{quantity.where.line}" if quantity.where else ""
    instead = f"  replaced by {draws.name}" if draws is not None and path in draws else ""
    return f"{path:<{width}}  {quantity.written}{value}{median}{instead}{source}{where}"


def _format_amount(quantity: Quantity) -> str:
    text = f"{quantity.value:,.6g}"
    thing, of, period = quantity.unit.value.partition("/")
    return f"{text} {thing.removesuffix('s') if text == '1' else thing}{of}{period}"


def evidence(words: Sequence[str], *, as_json: bool) -> None:
    """Print the estimates that hold every word; all of them without words."""
    table = room.load()
    found = room.find(table, words)
    if not found:
        near = ", ".join(room.suggest(table, words))
        allowed = f"fewer words, or: {near}" if near else "other words"
        raise InputError([Fault(f"no estimate holds {' '.join(words)[:200]!r}", allowed=allowed)])
    if as_json:
        _print_json([_estimate_as_dict(row) for row in found])
        return
    typer.echo(room.render(found))


def _estimate_as_dict(row: room.Estimate) -> dict[str, Any]:
    values = dataclasses.asdict(row).items()
    return {key: str(value) if hasattr(value, "isoformat") else value for key, value in values}


def schema() -> None:
    """Print the JSON Schema of the scenario file."""
    from sim.scenario.schema import scenario_schema

    sys.stdout.write(scenario_schema())
