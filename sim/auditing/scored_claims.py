"""Claims that a backtest scores, chosen by a rule before anything is foretold.

Of the claims published after one date and up to another:

1. only those that match a number of the account; the others have their reason, as in every audit;
2. no bound, which is no figure to hit;
3. of the others one for each claimant, quantity, munition and period (`independent_claims`);
4. none whose claimant had given a figure or a bound for the same quantity and period by the first date, which
   the inference believes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from sim.auditing.claims import Match, NotComparable
from sim.auditing.independence import Dependent, independent_claims, is_same_subject
from sim.auditing.matching import match
from sim.evidence import Estimate
from sim.scenario.scenario import Scenario


class BacktestClaims(NamedTuple):
    """Claims of a backtest, each in the order of the table.

    Attributes
    ----------
    known : tuple of Match
        Independent claims published by the first date, which the inference believes.
    scored : tuple of Match
        Independent figures published after it, up to the second date.
    left_out : tuple of Dependent
        Comparable claims of the same time that are not scored, each with the reason.
    not_comparable : tuple of NotComparable
        The other claims of that time.
    """

    known: tuple[Match, ...]
    scored: tuple[Match, ...]
    left_out: tuple[Dependent, ...]
    not_comparable: tuple[NotComparable, ...]


def backtest_claims(
    table: Mapping[str, Estimate], scenario: Scenario, as_of: dt.date, until: dt.date
) -> BacktestClaims:
    """Return the claims of a backtest by the rule of this module."""
    known = independent_claims(match(table, scenario, as_of=as_of).matched).independent
    rows = [
        row for row in match(table, scenario, as_of=until).rows if _is_between(row.estimate, as_of, until)
    ]
    matched = [row for row in rows if isinstance(row, Match)]
    bounds = [row for row in matched if row.is_bound]
    independent, dependent = independent_claims(row for row in matched if row not in bounds)
    others = [*(Dependent(row, "a bound is no figure to hit") for row in bounds), *dependent]
    scored, left_out = [], {each.match.estimate.id: each for each in others}
    for row in independent:
        twin = next((each for each in known if is_same_subject(row, each)), None)
        if twin is not None:
            sentence = f"the same claimant, quantity and period as {twin.estimate.id}, published by {as_of}"
            left_out[row.estimate.id] = Dependent(row, sentence)
        else:
            scored.append(row)
    order = {row.estimate.id: place for place, row in enumerate(matched)}
    return BacktestClaims(
        known,
        tuple(scored),
        tuple(sorted(left_out.values(), key=lambda each: order[each.match.estimate.id])),
        tuple(row for row in rows if isinstance(row, NotComparable)),
    )


def _is_between(row: Estimate, as_of: dt.date, until: dt.date) -> bool:
    return row.published is not None and as_of < row.published <= until
