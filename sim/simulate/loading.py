"""Load and check scenarios: files, plain data, rationing rules and cited evidence."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import evidence
from sim.errors import ArgumentError, Fault
from sim.evidence import Table
from sim.scenario.external_names import Rule
from sim.scenario.lint import lint
from sim.scenario.loader import load_file, load_plain, with_rules
from sim.scenario.name_checks import NAME_PATTERN, NAMES_ALLOWED
from sim.scenario.number_listing import list_cited_numbers
from sim.scenario.rationing_rules import RULES
from sim.scenario.scenario import Scenario

RULE_ALLOWED = "a function (requirement, planned, level, cover, mean_inflow) -> shells"
ScenarioLike = Scenario | str | os.PathLike[str] | Mapping[str, Any]
#: Rationing rules in Python, by name (rule 13).
Rules = Mapping[str, Rule]


def load(
    path: str | os.PathLike[str],
    settings: Sequence[str] = (),
    table: Table | None = None,
    rules: Rules | None = None,
    data: bytes | None = None,
) -> Scenario:
    """Read and validate a scenario file.

    Parameters
    ----------
    path : str or Path
    settings : sequence of str
        Overrides of the file, as ``PATH=VALUE``.
    table : Table, optional
        Published estimates that sources may cite, besides those of the file; by default the shipped ones.
    rules : mapping of str to callable, optional
        Rationing rules that the file may name, as for `run`.
    data : bytes, optional
        Content of the file, if already read: a pipe can be read only once.

    Raises
    ------
    ScenarioError
        Lists every fault with file, line, column and path.
    ArgumentError
        A rule has an invalid name or is not callable.
    """
    ids = (table or evidence.load()).ids()
    own = _check_rules(rules)
    return load_file(Path(path), ids, settings, ids_of=_IdReader(table), rules=own, data=data)


def as_scenario(source: ScenarioLike, rules: Rules | None = None, table: Table | None = None) -> Scenario:
    """Return a validated scenario from a scenario, a file or a dictionary, with rationing rules added."""
    if isinstance(source, Scenario):
        return with_rules(source, _check_rules(rules)) if rules else source
    if isinstance(source, Mapping):
        own = _check_rules(rules)
        ids = (table or evidence.load()).ids()
        return load_plain(source, ids, ids_of=_IdReader(table), rules=own)
    return load(source, table=table, rules=rules)


@dataclass(frozen=True)
class _IdReader:
    """Returns the ids of a user table merged with a base table; the shipped one if None."""

    base: Table | None

    def __call__(self, raw: bytes, name: str) -> Sequence[str]:
        return (self.base or evidence.load()).merged(evidence.table_of(raw, name)).ids()


def _check_rules(rules: Rules | None) -> Rules:
    faults = []
    for name, rule in (rules or {}).items():
        if name in RULES:
            faults.append(Fault(f"the rule {name!r} is there for every file", allowed="another name"))
        elif not isinstance(name, str) or not NAME_PATTERN.fullmatch(name):
            faults.append(Fault(f"{name!r} is not the name of a rule", allowed=NAMES_ALLOWED))
        elif not callable(rule):
            faults.append(Fault(f"the rule {name!r} is not a function", allowed=RULE_ALLOWED))
    if faults:
        raise ArgumentError(faults)
    return rules or {}


def evidence_of(scenario: Scenario, table: Table | None = None) -> Table:
    """Return the estimates that a scenario may cite: `table` or the shipped one, merged with its own."""
    base, own = table or evidence.load(), scenario.evidence
    return base if own is None else base.merged(evidence.table_of(own.data, own.file))


def warnings(scenario: ScenarioLike, table: Table | None = None) -> list[Fault]:
    """Lint a scenario: valid but suspicious settings, and values that differ from their cited sources.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        As for `run`.
    table : Table, optional
        As for `load`.

    Raises
    ------
    ScenarioError
        The scenario is not valid.
    """
    checked = as_scenario(scenario, table=table)
    rows, draws = evidence_of(checked, table), checked.draws
    found = lint(checked)
    for listed in list_cited_numbers(checked):
        quantity, value = listed.quantity, listed.quantity.value
        if quantity.is_unknown:
            continue
        if draws is not None and quantity.path in draws:
            value = draws.median(quantity.path)
        for source in quantity.sources:
            row = rows.get(source) if isinstance(source, str) else None
            text = evidence.compare(row, listed.key, value, quantity.unit) if row is not None else None
            if text:
                found.append(Fault(text, quantity.where, quantity.path))
    return found
