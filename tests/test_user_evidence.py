"""A user's table of evidence in addition to the shipped one: valid citations, and positions of messages."""

from __future__ import annotations

import hashlib
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sim
from sim import evidence, simulate
from sim.cli.app import app, exit_status
from sim.errors import Fault, ScenarioError

if TYPE_CHECKING:
    from tests.support.scenario_builder import ScenarioBuilder

#: Without the columns that a table need not have.
HEADER = ",".join(evidence.COLUMNS[:15])
MINE = "mine-1,stock,152mm,900,,1100,shells,,,2024-05-01,A. Nalyst,A Journal,,B,\n"
SHIPPED = "stock-2023-10-kiviselg-4m"
SCENARIO = """\
schema: 1
start: 2023-09-01
end: 2023-09-11
evidence: {name}
depots: {{depot: {{stock: {{value: {value}, source: {source}}}}}}}
consumption: {{front: {{rate: 10/day}}}}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(
    here: Path,
    rows: str = MINE,
    *,
    name: str = "mine.csv",
    value: str = "1000",
    source: str = "mine-1",
    header: str = HEADER,
) -> Path:
    """Write a table and a scenario that names it in line 4."""
    (here / name).write_text(f"{header}\n{rows}")
    (here / "scenario.yaml").write_text(SCENARIO.format(name=name, value=value, source=source))
    return here / "scenario.yaml"


def command(*words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = exit_status(lambda: app(list(words), prog_name="sim", standalone_mode=False))
    return status, out.getvalue(), err.getvalue()


def faults_of(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(ScenarioError) as caught:
        sim.load(path.name)
    return caught.value.faults


def test_a_scenario_may_cite_its_own_rows_and_the_shipped_ones(here: Path) -> None:
    scenario = sim.load(written(here, source=f"[mine-1, {SHIPPED}]"))
    assert scenario.depots["depot"].stock["shells"].sources == ("mine-1", SHIPPED)
    table = simulate.evidence_of(scenario)
    assert table["mine-1"].claimant == "A. Nalyst"
    assert len(table) == len(evidence.load()) + 1


def test_a_value_outside_a_row_of_ones_own_warns(here: Path) -> None:
    assert sim.warnings(sim.load(written(here, value="1100"))) == []
    (warning,) = sim.warnings(sim.load(written(here, value="1101")))
    assert "1,101 shells is outside what mine-1 gives: 900 to 1,100 shells" in warning.problem
    status, out, err = command("validate", "scenario.yaml")
    assert (status, out) == (0, "scenario.yaml: valid, 1 to look at\n")
    assert "mine-1" in err


def test_a_stock_in_days_or_tonnes_is_compared_with_no_row_in_shells(here: Path) -> None:
    mass = "munitions: {shells: {gross_mass: 50 kg}}\n"
    for value in ("3 days", "100 t"):
        path = written(here, value=value)
        path.write_text(path.read_text() + mass)
        assert sim.warnings(sim.load(path)) == []
    (warning,) = sim.warnings(sim.load(written(here, value="3")))
    assert "3 shells is outside" in warning.problem


def test_drawn_from_samples_the_median_of_the_column_is_compared(here: Path) -> None:
    path = written(here, value="1000")
    (here / "s.csv").write_text("depots.depot.stock\n5000\n900\n2000\n")
    path.write_text(path.read_text() + "draws: s.csv\n")
    (warning,) = sim.warnings(sim.load(path))
    assert "2,000 shells is outside" in warning.problem


def test_show_lists_the_source_and_the_table(here: Path) -> None:
    written(here)
    status, out, err = command("show", "scenario.yaml")
    assert (status, err) == (0, "")
    assert "evidence: mine.csv, beside the shipped table" in out
    assert "[mine-1]" in out


def test_the_manifest_names_the_row_and_the_digests_of_both_tables(here: Path) -> None:
    written(here, name="tables.csv")
    (here / "scenario.yaml").write_text(
        (here / "scenario.yaml").read_text().replace("tables.csv", str(here / "tables.csv"))
    )
    folder = sim.run("scenario.yaml").save(here / "out")
    manifest = json.loads((folder / "manifest.json").read_text())
    raw = (here / "tables.csv").read_bytes()
    assert manifest["inputs"]["tables.csv"] == hashlib.sha256(raw).hexdigest()
    assert manifest["evidence"] == hashlib.sha256(evidence.load().raw + raw).hexdigest()
    assert [source["claimant"] for source in manifest["sources"]] == ["A. Nalyst"]
    for file in folder.iterdir():
        assert str(here).encode() not in file.read_bytes()


def test_without_it_nothing_has_changed(here: Path) -> None:
    path = written(here, source=SHIPPED)
    path.write_text(path.read_text().replace("evidence: mine.csv\n", ""))
    scenario = sim.load(path)
    assert scenario.evidence is None
    assert set(scenario.digests) == {"scenario.yaml"}
    assert sim.run(scenario).evidence == evidence.load().digest()


@pytest.mark.parametrize(
    ("rows", "header", "words"),
    [
        (MINE.replace("mine-1", SHIPPED), HEADER, (f"mine.csv:2:1: id: '{SHIPPED}' stands already at",)),
        (MINE + MINE, HEADER, ("mine.csv:3:1: id: 'mine-1' stands already in line 2",)),
        (
            MINE.replace("900", "many"),
            HEADER,
            ("mine.csv:2:20: low: 'many' is not a number", "a plain number"),
        ),
        (MINE, HEADER.replace("claimant", "claimer"), ("mine.csv:1:", "did you mean 'claimant'?")),
        ("", "", ("mine.csv:1:1: the table is empty",)),
    ],
    ids=["an id of the shipped table", "an id twice", "a bad cell", "a bad column", "nothing"],
)
def test_a_wrong_table_is_one_message_with_both_places(
    here: Path, rows: str, header: str, words: tuple[str, ...]
) -> None:
    path = written(here, rows, header=header)
    if not header:
        (here / "mine.csv").write_text("")
    (fault,) = faults_of(path)
    assert (str(fault.where), fault.path) == ("scenario.yaml:4:11", "evidence")
    for word in words:
        assert word in str(fault)
    status, out, err = command("validate", "scenario.yaml")
    assert (status, out, err) == (1, "", f"{fault}\n")


def test_a_wrong_table_hides_no_other_fault(here: Path) -> None:
    path = written(here, MINE.replace("900", "many"))
    path.write_text(path.read_text().replace("rate: 10/day", "rate: 10"))
    assert [fault.path for fault in faults_of(path)] == ["evidence", "consumption.front.rate"]


def test_an_unknown_id_is_told_the_nearest_of_both_tables(here: Path) -> None:
    (fault,) = faults_of(written(here, source="mine1"))
    assert (fault.path, fault.nearest) == ("depots.depot.stock.source", "mine-1")


def test_it_is_looked_up_from_the_file_that_names_it(here: Path) -> None:
    (here / "base").mkdir()
    (here / "study").mkdir()
    written(here / "base")
    (here / "study/over.yaml").write_text("extends: ../base/scenario.yaml\ntitle: Over\n")
    scenario = sim.load("study/over.yaml")
    assert set(scenario.digests) == {"over.yaml", "../base/scenario.yaml", "../base/mine.csv"}
    assert [row.id for row in sim.run(scenario).sources] == ["mine-1"]


def test_a_dictionary_names_it_from_here_and_replace_keeps_it(here: Path, desk: ScenarioBuilder) -> None:
    written(here)
    cited = {"value": 1000, "source": "mine-1"}
    scenario = simulate.as_scenario(desk.plain(5, cited, evidence="mine.csv"))
    (here / "mine.csv").unlink()
    other = scenario.replace({"depots.depot.stock": {"value": 2000, "source": "mine-1"}})
    assert len(sim.warnings(other)) == len(sim.warnings(scenario)) + 1
    assert other.digests == scenario.digests
    with pytest.raises(ScenarioError, match="unknown source 'mine-2'"):
        scenario.replace({"depots.depot.stock.source": "mine-2"})
    # Without the table its ids are unknown again.
    with pytest.raises(ScenarioError, match="unknown source 'mine-1'"):
        scenario.replace({"evidence": None})


def test_replace_reads_another_table(here: Path, desk: ScenarioBuilder) -> None:
    written(here)
    (here / "other.csv").write_text(f"{HEADER}\n{MINE.replace('mine-1', 'theirs-1')}")
    scenario = simulate.as_scenario(desk.plain(5, 1000))
    cited = scenario.replace(
        {"evidence": "other.csv", "depots.depot.stock": {"value": 1000, "source": "theirs-1"}}
    )
    assert set(cited.digests) == {"other.csv"}
    assert cited.replace({"consumption": {}}).depots == cited.depots


def test_rows_derived_from_unknown_rows_or_from_each_other_are_one_message_each(here: Path) -> None:
    header = f"{HEADER},derived_from"
    row = MINE.removesuffix("\n")
    (fault,) = faults_of(written(here, f"{row},stock-2023-10-kiviselg-4\n", header=header))
    assert (str(fault.where), fault.path) == ("scenario.yaml:4:11", "evidence")
    assert "mine.csv:2:1: derived_from: unknown row 'stock-2023-10-kiviselg-4'" in str(fault)
    assert f"did you mean '{SHIPPED}'?" in str(fault)
    (fault,) = faults_of(written(here, f"{row},mine-1\n", header=header))
    assert "mine.csv:2:1: derived_from: derives from itself" in str(fault)
    assert sim.load(written(here, f"{row},{SHIPPED}\n", header=header))


def test_the_table_beside_it_may_be_another_than_the_shipped_one(here: Path) -> None:
    path = written(here, source=SHIPPED)
    (here / "base.csv").write_text(f"{HEADER}\n{MINE.replace('mine-1', SHIPPED)}")
    table = evidence.load_file(here / "base.csv")
    assert len(simulate.evidence_of(sim.load(path, table=table), table)) == 2
