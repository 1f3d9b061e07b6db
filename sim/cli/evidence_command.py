"""``sim evidence``: search the published estimates."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import typer

from sim import evidence
from sim.cli.json_output import print_json
from sim.errors import Fault, InputError


def run(words: Sequence[str], *, as_json: bool) -> None:
    """Print the estimates that contain every word; all estimates if there are no words."""
    table = evidence.load()
    rows = evidence.find(table, words)
    if not rows:
        near = ", ".join(evidence.suggest(table, words))
        allowed = f"fewer words, or: {near}" if near else "other words"
        raise InputError([Fault(f"no estimate holds {' '.join(words)[:200]!r}", allowed=allowed)])
    if as_json:
        print_json([_estimate_as_dict(row) for row in rows])
        return
    typer.echo(evidence.render(rows))


def _estimate_as_dict(row: evidence.Estimate) -> dict[str, Any]:
    values = dataclasses.asdict(row).items()
    return {key: str(value) if hasattr(value, "isoformat") else value for key, value in values}
