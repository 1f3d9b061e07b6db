"""The command line as a stranger meets it: what each verb prints, writes and answers, and how it ends."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from sim import simulate
from sim.cli.app import app, exit_status
from sim.study import sensitivity_methods, sweep

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FLAT = SCENARIOS / "flat.yaml"
BRIEF = SCENARIOS / "white-house-2023.yaml"
FILES = {
    "summary.json",
    "stock.csv",
    "flows.csv",
    "origins.csv",
    "paths.csv",
    "outcomes.csv",
    "shipments.csv",
    "scenario.yaml",
    "manifest.json",
    "log.txt",
    "drawdown.png",
    "drawdown.svg",
}


class Said(NamedTuple):
    status: int
    out: str
    err: str


def sim(*words: object) -> Said:
    """Return the output of the command for some arguments, run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = exit_status(
            lambda: app([str(word) for word in words], prog_name="sim", standalone_mode=False)
        )
    return Said(status, out.getvalue(), err.getvalue())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def flat_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the result folder of a run of the flat scenario, made in silence."""
    folder = tmp_path_factory.mktemp("flat") / "mine"
    assert sim("run", FLAT, "--quiet", "--out", folder) == (0, "", "")
    return folder


@pytest.fixture
def mine(flat_run: Path, here: Path) -> Path:
    """Change to a folder with nothing but a copy of a run, ``mine``."""
    return Path(shutil.copytree(flat_run, here / "mine"))


def test_a_run_writes_the_folder_of_the_design_and_says_ten_lines(here: Path) -> None:
    said = sim("run", FLAT)
    assert (said.status, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[1] == lines[4] == ""
    figures = [line for line in lines if line.startswith("  ")]
    assert len(figures) <= 10
    assert lines[-1] == f"Chart: {Path('runs/flat/drawdown.png')}"
    assert {path.name for path in (here / "runs" / "flat").iterdir()} == FILES
    verdict = "\n".join(lines)
    # By hand: 2.5M / 365.25 = 6,845 a day; 4M / 60k = 67 days.
    for words in (
        "It does not add up: 60,000 shells a day are required, 6,840 come in.",
        "Required         60,000 shells a day",
        "Coming in        6,840 a day, all of it Russia",
        "Opening stock    4M shells, 67 days of supply",
        "Runs out         on 14 Nov 2023",
    ):
        assert words in verdict
    # Fired in all: 4M and 366 days of production, 6.5M of 21.96M; production's share of it is 2.505 / 6.505.
    assert "22M required, 6.51M fired, 15.5M not" in verdict
    assert "opening stock 61 %, Russia 39 %" in verdict


def test_json_is_the_summary_that_is_saved(here: Path) -> None:
    said = sim("run", FLAT, "--json", "--out", "mine", "--runs", 2, "--jobs", 1)
    assert said.status == 0
    assert said.out == (here / "mine" / "summary.json").read_text("utf-8")
    found = json.loads(said.out)
    assert found["exhausted"] == {"share": 1.0, "p05": "2023-11-14", "p50": "2023-11-14", "p95": "2023-11-14"}
    assert found["balance_error"] < 1e-12


def test_quiet_says_nothing(here: Path) -> None:
    assert sim("run", FLAT, "--quiet") == (0, "", "")


def test_a_setting_overrides_the_file_and_is_in_the_resolved_scenario(here: Path) -> None:
    said = sim("run", FLAT, "--set", "production.russia.rate=60k/day", "--json", "--out", "even")
    assert json.loads(said.out)["exhausted"]["share"] == 0
    assert "rate: 60k/day" in (here / "even" / "scenario.yaml").read_text("utf-8")
    assert sim("run", "even/scenario.yaml", "--json", "--out", "again").out == said.out


def test_where_nothing_is_required_the_verdict_names_no_share_of_it(here: Path) -> None:
    said = sim("run", FLAT, "--set", "consumption.front.rate=0/day", "--out", "none")
    assert said.status == 0
    assert said.out.splitlines()[2] == "Nothing is required of these stocks."
    assert "of the requirement" not in said.out


def test_the_same_study_gives_the_same_bytes_and_only_the_log_has_times(here: Path) -> None:
    for folder in ("one", "two"):
        assert sim("run", BRIEF, "--runs", 3, "--jobs", 1, "--quiet", "--out", folder).status == 0
    for name in FILES - {"log.txt"}:
        assert (here / "one" / name).read_bytes() == (here / "two" / name).read_bytes(), name
    everything = b"".join(path.read_bytes() for path in (here / "one").iterdir())
    assert str(here).encode() not in everything
    assert str(SCENARIOS).encode() not in everything


def test_a_second_run_replaces_the_first_and_drops_its_charts(mine: Path) -> None:
    assert (
        sim("chart", "mine", "--kind", "supply", "--size", "slide", "--format", "svg").out
        == f"{Path('mine/supply-slide.svg')}\n"
    )
    assert (mine / "supply-slide.svg").read_bytes().startswith(b"<?xml")
    sim("run", BRIEF, "--runs", 1, "--quiet", "--out", "mine")
    assert {path.name for path in mine.iterdir()} == FILES


def test_a_folder_with_other_things_in_it_is_left_alone(here: Path) -> None:
    (here / "mine").mkdir()
    (here / "mine" / "thesis.txt").write_text("years of work")
    said = sim("run", FLAT, "--out", "mine")
    assert said.status == 1
    assert "not a result folder" in said.err
    assert [path.name for path in (here / "mine").iterdir()] == ["thesis.txt"]


def test_charts_are_made_from_the_saved_tables_alone(here: Path) -> None:
    sim("run", BRIEF, "--runs", 5, "--jobs", 1, "--quiet", "--out", "mine")
    (here / "mine" / "drawdown.png").unlink()
    for kind, form in product(("drawdown", "supply"), ("png", "svg", "pdf")):
        said = sim("chart", "mine", "--kind", kind, "--format", form, "--json")
        assert json.loads(said.out) == {
            "chart": f"mine/{kind}.{form}",
            "charts": [f"mine/{kind}.{form}"],
            "data": f"mine/{kind}-data.csv",
            "text": f"mine/{kind}-alt.txt",
        }
        for name, least in ((f"{kind}.{form}", 5_000), (f"{kind}-data.csv", 500)):
            assert (here / "mine" / name).stat().st_size > least
            (here / "mine" / name).unlink()


def test_a_changed_table_is_not_drawn(mine: Path) -> None:
    with (mine / "stock.csv").open("a") as table:
        table.write("2030-01-01,reserve,shells,1,1,1,1,1,1\n")
    said = sim("chart", "mine")
    assert said.status == 1
    assert "stock.csv is not the file that was written" in said.err


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--runs", "0"], "0 runs"),
        (["--seed", "-1"], "the seed -1"),
        (["--seed", str(2**64)], f"the seed {2**64}"),
        (
            ["--engine", "simply"],
            "no engine 'simply'; allowed: auto, simpy, compiled, native, numba; did you mean 'simpy'?",
        ),
        (["--jobs", "0"], "0 jobs"),
        (["--runs", "many"], "valid integer"),
        (["--rnus", "3"], "No such option"),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_writes_nothing(
    here: Path, words: list[str], problem: str
) -> None:
    said = sim("run", FLAT, *words)
    assert said.status == 2
    assert problem in said.err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value", "near"),
    [("--kind", "drawdwn", "drawdown"), ("--size", "pge", "page"), ("--format", "pgn", "png")],
)
def test_an_unknown_chart_names_the_nearest(mine: Path, option: str, value: str, near: str) -> None:
    said = sim("chart", "mine", option, value)
    assert said.status == 2
    assert f"did you mean {near!r}?" in said.err


def test_several_runs_share_a_drawdown(here: Path) -> None:
    for name, rate in (("all", "60k/day"), ("half", "30k/day")):
        sim("run", FLAT, "--quiet", "--out", name, "--set", f"consumption.front.rate={rate}")
    said = sim("chart", "all", "half", "--format", "svg", "--json")
    assert json.loads(said.out)["charts"] == ["all/drawdown-half.svg"]
    assert (here / "all" / "drawdown-half.svg").stat().st_size > 5_000
    assert sim("verify", "all").status == 0
    refused = sim("chart", "all", "half", "--kind", "supply")
    assert refused.status == 2
    assert (
        "a supply chart is of one folder; allowed: --kind drawdown or survival, or one folder" in refused.err
    )


def test_an_option_of_another_kind_is_refused_with_those_of_this_one(mine: Path) -> None:
    said = sim("chart", "mine", "--level", "95%")
    assert said.status == 2
    assert said.err.count("\n") == 1
    assert (
        "a drawdown chart has no option --level; allowed: --from, --until, --claims, --title, --sub"
        in said.err
    )


def test_a_house_style_and_a_period_come_from_the_command_line(mine: Path) -> None:
    (mine.parent / "house.yaml").write_text('colours: {line: "#7A0019"}\n')
    options = ("--until", "end", "--title", "Mine", "--style", "house.yaml", "--format", "svg")
    assert sim("chart", "mine", *options).status == 0
    drawn = (mine / "drawdown.svg").read_text()
    assert "#7a0019" in drawn
    assert "<dc:title>Mine</dc:title>" in drawn
    (mine.parent / "house.yaml").write_text("colour: {line: red}\n")
    said = sim("chart", "mine", "--style", "house.yaml")
    assert said.status == 2
    assert said.err.startswith("house.yaml:1:1: ")
    assert "did you mean 'colours'?" in said.err


def test_what_is_no_result_is_not_drawn(here: Path) -> None:
    assert "there is no such folder" in sim("chart", "nowhere").err
    assert sim("chart", here).status == 1


def test_warnings_go_to_standard_error_and_into_the_manifest(here: Path) -> None:
    said = sim("run", BRIEF, "--runs", 1, "--set", "shipments.dprk.reserve=1k", "--json", "--out", "mine")
    assert json.loads(said.out)["runs"] == 1
    assert said.err.startswith(
        "warning: --set shipments.dprk.reserve:1:1: shipments.dprk.reserve: at the medians"
    )
    notes = json.loads((here / "mine" / "manifest.json").read_text("utf-8"))["notes"]
    assert len(notes) == 1
    near = sim("run", BRIEF, "--runs", 1, "--set", "end=2023-09-20", "--quiet", "--out", "short")
    assert f"warning: {BRIEF.name}:27:3: shipments.dprk.route: the way takes" in near.err
    assert str(BRIEF.parent) not in (here / "short" / "manifest.json").read_text("utf-8")


def test_the_default_is_one_run_where_nothing_is_uncertain_and_a_thousand_elsewhere(here: Path) -> None:
    assert json.loads(sim("run", FLAT, "--json").out)["runs"] == 1
    short = ["--set", "end=2023-09-03", "--set", "shipments=null", "--jobs", 1]
    assert json.loads(sim("run", BRIEF, "--json", *short).out)["runs"] == 1000


def test_seven_runs_without_uncertainty_are_seven_equal_rows(here: Path) -> None:
    sim("run", FLAT, "--runs", 7, "--quiet", "--out", "mine")
    table = pd.read_csv(here / "mine" / "outcomes.csv")
    assert table["run"].tolist() == list(range(7))
    assert len(table.drop(columns="run").drop_duplicates()) == 1


def test_show_gives_each_value_its_unit_source_file_and_line() -> None:
    said = sim("show", SCENARIOS / "rationed.yaml", "--json")
    rows = {row["path"]: row for row in json.loads(said.out)["values"]}
    rate = rows["production.russia.rate"]
    assert rate["written"] == "2.5M/year"
    assert rate["value"] == 2.5e6 / 365.25
    assert (rate["unit"], rate["sources"], rate["drawn"]) == ("shells/day", ["prod-2023-seed-2p5m"], False)
    line = next(
        n for n, text in enumerate(BRIEF.read_text("utf-8").splitlines(), 1) if "2.5M/year, source" in text
    )
    assert (Path(rate["file"]).name, rate["line"]) == ("white-house-2023.yaml", line)
    assert Path(rows["consumption.front.rationing.cover"]["file"]).name == "rationed.yaml"
    assert "prod-2023-seed-2p5m" in sim("show", BRIEF).out


def test_validate_says_valid_and_warns_of_two_that_are_the_same(here: Path) -> None:
    (here / "copy.yaml").write_text(FLAT.read_text("utf-8").replace("title: Flat", "title: Another name"))
    said = sim("validate", FLAT, "copy.yaml")
    assert said.status == 0
    assert f"{FLAT}: valid" in said.out
    assert "give the same result" in said.err


def test_evidence_prints_rows_with_their_links() -> None:
    said = sim("evidence", "kiviselg")
    assert "https://euromaidanpress.com/?p=234176" in said.out
    assert [row["id"] for row in json.loads(sim("evidence", "kiviselg", "--json").out)] == [
        "stock-2023-10-kiviselg-4m"
    ]
    assert sim("evidence", "zzzz").status == 1


def test_new_makes_a_start_that_runs_and_never_overwrites(here: Path) -> None:
    assert sim("new", "study").status == 0
    (here / "study" / "scenario.yaml").write_text(
        (here / "study" / "scenario.yaml").read_text("utf-8") + "\n# mine\n"
    )
    assert sim("new", "study").status == 1
    assert "# mine" in (here / "study" / "scenario.yaml").read_text("utf-8")
    assert sim("validate", "study/scenario.yaml").status == 0
    notebook = json.loads((here / "study" / "start.ipynb").read_text("utf-8"))
    code = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    os.chdir(here / "study")
    exec(compile(code.replace("runs=200", "runs=3"), "start.ipynb", "exec"), {})  # noqa: S102 - our own notebook


@pytest.mark.slow
def test_two_studies_of_one_file_name_do_not_share_a_folder(here: Path) -> None:
    few = ("--runs", 2, "--jobs", 1)
    for study in ("red", "blue"):
        sim("new", study)
        assert (
            f"Chart: {Path(f'runs/{study}/drawdown.png')}" in sim("run", f"{study}/scenario.yaml", *few).out
        )
    seeds = {study: (here / "runs" / study / "manifest.json").read_bytes() for study in ("red", "blue")}
    os.chdir(here / "blue")
    assert f"Chart: {Path('runs/blue/drawdown.png')}" in sim("run", "scenario.yaml", *few).out
    os.chdir(here)
    # The scenario that a result holds may be run again without taking the place of that result.
    again = sim("run", "runs/red/scenario.yaml", "--seed", 2, *few)
    assert f"Chart: {Path('runs/red-scenario/drawdown.png')}" in again.out
    assert seeds == {study: (here / "runs" / study / "manifest.json").read_bytes() for study in seeds}
    (here / "other.yaml").write_text("extends: red/scenario.yaml\ntitle: Other\n")
    assert str(Path("runs/compare-red-other")) in sim("compare", "red/scenario.yaml", "other.yaml", *few).out
    vary = ("sweep", "blue/scenario.yaml", "--vary", "consumption.front.rate=10k/day,20k/day")
    assert str(Path("runs/sweep-blue")) in sim(*vary, *few).out


def test_where_no_cache_can_be_written_no_library_has_a_word(here: Path) -> None:
    (here / "file").write_text("where a folder would have to be")
    nowhere = dict.fromkeys(
        ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"), here / "file" / "a"
    )
    code = "import sys; from sim.cli.app import run; run(sys.argv[1:])"
    said = subprocess.run(
        [sys.executable, "-c", code, "run", str(FLAT), "--runs", "2", "--jobs", "1", "--out", "mine"],
        env={
            **os.environ,
            "PYTHONPATH": str(SCENARIOS.parent),
            **{key: str(nowhere[key]) for key in nowhere},
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stderr == ""
    assert (here / "mine" / "drawdown.png").exists()


ONE_OF_EACH = """
schema: 1
title: One of each
start: 2024-01-01
end: 2024-01-02
thresholds: [1]
draws: one.csv
depots: {d: {stock: 10 shells}}
production: {p: {rate: 1/day, lead_time: 1 day}}
consumption: {c: {rate: 1/day, daily_variation: 10%}}
"""


@pytest.mark.parametrize(
    "words",
    [
        "show one.yaml",
        "validate one.yaml",
        "run one.yaml",
        "compare one.yaml two.yaml",
        "sweep one.yaml --vary production.p.rate=1/day",
        "breakeven one.yaml --solve production.p.rate",
        "breakeven one.yaml --solve consumption.c.rate --of below_1",
        "breakeven one.yaml --solve production.p.rate --of unmet --bounds 0/day:1/day",
        "sensitivity one.yaml --method morris --points 1",
    ],
)
def test_one_of_a_thing_is_told_in_the_singular(here: Path, words: str) -> None:
    (here / "one.csv").write_text("depots.d.stock\n1\n")
    (here / "one.yaml").write_text(ONE_OF_EACH)
    (here / "two.yaml").write_text("extends: one.yaml\nconsumption: {c: {rate: 2/day}}\n")
    verb = words.partition(" ")[0]
    few = () if verb in ("show", "validate") else ("--runs", 1, "--jobs", 1)
    said = [sim(*words.split(), *few) for _ in range(2)]
    told = "".join(each.out + each.err for each in said)
    assert re.search(r"\b1 \w", told)
    plural = r"\b1 (?:day|run|point|row|shell|container|pair|value|scenario|trajectorie)s\b|half of the runs"
    assert not re.search(plural, told), told


def test_help_and_version() -> None:
    assert "validate" in sim("--help").out
    assert sim("--version").out == "munitions-sim 0.1.0\n"
    assert sim("frobnicate").status == 2


def test_the_help_states_the_default_numbers() -> None:
    stated = {verb: " ".join(sim(verb, "--help").out.split()) for verb in ("run", "sweep", "sensitivity")}
    assert f"(default: {simulate.DEFAULT_RUNS:,}, or 1 if" in stated["run"]
    assert f"per point (default: {sweep.DEFAULT_RUNS})" in stated["sweep"]
    runs = f"{simulate.DEFAULT_RUNS:,}, or {sensitivity_methods.REPLICATIONS} per point"
    assert f"(default: {runs} of morris and sobol)" in stated["sensitivity"]
    points = f"(default: {sensitivity_methods.TRAJECTORIES}) or base points of sobol"
    assert f"{points} (default: {sensitivity_methods.SOBOL_POINTS})" in stated["sensitivity"]
