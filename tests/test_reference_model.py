"""The model against an independent reference: all daily figures, and all voyages to the second."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from sim.account import NO_ORIGIN, Kind, Voyage, first_reached
from sim.errors import RunError
from sim.model.ledger import Ledger
from sim.model.run import run_once
from sim.scenario.loader import load_file, load_plain
from sim.scenario.scenario import Scenario
from tests.support.feature_scenarios import FEATURES
from tests.support.reference_fleets import ShipmentRow
from tests.support.reference_model import OverfullDepot, ReferenceRun
from tests.support.scenario_strategies import Plain, example_settings, whole_scenarios

SCENARIOS = Path(__file__).parents[1] / "scenarios"
Row = TypeVar("Row", Voyage, ShipmentRow)
CLOSES = 1e-12
CLOSE = 1e-9


def near(one: float, other: float) -> bool:
    """Rule 8: equal to 1e-9 of the larger of the figure and one shell."""
    return abs(one - other) <= CLOSE * max(1.0, abs(one), abs(other))


def apart(what: object, ours: list[float], theirs: list[float]) -> list[str]:
    days = [day for day, pair in enumerate(zip(ours, theirs, strict=True)) if not near(*pair)]
    return [f"{what} differs on day {day}: model {ours[day]!r}, opinion {theirs[day]!r}" for day in days[:1]]


def differences(ledger: Ledger, opinion: ReferenceRun) -> list[str]:
    """Return where two accounts of one run differ."""
    axes, found = ledger.axes, []
    empty = [0.0] * axes.days
    seen = set()
    for position, pair in enumerate(axes.pairs):
        found += apart((*pair, "level"), ledger.levels[position], opinion.levels[pair])
        found += apart((*pair, "planned"), ledger.planned[position], opinion.planned[pair])
        for number, origin in enumerate(axes.origins):
            left = opinion.places[pair.depot].broken[pair.munition].get(origin, 0.0)
            found += apart(
                (*pair, origin, "unserviceable"), [ledger.closing[position, number, "unserviceable"]], [left]
            )
            for kind in Kind:
                seen.add((*pair, origin, str(kind)))
                ours = ledger.columns.get((position, number, kind), empty)
                found += apart(
                    (*pair, origin, kind), ours, opinion.flows.get((*pair, origin, str(kind)), empty)
                )
        for kind in (Kind.REQUIRED, Kind.UNMET):
            seen.add((*pair, "", str(kind)))
            ours = ledger.columns.get((position, NO_ORIGIN, kind), empty)
            found += apart((*pair, kind), ours, opinion.flows.get((*pair, "", str(kind)), empty))
        fired = [opinion.flows.get((*pair, origin, "fired"), empty) for origin in axes.origins]
        found += apart(
            (*pair, "fired"), ledger.total(position, Kind.FIRED), list(map(sum, zip(*fired, strict=True)))
        )
    for place, claim in enumerate(axes.claims):
        for figure in claim.kinds:
            key = claim.consumer, axes.pairs[claim.pair].munition, str(figure)
            found += apart(key, ledger.claims[place][figure], opinion.by_consumer[key])
    assert set(opinion.flows) <= seen
    found += of_orders(ledger, opinion) + of_money(ledger, opinion)
    return found + of_voyages(ledger, opinion) + of_draws(ledger, opinion)


def of_orders(ledger: Ledger, opinion: ReferenceRun) -> list[str]:
    """Return where orders differ, and the days on which objectives are reached."""
    pairs = zip_longest(ledger.orders, opinion.orders.rows())
    found = [
        f"model {ours}, opinion {theirs}"
        for ours, theirs in pairs
        if ours is None
        or theirs is None
        or ours[:5] != theirs[:5]
        or not near(ours.shells, theirs[5])
        or not near(ours.cost, theirs[6])
    ]
    reached = {
        (ledger.axes.pairs[pair].depot, ledger.axes.pairs[pair].munition): first_reached(
            ledger.levels[pair], aim
        )
        for pair, aim in ledger.objective.items()
    }
    theirs = {pair: opinion.reaches.get(pair) for pair in reached}
    return found[:1] + ([] if reached == theirs else [f"reached {reached}, opinion {theirs}"])


def of_money(ledger: Ledger, opinion: ReferenceRun) -> list[str]:
    start, found = ledger.axes.start, []
    for kind, months in ledger.money.items():
        for number, ours in enumerate(months, 12 * start.year + start.month - 1):
            theirs = opinion.orders.money[kind, number // 12, number % 12 + 1]
            if not near(ours, theirs):
                found.append(f"{kind} in month {number % 12 + 1}: model {ours}, opinion {theirs}")
    return found[:1]


def of_voyages(ledger: Ledger, opinion: ReferenceRun) -> list[str]:
    ours, theirs = _without_residue(ledger.voyages), _without_residue(opinion.rows)
    found = (
        []
        if len(ours) == len(theirs)
        else [f"{len(ours)} voyages in the model, {len(theirs)} in the opinion"]
    )
    # Both list suppliers by name, then lots by day, or voyages by leg and number.
    for mine, other in zip(ours, theirs, strict=False):
        same = tuple(mine[:5]) == tuple(other[:5]) and near(mine.shells, other.shells)
        boxes = (mine.containers is None) == (other.containers is None)
        if not same or not boxes or not near(mine.containers or 0.0, other.containers or 0.0):
            found.append(f"model {mine}, opinion {other}")
    return found


def _without_residue(rows: Iterable[Row]) -> list[Row]:
    """Leave out loads that are none by rule 8: what two loads of a reserve leave by rounding."""
    return [row for row in rows if row.shells == 0.0 or not near(row.shells, 0.0)]


def of_draws(ledger: Ledger, opinion: ReferenceRun) -> list[str]:
    # Either may make draws that the other does not need, such as the cover of a rule that needs none.
    both = sorted(ledger.drawn.keys() & opinion.drawn.keys())
    pairs = [(path, ledger.drawn[path], opinion.drawn[path]) for path in both]
    return [f"{path}: model {ours}, opinion {theirs}" for path, ours, theirs in pairs if ours != theirs]


def check(scenario: Scenario, seed: int, run: int) -> Ledger | None:
    """Compare one run; None where neither can carry it through."""
    try:
        opinion = ReferenceRun(scenario, seed, run)
    except OverfullDepot:
        with pytest.raises(RunError, match="capacity"):
            run_once(scenario, seed, run)
        return None
    ledger = run_once(scenario, seed, run)
    assert differences(ledger, opinion) == []
    assert ledger.balance_error() <= CLOSES
    return ledger


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_scenario_has_the_same_account_twice(path: Path) -> None:
    assert check(load_file(path, None), 2**64 - 1, 204) is not None


@pytest.mark.parametrize("name", FEATURES)
@pytest.mark.parametrize(("seed", "run"), [(1, 0), (2**63 + 5, 77)])
def test_each_feature_under_stress_has_the_same_account_twice(name: str, seed: int, run: int) -> None:
    assert check(load_plain(FEATURES[name](), None), seed, run) is not None


@pytest.mark.slow
@example_settings()
@given(whole_scenarios(), st.integers(0, 2**64 - 1), st.integers(0, 5000))
def test_whatever_is_mixed_the_account_is_the_same_twice(plain: Plain, seed: int, run: int) -> None:
    ledger = check(load_plain(plain, None), seed, run)
    columns = {} if ledger is None else ledger.columns
    for kind in sorted({str(entered) for (_, _, entered), column in columns.items() if any(column)}):
        event(kind)
