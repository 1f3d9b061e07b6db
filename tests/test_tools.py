"""Developer tools: the rule of coverage, and the tests of a package."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import tests_by_line

ROOT = Path(__file__).parent.parent
#: Decorators of the compiled engine whose functions Python itself runs.
OF_PYTHON = {
    "cache",
    "cached_property",
    "classmethod",
    "contextmanager",
    "dataclass",
    "property",
    "staticmethod",
}


def decorators(path: Path) -> set[str]:
    """Return the source line of each decorator of a file, without its arguments."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    found = [each for node in nodes for each in getattr(node, "decorator_list", ())]
    return {ast.unparse(each.func if isinstance(each, ast.Call) else each) for each in found}


def listed(package: str) -> list[str]:
    command = [sys.executable, "tools/tests_of.py", package]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def test_coverage_counts_no_body_that_only_machine_code_runs() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["coverage"]["report"]
    excluded = re.compile("|".join(f"(?:{rule})" for rule in settings["exclude_also"]))
    files = sorted((ROOT / "sim" / "ensemble").rglob("*.py"))
    used = set[str]().union(*map(decorators, files)) - OF_PYTHON
    assert len(used) >= 3, "the compiled engine has kernels"
    counted = {name for name in used if not excluded.search(f"@{name}")}
    assert counted == set(), "add these to exclude_also in pyproject.toml, or to the set above"


def test_no_rule_of_coverage_is_out_of_date() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["coverage"]["report"]
    lines = [line for path in (ROOT / "sim").rglob("*.py") for line in path.read_text("utf-8").splitlines()]
    for rule in settings["exclude_also"]:
        assert any(re.search(rule, line) for line in lines), rule


def test_the_tests_of_a_package_are_those_that_use_it() -> None:
    of_units = listed("units")
    assert of_units[0] == "tests/test_units.py"
    assert "tests/test_evidence_rows.py" not in of_units
    assert "tests/test_sweep.py" in listed("study"), "it uses sim.sweep"
    assert "tests/test_simulated_claims.py" in listed("observables"), "a helper in tests/support uses it"


def test_a_mutant_meets_the_quickest_tests_and_those_of_a_file_together() -> None:
    seconds = {"a.py::slow": 9.0, "a.py::third": 3.0, "b.py::second": 2.0, "a.py::first": 1.0}
    tests = tests_by_line.TestMap(seconds, {})
    assert tests.choose(set(seconds), limit=6.0) == ["a.py::first", "a.py::third", "b.py::second"]
    assert tests.choose({"a.py::slow"}, limit=6.0) == ["a.py::slow"], "one at least"
