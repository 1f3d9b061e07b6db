"""What the caller knows besides the file: ids of evidence, and rules of rationing of his own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from sim.scenario.frozen_dict import FrozenDict

#: (requirement, planned, level, cover, mean_inflow) -> shells (rule 13).
Rule = Callable[[float, float, float, float, float], float]
#: From the bytes and the name of a table of evidence to its ids.
ReadIds = Callable[[bytes, str], Collection[str]]


class ExternalNames(NamedTuple):
    """What a scenario may name although no scenario file says it.

    Attributes
    ----------
    sources : frozenset of str or None
        Ids of evidence; None takes any.
    ids_of : IdsOf or None
        Reads a table of the user's own. It raises an `InputError` where the
        table is not whole, or an id is among `sources` already. Without it, a file that names a table of its
        own may name any source.
    rules : mapping of str to Rule
        Rules of rationing besides those that every file may name.
    """

    sources: frozenset[str] | None = None
    ids_of: ReadIds | None = None
    rules: Mapping[str, Rule] = FrozenDict()


NO_EXTERNAL_NAMES = ExternalNames()
