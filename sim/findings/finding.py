"""One statement about runs: its numbers, their scope, and its sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

#: A number in base units, an ISO date, a name; None where censored or undefined.
Value = float | int | str | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Scope of a finding.

    Attributes
    ----------
    start, end : str
        First day, and the day after the last, as ISO dates.
    runs : int
        Number of runs.
    depot, munition, consumer : str or None
        Names in the scenario file; None for all.
    """

    start: str
    end: str
    runs: int
    depot: str | None = None
    munition: str | None = None
    consumer: str | None = None

    @property
    def end_date(self) -> dt.date:
        """The day after the last."""
        return dt.date.fromisoformat(self.end)


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement about runs.

    Attributes
    ----------
    kind : str
        Kind of statement: ``answer``, ``runs_out``, ``coming_in`` and so on.
    scope : Scope
    values : mapping of str to Value
        The numbers of the sentence, in base units and not rounded.
    sentence : str
    sources : tuple of str
        Files and columns of the values: ``flows.csv: required, mean``.
    label : str
        Label of the sentence in a verdict; empty for a sentence without a label.
    """

    kind: str
    scope: Scope
    values: Mapping[str, Value]
    sentence: str
    sources: tuple[str, ...] = ()
    label: str = field(default="", compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain data, as ``summary.json`` holds it."""
        scope = {name: value for name in Scope.__slots__ if (value := getattr(self.scope, name)) is not None}
        return {
            "kind": self.kind,
            "label": self.label,
            "scope": scope,
            "values": dict(self.values),
            "sentence": self.sentence,
            "from": list(self.sources),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the finding that `to_json` gave."""
        scope = Scope(**data["scope"])
        return cls(data["kind"], scope, data["values"], data["sentence"], tuple(data["from"]), data["label"])
