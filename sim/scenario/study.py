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
from sim.scenario.context import Context
from sim.scenario.input_file import folder_of
from sim.scenario.measure import FileName, Hook, Line, Scalar, word
from sim.scenario.merging import Reading
from sim.scenario.nodes import Block, Items, Node, Text, located
from sim.scenario.number import Faulty
from sim.scenario.reading import read_bytes
from sim.scenario.translation import faults_of, in_order
from sim.units import UnitError, shown

DESIGNS = ("lhs", "sobol", "halton")
LARGEST_WHOLE = 2**64 - 1
_TOP = re.compile(r"""\A\s*\{\s*"study"\s*:|^["']?study["']?\s*:""", re.MULTILINE)


class Words(Hook):
    """Texts by path, each as written: one, or for ``values`` a list of them as well."""

    def __init__(self, kind: Literal["values", "text"]) -> None:
        self.lists = kind == "values"

    def read(self, node: Node, context: Context) -> object:  # noqa: ARG002 - one signature for all
        """Return a map from paths to a text or a tuple of texts."""
        if not isinstance(node, Block):
            raise Faulty(Fault("a map of paths is expected", node.where, node.path, "PATH: value"))
        return {path: self._value(value) for path, value in node.items()}

    def _value(self, node: Node) -> str | tuple[str, ...]:
        if isinstance(node, Text) and node.text.strip():
            return node.text.strip()
        if self.lists and isinstance(node, Items) and all(isinstance(item, Text) for item in node):
            return tuple(item.text.strip() for item in node if isinstance(item, Text))
        allowed = "FROM:TO:COUNT, or a list of values" if self.lists else "one value, such as 3M/year"
        raise Faulty(Fault("this is no value of a study", node.where, node.path, allowed))


def _whole(text: str) -> int:
    digits = text.strip().replace("_", "")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 20 or int(digits) > LARGEST_WHOLE:
        raise UnitError(f"{shown(text)} is not a whole number", "a whole number, such as 200")
    return int(digits)


WHOLE = Scalar(_whole, {"type": "integer", "minimum": 0})


class StudyFile(BaseModel):
    """The keys of a study file."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    study: Annotated[str, word("sweep")]
    """The question: ``sweep``."""
    title: Line = ""
    """What it is called."""
    scenario: FileName
    """The scenario, looked up from the file of the study."""
    set_: Annotated[Mapping[str, str], Words("text"), Field(alias="set")] = {}
    """Values that override the scenario, by path."""
    vary: Annotated[Mapping[str, str | tuple[str, ...]], Words("values")] = {}
    """What varies: ``FROM:TO:COUNT``, or a list of values, by path; under ``scenario``, files."""
    design: Annotated[str, word(*DESIGNS)] = ""
    """In place of a grid: points that fill the ranges evenly."""
    points: Annotated[int, WHOLE] = 0
    """Points of the design."""
    range: Annotated[Mapping[str, str], Words("text")] = {}
    """The ranges of the design: ``LOW:HIGH`` by path."""
    runs: Annotated[int, WHOLE] = 0
    """Runs at each point; left out, the default."""
    seed: Annotated[int, WHOLE] = 1
    """Seed of the draws."""


@dataclass(frozen=True)
class StudyText:
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
    places: Mapping[str, Where] = field(default_factory=dict)


def is_study(data: bytes) -> bool:
    """Return whether what a file holds is a study, by a key ``study`` at the top."""
    return _TOP.search(data.decode("utf-8-sig", "replace")) is not None


def read_study(path: Path, data: bytes) -> StudyText:
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
    reading = Reading()
    tree = located(read_bytes(data, str(path), reading.faults))
    if not isinstance(tree, Block):
        raise ScenarioError([Fault("the study is not a map of keys", tree.where)])
    faults = list(reading.faults)
    try:
        keys = StudyFile.model_validate(tree, context=None)
    except ValidationError as error:
        raise ScenarioError(
            in_order([*faults, *faults_of(error, tree, StudyFile, reading.speller)])
        ) from None
    faults.extend(_amiss(keys, tree))
    if faults:
        raise ScenarioError(in_order(faults))
    folder = folder_of(path)
    return StudyText(str(path), keys, folder / keys.scenario, folder, _places(tree))


def _amiss(keys: StudyFile, tree: Block) -> list[Fault]:
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


def _places(tree: Block) -> dict[str, Where]:
    found: dict[str, Where] = {}
    for key in ("set", "range", "vary"):
        block = tree.get(key)
        for path, node in block.items() if isinstance(block, Block) else ():
            found[path] = node.where
    return found
