"""Command-line options shared by the verbs that run scenarios, and the default result folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.results.storage import safe_name
from sim.scenario.input_file import stem_of

RUNS_FOLDER = Path("runs")
#: Stem of the scenario file that `sim new` writes.
GENERIC_NAME = "scenario"


@dataclass(frozen=True, slots=True)
class CommandOptions:
    """Options shared by the verbs that run scenarios.

    Attributes
    ----------
    file : Path
        The scenario; of several, the first.
    runs, jobs : int or None
        None selects the default.
    settings : tuple of str
        ``PATH=VALUE`` overrides.
    out : Path or None
        None selects the default.
    style : Path or None
        File of a house style for the chart; None selects ours.
    """

    file: Path
    runs: int | None
    seed: int
    settings: tuple[str, ...]
    out: Path | None
    jobs: int | None
    json: bool
    quiet: bool = False
    engine: str = "auto"
    style: Path | None = None

    def folder(self, verb: str = "", question: str = "") -> Path:
        """Return the result folder; see `default_folder`."""
        return self.out if self.out is not None else default_folder(verb, self.file, question)


def default_folder(verb: str, file: Path, question: str = "") -> Path:
    """Return the default result folder of a scenario or study file; an empty verb means ``sim run``.

    A question, such as a path or a method, keeps the answers to several questions side by side.
    """
    name = f"{scenario_name(file)}{f'-{question}' if question else ''}"
    folder = _result_folder(verb, name)
    # The scenario copy in a result folder can be run again: do not write over that folder.
    itself = folder.resolve() == file.absolute().parent.resolve()
    return _result_folder(verb, f"{name}-{stem_of(file)}") if itself else folder


def scenario_name(file: Path) -> str:
    """Return the stem of a file; for the generic ``scenario.yaml``, the name of its folder."""
    home = file.absolute().parent.resolve().name
    return home if file.stem == GENERIC_NAME and home else stem_of(file)


def _result_folder(verb: str, name: str) -> Path:
    return RUNS_FOLDER / safe_name(f"{verb}-{name}" if verb else name)
