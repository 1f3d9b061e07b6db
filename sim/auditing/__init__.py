"""Audit of published claims: which of them one account of the stock can meet together.

In the order of the work:

1. ``claims.py``: `Match`, a claim with the observable that it is about, and `NotComparable`, a claim with the
   reason why it has none.
2. ``judgements.py``: counting factors of families (``families.csv``) and readings of single rows
   (``readings.csv``), decided before any claim was compared with a run.
3. ``figures.py``: figure of a claim in base units; ``munition_scope.py``: munitions that it counts;
   ``periods.py``: its window within the scenario; ``cargo.py``: its suppliers, delay and conversion.
4. ``matching.py``: `match` a table of estimates with a scenario, row by row.
5. ``independence.py``: `independent_claims`, one for each claimant, quantity and period.
6. ``hindsight.py``: `find_hindsight`, inputs of a scenario that were published after a date.
7. ``claim_range.py``: least and greatest value of a claim; ``linear_account.py``: linear constraints on any
   account of a scenario; ``claim_system.py``: both as inequalities; ``exclusions.py``: `find_exclusions`,
   the smallest sets of claims that exclude each other.
8. ``input_priors.py``: inputs as functions of normal coordinates; ``claim_likelihood.py``: likelihood of
   claims with counting factors integrated out; ``claim_runs.py``: runs at given coordinates;
   ``sampler.py``: walkers in the space of the inputs; ``posterior.py``: `infer`, inputs and factors after
   the claims.
9. ``moment_matching.py``: samples without one of the claims; ``conflicts.py``: `find_conflicts`, the p-value
   of each claim given the others; ``claim_inference.py``: both, or the reason why they are not supported.
10. ``posterior_scenario.py``: scenario of the inputs after the claims, with joint samples.
11. ``audit.py``: `audit`, all of this; ``audit_result.py``: `Audit`, its result; ``audit_tables.py``: the
    tables; ``saved_audit.py``: `SavedAudit`, read back from its folder.
12. ``backtest.py``: `backtest`, what the claims of one date foretell of later ones. ``scored_claims.py``:
    which of these; ``baselines.py``: what earlier figures alone foretell; ``scores.py``: coverage and CRPS;
    ``foretold_ranges.py``: the account month by month; ``backtest_result.py``: `Backtest`, the result.
"""

from sim.auditing.claims import Bound, Match, Matching, NotComparable, Reason
from sim.auditing.hindsight import Hindsight, find_hindsight
from sim.auditing.independence import independent_claims
from sim.auditing.judgements import Family, Reading, ReadingKind, families, readings
from sim.auditing.matching import match

__all__ = [
    "Bound",
    "Family",
    "Hindsight",
    "Match",
    "Matching",
    "NotComparable",
    "Reading",
    "ReadingKind",
    "Reason",
    "families",
    "find_hindsight",
    "independent_claims",
    "match",
    "readings",
]
