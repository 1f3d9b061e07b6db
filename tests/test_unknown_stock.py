"""An unknown opening stock: the value that would suffice, by closed form, and commands that need a number."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli.app import app, exit_status
from sim.errors import InputError, RunError, ScenarioError
from sim.scenario.yaml_writer import write_yaml
from sim.simulate import as_scenario, trace

#: 200 days: 60,000 a day are required, 20,000 are made, so the stock gives 40,000 a day: 8M in all.
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "Plain",
    "start": "2024-01-01",
    "end": "2024-07-19",
    "thresholds": [30],
    "depots": {"d": {"stock": "unknown"}},
    "production": {"line": {"rate": "20k/day"}},
    "consumption": {"front": {"rate": "60k/day"}},
}
#: The requirement is uniform from 50,000 to 70,000, so a quantile q of the stock is
#: (30,000 + 20,000 q) x 200.
UNCERTAIN = {**PLAIN, "consumption": {"front": {"rate": {"low": "50k/day", "high": "70k/day"}}}}


def file_of(folder: Path, data: dict[str, Any] = PLAIN) -> Path:
    path = folder / "plain.yaml"
    path.write_text(write_yaml(as_scenario(data).tree), "utf-8")
    return path


def run_verb(*words: str) -> int:
    return exit_status(lambda: app(list(words), prog_name="sim", standalone_mode=False))


def test_the_answer_is_the_stock_that_covers_the_difference() -> None:
    result = sim.run(PLAIN)
    answer = result.findings[0]
    assert answer.sentence == (
        "To meet the requirement until 19 Jul 2024, the opening stock would have to be 8M shells, 133 days "
        "of supply. 60,000 shells a day are required, 20,000 come in."
    )
    assert answer.values["stock_0.5"] == pytest.approx(8e6, rel=2e-6)


def test_the_stock_for_half_of_the_runs_and_for_95_percent() -> None:
    result = sim.run(UNCERTAIN, runs=400)
    answer = result.findings[0]
    drawn = result.outcomes["consumption.front.rate"].sort_values().to_numpy()
    # Of 400 runs, the 200th and the 380th smallest requirement.
    half, most = ((drawn[rank - 1] - 20_000) * 200 for rank in (200, 380))
    assert answer.values["stock_0.5"] == pytest.approx(half, rel=3e-6)
    assert answer.values["stock_0.95"] == pytest.approx(most, rel=3e-6)
    assert (result.outcomes["unmet"] < 1.0).sum() == 200
    assert "in half of the runs" in answer.sentence
    assert "in 95 % of them 9." in answer.sentence


def test_runs_tables_and_folder_have_the_stock_and_say_so(tmp_path: Path) -> None:
    result = sim.run(UNCERTAIN, runs=200)
    used = result.findings[0].values["stock_0.5"]
    stated = next(found for found in result.findings if found.kind == "unknown_stock")
    assert stated.values["used"] == used
    assert "charts have 7.9" in stated.sentence or "charts have 8" in stated.sentence
    assert result.title.startswith("Plain (opening stock solved: ")
    assert re.fullmatch(
        r"Opening stock at D is unknown in the file; runs, tables and charts have [78]\.\d{1,3}M shells\. "
        r"Solved so that the requirement is met until the end in half of the runs\.",
        result.notes[0],
    )
    folder = result.save(tmp_path / "out")
    saved = sim.load(folder / "scenario.yaml")
    stock = saved.depots["d"].stock["shells"]
    assert (stock.value, stock.is_unknown) == (used, False)
    assert stock.note.startswith("Unknown in the file.")
    again = sim.run(saved, runs=200)
    assert again.outcomes.equals(result.outcomes)
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert summary["findings"][0]["values"]["case"] == "unknown_stock"
    assert summary["opening_stock"]["p50"] == pytest.approx(used)


def test_rationing_keeps_its_cover_in_the_stock() -> None:
    rationing = {"rule": "proportional", "cover": "30 days"}
    front = {"rate": "60k/day", "rationing": rationing}
    result = sim.run({**PLAIN, "consumption": {"front": front}})
    # Before the fire of the last day, 199 days x 40,000 are gone, 20,000 have arrived, and 30 days of supply
    # must be there.
    assert result.findings[0].values["stock_0.5"] == pytest.approx(199 * 40e3 - 20e3 + 30 * 60e3, rel=2e-6)


def test_no_stock_is_needed_where_enough_comes_in() -> None:
    result = sim.run({**PLAIN, "production": {"line": {"rate": "60k/day"}}})
    assert result.findings[0].sentence.startswith(
        "The requirement is met until 19 Jul 2024 without any opening stock."
    )
    assert result.findings[0].values["stock_0.5"] == 0.0


def test_a_gap_at_the_start_is_said_where_enough_comes_in() -> None:
    # Nothing in the first ten days, then 80,000 a day: 190 x 80,000 / 200 = 76,000 a day on average.
    rate = {"by_date": {"2024-01-01": "0/day", "2024-01-11": "80k/day"}}
    result = sim.run({**PLAIN, "production": {"line": {"rate": rate}}})
    assert result.findings[0].sentence == (
        "Over the whole period enough comes in without any opening stock; to meet the requirement on every "
        "day until 19 Jul 2024, it would have to be 600k shells, 10 days of supply. 60,000 shells a day are "
        "required, 76,000 come in."
    )


def test_a_stock_for_less_than_a_day_is_no_days_of_supply() -> None:
    # 59,000 arrive on the first day, 61,000 on each later one.
    rate = {"by_date": {"2024-01-01": "59k/day", "2024-01-02": "61k/day"}}
    answer = sim.run({**PLAIN, "production": {"line": {"rate": rate}}}).findings[0]
    assert "it would have to be 1,000 shells, less than a day of supply." in answer.sentence


def test_days_of_supply_are_left_out_where_the_requirement_changes() -> None:
    # 100 days at 1,000, and 100 at 60,000, of which 20,000 a day arrive.
    rate = {"by_date": {"2024-01-01": "1k/day", "2024-04-10": "60k/day"}}
    answer = sim.run({**PLAIN, "consumption": {"front": {"rate": rate}}}).findings[0]
    assert answer.sentence == (
        "To meet the requirement until 19 Jul 2024, the opening stock would have to be 2.1M shells. 30,500 "
        "shells a day are required, 20,000 come in."
    )


@pytest.mark.parametrize(("data", "runs"), [(PLAIN, 20), (UNCERTAIN, 1)])
def test_where_all_runs_are_one_no_share_of_runs_is_said(data: dict[str, Any], runs: int) -> None:
    result = sim.run(data, runs=runs)
    stated = next(found for found in result.findings if found.kind == "unknown_stock")
    assert re.fullmatch(r"solved: [\d.]+M, as in the lines below, tables and charts", stated.sentence)
    said = [result.findings[0].sentence, *result.notes]
    assert not [text for text in said if "of the runs" in text or "of them" in text]


@pytest.mark.parametrize(
    ("data", "runs", "title"),
    [
        (PLAIN, 1, r"The requirement is met until 19 July 2024 with an opening stock of 8M shells"),
        (
            UNCERTAIN,
            60,
            r"The requirement is met until 19 July 2024 in half of the runs with an opening stock of "
            r"[78](\.\d+)?M shells",
        ),
        (
            {**PLAIN, "production": {"line": {"rate": "60k/day"}}},
            1,
            r"The requirement is met until 19 July 2024 without any opening stock",
        ),
    ],
)
def test_the_title_of_the_chart_is_the_answer(
    data: dict[str, Any], runs: int, title: str, tmp_path: Path
) -> None:
    result = sim.run(data, runs=runs)
    read = sim.read_folder(result.save(tmp_path / "out"))
    for each in (result, read):
        drawn = sim.charts.drawdown(each)
        assert re.fullmatch(title, str(drawn.get_label()))


def test_nothing_required_stays_the_answer() -> None:
    result = sim.run({**PLAIN, "consumption": {"front": {"rate": "0/day"}}})
    assert result.findings[0].sentence == "Nothing is required of these stocks."


def test_of_two_stocks_the_unknown_one_is_named() -> None:
    data = {
        **PLAIN,
        "munitions": {"152mm": {}, "122mm": {}},
        "depots": {"d": {"stock": {"152mm": "unknown", "122mm": "1M"}}},
        "production": {"line": {"rate": {"152mm": "20k/day"}}},
        "consumption": {"front": {"rate": {"152mm": "60k/day", "122mm": "5k/day"}}},
    }
    answer = sim.run(data).findings[0]
    assert "152 mm" in answer.sentence
    assert "would have to be 8M shells, 133 days of supply" in answer.sentence
    assert answer.values["path"] == "depots.d.stock.152mm"


def test_a_stock_that_cannot_suffice_says_why() -> None:
    data = {
        **PLAIN,
        "munitions": {"152mm": {}, "122mm": {}},
        "depots": {"d": {"stock": {"152mm": "unknown", "122mm": "100k"}}},
        "production": {"line": {"rate": {"152mm": "20k/day"}}},
        "consumption": {"front": {"rate": {"152mm": "60k/day", "122mm": "5k/day"}}},
    }
    with pytest.raises(RunError, match="no stock suffices") as error:
        sim.run(data)
    # 100,000 at 5,000 a day last 20 days.
    assert "21 Jan 2024" in str(error.value)


@pytest.mark.parametrize(
    ("words", "purpose"),
    [
        (("sweep", "--vary", "production.line.rate=1k/day,2k/day"), "a sweep over other numbers"),
        (("sensitivity",), "a sensitivity study"),
        (("trace", "--run", "0"), "a trace"),
        (("breakeven", "--solve", "production.line.rate"), "a search for another number"),
    ],
)
def test_other_questions_need_a_number(
    words: tuple[str, ...],
    purpose: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    file = file_of(tmp_path)
    assert run_verb(words[0], file.name, *words[1:]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("plain.yaml:9:12: depots.d.stock: ")
    assert f"the stock is unknown, and {purpose} needs a number" in line
    assert "--set depots.d.stock=4M" in line


def test_a_comparison_names_every_unknown_stock(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(file_of(tmp_path).read_text("utf-8"), "utf-8")
    with pytest.raises(ScenarioError) as error:
        sim.compare([tmp_path / "plain.yaml", other])
    assert [str(fault.where) for fault in error.value.faults] == [
        f"{tmp_path / name}:9:12" for name in ("plain.yaml", "other.yaml")
    ]


def test_a_number_on_the_command_line_answers(tmp_path: Path) -> None:
    scenario = sim.load(file_of(tmp_path), ["depots.d.stock=4M"])
    assert sim.run(scenario).findings[0].sentence.startswith("It does not add up")
    assert trace(scenario, 0).run == 0


def test_breakeven_solves_for_it_without_bounds() -> None:
    found = sim.breakeven(PLAIN, "depots.d.stock", of="unmet")
    assert found.value == pytest.approx(8e6, rel=2e-6)
    # One day of supply less is exhausted on the last day: its closing stock is below one requirement.
    lasting = sim.breakeven(PLAIN, "depots.d.stock")
    assert lasting.value == pytest.approx(8e6 + 60e3, rel=2e-6)


def test_a_sweep_over_the_stock_works() -> None:
    table = sim.sweep(PLAIN, {"depots.d.stock": ["7M", "9M"]}, runs=1).table
    assert table["unmet_mean"].to_list() == pytest.approx([1e6, 0.0], abs=1e-3)


def test_two_unknown_stocks_are_one_too_many() -> None:
    data = {
        **PLAIN,
        "munitions": {"a": {}, "b": {}},
        "depots": {"d": {"stock": {"a": "unknown", "b": "unknown"}}},
        "production": {},
        "consumption": {"front": {"rate": {"a": "1/day", "b": "1/day"}}},
    }
    with pytest.raises(ScenarioError, match="solves for one stock") as error:
        sim.run(data)
    assert [fault.path for fault in error.value.faults] == ["depots.d.stock.b"]


@pytest.mark.parametrize(
    ("change", "nearest"),
    [
        ({"depots": {"d": {"stock": "unkown"}}}, "unknown"),
        ({"depots": {"d": {"stock": "4M", "unserviceable": "unknown"}}}, ""),
        ({"depots": {"d": {"stock": {"low": "unknown", "high": "4M"}}}}, ""),
        ({"production": {"line": {"rate": "unknown"}}}, ""),
    ],
)
def test_only_a_stock_may_be_unknown(change: dict[str, Any], nearest: str) -> None:
    with pytest.raises(InputError) as error:
        as_scenario({**PLAIN, **change})
    assert [fault.nearest for fault in error.value.faults] == [nearest]


def test_show_has_no_number_for_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = file_of(tmp_path)
    assert run_verb("show", str(file)) == 0
    line = next(each for each in capsys.readouterr().out.splitlines() if each.startswith("depots.d.stock"))
    assert line.split("  [")[0].split() == ["depots.d.stock", "unknown"]
    assert run_verb("show", str(file), "--json") == 0
    values = json.loads(capsys.readouterr().out)["values"]
    assert [each["value"] for each in values if each["path"] == "depots.d.stock"] == [None]


def test_joint_samples_make_it_known(tmp_path: Path) -> None:
    (tmp_path / "joint.csv").write_text("depots.d.stock\n8M\n7M\n", "utf-8")
    result = sim.run({**PLAIN, "draws": str(tmp_path / "joint.csv")}, runs=2)
    assert result.outcomes["unmet"].to_list() == pytest.approx([0.0, 1e6], abs=1e-3)
