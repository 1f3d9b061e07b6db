"""Constants and scalar formulas of the rules: values by hand, and both engines use each."""

from __future__ import annotations

import ast
import inspect
import math
from pathlib import Path

import pytest

from sim import formulas

ROOT = Path(__file__).parent.parent / "sim"
SOURCES = {"sim.formulas", "sim.ensemble.device_formulas"}


def imported_formulas(room: str) -> set[str]:
    """Return the names that the modules of an engine import from the shared modules."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / room).rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in nodes if node.module in SOURCES for alias in node.names}


def test_both_engines_use_each_formula() -> None:
    functions = {name for name, value in vars(formulas).items() if inspect.isfunction(value)}
    assert len(functions) == 26
    for engine in ("model", "ensemble"):
        assert functions - imported_formulas(engine) == set(), engine


def test_a_constant_of_the_rules_is_defined_in_one_place() -> None:
    definitions = [
        (node.id, path.relative_to(ROOT).as_posix())
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    for name in ("MIN_TRAVEL_SECONDS", "MIN_GAP_SECONDS", "INFLOW_WINDOW", "MOST_VOYAGES", "UNITS_OF_MASS"):
        places = [place for defined, place in definitions if defined == name]
        assert len(places) == 1, (name, places)


DAY, HUGE = 86_400, math.inf
#: Each formula with its arguments, and the value that its rule gives.
BY_HAND = [
    (formulas.to_seconds, (0.5 / DAY,), 1),
    (formulas.to_seconds, (1.5,), 129_600),
    (formulas.to_seconds, (1e9,), 365_250 * DAY),
    (formulas.whole_days, (30.49,), 30),
    (formulas.whole_days, (30.5,), 31),
    (formulas.whole_days, (1e9,), 365_250),
    (formulas.granted_budget, (3e6 / 365.25, 1.0), 3e6),
    (formulas.granted_budget, (3e6 / 365.25, 0.25), 750e3),
    # A third of a hundredth is no rounding.
    (formulas.granted_budget, (0.01 / 3.0 / 365.25, 1.0), 0.01 / 3.0),
    (formulas.first_day_from, (0,), 0),
    (formulas.first_day_from, (1,), 1),
    (formulas.first_day_from, (DAY,), 1),
    (formulas.first_day_from, (-1,), 0),
    (formulas.arrival_second, (3 * DAY, 3600), 4 * DAY),
    (formulas.arrival_second, (3 * DAY, DAY + 1), 4 * DAY + 1),
    (formulas.linear_value, (12, 10, 20, 100.0, 200.0), 120.0),
    (formulas.growth_factor, (1.0, 0), 1.0),
    (formulas.growth_factor, (0.03, 30.4375 * 12), 1.03**12),
    (formulas.exceeds_capacity, (100.0 + 1e-8, 100.0), False),
    (formulas.exceeds_capacity, (100.0 + 1e-6, 100.0), True),
    # A billionth more than the capacity is rounding, to the last bit.
    (formulas.exceeds_capacity, (100.0, 100.0 * (1.0 - 1e-9)), False),
    (formulas.admitted_share, (50.0, 80.0, 100.0), 0.4),
    (formulas.admitted_share, (20.0, 80.0, 100.0), 1.0),
    (formulas.admitted_share, (20.0, 120.0, 100.0), 0.0),
    (formulas.admitted_share, (20.0, 80.0, HUGE), 1.0),
    (formulas.capped_share, (1.0, 4.0), 0.25),
    (formulas.capped_share, (5.0, 4.0), 1.0),
    (formulas.capped_share, (5.0, 0.0), 0.0),
    (formulas.replenishment, (3.0, 100.0, 250.0), 50.0),
    (formulas.replenishment, (3.0, 100.0, 350.0), 0.0),
    # Waiting cargo, reserve, capacity, growing, full_only.
    (formulas.full_load_or_rest, (250.0, HUGE, 100.0, 0, 0), 100.0),
    (formulas.full_load_or_rest, (40.0, HUGE, 100.0, 0, 0), 40.0),
    (formulas.full_load_or_rest, (40.0, HUGE, 100.0, 0, 1), 0.0),
    (formulas.full_load_or_rest, (HUGE, 40.0, 100.0, 0, 1), 40.0),
    (formulas.full_load_or_rest, (HUGE, 40.0, 100.0, 1, 0), 0.0),
    (formulas.full_load_or_rest, (100.0 - 1e-8, HUGE, 100.0, 0, 1), 100.0 - 1e-8),
    (formulas.full_load_or_rest, (100.0 + 1e-8, HUGE, 100.0, 0, 1), 100.0 + 1e-8),
    (formulas.lot_size, (40.0, 100.0), 40.0),
    (formulas.lot_size, (140.0, 100.0), 100.0),
    (formulas.lot_size, (100.0 - 1e-8, 100.0), 100.0),
    (formulas.lot_size, (40.0, HUGE), 40.0),
    (formulas.gun_ceiling, (1000.0, 50.0, HUGE), 50_000.0),
    (formulas.gun_ceiling, (1000.0, 50.0, 250.0), 12_500.0),
    (formulas.gun_ceiling, (1000.0, 50.0, 2500.0), 50_000.0),
    (formulas.gun_ceiling, (0.0, 50.0, 250.0), 0.0),
    (formulas.worn_barrels, (10.0, 6000.0, 2000.0), 7.0),
    (formulas.worn_barrels, (2.0, 6000.0, 2000.0), 0.0),
    (formulas.worn_barrels, (HUGE, 6000.0, 1.0), HUGE),
    (formulas.first_inflow_day, (3,), 0),
    (formulas.first_inflow_day, (29,), 0),
    (formulas.first_inflow_day, (30,), 1),
    (formulas.inflow_share, (300.0, 9, 25.0, 100.0), 7.5),
    (formulas.inflow_share, (300.0, 100, 25.0, 100.0), 2.5),
]


@pytest.mark.parametrize(
    ("formula", "arguments", "expected"),
    BY_HAND,
    ids=[f"{row[0].__name__}-{n}" for n, row in enumerate(BY_HAND)],
)
def test_a_formula_gives_the_value_of_its_rule(
    formula: object, arguments: tuple[float, ...], expected: float
) -> None:
    assert callable(formula)
    assert formula(*arguments) == pytest.approx(expected, rel=1e-15)
