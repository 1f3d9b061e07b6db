"""From a tree to a `Scenario`: the only way in, for files, overrides and plain dictionaries alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.checking import check
from sim.scenario.measure import Context
from sim.scenario.merging import Sources, extended, override, read_file, read_overrides
from sim.scenario.nodes import Block, Text, located
from sim.scenario.plain import node_of
from sim.scenario.scenario import ONLY_MUNITION, Scenario
from sim.scenario.translation import faults_of


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
    read = Sources()
    tree = read_file(path, read)
    tree = override(tree, read_overrides(settings))
    return _build(tree, path.stem, read.digests, sources)


def from_plain(data: Mapping[str, Any], sources: Collection[str] | None) -> Scenario:
    """Return the scenario that a plain dictionary describes; ``extends`` is looked up from here."""
    tree = node_of(data, "<dictionary>")
    if not isinstance(tree, Block):
        raise ScenarioError([Fault("not a dictionary")])
    read = Sources()
    return _build(extended(tree, Path(), read), "scenario", read.digests, sources)


def replaced(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """See `Scenario.replace`."""
    nodes = {path: node_of(value, "<replace>", path) for path, value in changes.items()}
    tree = override(scenario.tree, nodes)
    return _build(tree, scenario.title, scenario.digests, scenario.known_sources)


def _build(tree: Block, name: str, digests: Mapping[str, str], sources: Collection[str] | None) -> Scenario:
    whole = located(tree)
    if not isinstance(whole, Block):
        raise ScenarioError([Fault("the scenario is not a map of keys", whole.where)])
    if "title" not in whole:
        whole.put("title", Text(name, Where("<name of the file>", 1, 1), plain=False, path="title"), whole.where)
    try:
        scenario = Scenario.model_validate(whole, context=Context((ONLY_MUNITION,), sources))
    except ValidationError as error:
        raise ScenarioError(faults_of(error, whole, Scenario)) from None
    scenario = _completed(scenario)
    faults = check(scenario, whole)
    if faults:
        raise ScenarioError(faults)
    scenario.remember(whole, digests, None if sources is None else frozenset(sources))
    return scenario


def _completed(scenario: Scenario) -> Scenario:
    """Fill in the only depot where ``to`` and ``at`` are left out, and the defaults by munition."""
    only = next(iter(scenario.depots)) if len(scenario.depots) == 1 else ""

    def fill(section: str, key: str) -> Mapping[str, Any]:
        parts = getattr(scenario, section)
        filled = {
            name: part if getattr(part, key) or not only else part.model_copy(update={key: only})
            for name, part in parts.items()
        }
        return type(parts)(filled)

    update = {"production": fill("production", "to"), "shipments": fill("shipments", "to")}
    return scenario.model_copy(update={**update, "consumption": fill("consumption", "at")})



