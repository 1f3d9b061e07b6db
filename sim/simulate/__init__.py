"""Run scenarios: load, choose the engine, run on all cores, aggregate.

The public API, the command line and every study use this package; `sim.engines` has the engines.

1. `loading`: a checked scenario from a file or plain data, with its warnings.
2. `running`: an ensemble of runs, or the trace of one; `live_ensemble`: one ensemble under changing inputs;
   `given_inputs`: observables as a function of inputs; `cells`: outcomes of a study.
3. `provenance`: cited sources and caveats, for results; `describing`: findings of studies.
"""

from sim.engines.engine import Cells
from sim.simulate.cells import (
    cell_outcomes,
    engine_findings,
    engine_path,
    event_days,
    lower_scenario,
    outcome_names,
)
from sim.simulate.describing import (
    describe_audit,
    describe_backtest,
    describe_breakeven,
    describe_comparison,
    describe_sensitivity,
    describe_solved_stock,
)
from sim.simulate.given_inputs import GivenInputs
from sim.simulate.live_ensemble import LiveEnsemble
from sim.simulate.loading import Rules, ScenarioLike, as_scenario, evidence_of, load, warnings
from sim.simulate.provenance import ScenarioProvenance, provenance_of
from sim.simulate.running import DEFAULT_RUNS, MAX_SIMPY_RUNS, Progress, check_arguments, run, trace

__all__ = [
    "DEFAULT_RUNS",
    "MAX_SIMPY_RUNS",
    "Cells",
    "GivenInputs",
    "LiveEnsemble",
    "Progress",
    "Rules",
    "ScenarioLike",
    "ScenarioProvenance",
    "as_scenario",
    "cell_outcomes",
    "check_arguments",
    "describe_audit",
    "describe_backtest",
    "describe_breakeven",
    "describe_comparison",
    "describe_sensitivity",
    "describe_solved_stock",
    "engine_findings",
    "engine_path",
    "event_days",
    "evidence_of",
    "load",
    "lower_scenario",
    "outcome_names",
    "provenance_of",
    "run",
    "trace",
    "warnings",
]
