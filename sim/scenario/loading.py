"""From a tree to a `Scenario`: the only way in, for files, overrides and plain dictionaries alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.checking import check_names
from sim.scenario.context import context_of
from sim.scenario.merging import Reading, extended, read_file
from sim.scenario.nodes import Block, Text, located
from sim.scenario.overriding import override, read_overrides
from sim.scenario.plain import node_of
from sim.scenario.scenario import Scenario
from sim.scenario.translation import faults_of, in_order

LONGEST_TITLE = 200


def load(path: Path, sources: Collection[str] | None, settings: Sequence[str] = ()) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path : Path
    sources : collection of str or None
        Known ids of evidence; None takes any.
    settings : sequence of str
        ``PATH=VALUE`` words, as after ``--set``.

    Raises
    ------
    ScenarioError
        With every fault that was found.
    """
    reading = Reading()
    try:
        tree = read_file(path, reading)
    except ScenarioError as error:
        raise ScenarioError(in_order([*reading.faults, *error.faults])) from None
    tree = override(tree, read_overrides(settings, reading), reading)
    return _build(tree, path.stem, reading, sources)


def from_plain(data: Mapping[str, Any], sources: Collection[str] | None) -> Scenario:
    """Return the scenario that a plain dictionary describes; ``extends`` is looked up from here.

    Parameters
    ----------
    data : mapping
    sources : collection of str or None
        As for `load`.

    Raises
    ------
    ScenarioError
        With every fault that was found.
    """
    tree = node_of(data, "<dictionary>")
    if not isinstance(tree, Block):
        raise ScenarioError([Fault("this is not a dictionary")])
    reading = Reading()
    return _build(extended(tree, Path(), reading), "scenario", reading, sources)


def replaced(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """See `Scenario.replace`."""
    reading = Reading(dict(scenario.digests))
    nodes = {path: node_of(value, "<replace>", path) for path, value in changes.items()}
    tree = override(scenario.tree, nodes, reading)
    return _build(tree, scenario.title, reading, scenario.known_sources)


def _build(tree: Block, name: str, reading: Reading, sources: Collection[str] | None) -> Scenario:
    whole = located(tree)
    if not isinstance(whole, Block):
        raise ScenarioError([Fault("the scenario is not a map of keys", tree.where)])
    if "title" not in whole:
        whole.put("title", _title(name), whole.where)
    faults = [*reading.faults, *check_names(whole)]
    context = context_of(whole, sources, reading.speller)
    told = {(fault.where, fault.path) for fault in faults}
    try:
        scenario = Scenario.model_validate(whole, context=context)
    except ValidationError as error:
        found = faults_of(error, whole, Scenario, reading.speller)
        faults.extend(fault for fault in found if (fault.where, fault.path) not in told)
    if faults:
        raise ScenarioError(in_order(faults))
    scenario.remember(whole, reading.digests, None if sources is None else frozenset(sources))
    return scenario


def _title(name: str) -> Text:
    """Return the name of a file as a title; what cannot stand in a line of text is left out."""
    line = "".join(char if char.isprintable() else " " for char in name).strip()
    where = Where("<name of the file>", 1, 1)
    return Text(line[:LONGEST_TITLE].strip() or "scenario", where, plain=False, path="title")
