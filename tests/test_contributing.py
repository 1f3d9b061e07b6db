"""CONTRIBUTING.md and the code: worked examples apply and run, and the places named exist."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.markdown_page import MarkdownPage

ROOT = Path(__file__).parent.parent
#: Most files of code that an addition may touch.
MOST_FILES = {"outcome": 1, "counted outcome": 4, "rationing rule": 3, "distribution": 3, "chart": 2}
SCENARIO = """\
schema: 1
start: 2024-01-01
end: 2024-04-01
depots: {d: {stock: 2M}}
production: {line: {rate: {low: 5k/day, high: 15k/day}}}
consumption: {front: {rate: 40k/day}}
"""
RUN = "import sim\nscenario = sim.load('s.yaml')\n"
CHECKS = {
    "outcome": RUN
    + """
for engine in ("simpy", "compiled"):
    outcomes = sim.run(scenario, runs=5, engine=engine).outcomes
    assert outcomes["met_share"].equals(outcomes["fired"] / outcomes["required"])
    assert (outcomes["met_share"] < 1).all()
table = sim.sweep(scenario, {"consumption.front.rate": ["10k/day", "40k/day"]}, runs=5).table
assert table["met_share_p50"].iloc[0] == 1 > table["met_share_p50"].iloc[1] > 0
found = sim.compare({"a": scenario, "b": scenario.replace({"depots.d.stock": "1M"})}, runs=5).table
assert (found[found["outcome"] == "met_share"]["difference"] < 0).all()
assert "met_share" in sim.sensitivity(scenario, of="met_share", runs=200).table["outcome"].tolist()
""",
    "counted outcome": RUN
    + """
known = scenario.replace({"production.line.rate": "10k/day"})
for engine in ("simpy", "compiled"):
    outcomes = sim.run(known, runs=1, engine=engine).outcomes
    # 30k a day go from 2M: 40k until day 65, then 30k on day 66 and 10k a day.
    assert outcomes["rationed_from"].tolist() == ["2024-03-07"], outcomes
    assert outcomes["halved_from"].tolist() == ["2024-03-08"], outcomes
table = sim.sweep(known, {"production.line.rate": ["10k/day", "30k/day"]}, runs=1).table
assert table["halved_from_mean"].tolist()[0] == 67
assert table["halved_from_share"].tolist() == [1, 0]
""",
    "rationing rule": RUN
    + """
halved = {"consumption.front.rationing": {"rule": "halved", "cover": "30 days"}}
results = [sim.run(scenario.replace(halved), runs=5, engine=engine) for engine in ("simpy", "compiled")]
assert results[0].flows.equals(results[1].flows)
fired = results[0].flows.query("kind == 'fired'")["mean"]
assert fired.iloc[0] == 40_000 and (fired == 20_000).any(), fired
""",
    "distribution": RUN
    + """
drawn = scenario.replace({"production.line.rate": {"rayleigh": "10k/day"}})
results = [sim.run(drawn, runs=400, engine=engine) for engine in ("simpy", "compiled")]
assert results[0].outcomes["production.line.rate"].equals(results[1].outcomes["production.line.rate"])
# The median of a Rayleigh law is sigma times the square root of ln 4.
assert abs(results[0].outcomes["production.line.rate"].median() / 11_774 - 1) < 0.1
""",
    "chart": RUN
    + """
from sim.cli.app import run
sim.run(scenario, runs=5).save("out")
run(["chart", "out", "--kind", "closing"])
""",
}


def example(name: str) -> str:
    """Return the patch below the heading of an example."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.split(f"\n## Add a{'n' if name[0] in 'aeiou' else ''} {name}\n")[1].split("\n## ")[0]
    found = re.search(r"```diff\n(.*?)```", section, re.DOTALL)
    assert found, name
    return found.group(1)


def copied_package(folder: Path) -> Path:
    """Copy the package and a scenario to a folder; compiled modules too, which a patch of theirs outdates."""
    shutil.copytree(ROOT / "sim", folder / "sim")
    (folder / "s.yaml").write_text(SCENARIO)
    return folder


def apply(patch: str, folder: Path, *options: str) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("git applies the patches")
    subprocess.run([git, "apply", *options, "-"], input=patch, text=True, check=True, cwd=folder)


def check(name: str, folder: Path) -> None:
    """Run the check of an example on a changed package."""
    done = subprocess.run(
        [sys.executable, "-c", CHECKS[name]],
        capture_output=True,
        text=True,
        cwd=folder,
        # Plain numba takes minutes; compiled natively, a changed package costs one compilation.
        env={**os.environ, "PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(folder / "cache")},
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy with all examples, each of which applies to the tree as it is; it is compiled once."""
    folder = copied_package(tmp_path_factory.mktemp("examples"))
    patches = [example(name) for name in MOST_FILES]
    for patch in patches:
        apply(patch, folder, "--check")
    for patch in patches:
        apply(patch, folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", MOST_FILES)
def test_a_worked_example_does_what_it_says(name: str, changed: Path) -> None:
    assert 1 <= example(name).count("\n+++ ") <= MOST_FILES[name]
    check(name, changed)


@pytest.mark.campaign
@pytest.mark.parametrize("name", MOST_FILES)
def test_a_worked_example_needs_no_other(name: str, tmp_path: Path) -> None:
    folder = copied_package(tmp_path)
    apply(example(name), folder)
    check(name, folder)


def missing_places(page: Path, heading: str) -> list[str]:
    """Return the paths of a table that do not exist, and the names that the path before them lacks."""
    missing: list[str] = []
    for row in MarkdownPage(page).rows(under=heading):
        file = ROOT
        for quoted in re.findall(r"`([^`]+)`", " ".join(row.cells[1:])):
            if "/" in quoted or "." in quoted:
                file = ROOT / quoted
                missing += [] if file.is_file() else [quoted]
            elif file.is_file() and quoted not in names_in(file):
                missing.append(f"{quoted} in {file.name}")
    return missing


def names_in(file: Path) -> set[str]:
    """Return the names that a module defines, at any depth."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    named = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    assigned = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return assigned | {node.name for node in nodes if isinstance(node, named)}


@pytest.mark.parametrize(
    ("page", "heading"),
    [("CONTRIBUTING.md", "Where do I change it?"), ("docs/architecture.md", "One day")],
)
def test_the_places_to_change_exist(page: str, heading: str) -> None:
    assert MarkdownPage(ROOT / page).rows(under=heading)
    assert not missing_places(ROOT / page, heading)


def test_a_place_that_does_not_exist_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    rows = (
        "| a | `sim/units.py` `parse`, `pars` | `sim/unit.py` |\n| b | first `tools`, `sim/errors.py` | - |\n"
    )
    page.write_text(f"## Here\n\n| to change | look at | and at |\n|---|---|---|\n{rows}", "utf-8")
    assert missing_places(page, "Here") == ["pars in units.py", "sim/unit.py"]


@pytest.mark.parametrize(
    "package",
    sorted((ROOT / "sim").rglob("__init__.py")),
    ids=lambda path: path.parent.relative_to(ROOT).as_posix(),
)
def test_the_map_of_a_package_names_all_its_modules(package: Path) -> None:
    listed = re.findall(
        r"`+(\w+)(?:\.py|/)?`+", ast.get_docstring(ast.parse(package.read_text("utf-8"))) or ""
    )
    modules = {path.stem for path in package.parent.glob("*.py") if not path.stem.startswith("__")}
    packages = {path.parent.name for path in package.parent.glob("*/__init__.py")}
    assert modules | packages <= set(listed)
