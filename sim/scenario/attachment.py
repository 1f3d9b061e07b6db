"""Files that a scenario names: its evidence table and its joint samples."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from sim.errors import Fault, ScenarioError, nearest_path
from sim.scenario.yaml_nodes import MapNode, Node, TextNode

EVIDENCE_KEY, DRAWS_KEY = "evidence", "draws"
FILE_KEYS = (EVIDENCE_KEY, DRAWS_KEY)
MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Attachment:
    """Name and contents of a file that a scenario names."""

    #: Relative to the scenario file; the last component of an absolute path.
    name: str
    #: Name of the file in messages.
    file: str
    data: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the file in hexadecimal."""
        return sha256(self.data).hexdigest()


def relative_name(name: str, other: str) -> str:
    """Return `name`, written in the file `other`, relative to the folder to which `other` is relative.

    The result never reveals the absolute folder, which may contain a user name.
    """
    if Path(name).is_absolute():
        return Path(name).name
    return posixpath.normpath(posixpath.join(posixpath.dirname(other), Path(name).as_posix()))


def resolve_file_names(block: MapNode, folder: Path = Path(), other: str = "") -> MapNode:
    """Return a copy of a tree in which the file names under `FILE_KEYS` carry their resolved paths.

    `folder` is that of the file of the tree, the working directory for Python data and ``--set``; `other` is
    the name of that file, relative to the first file.
    """
    found = block.copy()
    for key in FILE_KEYS:
        node = block.get(key)
        if isinstance(node, TextNode) and node.at is None and node.text.strip() and not node.is_null:
            name = node.text.strip()
            here = replace(node, text=relative_name(name, other), at=folder / name)
            found.put(key, here, block.keys_at[key])
    return found


def _closest_file(path: Path) -> str:
    """Return the most similar file name in the folder of a missing file, or an empty string."""
    found = nearest_path(path)
    return Path(found).name if found and Path(found).parent == path.parent else ""


def read_attachment(node: Node) -> Attachment:
    """Read the file that a node of a tree from `resolve_file_names` names.

    Raise `ScenarioError` if the file is missing, unreadable or too large.
    """
    if not isinstance(node, TextNode) or node.at is None:
        raise ScenarioError([Fault("this is not the name of a file", node.where, node.path, "a CSV file")])
    shown = repr(str(node.at)[:200])
    try:
        if not node.at.is_file():
            problem = f"{shown} is not {'a file' if node.at.exists() else 'there'}"
            raise ScenarioError([Fault(problem, node.where, node.path, "a CSV file", _closest_file(node.at))])
        with node.at.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        problem = f"cannot read {shown}: {error.strerror}"
        raise ScenarioError([Fault(problem, node.where, node.path, "a CSV file")]) from None
    if len(data) > MAX_BYTES:
        problem = f"{shown} has more than {MAX_BYTES:,} bytes"
        raise ScenarioError([Fault(problem, node.where, node.path, f"at most {MAX_BYTES // 10**6} MB")])
    return Attachment(node.text, str(node.at), data)
