"""Inheritance between scenario files: ``extends`` and ``null``.

Sections, components and settings merge key by key. A quantity, a mix, a course, a rationing map or a list
replaces the old one as a whole, source included. ``null`` removes a key.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from sim.errors import Fault, ScenarioError, Where, nearest_path
from sim.scenario.attachment import relative_name, resolve_file_names
from sim.scenario.input_file import folder_of, name_of
from sim.scenario.quantity import QUANTITY_KEYS
from sim.scenario.suggestions import Suggester, join_names
from sim.scenario.yaml_nodes import MapNode, Node, TextNode, is_author_key, join_path
from sim.scenario.yaml_reader import MAX_FILE_BYTES, read_bytes

REPLACED_AS_A_WHOLE = frozenset({"mix", "rationing", "deliveries"})
MAX_CHAIN_LENGTH = 20


@dataclass
class ReadState:
    """State shared by the files of one scenario as they are read."""

    #: SHA-256 of each file, by name relative to the first file.
    digests: dict[str, str] = field(default_factory=dict)
    #: Recoverable faults.
    faults: list[Fault] = field(default_factory=list)
    #: Finds the nearest valid name.
    suggester: Suggester = field(default_factory=Suggester)


class ChainLink(NamedTuple):
    """A file of an ``extends`` chain: its real path, and its name relative to the first file."""

    real: str
    name: str


def read_file(
    path: Path,
    state: ReadState,
    chain: tuple[ChainLink, ...] = (),
    cited: TextNode | None = None,
    data: bytes | None = None,
) -> MapNode:
    """Read a scenario file and the files that it extends.

    The `chain` has the files that extend this one, outermost first; `cited` is the name of this file in the
    file that extends it; `data` are the contents, if already read: a pipe can be read only once.

    Raise `ScenarioError` if a file is missing, unreadable or malformed, or extends itself.
    """
    where = cited.where if cited is not None else None
    if "\0" in str(path):
        raise _file_error(f"{str(path)[:200]!r} is not the name of a file", where)
    name = name_of(path) if cited is None else relative_name(cited.text, chain[-1].name if chain else "")
    link = ChainLink(os.path.realpath(path), name)
    if link.real in {above.real for above in chain}:
        raise _file_error(f"{path.name!r} extends itself", where, "another file")
    if len(chain) > MAX_CHAIN_LENGTH:
        raise _file_error("too many files extend one another", where, f"at most {MAX_CHAIN_LENGTH}")
    data = read_limited(path, where) if data is None else data
    block = read_bytes(data, str(path), state.faults)
    state.digests[link.name] = sha256(data).hexdigest()
    return apply_extends(block, folder_of(path), state, (*chain, link))


def read_limited(path: Path, cited: Where | None) -> bytes:
    """Read a file up to one byte over the size limit; `cited` is the position that names it."""
    try:
        if cited is not None and path.exists() and not path.is_file():
            raise _file_error(f"{str(path)[:200]!r} is not a file", cited)
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        near = closest_file(path, cited) if isinstance(error, FileNotFoundError) else ""
        if isinstance(error, IsADirectoryError) and (inside := path / "scenario.yaml").is_file():
            near = inside.as_posix()
        raise _file_error(f"cannot read {str(path)[:200]!r}: {error.strerror}", cited, near=near) from None


def closest_file(path: Path, cited: Where | None) -> str:
    """Return the most similar existing path to a missing file, relative to the file that names it."""
    found = nearest_path(path)
    if not found or cited is None:
        return found
    return Path(os.path.relpath(found, folder_of(Path(cited.file)))).as_posix()


def _file_error(
    problem: str, cited: Where | None, allowed: str = "a scenario file", near: str = ""
) -> ScenarioError:
    return ScenarioError([Fault(problem, cited, "extends" if cited else "", allowed, near)])


def apply_extends(
    block: MapNode, folder: Path, state: ReadState, chain: tuple[ChainLink, ...] = ()
) -> MapNode:
    """Return `block` merged over the file that it extends, if any, looked up from `folder`."""
    block = resolve_file_names(block, folder, chain[-1].name if chain else "")
    base_name = block.get("extends")
    if base_name is None:
        state.faults.extend(useless_nulls(block))
        return block
    if not isinstance(base_name, TextNode) or not base_name.text.strip() or base_name.is_null:
        raise _file_error("extends is not the name of a file", base_name.where)
    base = read_file(folder / base_name.text, state, chain, base_name)
    block.drop("extends")
    return merge(base, block, state)


def merge(base: MapNode, over: MapNode, state: ReadState, path: str = "") -> MapNode:
    """Return `base` updated with the keys of `over`; a ``null`` at a missing key is a fault."""
    merged = base.copy()
    merged.where = over.where if path else base.where
    for key, node, where in over.entries():
        if is_author_key(key):
            continue
        inner = join_path(path, key)
        below = merged.get(key)
        if isinstance(node, TextNode) and node.is_null:
            if below is not None:
                merged.drop(key)
            else:
                state.faults.append(nothing_to_remove_fault(inner, where, merged, state.suggester))
        elif (
            isinstance(below, MapNode)
            and isinstance(node, MapNode)
            and not _is_replaced_as_a_whole(inner, below, node)
        ):
            merged.put(key, merge(below, node, state, inner), where)
        else:
            state.faults.extend(useless_nulls(node, inner))
            merged.put(key, node, where)
    return merged


def nothing_to_remove_fault(path: str, where: Where, block: MapNode, suggester: Suggester) -> Fault:
    """Return the fault of a ``null`` for a key that `block` does not have."""
    problem = "null removes nothing: there is no such key"
    near = suggester.nearest(path.rpartition(".")[2], block)
    return Fault(problem, where, path, join_names(block) or "nothing is there", near)


def _is_replaced_as_a_whole(path: str, below: MapNode, node: MapNode) -> bool:
    # Only a setting has these meanings; a section or component may have the same name.
    section, _, setting = path.partition(".")
    if not section or "." not in setting:
        return False
    return path.rpartition(".")[2] in REPLACED_AS_A_WHOLE or bool(
        QUANTITY_KEYS & (below.keys() | node.keys())
    )


def useless_nulls(node: Node, path: str = "") -> Iterator[Fault]:
    """Yield a fault for each ``null`` in a tree that removes nothing."""
    if isinstance(node, TextNode):
        if node.is_null:
            problem = "null removes what another file gives, and there is nothing to remove"
            yield Fault(problem, node.where, path, "a value, or leave the key out")
        return
    children = node.items() if isinstance(node, MapNode) else enumerate(node)
    for key, child in children:
        if not is_author_key(str(key)):
            yield from useless_nulls(child, join_path(path, key))
