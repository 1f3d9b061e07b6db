"""Run awkward scenarios, save them, and check the printed and saved findings with the independent reader."""

from __future__ import annotations

import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sim.cli.verdict import verdict_lines
from sim.simulate import run
from tests.support.awkward_scenarios import awkward, places_of
from tests.support.folder_figures import RunFolder
from tests.support.sentence_reader import Reading, read_run

#: Kinds of sentences that a verdict does not print.
_HEADLINES = frozenset({"drawdown_headline", "supply_headline"})


class Readable(Protocol):
    """A reader's results: see `Reading`."""

    sentences: int
    claims: int
    kinds: Counter[str]
    failures: list[str]


@dataclass
class Proof:
    """Results of reading several scenarios."""

    scenarios: int = 0
    sentences: int = 0
    claims: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, case: int | str, reading: Readable, places: set[str]) -> None:
        """Count one scenario."""
        self.scenarios += 1
        self.sentences += reading.sentences
        self.claims += reading.claims
        self.kinds += reading.kinds
        self.places.update(places)
        self.failures += [f"case {case}: {failure}" for failure in reading.failures]

    def merge(self, other: Proof) -> None:
        """Add the counts of another proof."""
        self.scenarios += other.scenarios
        self.sentences += other.sentences
        self.claims += other.claims
        self.kinds += other.kinds
        self.places += other.places
        self.failures += other.failures


def prove(cases: Iterable[int]) -> Proof:
    """Run some cases, and return the reader's results."""
    proof = Proof()
    with tempfile.TemporaryDirectory() as name:
        for case in cases:
            reading, places = read_case(case, Path(name))
            proof.add(case, reading, places)
    return proof


def read_case(case: int, folder: Path) -> tuple[Reading, set[str]]:
    """Run one case, and return the reader's results and the awkward places that it reached."""
    plain, runs = awkward(case, folder)
    reading = _read_run(plain, runs, folder / f"case-{case}")
    return reading, places_of(plain, reading.folder)


def prove_shipped(file: Path, runs: int) -> Proof:
    """Run a scenario file, and return the reader's results."""
    proof = Proof()
    with tempfile.TemporaryDirectory() as name:
        proof.add(file.name, _read_run(file, runs, Path(name) / "run"), set())
    return proof


def _read_run(scenario: Path | dict[str, Any], runs: int, folder: Path) -> Reading:
    """Return the reader's results for the folder of a run, and for the printed part."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = run(scenario, runs=runs, jobs=1)
    saved = RunFolder(result.save(folder))
    reading = read_run(saved)
    printed = " ".join(" ".join(verdict_lines(result)).split())
    for found in saved.summary["findings"]:
        if found["kind"] not in _HEADLINES:
            line = f"{found['label']} {found['sentence']}".strip()
            reading.current = line
            reading.claim("it is not printed", holds=line in printed)
            printed = printed.replace(line, "", 1)
    reading.current = printed
    reading.claim("words are printed that no finding has", holds=_is_frame(printed, result.title))
    return reading


def _is_frame(rest: str, title: str) -> bool:
    """Return whether all that remains of a verdict is its title and the meaning of its words."""
    for note in (
        "Rates, totals and origins are means of the runs; stocks, dates and the last days are medians, "
        "with the range of nine runs in ten in brackets.",
        "Runs out: less than one day of the planned requirement is left.",
        "Origins: a stock is used in proportion to the origins in it.",
        "Below 1 day of supply: less than one day of the planned requirement is left; it may still be met.",
    ):
        rest = rest.replace(note, "")
    return rest.count("·") == 2 and rest.startswith(title) and rest.rstrip().endswith("seed 1")
