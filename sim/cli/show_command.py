"""``sim show``: print the resolved scenario."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from sim import simulate
from sim.cli.json_output import print_json
from sim.errors import format_count
from sim.formatting import plain_number
from sim.names import Names, munition_of
from sim.scenario.citation import Citation
from sim.scenario.dimension import FACTOR
from sim.scenario.joint_samples import JointSamples
from sim.scenario.labels import names_of
from sim.scenario.number_listing import ListedNumber, list_cited_numbers
from sim.units import Unit


def run(file: Path, settings: Sequence[str], *, as_json: bool) -> None:
    """Print the resolved scenario, one line per number."""
    scenario = simulate.load(file, settings)
    listed = list(list_cited_numbers(scenario))
    draws = scenario.draws
    if as_json:
        print_json(
            {
                "title": scenario.full_title,
                "start": scenario.start.isoformat(),
                "end": scenario.end.isoformat(),
                "digest": scenario.digest(),
                "values": [_number_as_dict(each, draws) for each in listed],
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
    names = names_of(scenario)
    width = max((len(each.quantity.path) for each in listed), default=0)
    for each in listed:
        typer.echo(_number_line(each, width, draws, names))


def _number_as_dict(listed: ListedNumber, draws: JointSamples | None) -> dict[str, Any]:
    quantity, where = listed.quantity, listed.quantity.where
    is_drawn = quantity.law is not None and not listed.is_spread
    return {
        "path": quantity.path,
        "written": quantity.written,
        "value": None if quantity.is_unknown else quantity.value,
        "unit": quantity.unit.value,
        **({"after": quantity.after} if quantity.after else {}),
        "drawn": is_drawn or (draws is not None and quantity.path in draws),
        "sources": [_source_as_data(source) for source in quantity.sources],
        "note": quantity.note,
        "file": where.file if where else None,
        "line": where.line if where else None,
    }


def _source_as_data(source: str | Citation) -> str | dict[str, str | None]:
    if isinstance(source, str):
        return source
    published = source.published.isoformat() if source.published else None
    return {"url": source.url, "claimant": source.claimant, "published": published}


def _number_line(listed: ListedNumber, width: int, draws: JointSamples | None, names: Names) -> str:
    quantity, path = listed.quantity, listed.quantity.path
    value = "" if quantity.unit == "date" or quantity.is_unknown else f" = {_format_amount(listed, names)}"
    median = " at the median" if quantity.law is not None and value else ""
    spread = ", spread" if listed.is_spread else ""
    source = f"  [{', '.join(map(str, quantity.sources))}]" if quantity.sources else "  [no source]"
    where = f"  {quantity.where.file}:{quantity.where.line}" if quantity.where else ""
    instead = f"  replaced by {draws.name}" if draws is not None and path in draws else ""
    return f"{path:<{width}}  {quantity.written}{value}{median}{spread}{instead}{source}{where}"


def _format_amount(listed: ListedNumber, names: Names) -> str:
    value, unit = listed.quantity.value, listed.quantity.unit
    if unit is Unit.SHARE and listed.dimension is not FACTOR:
        return f"{plain_number(value * 100)} %"
    text = plain_number(value)
    thing, of, period = unit.value.partition("/")
    if thing == Unit.MONEY:
        thing = listed.dimension.currency or thing
    if unit is Unit.SHARE or thing == Unit.NUMBER:
        return f"{text}{of}{period}"
    if thing == Unit.SHELLS:
        munition = munition_of(listed.quantity.path)
        noun = names.noun([munition] if munition in names.nouns else names.nouns)
        return f"{text} {noun.one if text == '1' else noun.many}{of}{period}"
    return f"{text} {thing.removesuffix('s') if text == '1' else thing}{of}{period}"
