"""Points of a sweep by design, and study files that describe them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.cli.app import app, exit_status
from sim.errors import InputError

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FLAT = SCENARIOS / "flat.yaml"
RATE, MADE = "consumption.front.rate", "production.russia.rate"


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = exit_status(lambda: app([str(word) for word in words], standalone_mode=False))
    told = capsys.readouterr()
    return status, told.out, told.err


def test_a_grid_is_even_and_has_both_ends() -> None:
    found = sim.sweep(FLAT, {RATE: sim.Grid("20k/day", "80k/day", 13)}, runs=1).table[RATE]
    assert found.tolist() == [20e3 + 5e3 * step for step in range(13)]


def test_counts_and_dates_make_grids_too() -> None:
    ends = sim.sweep(FLAT, {"end": sim.Grid("2024-01-01", "2024-01-31", 3)}, runs=1).table
    assert ends["end"].tolist() == ["2024-01-01", "2024-01-16", "2024-01-31"]
    # From 1 September 2023: 122 days, and the fire of 60,000 a day while the stock of 4M lasts.
    assert ends["required_p50"].tolist() == [60e3 * days for days in (122, 137, 152)]


@pytest.mark.parametrize("kind", ["lhs", "sobol", "halton"])
def test_a_design_fills_its_ranges_evenly_and_its_seed_decides_it(kind: str) -> None:
    design = sim.Design(kind, 32, {RATE: ("20k/day", "84k/day"), MADE: (0.0, 6400.0)})
    found = sim.sweep(FLAT, runs=1, design=design, seed=3).table
    again = sim.sweep(FLAT, runs=1, design=design, seed=3).table
    other = sim.sweep(FLAT, runs=1, design=design, seed=4).table
    assert found.equals(again)
    assert not found[RATE].equals(other[RATE])
    for path, low, width in ((RATE, 20e3, 64e3), (MADE, 0.0, 6400.0)):
        part = (found[path].to_numpy() - low) / width
        assert ((part >= 0) & (part < 1)).all()
        # Latin hypercubes and Sobol points have one in each of 32 strips; Halton's come near it.
        strips = len(set((part * 32).astype(int).tolist()))
        assert strips == 32 if kind != "halton" else strips >= 20


def test_a_sobol_design_has_a_power_of_two() -> None:
    with pytest.raises(
        InputError, match="100 points of a Sobol design; allowed: a power of 2; did you mean '128'"
    ):
        sim.sweep(FLAT, design=sim.Design("sobol", 100, {RATE: (1e4, 2e4)}))


def test_an_array_has_the_values_as_coordinates() -> None:
    found = sim.sweep(FLAT, {RATE: ["40k/day", "60k/day"], MADE: [0.0, 5e3, 1e4]}, runs=2)
    data = found.to_xarray()
    assert data["fired_p50"].dims == (RATE, MADE)
    assert data[MADE].to_numpy().tolist() == [0.0, 5e3, 1e4]
    row = found.table[(found.table[RATE] == 60e3) & (found.table[MADE] == 5e3)].iloc[0]
    assert float(data["fired_p50"].sel({RATE: 60e3, MADE: 5e3})) == row["fired_p50"]
    design = sim.sweep(FLAT, runs=1, design=sim.Design("lhs", 4, {RATE: (1e4, 2e4)})).to_xarray()
    assert design["fired_p50"].dims == ("point",)
    assert design[RATE].dims == ("point",)


def test_whole_files_are_an_axis() -> None:
    files = [SCENARIOS / "white-house-2023.yaml", SCENARIOS / "without-dprk.yaml"]
    table = sim.sweep(files[0], {"scenario": files, RATE: ["20k/day", "60k/day"]}, runs=4).table
    assert table["scenario"].tolist() == [file.stem for file in files for _ in range(2)]
    for file in files:
        alone = sim.sweep(file, {RATE: ["20k/day", "60k/day"]}, runs=4).table
        rows = table[table["scenario"] == file.stem].reset_index(drop=True)
        assert rows.drop(columns=["scenario", "point"]).equals(alone.drop(columns=["point"]))


def test_a_study_file_is_the_command_that_it_stands_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "flat.yaml").write_text(FLAT.read_text("utf-8"))
    (tmp_path / "mine.yaml").write_text(
        "# kept and shared\nstudy: sweep\nscenario: flat.yaml\n"
        "set: {end: 2024-03-01}\nruns: 3\nseed: 7\n"
        f"vary:\n  {RATE}: 20k/day:80k/day:4\n  {MADE}: [2M/year, 3M/year]\n"
    )
    one = said(capsys, "sweep", tmp_path / "mine.yaml", "--out", tmp_path / "one", "--json")
    assert one[0] == 0, one[2]
    assert json.loads(one[1])["points"] == 8
    vary = ("--vary", f"{RATE}=20k/day:80k/day:4", "--vary", f"{MADE}=2M/year,3M/year")
    more = (*vary, "--runs", 3, "--seed", 7, "--set", "end=2024-03-01", "--out", tmp_path / "two")
    two = said(capsys, "sweep", tmp_path / "flat.yaml", *more)
    assert two[0] == 0, two[2]
    tables = [(tmp_path / name / "sweep.parquet").read_bytes() for name in ("one", "two")]
    assert tables[0] == tables[1]
    # The study in the folder's manifest is valid, with the same table.
    again = said(capsys, "sweep", tmp_path / "one" / "study.yaml", "--out", tmp_path / "three", "--quiet")
    assert again == (0, "", "")
    assert (tmp_path / "three" / "sweep.parquet").read_bytes() == tables[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("study: sweeep\nscenario: flat.yaml\nvary: {a: 1}\n", ":1:8: study: 'sweeep' is not known here"),
        ("study: sweep\nscenari: flat.yaml\nvary: {a: 1}\n", ":2:1: scenari: unknown key 'scenari'"),
        ("study: sweep\nscenario: flat.yaml\n", "a grid needs the key 'vary'"),
        (
            f"study: sweep\nscenario: flat.yaml\nvary:\n  {RATE}: [10k]\n",
            f":4:27: {RATE}: '10k' is not a rate: it has no period",
        ),
        (
            f"study: sweep\nscenario: flat.yaml\nvary:\n  {RATE}: 1/day:2/day\n",
            f":4:27: {RATE}: '1/day:2/day' is not a grid",
        ),
        (
            "study: sweep\nscenario: flat.yaml\nvary: {a: 1}\nruns: many\n",
            ":4:7: runs: 'many' is not a whole number",
        ),
        (
            "study: sweep\nscenario: flat.yaml\ndesign: lhs\nvary: {a: 1}\n",
            ":4:1: vary: a design has no 'vary'",
        ),
    ],
)
def test_what_is_wrong_with_a_study_is_told_with_its_place(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "flat.yaml").write_text(FLAT.read_text("utf-8"))
    (tmp_path / "mine.yaml").write_text(text)
    status, out, told = said(capsys, "sweep", tmp_path / "mine.yaml", "--out", tmp_path / "s")
    assert says in told
    assert (out, "Traceback" in told) == ("", False)
    # The file is wrong, and not the command line.
    assert status == 1
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("words", "says", "expected"),
    [
        (("--vary", f"{RATE}=1:2:3:4"), "is not a grid", 2),
        (("--vary", RATE), "is not PATH=VALUES", 2),
        (("--vary", "consumption.frond.rate=20k/day"), "did you mean 'consumption.front.rate'?", 1),
        (("--design", "lsh", "--points", 4, "--range", f"{RATE}=1/day:2/day"), "did you mean 'lhs'?", 2),
        (("--vary", f"{RATE}=20k/day", "--backend", "ray"), "there is no backend 'ray'", 2),
        (("--vary", f"{RATE}=20k/day", "--block", 0), "a block of 0 points", 2),
        (("--vary", f"scenario={FLAT},none.yaml"), "cannot read 'none.yaml'", 1),
        ((), "nothing is varied", 2),
    ],
)
def test_a_wrong_command_is_told_and_writes_nothing(
    words: tuple[object, ...], says: str, expected: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, told = said(capsys, "sweep", FLAT, *words, "--out", tmp_path / "s")
    assert says in told
    assert (status, out) == (expected, "")
    assert not (tmp_path / "s").exists()


def test_failed_points_are_written_and_the_status_is_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--set", "depots.reserve={stock: 4M, capacity: 5M}", "--vary", "depots.reserve.stock=1M,6M")
    status, out, told = said(capsys, "sweep", FLAT, *words, "--runs", 2, "--out", tmp_path / "s")
    assert status == 3
    assert "Failed: 1 point" in out
    assert "exceeds its capacity" in told
    assert np.isnan(sim.read_sweep(tmp_path / "s").table["fired_p50"][1])
