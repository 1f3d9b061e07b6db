"""How one scenario text starts from another: ``extends``, ``null``, ``--set`` and ``replace``.

Sections, components and settings merge key by key; a quantity, a mix, a course, a rationing map and a
list are replaced as a whole, their source included; ``null`` removes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sim.errors import Fault, ScenarioError, Where, nearest
from sim.scenario.nodes import Block, Items, Node, Text
from sim.scenario.reading import read_bytes, read_text

QUANTITY_WORDS = frozenset(
    "low mode high mean sd cv median p95 value choices exponential by_date between source note".split()
)
REPLACED_WHOLE = frozenset({"mix", "rationing", "deliveries"})
LONGEST_CHAIN = 20


@dataclass
class Sources:
    """The files that a scenario was read from: name as written, and digest."""

    digests: dict[str, str] = field(default_factory=dict)


def read_file(path: Path, sources: Sources, chain: tuple[Path, ...] = (), cited: Where | None = None) -> Block:
    """Read a scenario file and everything that it extends.

    Parameters
    ----------
    path : Path
    sources : Sources
        Gains the digest of each file read.
    chain : tuple of Path
        The files that extend this one, outermost first.
    cited : Where or None
        Where the name of this file was written.

    Raises
    ------
    ScenarioError
        A file is missing, unreadable or wrong, or extends itself.
    """
    try:
        real = path.resolve()
        if real in chain:
            raise _fault(f"{path.name} extends itself", cited, "extends")
        if len(chain) > LONGEST_CHAIN:
            raise _fault("too many files extend one another", cited, "extends")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise _fault(f"cannot read {str(path)[:200]!r}: {reason}", cited, "extends" if cited else "") from None
    block = read_bytes(data, str(path))
    sources.digests[path.name if not chain else _name_of(path, chain[0].parent)] = sha256(data).hexdigest()
    return extended(block, path.parent, sources, (*chain, real))


def _name_of(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder).as_posix()
    except ValueError:
        return path.name


def extended(block: Block, folder: Path, sources: Sources, chain: tuple[Path, ...] = ()) -> Block:
    """Return `block` laid over the file that it extends, if any, looked up from `folder`."""
    base_name = block.get("extends")
    if base_name is None:
        _refuse_nulls(block, "")
        return block
    if not isinstance(base_name, Text) or not base_name.text.strip():
        raise _fault("extends is not a file name", base_name.where, "extends", "the name of a scenario file")
    if base_name.is_null:
        raise _fault("null removes what another file gives; extends is not inherited", base_name.where, "extends")
    base = read_file(folder / base_name.text, sources, chain, base_name.where)
    block.drop("extends")
    return merge(base, block)


def _fault(problem: str, where: Where | None, path: str = "", allowed: str = "") -> ScenarioError:
    return ScenarioError([Fault(problem, where, path, allowed)])


def merge(base: Block, over: Block, path: str = "") -> Block:
    """Return `base` with the keys of `over` laid over it.

    Raises
    ------
    ScenarioError
        A ``null`` removes what is not there.
    """
    merged = Block(over.where if path else base.where)
    for key, node, where in base.entries():
        merged.put(key, node, where)
    faults: list[Fault] = []
    for key, node, where in over.entries():
        inner = f"{path}.{key}" if path else key
        below = merged.get(key)
        if isinstance(node, Text) and node.is_null:
            if below is None:
                faults.append(_nothing_to_remove(inner, where, merged))
            else:
                merged.drop(key)
        elif isinstance(below, Block) and isinstance(node, Block) and not _replaced_whole(key, below, node):
            try:
                merged.put(key, merge(below, node, inner), where)
            except ScenarioError as error:
                faults.extend(error.faults)
        else:
            _refuse_nulls(node, inner)
            merged.put(key, node, where)
    if faults:
        raise ScenarioError(faults)
    return merged


def _nothing_to_remove(path: str, where: Where, block: Block) -> Fault:
    near = nearest(path.rpartition(".")[2], block)
    return Fault("null removes nothing: there is no such key", where, path, f"one of {', '.join(block) or 'none'}", near)


def _replaced_whole(key: str, below: Block, node: Block) -> bool:
    return key in REPLACED_WHOLE or bool(QUANTITY_WORDS & (below.keys() | node.keys()))


def _refuse_nulls(node: Node, path: str) -> None:
    faults = list(_nulls(node, path))
    if faults:
        raise ScenarioError(faults)


def _nulls(node: Node, path: str) -> list[Fault]:
    if isinstance(node, Text):
        if not node.is_null:
            return []
        problem = "null removes what another file gives, and there is nothing to remove"
        return [Fault(problem, node.where, path, "a value, or leave the key out")]
    children = node.items() if isinstance(node, Block) else enumerate(node)
    found: list[Fault] = []
    for key, child in children:
        if not str(key).startswith("x-"):
            found.extend(_nulls(child, f"{path}.{key}" if path else str(key)))
    return found


def override(tree: Block, changes: Mapping[str, Node]) -> Block:
    """Return `tree` with each path of `changes` set to its node; ``null`` removes.

    Every step of a path but the last must be there already.

    Raises
    ------
    ScenarioError
        A path leads nowhere.
    """
    faults: list[Fault] = []
    for path, node in changes.items():
        try:
            tree = _set(tree, path.split("."), node, path)
        except ScenarioError as error:
            faults.extend(error.faults)
    if faults:
        raise ScenarioError(faults)
    return tree


def _set(tree: Block, steps: Sequence[str], node: Node, path: str) -> Block:
    changed = _with(tree, steps, node, path)
    if not isinstance(changed, Block):
        raise _fault("an empty path", node.where, path, "SECTION.NAME.KEY")
    return changed


def _with(here: Node, steps: Sequence[str], node: Node, path: str) -> Node:
    if not steps:
        return node
    step, rest = steps[0], steps[1:]
    if isinstance(here, Items):
        if not (step.isascii() and step.isdecimal() and int(step) < len(here)):
            raise _fault(f"no item {step!r}", node.where, path, f"0 to {len(here) - 1}")
        items = Items(here.where, here)
        items[int(step)] = _with(here[int(step)], rest, node, path)
        return items
    if isinstance(here, Text) or (step not in here and (rest or not step)):
        known = list(here) if isinstance(here, Block) else []
        allowed = ", ".join(known) if known else "nothing below a plain value"
        raise ScenarioError(
            [Fault(f"no such path: {step[:80]!r} is not there", node.where, path, allowed, nearest(step, known))]
        )
    block = Block(here.where)
    for key, child, where in here.entries():
        block.put(key, child, where)
    if rest:
        block.put(step, _with(here[step], rest, node, path), here.keys_at[step])
    elif isinstance(node, Text) and node.is_null:
        if step not in here:
            raise ScenarioError([_nothing_to_remove(path, node.where, here)])
        block.drop(step)
    else:
        _refuse_nulls(node, path)
        block.put(step, node, node.where)
    return block


def read_overrides(settings: Sequence[str]) -> dict[str, Node]:
    """Read ``PATH=VALUE`` words of the command line, each value as YAML.

    Raises
    ------
    ScenarioError
        A word is no ``PATH=VALUE``, or its value is not YAML.
    """
    changes: dict[str, Node] = {}
    for setting in settings:
        path, equals, value = setting.partition("=")
        where = Where("--set", 1, 1)
        if not equals or not path.strip() or not value.strip():
            problem = f"{setting[:80]!r} is not PATH=VALUE"
            raise _fault(problem, where, "", "a path and a value, such as production.russia.rate=3M/year")
        changes[path.strip()] = read_text(value, f"--set {path.strip()}")
    return changes
