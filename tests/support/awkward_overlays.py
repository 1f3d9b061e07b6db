"""Several awkward runs on one drawdown or survival chart, and the readers' results for the headlines."""

from __future__ import annotations

import random
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path

from sim.charts import drawdown
from sim.charts.result_data import ChartData
from sim.findings.overlay_headline import NamedRun, overlay_headline
from sim.results.result import Result
from sim.simulate import run
from tests.support.awkward_scenarios import awkward
from tests.support.findings_proof import Proof
from tests.support.folder_figures import RunFolder
from tests.support.gallery_proof import headline_of
from tests.support.overlay_reader import first_of, read_overlay
from tests.support.survival_reader import read_survival

OVERLAY_PLACES = (
    "two",
    "three or more",
    "alike",
    "all alike",
    "all last",
    "several last",
    "several stocks",
    "one run",
    "some runs",
    "no consumer",
)
OVERLAY_ROUND = 10


def overlaid(case: int, folder: Path) -> dict[str, Result]:
    """Return the results of a case by name: two to four awkward scenarios, some of them twice."""
    rng = random.Random(f"overlay {case}")
    count = (2, 3, 4, 3, 2)[case % 5]
    kinds = {1: (0, 0, 5), 3: (0, 9, 6), 6: (7, 7), 8: (1, 2, 0)}.get(case % OVERLAY_ROUND)
    cases = [10 * rng.randrange(12) + (kinds or rng.choices(range(10), k=count))[n % 3 if kinds else n]
             for n in range(len(kinds) if kinds else count)]  # fmt: skip
    if case % OVERLAY_ROUND in {2, 4}:
        cases = [cases[0], *cases[: len(cases) - 1]] if case % 20 < 10 else [cases[0]] * len(cases)
    results = {}
    for number, each in enumerate(cases):
        plain, runs = awkward(each, folder)
        if case % OVERLAY_ROUND == 7 and number == 1:
            plain.pop("consumption")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            results[f"Case {number}"] = run({**plain, "title": f"Case {number}"}, runs=min(runs, 250), jobs=1)
    return results


def prove_overlays(cases: Iterable[int]) -> Proof:
    """Run some cases, and return the reader's results for their headlines."""
    proof = Proof()
    for case in cases:
        with tempfile.TemporaryDirectory() as name:
            results = overlaid(case, Path(name))
            folders = {each: RunFolder(result.save(Path(name) / each)) for each, result in results.items()}
            runs = [NamedRun(each, ChartData.of(result)) for each, result in results.items()]
            sentence = overlay_headline(runs).sentence
            reading = read_overlay(folders, sentence)
            reading.add(read_overlay(folders, overlay_headline(runs, brief=True).sentence, brief=True))
            chances = headline_of("survival", list(results.values()))
            reading.add(read_survival(folders, str(chances)))
            # Blankets and shells have no axis in common.
            if case % OVERLAY_ROUND == 0 and len({each.whole.nouns for each in folders.values()}) == 1:
                label = str(drawdown(list(results.values())).get_label())
                reading.claim(f"the title of the chart is {label!r}", holds=label == sentence)
            proof.add(f"overlay {case}", reading, _places(folders))
    return proof


def _places(folders: dict[str, RunFolder]) -> set[str]:
    known = [folder for folder in folders.values() if folder.stocks]
    gone = [first_of(folder).exhausted for folder in known]
    orders = [(each.p50, each.share) for each in gone]
    tests = {
        "two": len(folders) == 2,
        "three or more": len(folders) > 2,
        "alike": len(set(orders)) < len(orders),
        "all alike": len(set(orders)) == 1,
        "all last": all(each.share == 0.0 for each in gone),
        "several last": 1 < sum(each.share == 0.0 for each in gone) < len(gone),
        "several stocks": any(len(folder.stocks) > 1 for folder in known),
        "one run": any(folder.runs == 1 for folder in known),
        "some runs": any(0.0 < each.share < 1.0 for each in gone),
        "no consumer": len(known) < len(folders),
    }
    return {place for place, is_reached in tests.items() if is_reached}
