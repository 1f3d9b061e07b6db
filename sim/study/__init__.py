"""Questions that need more than one ensemble, asked of the same draws.

What happens here, in order:

1. `labels`: what the scenarios of a comparison are called.
2. `compare`: scenarios that share their calendar run under one seed.
3. `ensemble_outcomes`: of each ensemble, the outcomes as one number a run.
4. `paired_difference`: run by run, one scenario less the first: the mean, its interval, and how many dates lie
   beyond the end.
5. `comparison_result`: `Comparison` holds what was found, and writes it; `SavedComparison` is read back.

And where numbers vary:

1. `axis`: the values of each path, read once.
2. `evaluation`: the outcomes of the points, run by run; what they share is computed once.
3. `designs`, `point_space`, `study_definition`: which points a sweep has, and all that it is asked.
4. `point_keys`: what makes a point the same point again; `sweep_task`: what a worker makes of some points;
   `point_statistics`: outcomes run by run to figures.
5. `backends`: threads or processes here, a dask cluster, or joblib; one that is killed holds nothing up.
6. `block_store`, `sweep_lock`, `sweep_runner`, `sweep_table`: finished blocks in a folder, and the table made of them.
7. `sweep`: the question itself; `sweep_result`: `Sweep` holds what was found, in memory or read back.
8. `breakeven`: of a number, the value at which a `target` just holds: where the count of runs that hold makes
   a `bracketing`; `breakeven_result`: what was found, `breakeven_text` it in words.
9. `sensitivity`: of the `uncertain_inputs` that are drawn once a run, how much of the `input_response` each is the `sensitivity_indices`
   of, by which of the `sensitivity_methods`; `sensitivity_result`: what was found.
10. `query_info`: what the last two share: of which scenario, and what is written of it; `answer_io`: an answer's way
    to its folder and back, a comparison's as well.

Importing this package imports neither numpy, pandas nor scipy: its names are loaded when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.answer_io import SavedAnswer
    from sim.study.breakeven_result import Breakeven, read_breakeven
    from sim.study.comparison_result import Comparison, SavedComparison, read_comparison
    from sim.study.ensemble_outcomes import Outcome, outcomes
    from sim.study.paired_difference import Difference
    from sim.study.query_info import verb_of
    from sim.study.sensitivity_result import Sensitivity, read_sensitivity

__all__ = [
    "Breakeven",
    "Comparison",
    "Difference",
    "Outcome",
    "SavedAnswer",
    "SavedComparison",
    "Sensitivity",
    "outcomes",
    "read_breakeven",
    "read_comparison",
    "read_sensitivity",
    "verb_of",
]

_HOMES = {
    "Breakeven": "breakeven_result",
    "Comparison": "comparison_result",
    "Difference": "paired_difference",
    "Outcome": "ensemble_outcomes",
    "SavedAnswer": "answer_io",
    "SavedComparison": "comparison_result",
    "Sensitivity": "sensitivity_result",
    "outcomes": "ensemble_outcomes",
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
