"""Sampler of a posterior: two repetitions of many walkers, of which all take a step at a time.

The sampler is emcee. Two moves are ours, and one is its differential evolution:

- **Inputs, by a normal distribution.** The preconditioned Crank-Nicolson proposal: back towards the mean of a
  reference, and on by a draw of it. The reference is that of the last steps of all walkers; after a
  warm-up, which is not used, it stays as it is.
- **The run number**, which names all draws that are no inputs, by another one, under the same inputs.
- **Differential evolution**, which needs no reference.

Inputs thus move under fixed draws: if both moved at once, half of the proposals would fail by other draws
alone. The snooker move of emcee 3.1.6 is left out: it does not keep a normal distribution, whose standard
deviation it lowers by a tenth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from sim.errors import Interrupted
from sim.worker_pool import ThreadPool

Floats = NDArray[np.float64]
LogDensity = Callable[[Floats], Floats]
Proposal = tuple[Floats, Floats]
#: Steps between two reports of progress, and between two updates of a reference.
_STEPS_PER_TASK = _STEPS_PER_UPDATE = 10
#: Parts of the reference that a proposal draws anew.
_STEP_SIZES = (0.25, 0.5, 0.8, 1.0)
#: Weight of the prior in the covariance of a reference, which keeps it positive definite.
_PRIOR_WEIGHT = 0.01


class Chain:
    """One repetition, which starts from the prior.

    Parameters
    ----------
    log_density : callable
        Of points of shape (points, dimensions), whose prior is standard normal; the last coordinate is that
        of the run number.
    dimensions, walkers : int
    warm_up : int
        Steps after which the reference stays as it is.
    seed : sequence of int
    """

    def __init__(
        self, log_density: LogDensity, dimensions: int, walkers: int, warm_up: int, seed: Sequence[int]
    ) -> None:
        from emcee import EnsembleSampler, State
        from emcee.moves import DEMove, MHMove

        words = np.random.SeedSequence(list(seed)).generate_state(8)
        random = np.random.RandomState(np.random.MT19937(np.random.SeedSequence(words.tolist())))
        self._reference = _Reference(dimensions - 1)
        start = random.standard_normal((walkers, dimensions))
        moves = [(MHMove(self._reference.propose), 0.5), (MHMove(_other_number), 0.35), (DEMove(), 0.15)]
        self._sampler = EnsembleSampler(walkers, dimensions, log_density, moves=moves, vectorize=True)
        self._state = State(start, random_state=random.get_state())
        self._warm_up, self._steps = warm_up, 0

    def advance(self, steps: int) -> None:
        """Take some steps."""
        for state in self._sampler.sample(self._state, iterations=steps):
            self._state = state
            self._steps += 1
            if self._steps <= self._warm_up and self._steps % _STEPS_PER_UPDATE == 0:
                self.learn(self._steps - _STEPS_PER_UPDATE)

    def learn(self, discard: int) -> None:
        """Take the steps after some as the reference, for steps to come."""
        self._reference.update(self.coordinates(discard))

    def coordinates(self, discard: int) -> Floats:
        """Return the coordinates after some steps, shape (steps, walkers, dimensions)."""
        found: Floats = self._sampler.get_chain(discard=discard)
        return found


def advance_together(chains: Sequence[Chain], steps: int, threads: int) -> Iterator[int]:
    """Let chains take some steps in threads, and yield the steps of all of them so far.

    Raise `Interrupted` if the user stops the work; the threads end after the steps that they are at. Each
    thread does its own linear algebra: threads of that would wait for each other in loops.
    """
    from threadpoolctl import threadpool_limits

    def work(task: tuple[Chain, int]) -> None:
        task[0].advance(task[1])

    try:
        with threadpool_limits(limits=1, user_api="blas"), closing(ThreadPool(work, threads)) as pool:
            for done in range(0, steps, _STEPS_PER_TASK):
                count = min(_STEPS_PER_TASK, steps - done)
                for future in [pool.submit((chain, count)) for chain in chains]:
                    future.result()
                yield (done + count) * len(chains)
    except KeyboardInterrupt:
        raise Interrupted("interrupted: nothing was written") from None


class _Reference:
    """Normal distribution of the inputs, at first the prior."""

    def __init__(self, inputs: int) -> None:
        self._mean: Floats = np.zeros(inputs)
        self._root: Floats = np.eye(inputs)

    def update(self, coordinates: Floats) -> None:
        """Take the mean and the covariance of coordinates of shape (..., dimensions)."""
        inputs = coordinates[..., :-1].reshape(-1, len(self._mean))
        self._mean = np.asarray(inputs.mean(axis=0), dtype=np.float64)
        covariance = np.cov(inputs, rowvar=False).reshape(len(self._mean), -1)
        mixed = (1.0 - _PRIOR_WEIGHT) * covariance + _PRIOR_WEIGHT * np.eye(len(self._mean))
        self._root = np.asarray(np.linalg.cholesky(mixed), dtype=np.float64)

    def propose(self, coordinates: Floats, random: np.random.RandomState) -> Proposal:
        """Return proposed coordinates, and the log ratio of the densities of the ways back and there.

        The proposal keeps the reference, so that this is the log ratio of its densities.
        """
        from scipy.linalg import solve_triangular

        size = random.choice(_STEP_SIZES, size=(len(coordinates), 1))
        before = solve_triangular(self._root, (coordinates[:, :-1] - self._mean).T, lower=True).T
        after = np.sqrt(1.0 - size**2) * before + size * random.standard_normal(before.shape)
        proposed = np.column_stack([self._mean + after @ self._root.T, coordinates[:, -1]])
        return proposed, 0.5 * ((after**2).sum(axis=1) - (before**2).sum(axis=1))


def _other_number(coordinates: Floats, random: np.random.RandomState) -> Proposal:
    """Return coordinates with another run number of the prior, and the log ratio of its densities."""
    proposed = coordinates.copy()
    proposed[:, -1] = random.standard_normal(len(coordinates))
    return proposed, 0.5 * (proposed[:, -1] ** 2 - coordinates[:, -1] ** 2)
