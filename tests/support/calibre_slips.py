"""Build mistakes in `two-calibres.yaml`, each with the expected messages.

A slip is a few edits, made in the original YAML, in the same data as JSON, and in plain data. The modules
`calibre_slips_depots`, `_production`, `_shipments`, `_fire` and `_events` hold tables of slips;
`calibre_slips_texts` holds those that only a text can have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tests.support.scenario_text import Edit, ScenarioText

FILE = Path(__file__).parent.parent.parent / "scenarios" / "two-calibres.yaml"
PAGE = ScenarioText.of(FILE.read_text("utf-8"))


@dataclass(frozen=True)
class ExpectedMessage:
    """An expected message: `at` is the path of the key as written, `path` the path in the message."""

    at: str
    problem: str
    allowed: str = ""
    nearest: str = ""
    on_key: bool = False
    path: str | None = None

    @property
    def named(self) -> str:
        """Return the path in the message, without ``value`` steps."""
        return self.at.replace(".value", "") if self.path is None else self.path


@dataclass(frozen=True)
class FileSlip:
    """Edits of the file, and the expected messages."""

    name: str
    edits: tuple[Edit, ...]
    messages: tuple[ExpectedMessage, ...]

    def text(self) -> str:
        """Return the YAML with the slip."""
        text = PAGE.edited(self.edits[0])
        for edit in self.edits[1:]:
            text = ScenarioText.of(text).edited(edit)
        return text

    def reported_at(self, at: str) -> FileSlip:
        """Return the same slip, reported at another value."""
        return replace(self, messages=(replace(self.messages[0], at=at),))

    def named(self, path: str) -> FileSlip:
        """Return the same slip, reported at the same place under another path."""
        return replace(self, messages=(replace(self.messages[0], path=path),))


def wrong_value(
    path: str, new: str, problem: str, allowed: str = "", nearest: str = "", sub: str = ""
) -> FileSlip:
    """Return a slip that changes a value, reported at the value, or at its key `sub`."""
    at = f"{path}.{sub}" if sub else path
    message = ExpectedMessage(at, problem, allowed, nearest)
    return FileSlip(f"{path}: {new}", (Edit("set", path, new),), (message,))


def wrong_value_at_key(
    path: str, new: str, problem: str, allowed: str = "", nearest: str = "", sub: str = ""
) -> FileSlip:
    """Return a slip that changes a value, reported at the key, or at key `sub` of the value."""
    at = f"{path}.{sub}" if sub else path
    message = ExpectedMessage(at, problem, allowed, nearest, on_key=True)
    return FileSlip(f"{path}: {new}", (Edit("set", path, new),), (message,))


def extra_key(
    path: str, new: str, problem: str, allowed: str = "", nearest: str = "", sub: str = ""
) -> FileSlip:
    """Return a slip that adds a misplaced or invalid key, reported at its value."""
    at = f"{path}.{sub}" if sub else path
    message = ExpectedMessage(at, problem, allowed, nearest)
    return FileSlip(f"{path} added: {new}", (Edit("add", path, new),), (message,))


def misspelt_key(path: str, new: str, nearest: str = "", allowed: str = "") -> FileSlip:
    """Return a slip that misspells a key."""
    at = ".".join([*path.split(".")[:-1], new])
    message = ExpectedMessage(at, f"unknown key {new!r}", allowed, nearest, on_key=True)
    return FileSlip(f"{path} is {new}", (Edit("rename", path, new),), (message,))


def unknown_key(path: str, new: str, nearest: str = "", allowed: str = "") -> FileSlip:
    """Return a slip that adds an unknown key."""
    message = ExpectedMessage(path, f"unknown key {path.rpartition('.')[2]!r}", allowed, nearest, on_key=True)
    return FileSlip(f"{path} added: {new}", (Edit("add", path, new),), (message,))


def missing_key(path: str, problem: str = "", allowed: str = "") -> FileSlip:
    """Return a slip that removes a key, reported at its parent."""
    above, _, name = path.rpartition(".")
    message = ExpectedMessage(above, problem or f"{name!r} is required", allowed, on_key=True, path=path)
    return FileSlip(f"{path} left out", (Edit("drop", path),), (message,))


def combined_slip(name: str, edits: list[Edit], *messages: ExpectedMessage) -> FileSlip:
    """Return a slip of several edits or with several messages."""
    return FileSlip(name, tuple(edits), messages)


def set_edit(path: str, new: str) -> Edit:
    return Edit("set", path, new)


def add_edit(path: str, new: str) -> Edit:
    return Edit("add", path, new)


def drop_edit(path: str) -> Edit:
    return Edit("drop", path)


def rename_edit(path: str, new: str) -> Edit:
    return Edit("rename", path, new)
