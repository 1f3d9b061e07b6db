"""The proof of reports: the page of a run says what its folder has, in the words of its scenario."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.reporting.html_page import page_bytes, read_reports
from sim.simulate import run
from tests.support.folder_figures import RunFolder
from tests.support.report_reader import read_report_page
from tests.support.reports_proof import prove_reports

CASES = 10
#: 20 days of handing out 100 blankets from 1,000.
PLAIN = {
    "schema": 1,
    "title": "By hand",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "thresholds": [7],
    "munitions": {"kit": {"noun": "blanket"}},
    "depots": {"d": {"stock": "1000"}},
    "consumption": {"camp": {"rate": "100/day", "verb": "hands out"}},
}


def test_no_page_says_what_the_folder_does_not_bear_out() -> None:
    assert prove_reports(range(CASES)).failures == []


def test_the_reader_shares_no_code_with_what_it_reads() -> None:
    text = (Path(__file__).parent / "support" / "report_reader.py").read_text()
    imports = re.findall(r"^\s*(?:from|import) (\S+)", text, re.MULTILINE)
    assert imports
    assert not [module for module in imports if module.split(".")[0] == "sim"]


@pytest.mark.parametrize(
    ("said", "instead", "failure"),
    [
        ("100 blankets a day are required", "110 blankets a day are required", "the answer is"),
        ("In 20 days", "In 30 days", "no finding of the folder says so"),
        ("Blankets handed out a day over the last 20 days", "Fire over the last 90 days", "the outcomes are"),
        (">10 Jan 2024 (", ">11 Jan 2024 (", "the day is 2024-01-10"),
        (">1,000 (", ">1,010 (", "it is 1000"),
    ],
)
def test_the_reader_finds_a_false_page(said: str, instead: str, failure: str, tmp_path: Path) -> None:
    folder = run(PLAIN, runs=1, jobs=1, engine="simpy").save(tmp_path / "run")
    page, saved = page_bytes(read_reports([folder])).decode(), RunFolder(folder)
    assert read_report_page(saved, page.encode()).failures == []
    assert said in page
    found = read_report_page(saved, page.replace(said, instead).encode()).failures
    assert any(failure in each for each in found), found
