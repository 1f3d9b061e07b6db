"""Interface of an engine, for `sim.simulate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from sim.results.table_names import TABLES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.account import Axes
    from sim.ensemble.scenario_tables import Plan
    from sim.results.binning import BinningBackend
    from sim.results.block import Block
    from sim.results.observed_runs import Observation
    from sim.results.trace_tables import Entries
    from sim.scenario.scenario import Scenario

    Floats = NDArray[np.float64]


class BlockOfRuns(NamedTuple):
    """Task of one worker: runs by their numbers."""

    seed: int
    runs: range
    days: range | None = None
    """Days of which levels and flows are needed, and nothing else; None for all figures of all days."""
    tables: tuple[str, ...] = TABLES
    """Tables of a result for which figures are needed."""
    observation: Observation | None = None
    """Observables to evaluate; the days are then all."""


class Cells(NamedTuple):
    """Cells of a study: values of several numbers of one scenario, as given and lowered."""

    scenario: Scenario
    plan: Plan
    paths: tuple[str, ...]
    values: Floats
    """Values by cell and path in base units; dates as ordinals."""


class Engine(Protocol):
    """An engine for one scenario; both engines return the same figures."""

    @property
    def name(self) -> str:
        """``simpy`` or ``compiled``."""
        ...

    @property
    def axes(self) -> Axes:
        """Axes of the results."""
        ...

    @property
    def backend(self) -> Literal["processes", "threading"]:
        """Kind of workers that run blocks in parallel."""
        ...

    @property
    def is_fast(self) -> bool:
        """Whether to run blocks again for other days costs less than the memory of all days."""
        ...

    @property
    def binning(self) -> BinningBackend:
        """Functions that count the values of many runs in bins."""
        ...

    def allocate(self, shape: tuple[int, ...]) -> Floats:
        """Return an uninitialised array for the values of many runs."""
        ...

    def split(self, runs: int, workers: int) -> list[range]:
        """Return the run numbers 0 to `runs` - 1 in blocks of a size that suits the engine."""
        ...

    def run(self, block: BlockOfRuns) -> Block:
        """Simulate a block of runs; raise `RunError` with its number if a run fails."""
        ...

    def entries(self, seed: int, run: int) -> Entries:
        """Return the ledger of one run; raise `RunError` if it fails."""
        ...

    def cell_outcomes(
        self, cells: Cells, seed: int, runs: int, jobs: int | None
    ) -> tuple[Floats, dict[int, str]]:
        """Return the outcomes of cells, and the reasons of failed cells by index.

        The outcomes have the shape (outcomes, cells, runs) and the order of `computed_by_engines`; those of
        failed runs are nan.
        """
        ...
