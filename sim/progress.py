"""Progress bar for notebooks and scripts: a callback (done, total) for `sim.run` and the studies."""

from __future__ import annotations

import warnings
from typing import Any


class ProgressBar:
    """tqdm bar that opens on the first call and closes when all is done; `what` is its unit."""

    def __init__(self, what: str = "runs") -> None:
        self._what = what
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Update the bar to `done` of `total`."""
        if self._bar is None:
            with warnings.catch_warnings():
                # Without widgets tqdm warns and falls back to text, which is intended.
                warnings.filterwarnings("ignore", message="IProgress not found")
                from tqdm.auto import tqdm

            self._bar = tqdm(total=total, unit=f" {self._what}", leave=False)
        self._bar.update(done - self._bar.n)
        if done >= total:
            self._bar.close()
            self._bar = None


def progress_bar(what: str = "runs") -> ProgressBar:
    """Return a progress bar: a widget in a notebook that can show one, else text on standard error.

    Parameters
    ----------
    what : str
        Unit of the counter.

    Examples
    --------
    >>> import sim
    >>> sim.run("scenarios/white-house-2023.yaml", progress=sim.progress_bar())
    """
    return ProgressBar(what)
