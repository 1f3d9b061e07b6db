"""Names that the caller defines outside the file: evidence ids and rationing rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from sim.scenario.frozen_dict import FrozenDict

#: (requirement, planned, level, cover, mean_inflow) -> shells (rule 13).
Rule = Callable[[float, float, float, float, float], float]
#: (bytes, name) of an evidence table -> its ids.
ReadIds = Callable[[bytes, str], Collection[str]]


class ExternalNames(NamedTuple):
    """Evidence ids and rationing rules that a scenario may name without defining them."""

    #: Evidence ids; None accepts any.
    sources: frozenset[str] | None = None
    #: Reads the ids of a user's table. Raises `InputError` if the table is invalid or repeats an id of
    #: `sources`. If None, a scenario with its own table may cite any source.
    ids_of: ReadIds | None = None
    #: Rationing rules besides the built-in ones.
    rules: Mapping[str, Rule] = FrozenDict()


NO_EXTERNAL_NAMES = ExternalNames()
