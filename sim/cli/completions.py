"""Values that a shell completes: words of an option, and paths of the scenario file on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import typer

from sim.errors import SimError

_ENDINGS = (".yaml", ".yml")
Complete = Callable[[str], Iterable[str]]


def words(*known: str) -> Complete:
    """Return the completion of an option that takes one of the known words."""

    def complete(incomplete: str) -> Iterator[str]:
        return (word for word in known if word.startswith(incomplete))

    return complete


def paths(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """Yield the paths of the numbers of the scenario file; none if it cannot be read."""
    # With the option under way the arguments are not parsed.
    file = ctx.params.get("file") or next((word for word in ctx.args if word.endswith(_ENDINGS)), None)
    if file is None:
        return
    from sim import simulate
    from sim.scenario.number_listing import list_numbers

    try:
        scenario = simulate.load(file)
    except SimError:
        return
    found = dict.fromkeys(listed.quantity.path for listed in list_numbers(scenario))
    yield from (path for path in found if path.startswith(incomplete))


def quantities(incomplete: str) -> Iterator[str]:
    """Yield the quantities of the evidence table."""
    from sim import evidence

    known = dict.fromkeys(row.quantity for row in evidence.load().values())
    yield from (name for name in known if name.startswith(incomplete))


def families(incomplete: str) -> Iterator[str]:
    """Yield the families of claimants of the evidence table."""
    from sim import evidence

    known = dict.fromkeys(row.family for row in evidence.load().values() if row.family)
    yield from (name for name in known if name.startswith(incomplete))
