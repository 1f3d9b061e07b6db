"""Paths of the engine: native code, plain numba, the simpy model; all give the same figures."""

from __future__ import annotations

import importlib
import json
import logging
import math
import pkgutil
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
import sim.ensemble
from sim import simulate
from sim.engines import selection as engines
from sim.engines import self_test
from sim.engines.compiled_engine import CompiledEngine
from sim.ensemble.block_account import run_account
from sim.ensemble.native import paths, versions
from sim.ensemble.native.kernels import Kernel
from sim.ensemble.native.paths import EnginePath
from sim.errors import ArgumentError, EngineError
from sim.results.binning import NUMPY_BINNING
from sim.source_digest import package_version

ROOT = Path(__file__).parent.parent
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
#: Keys of summary and manifest about the path of the engine.
SAYS = {"engine", "engine_path"}
SAME = dict.fromkeys(SAYS)
DRAWN: dict[str, Any] = {
    "schema": 1,
    "start": "2023-01-01",
    "end": "2023-04-01",
    "depots": {"d": {"stock": {"low": "400k", "high": "900k"}, "capacity": "1M"}},
    "production": {"line": {"rate": {"low": "1k/day", "high": "3k/day"}}},
    "consumption": {"front": {"rate": "9k/day", "daily_variation": "30%"}},
}


