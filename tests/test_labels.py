"""Labels, nouns and verbs of a scenario file: they are checked, kept in results, and change no figure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import ScenarioError
from sim.names import Names, noun_of, verb_of
from sim.results.reader import read_folder
from sim.results.result import Result
from sim.results.storage import seal_manifest
from sim.scenario.labels import names_of
from sim.simulate import as_scenario
from sim.study.breakeven_result import read_breakeven
from sim.study.comparison_result import read_comparison
from sim.study.sensitivity_result import read_sensitivity
from sim.study.sweep_result import read_sweep

Plain = dict[str, Any]
RATE = "consumption.camp.rate"


def relief(*, labelled: bool = True) -> Plain:
    """Return blankets that two ships bring and a camp hands out, with or without labels."""
    leg = {"by": "sea", "from": "Aden", "to": "Berbera", "vehicles": 1, "capacity": "500 shells"}
    plain: Plain = {
        "schema": 1,
        "title": "Relief",
        "start": "2031-03-01",
        "end": "2031-05-01",
        "munitions": {"blankets": {"gross_mass": "2 kg"}},
        "depots": {"port": {"stock": {"low": "3k", "high": "5k"}}},
        "production": {"mill": {"rate": "20/day"}},
        "shipments": {
            "un": {"route": [{**leg, "travel": "9 days"}, {"capacity": "90 shells", "travel": "1 day"}]}
        },
        "consumption": {"camp": {"rate": "150/day"}},
        "events": {"storm": {"date": "2031-03-20", "destroys": "10%"}},
    }
    if labelled:
        plain["munitions"]["blankets"] |= {"noun": "blanket", "label": "Wool blankets"}
        plain["depots"]["port"]["label"] = "Depot at Berbera"
        plain["production"]["mill"]["label"] = "Own output"
        plain["shipments"]["un"]["label"] = "United Nations"
        plain["shipments"]["un"]["route"][1]["label"] = "Lorries"
        plain["consumption"]["camp"] |= {"verb": "hands out", "label": "Camp in the north"}
        plain["events"]["storm"]["label"] = "The storm of March"
    return plain


EXPECTED = Names(
    labels={
        "munitions.blankets": "Wool blankets",
        "depots.port": "Depot at Berbera",
        "production.mill": "Own output",
        "shipments.un": "United Nations",
        "shipments.un.route.1": "Lorries",
        "consumption.camp": "Camp in the north",
        "events.storm": "The storm of March",
    },
    routes={"shipments.un.route.0": "by sea, Aden to Berbera"},
    nouns={"blankets": noun_of("blanket")},
    verbs={"camp": verb_of("hands out")},
)


def test_a_scenario_gives_the_names_of_its_file() -> None:
    assert names_of(as_scenario(relief())) == EXPECTED


def test_a_file_without_labels_stores_the_routes_alone() -> None:
    assert names_of(as_scenario(relief(labelled=False))) == Names(routes=EXPECTED.routes)


def test_where_one_munition_has_a_noun_the_others_are_shells() -> None:
    plain = relief()
    plain["munitions"]["flares"] = {}
    plain["depots"]["port"]["stock"] = {"blankets": 100, "flares": 50}
    plain["consumption"] = {
        "camp": {"rate": {"blankets": "1/day"}, "verb": "hands out"},
        "coast": {"rate": {"flares": "1/day"}},
    }
    del plain["shipments"]
    plain["production"]["mill"]["rate"] = {"blankets": "20/day"}
    names = names_of(as_scenario(plain))
    assert names.noun(["flares"]).many == "shells"
    assert names.noun(["flares", "blankets"]).many == "items"
    assert names.verb(["coast"]).present == "fires"
    assert names.verb(["camp", "coast"]).present == "uses"


def test_irregular_forms_are_written_as_a_map() -> None:
    plain = relief()
    plain["munitions"]["blankets"]["noun"] = {"one": "ox", "many": "oxen"}
    plain["consumption"]["camp"]["verb"] = {"present": "grinds", "past": "ground"}
    names = names_of(as_scenario(plain))
    assert names.noun(["blankets"]) == ("ox", "oxen")
    assert names.verb(["camp"]) == ("grinds", "grind", "ground")


def test_labels_change_no_figure_and_no_identity_of_the_account() -> None:
    plain, labelled = (as_scenario(relief(labelled=with_labels)) for with_labels in (False, True))
    assert plain.account_digest() == labelled.account_digest()
    one, other = (sim.run(each, runs=3, engine="simpy").files() for each in (plain, labelled))
    differing = {name for name in one if one[name] != other[name]}
    assert differing == {"scenario.yaml", "manifest.json", "summary.json"}
    # Sentences name the components; the figures do not.
    figures = [json.loads(files["summary.json"]) for files in (one, other)]
    assert figures[0].pop("findings") != figures[1].pop("findings")
    assert figures[0] == figures[1]


def test_the_resolved_scenario_keeps_its_labels(tmp_path: Path) -> None:
    file = tmp_path / "again.yaml"
    file.write_text(as_scenario(relief()).text(), "utf-8")
    assert names_of(sim.load(file)) == EXPECTED


def test_null_removes_a_label_of_the_file_that_is_extended() -> None:
    scenario = as_scenario(relief()).replace({"depots.port.label": None})
    assert "depots.port" not in names_of(scenario).labels


@pytest.mark.parametrize(
    ("section", "name", "change", "message"),
    [
        ("depots", "port", {"label": "x" * 81}, "one line of 1 to 80 characters"),
        ("depots", "port", {"label": ""}, "depots.port.label: '' is not a short line of text"),
        ("depots", "port", {"label": "a\nb"}, "one line of 1 to 80 characters"),
        ("depots", "port", {"label": {"a": 1}}, "one value is expected"),
        ("depots", "port", {"lable": "Port"}, "did you mean 'label'?"),
        ("consumption", "camp", {"verb": "hand out"}, "'hand out' is not a verb in the third person"),
        ("consumption", "camp", {"verb": {"past": "given"}}, "the key 'present' is required"),
        ("munitions", "blankets", {"noun": {"many": "oxen"}}, "the key 'one' is required"),
        ("munitions", "blankets", {"verb": "warms"}, "unknown key 'verb'"),
        ("events", "storm", {"noun": "storm"}, "unknown key 'noun'"),
    ],
)
def test_a_wrong_label_noun_or_verb_is_one_clear_message(
    section: str, name: str, change: Plain, message: str
) -> None:
    plain = relief()
    plain[section][name] |= change
    with pytest.raises(ScenarioError) as error:
        as_scenario(plain)
    assert len(error.value.faults) == 1
    assert message in str(error.value)


def test_two_components_of_a_section_do_not_share_a_label() -> None:
    plain = relief()
    plain["depots"]["hub"] = {"stock": 5, "label": "depot at berbera"}
    for section, key in (("production", "to"), ("shipments", "to"), ("consumption", "at"), ("events", "at")):
        for part in plain[section].values():
            part[key] = "port"
    with pytest.raises(ScenarioError, match=r"depots\.port has the label 'depot at berbera' already"):
        as_scenario(plain)


def test_a_production_line_and_a_supplier_do_not_share_a_label() -> None:
    plain = relief()
    plain["production"]["mill"]["label"] = "United Nations"
    with pytest.raises(ScenarioError, match=r"shipments\.un\.label: production\.mill has the label"):
        as_scenario(plain)


def test_a_depot_and_a_supplier_may_share_a_label() -> None:
    plain = relief()
    plain["depots"]["port"]["label"] = "United Nations"
    assert names_of(as_scenario(plain)).depot("port") == "United Nations"


@pytest.fixture(scope="module")
def result() -> Result:
    return sim.run(relief(), runs=12, engine="simpy")


def stored_names(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text("utf-8"))["scenario"]["names"]


def test_a_run_carries_its_names_to_its_folder_and_back(result: Result, tmp_path: Path) -> None:
    assert result.names == EXPECTED
    folder = result.save(tmp_path / "run")
    assert stored_names(folder) == EXPECTED.to_json()
    assert read_folder(folder).names == EXPECTED


def test_a_folder_of_an_earlier_version_has_automatic_names(result: Result, tmp_path: Path) -> None:
    folder = result.save(tmp_path / "run")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    del manifest["scenario"]["names"]
    (folder / "manifest.json").write_bytes(seal_manifest(json.dumps(manifest).encode()))
    assert read_folder(folder).names == Names()
    assert read_folder(folder).names.depot("port") == "Port"


def test_a_comparison_carries_the_names_of_all_its_scenarios(tmp_path: Path) -> None:
    other = relief()
    other["title"] = "With another mill"
    other["production"] = {"weaver": {"rate": "30/day", "label": "The weaver"}}
    comparison = sim.compare([relief(), other], runs=2, engine="simpy")
    assert comparison.names.origin("mill") == "Own output"
    assert comparison.names.origin("weaver") == "The weaver"
    folder = comparison.save(tmp_path / "compare")
    assert read_comparison(folder).names == comparison.names


def test_a_sweep_carries_its_names_to_its_folder_and_back(tmp_path: Path) -> None:
    sweep = sim.sweep(relief(), {RATE: ["50/day", "90/day"]}, runs=2, jobs=1)
    assert sweep.names == EXPECTED
    folder = sweep.save(tmp_path / "sweep")
    assert stored_names(folder) == EXPECTED.to_json()
    assert read_sweep(folder).names == EXPECTED


def test_a_break_even_carries_its_names_to_its_folder_and_back(tmp_path: Path) -> None:
    answer = sim.breakeven(relief(), RATE, bounds=("50/day", "500/day"), runs=4)
    assert answer.names == EXPECTED
    assert read_breakeven(answer.save(tmp_path / "breakeven")).names == EXPECTED


def test_a_sensitivity_carries_its_names_to_its_folder_and_back(result: Result, tmp_path: Path) -> None:
    answer = sim.sensitivity(result, of="closing_stock")
    assert answer.names == EXPECTED
    assert read_sensitivity(answer.save(tmp_path / "sensitivity")).names == EXPECTED
