"""Study file: the scenario, the varied numbers and the number of runs of a sweep.

Validation is like that of a scenario: all faults at once, with positions and nearest valid names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.distributions import InvalidNumber
from sim.scenario.extends import ReadState
from sim.scenario.field_types import FieldType, FileName, Line, ScalarType, one_of
from sim.scenario.input_file import folder_of
from sim.scenario.pydantic_errors import sort_faults, translate_error
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode, with_paths
from sim.scenario.yaml_reader import read_bytes
from sim.units import UnitError, quote

DESIGN_KINDS = ("lhs", "sobol", "halton")
MAX_INTEGER = 2**64 - 1
_STUDY_KEY = re.compile(r"""\A\s*\{\s*"study"\s*:|^["']?study["']?\s*:""", re.MULTILINE)


class TextsByPath(FieldType):
    """Text by path, as written; for ``values`` also lists of text."""

    def __init__(self, kind: Literal["values", "text"]) -> None:
        self.lists = kind == "values"

    def read(self, node: Node, context: ValidationContext) -> object:  # noqa: ARG002 - one signature for all
        """Return a map of path to text or tuple of texts."""
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
    """Keys of a study file."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    study: Annotated[str, one_of("sweep")]
    """Kind of study: ``sweep``."""
    title: Line = ""
    """Title of the study."""
    scenario: FileName
    """Scenario file, relative to the study file."""
    set_: Annotated[Mapping[str, str], TextsByPath("text"), Field(alias="set")] = {}
    """Overrides of the scenario, by path."""
    vary: Annotated[Mapping[str, str | tuple[str, ...]], TextsByPath("values")] = {}
    """Varied values by path: ``FROM:TO:COUNT``, or a list; under ``scenario``, a list of files."""
    design: Annotated[str, one_of(*DESIGN_KINDS)] = ""
    """Space-filling design in place of a grid."""
    points: Annotated[int, INTEGER_TYPE] = 0
    """Number of points of the design."""
    range: Annotated[Mapping[str, str], TextsByPath("text")] = {}
    """Ranges of the design: ``LOW:HIGH`` by path."""
    runs: Annotated[int, INTEGER_TYPE] = 0
    """Runs at each point; 0 for the default."""
    seed: Annotated[int, INTEGER_TYPE] = 1
    """Seed of the draws."""


@dataclass(frozen=True)
class LoadedStudy:
    """A parsed study file."""

    keys: StudyFile
    #: scenario, folder: path of the scenario, and folder of the study.
    scenario: Path
    folder: Path
    #: Position of each path of ``set``, ``vary`` and ``range``.
    positions: Mapping[str, Where] = field(default_factory=dict)


def is_study(data: bytes) -> bool:
    """Return whether the contents of a file are a study: it has a top-level key ``study``."""
    return _STUDY_KEY.search(data.decode("utf-8-sig", "replace")) is not None


def read_study(path: Path, data: bytes) -> LoadedStudy:
    """Read a study file with the contents `data`; raise `ScenarioError` with every fault."""
    state = ReadState()
    tree = with_paths(read_bytes(data, str(path), state.faults))
    if not isinstance(tree, MapNode):
        raise ScenarioError([Fault("the study is not a map of keys", tree.where)])
    faults = list(state.faults)
    try:
        keys = StudyFile.model_validate(tree, context=None)
    except ValidationError as error:
        raise ScenarioError(
            sort_faults([*faults, *translate_error(error, tree, StudyFile, state.suggester)])
        ) from None
    faults.extend(_find_faults(keys, tree))
    if faults:
        raise ScenarioError(sort_faults(faults))
    folder = folder_of(path)
    return LoadedStudy(keys, folder / keys.scenario, folder, _positions(tree))


def _find_faults(keys: StudyFile, tree: MapNode) -> list[Fault]:
    """Return faults of the combination of valid keys."""
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
