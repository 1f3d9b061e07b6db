"""How single values are changed after a file is read: ``--set`` and ``replace``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.errors import Fault, ScenarioError, Where, nearest
from sim.scenario.merging import nothing_to_remove, nulls
from sim.scenario.nodes import Block, Items, Node, Text
from sim.scenario.reading import read_text
from sim.units import shown


def read_overrides(settings: Sequence[str], faults: list[Fault]) -> dict[str, Node]:
    """Read ``PATH=VALUE`` words of the command line, each value as YAML.

    Parameters
    ----------
    settings : sequence of str
        Of two for one path the later counts.
    faults : list of Fault
        Gains what is wrong: a word that is no ``PATH=VALUE``, a value that is no YAML.
    """
    changes: dict[str, Node] = {}
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path.strip() or not value.strip():
            allowed = "a path and a value, such as production.russia.rate=3M/year"
            faults.append(Fault(f"{shown(setting)} is not PATH=VALUE", Where("--set", 1, 1), "", allowed))
            continue
        try:
            changes[path.strip()] = read_text(value, f"--set {path.strip()}", faults, path.strip())
        except ScenarioError as error:
            faults.extend(error.faults)
    return changes


def override(tree: Block, changes: Mapping[str, Node], faults: list[Fault]) -> Block:
    """Return `tree` with each path of `changes` set to its node; ``null`` removes.

    Every step of a path but the last must be there already. A path does not name ``value``: it leads
    through it.

    Parameters
    ----------
    tree : Block
    changes : mapping of str to Node
    faults : list of Fault
        Gains a fault for each path that leads nowhere; the others are set.
    """
    for path, node in changes.items():
        try:
            changed = _with(tree, path.split("."), node, path)
        except ScenarioError as error:
            faults.extend(error.faults)
            continue
        if isinstance(changed, Block):
            tree = changed
        faults.extend(() if isinstance(node, Text) else nulls(node, path))
    return tree


def _with(here: Node, steps: Sequence[str], node: Node, path: str) -> Node:
    if not steps:
        return node
    if isinstance(here, Items):
        return _with_item(here, steps, node, path)
    step, rest = steps[0], steps[1:]
    if isinstance(here, Block) and step not in here and isinstance(here.get("value"), Block | Items):
        return _with_key(here, "value", steps, node, path)
    if isinstance(here, Text) or (step not in here and (rest or not step)):
        raise _no_path(here, step, node, path)
    return _with_key(here, step, rest, node, path)


def _with_item(here: Items, steps: Sequence[str], node: Node, path: str) -> Items:
    step, rest = steps[0], steps[1:]
    if not (step.isascii() and step.isdecimal() and len(step) < 6 and int(step) < len(here)):
        allowed = f"0 to {len(here) - 1}" if here else "nothing: the list is empty"
        raise ScenarioError([Fault(f"there is no item {shown(step)}", node.where, path, allowed)])
    if not rest and isinstance(node, Text) and node.is_null:
        problem = "null removes keys, and not the items of a list"
        raise ScenarioError([Fault(problem, node.where, path, "the whole list without it")])
    items = Items(here.where, here)
    items[int(step)] = _with(here[int(step)], rest, node, path)
    return items


def _with_key(here: Block, key: str, rest: Sequence[str], node: Node, path: str) -> Block:
    block = here.copy()
    if rest:
        block.put(key, _with(here[key], rest, node, path), here.keys_at[key])
    elif not (isinstance(node, Text) and node.is_null):
        block.put(key, node, node.where)
    elif key in here:
        block.drop(key)
    else:
        raise ScenarioError([nothing_to_remove(path, node.where, here)])
    return block


def _no_path(here: Node, step: str, node: Node, path: str) -> ScenarioError:
    known = list(here) if isinstance(here, Block) else []
    allowed = ", ".join(known) if known else "nothing below a plain value"
    problem = f"no such path: {shown(step)} is not there"
    return ScenarioError([Fault(problem, node.where, path, allowed, nearest(step, known))])
