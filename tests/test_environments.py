"""Environments: no outside programs, callers that are parallel already, user files with module names."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

import sim
from sim.ensemble.native.cache_dir import cache_dir
from sim.results.verification import find_problems
from tests.support.small_sweep import ROOT, SCENARIO, block_files, table_bytes, wait_until
from tests.support.ways_to_end import WAYS_TO_END
from tests.test_cli import sim as command

#: Seconds after which something hangs.
HANGS = 120.0
MAIN = "from sim.cli.entry import main; main()"
#: Commands one after the other in one process, as a list of lists of words; ends with the largest status.
EACH = """
import json
import sys

from sim.cli.entry import main

def carry_out(words):
    sys.argv[1:] = words
    try:
        main()
    except SystemExit as ended:
        return ended.code

sys.exit(max(map(carry_out, json.loads(sys.argv[1]))))
"""
#: loky, which may be installed for other reasons, ends processes by psutil or else by `pgrep`.
NO_PSUTIL = "import sys; sys.modules['psutil'] = None; "
#: A system without POSIX semaphores, in either of the ways in which Python meets it.
NO_SEMAPHORES = {
    "refused": """
import _multiprocessing

def refuse(*words, **named):
    raise OSError(30, "Read-only file system")

_multiprocessing.SemLock = type("SemLock", (), {"__new__": refuse, "_rebuild": refuse, "SEM_VALUE_MAX": 1})
""",
    "not built": "import sys; sys.modules['multiprocessing.synchronize'] = None; ",
}
RATES = "production.line.rate=0/day:30k/day:8"
SWEEP = (
    "sweep",
    "s.yaml",
    "--vary",
    RATES,
    "--runs",
    "20",
    "--block",
    "1",
    "--backend",
    "loky",
    "--jobs",
    "2",
)
RUNS = 8
RUN = ("run", "s.yaml", "--engine", "simpy", "--runs", str(RUNS), "--jobs", "2", "--quiet", "--out", "models")
#: Runs of the simpy model in processes, in a place of their own.
CALLED = """
import json, sys
import sim

def fired(seed):
    found = sim.run(json.loads(sys.argv[1]), runs=int(sys.argv[2]), seed=seed, engine="simpy", jobs=2)
    return found.outcomes["fired"].tolist()

def expect(found):
    assert list(found) == json.loads(sys.argv[3]), found
    print("the caller goes on")
"""
PARALLEL = {
    "multiprocessing": """
if __name__ == "__main__":
    import multiprocessing
    with multiprocessing.get_context("fork").Pool(2) as pool:
        expect(pool.map(fired, [1, 2]))
""",
    "spawned": """
if __name__ == "__main__":
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        expect(pool.map(fired, [1, 2]))
""",
    "threads of joblib": """
from joblib import Parallel, delayed
expect(Parallel(n_jobs=2, backend="threading")(delayed(fired)(seed) for seed in (1, 2)))
""",
    "loky": """
if __name__ == "__main__":
    from joblib import Parallel, delayed
    expect(Parallel(n_jobs=2, backend="loky")(delayed(fired)(seed) for seed in (1, 2)))
""",
    "forked": """
import os
fired(1)
child = os.fork()
expect([fired(1), fired(2)])
if child:
    assert os.waitpid(child, 0)[1] == 0
