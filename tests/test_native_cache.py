"""Machine code on disk: kept for the user alone, whole or compiled again, and never in anybody's way."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.ensemble.native import cache_dir as where
from sim.ensemble.native.object_cache import SUFFIX, Code, ObjectCache

ROOT = Path(__file__).parent.parent
COMPILING, ANEW = "compiling the engine for this machine, once", "the engine is compiled anew each time"
#: Fake of the engine that compiles in a second: prints its result, and whether it ran without numba.
TINY = """
import sys
import numpy as np
from sim.ensemble.native.kernels import device_function, kernel

@device_function
def half(x):
    return x / {by}

@kernel
def quarter(x, into):
    into[0] = half(half(x))

if __name__ == "__main__":
    made = np.zeros(1)
    quarter(8.0, made)
    print(made[0], int("numba" not in sys.modules))
"""


class First(NamedTuple):
    """A first run of the fake engine: its files, its output, and what is new in the package."""

    source: Path
    cache: Path
    out: str
    err: str
    beside: set[Path]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "package" / "tiny.py"
    path.parent.mkdir()
    path.write_text(TINY.format(by="2.0"), encoding="utf-8")
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> First:
    """Run the fake engine for the first time in a new cache."""
    folder = tmp_path_factory.mktemp("first")
    source, cache = folder / "package" / "tiny.py", folder / "cache"
    source.parent.mkdir()
    source.write_text(TINY.format(by="2.0"), encoding="utf-8")
    before = set(files(ROOT / "sim"))
    out, err = carry_out(source, cache)
    return First(source, cache, out, err, set(files(ROOT / "sim")) - before)


@pytest.fixture
def compiled(first: First, cache: Path) -> Path:
    """Return a cache of this test's own with the code of the fake engine, whatever its folder."""
    return shutil.copytree(first.cache, cache)


