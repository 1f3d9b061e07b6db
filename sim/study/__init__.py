"""Questions that need more than one ensemble, asked of the same draws.

What happens here, in order:

1. `naming`: what the scenarios of a comparison are called.
2. `compare`: scenarios that share their calendar run under one seed.
3. `outcome`: of each ensemble, the outcomes as one number a run.
4. `difference`: run by run, one scenario less the first: the mean, its interval, and how many dates lie
   beyond the end.
5. `comparison`: `Comparison` holds what was found, and writes it; `SavedComparison` is read back.

And where numbers vary:

1. `points`: the values of each path, read once.
2. `answers`: the outcomes of the points, run by run; what they share is computed once.
3. `designs`, `space`, `study`: which points a sweep has, and all that it is asked.
4. `identity`: what makes a point the same point again; `work`: what a worker makes of some points;
   `swept`: outcomes run by run to figures.
5. `workers`: threads or processes here, a dask cluster, or joblib; one that is killed holds nothing up.
6. `store`, `lock`, `folder`, `tabling`: finished blocks in a folder, and the table made of them.
7. `sweep`: the question itself; `saved`: `Sweep` holds what was found, in memory or read back.
8. `breakeven`: of a number, the value at which a `claim` just holds: where the count of runs that hold makes
   a `crossing`; `solved`: what was found, `telling` it in words.
9. `sensitivity`: of the `inputs` that are drawn once a run, how much of the `response` each is the `driver`
   of, by which of the `methods`; `driven`: what was found.
10. `asked`: what the last two share: of which scenario, and what is written of it; `stored`: an answer's way
    to its folder and back, a comparison's as well.

Importing this package imports neither numpy, pandas nor scipy: its names are loaded when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.asked import verb_of
    from sim.study.comparison import Comparison, SavedComparison, read_comparison
    from sim.study.difference import Difference
    from sim.study.driven import Sensitivity, read_sensitivity
    from sim.study.outcome import Outcome, outcomes
    from sim.study.solved import Breakeven, read_breakeven
    from sim.study.stored import SavedAnswer

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
    "Breakeven": "solved",
    "Comparison": "comparison",
    "Difference": "difference",
    "Outcome": "outcome",
    "SavedAnswer": "stored",
    "SavedComparison": "comparison",
    "Sensitivity": "driven",
    "outcomes": "outcome",
    "read_breakeven": "solved",
    "read_comparison": "comparison",
    "read_sensitivity": "driven",
    "verb_of": "asked",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
