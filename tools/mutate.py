"""Mutation score of one package: change one operator or constant at a time and run the tests that reach it.

    python tools/mutate.py units
    python tools/mutate.py study --sample 40 --seed 1
    python tools/mutate.py study --at axis.py:120 bracketing.py:96

Works on a copy of the tree. Needs the `mutation` extra (cosmic-ray makes the mutants). The folder
`.mutation` keeps which tests reach which lines, for all packages, until the code changes.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

import cosmic_ray.plugins
from cosmic_ray.commands import init
from cosmic_ray.mutating import use_mutation
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec
from mutant_tests import TestServer, module_name
from tests_by_line import TestMap
from tests_of import modules_of, tests_of

ROOT = Path(__file__).parent.parent
#: Parts of the tree that the tests of a mutant need.
COPIED = (
    *("sim", "tests", "scenarios", "benchmarks", "notebooks", "docs", "tools"),
    *(
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "pyproject.toml",
        "constraints.txt",
        "Makefile",
        "LICENSE",
    ),
)
#: Modules that are compiled into machine code: a mutant of them needs a compilation of its own.
COMPILED = (
    *("sim/ensemble/", "sim/account.py", "sim/units.py"),
    *("sim/scenario/laws.py", "sim/scenario/rationing_rules.py"),
)
#: Folder of measurements: the tests that reach each line.
KEPT = ROOT / ".mutation"
#: Seconds of processor time to compile the engine.
COMPILATION = 60.0
#: Tests of the machine, the caches and the source digest: slow, and without a check of computed values.
LEFT_OUT = (
    *("engine_paths", "environments", "examples", "interruption", "native_cache", "notebooks"),
    *("source_digest", "contributing", "sweep_stopped", "doctor", "stress", "pages", "import_rules"),
)
#: Mutants that no test can kill: `|` is part of annotations, which Python does not evaluate here.
UNTESTABLE = "core/ReplaceBinaryOperator_BitOr_"
#: In the copy the digest of the source names the mutant, so that other mutants share one compilation.
DIGEST = """

def source_digest() -> str:
    return os.environ["MUTANT"]


