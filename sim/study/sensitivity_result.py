"""Result of a sensitivity analysis: table, notes and files."""

from __future__ import annotations

import html
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from sim.formatting import percent
from sim.names import as_subject
from sim.outcomes import outcome_named
from sim.results.intervals import CONFIDENCE
from sim.results.notebook_hint import REPORT_HINT
from sim.study.answer_io import SavedAnswer
from sim.study.ensemble_outcomes import unit_of
from sim.study.query_info import QueryResult, read_answer
from sim.study.sensitivity_indices import CONFIDENCE_SOBOL, ROUNDING, SensitivityIndex, is_close

if TYPE_CHECKING:
    import pandas as pd

    from sim.findings.finding import Finding

TABLE = "sensitivity.csv"
SENSITIVITY_VERB = "sensitivity"
METHOD_KEY = "method"
COLUMNS = ("outcome", "path", "index", "value", "low", "high")
#: Index that orders the inputs, by method.
MAIN_INDEX = {"rank": "rank", "tornado": "high", "morris": "mu_star", "sobol": "total"}


class OutcomeInfo(NamedTuple):
    """Information about an outcome in a sensitivity analysis."""

    #: Share of runs in which its day is censored.
    censored: float
    #: Whether it is the same in all runs, so that no input affects it.
    is_constant: bool
    #: Median with all inputs drawn; tornado only.
    base: float | None = None


