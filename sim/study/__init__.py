"""Studies: questions that take more than one ensemble, answered under common random numbers.

Comparing scenarios, in the order of the work:

1. `scenario_labels`: the scenarios, loaded together, and their short, unique names.
2. `compare`: run the scenarios under one seed, each paired with the first.
3. `ensemble_outcomes`: the outcomes of an ensemble, one number a run.
4. `paired_difference`: mean paired difference, its confidence interval, and its censored dates.
5. `comparison_result`: `Comparison`, the result; `read_comparison` reads it from a folder.

Evaluating many points:

1. `axis`: the values of one path, parsed and checked.
2. `evaluation`: outcomes at many points, run by run; points share their draws.

Sweeps:

1. `designs`, `point_space`, `study_definition`: grids and space-filling designs, the points, the whole study.
2. `point_keys`: cache keys of points.
3. `sweep_task`, `point_statistics`: the work of one worker; summary statistics of a point.
4. `backends`: threads, processes, dask or joblib.
5. `block_store`, `sweep_table`: finished blocks on disk, and the table.
6. `sweep_runner`, `sweep`: run or resume a sweep in a folder; the public function.
7. `sweep_breakeven`: break-even values of the paths of a sweep.
8. `sweep_result`: `Sweep`, the result, in memory or read from a folder.

Break-even and sensitivity:

1. `query_info`, `answer_io`: base classes of results, with their provenance and files.
2. `target`, `target_level`, `solved_number`: the condition, and the number to solve for; `known_paths`:
   suggestions for an unknown path; `bracketing`, `breakeven_evaluator`, `breakeven`: root bracketing, counts
   of runs at a value, the search; `near_miss`: why no value holds.
3. `breakeven_result`: `Breakeven`, the result; `unknown_stock`: `sim.run`, which solves for an unknown stock.
4. `uncertain_inputs`, `input_response`: inputs drawn once a run; outcomes as a function of them.
5. `sensitivity_indices`, `sensitivity_methods`, `sensitivity`: estimators, designs, the public function.
6. `sensitivity_result`: `Sensitivity`, the result.

Importing this package imports neither numpy, pandas nor scipy: its names are loaded on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.breakeven_result import Breakeven, read_breakeven
    from sim.study.comparison_result import Comparison, read_comparison
    from sim.study.query_info import verb_of
    from sim.study.sensitivity_result import Sensitivity, read_sensitivity

__all__ = [
    "Breakeven",
    "Comparison",
    "Sensitivity",
    "read_breakeven",
    "read_comparison",
    "read_sensitivity",
    "verb_of",
]

_HOMES = {
    "Breakeven": "breakeven_result",
    "Comparison": "comparison_result",
    "Sensitivity": "sensitivity_result",
    "read_breakeven": "breakeven_result",
    "read_comparison": "comparison_result",
    "read_sensitivity": "sensitivity_result",
    "verb_of": "query_info",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
