"""``sim evidence``: search the published estimates."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from sim import evidence
from sim.cli.json_output import print_json
from sim.errors import Fault, InputError, format_count


def run(
    words: Sequence[str],
    *,
    quantity: str,
    by: str,
    since: str | None,
    family: str,
    full: bool,
    as_json: bool,
    chart: Path | None,
    size: str,
    style: Path | None,
) -> None:
    """Print the estimates that match every word and filter, best first; with `chart`, draw them there."""
    table = evidence.load()
    rows = evidence.find(table, words, quantity=quantity, by=by, since=since, family=family)
    if not rows:
        filters = {"--quantity": quantity, "--by": by, "--family": family, "--since": since}
        raise InputError([_nothing_found(table, words, filters)])
    if chart is not None:
        _draw(rows, chart, size, style, as_json=as_json)
    elif as_json:
        print_json([_estimate_as_dict(row) for row in rows])
    elif full or len(rows) == 1:
        typer.echo(evidence.render(rows))
    else:
        from sim.cli.evidence_table import table_text

        typer.echo(table_text(rows))
        if sys.stdout.isatty():
            count = format_count(len(rows), "estimate")
            order = "best match first" if words else "in the order of the table"
            typer.echo(f"{count}, {order}; --full prints links and notes", err=True)


def _draw(
    rows: Sequence[evidence.Estimate], file: Path, size: str, style: Path | None, *, as_json: bool
) -> None:
    """Draw the estimates of one quantity into a file, and print its path."""
    from sim.charts import claims, load_house_style, to_bytes
    from sim.cli.drawing import drawing_failures
    from sim.results.storage import write_file

    found = sorted({row.quantity for row in rows})
    if len(found) > 1:
        problem = f"a chart shows one quantity, and the estimates found have {len(found)}"
        raise InputError([Fault(problem, allowed=f"--quantity with one of: {', '.join(found)}")])
    house = load_house_style(style)
    with drawing_failures():
        figure = claims(evidence.frame(rows), found[0], size, style=house)
        data = to_bytes(figure, file.suffix[1:].lower(), style=house)
    write_file(file.parent, file.name, data)
    if as_json:
        print_json({"chart": file.as_posix()})
    else:
        typer.echo(str(file))


def _nothing_found(table: evidence.Table, words: Sequence[str], filters: Mapping[str, str | None]) -> Fault:
    named = [f"{name} {text}" for name, text in filters.items() if text]
    sought = " ".join([*words, *named])[:200]
    fewer = "fewer words or filters" if named else "fewer words"
    near = ", ".join(evidence.suggest(table, [*words, *(filters["--by"] or "").split()]))
    alone = "other words" if len(words) < 2 and not named else fewer
    return Fault(f"no estimate matches {sought!r}", allowed=f"{alone}, or: {near}" if near else alone)


def _estimate_as_dict(row: evidence.Estimate) -> dict[str, Any]:
    values = dataclasses.asdict(row).items()
    return {key: str(value) if hasattr(value, "isoformat") else value for key, value in values}
