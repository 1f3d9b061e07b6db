"""``sim doctor``: the facts for a bug report, no personal data, and an exit status for scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.app import app, exit_status
from sim.engines import selection as engines
from sim.engines import self_test
from sim.ensemble.native.paths import EnginePath
from sim.source_digest import source_digest

ROOT = Path(__file__).parent.parent


def doctor(*words: str) -> int:
    return exit_status(lambda: app(["doctor", *words], prog_name="sim", standalone_mode=False))


def test_the_report_says_what_runs_and_where_it_is_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "elsewhere"))
    assert doctor("--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["engine_path"] == "native"
    assert found["unavailable"] == {}
    assert found["self_test"] == {"differs": False, "result": "the native path equals the simpy model"}
    assert found["source"] == source_digest()
    assert found["versions"]["munitions-sim"] == "0.1.0"
    assert set(found["versions"]) >= {"python", "numpy", "numba", "llvmlite", "matplotlib"}
    assert found["environment"]["NUMBA_CACHE_DIR"] == "~/elsewhere"
    assert set(found["optional"]) == {"distributed", "ipykernel", "nicegui"}
    assert doctor() == 0
    text = capsys.readouterr().out
    assert text.startswith("engine path: native\nself-test: the native path equals the simpy model\ncache: ")
    assert str(tmp_path) not in text


def test_a_self_test_that_differs_is_said_and_ends_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "recorded", lambda path: "level by up to 3" if path == "native" else "")
    assert doctor() == 1
    differs = "the self-test of the native path differs from the simpy model: level by up to 3"
    out = capsys.readouterr().out
    assert out.startswith(f"engine path: numba\n  native does not run: {differs}\nself-test: {differs}\n")


def test_the_result_of_a_self_test_is_kept_beside_the_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(engines, "cache_dir", lambda: tmp_path / "own" / "digest")
    (tmp_path / "own" / "digest").mkdir(parents=True, mode=0o700)
    for cached in (engines.recorded, engines._tested_once):
        monkeypatch.setattr(engines, cached.__name__, cached.__wrapped__)
    ran: list[int] = []

    def differing(_path: object) -> str:
        ran.append(1)
        return "fire by 2"

    monkeypatch.setattr(self_test, "difference", differing)
    for _ in range(2):
        assert engines.tested(EnginePath.NATIVE).endswith("differs from the simpy model: fire by 2")
    assert len(ran) == 1
    (kept,) = (tmp_path / "own" / "digest").iterdir()
    assert json.loads(kept.read_text("utf-8")) == {"difference": "fire by 2"}


def test_without_numba_the_report_is_whole_and_names_the_reason() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from sim.cli.app import run; run(['doctor'])"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:4] == [
        "engine path: python",
        "  native does not run: NUMBA_DISABLE_JIT is set",
        "  numba does not run: NUMBA_DISABLE_JIT is set",
        "self-test: not needed: the simpy model runs",
    ]
    assert "  NUMBA_DISABLE_JIT=1" in lines
