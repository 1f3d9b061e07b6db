"""Provenance of a scenario: cited sources, caveats and the digest of the evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import Fault
from sim.evidence import Table
from sim.names import Names
from sim.scenario.citation import Citation
from sim.scenario.input_file import name_of
from sim.scenario.labels import names_of
from sim.scenario.number_listing import list_cited_numbers
from sim.scenario.path import is_within
from sim.scenario.scenario import Scenario
from sim.simulate.loading import evidence_of, warnings

if TYPE_CHECKING:
    from sim.results.provenance import Source


class ScenarioProvenance(NamedTuple):
    """Provenance of a scenario, for results.

    Attributes
    ----------
    sources : tuple of Source
        Published estimates that it cites.
    notes : tuple of str
        Caveats for the reader.
    evidence : str
        SHA-256 of the table of estimates.
    names : Names
        Names for readers.
    sampled : mapping of str to float
        Median of each column of the joint samples, by path.
    """

    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    evidence: str
    names: Names
    sampled: Mapping[str, float]


def provenance_of(scenario: Scenario, varied: Sequence[str] = ()) -> ScenarioProvenance:
    """Return the provenance of a scenario; its warnings name files without folders.

    Parameters
    ----------
    scenario : Scenario
    varied : sequence of str
        Paths that a study varies; their sources and samples are omitted.
    """
    table = evidence_of(scenario)
    notes = (
        *(str(_drop_folder(warning)) for warning in warnings(scenario)),
        *(f"the rule {name!r} is a function of Python that is not kept here" for name in scenario.own_rules),
    )
    sources, sampled = _sources(scenario, table, varied), _sampled(scenario, varied)
    return ScenarioProvenance(sources, notes, table.digest(), names_of(scenario), sampled)


def _sampled(scenario: Scenario, varied: Sequence[str]) -> dict[str, float]:
    draws = scenario.draws
    if draws is None:
        return {}
    kept = (path for path in draws.paths if not any(is_within(path, each) for each in varied))
    return {path: draws.median(path) for path in kept}


def _sources(scenario: Scenario, table: Table, varied: Sequence[str]) -> tuple[Source, ...]:
    quantities = (each.quantity for each in list_cited_numbers(scenario))
    cited = (each for each in quantities if not any(is_within(each.path, path) for path in varied))
    found = dict.fromkeys(source for quantity in cited for source in quantity.sources)
    return tuple(made for source in found if (made := _cited_source(source, table)) is not None)


def _cited_source(source: str | Citation, table: Table) -> Source | None:
    """Return a source for results: a row of the table or a page; None for an id that the table lacks."""
    from sim.results.provenance import Source

    if isinstance(source, Citation):
        return Source(source.url, source.claimant, published=_iso(source.published))
    row = table.get(source)
    if row is None:
        return None
    return Source(row.id, row.claimant, row.publisher, _iso(row.published), row.confidence)


def _iso(date: dt.date | None) -> str:
    return date.isoformat() if date is not None else ""


def _drop_folder(warning: Fault) -> Fault:
    """Return a warning without folders in its file name, so that manifests are reproducible."""
    if warning.where is None:
        return warning
    return replace(warning, where=replace(warning.where, file=name_of(Path(warning.where.file))))
