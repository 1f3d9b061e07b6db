"""Developer tools: the rule of coverage, and the tests of a package."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import tests_by_line
import tests_of

from tests.support.file_order import costly_files_first

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
    command = [sys.executable, "tools/tests_of.py", "units"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    of_units = done.stdout.split()
    assert of_units == tests_of.tests_of("units")
    assert of_units[0] == "tests/test_units.py"
    assert "tests/test_evidence_rows.py" not in of_units
    assert "tests/test_sweep.py" in tests_of.tests_of("study"), "it uses sim.sweep"
    by_helper = tests_of.tests_of("observables")
    assert "tests/test_simulated_claims.py" in by_helper, "a helper in tests/support uses it"


def test_files_with_slow_tests_go_to_parallel_workers_first_and_stay_together() -> None:
    def item(name: str, *marks: str) -> Any:
        file, _, test = name.partition("::")
        return SimpleNamespace(path=Path(file), name=test, get_closest_marker=set(marks).__contains__)

    quick = [item("a.py::1"), item("b.py::1"), item("b.py::2"), item("b.py::3")]
    items = [*quick, item("c.py::1"), item("c.py::2"), item("d.py::1"), item("d.py::2", "slow")]
    costly_files_first(items)
    # Of the quick files that with most tests first; within a file, and between equals, in the usual order.
    found = [f"{each.path}::{each.name}" for each in items]
    assert found == [f"{file}.py::{test}" for file, test in zip("ddbbbcca", "12123121", strict=True)]


def test_a_mutant_meets_the_quickest_tests_and_those_of_a_file_together() -> None:
    seconds = {"a.py::slow": 9.0, "a.py::third": 3.0, "b.py::second": 2.0, "a.py::first": 1.0}
    tests = tests_by_line.TestMap(seconds, {})
    assert tests.choose(set(seconds), limit=6.0) == ["a.py::first", "a.py::third", "b.py::second"]
    assert tests.choose({"a.py::slow"}, limit=6.0) == ["a.py::slow"], "one at least"
