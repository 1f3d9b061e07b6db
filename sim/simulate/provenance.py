"""Provenance of a scenario: cited sources, caveats and the digest of the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import Fault
from sim.evidence import Table
from sim.names import Names
from sim.scenario.input_file import name_of
from sim.scenario.labels import names_of
from sim.scenario.number_listing import list_numbers
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
    """

    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    evidence: str
    names: Names


def provenance_of(scenario: Scenario, varied: Sequence[str] = ()) -> ScenarioProvenance:
    """Return the provenance of a scenario; its warnings name files without folders.

    Parameters
    ----------
    scenario : Scenario
    varied : sequence of str
        Paths that a study varies; their sources are omitted.
    """
    table = evidence_of(scenario)
    notes = (
        *(str(_drop_folder(warning)) for warning in warnings(scenario)),
        *(f"the rule {name!r} is a function of Python that is not kept here" for name in scenario.own_rules),
    )
    return ScenarioProvenance(_sources(scenario, table, varied), notes, table.digest(), names_of(scenario))


def _sources(scenario: Scenario, table: Table, varied: Sequence[str]) -> tuple[Source, ...]:
    from sim.results.provenance import Source

    quantities = (each.quantity for each in list_numbers(scenario))
    cited = (each for each in quantities if not any(is_within(each.path, path) for path in varied))
    ids = dict.fromkeys(source for quantity in cited for source in quantity.sources)
    rows = [table[source] for source in ids if source in table]
    return tuple(
        Source(row.id, row.claimant, row.publisher, row.published.isoformat() if row.published else "")
        for row in rows
    )


def _drop_folder(warning: Fault) -> Fault:
    """Return a warning without folders in its file name, so that manifests are reproducible."""
    if warning.where is None:
        return warning
    return replace(warning, where=replace(warning.where, file=name_of(Path(warning.where.file))))