@dataclass(frozen=True, repr=False, eq=False)
class Sensitivity(QueryResult):
    """Sensitivity of outcomes to the uncertain inputs.

    The values of the table are shares, else days, shells or shells a day.

    Attributes
    ----------
    query : QueryInfo
        Provenance; ``runs`` is the number of runs of the ensemble, or of each point.
    method : {"rank", "tornado", "morris", "sobol"}
    indices : tuple of SensitivityIndex
    outcome_infos : mapping of str to OutcomeInfo
        By outcome.
    points : int
        Number of evaluated points of the inputs.
    together : tuple of str
        Inputs drawn together from a table of joint samples.
    describe : callable
        Returns the findings: see `sim.findings.sensitivity_findings`.
    """

    verb: ClassVar[str] = SENSITIVITY_VERB
    file: ClassVar[str] = TABLE

    method: str
    indices: tuple[SensitivityIndex, ...]
    outcome_infos: Mapping[str, OutcomeInfo]
    points: int
    describe: Callable[[Sensitivity], Sequence[Finding]]
    together: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """Confidence level of the intervals: 0.95 for Sobol indices, else 0.9."""
        return CONFIDENCE_SOBOL if self.method == "sobol" else CONFIDENCE

    @property
    def notes(self) -> tuple[str, ...]:
        """Caveats: notes of the scenario, joint samples, censored dates, missing effects."""
        own = []
        names = self._outcome_names
        if self.together:
            inputs = self._input_names(self.together)
            own.append(f"{inputs} are drawn together: the effect of one of them may be that of another")
        for name, known in self.outcome_infos.items():
            if known.censored > 0.0 and not known.is_constant:
                share = percent(known.censored)
                own.append(f"{names[name]} is not reached in {share} of the runs; {self._censored()}")
        if same := [names[name] for name, known in self.outcome_infos.items() if known.is_constant]:
            listed = " or ".join(filter(None, (", ".join(same[:-1]), same[-1])))
            own.append(f"no input affects {listed}: the same at every value of the inputs")
        if idle := self.without_effect:
            moved = "median" if self.method == "tornado" else "outcome"
            verb, them = ("changes", "it") if len(idle) == 1 else ("change", "them")
            own.append(f"{self._input_names(idle)} {verb} nothing: no {moved} moves with {them}")
        return (*self.query.notes, *own)

    def _input_names(self, paths: Iterable[str]) -> str:
        return as_subject("; ".join(self.query.names.paths(paths).values()))

    @property
    def _outcome_names(self) -> dict[str, str]:
        """Names of the outcomes within a sentence, as the findings have them."""
        values = [found.values for found in self.findings]
        return {str(each["outcome"]): str(each["name"]) for each in values if "name" in each}

    @property
    def without_effect(self) -> tuple[str, ...]:
        """Inputs that affect no outcome, if any input does; ranks cannot detect them."""
        moving = [name for name, known in self.outcome_infos.items() if not known.is_constant]
        paths = dict.fromkeys(row.path for row in self.indices) if moving else {}
        return tuple(path for path in paths if not any(self.has_effect(name, path) for name in moving))

    def has_effect(self, outcome: str, path: str) -> bool:
        """Return whether an input affects an outcome; always True for ranks, which cannot exclude it."""
        rows = self._rows[outcome, path]
        if self.method == "tornado":
            return not is_close(rows["low"], rows["high"])
        value = rows[MAIN_INDEX[self.method]].value
        return self.method == "rank" or value is None or abs(value) > ROUNDING

    def leading(self, outcome: str) -> list[tuple[str, Mapping[str, SensitivityIndex]]]:
        """Return the inputs of an outcome with their indices, in order of decreasing strength.

        In a tornado, inputs with one censored end come first, by the date at their other end; those with
        two come last.
        """
        by_path = [(path, rows) for (name, path), rows in self._rows.items() if name == outcome]
        return sorted(by_path, key=lambda each: self._order(outcome, each[1]))

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], Mapping[str, SensitivityIndex]]:
        """Indices by outcome and input, then by kind."""
        found: dict[tuple[str, str], dict[str, SensitivityIndex]] = {}
        for row in self.indices:
            found.setdefault((row.outcome, row.path), {})[row.kind] = row
        return found

    def figures(self) -> dict[str, Any]:
        """Return the content of ``summary.json`` without the findings."""
        found = {}
        for name, known in self.outcome_infos.items():
            found[name] = {
                "unit": unit_of(name),
                "censored": known.censored,
                "constant": known.is_constant,
                **({"median": known.base} if self.method == "tornado" else {}),
                "inputs": {
                    path: {
                        index: {"value": row.value, "low": row.low, "high": row.high}
                        for index, row in rows.items()
                    }
                    for path, rows in self.leading(name)
                },
            }
        return {
            **self.query.summary_head(),
            METHOD_KEY: self.method,
            "points": int(self.points),
            "confidence": self.confidence,
            "together": list(self.together),
            "stocks": [list(stock) for stock in self.query.stocks],
            "outcomes": found,
        }

    def __repr__(self) -> str:
        return f"<Sensitivity of {self.query.title!r}: {self.method}, seed {self.query.seed}>"

    def _repr_html_(self) -> str:
        body: str = self.table.to_html(index=False, border=0, na_rep="", max_rows=40)
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return f"<p>{html.escape(repr(self))}</p>{body}<ul>{notes}</ul>{REPORT_HINT}"

    def _order(self, outcome: str, rows: Mapping[str, SensitivityIndex]) -> tuple[int, float]:
        if self.method != "tornado":
            return 1, -abs(rows[MAIN_INDEX[self.method]].value or 0.0)
        days = (self.query.end - self.query.start).days
        last = days if outcome_named(outcome).is_date else math.inf
        ends = (rows["low"].value, rows["high"].value)
        known = [end for end in ends if end is not None and end < last]
        if len(known) == 2:
            return 1, -abs(known[1] - known[0])
        return (0, known[0]) if known else (2, 0.0)

    def _censored(self) -> str:
        if self.method in {"rank", "tornado"}:
            return "these rank after every day"
        return "these count as the end"

    def _marks(self) -> dict[str, Any]:
        return {METHOD_KEY: self.method}

    def _table(self) -> pd.DataFrame:
        import pandas as pd

        text = COLUMNS[:3]
        return pd.DataFrame(
            {
                name: pd.Series(
                    [getattr(row, "kind" if name == "index" else name) for row in self.indices],
                    dtype="str" if name in text else "float64",
                )
                for name in COLUMNS
            }
        )


def read_sensitivity(folder: str | os.PathLike[str]) -> SavedAnswer:
    """Read a sensitivity analysis from a folder; its manifest has the ``method``.

    Raises
    ------
    StorageError
        If the folder holds none, or a file is missing, cannot be read, or was changed.
    """
    return read_answer(folder, SavedAnswer, SENSITIVITY_VERB, TABLE, COLUMNS, _column_kind)


def _column_kind(figures: Mapping[str, Any], column: str) -> str:  # noqa: ARG001 - one signature for all answers
    return "text" if column in COLUMNS[:3] else "number"
