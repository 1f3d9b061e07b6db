"""Node tree of a scenario file: maps, lists and scalars, each with its position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import Fault, Where


@dataclass(frozen=True, slots=True)
class TextNode:
    """A scalar as written."""

    text: str
    where: Where
    #: Written without quotes.
    is_plain: bool = True
    #: Path of the value, set when the tree is complete; omits ``value`` keys (rule 5).
    path: str = ""
    #: Resolved path of the file that the text names; None if it names none.
    at: Path | None = None

    @property
    def is_null(self) -> bool:
        """Whether the scalar is an unquoted null, which removes its key."""
        return self.is_plain and self.text in {"null", "~"}


class MapNode(dict[str, "Node"]):
    """A map of key to node, with the positions of its keys.

    Attributes
    ----------
    where : Where
        Position of the map.
    named : Where
        Position of the key of the map; `where` if it has none.
    path : str
    """

    def __init__(self, where: Where, path: str = "", named: Where | None = None) -> None:
        super().__init__()
        self.where = where
        self.named = named or where
        self.path = path
        self.keys_at: dict[str, Where] = {}

    def put(self, key: str, node: Node, where: Where) -> None:
        """Set `key`, written at `where`, to `node`."""
        self[key] = node
        self.keys_at[key] = where

    def drop(self, key: str) -> None:
        """Remove `key`."""
        del self[key]
        del self.keys_at[key]

    def entries(self) -> Iterator[tuple[str, Node, Where]]:
        """Yield key, node and position of the key."""
        for key, node in self.items():
            yield key, node, self.keys_at[key]

    def fault(self, key: str, problem: str, allowed: str = "") -> Fault:
        """Return a fault of a key, at its position, or at that of the map if the key is missing."""
        return Fault(problem, self.keys_at.get(key, self.named), f"{self.path}.{key}", allowed)

    def copy(self) -> MapNode:
        """Return a shallow copy."""
        other = MapNode(self.where, self.path, self.named)
        for key, node, where in self.entries():
            other.put(key, node, where)
        return other


class ListNode(list["Node"]):
    """A list of nodes."""

    def __init__(self, where: Where, nodes: Iterable[Node] = (), path: str = "") -> None:
        super().__init__(nodes)
        self.where = where
        self.path = path


Node = TextNode | MapNode | ListNode


def is_author_key(key: str) -> bool:
    """Return whether a key is an author's key (``x-``), which is ignored."""
    return key.startswith("x-")


def join_path(path: str, step: str | int) -> str:
    """Append a step to a path; ``value`` steps are omitted (rule 5)."""
    if not path:
        return str(step)
    return path if step == "value" else f"{path}.{step}"


def with_paths(node: Node, path: str = "", named: Where | None = None) -> Node:
    """Return a copy of a tree with the path of every node set, without author's keys."""
    if isinstance(node, TextNode):
        return replace(node, path=path)
    if isinstance(node, ListNode):
        return ListNode(
            node.where, (with_paths(item, join_path(path, i)) for i, item in enumerate(node)), path
        )
    block = MapNode(node.where, path, named)
    for key, child, where in node.entries():
        if not is_author_key(key):
            block.put(key, with_paths(child, join_path(path, key), where), where)
    return block


def find_node(node: Node, path: Iterable[str | int]) -> tuple[Node, bool]:
    """Follow `path` from `node`; return the last node reached, and whether the path ends there."""
    for step in path:
        child: Node | None = None
        if isinstance(node, MapNode):
            child = node.get(str(step))
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node):
            child = node[step]
        if child is None:
            return node, False
        node = child
    return node, True
