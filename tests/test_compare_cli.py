"""``sim compare`` and ``sim chart`` of a comparison, as a stranger meets them."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from sim.cli.app import app, exit_status
from sim.results.verification import find_problems

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FLAT = SCENARIOS / "flat.yaml"
BRIEF = SCENARIOS / "white-house-2023.yaml"
WITHOUT = SCENARIOS / "without-dprk.yaml"
SHORT = ("--set", "end=2024-02-01", "--jobs", 1, "--runs", 4)
FILES = {
    *("compare.csv", "summary.json", "manifest.json", "log.txt", "compare.png", "compare.svg"),
    *("scenario-1.yaml", "scenario-2.yaml"),
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


def write_scenarios(folder: Path) -> None:
    for name, change in (
        ("more", "rate: 21k/day"),
        ("even", "rate: 60k/day"),
        ("twin", "rate: 2.5M/year"),
        ("late", "rate: 2.5M/year"),
    ):
        text = f"extends: flat.yaml\ntitle: Flat, {name}\nproduction: {{russia: {{{change}}}}}\n"
        (folder / f"{name}.yaml").write_text(text + ("end: 2024-10-01\n" if name == "late" else ""))
    (folder / "flat.yaml").write_text(FLAT.read_text("utf-8"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a folder with the flat scenario and four variants of it."""
    monkeypatch.chdir(tmp_path)
    write_scenarios(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the result folder of a comparison that was made in silence."""
    folder = tmp_path_factory.mktemp("written")
    write_scenarios(folder)
    words = (folder / "flat.yaml", folder / "more.yaml")
    assert sim("compare", *words, "--quiet", "--out", folder / "mine") == (0, "", "")
    return folder / "mine"


@pytest.fixture
def mine(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a folder with nothing but a copy of a comparison, ``mine``."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(written, tmp_path / "mine"))


def test_a_comparison_writes_its_folder_and_says_what_follows(here: Path) -> None:
    said = sim("compare", "flat.yaml", "more.yaml")
    assert (said.status, said.err) == (0, "")
    folder = here / "runs" / "compare-flat-more"
    assert {path.name for path in folder.iterdir()} == FILES
    assert find_problems(folder) == ()
    lines = said.out.splitlines()
    assert lines[0] == "Compared with Flat: 1 Sep 2023 to 1 Sep 2024, 1 run of each, seed 1"
    headline = "Flat, more: the stock lasts 27 days longer and 5.2M more shells are fired"
    assert lines[1] == f"{headline}."
    assert lines[2] == "Flat, more"
    findings = json.loads((folder / "summary.json").read_text("utf-8"))["findings"]
    assert [found["kind"] for found in findings[:2]] == ["comparison_headline", "comparison"]
    assert findings[0]["sentence"] == headline
    assert findings[0]["values"]["difference"] == 27.0
    # By hand: 4M - 39,000 (d + 1) is first below 60,000 on day 101; with 53,155 a day on day 74.
    assert lines[3] == "  The stock runs out       27 days later"
    # 366 x (21,000 - 6,844.6) = 5.18M.
    assert lines[5] == "  Fired in all             5.2M more shells"
    assert lines[6] == "  Required but not fired   5.2M fewer shells"
    # In the end fire equals production: 21,000 against 6,844.6 a day.
    assert lines[7] == "  Fired, last 90 days      14,200 more shells a day"
    assert lines[-1] == f"Chart: {Path('runs/compare-flat-more/compare.png')}"


def test_a_date_that_one_scenario_never_reaches_is_given_as_shares_of_runs(here: Path) -> None:
    """Flat runs out on day 74 in every run, even never: a mean of days until the end is no figure."""
    said = sim("compare", "flat.yaml", "even.yaml", "--runs", 3)
    assert "  The stock runs out       in no run, instead of every run" in said.out
    turned = sim("compare", "even.yaml", "flat.yaml", "--runs", 3)
    assert "  The stock runs out       in every run, instead of none" in turned.out
    alone = sim("compare", "flat.yaml", "even.yaml")
    assert "Flat, even: the stock does not run out before 1 September 2024; " in alone.out
    assert not any("days longer" in each or "days less" in each for each in (said.out, turned.out, alone.out))


def test_json_is_the_summary_that_is_saved(here: Path) -> None:
    said = sim("compare", "flat.yaml", "more.yaml", "even.yaml", "--json", "--out", "mine", "--seed", 7)
    assert said.status == 0
    assert said.out == (here / "mine" / "summary.json").read_text("utf-8")
    found = json.loads(said.out)
    assert (found["title"], found["runs"], found["seed"]) == (
        "Flat, more; Flat, even, compared with Flat",
        1,
        7,
    )
    assert list(found["scenarios"]) == ["flat", "more", "even"]
    assert found["scenarios"]["more"]["title"] == "Flat, more"
    assert found["differences"]["more"]["exhausted"]["difference"] == 27.0
    table = pd.read_csv(here / "mine" / "compare.csv")
    assert list(table.columns) == ["scenario", "outcome", "difference", "low", "high", "pairs", "censored"]
    for row in table.itertuples():
        told = found["differences"][row.scenario][row.outcome]
        assert [told[name] for name in table.columns[2:]] == list(row)[3:]
    assert len(table) == sum(map(len, found["differences"].values()))


def test_without_north_korea_in_days_and_in_shells(here: Path) -> None:
    said = sim("compare", BRIEF, WITHOUT, *SHORT, "--out", "mine")
    assert said.status == 0
    found = json.loads((here / "mine" / "summary.json").read_text("utf-8"))["differences"]["without-dprk"]
    assert found["exhausted"]["high"] < 0
    # Nothing lands without it, and the other inflow is the same.
    assert found["landed"]["high"] < 0
    assert found["produced"]["difference"] == 0
    lines = said.out.splitlines()
    assert lines[1].endswith("in brackets its 90 % interval")
    assert lines[2].startswith("Without North Korea the stock lasts ")
    assert lines[3] == "Without North Korea"
    assert lines[4].startswith("  The stock runs out ")
    assert " days sooner (" in lines[4]
    assert " fewer shells (" in lines[6]


def test_a_setting_goes_into_every_scenario(here: Path) -> None:
    said = sim("compare", "flat.yaml", "more.yaml", "--set", "depots.reserve.stock=8M", "--json")
    found = json.loads(said.out)["differences"]["more"]["exhausted"]["difference"]
    # (8M - 60,000) / 39,000 = 203.6 and / 53,155.4 = 149.4.
    assert found == 203 - 149


def test_the_same_comparison_gives_the_same_bytes_and_only_the_log_has_times(here: Path) -> None:
    for folder in ("one", "two"):
        words = (BRIEF, WITHOUT, "--set", "end=2023-12-01", "--runs", 3, "--jobs", 1)
        assert sim("compare", *words, "--quiet", "--out", folder).status == 0
    for name in FILES - {"log.txt"}:
        assert (here / "one" / name).read_bytes() == (here / "two" / name).read_bytes(), name
    everything = b"".join(path.read_bytes() for path in (here / "one").iterdir())
    assert str(here).encode() not in everything
    assert str(SCENARIOS).encode() not in everything


def test_two_that_give_the_same_result_are_warned_of(here: Path) -> None:
    said = sim("compare", "flat.yaml", "more.yaml", "twin.yaml", "--out", "mine")
    assert said.status == 0
    warning = "flat and twin give the same result in every run"
    assert said.err.startswith(f"warning: {warning}")
    assert said.err.count("\n") == 1
    (note,) = json.loads((here / "mine" / "manifest.json").read_text("utf-8"))["notes"]
    assert note.startswith(warning)
    assert "  The stock runs out       no difference" in said.out


@pytest.mark.parametrize(
    ("words", "status", "problem"),
    [
        (["flat.yaml"], 2, "1 scenario is nothing to compare; allowed: 2 or more"),
        (["flat.yaml", "./flat.yaml"], 2, "flat.yaml is given twice"),
        (["flat.yaml", "more.yaml", "--runs", "0"], 2, "0 runs"),
        (["flat.yaml", "more.yaml", "--seed", "-1"], 2, "the seed -1"),
        (["flat.yaml", "more.yaml", "--jobs", "0"], 2, "0 jobs"),
        (["flat.yaml", "more.yaml", "--rnus", "3"], 2, "No such option"),
        (["flat.yaml", "late.yaml"], 1, "end: 'late' has 2024-10-01, but 'flat' has 2024-09-01"),
        (["flat.yaml", "more.yaml", "--set", "production.china.rate=1/day"], 1, "production.china"),
    ],
)
def test_what_cannot_be_compared_writes_nothing(
    here: Path, words: list[str], status: int, problem: str
) -> None:
    before = set(here.iterdir())
    said = sim("compare", *words)
    assert (said.status, said.out) == (status, "")
    assert problem in said.err
    assert "Traceback" not in said.err
    assert set(here.iterdir()) == before


def test_where_the_other_calendar_was_written_is_named(here: Path) -> None:
    assert "late.yaml:4:" in sim("compare", "flat.yaml", "late.yaml").err


def test_faults_of_all_files_are_told_at_once(here: Path) -> None:
    Path("bad.yaml").write_text("extends: flat.yaml\nproduction: {russia: {rate: 3M}}\n")
    Path("worse.yaml").write_text("extends: flat.yaml\nconsumtion: {}\n")
    said = sim("compare", "flat.yaml", "bad.yaml", "worse.yaml")
    assert said.status == 1
    assert "bad.yaml:2:" in said.err
    assert "worse.yaml:2:" in said.err


def test_a_folder_with_other_things_in_it_is_left_alone_before_anything_runs(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.cli.compare_command.compare", lambda *_, **__: pytest.fail("it ran"))
    (here / "mine").mkdir()
    (here / "mine" / "thesis.txt").write_text("years of work")
    said = sim("compare", "flat.yaml", "more.yaml", "--out", "mine")
    assert said.status == 1
    assert "not a result folder" in said.err
    assert [path.name for path in (here / "mine").iterdir()] == ["thesis.txt"]


def test_files_of_one_name_keep_their_folders_in_the_table(here: Path) -> None:
    for folder in ("one", "two"):
        (here / folder).mkdir()
        (here / folder / "flat.yaml").write_text(
            f"extends: ../{'more' if folder == 'two' else 'flat'}.yaml\n"
        )
    assert sim("compare", "one/flat.yaml", "two/flat.yaml", "--quiet", "--out", "mine").status == 0
    assert set(pd.read_csv(here / "mine" / "compare.csv")["scenario"]) == {"two/flat.yaml"}


@pytest.mark.parametrize(("size", "form"), [("page", "pdf"), ("slide", "svg"), ("square", "png")])
def test_charts_are_made_from_the_saved_folder_alone(mine: Path, size: str, form: str) -> None:
    for drawing in ("compare.png", "compare.svg"):
        (mine / drawing).unlink()
    said = sim("chart", "mine", "--kind", "compare", "--size", size, "--format", form, "--json")
    name = f"compare.{form}" if size == "page" else f"compare-{size}.{form}"
    assert json.loads(said.out)["charts"] == [f"mine/{name}"]
    assert (mine / name).stat().st_size > 5_000


def test_a_folder_is_drawn_as_what_it_is(mine: Path) -> None:
    before = (mine / "compare.png").read_bytes()
    assert sim("chart", "mine").out == f"{Path('mine/compare.png')}\n"
    assert (mine / "compare.png").read_bytes() == before
    sim("run", FLAT, "--quiet", "--out", "single")
    assert sim("chart", "single").out == f"{Path('single/drawdown.png')}\n"
    wrong = sim("chart", "mine", "--kind", "supply")
    assert (wrong.status, wrong.out) == (2, "")
    assert "a comparison has no supply chart: that is made from one result; allowed: compare" in wrong.err
    wrong = sim("chart", "single", "--kind", "compare")
    assert wrong.status == 2
    assert "is made from a comparison" in wrong.err
    assert "did you mean 'compare'?" in sim("chart", "mine", "--kind", "compair").err


def test_a_changed_comparison_is_not_drawn(mine: Path) -> None:
    with (mine / "compare.csv").open("a") as table:
        table.write("more,lost,1.0,1.0,1.0,1,0\n")
    said = sim("chart", "mine")
    assert said.status == 1
    assert "compare.csv is not the file that was written" in said.err
