"""How one scenario file starts from another: ``extends`` and ``null``.

Sections, components and settings merge key by key; a quantity, a mix, a course, a rationing map and a
list are replaced as a whole, their source included; ``null`` removes.
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
    """What comes to light while files are read.

    Attributes
    ----------
    digests : dict of str to str
        SHA-256 of each file, by its name as seen from the first one.
    faults : list of Fault
        What is wrong but leaves the rest readable.
    speller : Speller
        Finds the nearest right name.
    """

    digests: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    suggester: Suggester = field(default_factory=Suggester)


class ChainLink(NamedTuple):
    """A file of a chain: its real path, which tells it apart, and its name as seen from the first one."""

    real: str
    name: str


def read_file(
    path: Path,
    reading: ReadState,
    chain: tuple[ChainLink, ...] = (),
    cited: TextNode | None = None,
    data: bytes | None = None,
) -> MapNode:
    """Read a scenario file and everything that it extends.

    Parameters
    ----------
    path : Path
    reading : Reading
        Gains the digest of each file read, and its faults.
    chain : tuple of Link
        The files that extend this one, outermost first.
    cited : Text or None
        The name of this file as the one that extends it gives it.
    data : bytes, optional
        What the file holds, where it has been read: a pipe can be read once.

    Raises
    ------
    ScenarioError
        A file is missing, unreadable or no YAML, or extends itself.
    """
    where = cited.where if cited is not None else None
    if "\0" in str(path):
        raise _file_error(f"{str(path)[:200]!r} is not the name of a file", where)
    link = ChainLink(os.path.realpath(path), _display_name(path, chain, cited))
    if link.real in {above.real for above in chain}:
        raise _file_error(f"{path.name!r} extends itself", where, "another file")
    if len(chain) > MAX_CHAIN_LENGTH:
        raise _file_error("too many files extend one another", where, f"at most {MAX_CHAIN_LENGTH}")
    data = read_limited(path, where) if data is None else data
    block = read_bytes(data, str(path), reading.faults)
    reading.digests[link.name] = sha256(data).hexdigest()
    return apply_extends(block, folder_of(path), reading, (*chain, link))


def _display_name(path: Path, chain: tuple[ChainLink, ...], cited: TextNode | None) -> str:
    return name_of(path) if cited is None else relative_name(cited.text, chain[-1].name if chain else "")


def read_limited(path: Path, cited: Where | None) -> bytes:
    """Return the bytes of a file, one more than a scenario may have at most; `cited` is where it is named."""
    try:
        if cited is not None and path.exists() and not path.is_file():
            raise _file_error(f"{str(path)[:200]!r} is not a file", cited)
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        near = closest_file(path, cited) if isinstance(error, FileNotFoundError) else ""
        raise _file_error(f"cannot read {str(path)[:200]!r}: {error.strerror}", cited, near=near) from None


def closest_file(path: Path, cited: Where | None) -> str:
    """Return the file most like one that is not there, as seen from the file that names it; or nothing."""
    found = nearest_path(path)
    if not found or cited is None:
        return found
    return Path(os.path.relpath(found, folder_of(Path(cited.file)))).as_posix()


def _file_error(
    problem: str, cited: Where | None, allowed: str = "a scenario file", near: str = ""
) -> ScenarioError:
    return ScenarioError([Fault(problem, cited, "extends" if cited else "", allowed, near)])


def apply_extends(
    block: MapNode, folder: Path, reading: ReadState, chain: tuple[ChainLink, ...] = ()
) -> MapNode:
    """Return `block` laid over the file that it extends, if any; files are looked up from `folder`."""
    block = resolve_file_names(block, folder, chain[-1].name if chain else "")
    base_name = block.get("extends")
    if base_name is None:
        reading.faults.extend(useless_nulls(block))
        return block
    if not isinstance(base_name, TextNode) or not base_name.text.strip() or base_name.is_null:
        raise _file_error("extends is not the name of a file", base_name.where)
    base = read_file(folder / base_name.text, reading, chain, base_name)
    block.drop("extends")
    return merge(base, block, reading)


def merge(base: MapNode, over: MapNode, reading: ReadState, path: str = "") -> MapNode:
    """Return `base` with the keys of `over` laid over it.

    Parameters
    ----------
    base, over : Block
    reading : Reading
        Gains a fault for each ``null`` that removes what is not there.
    path : str
        Of both blocks.
    """
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
                reading.faults.append(nothing_to_remove_fault(inner, where, merged, reading.suggester))
        elif (
            isinstance(below, MapNode)
            and isinstance(node, MapNode)
            and not _is_replaced_as_a_whole(inner, below, node)
        ):
            merged.put(key, merge(below, node, reading, inner), where)
        else:
            reading.faults.extend(useless_nulls(node, inner))
            merged.put(key, node, where)
    return merged


def nothing_to_remove_fault(path: str, where: Where, block: MapNode, speller: Suggester) -> Fault:
    """Return the fault of a ``null`` for a key that `block` does not have."""
    problem = "null removes nothing: there is no such key"
    near = speller.nearest(path.rpartition(".")[2], block)
    return Fault(problem, where, path, join_names(block) or "nothing is there", near)


def _is_replaced_as_a_whole(path: str, below: MapNode, node: MapNode) -> bool:
    # A section or a component may bear any of these words as its name; only a setting means them.
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