source_digest.cache_clear = lambda: None
"""


def is_compiled(path: str) -> bool:
    return path.startswith(COMPILED)


class Mutant(NamedTuple):
    """One change of one place."""

    path: str
    line: int
    column: int
    spec: MutationSpec

    @property
    def is_compiled(self) -> bool:
        """Whether the change is part of the machine code."""
        return is_compiled(self.path)


def copy_tree(target: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "_build"))
        else:
            shutil.copy(source, target / name)
    with (target / "sim" / "source_digest.py").open("a", encoding="utf-8") as file:
        file.write(DIGEST)
    # Checked by content: two changes of a file within a second are never confused.
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "sim"]
    subprocess.run(command, check=True)


def all_mutants(modules: Sequence[str]) -> Iterator[Mutant]:
    """Yield the mutants of modules that a test could notice."""
    texts = {module: Path(module).read_text("utf-8").splitlines() for module in modules}
    with use_db(":memory:", WorkDB.Mode.create) as database:
        init([Path(module) for module in modules], database, {})
        for item in database.work_items:
            spec = item.mutations[0]
            path, (line, column) = spec.module_path.as_posix(), spec.start_pos
            is_tested = not spec.operator_name.startswith(UNTESTABLE)
            if is_tested and "TYPE_CHECKING" not in texts[path][line - 1]:
                yield Mutant(path, line, column, spec)


def choose(mutants: Sequence[Mutant], sample: int, seed: int) -> list[Mutant]:
    """Return a random sample of places with one mutant each.

    A product has eleven mutants and a default one; a sample of mutants would hold little but arithmetic.
    """
    places = defaultdict(list)
    for mutant in mutants:
        places[mutant.path, mutant.line, mutant.column].append(mutant)
    source = random.Random(seed)
    chosen = source.sample(sorted(places), min(sample, len(places)))
    return [
        source.choice(sorted(places[place], key=lambda each: (each.spec.operator_name, each.spec.occurrence)))
        for place in sorted(chosen)
    ]


def survives(mutant: Mutant, number: int, found: TestMap, seconds: float, server: TestServer) -> bool:
    """Run the tests on a mutant and return whether all pass; print it if they do."""
    reaching, where = found.reaching(mutant.path, mutant.line)
    tests = found.choose(reaching, seconds)
    needed = sum(found.seconds[test] for test in tests) + (COMPILATION if mutant.is_compiled else 0.0)
    operator = cosmic_ray.plugins.get_operator(mutant.spec.operator_name)(**mutant.spec.operator_args)
    environment = {
        "MUTANT": f"mutant-{number}" if mutant.is_compiled else "unchanged",
        "XDG_CACHE_HOME": str(Path("mutant-cache" if mutant.is_compiled else "cache").resolve()),
    }
    with use_mutation(Path(mutant.path), operator, mutant.spec.occurrence) as (before, after):
        passed = not tests or server.passes(tests, environment, needed)
    if passed:
        place = f"{mutant.path}:{mutant.line} in {mutant.spec.definition_name}"
        print(f"\nsurvived: {place}, {len(tests)} of {len(reaching)} tests that reach its {where}")
        pairs = zip(before.splitlines(), after.splitlines(), strict=False)
        changed = next(((old, new) for old, new in pairs if old != new), ("", ""))
        print(f"-{changed[0]}\n+{changed[1]}", flush=True)
    return passed


def is_at(mutant: Mutant, places: Sequence[str]) -> bool:
    return any(f"/{mutant.path}:{mutant.line}".endswith(f"/{place}") for place in places)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "rooms", nargs="+", help="packages or modules of sim: study, units, scenario/laws, ..."
    )
    parser.add_argument("--sample", type=int, default=40, help="number of mutants (40)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample (1)")
    parser.add_argument(
        "--seconds", type=float, default=20, help="time of the tests of a mutant, quick ones first (20)"
    )
    parser.add_argument("--at", nargs="+", help="of the sample, only the mutants at these places: FILE:LINE")
    parser.add_argument("--skip", nargs="+", default=[], help="patterns of modules to leave out")
    parser.add_argument("--tests", nargs="+", help="test files; by default those that use the package")
    return parser.parse_args()


def main() -> int:
    """Make the mutants of a package, run its tests on a sample of them, and report the survivors."""
    given = arguments()
    modules = sorted({module for room in given.rooms for module in modules_of(room)})
    modules = [module for module in modules if not any(Path(module).match(pattern) for pattern in given.skip)]
    tests = given.tests or list(dict.fromkeys(test for room in given.rooms for test in tests_of(room)))
    tests = [test for test in tests if given.tests or not any(name in test for name in LEFT_OUT)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as name, chdir(name):
        folder = Path(name)
        os.environ |= {"PYTHONPATH": name, "MUTANT": "unchanged", "XDG_CACHE_HOME": str(folder / "cache")}
        copy_tree(folder)
        mutants = list(all_mutants(modules))
        chosen = choose(mutants, given.sample, given.seed)
        if given.at:
            chosen = [mutant for mutant in chosen if is_at(mutant, given.at)]
        print(f"{len(modules)} files, {len(mutants)} mutants, {len(chosen)} of them run", flush=True)
        found = TestMap.measure(tests, KEPT)
        print(
            f"{len(found.seconds)} tests in {len(tests)} files, {sum(found.seconds.values()):.0f} s",
            flush=True,
        )
        # Compiled code holds parts of other modules.
        server = TestServer(["sim"] if any(map(is_compiled, modules)) else [*map(module_name, modules)])
        survivors = 0
        for number, mutant in enumerate(chosen):
            survivors += survives(mutant, number, found, given.seconds, server)
        killed = len(chosen) - survivors
        print(f"\n{killed} of {len(chosen)} mutants killed, {killed / max(1, len(chosen)):.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
