"""A progress bar for notebooks and scripts: what `sim.run` and the studies call with (done, total)."""

from __future__ import annotations

import warnings
from typing import Any


class ProgressBar:
    """A bar of tqdm that appears with the first call and goes when all is done.

    Parameters
    ----------
    what : str
        What is counted.
    """

    def __init__(self, what: str = "runs") -> None:
        self._what = what
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` are done."""
        if self._bar is None:
            self._bar = _open_bar(self._what, total)
        self._bar.update(done - self._bar.n)
        if done >= total:
            self._bar.close()
            self._bar = None


def progress_bar(what: str = "runs") -> ProgressBar:
    """Return a progress bar: a widget in a notebook that can show one, else text on standard error.

    Parameters
    ----------
    what : str
        What is counted.

    Examples
    --------
    >>> import sim
    >>> sim.run("scenarios/white-house-2023.yaml", progress=sim.progress_bar())
    """
    return ProgressBar(what)


def _open_bar(what: str, total: int) -> Any:
    with warnings.catch_warnings():
        # Without widgets tqdm warns, with a path of the machine, and then shows text: that is what is wanted.
        warnings.filterwarnings("ignore", message="IProgress not found")
        from tqdm.auto import tqdm

    return tqdm(total=total, unit=f" {what}", leave=False)
