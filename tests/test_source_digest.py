"""One digest of the whole source: cached machine code and points of a sweep expire with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import sim
from sim.ensemble.native.cache_dir import FOLDER, cache_dir
from sim.ensemble.native.object_cache import SUFFIX

ROOT = Path(__file__).parent.parent
#: Modules that compiled code or a figure of a sweep reaches, beside all of `sim/ensemble`.
REACHED = (
    "account.py",
    "units.py",
    "simulate/cells.py",
    "engines/compiled_engine.py",
    "scenario/laws.py",
    "scenario/distributions.py",
    "scenario/joint_samples_reader.py",
    "results/quantiles.py",
    "results/outcome_arrays.py",
    "results/binning.py",
    "results/histogram.py",
    "study/evaluation.py",
    "study/axis.py",
    "study/point_statistics.py",
    "study/bracketing.py",
    "evidence/estimates.csv",
)
#: Changes each file in turn and prints what must change with it; the unchanged package comes first.
MUTATE = """
import json, re, sys
from pathlib import Path

import sim
from sim import source_digest as source
from sim.ensemble.native.cache_dir import cache_dir
from sim.study.point_keys import PointKeys
from sim.study.point_space import make_space
from sim import simulate

home = Path(sim.__file__).parent
scenario = simulate.load("flat.yaml")
space = make_space(scenario, {"depots.reserve.stock": ["1M", "2M"]}, None, 1)

def found():
    source.source_digest.cache_clear()
    cache_dir.cache_clear()
    return [source.source_digest(), cache_dir().name, PointKeys(space, 10, 1).key(1).hex()]

print(json.dumps({"": found()}))
for path in sorted(home.rglob("*")):
    if path.suffix in (".py", ".csv"):
        before = path.read_bytes()
        text = before.decode()
        number = re.search(r"= ([0-9]+)", text)
        at = number.start(1) if number else len(text)
        changed = text[:at] + "77" + text[at:] if number else text + "ADDED = 77\\n"
        path.write_bytes(changed.encode())
        print(json.dumps({path.relative_to(home).as_posix(): found()}))
        path.write_bytes(before)
print(json.dumps({"restored": found()}))
"""
FIRE = """
import sys
import sim

for engine in ("simpy", "compiled"):
    found = sim.run(sys.argv[1], runs=2, engine=engine, jobs=1).outcomes["sustained_fire"]
    print(found.tolist())
print("numba" in sys.modules)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a copy of the package, which a test may change."""
    home = tmp_path / "copy" / "sim"
    shutil.copytree(ROOT / "sim", home)
    shutil.copy(ROOT / "scenarios" / "flat.yaml", tmp_path)
    return home


def ran(home: Path, where: Path, code: str, *words: str) -> tuple[list[str], list[str]]:
    """Return the lines of output and of errors of a program that imports the package from a place."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env={
            **os.environ,
            "PYTHONPATH": str(where),
            "XDG_CACHE_HOME": str(home / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        cwd=home,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr.splitlines()


def printed(home: Path, where: Path, code: str, *words: str) -> list[str]:
    return ran(home, where, code, *words)[0]


def test_a_change_in_any_module_changes_the_digest_the_cache_folder_and_the_keys_of_a_sweep(
    package: Path, tmp_path: Path
) -> None:
    found: dict[str, list[str]] = {}
    for line in printed(tmp_path, package.parent, MUTATE):
        found |= json.loads(line)
    usual = found.pop("")
    assert found.pop("restored") == usual
    ensemble = {path.relative_to(package).as_posix() for path in (package / "ensemble").rglob("*.py")}
    assert {*REACHED, *ensemble} <= set(found)
    same = {name for name, values in found.items() if any(map(str.__eq__, values, usual))}
    assert same == set()


@pytest.mark.slow
def test_a_constant_that_both_engines_share_is_never_stale_in_machine_code(
    package: Path, tmp_path: Path
) -> None:
    """Fires 10,000 a day while the stock lasts: the mean of the last days depends on how many they are.

    The changed package is new to the machine. Two processes compile it: neither is heard but for one line,
    each kernel is compiled once, and the next process finds them all.
    """
    scenario = tmp_path / "short.yaml"
    scenario.write_text(
        "schema: 1\nstart: 2023-01-01\nend: 2023-05-01\ndepots: {d: {stock: 1M}}\n"
        "consumption: {front: {rate: 10k/day}}\n",
        encoding="utf-8",
    )
    # The machine code of the tree, which is that of the copy too until the constant changes.
    sim.run(scenario, runs=2, engine="compiled", jobs=1)
    kept = tmp_path / "cache" / FOLDER / cache_dir().name
    shutil.copytree(cache_dir(), kept, ignore=shutil.ignore_patterns("numba"))
    # 120 days, fire on the first 100 of them: 70 of the last 90, 10 of the last 30.
    before, after = (str([10_000.0 * days / of] * 2) for days, of in ((70, 90), (10, 30)))
    assert ran(tmp_path, package.parent, FIRE, str(scenario)) == ([before, before, "False"], [])
    assert [path.name for path in kept.parent.iterdir()] == [kept.name], "the copy has compiled it again"
    account = package / "account.py"
    text = account.read_text("utf-8")
    account.write_text(text.replace("SUSTAINED_DAYS = 90", "SUSTAINED_DAYS = 30"), encoding="utf-8")
    out, errors = ran(tmp_path, package.parent, FIRE, str(scenario))
    assert out == [after, after, "True"]
    (line,) = errors
    assert line.startswith("compiling the engine for this machine, once")
    (added,) = set(kept.parent.iterdir()) - {kept}
    # Every kernel, which the self-test calls, and its result.
    assert len(list(added.glob(f"*{SUFFIX}"))) == 10
    (beside,) = (path for path in added.iterdir() if path.suffix != SUFFIX)
    assert json.loads(beside.read_text("utf-8")) == {"difference": ""}
    made = {path: path.stat().st_mtime_ns for path in added.iterdir()}
    assert ran(tmp_path, package.parent, FIRE, str(scenario)) == ([after, after, "False"], [])
    assert {path: path.stat().st_mtime_ns for path in added.iterdir()} == made


def test_a_package_in_a_zip_archive_has_the_digest_of_the_same_files_in_a_folder(
    package: Path, tmp_path: Path
) -> None:
    code = (
        "import sim\nfrom sim.source_digest import source_digest\nprint(sim.__file__)\nprint(source_digest())"
    )
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as file:
        for path in package.rglob("*"):
            file.write(path, path.relative_to(package.parent))
    unpacked = printed(tmp_path, package.parent, code)
    packed = printed(tmp_path, tmp_path / "package.zip", code)
    assert unpacked[0].startswith(str(package))
    assert "package.zip" in packed[0]
    assert packed[1] == unpacked[1]
