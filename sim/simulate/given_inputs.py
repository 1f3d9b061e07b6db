"""Observables of a scenario as a function of its inputs: the runs of an inference."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.engines.selection import make_engine, resolve_engine, run_on_path
from sim.errors import EngineError
from sim.scenario.scenario import Scenario
from sim.simulate.running import observation_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.ensemble.native.paths import EnginePath
    from sim.observables import Observable

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
#: Most runs of one worker at a time; the numbers do not depend on it.
_RUNS_PER_TASK = 256


class GivenInputs:
    """Runs of a scenario whose inputs are given, in the compiled engine.

    Other inputs are drawn as in `sim.run`, by seed and run number: under the same number two runs differ
    only by their inputs.

    Parameters
    ----------
    scenario : Scenario
    paths : sequence of str
        Inputs that are given; each must be drawn once a run.
    observables : sequence of Observable
    seed : int
    jobs : int, optional
        Number of workers; by default all cores. The numbers do not depend on it.

    Raises
    ------
    ArgumentError
        The account does not have an observable.
    EngineError
        The compiled engine cannot run on this machine.
    """

    def __init__(
        self,
        scenario: Scenario,
        paths: Sequence[str],
        observables: Sequence[Observable],
        *,
        seed: int,
        jobs: int | None = None,
    ) -> None:
        from sim.engines.compiled_engine import CompiledEngine

        def work(path: EnginePath) -> CompiledEngine:
            made = make_engine(scenario, path)
            if not isinstance(made, CompiledEngine):
                raise EngineError("given inputs need the compiled engine")
            return made

        self.paths = tuple(paths)
        self._observation = observation_of(scenario, observables)
        self._engine = run_on_path(resolve_engine("compiled"), work)
        self._seed, self._jobs = seed, jobs

    def observed(self, inputs: Floats, numbers: Ints) -> Floats:
        """Return the observables of some runs, shape (runs, observables); nan in runs that fail.

        Parameters
        ----------
        inputs : array, shape (runs, paths)
            In base units; dates in days from the start.
        numbers : array of int, shape (runs,)
            Run numbers.
        """
        import numpy as np

        from sim.ensemble.pool import count_workers, map_blocks

        workers = count_workers(self._jobs, len(numbers))
        size = min(_RUNS_PER_TASK, -(-len(numbers) // workers))
        parts = [slice(first, first + size) for first in range(0, len(numbers), size)]
        work = partial(self._part, inputs, numbers)
        # A single worker is this thread: a thread for each call takes longer than a small block.
        found = map(work, parts) if workers == 1 else map_blocks(work, parts, workers, "threading")
        return np.concatenate([*found])

    def _part(self, inputs: Floats, numbers: Ints, part: slice) -> Floats:
        given = dict(zip(self.paths, inputs[part].T, strict=True))
        return self._engine.observe_given(self._seed, numbers[part].tolist(), given, self._observation)
