"""One statement about runs: its numbers, what they cover, and the sentence that says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

#: A number in base units, an ISO date, a name; None where censored or undefined.
Value = float | int | str | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a finding covers.

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


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement about runs.

    Attributes
    ----------
    kind : str
        What is stated: ``answer``, ``runs_out``, ``coming_in`` and so on.
    scope : Scope
    values : mapping of str to Value
        The numbers of the sentence, in base units and not rounded.
    sentence : str
    sources : tuple of str
        What the values were computed from: ``flows.csv: required, mean``.
    label : str
        Label of the sentence in a verdict; empty for a sentence that stands alone.
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
