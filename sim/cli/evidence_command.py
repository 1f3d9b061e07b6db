"""``sim evidence``: search the published estimates."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from sim import evidence
from sim.cli.json_output import print_json
from sim.errors import Fault, InputError, format_count


@dataclasses.dataclass(frozen=True, slots=True)
class EvidenceOptions:
    """Options of ``sim evidence``.

    Attributes
    ----------
    words : sequence of str
    quantity, by, family : str
        Filters, as for `sim.evidence.find`; empty for none.
    since : str or None
    full : bool
        Whether to print every column of each estimate.
    json : bool
    chart : Path or None
        File of a chart of the estimates, instead of text.
    size : str
        Size of the chart.
    style : Path or None
        File of a house style for the chart.
    """

    words: Sequence[str]
    quantity: str
    by: str
    since: str | None
    full: bool
    json: bool
    chart: Path | None = None
    size: str = "page"
    style: Path | None = None
    family: str = ""


def run(options: EvidenceOptions) -> None:
    """Print the estimates that match every word and filter, best first."""
    table = evidence.load()
    rows = evidence.find(
        table,
        options.words,
        quantity=options.quantity,
        by=options.by,
        since=options.since,
        family=options.family,
    )
    if not rows:
        raise InputError([_nothing_found(table, options)])
    if options.chart is not None:
        _draw(rows, options, options.chart)
    elif options.json:
        print_json([_estimate_as_dict(row) for row in rows])
    elif options.full or len(rows) == 1:
        typer.echo(evidence.render(rows))
    else:
        from sim.cli.evidence_table import table_text

        typer.echo(table_text(rows))
        if sys.stdout.isatty():
            count = format_count(len(rows), "estimate")
            order = "best match first" if options.words else "in the order of the table"
            typer.echo(f"{count}, {order}; --full prints links and notes", err=True)


def _draw(rows: Sequence[evidence.Estimate], options: EvidenceOptions, file: Path) -> None:
    """Draw the estimates of one quantity into a file, and print its path."""
    from sim.charts import claims, load_house_style, to_bytes
    from sim.cli.drawing import drawing_failures
    from sim.results.storage import write_file

    found = sorted({row.quantity for row in rows})
    if len(found) > 1:
        problem = f"a chart shows one quantity, and the estimates found have {len(found)}"
        raise InputError([Fault(problem, allowed=f"--quantity with one of: {', '.join(found)}")])
    house = load_house_style(options.style)
    with drawing_failures():
        figure = claims(evidence.frame(rows), found[0], options.size, style=house)
        data = to_bytes(figure, file.suffix[1:].lower(), style=house)
    write_file(file.parent, file.name, data)
    if options.json:
        print_json({"chart": file.as_posix()})
    else:
        typer.echo(str(file))


def _nothing_found(table: evidence.Table, options: EvidenceOptions) -> Fault:
    filters = {
        "--quantity": options.quantity,
        "--by": options.by,
        "--family": options.family,
        "--since": options.since,
    }
    named = [f"{name} {text}" for name, text in filters.items() if text]
    sought = " ".join([*options.words, *named])[:200]
    fewer = "fewer words or filters" if named else "fewer words"
    near = ", ".join(evidence.suggest(table, [*options.words, *options.by.split()]))
    alone = "other words" if len(options.words) < 2 and not named else fewer
    return Fault(f"no estimate matches {sought!r}", allowed=f"{alone}, or: {near}" if near else alone)


def _estimate_as_dict(row: evidence.Estimate) -> dict[str, Any]:
    values = dataclasses.asdict(row).items()
    return {key: str(value) if hasattr(value, "isoformat") else value for key, value in values}
