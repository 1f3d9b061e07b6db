"""Munitions of a scenario that a claim counts."""

from __future__ import annotations

from collections.abc import Mapping

from sim.auditing.claims import Reason
from sim.auditing.figures import NotReadError
from sim.errors import nearest
from sim.evidence import Estimate
from sim.scenario.scenario import Scenario

#: Words of `counts` for the whole account: its munitions are artillery shells.
_WHOLE = frozenset({"munitions", "artillery", "tube-rounds", "containers", "tonnes"})
#: Words of `munition` for the whole account, in a row with an empty `counts`.
_ALL_MUNITIONS = frozenset({"", "artillery all", "mixed"})
#: Words for one calibre, with the name that a munition of it begins with.
_CALIBRES: Mapping[str, str] = {"rounds-152": "152mm", "rounds-122": "122mm"}


def munitions_counted(estimate: Estimate, scenario: Scenario) -> tuple[str, ...]:
    """Return the munitions that a claim counts; empty for all.

    The cell ``munition`` counts if it names a munition of the scenario, else ``counts``. Raise `NotReadError`
    if the scenario does not have these munitions, or not apart.
    """
    known = scenario.munitions
    named = estimate.munition
    if named in known:
        return (named,) if len(known) > 1 else ()
    if estimate.counts in _WHOLE or (not estimate.counts and named in _ALL_MUNITIONS):
        return ()
    if estimate.counts in _CALIBRES:
        return _calibre(_CALIBRES[estimate.counts], known)
    names = ", ".join(known)
    if estimate.counts:
        sentence = f"it counts {estimate.counts} ({named}), and the scenario has {names}"
        raise NotReadError(Reason.MUNITION, sentence)
    near = nearest(named, known)
    hint = f"; did you mean {near!r}?" if near else ""
    raise NotReadError(Reason.MUNITION, f"the scenario has no munition {named!r}, but {names}{hint}")


def _calibre(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(munition for munition in known if munition.startswith(name))
    if not found:
        sentence = f"it counts {name} rounds alone, and the scenario has {', '.join(known)}"
        raise NotReadError(Reason.MUNITION, sentence)
    return found
