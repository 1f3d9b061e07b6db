"""Overrides of single values after a file is read: ``--set`` and ``replace``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.extends import ReadState, nothing_to_remove_fault, useless_nulls
from sim.scenario.suggestions import Suggester, join_names
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode
from sim.scenario.yaml_reader import read_text
from sim.units import quote


def read_overrides(settings: Sequence[str], state: ReadState) -> dict[str, Node]:
    """Parse ``PATH=VALUE`` arguments of the command line, each value as YAML.

    The last one for a path applies. An argument that is not ``PATH=VALUE`` and a value that is not YAML are
    faults, which `state` collects.
    """
    changes: dict[str, Node] = {}
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path.strip() or not value.strip():
            allowed = "a path and a value, such as production.russia.rate=3M/year"
            meant = re.fullmatch(r"([\w.-]+) *: *(\S.*)", setting)
            near = f"{meant[1]}={meant[2]}" if meant else ""
            problem = f"{quote(setting)} is not PATH=VALUE"
            state.faults.append(Fault(problem, Where("--set", 1, 1), "", allowed, near))
            continue
        try:
            changes[path.strip()] = read_text(value, f"--set {path.strip()}", state.faults, path.strip())
        except ScenarioError as error:
            state.faults.extend(error.faults)
    return changes


def apply_overrides(tree: MapNode, changes: Mapping[str, Node], state: ReadState) -> MapNode:
    """Return `tree` with each path of `changes` set to its node; ``null`` removes.

    Every step of a path except the last must exist, else `state` collects a fault and the others are set. A
    path omits ``value`` keys.
    """
    for path, node in changes.items():
        try:
            changed = _Override(path, node, state.suggester).apply_to_file(tree)
        except ScenarioError as error:
            state.faults.extend(error.faults)
            continue
        if isinstance(changed, MapNode):
            tree = changed
        state.faults.extend(() if isinstance(node, TextNode) else useless_nulls(node, path))
    return tree


class _Override(NamedTuple):
    """A value and its path."""

    path: str
    node: Node
    suggester: Suggester

    def apply_to_file(self, tree: MapNode) -> Node:
        """Return the tree with the value set; a path that begins with a component names its section."""
        first, _, rest = self.path.partition(".")
        sections = [key for key, child in tree.items() if isinstance(child, MapNode) and first in child]
        if first in tree or not sections:
            return self.apply(tree, self.path.split("."))
        problem = f"no such path: {quote(first)} is not there"
        component = tree[sections[0]]
        inside = component[first] if isinstance(component, MapNode) else component
        # A component alone is a map: name its settings.
        settings = list(inside) if isinstance(inside, MapNode) and not rest else [rest]
        paths = [".".join(filter(None, (section, first, key))) for section in sections for key in settings]
        near = paths[0] if len(paths) == 1 else ""
        raise self._error(problem, join_names(paths), near)

    def apply(self, here: Node, steps: Sequence[str]) -> Node:
        """Return `here` with the value set at the relative path `steps`."""
        if not steps:
            return self.node
        if isinstance(here, ListNode):
            return self._apply_to_list(here, steps)
        step, rest = steps[0], steps[1:]
        if (
            isinstance(here, MapNode)
            and step not in here
            and isinstance(here.get("value"), MapNode | ListNode)
        ):
            return self._apply_to_map(here, "value", steps)
        if isinstance(here, TextNode) or (step not in here and (rest or not step)):
            raise self._no_such_path(here, step)
        return self._apply_to_map(here, step, rest)

    def _is_removal(self) -> bool:
        return isinstance(self.node, TextNode) and self.node.is_null

    def _apply_to_list(self, here: ListNode, steps: Sequence[str]) -> ListNode:
        step, rest = steps[0], steps[1:]
        if not (step.isascii() and step.isdecimal() and len(step) < 6 and int(step) < len(here)):
            allowed = f"0 to {len(here) - 1}" if here else "nothing: the list is empty"
            raise self._error(f"there is no item {quote(step)}", allowed)
        if not rest and self._is_removal():
            problem = "null removes keys, and not the items of a list"
            raise self._error(problem, "the whole list without it")
        items = ListNode(here.where, here)
        items[int(step)] = self.apply(here[int(step)], rest)
        return items

    def _apply_to_map(self, here: MapNode, key: str, rest: Sequence[str]) -> MapNode:
        block = here.copy()
        if rest:
            block.put(key, self.apply(here[key], rest), here.keys_at[key])
        elif not self._is_removal():
            block.put(key, self.node, self.node.where)
        elif key in here:
            block.drop(key)
        else:
            raise ScenarioError([nothing_to_remove_fault(self.path, self.node.where, here, self.suggester)])
        return block

    def _no_such_path(self, here: Node, step: str) -> ScenarioError:
        known = list(here) if isinstance(here, MapNode) else []
        allowed = join_names(known) or "nothing below a plain value"
        near = self.suggester.nearest(step, known)
        return self._error(f"no such path: {quote(step)} is not there", allowed, near)

    def _error(self, problem: str, allowed: str, near: str = "") -> ScenarioError:
        return ScenarioError([Fault(problem, self.node.where, self.path, allowed, near)])
