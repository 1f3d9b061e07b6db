"""Conversion of Python data to a node tree, and of a tree to one line of text."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode, join_path
from sim.scenario.yaml_reader import MAX_DEPTH, PRINTABLE_TEXT, describe_character, first_unprintable

MAX_INTEGER = 10**18


def node_from_data(value: object, origin: str, path: str = "", depth: int = 1) -> Node:
    """Convert plain Python data at `path` to a node tree; errors name its `origin` in place of a file.

    Raise `ScenarioError` if a value has another type, or is nested too deeply.
    """
    where = Where(origin, 1, 1)
    if depth > MAX_DEPTH:
        raise _data_error("values are nested too deep", where, path, f"at most {MAX_DEPTH} deep")
    if isinstance(value, Mapping):
        block = MapNode(where)
        for key, child in value.items():
            name = _key_text(key, where, path)
            inner = join_path(path, name)
            if name in block:
                raise _data_error(f"the key {name[:80]!r} stands here again", where, inner, "each key once")
            block.put(name, node_from_data(child, origin, inner, depth + 1), where)
        return block
    if isinstance(value, list | tuple):
        items = (node_from_data(item, origin, join_path(path, i), depth + 1) for i, item in enumerate(value))
        return ListNode(where, items)
    return TextNode(_scalar_text(value, where, path), where, is_plain=value not in ("null", "~", ""))


def _data_error(problem: str, where: Where, path: str, allowed: str) -> ScenarioError:
    return ScenarioError([Fault(problem, where, path, allowed)])


def _key_text(key: object, where: Where, path: str) -> str:
    if key is None or isinstance(key, bool):
        raise _data_error(f"a key of type {type(key).__name__}", where, path, "text, a date or a number")
    return _scalar_text(key, where, path)


def _scalar_text(value: object, where: Where, path: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, str):
        odd = first_unprintable(value)
        if odd:
            raise _data_error(describe_character(odd), where, path, PRINTABLE_TEXT)
        return str(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    # Numpy scalars convert to Python numbers.
    number = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    if isinstance(number, bool):
        return str(number).lower()
    if not isinstance(number, int | float):
        allowed = "text, a number, a date, a list or a dictionary"
        raise _data_error(f"a value of type {type(value).__name__}", where, path, allowed)
    if isinstance(number, int) and abs(number) > MAX_INTEGER:
        raise _data_error("the number is too large", where, path, "numbers up to 1e15")
    return repr(number)


def node_as_flow(node: Node | dict[str, Node]) -> str:
    """Return a tree on one line in YAML flow style: ``{low: 3M, high: 7M}``."""
    if isinstance(node, TextNode):
        return node.text
    if isinstance(node, ListNode):
        return "[" + ", ".join(node_as_flow(item) for item in node) + "]"
    return "{" + ", ".join(f"{key}: {node_as_flow(child)}" for key, child in node.items()) + "}"
