"""The STRESS-DES report: every item is answered, and its tables agree with the scenario and the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import sim
from sim import evidence
from sim.model.run import run_once
from sim.scenario.laws import Triangular
from sim.scenario.number_listing import list_numbers
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.units import parse, parse_date
from tests.support.markdown_page import MarkdownPage, TableRow

ROOT = Path(__file__).parent.parent
REPORT = MarkdownPage(ROOT / "docs" / "stress-des.md")
MAIN = ROOT / "scenarios" / "white-house-2023.yaml"
#: The published checklist, by number and name.
ITEMS = """\
1 Objectives / 1.1 Purpose of the model / 1.2 Model outputs / 1.3 Experimentation aims
2 Logic / 2.1 Base model overview diagram / 2.2 Base model logic / 2.3 Scenario logic / 2.4 Algorithms
2.5 Components / 2.5.1 Entities / 2.5.2 Activities / 2.5.3 Resources / 2.5.4 Queues
2.5.5 Entry and exit points
3 Data / 3.1 Data sources / 3.2 Pre-processing / 3.3 Input parameters / 3.4 Assumptions
4 Experimentation / 4.1 Initialisation / 4.2 Run length / 4.3 Estimation approach
5 Implementation / 5.1 Software or programming language / 5.2 Random sampling / 5.3 Model execution
5.4 System specification / 6 Code access / 6.1 Computer model sharing statement"""
#: Words and names, which no result depends on.
WORDS = {"schema", "title", "label", "note", "by", "from", "to"}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return sim.load(MAIN)


def answer(item: str) -> str:
    """Return the text under an item, up to the next heading."""
    return re.split(r"(?m)^#+ ", REPORT.text.partition(f" {item}\n")[2], maxsplit=1)[0]


def codes(row: TableRow) -> list[str]:
    return [cell.strip("`") for cell in row.cells]


def leaves(node: Any, path: tuple[str, ...] = ()) -> set[str]:
    """Return the path of every setting of a plain file that is no word for the reader."""
    if isinstance(node, list):
        return set().union(*(leaves(item, (*path, str(place))) for place, item in enumerate(node)))
    if isinstance(node, dict) and not {"low", "value"} & node.keys():
        return set().union(*(leaves(item, (*path, key)) for key, item in node.items() if key not in WORDS))
    return {".".join(path)}


PARAMETERS = {row[0]: row for row in map(codes, REPORT.rows(under="3.3 Input parameters"))}


def test_every_item_of_the_checklist_is_answered_in_its_order() -> None:
    asked = [item for line in ITEMS.splitlines() for item in line.split(" / ")]
    assert REPORT.headings()[1:] == asked
    for item in asked:
        if item.count(".") and item != "2.5 Components":
            assert len(answer(item).split()) >= 15, item


def test_the_report_is_good_markdown_with_a_diagram_and_its_links_lead_somewhere() -> None:
    REPORT.check_tables()
    REPORT.check_links()
    (diagram,) = REPORT.fenced("mermaid")
    assert diagram in answer("2.1 Base model overview diagram")
    edges = re.findall(r"(?m)^ +(\w+)\S*.*? -+(?: .*? -+)?> ?(\w+)", diagram)
    assert {"donor", "dunay", "landing", "industry", "initial", "depot"} == {source for source, _ in edges}


def test_the_parameters_are_all_that_the_file_sets_and_nothing_else() -> None:
    assert set(PARAMETERS) == leaves(YAML(typ="safe").load(MAIN.read_text("utf-8")))


@pytest.mark.parametrize("path", PARAMETERS)
def test_a_parameter_is_the_one_that_is_loaded(scenario: Scenario, path: str) -> None:
    _, _, law, value, _, source = PARAMETERS[path]
    found: dict[str, Quantity] = {item.quantity.path: item.quantity for item in list_numbers(scenario)}
    if path not in found:
        plain = {
            "start": scenario.start.isoformat(),
            "end": scenario.end.isoformat(),
            "shipments.dprk.route.0.vehicles": str(scenario.shipments["dprk"].route[0].vehicles),
        }
        assert (law, value, source) == ("fixed", plain[path], "none")
        return
    quantity = found[path]
    assert ", ".join(map(str, quantity.sources)) == (source if source != "none" else "")
    if law == "triangular":
        low, mode, high = (parse(text).value for text in value.split(", "))
        assert quantity.law == Triangular(
            *(x / 100 if "%" in value and x > 1 else x for x in (low, mode, high))
        )
    elif quantity.unit == "date":
        assert (law, quantity.value) == ("fixed", parse_date(value).toordinal())
    else:
        assert (law, quantity.law, quantity.value) == ("fixed", None, parse(value).value)


def test_what_is_drawn_once_is_what_a_run_says_it_drew(scenario: Scenario) -> None:
    drawn = {path: row[4] for path, row in PARAMETERS.items()}
    assert {path for path, when in drawn.items() if when == "once"} == set(run_once(scenario, 1, 0).drawn)
    random = {item.quantity.path for item in list_numbers(scenario) if item.quantity.law is not None}
    assert {path for path, when in drawn.items() if when in {"once", "voyage"}} == random
    assert {path for path, when in drawn.items() if when == "voyage"} < {
        path for path in drawn if path.startswith("shipments.dprk.route.")
    }


def test_a_ship_is_back_about_as_often_as_the_assumptions_say() -> None:
    def mean(setting: str) -> float:
        """Return the mean of a triangular law: a third of the sum of its three numbers."""
        texts = PARAMETERS[f"shipments.dprk.route.0.{setting}"][3].split(", ")
        return sum(parse(text).value for text in texts) / 3

    (days,) = re.findall(r"back about every (\d+) days", answer("3.4 Assumptions").replace("\n", " "))
    assert mean("load") + 2 * mean("travel") + mean("unload") == pytest.approx(float(days), abs=0.5)


def test_the_sources_are_those_that_the_scenario_cites(scenario: Scenario) -> None:
    rows = {row.cells[0].strip("`"): row.cells for row in REPORT.rows(under="3.1 Data sources")}
    assert set(rows) == {source for item in list_numbers(scenario) for source in item.quantity.sources}
    table = evidence.load()
    assert f"the {len(table)} rows" in answer("3.1 Data sources").replace("\n", " ")
    for id_, (_, claim, who, _) in rows.items():
        row = table[id_]
        assert row.url in who
        assert f"confidence {row.confidence}" in who
        assert str(row.published) in who
        figures = [row.central] if row.low is None else [row.low, row.high]
        for figure in figures:
            assert figure is not None
            assert f"{figure:,.0f}" in claim or (figure == 0.5 and "half" in claim)


def test_the_variants_are_all_files_that_start_from_this_one() -> None:
    texts = {file.name: file.read_text("utf-8") for file in MAIN.parent.glob("*.yaml")}
    bases = {
        name: found[1] for name, text in texts.items() if (found := re.search(r"(?m)^extends: (\S+)", text))
    }
    variants = {name: base for name, base in bases.items() if MAIN.name in {base, bases.get(base)}}
    assert {row[0]: row[1] for row in map(codes, REPORT.rows(under="2.3 Scenario logic"))} == variants
    asked = [codes(row)[0] for row in REPORT.rows(under="1.3 Experimentation aims")]
    assert sorted(asked) == sorted([MAIN.name, *variants])


def test_every_outcome_that_is_reported_is_defined(scenario: Scenario) -> None:
    result = sim.run(scenario, runs=2, seed=1, jobs=1)
    defined = set(
        re.findall(r"`(\w+)`", " ".join(row.cells[0] for row in REPORT.rows(under="1.2 Model outputs")))
    )
    names = map(str, result.outcomes)
    columns = {re.sub("below_.*", "below_N", name) for name in names if "." not in name}
    assert columns - {"run"} <= defined
    assert defined - columns == {"fire_by_origin", "balance_error"} <= set(result.summary())


def test_the_run_has_the_length_and_the_versions_that_are_reported(scenario: Scenario) -> None:
    assert f"\n{scenario.days} days" in REPORT.text
    pinned = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    )
    for row in map(codes, REPORT.rows(under="5.1 Software or programming language")):
        assert pinned[row[0]] == row[1]
    measured = (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    times = re.findall(r"[0-9.]+ m?s\b", answer("5.4 System specification"))
    assert len(times) == 2
    assert all(time in measured for time in times)
