"""Mutation score of one package: change one operator at a time and run the tests that import the package.

    python tools/mutate.py units
    python tools/mutate.py study --sample 40 --seed 1

Works on a copy of the tree. Needs the `mutation` extra (cosmic-ray makes the mutants).
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkItem, WorkResult

ROOT = Path(__file__).parent.parent
#: What a mutant's tests need of the tree.
COPIED = ("sim", "tests", "scenarios", "benchmarks", "notebooks", "docs", "tools", "pyproject.toml")
#: Mutants that no test can kill: `|` stands in annotations, which Python does not evaluate here.
UNTESTABLE = "core/ReplaceBinaryOperator_BitOr_"
CONFIG = """\
[cosmic-ray]
module-path = {modules}
timeout = {timeout}
excluded-modules = []
test-command = {command!r}
[cosmic-ray.distributor]
name = "local"
"""


def modules_of(room: str) -> list[str]:
    """Return the files of a package or module of `sim`, relative to the root."""
    folder = ROOT / "sim" / room
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    if not all(file.exists() for file in files) or not files:
        raise SystemExit(f"sim has no package or module {room!r}")
    return [file.relative_to(ROOT).as_posix() for file in files]


def public_homes() -> dict[str, str]:
    """Return the package of `sim` that each public name comes from, by the type checker's imports."""
    homes = {}
    for node in ast.walk(ast.parse((ROOT / "sim" / "__init__.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sim"):
            for alias in node.names:
                homes[alias.name] = (node.module + f".{alias.name}").split(".")[1]
    return homes


def rooms_used(test: Path, homes: dict[str, str]) -> set[str]:
    """Return the packages of `sim` that a test file or the helpers that it imports use."""
    seen, waiting, rooms = set[Path](), [test], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.exists():
            continue
        seen.add(path)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                rooms |= of_import(node, homes)
                name = node.module.removeprefix("support.").replace(".", "/")
                waiting += [path.parent / f"{name}.py", test.parent / f"{name}.py"]
            elif isinstance(node, ast.Import):
                rooms |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("sim.")}
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                rooms |= {homes[node.attr]} if node.value.id == "sim" and node.attr in homes else set()
    return rooms


def of_import(node: ast.ImportFrom, homes: dict[str, str]) -> set[str]:
    top, _, rest = (node.module or "").partition(".")
    if top != "sim":
        return set()
    if rest:
        return {rest.split(".")[0]}
    return {homes.get(alias.name, alias.name) for alias in node.names}


def tests_of(room: str) -> list[str]:
    """Return the test files that use a package, those first that are most likely to find a fault."""
    homes = public_homes()
    files = sorted((ROOT / "tests").glob("test_*.py"))
    found = [file for file in files if room in rooms_used(file, homes)]
    if not found:
        raise SystemExit(f"no test imports sim.{room}")
    found.sort(key=lambda file: (room not in file.stem, f"sim.{room}" not in file.read_text("utf-8")))
    return [file.relative_to(ROOT).as_posix() for file in found]


def copy_tree(target: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "_build"))
        else:
            shutil.copy(source, target / name)


def choose(database: WorkDB, sample: int, seed: int) -> int:
    """Mark all mutants but a random sample as skipped; return the number that could be tested."""
    items = sorted(database.work_items, key=lambda item: (place_of(item), item.mutations[0].operator_name))
    testable = [item for item in items if not item.mutations[0].operator_name.startswith(UNTESTABLE)]
    chosen = random.Random(seed).sample(testable, min(sample, len(testable)))
    kept = {item.job_id for item in chosen}
    skipped = WorkResult(WorkerOutcome.SKIPPED, "not in the sample")
    database.set_multiple_results([item.job_id for item in items if item.job_id not in kept], skipped)
    return len(testable)


def place_of(item: WorkItem) -> tuple[str, tuple[int, int], int]:
    mutation = item.mutations[0]
    return mutation.module_path.as_posix(), mutation.start_pos, mutation.occurrence


def report(database: WorkDB) -> bool:
    """Print the mutants that survived and the score; return whether any mutant ran."""
    results = {job: found for job, found in database.results if found.test_outcome is not None}
    items = {item.job_id: item for item in database.work_items}
    survivors = [job for job, found in results.items() if found.test_outcome == TestOutcome.SURVIVED]
    for job in sorted(survivors, key=lambda job: place_of(items[job])):
        path, (line, _), _ = place_of(items[job])
        print(f"\nsurvived: {path}:{line} in {items[job].mutations[0].definition_name}")
        changed = (results[job].diff or "").splitlines()
        print("\n".join(text for text in changed if text[:1] in "+-" and text[:3] not in {"+++", "---"}))
    killed = len(results) - len(survivors)
    if results:
        print(f"\n{killed} of {len(results)} mutants killed, {killed / len(results):.0%}")
    return bool(results)


def main() -> int:
    """Make the mutants of a package, run its tests on a sample of them, and report the survivors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("room", help="a package or module of sim: study, units, ...")
    parser.add_argument("--sample", type=int, default=40, help="number of mutants (40)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample (1)")
    parser.add_argument("--tests", nargs="*", help="test files; by default those that import the package")
    given = parser.parse_args()
    modules, tests = modules_of(given.room), given.tests or tests_of(given.room)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not slow", "-p", "no:cacheprovider", *tests]
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        copy_tree(folder)
        environment = {
            **os.environ,
            "PYTHONPATH": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        print(f"{len(modules)} files, tested by {len(tests)}: {' '.join(tests)}", flush=True)
        subprocess.run(command, cwd=folder, env=environment, check=True)  # compiles, and fills the cache
        began = time.monotonic()
        subprocess.run(command, cwd=folder, env=environment, check=True)
        timeout = 30 + 5 * (time.monotonic() - began)
        config = CONFIG.format(modules=modules, timeout=timeout, command=shlex.join(command))
        (folder / "mutants.toml").write_text(config, "utf-8")
        ray = [sys.executable, "-m", "cosmic_ray.cli"]
        session = folder / "mutants.sqlite"
        subprocess.run([*ray, "init", "mutants.toml", str(session)], cwd=folder, env=environment, check=True)
        with use_db(session, WorkDB.Mode.open) as database:
            testable = choose(database, given.sample, given.seed)
        print(f"{testable} mutants, {min(given.sample, testable)} of them run", flush=True)
        subprocess.run([*ray, "exec", "mutants.toml", str(session)], cwd=folder, env=environment, check=True)
        with use_db(session, WorkDB.Mode.open) as database:
            return 0 if report(database) else 1


if __name__ == "__main__":
    sys.exit(main())
