"""Slips in `two-calibres.yaml`, each with what has to be said of it: the tools.

A slip is a few edits, made alike in the YAML as a person wrote it, in the same as JSON, and in plain data.
Tables of them stand in `calibres_depots`, `calibres_production`, `calibres_shipments`, `calibres_fire` and
`calibres_events`; `calibres_texts` has those that only a text can have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tests.support.scenario_text import Edit, ScenarioText

FILE = Path(__file__).parent.parent.parent / "scenarios" / "two-calibres.yaml"
PAGE = ScenarioText.of(FILE.read_text("utf-8"))


@dataclass(frozen=True)
class ExpectedMessage:
    """What one message has to say, and of which key: `at` is its path as written, `path` as it is told."""

    at: str
    problem: str
    allowed: str = ""
    nearest: str = ""
    on_key: bool = False
    path: str | None = None

    @property
    def named(self) -> str:
        """Return the path that the message names: never through ``value``."""
        return self.at.replace(".value", "") if self.path is None else self.path


@dataclass(frozen=True)
class FileSlip:
    """Edits of the file, and the messages that they deserve."""

    name: str
    edits: tuple[Edit, ...]
    said: tuple[ExpectedMessage, ...]

    def text(self) -> str:
        """Return the YAML with the slip in it."""
        text = PAGE.edited(self.edits[0])
        for edit in self.edits[1:]:
            text = ScenarioText.of(text).edited(edit)
        return text

    def said_at(self, at: str) -> FileSlip:
        """Return the same slip, told at another value."""
        return replace(self, said=(replace(self.said[0], at=at),))

    def named(self, path: str) -> FileSlip:
        """Return the same slip, told in the same place under another path."""
        return replace(self, said=(replace(self.said[0], path=path),))


def wrong_value(
    path: str, new: str, problem: str, allowed: str = "", nearest: str = "", sub: str = ""
) -> FileSlip:
    """Return the slip of another value, told at the value, or at the key `sub` of it."""
    at = f"{path}.{sub}" if sub else path
    told = ExpectedMessage(at, problem, allowed, nearest)
    return FileSlip(f"{path}: {new}", (Edit("set", path, new),), (told,))


def wrong_value_at_key(
    path: str, new: str, problem: str, allowed: str = "", nearest: str = "", sub: str = ""
) -> FileSlip:
    """Return the slip of another value, told at the key, or at the key `sub` of the value."""
    at = f"{path}.{sub}" if sub else path
    told = ExpectedMessage(at, problem, allowed, nearest, on_key=True)
    return FileSlip(f"{path}: {new}", (Edit("set", path, new),), (told,))


def extra_key(
    path: str, new: str, problem: str, allowed: str = "", nearest: str = "", sub: str = ""
) -> FileSlip:
    """Return the slip of a key that does not belong there, or has a wrong value, told at the value."""
    at = f"{path}.{sub}" if sub else path
    told = ExpectedMessage(at, problem, allowed, nearest)
    return FileSlip(f"{path} added: {new}", (Edit("add", path, new),), (told,))


def misspelt_key(path: str, new: str, nearest: str = "", allowed: str = "") -> FileSlip:
    """Return the slip of a misspelt key."""
    at = ".".join([*path.split(".")[:-1], new])
    told = ExpectedMessage(at, f"unknown key {new!r}", allowed, nearest, on_key=True)
    return FileSlip(f"{path} is {new}", (Edit("rename", path, new),), (told,))


def unknown_key(path: str, new: str, nearest: str = "", allowed: str = "") -> FileSlip:
    """Return the slip of a key that nothing knows."""
    told = ExpectedMessage(path, f"unknown key {path.rpartition('.')[2]!r}", allowed, nearest, on_key=True)
    return FileSlip(f"{path} added: {new}", (Edit("add", path, new),), (told,))


def missing_key(path: str, problem: str = "", allowed: str = "") -> FileSlip:
    """Return the slip of a key left out, told at the key that should hold it."""
    above, _, name = path.rpartition(".")
    told = ExpectedMessage(above, problem or f"{name!r} is required", allowed, on_key=True, path=path)
    return FileSlip(f"{path} left out", (Edit("drop", path),), (told,))


def combined_slip(name: str, edits: list[Edit], *said: ExpectedMessage) -> FileSlip:
    """Return a slip that takes several edits, or has several messages: those that it honestly deserves."""
    return FileSlip(name, tuple(edits), said)


def set_edit(path: str, new: str) -> Edit:
    return Edit("set", path, new)


def add_edit(path: str, new: str) -> Edit:
    return Edit("add", path, new)


def drop_edit(path: str) -> Edit:
    return Edit("drop", path)


def rename_edit(path: str, new: str) -> Edit:
    return Edit("rename", path, new)
