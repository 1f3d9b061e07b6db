"""What the command line asks of any question about one scenario."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.results.storage import safe_name
from sim.scenario.input_file import stem_of

RUNS_FOLDER = Path("runs")
#: What `sim new` calls the scenario of every folder that it makes.
GENERIC_NAME = "scenario"


@dataclass(frozen=True, slots=True)
class CommandOptions:
    """A question about one scenario, without what each verb asks besides.

    Attributes
    ----------
    file : Path
    runs, jobs : int or None
        None where the default is wanted.
    seed : int
    settings : tuple of str
        ``PATH=VALUE`` words.
    out : Path or None
    json, quiet : bool
    """

    file: Path
    runs: int | None
    seed: int
    settings: tuple[str, ...]
    out: Path | None
    jobs: int | None
    json: bool
    quiet: bool

    def folder(self, verb: str = "") -> Path:
        """Return where the result goes; the one of a plain run has no verb in its name."""
        return self.out if self.out is not None else default_folder(verb, self.file)


def default_folder(verb: str, file: Path) -> Path:
    """Return where the result of a scenario or a study goes by default.

    Parameters
    ----------
    verb : str
        Empty for a plain run.
    file : Path
    """
    name = scenario_name(file)
    found = _result_folder(verb, name)
    # A result folder holds the scenario that it was made from, which may be run again.
    itself = found.resolve() == file.absolute().parent.resolve()
    return _result_folder(verb, f"{name}-{stem_of(file)}") if itself else found


def scenario_name(file: Path) -> str:
    """Return the stem of a file; of a ``scenario.yaml``, which says nothing, the name of its folder."""
    home = file.absolute().parent.resolve().name
    return home if file.stem == GENERIC_NAME and home else stem_of(file)


def _result_folder(verb: str, name: str) -> Path:
    return RUNS_FOLDER / safe_name(f"{verb}-{name}" if verb else name)
