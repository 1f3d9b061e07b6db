"""Findings of an audit: whether one account holds with all claims, and the conflict of each."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import format_count
from sim.findings.exclusion_findings import exclusion_findings, removal_finding
from sim.findings.finding import Finding, Scope, Value
from sim.findings.number_words import NumberWords
from sim.findings.wording import in_words
from sim.formatting import compact, integer, percent, rounded, short_date, trimmed
from sim.units import Unit

if TYPE_CHECKING:
    from sim.auditing.audit_result import Audit
    from sim.auditing.conflicts import Conflict
    from sim.auditing.exclusions import Exclusions
    from sim.auditing.posterior import Parameter, Posterior

#: Kind of the first finding, of the title of the chart, and of the exclusions without counting factors.
ANSWER, HEADLINE, ALIKE = "audit", "audit_headline", "exclusion_alike"
#: Kind of the caveat about inputs and drawdown.
CAVEAT = "audit_caveat"
#: A claim conflicts with the others below this adjusted probability.
SURPRISING = 0.05
#: Findings of each kind.
MOST_CONFLICTS, MOST_SETS = 3, 3
_RANKS = ("Most surprising", "Second", "Third")
_LEAST_P = 0.001
#: Half-width of the central 90 % of a normal distribution, in standard deviations.
_NINETY = 1.6448536269514722
_SHARES = (0.05, 0.5, 0.95)
_SOURCES = ("claims.csv", "exclusions.csv", "factors.csv", "inputs.csv", "summary.json: inference")
_UNITS: Mapping[Unit, tuple[str, float]] = {
    Unit.SHELLS: ("shells", 1.0),
    Unit.SHELLS_A_DAY: ("shells a day", 1.0),
    Unit.CONTAINERS: ("containers", 1.0),
    Unit.CONTAINERS_A_DAY: ("containers a day", 1.0),
    Unit.KILOGRAMS: ("tonnes", 1e-3),
    Unit.KILOGRAMS_A_DAY: ("tonnes a day", 1e-3),
    Unit.NUMBER: ("times", 1.0),
}
_BOUNDS = {"at least": "at least ", "at most": "at most "}


def audit_findings(found: Audit) -> list[Finding]:
    """Return the findings of an audit, the answer first, then those with labels."""
    writer = _Writer(found)
    return [
        writer.answer(),
        writer.claims(),
        *writer.conflicts(),
        *writer.exclusions(),
        *writer.caveat(),
        *writer.counting(),
        *writer.inputs(),
        *writer.drawdown(),
        writer.reliability(),
        writer.headline(),
    ]


def format_observable(value: float, unit: str) -> str:
    """Return a number of the account with its unit: ``23,500 shells a day``, ``1.8 times``."""
    number, words = observable_parts(value, unit)
    return f"{number} {words}".rstrip()


def observable_parts(value: float, unit: str) -> tuple[str, str]:
    """Return a number of the account as text, and its unit in words; tonnes for kilograms."""
    if unit == Unit.SHARE:
        return percent(value), ""
    words, scale = _UNITS[Unit(unit)]
    return (trimmed(value, 3) if unit == Unit.NUMBER else rounded(value * scale)), words


def compact_observable(value: float, unit: str) -> str:
    """Return a number of the account in short form: ``60k shells a day``."""
    if unit == Unit.SHARE:
        return percent(value)
    words, scale = _UNITS[Unit(unit)]
    return f"{compact(value * scale)} {words}"


def format_probability(value: float) -> str:
    """Return a probability: ``0.026``, ``under 0.001``."""
    return f"under {trimmed(_LEAST_P, 1)}" if value < _LEAST_P else trimmed(value, 2)


class _Ratio(NamedTuple):
    """Counting factor of one family over that of another, and the quantity that both speak of."""

    one: str
    other: str
    quantity: str
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]


class _Writer:
    """Writes the findings of one audit."""

    def __init__(self, found: Audit) -> None:
        self.found = found
        query = found.query
        self.scope = Scope(query.start.isoformat(), query.end.isoformat(), query.runs)
        self.ranked = sorted(found.conflicts, key=lambda one: one.p_value)
        self.surprising = [one for one in self.ranked if one.adjusted < SURPRISING]

    def answer(self) -> Finding:
        """Return whether one account holds with all claims."""
        sets, tested = self.found.exclusions.sets, len(self.ranked)
        counted = format_count(tested, "independent claim")
        if sets:
            least = "" if self.found.exclusions.is_complete else "at least "
            text = (
                f"No account holds with all {format_count(self._matched, 'claim')}: by arithmetic {least}"
                f"{in_words(len(sets), 'set')} of them cannot be true together, whatever each family counts."
            )
        elif not tested:
            text = (
                "No claims exclude each other by arithmetic. More cannot be said: "
                f"{self.found.inference.refusal}."
            )
        elif self.surprising:
            some = format_count(len(self.surprising), "claim")
            verb = "conflicts" if len(self.surprising) == 1 else "conflict"
            text = (
                "No claims exclude each other by arithmetic, but "
                f"{some} {verb} with the others, given that {integer(tested)} were tested."
            )
        else:
            text = (
                f"One account fits all {counted}: none excludes or conflicts with the others, given that "
                f"{integer(tested)} were tested."
            )
        values: dict[str, Value] = {
            "exclusions": len(sets),
            "exclusions_alike": len(self.found.exclusions_alike.sets),
            "conflicts": len(self.surprising),
            "tested": tested,
            "supported": int(self.found.posterior is not None),
        }
        return self._finding(ANSWER, text, values)

    def claims(self) -> Finding:
        """Return how many claims count, and why the others do not."""
        every, counts = len(self.found.matching.rows), self.found.matching.counts()
        independent = len(self.found.independence.independent)
        left = ", ".join(f"{reason} {integer(count)}" for reason, count in counts.items())
        head = f"{integer(self._matched)} of {integer(every)} {'is' if self._matched == 1 else 'are'} about"
        if self._matched == 1:
            share = f"and it is {'' if independent else 'not '}independent"
        else:
            some = "all" if independent == self._matched else integer(independent) if independent else "none"
            share = f"{some} of them independent"
        text = f"{head} this account, {share}.{f' Not compared: {left}.' if left else ''}"
        values: dict[str, Value] = {"all": every, "matched": self._matched, "independent": independent}
        values |= {f"not_comparable.{reason}": count for reason, count in counts.items()}
        return self._finding("audit_claims", text, values, "Claims")

    def conflicts(self) -> Iterator[Finding]:
        """Yield the claims that surprise most."""
        for label, one in zip(_RANKS[:MOST_CONFLICTS], self.ranked, strict=False):
            match, (low, middle, high) = one.match, one.implied
            unit = str(match.observable.unit)
            (first, _), (last, words) = observable_parts(low, unit), observable_parts(high, unit)
            tested = format_count(len(self.ranked), "claim")
            text = (
                f"{_BOUNDS.get(match.bound, '')}{format_observable(match.middle, unit)}, "
                f"{match.observable.label} ({match.estimate.id}). The others imply "
                f"{observable_parts(middle, unit)[0]} ({first} to {last}) {words}".rstrip()
                + f"; a figure so far out has a probability of {format_probability(one.p_value)}, "
                f"adjusted for {tested} {format_probability(one.adjusted)}."
            )
            yield self._finding("conflict", text, _conflict_values(one), label)

    def exclusions(self) -> Iterator[Finding]:
        """Yield the smallest sets that exclude each other; without any, those if all count the same."""
        if self.found.exclusions.sets:
            yield from self._sets(self.found.exclusions, "exclusion", "")
            return
        alike = self.found.exclusions_alike
        if not alike.sets:
            text = "No claims exclude each other, even if all families count the same thing."
            yield self._finding(ALIKE, text, {"sets": 0}, "Excluded")
            return
        yield from self._sets(alike, ALIKE, "If all families count the same thing, ")

    def caveat(self) -> Iterator[Finding]:
        """Yield that the inference is from claims that exclude each other, if it is."""
        posterior = self.found.posterior
        used = set() if posterior is None else {match.estimate.id for match in posterior.matches}
        sets = sum(used.issuperset(one.ids) for one in self.found.exclusions.sets)
        if sets:
            text = (
                "Inputs and drawdown follow from claims that exclude each other: "
                "leave some out and audit again."
            )
            yield self._finding(CAVEAT, text, {"sets": sets}, "Caveat")

    def counting(self) -> Iterator[Finding]:
        """Yield the ratio of the counting factors of two families with which both are right."""
        ratio = _largest_ratio(self.found)
        if ratio is None:
            return
        prior, posterior = (tuple(trimmed(each, 2) for each in one) for one in (ratio.prior, ratio.posterior))
        text = (
            f"for both to be right on {ratio.quantity.replace('_', ' ')}, {ratio.one} counts {posterior[1]} "
            f"times ({posterior[0]} to {posterior[2]}) what {ratio.other} counts; assumed before: {prior[1]} "
            f"({prior[0]} to {prior[2]})."
        )
        names = ("low", "median", "high")
        values: dict[str, Value] = {"one": ratio.one, "other": ratio.other, "quantity": ratio.quantity}
        values |= dict(zip(names, ratio.posterior, strict=True))
        values |= dict(zip((f"prior_{name}" for name in names), ratio.prior, strict=True))
        yield self._finding("counting", text, values, "Counting")

    def inputs(self) -> Iterator[Finding]:
        """Yield the inputs that the claims move most."""
        posterior = self.found.posterior
        if posterior is None:
            return
        inputs = [one for one in posterior.parameters if one.name in posterior.paths]
        for label, one in zip(("Inputs", "And"), sorted(inputs, key=_shift, reverse=True), strict=False):
            yield self._input(one, label)

    def drawdown(self) -> Iterator[Finding]:
        """Yield the answer of the runs after the claims."""
        if self.found.drawdown is not None:
            first = self.found.drawdown.result.findings[0]
            yield Finding(
                "audit_drawdown", first.scope, first.values, first.sentence, first.sources, "After the claims"
            )

    def reliability(self) -> Finding:
        """Return how far the samples support the inference."""
        posterior, found = self.found.posterior, self.found.inference
        if posterior is None:
            text = f"inputs, counting and conflicts are left out: {found.refusal}."
            return self._finding("reliability", text, {"refusal": found.refusal}, "Reliability")
        repeated = sum(one.is_repeated for one in self.ranked)
        # Down: a whole number above it would not be "or more".
        effective = integer(math.floor(posterior.effective))
        text = (
            f"effective sample {effective} or more; medians of two repetitions at most "
            f"{trimmed(posterior.distance, 2)} standard deviations apart"
        )
        if self.ranked:
            text += (
                f"; inferred anew without {integer(repeated)} of {format_count(len(self.ranked), 'claim')}"
            )
        text += "."
        if found.refusal:
            text = f"{text} Conflicts are left out: {found.refusal}."
        values: dict[str, Value] = {
            "effective": posterior.effective,
            "distance": posterior.distance,
            "repeated": repeated,
            "refusal": found.refusal,
        }
        return self._finding("reliability", text, values, "Reliability")

    def headline(self) -> Finding:
        """Return the title of the chart."""
        if not self.ranked:
            text = "No claim can be compared with the others"
        elif self.surprising:
            verb = "conflicts" if len(self.surprising) == 1 else "conflict"
            of = format_count(len(self.ranked), "claim")
            text = f"{integer(len(self.surprising))} of {of} {verb} with the others"
        else:
            text = f"None of {format_count(len(self.ranked), 'claim')} conflicts with the others"
        values: dict[str, Value] = {"conflicts": len(self.surprising), "tested": len(self.ranked)}
        return self._finding(HEADLINE, text, values)

    @property
    def _matched(self) -> int:
        return len(self.found.matching.matched)

    def _sets(self, found: Exclusions, kind: str, lead: str) -> Iterator[Finding]:
        shown = exclusion_findings(found.sets[:MOST_SETS], self.scope)
        for place, one in enumerate(shown):
            more = len(found.sets) - len(shown)
            rest = (
                f" {format_count(more, 'more set')} in exclusions.csv." if more and one is shown[-1] else ""
            )
            label = "Excluded" if place == 0 else "And"
            yield self._finding(kind, f"{lead}{one.sentence}{rest}", one.values, label)
        if found.removals:
            yield removal_finding(found, self.scope, lead)

    def _input(self, one: Parameter, label: str) -> Finding:
        query = self.found.query
        words = NumberWords(
            one.name, str(one.unit), self.found.written.get(one.name, ""), query.names.noun(query.munitions)
        )
        low, middle, high = (one.posterior[at] for at in (0, 2, 4))
        is_date = one.unit is Unit.DATE
        number, whole = self._date_texts(one.name) if is_date else (words.number, words.text)
        text = (
            f"{query.names.path(one.name)}: {whole(middle)} ({number(low)} to {number(high)}); "
            f"before {number(one.prior[2])} ({number(one.prior[0])} to {number(one.prior[4])})."
        )
        values: dict[str, Value] = {"path": one.name, "unit": str(one.unit)}
        values |= {"low": low, "median": middle, "high": high}
        values |= {"prior_low": one.prior[0], "prior_median": one.prior[2], "prior_high": one.prior[4]}
        return self._finding("audit_input", text, values, label)

    def _date_texts(self, path: str) -> tuple[Callable[[float], str], Callable[[float], str]]:
        """Return functions that write a date without and with its words.

        The date is in days from the start, or after an event.
        """
        event, start = self.found.after.get(path, ""), self.found.query.start
        if not event:
            return (lambda days: short_date(start + dt.timedelta(days=round(days))),) * 2
        return (
            lambda days: integer(days),
            lambda days: f"{format_count(round(days), 'day')} after {event}",
        )

    def _finding(self, kind: str, sentence: str, values: Mapping[str, Value], label: str = "") -> Finding:
        return Finding(kind, self.scope, values, sentence, _SOURCES, label)


def _conflict_values(one: Conflict) -> dict[str, Value]:
    low, middle, high = one.implied
    return {
        "id": one.match.estimate.id,
        "figure": one.match.middle,
        "unit": str(one.match.observable.unit),
        "low": low,
        "median": middle,
        "high": high,
        "p_value": one.p_value,
        "adjusted": one.adjusted,
    }


def _shift(one: Parameter) -> float:
    """Return how far the median moves, in half-widths of the prior range."""
    width = one.prior[4] - one.prior[0]
    return abs(one.posterior[2] - one.prior[2]) / width if width > 0.0 else 0.0


def _largest_ratio(found: Audit) -> _Ratio | None:
    """Return the two families on one quantity whose counting differs most after the claims."""
    posterior = found.posterior
    if posterior is None:
        return None
    by_quantity: dict[str, dict[str, None]] = {}
    for match in posterior.matches:
        if match.family is not None:
            by_quantity.setdefault(match.estimate.quantity, {})[match.family.name] = None
    pairs = [(quantity, pair) for quantity, names in by_quantity.items() for pair in combinations(names, 2)]
    ratios = [_ratio(posterior, quantity, *pair) for quantity, pair in pairs]
    return max(ratios, key=lambda one: one.posterior[1], default=None)


def _ratio(posterior: Posterior, quantity: str, one: str, other: str) -> _Ratio:
    """Return the ratio of two counting factors, the larger median over the smaller."""
    import numpy as np

    names = [family.name for family in posterior.families]
    (first, second) = (names.index(one), names.index(other))
    low, middle, high = np.quantile(
        posterior.factors[:, first] / posterior.factors[:, second], _SHARES
    ).tolist()
    if middle < 1.0:
        return _ratio(posterior, quantity, other, one)
    families = posterior.families
    centre = math.log(families[first].median / families[second].median)
    spread = _NINETY * math.hypot(families[first].spread, families[second].spread)
    prior = (math.exp(centre - spread), math.exp(centre), math.exp(centre + spread))
    return _Ratio(one, other, quantity, prior, (low, middle, high))
