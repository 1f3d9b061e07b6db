"""Self-test of a compiled path: compare one small scenario that uses every kernel between the engines.

It detects faults of a compiler, library or processor, which tests of the source cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled_engine import CompiledEngine
from sim.engines.engine import BlockOfRuns, Cells, Engine
from sim.engines.simpy_engine import SimpyEngine
from sim.ensemble.lowering import lower
from sim.ensemble.native import warm_up
from sim.ensemble.native.paths import EnginePath, using
from sim.ensemble.pool import map_blocks
from sim.results.binning import BinningBackend
from sim.scenario.loader import load_plain

RUNS = range(3)
SEED = 20_230_901
#: Tolerance of rule 8, relative to the larger of the value and one shell.
MARGIN = 1e-9
#: Numbers that vary between cells: one used in the account, one that changes the draws.
VARIED = {"consumption.guard.rate.152mm": (400.0, 900.0), "shipments.sea.route.0.travel": (2.5, 4.0)}
#: Covers every section and nearly every key; 60 days.
SCENARIO: Mapping[str, Any] = {
    "schema": 1,
    "title": "Self-test",
    "start": "2023-01-20",
    "end": "2023-03-21",
    "thresholds": [10, 3],
    "currency": "EUR",
    "budget": {"rate": "9M EUR/year", "carry_over": "true", "starts": "March"},
    "munitions": {
        "152mm": {
            "gross_mass": "77 kg",
            "unit_cost": {"by_date": {"2023-01-20": "2k EUR", "2023-03-01": "3k EUR"}},
        },
        "122mm": {
            "gross_mass": {"low": "40 kg", "high": "46 kg"},
            "unit_cost": "900 EUR",
            "shelf_life": "40 days",
            "expired": "unserviceable",
        },
    },
    "depots": {
        "rear": {
            "stock": {"152mm": "30k", "122mm": "900 t"},
            "unserviceable": {"152mm": "8k"},
            "capacity": "60k",
            "age": {"122mm": {"low": "10 days", "high": "35 days"}},
            "issue": "lifo",
        },
        "front": {
            "stock": {"152mm": "6 days", "122mm": {"mean": "4k", "sd": "500"}},
            "age": {"122mm": {"38 days": "60%", "0 days": "40%"}},
            "holding_cost": "5%",
            "objective": {"152mm": "4 days"},
        },
    },
    "production": {
        "plant": {
            "to": "rear",
            "rate": {"152mm": {"low": "400/day", "mode": "600/day", "high": "900/day"}, "122mm": "200/day"},
            "growth": "5%",
            "lead_time": "2 days",
            "outages": {"every": "20 days", "last": {"exponential": "2 days"}, "share": "50%"},
        }
    },
    "refurbishment": {
        "works": {
            "at": "rear",
            "rate": {"by_date": {"2023-01-20": "100/day", "2023-02-10": "400/day"}, "between": "linear"},
            "yield": {"152mm": "80%", "122mm": "50%"},
        }
    },
    "shipments": {
        "sea": {
            "to": "rear",
            "first": {"low": "1 day", "high": "3 days"},
            "until": "50 days",
            "mix": {"152mm": "60%", "122mm": "40%"},
            "shells_per_container": {"152mm": {"low": 60, "high": 90}, "122mm": 120},
            "serviceable": {"152mm": {"mean": "90%", "sd": "5%"}, "122mm": "95%"},
            "offered": "12 containers/day",
            "route": [
                {
                    "vehicles": 2,
                    "capacity": "20 containers",
                    "load": "12 h",
                    "travel": {"low": "2 days", "mode": "3 days", "high": "6 days"},
                    "unload": "1 day",
                    "unloading_berths": 1,
                },
                {
                    "vehicles": 3,
                    "capacity": "8 containers",
                    "departs": "any",
                    "load": "2 h",
                    "travel": {"median": "1 day", "p95": "2 days"},
                    "unload": "3 h",
                    "berths": 1,
                },
            ],
        },
        "gift": {
            "to": "front",
            "mix": {"152mm": "50%", "122mm": "50%"},
            "offered": "700/week",
            "under_way": "300 shells",
            "reserve": {"stock": "4k", "production": "30/day"},
            "lead_time": {"mean": "4 days", "cv": 0.3},
            "age": "30 days",
        },
        "pledge": {
            "to": "rear",
            "mix": {"152mm": "30%", "122mm": "70%"},
            "deliveries": {"2023-02-01": "50 t", "2023-02-20": {"choices": ["0 t", "80 t"]}},
            "lead_time": "5 days",
        },
    },
    "orders": {
        "contract": {
            "to": "rear",
            "munition": "152mm",
            "reorder_point": "25k",
            "order_up_to": "32k",
            "review": "5 days",
            "lead_time": {"low": "2 days", "high": "9 days"},
            "capacity": {"by_date": {"2023-01-20": "300/day", "2023-02-20": "900/day"}},
            "order_cost": "20k EUR",
        },
        "mortars": {
            "to": "front",
            "munition": "122mm",
            "order_up_to": "3 days",
            "unit_cost": "800 EUR",
            "until": "40 days",
        },
    },
    "transfers": {
        "rail": {"from": "rear", "to": "front", "capacity": "2k/day", "lead_time": "1 day", "keep": "8 days"}
    },
    "consumption": {
        "guard": {
            "at": "front",
            "rate": {"152mm": "700/day", "122mm": "300/day"},
            "daily_variation": "30%",
            "rationing": {"rule": "proportional", "cover": "5 days"},
            "priority": 2,
            "shortage_cost": "9k EUR",
            "activities": {
                "drill": {"quantity": {"122mm": {"poisson": 200}}, "every": "9 days", "chance": "80%"}
            },
        },
        "guns": {
            "at": "front",
            "rate": {
                "152mm": {"by_date": {"2023-01-20": "300/day", "2023-02-20": "900/day"}},
                "122mm": "500/day",
            },
            "daily_variation": "20%",
            "rationing": {"rule": "controlled", "cover": "4 days"},
            "guns": 40,
            "rounds_per_gun": 25,
            "barrels": {"stock": 45, "production": "1/day"},
            "barrel_life": 800,
            "backlog": "true",
        },
    },
    "events": {
        "storm": {"from": "2023-02-05", "until": "2023-02-08", "stops": "shipments.sea.route.1"},
        "push": {
            "from": "2023-02-15",
            "until": "2023-02-22",
            "multiplies": "consumption.guns.rate",
            "factor": {"low": 1.2, "high": 2.0},
        },
        "raid": {
            "every": {"mean": "15 days", "cv": 0.5},
            "at": "rear",
            "destroys": {"choices": ["3%", "8%"]},
        },
        "fire": {"date": "2023-02-25", "at": "front", "destroys": "300 shells"},
        "embargo": {"from": "2023-02-10", "until": "2023-02-16", "stops": "orders.contract"},
        "strike": {"date": "2023-03-01", "multiplies": "orders.contract.capacity", "factor": 0.5},
    },
}


def difference(path: EnginePath) -> str:
    """Return the first figure by which a compiled path differs from the simpy model; empty if none does."""
    scenario = load_plain(SCENARIO, None)
    with using(path):
        # Compile the largest kernel in a background process, if it is not cached.
        warm_up.start()
    plan = lower(scenario)
    cells = Cells(scenario, plan, tuple(VARIED), np.array(list(VARIED.values())).T)
    simpy, compiled = SimpyEngine(scenario), CompiledEngine(plan, path)
    one, other = (dict(_arrays(engine, cells)) for engine in (simpy, compiled))
    with np.errstate(all="ignore"):
        for name in sorted({*one, *other}):
            gap = _gap(one.get(name), other.get(name))
            if gap:
                return f"{name} by {gap}"
    return _binning_difference(simpy.binning, compiled.binning)


def _arrays(engine: Engine, cells: Cells) -> Iterator[tuple[str, NDArray[Any]]]:
    # With threads, the main thread handles SIGINT during compilation.
    (block,) = map_blocks(engine.run, [BlockOfRuns(SEED, RUNS)], 1, engine.backend)
    for name in ("level", "planned", "met"):
        yield name, getattr(block, name)
    yield from block.counters.items()
    yield from block.by_consumer.items()
    yield from ((f"claims {kind}", figures) for kind, figures in block.claims.items())
    yield from ((f"flow {kind}", flow) for kind, flow in block.flows.items() if flow.any())
    yield from ((f"months {key}", sums) for key, sums in block.months.items() if sums.any())
    for path, values in block.drawn.items():
        yield f"drawn {path}", values
    orders = [(run, each.placed, each.arrived or -1, each.shells, each.cost) for run, each in block.orders]
    yield "orders", np.array(sorted(orders), dtype=float)
    yield "money", block.money
    voyages = [(run, each.departed, each.arrived or -1, each.shells) for run, each in block.voyages]
    yield "voyages", np.array(sorted(voyages), dtype=float)
    yield "cells", engine.cell_outcomes(cells, SEED, len(RUNS), 1)[0]


def _gap(one: NDArray[Any] | None, other: NDArray[Any] | None) -> str:
    if one is None or other is None or one.shape != other.shape:
        return "its shape"
    close = np.abs(one - other) <= MARGIN * np.maximum(np.maximum(np.abs(one), np.abs(other)), 1.0)
    same = (
        (one == other) | (np.isnan(one) & np.isnan(other)) | (close & np.isfinite(one) & np.isfinite(other))
    )
    return "" if same.all() else f"up to {np.nanmax(np.abs(one - other)):.6g}"


def _binning_difference(*backends: BinningBackend) -> str:
    """Compare the binning of engines, bit for bit."""
    values = np.linspace(-3.0, 40.0, 2 * 16).reshape(2, 16)
    found = []
    for put, count in backends:
        sums, least, most = np.zeros((2, 16)), np.full(2, np.inf), np.full(2, -np.inf)
        bins, counts = np.zeros((2, 16), dtype=np.uint16), np.zeros((2, 10), dtype=np.int32)
        put(values, 16, np.array([0.3, 0.5]), np.array([0.5, 1.5]), 9.0, sums, least, most, bins, 0)
        count(bins, 16, counts)
        found.append([sums, least, most, bins, counts])
    same = all(np.array_equal(one, other) for one, other in zip(*found, strict=True))
    return "" if same else "counts in bins"
