"""Progress bar on standard error, with rate and remaining time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sim.simulate import Progress


@contextmanager
def progress_bar(*, wanted: bool, noun: str = "runs") -> Iterator[Progress | None]:
    """Show a progress bar for the duration of the block; yield a callback for (done, total).

    Parameters
    ----------
    wanted : bool
        False shows no bar. There is no bar either if standard error is not a terminal.
    noun : str
        What is counted.
    """
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """What is counted, per second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f} {noun}/s" if task.speed else "")

    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(noun, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