""",
    "no guard of the main module": "expect([fired(1), fired(2)])",
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor these signals")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s.yaml").write_text(json.dumps(SCENARIO))
    return tmp_path


def ran(folder: Path, code: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a folder as an installed command runs: the folder is on no search path."""
    return subprocess.run(
        [sys.executable, "-P", "-c", code, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=HANGS,
        stdin=subprocess.DEVNULL,
    )


def ran_each(folder: Path, before: str, *commands: tuple[str, ...], **environment: str) -> None:
    """Run commands in one process, after some code, and check that each succeeds."""
    done = ran(folder, before + EACH, json.dumps(commands), **environment)
    assert done.returncode == 0, (commands, done.stderr)


@pytest.fixture(scope="module")
def alone() -> list[sim.Result]:
    """Return the results of two seeds, of this process without workers."""
    return [sim.run(SCENARIO, runs=RUNS, seed=seed, engine="simpy", jobs=1) for seed in (1, 2)]


def check_models(folder: Path, alone: list[sim.Result]) -> None:
    """Check the totals of `RUN`, which is of the first seed."""
    found = json.loads((folder / "models" / "summary.json").read_text("utf-8"))["totals"]
    assert found["fired"] > 0
    assert found == json.loads(alone[0].files()["summary.json"])["totals"]


def test_without_outside_programs_a_sweep_ends(folder: Path) -> None:
    done = ran(folder, NO_PSUTIL + MAIN, *SWEEP, "--out", "out", PATH="")
    assert done.returncode == 0, done.stderr
    assert len(block_files(folder / "out")) == 8


@pytest.mark.parametrize(("sent", "status", "to_group"), WAYS_TO_END)
def test_without_outside_programs_a_sweep_can_be_ended(
    folder: Path, sent: signal.Signals, status: int, to_group: bool
) -> None:
    # So many points that the sweep is under way when the signal comes, however busy the machine.
    words = [RATES.replace(":8", ":2000") if word == RATES else word for word in SWEEP]
    with subprocess.Popen(
        [sys.executable, "-c", NO_PSUTIL + MAIN, *words, "--out", "out"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": ""},
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        wait_until(lambda: len(block_files(folder / "out")) > 1 or process.poll() is not None)
        workers = psutil.Process(process.pid).children(recursive=True)
        (os.killpg if to_group else os.kill)(process.pid, sent)
        try:
            said = process.communicate(timeout=HANGS)[1]
        finally:
            process.kill()
    assert process.returncode == status, said
    assert said.splitlines()[-1].endswith("the same command goes on from there")
    assert psutil.wait_procs(workers, timeout=HANGS)[1] == []


@pytest.mark.parametrize("caller", PARALLEL)
def test_a_caller_that_is_parallel_gets_its_results_and_lives(
    folder: Path, alone: list[sim.Result], caller: str
) -> None:
    script = folder / "script.py"
    script.write_text(CALLED + PARALLEL[caller])
    expected = [result.outcomes["fired"].tolist() for result in alone]
    done = subprocess.run(
        [sys.executable, str(script), json.dumps(SCENARIO), str(RUNS), json.dumps(expected)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=HANGS,
    )
    assert done.returncode == 0, done.stderr
    # Two processes may write their lines at the same time.
    assert done.stdout.count("the caller goes on") == (2 if caller == "forked" else 1)
    assert not done.stdout.replace("the caller goes on", "").strip()


def test_the_switch_of_joblib_changes_nothing(folder: Path, alone: list[sim.Result]) -> None:
    ran_each(folder, "", RUN, (*SWEEP[:-4], "--out", "out"), JOBLIB_MULTIPROCESSING="0")
    check_models(folder, alone)


@pytest.mark.slow
@pytest.mark.parametrize("how", NO_SEMAPHORES)
def test_without_semaphores_every_verb_has_its_result(
    folder: Path, alone: list[sim.Result], how: str
) -> None:
    solve = ("--solve", "production.line.rate", "--bounds", "1k/day:90k/day", "--runs", "50")
    verbs = {
        "processes": SWEEP,
        "threads": SWEEP[:-4],
        "compiled": ("run", "s.yaml", "--runs", "200", "--jobs", "2"),
        "breakeven": ("breakeven", "s.yaml", *solve),
        "sensitivity": ("sensitivity", "s.yaml", "--runs", "50"),
    }
    # How Python meets their lack makes no difference to what never looks for them.
    some = list(verbs.items())[: 5 if how == "refused" else 1]
    ran_each(folder, NO_SEMAPHORES[how], RUN, *((*words, "--out", name) for name, words in some))
    check_models(folder, alone)
    assert all((folder / name / "manifest.json").exists() for name, _ in some)


@pytest.mark.slow
def test_a_file_of_ones_own_that_is_named_like_a_module_stands_in_nobodys_way(
    folder: Path, alone: list[sim.Result]
) -> None:
    for name in (
        "copy",
        "random",
        "json",
        "numpy",
        "pickle",
        "struct",
        "cloudpickle",
        "simpy",
        "sitecustomize",
    ):
        (folder / f"{name}.py").write_text("raise SystemExit('a file of my own')\n")
    ran_each(folder, "", RUN, (*SWEEP, "--out", "out"))
    check_models(folder, alone)
    vary = {"production.line.rate": sim.Grid("0/day", "30k/day", 8)}
    sim.sweep(SCENARIO, vary, runs=20, out=folder / "alone", backend="threading")
    assert table_bytes(folder / "out") == table_bytes(folder / "alone")
    # As in a notebook: the folder comes on the path once all that is needed is loaded; its modules are found.
    (folder / "my_rules.py").write_text("def half(requirement, *others):\n    return requirement / 2\n")
    own = {
        **SCENARIO,
        "consumption": {"front": {"rate": "60k/day", "rationing": {"rule": "half", "cover": "30 days"}}},
    }
    code = """
import json, sys
import sim.simulate, sim.model, sim.results.aggregation, numpy, pandas, simpy, cloudpickle
sys.path.insert(0, "")
from my_rules import half
for jobs in (2, 1):
    found = sim.run(json.loads(sys.argv[1]), runs=int(sys.argv[2]), jobs=jobs, rules={"half": half})
    print(found.outcomes["fired"].tolist())
"""
    done = ran(folder, code, json.dumps(own), str(RUNS))
    assert done.returncode == 0, done.stderr
    several, one = done.stdout.splitlines()
    assert several == one


@pytest.mark.parametrize("words", [RUN, SWEEP])
def test_where_no_process_can_start_there_is_one_line_with_the_reason(
    folder: Path, words: tuple[str, ...]
) -> None:
    gone = "import sys; import multiprocessing.spawn; sys.executable = '/nowhere/python'; "
    done = ran(folder, gone + MAIN, *words, "--out", "out")
    assert done.returncode == 3
    assert done.stderr == (
        "error: no worker process can start: No such file or directory; one job needs none\n"
    )


#: Of a mount namespace: nothing can be written but one folder, and there is no shared memory.
CONTAINER = """
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t tmpfs -o ro none /dev/shm
while read -r _ place _; do
    case "$place" in
        /dev/* | /proc* | /sys* | "$1") ;;
        *) mount -o remount,bind,ro "$place" 2> /dev/null || true ;;
    esac
done < /proc/self/mounts
cd "$2"
shift 2
export PATH=
exec "$@"
"""
#: Checks the environment itself, or the tests would prove nothing.
CHECKED = """
import multiprocessing, os, shutil, sys, tempfile
from pathlib import Path

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
assert sys.argv.pop(1) == "checked"
for place in ("/", "/tmp", "/dev/shm", Path(__import__("sim").__file__).parent):
    assert not os.access(place, os.W_OK), place
assert shutil.which("pgrep") is None
assert not any(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
assert "HOME" not in os.environ
try:
    multiprocessing.Lock()
except OSError:
    pass
else:
    raise AssertionError("there are semaphores")
"""


def contained(
    folder: Path, *commands: tuple[str, ...], cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run commands in one process in a container that can write to a folder alone."""
    code = NO_PSUTIL + CHECKED + EACH
    python = [sys.executable, "-P", "-c", code, "checked", json.dumps(commands)]
    unshare, sh = shutil.which("unshare"), shutil.which("sh")
    assert unshare is not None
    assert sh is not None
    return subprocess.run(
        [unshare, "--mount", sh, "-c", CONTAINER, "sh", str(folder), str(cwd or folder), *python],
        # An image brings the machine code with it; where it cannot be kept, each process compiles it.
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "XDG_CACHE_HOME": str(cache_dir().parent.parent),
        },
        capture_output=True,
        text=True,
        timeout=2 * HANGS,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def can_contain() -> bool:
    unshare = shutil.which("unshare")
    if unshare is None or not sys.platform.startswith("linux"):
        return False
    return subprocess.run([unshare, "--mount", "true"], capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_contain(), reason="mount namespaces are for root on Linux")
def test_in_a_container_in_which_next_to_nothing_is_there_results_are_the_same(folder: Path) -> None:
    scenario = str(folder / "s.yaml")
    solve = ("--solve", "production.line.rate", "--bounds", "1k/day:90k/day")
    verbs = {
        "run": ("run", scenario, "--runs", "200"),
        "models": ("run", scenario, "--runs", str(RUNS), "--engine", "simpy", "--jobs", "2"),
        "sweep": ("sweep", scenario, "--vary", RATES, "--runs", "20", "--block", "2", "--backend", "loky"),
        "breakeven": ("breakeven", scenario, *solve, "--runs", "50"),
    }
    draw = ("chart", str(folder / "inside" / "sweep"), "--kind", "line")
    # The code is compiled here, where it can be kept.
    outside = [command(*words, "--out", folder / "outside" / name) for name, words in verbs.items()]
    assert [said.status for said in outside] == [0] * len(verbs), outside
    within = [(*words, "--out", str(folder / "inside" / name)) for name, words in verbs.items()]
    inside = contained(folder, *within, draw)
    assert inside.returncode == 0, inside.stderr
    said = "".join(said.out for said in outside).replace("/outside/", "/inside/")
    assert inside.stdout.startswith(said)
    drawn = inside.stdout.removeprefix(said).split()[-1]
    assert Path(drawn).read_bytes().startswith(b"\x89PNG")
    for name in verbs:
        assert find_problems(folder / "inside" / name) == ()
        for path in (folder / "outside" / name).rglob("*"):
            if path.is_file() and path.suffix in {".csv", ".json", ".parquet", ".png"}:
                twin = folder / "inside" / path.relative_to(folder / "outside")
                if path.name != "manifest.json":
                    assert twin.read_bytes() == path.read_bytes(), path.name
    # From here matplotlib finds no folder to write to.
    chart = contained(folder, draw, cwd=Path("/"))
    assert chart.returncode == 1
    assert chart.stderr.startswith("error: no chart can be drawn: matplotlib needs a folder")
    assert chart.stderr.count("\n") == 1
