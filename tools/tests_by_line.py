"""Find the tests that reach each line of `sim`, and keep what was measured until the code changes.

A test file is measured alone, and again only if it, its helpers or `sim` change.
"""

from __future__ import annotations

import ast
import hashlib
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mutant_tests import NO_TESTS, TestServer, read_log

COVERAGE = """\
[run]
source_pkgs = sim
data_file = coverage.data
disable_warnings = module-not-measured, already-imported, no-data-collected
"""
SCRIPT = str(Path(__file__).resolve())
#: Seconds of processor time of a test file.
LONGEST = 300.0
Lines = dict[int, set[str]]


class TestMap(NamedTuple):
    """The tests that reach each line of a module, and how long each takes.

    Attributes
    ----------
    seconds : dict of str to float
        By node id, with coverage measured.
    reached : dict of str to dict
        Node ids of tests by line, by module.
    """

    seconds: dict[str, float]
    reached: dict[str, Lines]

    @classmethod
    def measure(cls, tests: Sequence[str], kept: Path) -> TestMap:
        """Run those test files in the current folder of which `kept` has no measurement of the same code."""
        code = digest(["sim", "tests/support", "tests/conftest.py"])
        waiting = [test for test in tests if not is_measured(kept, test, code)]
        if waiting:
            kept.mkdir(exist_ok=True)
            # A process of its own: it loads all modules once, the server of the mutants some of them.
            command = [sys.executable, SCRIPT, str(kept), code, *waiting]
            if subprocess.run(command, check=False).returncode:
                raise SystemExit("the tests were not measured")
        found = cls({}, defaultdict(lambda: defaultdict(set)))
        for test in tests:
            found.add(json.loads(kept_file(kept, test).read_bytes()))
        return found

    def add(self, measured: dict[str, Any]) -> None:
        """Add the measurement of one file."""
        self.seconds.update(measured["seconds"])
        for module, lines in measured["reached"].items():
            for line, tests in lines.items():
                self.reached[module][int(line)].update(measured["tests"][test] for test in tests)

    def reaching(self, module: str, line: int) -> tuple[set[str], str]:
        """Return the tests that reach a line, and how near they come to it.

        If none does, those that reach its function or else its module; all tests of compiled code, which
        Python does not run.
        """
        lines = self.reached.get(module, {})
        within = function_around(Path(module), line)
        if module.startswith("sim/ensemble/") and not within:
            return set(self.seconds), "package"
        around = {test for each in within for test in lines.get(each, ())}
        for found, where in (
            (lines.get(line, set()) if within else set(), "line"),
            (around, "function"),
            ({test for tests in lines.values() for test in tests}, "module"),
        ):
            known = found & self.seconds.keys()
            if known:
                return known, where
        return set(self.seconds), "package"

    def choose(self, found: set[str], limit: float) -> list[str]:
        """Return the quickest of some tests that take `limit` seconds together, those of a file together.

        A fixture of a file is made once if its tests follow each other.
        """
        chosen: dict[str, list[str]] = {}
        total = 0.0
        for test in sorted(found, key=lambda test: (self.seconds[test], test)):
            total += self.seconds[test]
            if chosen and total > limit:
                break
            chosen.setdefault(test.partition("::")[0], []).append(test)
        return [test for tests in chosen.values() for test in tests]


def digest(names: Sequence[str]) -> str:
    """Return a digest of Python files, and of those in folders, in the current folder."""
    sha256 = hashlib.sha256()
    for name in names:
        path = Path(name)
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            data = file.read_bytes()
            sha256.update(f"{file.as_posix()}\0{len(data)}\0".encode() + data)
    return sha256.hexdigest()


def kept_file(kept: Path, test: str) -> Path:
    return kept / f"{Path(test).stem}.json"


def is_measured(kept: Path, test: str, code: str) -> bool:
    path = kept_file(kept, test)
    return path.exists() and json.loads(path.read_bytes())["key"] == [code, digest([test])]


def function_around(path: Path, line: int) -> range:
    """Return the lines of the body of the innermost function around a line; empty outside of functions.

    Decorators and defaults belong to the function, although they run when the module is imported.
    """
    found = range(0)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if first <= line <= (node.end_lineno or line) and first >= found.start:
                found = range(node.body[0].lineno, (node.end_lineno or line) + 1)
    return found


def measure_file(test: str, code: str, server: TestServer) -> dict[str, Any]:
    """Run a test file on unchanged code, with coverage by test."""
    from coverage import CoverageData

    key = [code, digest([test])]
    switches = ("--cov", "--cov-config=coverage.ini", "--cov-context=test", "--cov-report=")
    status = server.status([test], {}, LONGEST, switches)
    if status == NO_TESTS:
        return {"key": key, "seconds": {}, "tests": [], "reached": {}}
    if status:
        raise SystemExit(f"the tests of {test} fail on unchanged code\n{read_log()}")
    data = CoverageData("coverage.data")
    data.read()
    tests: dict[str, int] = {}
    reached: dict[str, dict[int, list[int]]] = {}
    for name in data.measured_files():
        lines = {
            line: [tests.setdefault(each.rpartition("|")[0], len(tests)) for each in contexts if each]
            for line, contexts in data.contexts_by_lineno(name).items()
        }
        module = Path(name).relative_to(Path.cwd()).as_posix()
        reached[module] = {line: numbers for line, numbers in lines.items() if numbers}
    seconds = json.loads(Path("seconds.json").read_bytes())
    return {"key": key, "seconds": seconds, "tests": list(tests), "reached": reached}


def main() -> int:
    """Measure test files of the current folder and keep the results."""
    kept, code, *tests = sys.argv[1:]
    Path("coverage.ini").write_text(COVERAGE, "utf-8")
    server = TestServer(blocked=())
    for test in tests:
        measured = measure_file(test, code, server)
        total = sum(measured["seconds"].values())
        print(f"{test}: {len(measured['seconds'])} tests, {total:.0f} s", flush=True)
        path = kept_file(Path(kept), test)
        # Whole or not at all, also if this is interrupted.
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(measured), "utf-8")
        partial.replace(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
