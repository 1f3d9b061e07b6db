"""Claims and a linear account as one system of inequalities, and its feasibility by linear programming."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from sim.auditing.claim_range import claim_range, factor_range
from sim.auditing.claims import Match
from sim.auditing.judgements import Family
from sim.auditing.linear_account import Expression, LinearAccount, variables_of
from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
#: Shells of one unit of the linear program, so that its numbers are near one.
_SCALE = 1e5
#: Sums of violations below this, relative to the claims, are rounding.
_TOLERANCE = 1e-6


class Side(NamedTuple):
    """One end of a claim's range as an inequality.

    Attributes
    ----------
    claim : int
        Position of the claim.
    is_lower : bool
        Whether the claim is at least `bound`; else at most.
    bound : float
        In the unit of the observable.
    """

    claim: int
    is_lower: bool
    bound: float


class Weight(NamedTuple):
    """Weight of one end of a claim in a contradiction, and the counting factor at which it holds."""

    side: Side
    weight: float
    factor: float


class ClaimSystem:
    """Inequalities of claims and of the account.

    A claim is the number of the account times the counting factor of its family, which is one variable for
    all its claims; the inverse of the factor keeps this linear.

    Parameters
    ----------
    scenario : Scenario
    matches : sequence of Match
        Claims on levels, flows and cumulative counts.
    """

    def __init__(self, scenario: Scenario, matches: Sequence[Match]) -> None:
        account = LinearAccount(scenario, [match.observable for match in matches])
        base = account.constraints()
        numbers = [account.expression(match.observable) for match in matches]
        self._variables = {name: at for at, name in enumerate(variables_of([*base, *numbers]))}
        families = {match.family.name: match.family for match in matches if match.family is not None}
        self._families: dict[str, Family] = families
        self._factors = {name: len(self._variables) + at for at, name in enumerate(families)}
        self._width = len(self._variables) + len(families)
        self._base = self._rows([(one, None, 0.0, 1.0) for one in base])
        self._names = [match.family.name if match.family else None for match in matches]
        self.sides: list[Side] = []
        rows = []
        for claim, (match, number) in enumerate(zip(matches, numbers, strict=True)):
            low, high = claim_range(match)
            if low > 0.0:
                self.sides.append(Side(claim=claim, is_lower=True, bound=low))
                rows.append((number, self._names[claim], low, -match.middle))
            if high < math.inf:
                self.sides.append(Side(claim=claim, is_lower=False, bound=high))
                rows.append((number, self._names[claim], high, match.middle))
        self._claims = self._rows(rows)
        self._size = np.array([abs(row[3]) for row in rows])
        #: Right-hand sides: of claims without a family their bound, relative to their middle figure.
        self._right = np.array([0.0 if name else bound / size for _, name, bound, size in rows])
        inverse = [factor_range(family) for family in families.values()]
        self._bounds = [(0.0, None)] * len(self._variables) + [
            (1 / each.high, 1 / each.low) for each in inverse
        ]
        self.solved = 0

    def contradiction(self, claims: Collection[int]) -> list[Weight]:
        """Return the weighted ends of claims that contradict each other; empty if the claims are consistent.

        The weighted lower ends exceed the weighted upper ends, which no account allows. The claims are among
        those given.
        """
        chosen = [row for row, side in enumerate(self.sides) if side.claim in claims]
        if not chosen:
            return []
        self.solved += 1
        right = self._right[chosen]
        excess = np.vstack([np.zeros((len(self._base), len(chosen))), -np.eye(len(chosen))])
        found = linprog(
            np.concatenate([np.zeros(self._width), np.ones(len(chosen))]),
            A_ub=np.hstack([np.vstack([self._base, self._claims[chosen]]), excess]),
            b_ub=np.concatenate([np.zeros(len(self._base)), right]),
            bounds=[*self._bounds, *[(0.0, None)] * len(chosen)],
            method="highs",
        )
        if found.fun <= _TOLERANCE:
            return []
        prices = -found.ineqlin.marginals[len(self._base) :]
        return self._weights(chosen, np.where(prices > _TOLERANCE, prices, 0.0))

    def _weights(self, chosen: Sequence[int], prices: Floats) -> list[Weight]:
        """Return the ends with a price, each with the factor of its family that is kindest to the claims."""
        used = [(row, price) for row, price in zip(chosen, prices.tolist(), strict=True) if price > 0.0]
        net: dict[str, float] = {}
        for row, price in used:
            side, size = self.sides[row], self._size[row]
            name = self._names[side.claim]
            if name is not None:
                sign = 1.0 if side.is_lower else -1.0
                net[name] = net.get(name, 0.0) + sign * price * side.bound / size
        factors = {
            name: factor_range(self._families[name])[1 if total > 0.0 else 0] for name, total in net.items()
        }
        return [
            Weight(
                self.sides[row],
                price / self._size[row],
                factors.get(self._names[self.sides[row].claim] or "", 1.0),
            )
            for row, price in used
        ]

    def _rows(self, rows: Sequence[tuple[Expression, str | None, float, float]]) -> Floats:
        """Return rows of expressions over a size, less a bound times the inverse factor of a family.

        A negative size makes an upper bound of the expression a lower one.
        """
        matrix = np.zeros((len(rows), self._width))
        for at, (expression, name, bound, size) in enumerate(rows):
            for variable, weight in expression.items():
                matrix[at, self._variables[variable]] = weight * _SCALE / size
            if name is not None:
                matrix[at, self._factors[name]] = -bound / size
        return matrix
