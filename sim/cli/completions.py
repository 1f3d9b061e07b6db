"""Values that a shell completes: words of an option, and paths of the scenario file on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import typer

from sim.errors import SimError

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

_ENDINGS = (".yaml", ".yml")
Complete = Callable[[str], Iterable[str]]


def words(*known: str) -> Complete:
    """Return the completion of an option that takes one of the known words."""

    def complete(incomplete: str) -> Iterator[str]:
        return (word for word in known if word.startswith(incomplete))

    return complete


def paths(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """Yield the paths of the numbers of the scenario file; none if it cannot be read."""
    scenario = _scenario(ctx)
    if scenario is None:
        return
    from sim.scenario.number_listing import list_numbers

    found = dict.fromkeys(listed.quantity.path for listed in list_numbers(scenario))
    yield from (path for path in found if path.startswith(incomplete))


def outcomes(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """Yield the outcomes of the scenario file; those of every scenario if it cannot be read."""
    from sim.outcomes import outcomes_of_run
    from sim.scenario.result_axes import result_axes

    scenario = _scenario(ctx)
    if scenario is None:
        found = outcomes_of_run(())
    else:
        axes = result_axes(scenario)
        found = outcomes_of_run(axes.thresholds, tuple(scenario.consumption), axes.added_outcomes)
    yield from (outcome.name for outcome in found if outcome.name.startswith(incomplete))


def targets(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """Yield the outcomes of `outcomes` that a break-even search takes."""
    from sim.account import REACHES
    from sim.outcomes import BELOW, EXHAUSTED, MET, RATIONED_FROM, UNMET, split_consumer
    from sim.study.target_level import AT_LEAST

    known = {EXHAUSTED, RATIONED_FROM, UNMET, REACHES, *AT_LEAST}
    found = outcomes(ctx, incomplete)
    yield from (name for name in found if split_consumer(name)[0] in known or name.startswith(BELOW))
    if MET.startswith(incomplete):
        yield MET


def _scenario(ctx: typer.Context) -> Scenario | None:
    """Return the scenario of the file on the command line; None if there is none, or it cannot be read."""
    # With the option under way the arguments are not parsed.
    file = ctx.params.get("file") or next((word for word in ctx.args if word.endswith(_ENDINGS)), None)
    if file is None:
        return None
    from sim import simulate

    try:
        return simulate.load(file)
    except SimError:
        return None


def estimate_values(column: str) -> Complete:
    """Return the completion of an option that takes a value of a column of the evidence table."""

    def complete(incomplete: str) -> Iterator[str]:
        from sim import evidence

        known = dict.fromkeys(getattr(row, column) for row in evidence.load().values())
        return (name for name in known if name and name.startswith(incomplete))

    return complete
