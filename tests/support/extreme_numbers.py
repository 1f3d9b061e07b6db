"""Scenarios with extreme numbers: zero, tiny, huge, just inside the limits of each key.

`extreme` returns case n of a campaign; `differences` runs it on both engines. The suite runs a few cases,
`benchmarks/extremes.py` two thousand.
"""

from __future__ import annotations

import copy
import datetime as dt
import random
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.strategies import SearchStrategy

from sim import simulate
from sim.errors import ScenarioError
from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode
from sim.units import UnitError, parse, parse_date
from tests.support.engine_comparison import failure_messages, run_differences
from tests.support.feature_scenarios import FEATURES
from tests.support.fleet_strategies import fleets
from tests.support.scenario_strategies import whole_scenarios

Plain = dict[str, Any]
Path_ = tuple[str | int, ...]
SHIPPED = Path(__file__).parent.parent.parent / "scenarios"
#: Number of generated base scenarios of each kind.
GENERATED = 30
RUNS = (0, 1)
#: Share of changes that may make the file invalid, and the number of attempts at a valid one.
REFUSED, TRIES = 0.05, 12
#: Keys whose values are not numbers, or name other files.
KEPT = frozenset({"schema", "title", "note", "evidence", "draws", "source", "between", "stops", "multiplies"})
SIZES = ("0", "5e-324", "1e-300", "1e-9", "1e-3", "0.5", "1", "77", "1e6", "1e12", "999999999999999")
SHARES = ("0%", "1e-300", "1e-9", "0.999999999999", "100%", "1e6", "300%", "999999999999999")
DURATIONS = ("0 s", "5e-324 s", "0.4 s", "1 s", "1 h", "36600 days", "1000 years", "365251 days", "1e15 days")
COUNTS = ("0", "1", "7", "99999", "100000")
DATES = ("1900-01-01", "2199-12-31", "2023-08-31", "2023-09-02", "2024-02-29")
MULTIPLES = ("k", "M", "bn")


@cache
def bases() -> tuple[Plain, ...]:
    """Return the base scenarios: shipped ones, one for each feature, and generated mixtures."""
    shipped = [_plain(simulate.load(file).tree) for file in sorted(SHIPPED.glob("*.yaml"))]
    featured = [make() for make in FEATURES.values()]
    return (*shipped, *featured, *_drawn(whole_scenarios()), *_drawn(fleets()))


def extreme(case: int) -> Plain:
    """Return case `case`: a base with one to four extreme numbers."""
    rng = random.Random(case)
    plain = copy.deepcopy(bases()[case % len(bases())])
    for key in ("evidence", "draws"):
        plain.pop(key, None)
    for _ in range(rng.randint(1, 4)):
        plain = _one_more(rng, plain)
    return plain


def _one_more(rng: random.Random, plain: Plain) -> Plain:
    """Return a scenario with one more extreme number, mostly a valid one."""
    for _ in range(TRIES):
        changed = copy.deepcopy(plain)
        path = rng.choice(list(_leaves(changed)))
        _put(changed, path, _replaced(rng, _at(changed, path), path))
        if rng.random() < REFUSED or _is_valid(changed):
            return changed
    return plain


def _is_valid(plain: Plain) -> bool:
    try:
        load_plain(plain, None)
    except ScenarioError:
        return False
    return True


