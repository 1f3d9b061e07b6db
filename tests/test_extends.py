"""Files that extend another: values merged key by key or replaced as a whole."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.loader import load_file, load_plain
from sim.scenario.quantity import Course, Quantity
from sim.scenario.scenario import Scenario

BASE = """\
schema: 1
title: The base
note: A story.
start: 2023-09-01
end: 2024-09-01
thresholds: [30, 15]
depots:
  store: {stock: {value: 4M, source: a, note: counted}}
production:
  plant:
    rate: {low: 1M/year, mode: 2M/year, high: 3M/year, source: [b, c]}
    lead_time: 3 days
  mill: {rate: {by_date: {2024-01-01: 1k/day, 2024-02-01: 2k/day}, between: linear, source: d}}
shipments:
  ally:
    reserve: 1M
    shells_per_container: {shells: 300}
    route:
      - {vehicles: 2, capacity: 10 containers, travel: 3 days}
      - {capacity: 10 containers, travel: 5 days}
consumption:
  front:
    rate: 60k/day
    rationing: {rule: proportional, cover: 30 days}
"""


def laid_over(tmp_path: Path, over: str, **others: str) -> Scenario:
    """Return the scenario of a file that extends the base."""
    for name, text in {"base": BASE, "over": f"extends: base.yaml\n{over}", **others}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return load_file(tmp_path / "over.yaml", None)


def rate(scenario: Scenario, line: str) -> Quantity:
    number = scenario.production[line].rate["shells"]
    assert isinstance(number, Quantity)
    return number


def test_an_empty_change_changes_nothing(tmp_path: Path) -> None:
    same = laid_over(tmp_path, "")
    base = load_file(tmp_path / "base.yaml", None)
    assert same.account_digest() == base.account_digest()
    assert same.text() == base.text()
    assert (same.title, same.note) == ("The base", "A story.")


def test_sections_components_and_settings_merge_key_by_key(tmp_path: Path) -> None:
    over = "production: {plant: {lead_time: 9 days}, works: {rate: 5/day}}\nend: 2025-09-01\n"
    made = laid_over(tmp_path, over)
    assert list(made.production) == ["mill", "plant", "works"]
    assert made.production["plant"].lead_time.value == 9
    assert rate(made, "plant").sources == ("b", "c")
    assert made.days == 731
    assert made.shipments["ally"].reserve is not None


def test_a_number_is_replaced_as_a_whole_with_its_source(tmp_path: Path) -> None:
    made = laid_over(tmp_path, "depots: {store: {stock: 5M}}\n")
    stock = made.depots["store"].stock["shells"]
    assert (stock.value, stock.sources, stock.note) == (5e6, (), "")
    made = laid_over(tmp_path, "production: {plant: {rate: {low: 2M/year, high: 4M/year}}}\n")
    assert rate(made, "plant").bounds() == (2e6 / 365.25, 4e6 / 365.25)
    assert rate(made, "plant").sources == ()


def test_half_a_distribution_is_not_completed_from_the_other_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="high make no number"):
        laid_over(tmp_path, "production: {plant: {rate: {high: 9M/year}}}\n")
    with pytest.raises(ScenarioError, match="make no number"):
        laid_over(tmp_path, "depots: {store: {stock: {source: other}}}\n")


def test_a_course_is_replaced_as_a_whole(tmp_path: Path) -> None:
    made = laid_over(tmp_path, "production: {mill: {rate: {by_date: {2024-03-01: 9/day}}}}\n")
    course = made.production["mill"].rate["shells"]
    assert isinstance(course, Course)
    assert [(str(date), number.value) for date, number in course.points] == [("2024-03-01", 9)]
    assert (course.between, course.sources) == ("step", ())


def test_a_rationing_map_is_replaced_as_a_whole(tmp_path: Path) -> None:
    made = laid_over(tmp_path, "consumption: {front: {rationing: {rule: none}}}\n")
    assert made.consumption["front"].rationing.cover is None
    with pytest.raises(ScenarioError, match="'controlled' needs a cover"):
        laid_over(tmp_path, "consumption: {front: {rationing: {rule: controlled}}}\n")


def test_a_list_is_replaced_as_a_whole(tmp_path: Path) -> None:
    over = "thresholds: [7]\nshipments: {ally: {route: [{vehicles: 1, capacity: 5, travel: 1 h}]}}\n"
    made = laid_over(tmp_path, over)
    assert made.thresholds == (7.0,)
    assert [leg.vehicles for leg in made.shipments["ally"].route] == [1]
    assert made.shipments["ally"].route[0].unload.value == 0


def test_numbers_by_munition_merge_by_name_and_a_plain_number_takes_their_place(tmp_path: Path) -> None:
    for given in ("{shells: 250}", "250"):
        made = laid_over(tmp_path, f"shipments: {{ally: {{shells_per_container: {given}}}}}\n")
        assert made.shipments["ally"].shells_per_container["shells"].value == 250


def test_null_removes_a_component_a_setting_or_a_section(tmp_path: Path) -> None:
    made = laid_over(tmp_path, "production: {plant: null}\nshipments: ~\ntitle: null\nnote: null\n")
    assert list(made.production) == ["mill"]
    assert made.shipments == {}
    assert (made.title, made.note) == ("over", "")
    made = laid_over(tmp_path, "production: {plant: {lead_time: null}}\n")
    assert made.production["plant"].lead_time.value == 0


def test_a_quoted_null_is_a_word(tmp_path: Path) -> None:
    assert laid_over(tmp_path, "title: 'null'\n").title == "null"


def test_removing_what_must_be_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="the key 'rate' is required"):
        laid_over(tmp_path, "production: {plant: {rate: null}}\n")
    with pytest.raises(ScenarioError, match="nothing is listed"):
        laid_over(tmp_path, "depots: {store: null}\n")


def test_null_of_nothing_and_null_in_a_number_are_errors(tmp_path: Path) -> None:
    over = "production: {plnat: null, works: {rate: null}, plant: {rate: {low: null, high: 9/day}}}\n"
    with pytest.raises(ScenarioError) as caught:
        laid_over(tmp_path, over)
    assert [(fault.path, fault.nearest) for fault in caught.value.faults] == [
        ("production.plnat", "plant"),
        ("production.works.rate", ""),
        ("production.plant.rate.low", ""),
    ]


def test_keys_of_ones_own_are_nobodys_business(tmp_path: Path) -> None:
    made = laid_over(tmp_path, "x-gone: null\nproduction: {x-a: {b: null}, plant: {x-c: null}}\n")
    assert list(made.production) == ["mill", "plant"]
    assert "x-" not in made.text()


def test_a_name_that_is_a_setting_elsewhere_still_merges(tmp_path: Path) -> None:
    """``mix`` and ``rationing`` are replaced as a whole where they are settings, not where they are names."""
    other = BASE.replace("mill:", "mix:").replace("front:", "rationing:")
    over = "production: {mix: {lead_time: 1 day}}\nconsumption: {rationing: {daily_variation: 10%}}\n"
    (tmp_path / "other.yaml").write_text(other)
    (tmp_path / "again.yaml").write_text(f"extends: other.yaml\n{over}")
    made = load_file(tmp_path / "again.yaml", None)
    assert isinstance(made.production["mix"].rate["shells"], Course)
    assert made.consumption["rationing"].rationing.rule == "proportional"


def test_each_file_is_looked_up_from_the_one_that_names_it(tmp_path: Path) -> None:
    """``cases/over`` names ``../base`` and that names ``deep/root``: three files in three folders."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "root.yaml").write_text(BASE)
    (tmp_path / "base.yaml").write_text("extends: deep/root.yaml\nend: 2024-01-01\ntitle: Two\n")
    (tmp_path / "cases" / "over.yaml").write_text("extends: ../base.yaml\ntitle: Three\n")
    made = load_file(tmp_path / "cases" / "over.yaml", None)
    assert (made.title, str(made.end), made.note) == ("Three", "2024-01-01", "A story.")
    assert set(made.digests) == {"over.yaml", "../base.yaml", "../deep/root.yaml"}
    for name, digest in made.digests.items():
        assert digest == hashlib.sha256((tmp_path / "cases" / name).read_bytes()).hexdigest()


