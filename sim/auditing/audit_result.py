"""Result of an audit: tables, findings and files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from sim.auditing import audit_tables
from sim.auditing.audit_tables import AUDIT_VERB, EXCLUSIONS, FACTORS, INPUTS, TABLE
from sim.auditing.claim_inference import ClaimInference
from sim.auditing.claims import Matching, NotComparable
from sim.auditing.conflicts import Conflict
from sim.auditing.exclusions import Exclusions
from sim.auditing.independence import Independence
from sim.auditing.matching import faulty_cell
from sim.auditing.posterior import MAX_DISTANCE, MIN_EFFECTIVE, Posterior
from sim.errors import Fault
from sim.evidence import Table
from sim.results.csv_text import csv_bytes
from sim.results.reader import TABLE_COLUMNS
from sim.results.result import Result
from sim.study.query_info import QueryResult

if TYPE_CHECKING:
    import pandas as pd

    from sim.findings.finding import Finding


@dataclass(frozen=True, eq=False)
class Drawdown:
    """Runs of the inputs after the claims, and the scenario with its files by name."""

    result: Result
    files: Mapping[str, bytes]


@dataclass(frozen=True, repr=False, eq=False)
class Audit(QueryResult):
    """Claims compared with one account; a row of the table for each claim.

    Attributes
    ----------
    query : QueryInfo
        ``text`` is the scenario after the claims, if there is one.
    as_of : datetime.date or None
        Last day whose publications count; None for all.
    table_of_claims : Table
    matching : Matching
        Each claim, matched with a number of the account or not comparable.
    independence : Independence
        Which matched claims are independent.
    exclusions, exclusions_alike : Exclusions
        Sets of claims that exclude each other; ``alike`` if all families count the same thing.
    inference : ClaimInference
        Inputs and counting factors after the claims, and conflicts, or why there are none.
    drawdown : Drawdown or None
        Runs of the inputs after the claims; None if the inference is not supported.
    written : mapping of str to str
        Text of each number in the file, by path.
    after : mapping of str to str
        Event from which a date counts, by path.
    describe : callable
        Returns the findings: see `sim.findings.audit_findings`.
    """

    verb: ClassVar[str] = AUDIT_VERB
    file: ClassVar[str] = TABLE
    packages: ClassVar[tuple[str, ...]] = ("arviz-stats", "emcee", "scipy")

    as_of: dt.date | None
    table_of_claims: Table
    matching: Matching
    independence: Independence
    exclusions: Exclusions
    exclusions_alike: Exclusions
    inference: ClaimInference
    drawdown: Drawdown | None
    describe: Callable[[Audit], Sequence[Finding]]
    written: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)

    @property
    def posterior(self) -> Posterior | None:
        """Inputs and counting factors after the claims; None if the samples do not support them."""
        return self.inference.posterior

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Conflict of each independent claim with the others."""
        return self.inference.conflicts

    @property
    def own_faults(self) -> tuple[str, ...]:
        """A line for each claim of a user's own table that is not comparable, with its place and the reason.

        Claims of the shipped table are not among them: most of those are about other things.
        """
        return own_faults(self.table_of_claims, self.matching)

    @cached_property
    def table_of_exclusions(self) -> pd.DataFrame:
        """A row for each end of a claim in a set of claims that exclude each other."""
        return audit_tables.exclusions(self.exclusions, self.exclusions_alike)

    @cached_property
    def factors(self) -> pd.DataFrame:
        """Counting factor of each family before and after the claims; empty without a posterior."""
        return audit_tables.factors(self.posterior)

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """Each input before and after the claims; empty without a posterior."""
        return audit_tables.inputs(self.posterior)

    def figures(self) -> dict[str, Any]:
        """Return the content of ``summary.json`` without the findings."""
        posterior = self.posterior
        return {
            **self.query.summary_head(),
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "claims": {
                "all": len(self.matching.rows),
                "matched": len(self.matching.matched),
                "independent": len(self.independence.independent),
                "not_comparable": {str(reason): count for reason, count in self.matching.counts().items()},
            },
            "exclusions": _counts(self.exclusions),
            "exclusions_alike": _counts(self.exclusions_alike),
            "inference": {
                "supported": posterior is not None,
                "refusal": self.inference.refusal,
                "effective": None if posterior is None else posterior.effective,
                "least_effective": MIN_EFFECTIVE,
                "distance": None if posterior is None else posterior.distance,
                "largest_distance": MAX_DISTANCE,
                "repeated": sum(one.is_repeated for one in self.conflicts),
            },
            "drawdown": None if self.drawdown is None else self.drawdown.result.figures(),
        }

    def __repr__(self) -> str:
        date = "" if self.as_of is None else f" as of {self.as_of}"
        return f"<Audit of {self.query.title!r}{date}: {len(self.matching.matched)} claims>"

    def _texts(self) -> dict[str, bytes]:
        tables = {EXCLUSIONS: self.table_of_exclusions, FACTORS: self.factors, INPUTS: self.inputs}
        found = {**super()._texts(), **{name: csv_bytes(table) for name, table in tables.items()}}
        if self.drawdown is not None:
            runs = self.drawdown.result.files()
            found |= {f"{name}.csv": runs[f"{name}.csv"] for name in TABLE_COLUMNS}
            found |= self.drawdown.files
        return found

    def _table(self) -> pd.DataFrame:
        return audit_tables.claims(self.matching, self.independence, self.conflicts)


def own_faults(table: Table, matching: Matching) -> tuple[str, ...]:
    """Return a line for each claim of a user's own table that is not comparable; see `Audit.own_faults`."""
    own = (row for row in matching.not_comparable if not table.position(row.estimate.id).file.startswith("<"))
    return tuple(str(_own_fault(table, row)) for row in own)


def _own_fault(table: Table, row: NotComparable) -> Fault:
    problem = f"{row.estimate.id} is not compared: {row.sentence}"
    cell = faulty_cell(row)
    return Fault(problem, table.position(row.estimate.id, cell.column), *cell)


def _counts(found: Exclusions) -> dict[str, Any]:
    return {"sets": len(found.sets), "complete": found.is_complete}
