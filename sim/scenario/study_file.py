"""A study that is a file of its own: which scenario, what varies, how many runs.

It is read as a scenario is: with the place of every fault, the nearest right name, and all faults at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.extends import ReadState
from sim.scenario.field_types import FieldType, FileName, Line, ScalarType, one_of
from sim.scenario.input_file import folder_of
from sim.scenario.number_reader import InvalidNumber
from sim.scenario.pydantic_errors import sort_faults, translate_error
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode, with_paths
from sim.scenario.yaml_reader import read_bytes
from sim.units import UnitError, quote

DESIGNS = ("lhs", "sobol", "halton")
MAX_INTEGER = 2**64 - 1
_STUDY_KEY = re.compile(r"""\A\s*\{\s*"study"\s*:|^["']?study["']?\s*:""", re.MULTILINE)


class TextsByPath(FieldType):
    """Texts by path, each as written: one, or for ``values`` a list of them as well."""

    def __init__(self, kind: Literal["values", "text"]) -> None:
        self.lists = kind == "values"

    def read(self, node: Node, context: ValidationContext) -> object:  # noqa: ARG002 - one signature for all
        """Return a map from paths to a text or a tuple of texts."""
        if not isinstance(node, MapNode):
            raise InvalidNumber(Fault("a map of paths is expected", node.where, node.path, "PATH: value"))
        return {path: self._value(value) for path, value in node.items()}

    def _value(self, node: Node) -> str | tuple[str, ...]:
        if isinstance(node, TextNode) and node.text.strip():
            return node.text.strip()
        if self.lists and isinstance(node, ListNode) and all(isinstance(item, TextNode) for item in node):
            return tuple(item.text.strip() for item in node if isinstance(item, TextNode))
        allowed = "FROM:TO:COUNT, or a list of values" if self.lists else "one value, such as 3M/year"
        raise InvalidNumber(Fault("this is no value of a study", node.where, node.path, allowed))


def _read_integer(text: str) -> int:
    digits = text.strip().replace("_", "")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 20 or int(digits) > MAX_INTEGER:
        raise UnitError(f"{quote(text)} is not a whole number", "a whole number, such as 200")
    return int(digits)


INTEGER_TYPE = ScalarType(_read_integer, {"type": "integer", "minimum": 0})


class StudyFile(BaseModel):
    """The keys of a study file."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    study: Annotated[str, one_of("sweep")]
    """The question: ``sweep``."""
    title: Line = ""
    """What it is called."""
    scenario: FileName
    """The scenario, looked up from the file of the study."""
    set_: Annotated[Mapping[str, str], TextsByPath("text"), Field(alias="set")] = {}
    """Values that override the scenario, by path."""
    vary: Annotated[Mapping[str, str | tuple[str, ...]], TextsByPath("values")] = {}
    """What varies: ``FROM:TO:COUNT``, or a list of values, by path; under ``scenario``, files."""
    design: Annotated[str, one_of(*DESIGNS)] = ""
    """In place of a grid: points that fill the ranges evenly."""
    points: Annotated[int, INTEGER_TYPE] = 0
    """Points of the design."""
    range: Annotated[Mapping[str, str], TextsByPath("text")] = {}
    """The ranges of the design: ``LOW:HIGH`` by path."""
    runs: Annotated[int, INTEGER_TYPE] = 0
    """Runs at each point; left out, the default."""
    seed: Annotated[int, INTEGER_TYPE] = 1
    """Seed of the draws."""


@dataclass(frozen=True)
class LoadedStudy:
    """A study file, read.

    Attributes
    ----------
    file : str
        As it was given.
    keys : StudyFile
    scenario, folder : Path
        Where the scenario lies, and the study.
    places : mapping of str to Where
        Where each path of ``set``, ``vary`` and ``range`` is written.
    """

    file: str
    keys: StudyFile
    scenario: Path
    folder: Path
    positions: Mapping[str, Where] = field(default_factory=dict)


def is_study(data: bytes) -> bool:
    """Return whether what a file holds is a study, by a key ``study`` at the top."""
    return _STUDY_KEY.search(data.decode("utf-8-sig", "replace")) is not None


def read_study(path: Path, data: bytes) -> LoadedStudy:
    """Read a study file.

    Parameters
    ----------
    path : Path
    data : bytes
        What it holds.

    Raises
    ------
    ScenarioError
        With every fault that was found.
    """
    reading = ReadState()
    tree = with_paths(read_bytes(data, str(path), reading.faults))
    if not isinstance(tree, MapNode):
        raise ScenarioError([Fault("the study is not a map of keys", tree.where)])
    faults = list(reading.faults)
    try:
        keys = StudyFile.model_validate(tree, context=None)
    except ValidationError as error:
        raise ScenarioError(
            sort_faults([*faults, *translate_error(error, tree, StudyFile, reading.suggester)])
        ) from None
    faults.extend(_find_faults(keys, tree))
    if faults:
        raise ScenarioError(sort_faults(faults))
    folder = folder_of(path)
    return LoadedStudy(str(path), keys, folder / keys.scenario, folder, _positions(tree))


def _find_faults(keys: StudyFile, tree: MapNode) -> list[Fault]:
    """Return what is wrong although each key is right."""
    if keys.design:
        wrong = [key for key in ("vary",) if key in tree]
        lacking = [key for key in ("points", "range") if not getattr(keys, key)]
    else:
        wrong = [key for key in ("points", "range") if key in tree]
        lacking = [] if keys.vary else ["vary"]
    of = "a design" if keys.design else "a grid"
    return [
        *(
            Fault(f"{of} has no {key!r}", tree.keys_at[key], key, "vary, or design, points and range")
            for key in wrong
        ),
        *(Fault(f"{of} needs the key {key!r}", tree.where, key) for key in lacking),
    ]


def _positions(tree: MapNode) -> dict[str, Where]:
    found: dict[str, Where] = {}
    for key in ("set", "range", "vary"):
        block = tree.get(key)
        for path, node in block.items() if isinstance(block, MapNode) else ():
            found[path] = node.where
    return found
