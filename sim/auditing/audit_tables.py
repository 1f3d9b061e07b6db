"""Tables of an audit: claims, exclusions, counting factors and inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.auditing.claims import Match, Matching, NotComparable

if TYPE_CHECKING:
    import pandas as pd

    from sim.auditing.conflicts import Conflict
    from sim.auditing.exclusions import Exclusions
    from sim.auditing.independence import Independence
    from sim.auditing.posterior import Parameter, Posterior

AUDIT_VERB = "audit"
TABLE = "claims.csv"
EXCLUSIONS, FACTORS, INPUTS = "exclusions.csv", "factors.csv", "inputs.csv"
#: Status of a claim in ``claims.csv``.
INDEPENDENT, DEPENDENT, NOT_COMPARED = "independent", "dependent", "not comparable"
CLAIM_TEXTS = (
    *("id", "claimant", "published", "family", "quantity", "as_published", "status", "reason", "sentence"),
    *("observable", "date", "unit", "bound", "confidence"),
)
CLAIM_NUMBERS = (
    *("low", "figure", "high", "implied_p05", "implied_p50", "implied_p95"),
    *("p_value", "adjusted", "tail_shape"),
)
#: Whether the inference was repeated without the claim; yes, no, or empty.
REPEATED = "repeated"
CLAIM_COLUMNS = (*CLAIM_TEXTS, *CLAIM_NUMBERS, REPEATED)
EXCLUSION_TEXTS = ("counting", "id", "end", "observable")
EXCLUSION_NUMBERS = ("set", "figure", "days", "times", "error", "factor", "amount")
EXCLUSION_COLUMNS = ("set", *EXCLUSION_TEXTS, *EXCLUSION_NUMBERS[1:])
_QUANTILES = ("p05", "p25", "p50", "p75", "p95")
_ENDS = tuple(f"{name}_{each}" for name in ("prior", "posterior") for each in _QUANTILES)
FACTOR_COLUMNS = ("family", *_ENDS, "effective", "distance")
INPUT_COLUMNS = ("path", "unit", *_ENDS, "effective", "distance")


def claims(matching: Matching, independence: Independence, conflicts: Sequence[Conflict]) -> pd.DataFrame:
    """Return a row for each claim of a table: its number of the account, and its conflict."""
    import pandas as pd

    dependent = {each.match.estimate.id: each.sentence for each in independence.dependent}
    by_id = {each.match.estimate.id: each for each in conflicts}
    rows = [_claim_row(row, dependent, by_id) for row in matching.rows]
    table = pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))
    return table.astype(dict.fromkeys(CLAIM_NUMBERS, "float64"))


def exclusions(counting: Exclusions, alike: Exclusions) -> pd.DataFrame:
    """Return a row for each end of a claim in a set: figure x days x times x error / factor = amount."""
    rows = [*_exclusion_rows(counting, "own"), *_exclusion_rows(alike, "alike")]
    return _frame(rows, EXCLUSION_COLUMNS, EXCLUSION_TEXTS)


def factors(posterior: Posterior | None) -> pd.DataFrame:
    """Return the counting factor of each family before and after the claims."""
    paths = set() if posterior is None else set(posterior.paths)
    return _frame(
        [(one.name, *_numbers(one)) for one in _parameters(posterior) if one.name not in paths],
        FACTOR_COLUMNS,
        ("family",),
    )


def inputs(posterior: Posterior | None) -> pd.DataFrame:
    """Return each input before and after the claims, in its base unit; dates in days from the start."""
    paths = set() if posterior is None else set(posterior.paths)
    return _frame(
        [(one.name, str(one.unit), *_numbers(one)) for one in _parameters(posterior) if one.name in paths],
        INPUT_COLUMNS,
        ("path", "unit"),
    )


def _claim_row(
    row: Match | NotComparable, dependent: Mapping[str, str], conflicts: Mapping[str, Conflict]
) -> dict[str, Any]:
    estimate = row.estimate
    found: dict[str, Any] = {
        "id": estimate.id,
        "claimant": estimate.claimant,
        "published": estimate.published.isoformat() if estimate.published else "",
        "family": estimate.family,
        "quantity": estimate.quantity,
        "as_published": estimate.figure(),
        "confidence": estimate.confidence,
        **dict.fromkeys(("observable", "date", "unit", "bound", "reason", "sentence", REPEATED), ""),
    }
    if isinstance(row, NotComparable):
        return {**found, "status": NOT_COMPARED, "reason": str(row.reason), "sentence": row.sentence}
    sentence = dependent.get(estimate.id, "")
    found |= {
        "status": DEPENDENT if sentence else INDEPENDENT,
        "sentence": sentence or row.note,
        "observable": row.observable.label,
        # A level alone has one date; the others are windows, which the label gives.
        "date": str(getattr(row.observable, "date", "")),
        "unit": str(row.observable.unit),
        "bound": str(row.bound),
        "low": row.low,
        "figure": row.middle,
        "high": row.high,
    }
    one = conflicts.get(estimate.id)
    if one is None:
        return found
    implied = dict(zip(("implied_p05", "implied_p50", "implied_p95"), one.implied, strict=True))
    tail = {"tail_shape": one.shape} if abs(one.shape) < float("inf") else {}
    repeated = {REPEATED: "yes" if one.is_repeated else "no"}
    return {**found, **implied, "p_value": one.p_value, "adjusted": one.adjusted, **tail, **repeated}


def _exclusion_rows(found: Exclusions, counting: str) -> Iterator[tuple[Any, ...]]:
    for number, one in enumerate(found.sets, start=1):
        for term in one.terms:
            match, end = term.match, "least" if term.is_lower else "most"
            figures = (match.middle, term.days, term.times, term.error, term.counting, term.amount)
            yield (number, counting, match.estimate.id, end, match.observable.label, *map(float, figures))


def _parameters(posterior: Posterior | None) -> tuple[Parameter, ...]:
    return () if posterior is None else posterior.parameters


def _numbers(one: Parameter) -> tuple[float, ...]:
    return (*one.prior, *one.posterior, one.effective, one.distance)


def _frame(rows: Iterable[Sequence[Any]], columns: Sequence[str], texts: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
    kinds = {name: "int64" if name == "set" else "float64" for name in columns if name not in texts}
    return table.astype(kinds)
