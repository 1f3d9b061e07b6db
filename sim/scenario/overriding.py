"""How single values are changed after a file is read: ``--set`` and ``replace``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.merging import Reading, nothing_to_remove, nulls
from sim.scenario.nodes import Block, Items, Node, Text
from sim.scenario.reading import read_text
from sim.scenario.spelling import Speller, listed
from sim.units import shown


def read_overrides(settings: Sequence[str], reading: Reading) -> dict[str, Node]:
    """Read ``PATH=VALUE`` words of the command line, each value as YAML.

    Parameters
    ----------
    settings : sequence of str
        Of two for one path the later counts.
    reading : Reading
        Gains what is wrong: a word that is no ``PATH=VALUE``, a value that is no YAML.
    """
    changes: dict[str, Node] = {}
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path.strip() or not value.strip():
            allowed = "a path and a value, such as production.russia.rate=3M/year"
            reading.faults.append(
                Fault(f"{shown(setting)} is not PATH=VALUE", Where("--set", 1, 1), "", allowed)
            )
            continue
        try:
            changes[path.strip()] = read_text(value, f"--set {path.strip()}", reading.faults, path.strip())
        except ScenarioError as error:
            reading.faults.extend(error.faults)
    return changes


def override(tree: Block, changes: Mapping[str, Node], reading: Reading) -> Block:
    """Return `tree` with each path of `changes` set to its node; ``null`` removes.

    Every step of a path but the last must be there already. A path does not name ``value``: it leads
    through it.

    Parameters
    ----------
    tree : Block
    changes : mapping of str to Node
    reading : Reading
        Gains a fault for each path that leads nowhere; the others are set.
    """
    for path, node in changes.items():
        try:
            changed = _Change(path, node, reading.speller).made(tree, path.split("."))
        except ScenarioError as error:
            reading.faults.extend(error.faults)
            continue
        if isinstance(changed, Block):
            tree = changed
        reading.faults.extend(() if isinstance(node, Text) else nulls(node, path))
    return tree


class _Change(NamedTuple):
    """One value and the path it goes to."""

    path: str
    node: Node
    speller: Speller

    def made(self, here: Node, steps: Sequence[str]) -> Node:
        """Return `here` with the value set where `steps` lead from it."""
        if not steps:
            return self.node
        if isinstance(here, Items):
            return self._in_list(here, steps)
        step, rest = steps[0], steps[1:]
        if isinstance(here, Block) and step not in here and isinstance(here.get("value"), Block | Items):
            return self._in_map(here, "value", steps)
        if isinstance(here, Text) or (step not in here and (rest or not step)):
            raise self._nowhere(here, step)
        return self._in_map(here, step, rest)

    def _removes(self) -> bool:
        return isinstance(self.node, Text) and self.node.is_null

    def _in_list(self, here: Items, steps: Sequence[str]) -> Items:
        step, rest = steps[0], steps[1:]
        if not (step.isascii() and step.isdecimal() and len(step) < 6 and int(step) < len(here)):
            allowed = f"0 to {len(here) - 1}" if here else "nothing: the list is empty"
            raise self._refused(f"there is no item {shown(step)}", allowed)
        if not rest and self._removes():
            problem = "null removes keys, and not the items of a list"
            raise self._refused(problem, "the whole list without it")
        items = Items(here.where, here)
        items[int(step)] = self.made(here[int(step)], rest)
        return items

    def _in_map(self, here: Block, key: str, rest: Sequence[str]) -> Block:
        block = here.copy()
        if rest:
            block.put(key, self.made(here[key], rest), here.keys_at[key])
        elif not self._removes():
            block.put(key, self.node, self.node.where)
        elif key in here:
            block.drop(key)
        else:
            raise ScenarioError([nothing_to_remove(self.path, self.node.where, here, self.speller)])
        return block

    def _nowhere(self, here: Node, step: str) -> ScenarioError:
        known = list(here) if isinstance(here, Block) else []
        allowed = listed(known) or "nothing below a plain value"
        near = self.speller.nearest(step, known)
        return self._refused(f"no such path: {shown(step)} is not there", allowed, near)

    def _refused(self, problem: str, allowed: str, near: str = "") -> ScenarioError:
        return ScenarioError([Fault(problem, self.node.where, self.path, allowed, near)])