def test_two_files_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "base.yaml").write_text(BASE)
    (tmp_path / "base.yaml").write_text("extends: old/base.yaml\n")
    assert set(load_file(tmp_path / "base.yaml", None).digests) == {"base.yaml", "old/base.yaml"}


def test_an_absolute_path_leaves_no_trace_but_the_name(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "over.yaml").write_text(f"extends: {tmp_path / 'base.yaml'}\n")
    made = load_file(tmp_path / "over.yaml", None)
    assert set(made.digests) == {"over.yaml", "base.yaml"}
    assert str(tmp_path) not in made.text()


def test_a_dictionary_extends_from_where_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    monkeypatch.chdir(tmp_path)
    made = load_plain({"extends": "base.yaml", "production": {"plant": None}}, None)
    assert list(made.production) == ["mill"]
    assert set(made.digests) == {"base.yaml"}


def test_every_value_remembers_the_file_and_line_it_came_from(tmp_path: Path) -> None:
    made = laid_over(tmp_path, "production:\n  plant:\n    lead_time: 9 days\n")
    here = made.production["plant"].lead_time.where
    there = rate(made, "plant").where
    assert here is not None
    assert there is not None
    assert (Path(here.file).name, here.line, here.column) == ("over.yaml", 4, 16)
    line = next(n for n, text in enumerate(BASE.splitlines(), 1) if "low: 1M/year" in text)
    assert (Path(there.file).name, there.line, there.column) == ("base.yaml", line, 11)


def test_a_chain_ends(tmp_path: Path) -> None:
    (tmp_path / "0.yaml").write_text(BASE)
    for n in range(1, 40):
        (tmp_path / f"{n}.yaml").write_text(f"extends: {n - 1}.yaml\n")
    assert load_file(tmp_path / "15.yaml", None).title == "The base"
    with pytest.raises(ScenarioError, match="too many files"):
        load_file(tmp_path / "39.yaml", None)
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    with pytest.raises(ScenarioError, match="cannot read"):
        load_file(tmp_path / "loop.yaml", None)
