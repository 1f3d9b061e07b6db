"""Common mistakes, and their message: one message, with the corrected text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.cli.count_option import parse_count
from sim.errors import ScenarioError
from sim.formatting import plain_number
from tests.test_cli import FLAT, SCENARIOS
from tests.test_cli import sim as command

SCENARIO = """\
schema: 1
start: 2023-09-01
end: 2023-11-01
depots: {depot: {stock: 1M}}
production:
  line: {rate: 1k/day}
consumption:
  front: {rate: 1k/day}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(SCENARIO)
    return tmp_path


def faults_with(old: str, new: str, here: Path) -> list[str]:
    assert old in SCENARIO
    (here / "scenario.yaml").write_text(SCENARIO.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        sim.load("scenario.yaml")
    return [str(fault) for fault in caught.value.faults]


# Ranges


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3M-5M", "{low: 3M, high: 5M}"),
        ("3-5M", "{low: 3M, high: 5M}"),
        ("3M - 5M", "{low: 3M, high: 5M}"),
        ("3M – 5M", "{low: 3M, high: 5M}"),
        ("3M to 5M", "{low: 3M, high: 5M}"),
        ("3M..5M", "{low: 3M, high: 5M}"),
        ("300-500 k", "{low: 300 k, high: 500 k}"),
        ("2.5M shells-3.5M shells", "{low: 2.5M shells, high: 3.5M shells}"),
        ("20-30 days", "{low: 20 days, high: 30 days}"),
    ],
)
def test_a_range_as_text_suggests_the_map(written: str, meant: str, here: Path) -> None:
    (fault,) = faults_with("stock: 1M", f"stock: {written}", here)
    assert fault.startswith("scenario.yaml:4:25: depots.depot.stock: ")
    assert f"did you mean '{meant}'?" in fault
    (here / "scenario.yaml").write_text(SCENARIO.replace("stock: 1M", f"stock: {meant}"))
    assert sim.load("scenario.yaml").depots["depot"].stock["shells"].law


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3M/year-5M/year", "{low: 3M/year, high: 5M/year}"),
        ("3M-5M/year", "{low: 3M/year, high: 5M/year}"),
        ("3-5M/year", "{low: 3M/year, high: 5M/year}"),
        ("10k - 20k shells / day", "{low: 10k shells / day, high: 20k shells / day}"),
    ],
)
def test_a_range_of_rates_takes_the_period_from_its_end(written: str, meant: str, here: Path) -> None:
    said = command("run", "base.yaml", "--set", f"production.line.rate={written}")
    assert (said.status, said.out) == (1, "")
    assert f"did you mean '{meant}'?" in said.err


@pytest.mark.parametrize(
    "written", ["5M-3M", "3M-3M", "3M-many", "-3M-5M", "3M-5M-7M", "3M-5 days", "2023-09-01"]
)
def test_what_is_no_range_suggests_none(written: str, here: Path) -> None:
    (fault,) = faults_with("stock: 1M", f"stock: {written}", here)
    assert "{low" not in fault


# Grouped digits


@pytest.mark.parametrize(
    ("old", "new", "place", "meant"),
    [
        (
            "{rate: 1k/day}\nconsumption",
            "{rate: 10,000/day}\nconsumption",
            "6:16: production.line.rate",
            "10000/day",
        ),
        ("stock: 1M", "stock: 2,500,000", "4:25: depots.depot.stock", "2500000"),
        ("stock: 1M", "stock: {value: 1,500, note: x}", "4:33: depots.depot.stock", "1500"),
        ("stock: 1M", "stock: {choices: [10,000, 20k]}", "4:36: depots.depot.stock.choices.0", "10000"),
        ("stock: 1M", "stock: {low: 1M, high: 2,000,000}", "4:41: depots.depot.stock.high", "2000000"),
        (
            "{rate: 1k/day}\nconsumption",
            "\n    rate: 10,000/day\nconsumption",
            "7:11: production.line.rate",
            "10000/day",
        ),
    ],
)
def test_grouped_digits_are_one_error(old: str, new: str, place: str, meant: str, here: Path) -> None:
    (fault,) = faults_with(old, new, here)
    assert fault.startswith(f"scenario.yaml:{place}: ")
    assert "digits are not grouped" in fault
    assert fault.endswith(f"did you mean '{meant}'?")


def test_a_decimal_comma_is_one_error(here: Path) -> None:
    (fault,) = faults_with("stock: 1M", "stock: 2,5M", here)
    assert "'2,5M': digits are not grouped, and decimals have a point; allowed: 2.5M" in fault


