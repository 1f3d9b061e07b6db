"""The wheel is complete and works anywhere, and a user's own ``sim.py`` breaks nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.small_sweep import SCENARIO

ROOT = Path(__file__).parent.parent
PAGE = tuple(f"sim/reporting/page/report.{ending}" for ending in ("html.jinja", "css", "js"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True, env=environment, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds nothing but the unpacked wheel."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def command(
    words: list[str], folder: Path, installed: Path, *, before: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command as its script does, from `folder`; `before` goes first on the path."""
    first = [str(before)] if before else []
    path = os.pathsep.join([*first, str(installed)])
    code = "import sys; sys.path.pop(0); from munitions_sim_entry import main; main()"
    # Without site customisation the editable checkout would still be found: keep it from the path.
    strip = f"import sys; sys.path = [p for p in sys.path if p != {str(ROOT)!r}]; "
    return subprocess.run(
        [sys.executable, "-c", strip + code, *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )


@pytest.mark.slow
def test_the_wheel_works_from_an_empty_directory(installed: Path, tmp_path: Path) -> None:
    made = command(["new", "study"], tmp_path, installed)
    assert made.returncode == 0, made.stderr
    done = command(["run", "study/scenario.yaml", "--runs", "2", "--jobs", "1"], tmp_path, installed)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "runs" / "study" / "drawdown.png").stat().st_size > 10_000
    found = command(["evidence", "tikhoretsk"], tmp_path, installed)
    assert "log-tikhoretsk-50-cars" in found.stdout
    where = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(installed)!r}); import sim; print(sim.__file__)",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert where.stdout.startswith(str(installed))


def test_the_wheel_holds_the_package_and_its_data_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    assert {name.split("/")[0] for name in names} == {"sim", "munitions_sim_entry.py"}
    for data in ("sim/py.typed", "sim/evidence/estimates.csv", "sim/cli/template/scenario.yaml", *PAGE):
        assert data in names


def test_a_sim_py_in_the_working_directory_changes_nothing(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "sim.py").write_text("raise SystemExit('the wrong sim')")
    done = command(["--version"], tmp_path, installed)
    assert (done.returncode, done.stdout) == (0, "munitions-sim 0.1.0\n"), done.stderr


@pytest.mark.slow
def test_workers_find_the_package_beside_a_sim_py(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "sim.py").write_text("raise SystemExit('the wrong sim')")
    (tmp_path / "s.yaml").write_text(json.dumps(SCENARIO), "utf-8")
    done = command(["run", "s.yaml", "--runs", "4", "--jobs", "2"], tmp_path, installed)
    assert done.returncode == 0, done.stderr


def test_a_sim_py_that_does_stand_in_the_way_is_named(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "sim.py").write_text("")
    done = command(["--version"], tmp_path, installed, before=tmp_path)
    assert done.returncode == 1
    assert f"Python finds {tmp_path / 'sim.py'} under the name 'sim'" in done.stderr
    assert "Traceback" not in done.stderr


def test_tested_versions_are_pinned_for_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert "//" not in text.partition("\n")[2], "a constraints file names no host"
    pinned = {line.partition("==")[0].lower() for line in text.splitlines() if "==" in line}
    assert {name.partition(">=")[0].lower() for name in wanted} <= pinned