@pytest.fixture
def no_failures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Reset failed paths and the log afterwards."""
    monkeypatch.setattr(paths, "_failures", {})
    for cached in (paths.warn_once, paths.untested):
        cached.cache_clear()
    yield
    for cached in (paths.warn_once, paths.untested):
        cached.cache_clear()


def contents(result: sim.Result) -> dict[str, Any]:
    """Return the files of a result without the keys about the path of the engine."""
    files: dict[str, Any] = dict(result.files())
    for name in ("summary.json", "manifest.json"):
        plain = json.loads(files[name])
        files[name] = {key: value for key, value in plain.items() if key not in SAYS}
    files["manifest.json"]["files"].pop("summary.json")
    files["manifest.json"].pop("sha256", None)
    return files


@pytest.mark.slow
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_native_code_and_plain_numba_write_the_same_bytes(path: Path) -> None:
    native, numba = (sim.run(path, runs=4, engine=engine, jobs=1) for engine in ("native", "numba"))
    assert (native.engine, native.engine_path) == ("compiled", "native")
    assert (numba.engine, numba.engine_path) == ("compiled", "numba")
    assert numba.summary()["engine_path"] == "numba"
    assert json.loads(numba.files()["manifest.json"])["engine_path"] == "numba"
    assert contents(native) == contents(numba)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_simpy_model_gives_the_outcomes_of_compiled_cells(path: Path) -> None:
    scenario = sim.load(path)
    plan = simulate.lower_scenario(scenario)
    cells = simulate.Cells(scenario, plan, (), np.zeros((1, 0)))
    (python, why), (native, _) = (
        simulate.cell_outcomes(cells, 1, 2, 1, engine) for engine in ("simpy", "native")
    )
    assert why == {}
    for name, one, other in zip(simulate.outcome_names(plan), python, native, strict=True):
        if name.startswith(("exhausted", "rationed_from", "below_")):
            assert one.tolist() == other.tolist(), name
        else:  # cells follow no origins, so that their sums run in another order (rule 8)
            assert one == pytest.approx(other, rel=1e-9), name


def test_a_sweep_has_the_same_table_on_every_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    vary = {"consumption.front.rate": ["5k/day", "20k/day"], "depots.d.capacity": ["950k", "1M"]}
    found = {}
    for engine, path in (("native", "native"), ("numba", "numba"), ("simpy", "python")):
        monkeypatch.setenv(engines.VARIABLE, engine)
        sim.sweep(DRAWN, vary, runs=5, out=tmp_path / engine, jobs=1)
        for name in ("summary.json", "manifest.json"):
            plain = json.loads((tmp_path / engine / name).read_text("utf-8"))
            assert plain["engine_path"] == path
            assert plain["engine"] == ("simpy" if path == "python" else "compiled")
        found[engine] = sim.read_sweep(tmp_path / engine).table
    assert found["native"].equals(found["numba"])
    exact = [name for name in found["native"] if not str(name).startswith(("produced", "landed", "lost"))]
    assert found["native"][exact].equals(found["simpy"][exact])
    rest = found["native"].drop(columns=exact).to_numpy()
    assert np.allclose(rest, found["simpy"].drop(columns=exact).to_numpy(), rtol=1e-12)


def test_break_even_and_sensitivity_run_on_the_simpy_model_too(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[tuple[Any, Any]] = []
    for engine in ("native", "simpy"):
        monkeypatch.setenv(engines.VARIABLE, engine)
        even = sim.breakeven(DRAWN, "consumption.front.rate", runs=6, jobs=1)
        swing = sim.sensitivity(DRAWN, method="tornado", of="exhausted", runs=3, jobs=1)
        assert even.summary()["engine_path"] == swing.summary()["engine_path"] != "numba"
        found.append((even.table, swing.summary()))
    (even, swing), (other_even, other_swing) = found
    assert even.equals(other_even)
    assert {**swing, **SAME} == {**other_swing, **SAME}


def test_a_run_that_cannot_be_is_a_failed_cell_with_its_reason_on_the_simpy_model() -> None:
    full = {**DRAWN, "depots": {"d": {"stock": {"low": "400k", "high": "900k"}, "capacity": "1M"}}}
    scenario = simulate.as_scenario(full)
    plan = simulate.lower_scenario(scenario)
    cells = simulate.Cells(scenario, plan, ("depots.d.capacity",), np.array([[650e3], [1e6]]))
    (python, why), (native, compiled_why) = (
        simulate.cell_outcomes(cells, 1, 12, 1, engine) for engine in ("simpy", "native")
    )
    failed = np.isnan(native[0])
    assert 0 < failed[0].sum() < 12
    assert failed[1].sum() == 0
    assert (np.isnan(python[0]) == failed).all()
    assert why == compiled_why


def test_a_cell_that_is_no_scenario_has_no_outcome_in_any_run_on_the_simpy_model() -> None:
    leg = {"capacity": "20k shells", "travel": "2 days", "vehicles": 2}
    strike = {"stops": "shipments.ally", "from": "2023-01-05", "until": "2023-01-09", "share": "100%"}
    ally = {"offered": "10k/day", "route": [leg]}
    scenario = simulate.as_scenario({**DRAWN, "shipments": {"ally": ally}, "events": {"strike": strike}})
    plan = simulate.lower_scenario(scenario)
    # An event stops a whole fleet, never a share of it.
    cells = simulate.Cells(scenario, plan, ("events.strike.share",), np.array([[1.0], [0.5]]))
    # Nine runs are three blocks of three.
    values, why = simulate.cell_outcomes(cells, 1, 9, 1, "simpy")
    assert values.shape == (len(simulate.outcome_names(plan)), 2, 9)
    assert not np.isnan(values[0, 0]).any()
    assert np.isnan(values[:, 1]).all()
    assert list(why) == [1]
    assert why[1].startswith("run 0: events.strike: ")


def test_the_self_test_calls_every_kernel_and_finds_nothing() -> None:
    assert self_test.difference(EnginePath.NATIVE) == ""
    found: dict[str, Kernel] = {}
    for module in pkgutil.iter_modules(sim.ensemble.__path__):
        members = vars(importlib.import_module(f"sim.ensemble.{module.name}"))
        found |= {each.name: each for each in members.values() if isinstance(each, Kernel)}
    assert len(found) >= 10
    assert {name for name, each in found.items() if each._loaded is None} == set()


def test_a_self_test_that_differs_falls_back_with_one_line(
    no_failures: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engines, "recorded", lambda path: "level by up to 3" if path == "native" else "")
    for _ in range(2):
        assert engines.run_on_path("auto", lambda path: path) == "numba"
    assert caplog.messages == [
        "the engine runs through plain numba: "
        "the self-test of the native path differs from the simpy model: level by up to 3"
    ]
    with pytest.raises(EngineError, match=r"'native' cannot run here: the self-test .* differs"):
        engines.run_on_path("native", lambda path: path)


@pytest.mark.parametrize(
    ("one", "other", "gap"),
    [
        ([1.0, math.nan, math.inf], [1.0, math.nan, math.inf], ""),
        ([1e6, 1.0], [1e6 + 1e-9, 1.0], ""),
        ([1.0, 3.0], [1.0, 1.0], "up to 2"),
        ([math.nan, 1.0], [2.0, 1.0], "up to 0"),
        ([2.0, 1.0], [math.nan, 1.0], "up to 0"),
        ([math.inf, 1.0], [2.0, 1.0], "up to inf"),
        ([1.0], [1.0, 1.0], "its shape"),
        (None, [1.0], "its shape"),
        ([1.0], None, "its shape"),
    ],
)
def test_the_self_test_sees_each_kind_of_difference(
    one: list[float] | None, other: list[float] | None, gap: str
) -> None:
    with np.errstate(invalid="ignore"):
        arrays = (None if values is None else np.array(values) for values in (one, other))
        assert self_test._gap(*arrays) == gap


def test_the_self_test_sees_a_wrong_bin() -> None:
    def more(bins: Any, runs: int, counts: Any) -> None:
        NUMPY_BINNING.count_bins(bins, runs, counts)
        counts[-1, -1] += 1

    assert self_test._binning_difference(NUMPY_BINNING, NUMPY_BINNING) == ""
    wrong = NUMPY_BINNING._replace(count_bins=more)
    assert self_test._binning_difference(NUMPY_BINNING, wrong) == "counts in bins"


def test_the_self_test_sees_a_wrong_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    right = CompiledEngine.run

    def wrong(*words: Any) -> Any:
        block = right(*words)
        block.level[-1, 0, -1] += 0.01
        return block

    monkeypatch.setattr(CompiledEngine, "run", wrong)
    assert self_test.difference(EnginePath.NATIVE).startswith("level by up to 0.01")


@pytest.mark.parametrize(
    ("engine", "failing", "ran"),
    [
        ("auto", [], "native"),
        ("auto", ["native"], "numba"),
        ("auto", ["native", "numba"], "python"),
        ("compiled", ["native"], "numba"),
        ("compiled", ["native", "numba"], None),
        ("native", ["native"], None),
        ("numba", ["numba"], None),
        ("numba", ["native"], "numba"),
        ("simpy", ["native", "numba"], "python"),
    ],
)
def test_what_raises_on_one_path_runs_on_the_next_unless_it_is_forced(
    engine: str,
    failing: list[str],
    ran: str | None,
    no_failures: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(engines, "recorded", lambda _path: "")
    tried: list[EnginePath] = []

    def work(path: EnginePath) -> EnginePath:
        tried.append(path)
        with paths.failures_of(path):
            if path in failing:
                raise AttributeError("no attribute 'CompilerBase'")
        return path

    if ran is None:
        with pytest.raises(EngineError, match=r"cannot run here: .* AttributeError: no attribute"):
            engines.run_on_path(engine, work)
        return
    assert engines.run_on_path(engine, work) == ran
    assert engines.run_on_path(engine, work) == ran
    assert len(tried) == len(set(tried)) + 1, "a path that failed is not tried again"
    assert len(caplog.messages) <= len(failing)


@pytest.mark.parametrize(
    ("package", "number", "reason"),
    [
        ("numba", "0.99.0", "numba 0.99.0 is outside the tested versions, 0.62 to 0.68"),
        ("numba", "0.61.2", "numba 0.61.2 is outside"),
        ("llvmlite", "1.2.0rc1", "llvmlite 1.2.0rc1 is outside"),
        ("numba", "0.68.9", ""),
    ],
)
def test_the_tested_versions_decide(
    package: str, number: str, reason: str, no_failures: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = {name: package_version(name) for name in versions.TESTED} | {package: number}
    monkeypatch.setattr(versions, "package_version", numbers.__getitem__)
    assert paths.unavailable(EnginePath.NATIVE).startswith(reason)
    assert bool(paths.unavailable(EnginePath.NATIVE)) == bool(reason)
    assert paths.unavailable(EnginePath.NATIVE, forced=True) == ""
    assert paths.unavailable(EnginePath.NUMBA) == ""


def test_another_system_is_not_tested(no_failures: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert "riscv64" in paths.unavailable(EnginePath.NATIVE)
    monkeypatch.setattr(engines, "recorded", lambda _path: "")
    assert engines.findings("auto")[-1].path == "numba"


def test_the_environment_chooses_where_a_call_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(engines.VARIABLE, "native")
    assert sim.run(DRAWN, runs=2, jobs=1).engine_path == "native"
    assert sim.run(DRAWN, runs=2, jobs=1, engine="simpy").engine_path == "python"
    monkeypatch.setenv(engines.VARIABLE, "nativ")
    with pytest.raises(ArgumentError, match=r"MUNITIONS_SIM_ENGINE: there is no engine 'nativ'.*'native'"):
        sim.run(DRAWN, runs=2)
    monkeypatch.delenv(engines.VARIABLE)
    assert sim.run(DRAWN, runs=2, jobs=1).engine_path == "python"


def test_without_compiling_the_simpy_model_runs_everything_and_says_so_once(
    no_failures: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(paths, "_is_jit_disabled", lambda: True)
    found = sim.run(DRAWN, runs=simulate.MAX_SIMPY_RUNS + 1, jobs=1)
    assert (found.engine, found.engine_path) == ("simpy", "python")
    assert len(sim.sweep(DRAWN, {"consumption.front.rate": ["5k/day"]}, runs=2, jobs=1).table) == 1
    said = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert said == [f"{engines._FALLBACKS['python']}: NUMBA_DISABLE_JIT is set"]
    with pytest.raises(EngineError, match="'compiled' cannot run here: NUMBA_DISABLE_JIT is set"):
        sim.run(DRAWN, runs=2, engine="compiled")


def test_the_scenario_of_the_self_test_uses_every_section() -> None:
    sections = "munitions depots production refurbishment shipments transfers consumption events"
    assert set(self_test.SCENARIO) >= set(sections.split())


def test_native_code_that_raises_while_it_loads_ends_in_plain_numba_within_the_same_call(
    no_failures: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    expected = contents(sim.run(DRAWN, runs=3, engine="native", jobs=1))
    caplog.clear()

    def refuse(_kernel: Kernel, _layout: object) -> None:
        raise OSError("cannot allocate executable memory")

    monkeypatch.setattr(Kernel, "_load", refuse)
    monkeypatch.setattr(run_account, "_loaded", None)
    result = sim.run(DRAWN, runs=3, engine="compiled", jobs=1)
    assert result.engine_path == "numba"
    assert contents(result) == expected
    said = [message for message in caplog.messages if "plain numba, once" not in message]
    failed = "the native path of the engine failed: OSError: cannot allocate executable memory"
    assert said == [f"the engine runs through plain numba: {failed}"]


@pytest.mark.parametrize("name", ["flat", "two-calibres", "white-house-2023"])
def test_the_simpy_model_writes_the_same_tables_as_the_compiled_engine(name: str) -> None:
    """`origins.csv` too: its monthly sums add day after day in both engines."""
    modelled, compiled = (
        sim.run(ROOT / "scenarios" / f"{name}.yaml", runs=7, engine=engine, jobs=1).files()
        for engine in ("simpy", "compiled")
    )
    tables = [file for file in modelled if file.endswith(".csv")]
    assert len(tables) == 6
    for file in tables:
        assert modelled[file] == compiled[file], file
