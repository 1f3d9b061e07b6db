"""Mutation score of one package: change one operator at a time and run the tests that import the package.

    python tools/mutate.py units
    python tools/mutate.py study --sample 40 --seed 1

Works on a copy of the tree. Needs the `mutation` extra (cosmic-ray makes the mutants).
"""

from __future__ import annotations

import argparse
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
from tests_of import modules_of, tests_of

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
    parser.add_argument("room", help="a package or module of sim: study, units, scenario/laws, ...")
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