def differences(plain: Plain, seed: int = 1) -> tuple[str, list[str]]:
    """Run a scenario on both engines; return the outcome and the differences.

    Returns
    -------
    ended : str
        ``refused`` if the file is invalid, ``failed`` if both engines fail for the same reason, else ``ran``.
    found : list of str
        Differences between the engines, and numbers that are not finite.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            scenario = load_plain(plain, None)
        except ScenarioError:
            return "refused", []
        simulate.warnings(scenario)
        modelled, compiled = failure_messages(scenario, seed, RUNS)
        if modelled or compiled:
            return "failed", [] if modelled == compiled else [f"model {modelled!r}, compiled {compiled!r}"]
        return "ran", run_differences(scenario, seed, RUNS) + list(_not_finite(scenario, seed))


def _not_finite(scenario: Scenario, seed: int) -> Iterator[str]:
    result = simulate.run(scenario, runs=len(RUNS), seed=seed, engine="compiled", jobs=1)
    for name in ("stock", "flows", "outcomes"):
        numbers = getattr(result, name).select_dtypes("number")
        if np.isinf(numbers.to_numpy(dtype=float)).any():
            yield f"the table {name} holds an infinite number"
    if "Infinity" in repr(result.summary()) or " inf" in repr(result.summary()):
        yield "the summary holds an infinite number"


def _plain(node: Node) -> Any:
    if isinstance(node, MapNode):
        return {key: _plain(child) for key, child, _ in node.entries()}
    if isinstance(node, ListNode):
        return [_plain(child) for child in node]
    assert isinstance(node, TextNode)
    return node.text


def _drawn(strategy: SearchStrategy[Plain]) -> list[Plain]:
    """Return deterministic examples of a strategy."""
    found: list[Plain] = []

    @seeded(12)
    @settings(
        max_examples=GENERATED,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def gather(plain: Plain) -> None:
        found.append(copy.deepcopy(plain))

    gather()
    return found


def _leaves(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    items: Any = ()
    if isinstance(node, dict):
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    elif _kind(node):
        yield path
    for key, child in items:
        if key not in KEPT:
            yield from _leaves(child, (*path, key))


def _kind(value: Any) -> str:
    text = str(value)
    for kind, read in (("date", parse_date), ("number", parse)):
        try:
            read(text)
        except UnitError:
            continue
        return kind
    return ""


def _at(plain: Any, path: Path_) -> Any:
    for step in path:
        plain = plain[step]
    return plain


def _put(plain: Any, path: Path_, value: Any) -> None:
    _at(plain, path[:-1])[path[-1]] = value


def _replaced(rng: random.Random, value: Any, path: Path_) -> Any:
    """Return an extreme value of the same kind: a number, or sometimes a heavy-tailed law."""
    if _kind(value) == "date":
        near = dt.date.fromisoformat(str(value)) + dt.timedelta(days=rng.choice((-400, -1, 1, 400, 36_599)))
        return rng.choice((*DATES, near.isoformat()))
    pick = _picker(rng, str(value), path)
    if path[-1] in {"low", "high", "mode", "mean", "sd", "cv", "median", "p95", "exponential"}:
        return pick()
    return rng.choice(
        (
            pick,
            pick,
            pick,
            lambda: {"exponential": pick()},
            lambda: {"mean": pick(), "cv": rng.choice(SIZES)},
            lambda: {"mean": pick(), "sd": pick()},
            lambda: {"median": pick(), "p95": pick()},
            lambda: {"low": pick(), "high": pick()},
            lambda: {"choices": [pick(), pick()]},
        )
    )()


def _picker(rng: random.Random, text: str, path: Path_) -> Callable[[], str]:
    if path[-1] in {"vehicles", "berths", "unloading_berths"}:
        return lambda: rng.choice(COUNTS)
    unit = parse(text).unit
    if unit == "days":
        return lambda: rng.choice(DURATIONS)
    if unit == "share":
        return lambda: rng.choice(SHARES)
    rest = text.strip().lstrip("-0123456789.").lstrip()
    if rest[:1] in {"e", "E"}:
        rest = ""
    for multiple in MULTIPLES:
        if rest.startswith(multiple) and not rest[len(multiple) : len(multiple) + 1].isalpha():
            rest = rest[len(multiple) :].lstrip()
    glue = "" if rest[:1] in {"", "/", "%"} else " "
    return lambda: f"{rng.choice(SIZES)}{glue}{rest}"
