"""Compare awkward scenarios, and check the findings with the independent reader."""

from __future__ import annotations

import json
import re
import tempfile
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.charts.comparison_data import ComparisonData
from sim.cli.compare_command import verdict_lines
from sim.simulate import run
from sim.study.compare import compare
from tests.support.awkward_comparisons import awkward_comparison, places_of_comparison
from tests.support.comparison_reader import ComparisonReading, read_comparison
from tests.support.findings_proof import Proof
from tests.support.folder_figures import RunFolder

#: Keys of a scenario file for drawn numbers.
_DRAWN = re.compile(r"draws:|low:|daily_variation:")
#: Definitions of the event, the second that of the weaker words.
MEANINGS = (
    "Runs out: less than one day of the planned requirement is left.",
    "Below 1 day of supply: less than one day of the planned requirement is left; it may still be met.",
)


@dataclass(frozen=True)
class SavedComparison:
    """A comparison and the folders of the runs of its scenarios.

    Attributes
    ----------
    findings : list
        As ``summary.json`` has them.
    printed : str
    """

    folders: Mapping[str, RunFolder]
    titles: Mapping[str, str]
    findings: list[dict[str, Any]]
    printed: str

    @property
    def is_certain(self) -> bool:
        return not any(_DRAWN.search(folder.scenario) for folder in self.folders.values())

    def read(self) -> ComparisonReading:
        """Return the reader's results."""
        return read_comparison(self.folders, self.titles, self.findings, is_certain=self.is_certain)


def save_comparison(scenarios: Mapping[str, dict[str, Any]], runs: int, folder: Path) -> SavedComparison:
    """Run and save each scenario by itself, then compare all of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        folders = {
            name: RunFolder(run(plain, runs=runs, jobs=1).save(folder / name))
            for name, plain in scenarios.items()
        }
        comparison = compare(scenarios, runs=runs, jobs=1)
    saved = comparison.save(folder / "compare")
    findings = json.loads((saved / "summary.json").read_text("utf-8"))["findings"]
    printed = " ".join(" ".join(verdict_lines(ComparisonData.of(comparison))).split())
    titles = {name: str(plain["title"]) for name, plain in scenarios.items()}
    return SavedComparison(folders, titles, findings, printed)


def prove_comparisons(cases: Iterable[int]) -> Proof:
    """Compare some cases, and return the reader's results."""
    proof = Proof()
    for case in cases:
        with tempfile.TemporaryDirectory() as name:
            scenarios, runs = awkward_comparison(case, Path(name))
            saved = save_comparison(scenarios, runs, Path(name))
        reading = saved.read()
        printed = saved.printed
        for found in saved.findings:
            reading.current = f"{found['label']} {found['sentence']}".strip()
            reading.claim("it is not printed", holds=reading.current in printed)
            printed = printed.replace(reading.current, "", 1)
        reading.current = "the definition"
        meanings = [text for text in MEANINGS if text in saved.printed]
        reading.same("the definition", meanings, [MEANINGS[reading.is_weak]])
        places = places_of_comparison(saved.folders, is_certain=saved.is_certain)
        proof.add(f"comparison {case}", reading, places)
    return proof
