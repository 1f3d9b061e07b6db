"""Loader: validation of a node tree to a `Scenario`, for files, overrides and dictionaries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Fault, InputError, ScenarioError, Where
from sim.names import Names
from sim.scenario.attachment import DRAWS_KEY, EVIDENCE_KEY, Attachment, read_attachment, resolve_file_names
from sim.scenario.extends import ReadState, apply_extends, read_file
from sim.scenario.external_names import ExternalNames, ReadIds, Rule
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.input_file import stem_of
from sim.scenario.joint_samples import JointSamples
from sim.scenario.joint_samples_reader import keep_samples, override_faults, read_samples
from sim.scenario.labels import names_of
from sim.scenario.name_checks import check_currency, check_labels, check_names
from sim.scenario.override_notes import MAX_TITLE_LENGTH, changes_as_text, component_labels
from sim.scenario.overrides import apply_overrides, read_overrides
from sim.scenario.plain_data import node_from_data
from sim.scenario.pydantic_errors import sort_faults, translate_error
from sim.scenario.scenario import Scenario
from sim.scenario.validation_context import make_context
from sim.scenario.yaml_nodes import MapNode, Node, TextNode, with_paths


def load_file(
    path: Path,
    sources: Collection[str] | None,
    settings: Sequence[str] = (),
    *,
    ids_of: ReadIds | None = None,
    rules: Mapping[str, Rule] = FrozenDict(),
    data: bytes | None = None,
) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path : Path
    sources : collection of str or None
        Known evidence ids; None accepts any.
    settings : sequence of str
        ``PATH=VALUE`` overrides, as after ``--set``.
    ids_of, rules
        See `ExternalNames`.
    data : bytes, optional
        Contents of the file, if already read.

    Raises
    ------
    ScenarioError
        With every fault.
    """
    state = ReadState()
    try:
        tree = read_file(path, state, data=data)
    except ScenarioError as error:
        raise ScenarioError(sort_faults([*state.faults, *error.faults])) from None
    changes = read_overrides(settings, state)
    labels = component_labels(tree)
    tree = apply_overrides(tree, changes, state)
    names = _external_names(sources, ids_of, rules)
    return _Loader(state, names, changes, labels=labels).scenario(tree, stem_of(path))


def load_plain(
    data: Mapping[str, Any],
    sources: Collection[str] | None,
    *,
    ids_of: ReadIds | None = None,
    rules: Mapping[str, Rule] = FrozenDict(),
) -> Scenario:
    """Load a scenario from a dictionary as `load_file`; file names are relative to the working directory."""
    tree = node_from_data(data, "<dictionary>")
    if not isinstance(tree, MapNode):
        raise ScenarioError([Fault("this is not a dictionary")])
    state = ReadState()
    build = _Loader(state, _external_names(sources, ids_of, rules))
    return build.scenario(apply_extends(tree, Path(), state), "scenario")


