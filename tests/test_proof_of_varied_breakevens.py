"""The proof of searches at several values of other numbers, from a later day, and of their reasons."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.simulate import run
from sim.study.breakeven import breakeven
from tests.support.awkward_breakevens import NEED, RATE
from tests.support.awkward_varied_breakevens import (
    LEAD_TIME,
    VARIED_PLACES,
    VARIED_ROUND,
    prove_varied_breakevens,
)
from tests.support.folder_figures import RunFolder
from tests.support.varied_breakeven_reader import read_varied_breakeven

SUPPORT = Path(__file__).parent / "support"


def test_no_answer_says_what_the_values_tried_do_not_bear_out() -> None:
    proof = prove_varied_breakevens(range(VARIED_ROUND))
    assert proof.failures == []
    assert set(proof.places) == set(VARIED_PLACES)


def test_the_reader_shares_no_code_with_what_it_reads() -> None:
    text = (SUPPORT / "varied_breakeven_reader.py").read_text()
    imports = re.findall(r"^\s*(?:from|import) (\S+)", text, re.MULTILINE)
    assert imports
    assert not [module for module in imports if module.split(".")[0] == "sim"]


#: 100 a day for twenty days from 1,000 shells; production arrives after nine days.
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "By hand",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "thresholds": [],
    "depots": {"d": {"stock": "1000"}},
    "production": {"plant": {"rate": "50/day"}},
    "consumption": {"front": {"rate": "100/day"}},
}
SLOW = {**PLAIN, "production": {"plant": {"rate": "50/day", "lead_time": "12 days"}}}
SEARCHES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "varied": (PLAIN, {"path": RATE, "vary": {NEED: ["80/day", "100/day", "150/day"]}}),
    "late": (PLAIN, {"path": RATE, "since": "2024-01-11", "of": "unmet"}),
    "slow": (SLOW, {"path": RATE}),
    "none": (PLAIN, {"path": RATE, "bounds": (1.0, 2.0), "vary": {NEED: ["100/day", "150/day"]}}),
}


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a maker of folders of the searches above."""
    folder = tmp_path_factory.mktemp("searches")

    def make(name: str) -> Path:
        if not (folder / name).exists():
            plain, asked = SEARCHES[name]
            breakeven(plain, jobs=1, **asked).save(folder / name)
        return folder / name

    return make


@pytest.mark.parametrize(
    ("name", "said", "instead", "failure"),
    [
        ("varied", "front: 80 shells", "front: 90 shells", "is 80.0"),
        ("varied", "Output, Plant (", "Output, Works (", "it is about Output, Plant"),
        ("varied", "break-even at 3", "break-even at 4", "the value is 3"),
        ("varied", ", at 107.5", ", at 108.5", "the value is 107.5"),
        ("varied", "shells a day or more", "shells a day or less", "the share is"),
        ("late", "from 11 Jan", "from 12 Jan", "it counts from 2024-01-11"),
        ("late", "the requirement is met", "no consumer is rationed", "the target is unmet"),
        ("slow", "before 13 Jan", "before 14 Jan", "it arrives on 2024-01-13"),
        ("slow", "runs out on 10 Jan", "runs out on 11 Jan", "it is missed on 2024-01-10"),
        ("slow", "runs out on 10 Jan", "runs out in the median run on 10 Jan", "one run"),
        ("none", "any of 2 points", "any of 3 points", "0 values are found"),
    ],
)
def test_the_reader_finds_a_false_sentence(
    search: Callable[[str], Path], name: str, said: str, instead: str, failure: str, tmp_path: Path
) -> None:
    def run_with(_: object, value: float) -> RunFolder:
        plain = {**SLOW, "production": {"plant": {**SLOW["production"]["plant"], "rate": f"{value!r}/day"}}}
        return RunFolder(run(plain, runs=1, jobs=1, engine="simpy").save(tmp_path / f"run-{value}"))

    folder = search(name)
    assert read_varied_breakeven(folder, run_with).failures == []
    copied = tmp_path / "changed"
    copied.mkdir()
    for each in folder.iterdir():
        (copied / each.name).write_bytes(each.read_bytes())
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    before = [found["sentence"] for found in summary["findings"]]
    for found in summary["findings"]:
        found["sentence"] = found["sentence"].replace(said, instead)
    assert [found["sentence"] for found in summary["findings"]] != before, before
    (copied / "summary.json").write_text(json.dumps(summary), "utf-8")
    found = read_varied_breakeven(copied, lambda *_: RunFolder(next(tmp_path.glob("run-*")))).failures
    assert any(failure in each for each in found), (before, found)


def test_two_crossings_of_a_single_run_have_no_side() -> None:
    # With 2,000 shells left on the day of the fire 800 remain, for eight days; of a lot of 6,000 that comes
    # before it 3,600 are lost, and the rest does not last the other fifty days.
    plain = {
        **PLAIN,
        "end": "2024-04-10",
        "depots": {"d": {"stock": "7000"}},
        "shipments": {"ally": {"deliveries": {"2024-01-01": "6000"}, "lead_time": "2 days"}},
        "events": {"fire": {"at": "d", "date": "2024-02-20", "destroys": "60%"}},
    }
    plain.pop("production")
    found = breakeven(plain, LEAD_TIME, bounds=(40.0, 70.0), jobs=1)
    assert found.found[0].turns == 2
    answer, *rest = [each.sentence for each in found.findings]
    assert " or more" not in answer
    assert any("crosses" in each and "2 values or more" in each for each in rest)
