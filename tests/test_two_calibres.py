"""A slip in any part of a large file gets the one message that it deserves, in YAML, JSON and plain data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from sim.errors import Fault, ScenarioError
from sim.scenario.loader import load_file, load_plain
from tests.support.calibre_slips import FILE, PAGE, ExpectedMessage, FileSlip
from tests.support.calibre_slips_depots import depots_slips
from tests.support.calibre_slips_events import events_slips
from tests.support.calibre_slips_fire import fire_slips
from tests.support.calibre_slips_production import production_slips
from tests.support.calibre_slips_shipments import shipments_slips
from tests.support.calibre_slips_texts import child_files, duplicate_keys
from tests.support.scenario_text import Edit, ScenarioText, data_of, edited_data

ROOT = Path(__file__).parent.parent
MAKERS = (depots_slips, production_slips, shipments_slips, fire_slips, events_slips)
KINDS = {maker.__name__.removesuffix("_slips"): list(maker()) for maker in MAKERS}
SLIPS = [slip for kind in KINDS.values() for slip in kind]
DATA = data_of(PAGE.text)
DICTIONARY = ("<dictionary>", 1, 1)


def faults_of(file: Path) -> list[Fault]:
    with pytest.raises(ScenarioError) as caught:
        load_file(file, None)
    return list(caught.value.faults)


def placed(
    said: Iterable[ExpectedMessage], page: ScenarioText, file: Path
) -> list[tuple[tuple[str, int, int], ExpectedMessage]]:
    """Return the expected faults with their places, in order."""
    found = [((str(file), *page.place(each.at, key=each.on_key)), each) for each in said]
    return sorted(found, key=lambda pair: pair[0])


def check(faults: list[Fault], expected: list[tuple[tuple[str, int, int], ExpectedMessage]]) -> None:
    assert len(faults) == len(expected), faults
    for fault, (place, said) in zip(faults, expected, strict=True):
        assert fault.where is not None
        assert (fault.where.file, fault.where.line, fault.where.column) == place, fault
        check_words(fault, said)


def check_words(fault: Fault, said: ExpectedMessage) -> None:
    assert fault.path == said.named
    assert said.problem in fault.problem
    assert said.allowed in fault.allowed
    assert fault.nearest == said.nearest, fault
    assert str(fault).isprintable()
    assert len(str(fault)) < 1000


def test_there_are_enough_of_them_and_each_is_another() -> None:
    few = [slip for kind in KINDS.values() for slip in few_of_a_place(kind)]
    assert len({slip.name for slip in SLIPS}) == len(SLIPS) >= 600
    assert len({slip.text() for slip in few}) == len(few) >= 350


def test_the_second_reader_reads_the_file_as_it_is() -> None:
    read = load_plain(DATA, None)
    assert read.account_digest() == load_file(FILE, None).account_digest()


def few_of_a_place(slips: Iterable[FileSlip]) -> list[FileSlip]:
    """Return at most two slips with faults in the same places: these do not depend on the value."""
    seen: Counter[tuple[tuple[str, bool], ...]] = Counter()
    few = []
    for slip in slips:
        told = tuple((message.at, message.on_key) for message in slip.messages)
        seen[told] += 1
        if seen[told] <= 2:
            few.append(slip)
    return few


@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_is_told_once_and_where_it_is(tmp_path: Path, subtests: pytest.Subtests, kind: str) -> None:
    file = tmp_path / FILE.name
    for slip in few_of_a_place(KINDS[kind]):
        with subtests.test(slip.name):
            text = slip.text()
            file.write_text(text, "utf-8")
            check(faults_of(file), placed(slip.messages, ScenarioText.of(text), file))
    assert list(tmp_path.iterdir()) == [file]


def told_of_data(slip: FileSlip) -> list[Fault]:
    with pytest.raises(ScenarioError) as caught:
        load_plain(edited_data(DATA, slip.edits), None)
    return list(caught.value.faults)


@pytest.mark.parametrize("kind", KINDS)
def test_plain_data_is_told_the_same(subtests: pytest.Subtests, kind: str) -> None:
    """All plain data has one position, so the path alone gives the place."""
    for slip in KINDS[kind]:
        with subtests.test(slip.name):
            faults = {(fault.path, fault.problem): fault for fault in told_of_data(slip)}
            assert len(faults) == len(slip.messages), list(faults)
            for (path, _), fault in sorted(faults.items()):
                assert fault.where is not None
                assert (fault.where.file, fault.where.line, fault.where.column) == DICTIONARY
                assert any(each.named == path and each.problem in fault.problem for each in slip.messages), (
                    fault
                )


def of_events() -> Iterator[FileSlip]:
    """Yield all slips of events, and some of the others."""
    for number, slip in enumerate(few_of_a_place(SLIPS)):
        if number % (3 if slip.edits[0].path.startswith("events.") else 10) == 0:
            yield slip


@pytest.mark.parametrize("indent", [None, 2])
def test_json_is_told_the_same_in_its_own_places(
    tmp_path: Path, subtests: pytest.Subtests, indent: int | None
) -> None:
    """JSON is YAML; on one line, too, every fault has its column."""
    file = tmp_path / "calibres.json"
    for slip in list(of_events())[indent is None :: 2]:
        with subtests.test(slip.name):
            text = json.dumps(edited_data(DATA, slip.edits), indent=indent)
            file.write_text(text, "utf-8")
            check(faults_of(file), placed(slip.messages, ScenarioText.of(text), file))


def test_a_key_that_stands_twice(tmp_path: Path, subtests: pytest.Subtests) -> None:
    file = tmp_path / FILE.name
    for path, text, said in list(duplicate_keys())[::3]:
        with subtests.test(path):
            file.write_text(text, "utf-8")
            # A reader that keeps the later of two keys finds the place of the second.
            check(faults_of(file), placed([said], ScenarioText.of(text), file))


def test_a_null_removes_nothing_from_a_file_that_stands_alone(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for path in PAGE.keys:
        with subtests.test(path):
            slip = FileSlip(path, (Edit("set", path, "null"),), (ExpectedMessage(path, "null removes"),))
            (fault,) = told_of_data(slip)
            check_words(fault, slip.messages[0])


def test_a_file_that_starts_from_it(tmp_path: Path, subtests: pytest.Subtests) -> None:
    ours, file = tmp_path / FILE.name, tmp_path / "child.yaml"
    ours.write_text(PAGE.text, "utf-8")
    for child in child_files():
        with subtests.test(child.name):
            file.write_text(child.text, "utf-8")
            expected = placed(child.messages, ScenarioText.of(child.text), file) + placed(
                child.of_ours, PAGE, ours
            )
            check(faults_of(file), expected)


def test_what_comes_by_two_ways() -> None:
    leg = {"capacity": "75 containers", "travel": "3 days"}
    data = edited_data(DATA, ())
    data["shipments"]["dprk"]["route"] = [leg]
    with pytest.raises(ScenarioError) as caught:
        load_plain(data, None)
    (fault,) = caught.value.faults
    assert (fault.path, fault.allowed) == ("shipments.dprk.route", "one of the two")
    assert "by a route or by a lead_time" in fault.problem


def test_the_command_line_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    some = SLIPS[::40]
    heads = []
    for number, slip in enumerate(some):
        text = slip.text()
        file = tmp_path / f"{number:02}.yaml"
        file.write_text(text, "utf-8")
        for (_, line, column), said in placed(slip.messages, ScenarioText.of(text), file):
            heads.append(f"{file.name}:{line}:{column}: {said.named}: ")
    there = sorted(tmp_path.rglob("*"))
    code = "from sim.cli.app import run; import sys; run(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", *(file.name for file in there)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert len(lines) == len(heads)
    assert all(line.startswith(head) for line, head in zip(lines, heads, strict=True))
    assert sorted(tmp_path.rglob("*")) == there
