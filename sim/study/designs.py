"""Space-filling designs: Latin hypercube, Sobol and Halton points over ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ArgumentError, Fault, nearest
from sim.scenario.number_listing import ListedNumber
from sim.scenario.study_file import DESIGN_KINDS
from sim.scenario.value_ranges import MAX_POINTS, Grid, interpolate

__all__ = ["DESIGN_KINDS", "Design", "Grid"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """Space-filling points over ranges of several numbers.

    Attributes
    ----------
    kind : {"lhs", "sobol", "halton"}
        Latin hypercube, or scrambled Sobol or Halton sequence, from `scipy.stats.qmc`.
    points : int
        Number of points; a power of 2 for ``sobol``, which its balance requires.
    ranges : mapping of str to (low, high)
        Range of each path, as text or in base units.

    References
    ----------
    Owen, "Scrambled net variance for integrals of smooth functions", Annals of Statistics 25 (1997);
    McKay, Beckman and Conover, Technometrics 21 (1979).
    """

    kind: str
    points: int
    ranges: Mapping[str, tuple[Any, Any]]

    def check(self) -> None:
        """Raise `ArgumentError` if the kind, the number of points or an empty design is invalid."""
        faults = []
        if self.kind not in DESIGN_KINDS:
            near = nearest(str(self.kind), DESIGN_KINDS)
            faults.append(
                Fault(f"there is no design {self.kind!r}", allowed=", ".join(DESIGN_KINDS), nearest=near)
            )
        if not 1 <= self.points <= MAX_POINTS:
            faults.append(Fault(f"{self.points} points of a design", allowed=f"1 to {MAX_POINTS:,}"))
        elif self.kind == "sobol" and self.points & (self.points - 1):
            power = 1 << round(float(np.log2(self.points)))
            problem = f"{self.points} points of a Sobol design"
            faults.append(Fault(problem, allowed="a power of 2", nearest=str(power)))
        if not self.ranges:
            faults.append(Fault("the design has no range", allowed="PATH=LOW:HIGH"))
        if faults:
            raise ArgumentError(faults)

    def unit_cube(self, seed: int) -> Floats:
        """Return the points in the unit cube, shape (points, ranges), determined by `seed`."""
        from scipy.stats import qmc

        kinds = {"lhs": qmc.LatinHypercube, "sobol": qmc.Sobol, "halton": qmc.Halton}
        sampler = kinds[self.kind](len(self.ranges), seed=np.random.default_rng(seed))
        return np.asarray(sampler.random(self.points), dtype=np.float64)

    def values(self, listed: Mapping[str, ListedNumber], seed: int) -> dict[str, tuple[Any, ...]]:
        """Return the value of each path at every point."""
        unit = self.unit_cube(seed)
        found: dict[str, tuple[Any, ...]] = {}
        faults: list[Fault] = []
        for column, (path, (low, high)) in enumerate(self.ranges.items()):
            try:
                found[path] = interpolate(
                    path, listed.get(path), low, high, unit[:, column].tolist(), whole=True
                )
            except ArgumentError as error:
                faults += error.faults
        if faults:
            raise ArgumentError(faults)
        return found
