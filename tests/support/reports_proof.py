"""Pages of awkward runs, without charts, and what the reader of reports finds on them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from sim.reporting.html_page import page_bytes, read_reports
from sim.simulate import run
from tests.support.awkward_scenarios import awkward, places_of
from tests.support.findings_proof import Proof
from tests.support.folder_figures import RunFolder
from tests.support.report_reader import read_report_page


def prove_reports(cases: Iterable[int]) -> Proof:
    """Report some cases, and return what the reader found on their pages."""
    proof = Proof()
    for case in cases:
        with tempfile.TemporaryDirectory() as name:
            plain, runs = awkward(case, Path(name))
            folder = run(plain, runs=min(runs, 99), jobs=1).save(Path(name) / "run")
            saved = RunFolder(folder)
            reading = read_report_page(saved, page_bytes(read_reports([folder])))
        proof.add(f"report {case}", reading, places_of(plain, saved))
    return proof