def replace_values(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """See `Scenario.replace`."""
    state = ReadState(dict(scenario.files))
    nodes = {path: node_from_data(value, "<replace>", path) for path, value in changes.items()}
    tree = apply_overrides(scenario.tree, nodes, state)
    return _derived_loader(state, nodes, scenario).scenario(tree, scenario.title)


def replace_settings(scenario: Scenario, settings: Sequence[str]) -> Scenario:
    """Return a scenario with ``PATH=VALUE`` overrides, as after ``--set``.

    Raises
    ------
    ScenarioError
        With every fault.
    """
    state = ReadState(dict(scenario.files))
    changes = read_overrides(settings, state)
    tree = apply_overrides(scenario.tree, changes, state)
    return _derived_loader(state, changes, scenario).scenario(tree, scenario.title)


def with_rules(scenario: Scenario, rules: Mapping[str, Rule]) -> Scenario:
    """Return the scenario with added or replaced rationing rules."""
    known = scenario.external_names._replace(rules=FrozenDict({**scenario.external_names.rules, **rules}))
    state = ReadState(dict(scenario.files))
    build = _Loader(state, known, previous=scenario, labels=_earlier_labels(scenario))
    return build.scenario(scenario.tree, scenario.title)


def _derived_loader(state: ReadState, changes: Mapping[str, Node], previous: Scenario) -> _Loader:
    """Return the loader of a scenario derived from another by overrides."""
    return _Loader(state, previous.external_names, changes, previous, _earlier_labels(previous))


def _earlier_labels(previous: Scenario) -> dict[str, str]:
    """Return the labels of a scenario's components, also of those that overrides removed."""
    return {**previous.change_names.labels, **component_labels(previous.tree)}


def _external_names(
    sources: Collection[str] | None, ids_of: ReadIds | None, rules: Mapping[str, Rule]
) -> ExternalNames:
    return ExternalNames(None if sources is None else frozenset(sources), ids_of, FrozenDict(rules))


@dataclass(frozen=True)
class _Loader:
    """Context of loading one scenario; it may be derived from a `previous` one by `changes`.

    `labels` are those of components before the changes, which may remove them.
    """

    state: ReadState
    names: ExternalNames
    changes: Mapping[str, Node] = field(default_factory=FrozenDict)
    previous: Scenario | None = None
    labels: Mapping[str, str] = field(default_factory=FrozenDict)

    def scenario(self, tree: MapNode, name: str) -> Scenario:
        """Return the scenario of a tree; raise `ScenarioError` with every fault."""
        whole = with_paths(resolve_file_names(tree))
        if not isinstance(whole, MapNode):
            raise ScenarioError([Fault("the scenario is not a map of keys", tree.where)])
        if "title" not in whole:
            whole.put("title", _title_from_name(name), whole.where)
        faults = [*self.state.faults, *check_names(whole), *check_labels(whole), *check_currency(whole)]
        samples = self._read_file(whole, DRAWS_KEY, faults)
        evidence = self._read_file(whole, EVIDENCE_KEY, faults)
        if self.previous is not None and self._is_unchanged(EVIDENCE_KEY):
            evidence = self.previous.evidence
        sources = self._sources(whole, evidence, faults)
        scenario = self._validate(whole, sources, faults)
        earlier = FrozenDict() if self.previous is None else self.previous.changes
        changes = changes_as_text(self.changes, earlier)
        names = self._change_names(whole, scenario) if changes else Names()
        scenario.remember(whole, self.state.digests, self.names, changes, names)
        scenario.attach(evidence, self._draws(samples, scenario))
        return scenario

    def _change_names(self, whole: MapNode, scenario: Scenario) -> Names:
        names = names_of(scenario)
        removed = {
            path: label
            for path, label in self.labels.items()
            if not _has_component(whole, *path.split(".", 1))
        }
        return replace(names, labels={**removed, **names.labels})

    def _validate(self, whole: MapNode, sources: Collection[str] | None, faults: list[Fault]) -> Scenario:
        context = make_context(whole, sources, self.names.rules, self.state.suggester)
        reported = {(fault.where, fault.path) for fault in faults}
        try:
            scenario = Scenario.model_validate(whole, context=context)
        except ValidationError as error:
            found = translate_error(error, whole, Scenario, self.state.suggester)
            faults.extend(fault for fault in found if (fault.where, fault.path) not in reported)
        if faults:
            raise ScenarioError(sort_faults(faults))
        return scenario

    def _is_unchanged(self, key: str) -> bool:
        """Return whether the file under `key` is the one already read by the previous scenario."""
        return self.previous is not None and key not in self.changes

    def _read_file(self, tree: MapNode, key: str, faults: list[Fault]) -> Attachment | None:
        node = tree.get(key)
        if node is None or self._is_unchanged(key):
            return None
        try:
            return read_attachment(node)
        except ScenarioError as error:
            faults.extend(error.faults)
            return None

    def _sources(
        self, tree: MapNode, evidence: Attachment | None, faults: list[Fault]
    ) -> Collection[str] | None:
        """Return the ids that a source may cite; None (any) if the scenario's own table cannot be read."""
        node = tree.get(EVIDENCE_KEY)
        if node is None or self.names.sources is None:
            return self.names.sources
        if evidence is None or self.names.ids_of is None:
            return None
        try:
            return self.names.sources | set(self.names.ids_of(evidence.data, evidence.file))
        except InputError as error:
            faults.extend(_fault_of_table(fault, node) for fault in error.faults)
            return None

    def _draws(self, samples: Attachment | None, scenario: Scenario) -> JointSamples | None:
        suggester = self.state.suggester
        if samples is not None:
            draws = read_samples(samples, scenario, suggester)
            self._check_changes(draws)
            return draws
        if self.previous is None or self.previous.draws is None or not self._is_unchanged(DRAWS_KEY):
            return None
        self._check_changes(self.previous.draws)
        return keep_samples(self.previous.draws, self.previous, scenario, suggester)

    def _check_changes(self, draws: JointSamples) -> None:
        faults = list(override_faults(draws, {path: node.where for path, node in self.changes.items()}))
        if faults:
            raise ScenarioError(sort_faults(faults))


def _has_component(tree: MapNode, section: str, name: str) -> bool:
    parts = tree.get(section)
    return isinstance(parts, MapNode) and name in parts


def _fault_of_table(fault: Fault, node: Node) -> Fault:
    """Return a fault of an evidence table as a fault of the key that names the table."""
    text = f"{fault.path}: {fault.problem}" if fault.path else fault.problem
    problem = f"{fault.where}: {text}" if fault.where else text
    return replace(fault, problem=problem, where=node.where, path=EVIDENCE_KEY)


def _title_from_name(name: str) -> TextNode:
    """Return the name of a file as a title, without unprintable characters."""
    line = "".join(char if char.isprintable() else " " for char in name).strip()
    where = Where("<name of the file>", 1, 1)
    return TextNode(line[:MAX_TITLE_LENGTH].strip() or "scenario", where, is_plain=False, path="title")
