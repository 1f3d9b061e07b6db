"""What the command line asks of any question about one scenario."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.results.storage import safe_name


@dataclass(frozen=True, slots=True)
class Order:
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
        named = f"{verb}-{self.file.stem}" if verb else self.file.stem
        return self.out if self.out is not None else Path("runs") / safe_name(named)
