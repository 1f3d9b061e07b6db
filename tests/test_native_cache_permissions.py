"""The cache of compiled code is private to its owner, and never loaded if others can write to it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sim.ensemble.native import cache_dir as where
from sim.ensemble.native.object_cache import Code, ObjectCache

ROOT = Path(__file__).parent.parent
TINY = """
import sys
import numpy as np
from sim.ensemble.native.kernels import kernel

@kernel
def half(x, into):
    into[0] = x / 2.0

made = np.zeros(1)
half(8.0, made)
print(made[0], int("numba" in sys.modules))
"""
pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="owners and modes are those of POSIX")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def printed(cache: Path, before: str = "", **more: str) -> tuple[str, str]:
    source = cache.parent / "tiny.py"
    source.write_text(before + TINY, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    done = subprocess.run(
        [sys.executable, str(source)],
        env={**kept, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT), **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache that a first process has filled."""
    cache = tmp_path_factory.mktemp("first") / "cache"
    assert printed(cache)[0] == "4.0 1"
    return cache


@pytest.fixture
def compiled(first: Path, cache: Path) -> Path:
    """Return a copy of it, with the same modes."""
    return shutil.copytree(first, cache)


def folders(cache: Path) -> list[Path]:
    (digest,) = (cache / "munitions-sim").iterdir()
    return [cache / "munitions-sim", digest]


def test_the_folder_is_private_whatever_the_umask(cache: Path) -> None:
    everybody = "import os\nos.umask(0)\n"
    assert printed(cache, everybody)[0] == "4.0 1"
    assert [stat.S_IMODE(path.stat().st_mode) for path in folders(cache)] == [0o700] * 2
    assert printed(cache, everybody) == ("4.0 0", "")


@pytest.mark.parametrize(("place", "mode"), [(0, 0o770), (1, 0o707)])
def test_code_where_others_can_write_is_not_loaded(compiled: Path, place: int, mode: int) -> None:
    folder = folders(compiled)[place]
    folder.chmod(mode)
    before = sorted(path.name for path in folders(compiled)[1].iterdir())
    out, err = printed(compiled)
    assert out == "4.0 1"
    assert err.count("\n") == 1
    assert "compiled anew each time" in err
    assert err.endswith("can be written by other users\n")
    assert sorted(path.name for path in folders(compiled)[1].iterdir()) == before
    folder.chmod(0o755)  # others may read: it was created so before
    assert printed(compiled) == ("4.0 0", "")


@pytest.mark.parametrize("mode", [0o666, 0o620])
def test_a_file_that_others_can_write_is_compiled_again(compiled: Path, mode: int) -> None:
    (code,) = folders(compiled)[1].glob("*.code")
    # Others can enter the folders and write the file.
    for path in folders(compiled):
        path.chmod(0o755)
    code.chmod(mode)
    assert printed(compiled)[0] == "4.0 1"
    assert stat.S_IMODE(code.stat().st_mode) == 0o600
    assert printed(compiled) == ("4.0 0", "")


def test_a_file_of_another_user_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, code = tmp_path / "munitions-sim" / "0123456789abcdef", Code("symbol", True, b"code")
    objects = ObjectCache(folder, lambda error: pytest.fail(str(error)))
    objects.save("key", code)
    assert objects.load("key") == code
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    assert objects.load("key") is None


def test_code_that_belongs_to_another_user_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "munitions-sim" / "0123456789abcdef"
    where.create(folder)
    assert where.distrust(folder) == ""
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    assert where.distrust(folder) == "belongs to another user"


def test_a_link_counts_as_what_it_points_to(tmp_path: Path) -> None:
    real, folder = tmp_path / "real", tmp_path / "munitions-sim" / "0123456789abcdef"
    real.mkdir(mode=0o700)
    (tmp_path / "munitions-sim").symlink_to(real)
    where.create(folder)
    assert where.distrust(folder) == ""
    real.chmod(0o777)
    assert where.distrust(folder) == "can be written by other users"
    real.chmod(0o700)
    folder.rmdir()
    folder.write_text("a file", encoding="utf-8")
    assert where.distrust(folder) == "is not a folder"


def test_a_folder_that_is_not_there_is_nothing_to_distrust(tmp_path: Path) -> None:
    assert where.distrust(tmp_path / "none" / "0123456789abcdef") == ""


def test_a_numba_that_was_not_tested_compiles_the_same_kernel_and_keeps_it_apart(cache: Path) -> None:
    """The process believes in a numba of another year; the settings of numba for others stay as they are."""
    newer = """
from importlib import metadata
known = metadata.version
metadata.version = lambda name: "0.99.0" if name == "numba" else known(name)
"""
    out, err = printed(cache, newer)
    assert out == "4.0 1"
    assert err == "compiling the engine with plain numba, once; this takes about two minutes\n"
    kept = [path for path in cache.rglob("*") if path.is_file()]
    assert {path.suffix for path in kept} == {".nbi", ".nbc"}
    assert {path.parents[1].name for path in kept} == {"numba"}
    assert printed(cache, newer) == ("4.0 1", "")
    folder = kept[0].parents[1]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    # Numba itself loads any file there.
    folder.chmod(0o755)
    out, err = printed(cache, newer)
    assert (out, err.count("\n")) == ("4.0 1", 1)
    assert err.endswith("is open to other users\n")
