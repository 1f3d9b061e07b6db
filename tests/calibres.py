"""Slips in `two-calibres.yaml`, each with what has to be said of it: the tools.

A slip is a few edits, made alike in the YAML as a person wrote it, in the same as JSON, and in plain data.
Tables of them stand in `calibres_depots`, `calibres_production`, `calibres_shipments`, `calibres_fire` and
`calibres_events`; `calibres_texts` has those that only a text can have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from page import Edit, Page
else:
    from .page import Edit, Page

FILE = Path(__file__).parent.parent / "scenarios" / "two-calibres.yaml"
PAGE = Page.of(FILE.read_text("utf-8"))


@dataclass(frozen=True)
class Said:
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
class Slip:
    """Edits of the file, and the messages that they deserve."""

    name: str
    edits: tuple[Edit, ...]
    said: tuple[Said, ...]

    def text(self) -> str:
        """Return the YAML with the slip in it."""
        text = PAGE.edited(self.edits[0])
        for edit in self.edits[1:]:
            text = Page.of(text).edited(edit)
        return text

    def said_at(self, at: str) -> Slip:
        """Return the same slip, told at another value."""
        return replace(self, said=(replace(self.said[0], at=at),))

    def named(self, path: str) -> Slip:
        """Return the same slip, told in the same place under another path."""
        return replace(self, said=(replace(self.said[0], path=path),))


def value(path: str, new: str, problem: str, allowed: str = "", nearest: str = "", sub: str = "") -> Slip:
    """Return the slip of another value, told at the value, or at the key `sub` of it."""
    at = f"{path}.{sub}" if sub else path
    told = Said(at, problem, allowed, nearest)
    return Slip(f"{path}: {new}", (Edit("set", path, new),), (told,))


def keyed(path: str, new: str, problem: str, allowed: str = "", nearest: str = "", sub: str = "") -> Slip:
    """Return the slip of another value, told at the key, or at the key `sub` of the value."""
    at = f"{path}.{sub}" if sub else path
    told = Said(at, problem, allowed, nearest, on_key=True)
    return Slip(f"{path}: {new}", (Edit("set", path, new),), (told,))


def added(path: str, new: str, problem: str, allowed: str = "", nearest: str = "", sub: str = "") -> Slip:
    """Return the slip of a key that does not belong there, or has a wrong value, told at the value."""
    at = f"{path}.{sub}" if sub else path
    told = Said(at, problem, allowed, nearest)
    return Slip(f"{path} added: {new}", (Edit("add", path, new),), (told,))


def unknown(path: str, new: str, nearest: str = "", allowed: str = "") -> Slip:
    """Return the slip of a misspelt key."""
    at = ".".join([*path.split(".")[:-1], new])
    told = Said(at, f"unknown key {new!r}", allowed, nearest, on_key=True)
    return Slip(f"{path} is {new}", (Edit("rename", path, new),), (told,))


def stray(path: str, new: str, nearest: str = "", allowed: str = "") -> Slip:
    """Return the slip of a key that nothing knows."""
    told = Said(path, f"unknown key {path.rpartition('.')[2]!r}", allowed, nearest, on_key=True)
    return Slip(f"{path} added: {new}", (Edit("add", path, new),), (told,))


def missing(path: str, problem: str = "", allowed: str = "") -> Slip:
    """Return the slip of a key left out, told at the key that should hold it."""
    above, _, name = path.rpartition(".")
    told = Said(above, problem or f"{name!r} is required", allowed, on_key=True, path=path)
    return Slip(f"{path} left out", (Edit("drop", path),), (told,))


def several(name: str, edits: list[Edit], *said: Said) -> Slip:
    """Return a slip that takes several edits, or has several messages: those that it honestly deserves."""
    return Slip(name, tuple(edits), said)


def put(path: str, new: str) -> Edit:
    return Edit("set", path, new)


def add(path: str, new: str) -> Edit:
    return Edit("add", path, new)


def drop(path: str) -> Edit:
    return Edit("drop", path)


def rename(path: str, new: str) -> Edit:
    return Edit("rename", path, new)
