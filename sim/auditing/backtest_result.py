"""Result of a backtest: scores of the claims, ranges month by month, and files."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any, ClassVar

from sim.auditing.foretold_ranges import ForetoldRange
from sim.auditing.independence import period_of
from sim.auditing.posterior import Posterior
from sim.auditing.scored_claims import BacktestClaims
from sim.auditing.scores import Score
from sim.evidence import Estimate
from sim.results.csv_text import csv_bytes
from sim.study.answer_io import SavedAnswer
from sim.study.query_info import QueryResult, read_answer

if TYPE_CHECKING:
    import pandas as pd

    from sim.findings.finding import Finding

BACKTEST_VERB, TABLE, CLAIMS_TABLE, RANGES_TABLE = "backtest", "scores.csv", "claims.csv", "ranges.csv"
PERCENTS = ("p5", "p25", "p50", "p75", "p95")
#: Columns of text in ``scores.csv``; the others are numbers.
TEXT_COLUMNS = ("claim", "claimant", "family", "quantity", "number", "unit", "published", "first", "last")
COLUMNS = (
    *TEXT_COLUMNS,
    *("figure", "spread", *PERCENTS, "place", "crps", "error"),
    *("persistence", "trend", "crps_persistence", "crps_trend", "error_persistence", "error_trend"),
)


@dataclass(frozen=True, repr=False, eq=False)
class Backtest(QueryResult):
    """What was foretold from the claims of one date, with what was published until another.

    Attributes
    ----------
    query : QueryInfo
    as_of, until : datetime.date
    claims : BacktestClaims
        Claims that are believed, scored, left out and not comparable.
    posterior : Posterior
        Given the claims that were published by the first date.
    scores : tuple of Score
        Of the scored claims, in their order.
    ranges : tuple of ForetoldRange
        Of the account, month by month.
    own_faults : tuple of str
        A line for each claim of a user's own table that is not comparable, with its place and the reason.
    describe : callable
        Returns the findings: see `sim.findings.backtest_findings`.
    """

    verb: ClassVar[str] = BACKTEST_VERB
    file: ClassVar[str] = TABLE
    packages: ClassVar[tuple[str, ...]] = ("arviz-stats", "emcee", "scipy", "scoringrules")

    as_of: dt.date
    until: dt.date
    claims: BacktestClaims
    posterior: Posterior
    scores: tuple[Score, ...]
    ranges: tuple[ForetoldRange, ...]
    own_faults: tuple[str, ...]
    describe: Callable[[Backtest], Sequence[Finding]]

    @property
    def compared(self) -> tuple[Score, ...]:
        """Scores of claims that have baselines."""
        return tuple(one for one in self.scores if one.baseline is not None)

    def figures(self) -> dict[str, Any]:
        """Return the content of ``summary.json`` without the findings."""
        claims = self.claims
        return {
            **self.query.summary_head(),
            "as_of": self.as_of.isoformat(),
            "until": self.until.isoformat(),
            "believed": len(claims.known),
            "scored": len(claims.scored),
            "left_out": len(claims.left_out),
            "not_comparable": len(claims.not_comparable),
            "within_50": sum(one.is_within_half for one in self.scores),
            "within_90": sum(one.is_within_ninety for one in self.scores),
            "crps": _mean([one.crps for one in self.scores]),
            "compared": {
                "claims": len(self.compared),
                "crps": _mean([one.crps for one in self.compared]),
                "crps_persistence": _mean([one.crps_persistence for one in self.compared]),
                "crps_trend": _mean([one.crps_trend for one in self.compared]),
                "error": _mean([one.error for one in self.compared]),
                "error_persistence": _mean([one.error_persistence for one in self.compared]),
                "error_trend": _mean([one.error_trend for one in self.compared]),
            },
            "effective": self.posterior.effective,
            "distance": self.posterior.distance,
        }

    def claims_table(self) -> pd.DataFrame:
        """Return every claim of the time between the dates, and whether it is scored."""
        import pandas as pd

        rows = [
            *((row.estimate, "scored", "") for row in self.claims.scored),
            *((row.match.estimate, "left out", row.sentence) for row in self.claims.left_out),
            *((row.estimate, "not comparable", row.sentence) for row in self.claims.not_comparable),
        ]
        columns = ("claim", "published", "claimant", "quantity", "use", "reason")
        return pd.DataFrame([_claim_row(*row) for row in rows], columns=list(columns), dtype="str")

    def ranges_table(self) -> pd.DataFrame:
        """Return the ranges of the account month by month."""
        import pandas as pd

        rows = [
            (one.number, one.unit, one.window.first.isoformat(), one.window.last.isoformat(), *one.quantiles)
            for one in self.ranges
        ]
        return pd.DataFrame(rows, columns=["number", "unit", "first", "last", *PERCENTS])

    def __repr__(self) -> str:
        return f"<Backtest of {self.query.title!r}: {self.as_of} to {self.until}, seed {self.query.seed}>"

    def _table(self) -> pd.DataFrame:
        import pandas as pd

        table = pd.DataFrame([_score_row(one) for one in self.scores], columns=list(COLUMNS))
        return table.astype({name: "str" if name in TEXT_COLUMNS else "float64" for name in COLUMNS})

    def _texts(self) -> dict[str, bytes]:
        tables = {CLAIMS_TABLE: self.claims_table(), RANGES_TABLE: self.ranges_table()}
        return {**super()._texts(), **{name: csv_bytes(table) for name, table in tables.items()}}


def _mean(numbers: Sequence[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return fmean(known) if known else None


def _claim_row(row: Estimate, use: str, reason: str) -> tuple[str, ...]:
    published = row.published.isoformat() if row.published is not None else ""
    return row.id, published, row.claimant, row.quantity, use, reason


def _score_row(one: Score) -> tuple[Any, ...]:
    row, observable, window = one.match.estimate, one.match.observable, period_of(one.match)
    published = row.published.isoformat() if row.published is not None else ""
    names = row.id, row.claimant, row.family, row.quantity, observable.label, str(observable.unit), published
    base = one.baseline
    baselines = (None, None) if base is None else (base.persistence, base.trend)
    return (
        *(*names, window.first.isoformat(), window.last.isoformat()),
        *(one.match.middle, one.match.spread, *one.foretold, one.place, one.crps, one.error),
        *(*baselines, one.crps_persistence, one.crps_trend, one.error_persistence, one.error_trend),
    )


def read_backtest(folder: str | os.PathLike[str]) -> SavedAnswer:
    """Read a backtest from its folder: ``scores.csv`` and the summary.

    Raises
    ------
    StorageError
        If the folder holds none, or a file is missing, cannot be read, or was changed.
    """
    return read_answer(folder, SavedAnswer, BACKTEST_VERB, TABLE, COLUMNS, _column_kind)


def _column_kind(_figures: Mapping[str, Any], column: str) -> str:
    return "text" if column in TEXT_COLUMNS else "number"
