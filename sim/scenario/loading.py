"""From a tree to a `Scenario`: the only way in, for files, overrides and plain dictionaries alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Fault, InputError, ScenarioError, Where
from sim.scenario.attachment import DRAWS, EVIDENCE, Attachment, attached, placed
from sim.scenario.changes import LONGEST_TITLE, told
from sim.scenario.checking import check_names
from sim.scenario.context import context_of
from sim.scenario.draws import Draws
from sim.scenario.frozen import FrozenDict
from sim.scenario.input_file import stem_of
from sim.scenario.known import IdsOf, Known, Rule
from sim.scenario.merging import Reading, extended, read_file
from sim.scenario.nodes import Block, Node, Text, located
from sim.scenario.overriding import override, read_overrides
from sim.scenario.plain import node_of
from sim.scenario.samples import kept, overruled, read_draws
from sim.scenario.scenario import Scenario
from sim.scenario.translation import faults_of, in_order


def load(
    path: Path,
    sources: Collection[str] | None,
    settings: Sequence[str] = (),
    *,
    ids_of: IdsOf | None = None,
    rules: Mapping[str, Rule] = FrozenDict(),
    data: bytes | None = None,
) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path : Path
    sources : collection of str or None
        Known ids of evidence; None takes any.
    settings : sequence of str
        ``PATH=VALUE`` words, as after ``--set``.
    ids_of, rules
        As of `Known`.
    data : bytes, optional
        What the file holds, where it has been read.

    Raises
    ------
    ScenarioError
        With every fault that was found.
    """
    reading = Reading()
    try:
        tree = read_file(path, reading, data=data)
    except ScenarioError as error:
        raise ScenarioError(in_order([*reading.faults, *error.faults])) from None
    changes = read_overrides(settings, reading)
    tree = override(tree, changes, reading)
    return _Build(reading, _known(sources, ids_of, rules), changes).scenario(tree, stem_of(path))


def from_plain(
    data: Mapping[str, Any],
    sources: Collection[str] | None,
    *,
    ids_of: IdsOf | None = None,
    rules: Mapping[str, Rule] = FrozenDict(),
) -> Scenario:
    """Return the scenario that a plain dictionary describes; files that it names are looked up from here.

    Parameters
    ----------
    data : mapping
    sources, ids_of, rules
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
    build = _Build(reading, _known(sources, ids_of, rules))
    return build.scenario(extended(tree, Path(), reading), "scenario")


def replaced(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """See `Scenario.replace`."""
    reading = Reading(dict(scenario.files))
    nodes = {path: node_of(value, "<replace>", path) for path, value in changes.items()}
    tree = override(scenario.tree, nodes, reading)
    return _Build(reading, scenario.known, nodes, scenario).scenario(tree, scenario.title)


def with_rules(scenario: Scenario, rules: Mapping[str, Rule]) -> Scenario:
    """Return the scenario with further rules of rationing, or others of the same names."""
    known = scenario.known._replace(rules=FrozenDict({**scenario.known.rules, **rules}))
    build = _Build(Reading(dict(scenario.files)), known, before=scenario)
    return build.scenario(scenario.tree, scenario.title)


def _known(sources: Collection[str] | None, ids_of: IdsOf | None, rules: Mapping[str, Rule]) -> Known:
    return Known(None if sources is None else frozenset(sources), ids_of, FrozenDict(rules))


@dataclass(frozen=True)
class _Build:
    """What a scenario is made with, besides its tree.

    Attributes
    ----------
    reading : Reading
    known : Known
    changes : mapping of str to Node
        Single values that were set, by path.
    before : Scenario or None
        The scenario that this one is made from.
    """

    reading: Reading
    known: Known
    changes: Mapping[str, Node] = field(default_factory=FrozenDict)
    before: Scenario | None = None

    def scenario(self, tree: Block, name: str) -> Scenario:
        """Return the scenario of a tree; raises `ScenarioError` with every fault."""
        whole = located(placed(tree))
        if not isinstance(whole, Block):
            raise ScenarioError([Fault("the scenario is not a map of keys", tree.where)])
        if "title" not in whole:
            whole.put("title", _title(name), whole.where)
        faults = [*self.reading.faults, *check_names(whole)]
        samples = self._file(whole, DRAWS, faults)
        evidence = self._file(whole, EVIDENCE, faults)
        if self.before is not None and self._keeps(EVIDENCE):
            evidence = self.before.evidence
        sources = self._sources(whole, evidence, faults)
        scenario = self._checked(whole, sources, faults)
        earlier = FrozenDict() if self.before is None else self.before.changes
        scenario.remember(whole, self.reading.digests, self.known, told(self.changes, earlier))
        scenario.attach(evidence, self._draws(samples, scenario))
        return scenario

    def _checked(self, whole: Block, sources: Collection[str] | None, faults: list[Fault]) -> Scenario:
        context = context_of(whole, sources, self.known.rules, self.reading.speller)
        told = {(fault.where, fault.path) for fault in faults}
        try:
            scenario = Scenario.model_validate(whole, context=context)
        except ValidationError as error:
            found = faults_of(error, whole, Scenario, self.reading.speller)
            faults.extend(fault for fault in found if (fault.where, fault.path) not in told)
        if faults:
            raise ScenarioError(in_order(faults))
        return scenario

    def _keeps(self, key: str) -> bool:
        """Return whether a file beside the scenario is the one that the earlier scenario read."""
        return self.before is not None and key not in self.changes

    def _file(self, tree: Block, key: str, faults: list[Fault]) -> Attachment | None:
        node = tree.get(key)
        if node is None or self._keeps(key):
            return None
        try:
            return attached(node)
        except ScenarioError as error:
            faults.extend(error.faults)
            return None

    def _sources(
        self, tree: Block, evidence: Attachment | None, faults: list[Fault]
    ) -> Collection[str] | None:
        """Return the ids that a source may name; None, for any, where those of an own table are not known."""
        node = tree.get(EVIDENCE)
        if node is None or self.known.sources is None:
            return self.known.sources
        if evidence is None or self.known.ids_of is None:
            return None
        try:
            return self.known.sources | set(self.known.ids_of(evidence.data, evidence.file))
        except InputError as error:
            faults.extend(_of_table(fault, node) for fault in error.faults)
            return None

    def _draws(self, samples: Attachment | None, scenario: Scenario) -> Draws | None:
        speller = self.reading.speller
        if samples is not None:
            draws = read_draws(samples, scenario, speller)
            self._check_changes(draws)
            return draws
        if self.before is None or self.before.draws is None or not self._keeps(DRAWS):
            return None
        self._check_changes(self.before.draws)
        return kept(self.before.draws, self.before, scenario, speller)

    def _check_changes(self, draws: Draws) -> None:
        faults = list(overruled(draws, {path: node.where for path, node in self.changes.items()}))
        if faults:
            raise ScenarioError(in_order(faults))


def _of_table(fault: Fault, node: Node) -> Fault:
    """Return a fault of a table of evidence as one of the key that names it."""
    said = f"{fault.path}: {fault.problem}" if fault.path else fault.problem
    problem = f"{fault.where}: {said}" if fault.where else said
    return replace(fault, problem=problem, where=node.where, path=EVIDENCE)


def _title(name: str) -> Text:
    """Return the name of a file as a title; what cannot stand in a line of text is left out."""
    line = "".join(char if char.isprintable() else " " for char in name).strip()
    where = Where("<name of the file>", 1, 1)
    return Text(line[:LONGEST_TITLE].strip() or "scenario", where, plain=False, path="title")