@pytest.mark.parametrize(
    "stock", ["{choices: [100,200,300]}", "{choices: {1M: 1,2M: 3}}", "{low: 1,mode: 2,high: 3}"]
)
def test_short_lists_and_maps_without_spaces_stay_what_they_are(stock: str, here: Path) -> None:
    (here / "scenario.yaml").write_text(SCENARIO.replace("stock: 1M", f"stock: {stock}"))
    assert sim.load("scenario.yaml").depots["depot"].stock["shells"].law


# The command line


@pytest.mark.parametrize(
    ("text", "count"),
    [("1,000", 1000), ("1000", 1000), ("1_000", 1000), ("2k", 2000), ("1,000,000", 10**6), ("-1", -1)],
)
def test_counts_may_have_grouped_digits(text: str, count: int) -> None:
    assert parse_count(text) == count


def test_runs_with_grouped_digits_run(here: Path) -> None:
    said = command("run", "base.yaml", "--runs", "1,000", "--json", "--engine", "simpy", "--jobs", "1")
    assert json.loads(said.out)["runs"] == 1000


@pytest.mark.parametrize("text", ["many", "1,00", "1.5", "1,0000", "", ",000", "1e3", "9" * 50])
def test_a_count_that_is_none_is_one_message(text: str, here: Path) -> None:
    said = command("run", FLAT, "--runs", text)
    assert (said.status, said.out) == (2, "")
    assert "is not a valid integer, such as 1000 or 1,000" in said.err


def test_an_unknown_size_names_the_sizes_with_their_widths(here: Path) -> None:
    assert command("run", "base.yaml", "--quiet", "--out", "mine").status == 0
    said = command("chart", "mine", "--size", "large")
    assert said.err == (
        "error: there is no chart size 'large'; allowed: column (85 mm wide), page (180 mm wide), "
        "slide (254 mm wide), square (120 mm wide)\n"
    )


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        (
            "depots.depot.unserviceable=1k",
            "depots.depot",
            "depots.depot holds 2 numbers, and one number is solved for; allowed: "
            "depots.depot.stock, depots.depot.unserviceable",
        ),
        (
            "depots.depot.stock={low: 1M, high: 2M}",
            "depots.depot.stock.low",
            "there is no number 'depots.depot.stock.low' in the scenario; "
            "allowed: a path that `sim show` lists; did you mean 'depots.depot.stock'?",
        ),
    ],
)
def test_solving_for_several_numbers_names_the_paths_of_each(
    change: str, path: str, message: str, here: Path
) -> None:
    said = command("breakeven", "base.yaml", "--set", change, "--solve", path)
    assert (said.status, said.out, said.err) == (2, "", f"error: {message}\n")


@pytest.mark.parametrize("cargo", ["offered: 10k/day", "deliveries: {2023-09-10: 10k}"])
def test_cargo_without_a_way_names_the_lead_time(cargo: str, here: Path) -> None:
    key = cargo.partition(":")[0]
    (fault,) = faults_with("consumption:", f"shipments:\n  iran: {{{cargo}}}\nconsumption:", here)
    assert fault == (
        f"scenario.yaml:8:3: shipments.iran.lead_time: {key} without a route needs a lead_time; allowed: "
        "lead_time: a duration from departure to arrival, such as 20 days; or route: a list of legs"
    )


# Numbers as a person writes them


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4e6, "4,000,000"),
        (14_479_000.0, "14,479,000"),
        (1e15, "1,000,000,000,000,000"),
        (2.5e6 / 365.25, "6,845"),
        (26_137_500.25, "26,140,000"),
        (1e-5, "0.00001"),
        (0.1 + 0.2, "0.3"),
        (999_999.7, "1,000,000"),
        (-1234.5, "-1,234.5"),
        (0.0, "0"),
    ],
)
def test_a_number_has_commas_and_no_exponent(value: float, text: str) -> None:
    assert plain_number(value) == text


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.yaml")), ids=lambda file: file.stem)
def test_show_writes_every_number_without_exponent_and_with_four_figures(file: Path) -> None:
    said = command("show", file)
    values = {row["path"]: row for row in json.loads(command("show", file, "--json").out)["values"]}
    for line in said.out.splitlines():
        path, _, rest = line.partition(" ")
        if path not in values or values[path]["unit"] == "date" or ".by_date" in path:
            continue
        written = rest.strip().removeprefix(values[path]["written"]).removeprefix(" = ").split()
        number = float(written[0].partition("/")[0].replace(",", ""))
        assert "e" not in written[0].partition("/")[0]
        factor = 100 if written[1:2] == ["%"] else 1
        exact = values[path]["value"] * factor
        assert number == pytest.approx(exact, rel=5.1e-4)
        assert number == pytest.approx(exact, rel=1e-12) or number == float(f"{exact:.4g}")