def start(source: Path, cache: Path, *before: str) -> subprocess.Popen[str]:
    code = "\n".join([*before, "import runpy, sys", "runpy.run_path(sys.argv[1], run_name='__main__')"])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    return subprocess.Popen(
        [sys.executable, "-c", code, str(source)],
        env={**kept, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.strip(), err


def carry_out(source: Path, cache: Path, *before: str) -> tuple[str, str]:
    return ended(start(source, cache, *before))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_first_process_says_once_that_it_compiles_and_the_next_finds_the_code(first: First) -> None:
    assert first.out == "2.0 0"
    assert first.err.count("\n") == 1
    assert first.err.startswith(COMPILING)
    assert carry_out(first.source, first.cache) == ("2.0 1", "")


def test_code_lies_in_the_users_folder_and_nothing_beside_the_source(first: First) -> None:
    assert files(first.source.parent) == [first.source]
    assert not [path for path in first.beside if path.suffix in (SUFFIX, ".nbi", ".nbc")]
    kept = files(first.cache)
    assert {path.suffix for path in kept} == {SUFFIX}
    assert {path.parent.parent for path in kept} == {first.cache / "munitions-sim"}


def test_where_the_folder_cannot_be_made_it_says_so_once_and_works(source: Path, cache: Path) -> None:
    cache.write_text("a file where the folder should be", encoding="utf-8")
    out, err = carry_out(source, cache)
    assert out == "2.0 0"
    assert err.count("\n") == 1
    assert err.startswith(ANEW)
    assert str(cache) in err
    # So the next process finds what this one found.
    assert cache.read_text("utf-8") == "a file where the folder should be"


def test_where_the_disk_is_full_it_says_so_once_and_works(source: Path, cache: Path) -> None:
    full = """
from pathlib import Path
def replace(self, target):
    raise OSError(28, "No space left on device")
Path.replace = replace"""
    out, err = carry_out(source, cache, full)
    assert out == "2.0 0"
    assert [line.split(":")[0] for line in err.splitlines()] == [
        COMPILING.removesuffix(", once") + ", once; this takes about 15 seconds",
        "the engine is compiled anew next time",
    ]
    assert err.endswith("No space left on device\n")
    assert files(cache) == []


def test_processes_that_compile_at_once_into_one_folder_all_end_well(source: Path, cache: Path) -> None:
    together = [start(source, cache) for _ in range(4)]
    assert {ended(process)[0] for process in together} <= {"2.0 0", "2.0 1"}
    assert {path.suffix for path in files(cache)} == {SUFFIX}
    assert carry_out(source, cache) == ("2.0 1", "")


@pytest.mark.parametrize(
    "hurt", [lambda data: data[: len(data) // 2], lambda _: b"", lambda data: data[:-9] + b"\0" * 9]
)
def test_a_torn_file_is_a_missing_one(tmp_path: Path, hurt: Callable[[bytes], bytes]) -> None:
    folder, code = tmp_path / "munitions-sim" / "0123456789abcdef", Code("symbol", True, b"code" * 99)
    kept = ObjectCache(folder, lambda error: pytest.fail(str(error)))
    kept.save("key", code)
    (path,) = files(folder)
    whole = path.read_bytes()
    path.write_bytes(hurt(whole))
    assert kept.load("key") is None
    kept.save("key", code)
    assert path.read_bytes() == whole
    assert kept.load("key") == code


def test_a_torn_file_is_compiled_again(source: Path, compiled: Path) -> None:
    (path,) = files(compiled)
    path.write_bytes(path.read_bytes()[:-9] + b"\0" * 9)
    out, err = carry_out(source, compiled)
    assert out == "2.0 0"
    assert err.startswith(COMPILING)
    assert files(compiled) == [path]
    assert carry_out(source, compiled) == ("2.0 1", "")


def test_a_changed_source_or_another_numba_never_meets_stale_code(source: Path, compiled: Path) -> None:
    source.write_text(TINY.format(by="4.0"), encoding="utf-8")
    assert carry_out(source, compiled)[0] == "0.5 0"
    newer = """
from importlib import metadata
known = metadata.version
metadata.version = lambda name: "0.67.0" if name == "numba" else known(name)"""
    assert carry_out(source, compiled, newer)[0] == "0.5 0"
    assert len({path.parent for path in files(compiled)}) == 2


@pytest.mark.parametrize("package", ["numba", "llvmlite"])
def test_the_folder_depends_on_versions(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where.cache_dir.cache_clear()
    usual = where.cache_dir()
    where.cache_dir.cache_clear()
    monkeypatch.setattr(
        where, "package_version", lambda name: "99.0" if name == package else metadata.version(name)
    )
    other = where.cache_dir()
    where.cache_dir.cache_clear()
    assert other.parent == usual.parent
    assert other != usual


def test_functions_of_the_user_keep_their_own_cache(source: Path, cache: Path) -> None:
    source.write_text(
        TINY.format(by="2.0")
        + """
    import numba

    @numba.njit(cache=True)
    def own(x):
        return x + 1.0

    assert own(1.0) == 2.0
    assert not numba.config.CACHE_DIR
""",
        encoding="utf-8",
    )
    carry_out(source, cache)
    assert [path.suffix for path in files(cache)] == [SUFFIX]
    assert [path.suffix for path in files(source.parent / "__pycache__")] == [".nbc", ".nbi"]


def test_keys_with_one_name_are_told_apart(tmp_path: Path) -> None:
    class Crowded(ObjectCache):
        def _path(self, _key: str) -> Path:
            return tmp_path / "one name"

    kept, code = Crowded(tmp_path, lambda error: pytest.fail(str(error))), Code("symbol", True, b"\n\0code\n")
    kept.save("one key", code)
    assert kept.load("one key") == code
    assert kept.load("another key") is None


def test_folders_of_other_versions_are_bounded(tmp_path: Path) -> None:
    now = time.time()
    folders = [tmp_path / hashlib.sha256(bytes([n])).hexdigest()[:16] for n in range(14)]
    for days, folder in enumerate(folders):
        folder.mkdir()
        (folder / "old.code").write_bytes(b"code")
        os.utime(folder, (now - 86_400 * 10 * days,) * 2)
    (tmp_path / "notes").mkdir()
    used = folders[12]  # of this version, however old
    where.evict_stale(used)
    # The newest seven within sixty days: those of 0, 10, ... 50 days, and that of 60 which is just too old.
    assert sorted(tmp_path.iterdir()) == sorted([*folders[:6], used, tmp_path / "notes"])
    for folder in (tmp_path / hashlib.sha256(bytes([n])).hexdigest()[:16] for n in range(20, 30)):
        folder.mkdir()
    where.evict_stale(used)
    assert len(list(tmp_path.iterdir())) == where.MOST_FOLDERS + 1  # and the notes


def test_who_has_no_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    for cached in (where.cache_dir, where.problem):
        cached.cache_clear()
    assert not where.is_usable()
    for cached in (where.cache_dir, where.problem):
        cached.cache_clear()


def test_where_the_process_that_compiles_ahead_fails_this_one_compiles(source: Path, cache: Path) -> None:
    failing = """
import subprocess
import sys
from sim.ensemble.native import warm_up
failed = subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"])
warm_up.ACCOUNT, warm_up.process = "__main__.quarter", lambda: failed"""
    assert carry_out(source, cache, failing)[0] == "2.0 0"
    assert carry_out(source, cache, failing) == ("2.0 1", "")


def test_a_run_that_finds_its_machine_code_loads_no_numba() -> None:
    code = (
        "import sys, sim\n"
        "run = lambda: sim.run('scenarios/white-house-2023.yaml', runs=2, engine='compiled', jobs=1).stock\n"
        "run()\nprint('numba' in sys.modules)"
    )
    for _ in range(2):  # the first makes sure that it is there
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
        )
    assert done.stdout == "False\n"
