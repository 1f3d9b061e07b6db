"""Findings of a backtest: coverage, CRPS against baselines, claims outside of their range, reliability."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.errors import format_count
from sim.findings.finding import Finding, Scope, Value
from sim.formatting import NumberFormat, integer, long_date, percent, rounded, trimmed
from sim.units import Unit

if TYPE_CHECKING:
    from sim.auditing.backtest_result import Backtest
    from sim.auditing.scores import Score

#: Kind of the title of the chart, which is no line of the verdict.
HEADLINE = "backtest_headline"
_SCORES, _CLAIMS, _RANGES = ("scores.csv",), ("claims.csv",), ("ranges.csv",)
_UNITS = {
    Unit.SHELLS: "shells",
    Unit.CONTAINERS: "containers",
    Unit.KILOGRAMS: "kilograms",
    Unit.SHELLS_A_DAY: "shells a day",
    Unit.CONTAINERS_A_DAY: "containers a day",
    Unit.KILOGRAMS_A_DAY: "kilograms a day",
}


def backtest_findings(found: Backtest) -> list[Finding]:
    """Return the findings of a backtest."""
    scope = Scope(found.query.start.isoformat(), found.query.end.isoformat(), found.query.runs)
    made = [_claims(found, scope)]
    if found.scores:
        made += [_coverage(found, scope), *_crps(found, scope), *_outside(found, scope)]
    headline = [_headline(found, scope)] if found.scores else []
    return [*made, *_last_month(found, scope), _reliability(found, scope), *headline]


def _claims(found: Backtest, scope: Scope) -> Finding:
    claims = found.claims
    later = len(claims.scored) + len(claims.left_out) + len(claims.not_comparable)
    values: dict[str, Value] = {
        "believed": len(claims.known),
        "later": later,
        "scored": len(claims.scored),
        "left_out": len(claims.left_out),
        "not_comparable": len(claims.not_comparable),
    }
    believed, known = format_count(len(claims.known), "claim"), long_date(found.as_of)
    count = len(claims.scored)
    scored = f"{count} of them {'is' if count == 1 else 'are'}" if count else "none of them is"
    sentence = (
        f"Believed: {believed}, published by {known}. Published after that, until {long_date(found.until)}: "
        f"{format_count(later, 'claim')}; {scored} scored"
    )
    return Finding("backtest_claims", scope, values, sentence, _CLAIMS)


def _coverage(found: Backtest, scope: Scope) -> Finding:
    count = len(found.scores)
    half = sum(one.is_within_half for one in found.scores)
    ninety = sum(one.is_within_ninety for one in found.scores)
    sentence = (
        f"The 90 % ranges hold {ninety} of {format_count(count, 'figure')} ({percent(ninety / count)}), "
        f"the 50 % ranges {half} ({percent(half / count)})"
    )
    values: dict[str, Value] = {"scored": count, "within_90": ninety, "within_50": half}
    return Finding("backtest_coverage", scope, values, sentence, _SCORES)


def _headline(found: Backtest, scope: Scope) -> Finding:
    """Return the title of the chart: coverage, and the CRPS with those of the baselines."""
    coverage, compared = _coverage(found, scope), found.figures()["compared"]
    half, ninety, count = coverage.values["within_50"], coverage.values["within_90"], len(found.scores)
    values = {**coverage.values, "crps": found.figures()["crps"]}
    text = f"{ninety} of {format_count(count, 'figure')} within the 90 % range, {half} within the 50 % range"
    if compared["claims"]:
        names = "crps", "crps_persistence", "crps_trend"
        values |= {name: compared[name] for name in names}
        own, persistence, trend = (trimmed(compared[name], 2) for name in names)
        some = "" if compared["claims"] == count else f", over {compared['claims']} with an earlier figure"
        rest = f"mean CRPS {own}, against {persistence} of persistence and {trend} of a linear trend{some}"
    else:
        rest = f"mean CRPS {trimmed(found.figures()['crps'], 2)}"
    return Finding(HEADLINE, scope, values, f"{text}; {rest}", _SCORES)


def _crps(found: Backtest, scope: Scope) -> Iterator[Finding]:
    compared = found.figures()["compared"]
    if not compared["claims"]:
        return
    names = "crps", "crps_persistence", "crps_trend"
    own, *others = (compared[name] for name in names)
    worse = [
        name for name, value in zip(("persistence", "a linear trend"), others, strict=True) if value <= own
    ]
    verdict = "better than both" if not worse else f"not better than {' and '.join(worse)}"
    texts = [trimmed(value, 3) for value in (own, *others)]
    sentence = (
        f"Mean CRPS of the logarithm over {format_count(compared['claims'], 'figure')} with an earlier one: "
        f"{texts[0]}; of persistence {texts[1]}, of a linear trend {texts[2]}: {verdict}"
    )
    yield Finding("backtest_crps", scope, compared, sentence, _SCORES)


def _outside(found: Backtest, scope: Scope) -> Iterator[Finding]:
    """Yield the claims outside of their 90 % range, the farthest first."""
    missed = [one for one in found.scores if not one.is_within_ninety]
    for one in sorted(missed, key=lambda one: min(one.place, 1.0 - one.place)):
        yield _miss(one, scope)


def _miss(one: Score, scope: Scope) -> Finding:
    match = one.match
    side = "below" if one.place < 0.5 else "above"
    unit = _UNITS.get(match.observable.unit, "")
    figure, low, high = map(rounded, (match.middle, one.foretold[0], one.foretold[-1]))
    sentence = (
        f"{match.estimate.id} is {side} its range: {match.observable.label}, {figure} {unit} by "
        f"{match.estimate.claimant}; foretold {low} to {high}"
    )
    values: dict[str, Value] = {
        "claim": match.estimate.id,
        "figure": match.middle,
        "low": one.foretold[0],
        "high": one.foretold[-1],
        "place": one.place,
    }
    return Finding("backtest_miss", scope, values, sentence, _SCORES)


def _last_month(found: Backtest, scope: Scope) -> Iterator[Finding]:
    """Yield the ranges of the last month."""
    last = [one for one in found.ranges if one.window == found.ranges[-1].window]
    for one in last:
        day, number = long_date(one.window.last), NumberFormat()
        when = f"on {day}" if one.unit == Unit.SHELLS else f"a day up to {day}"
        low, middle, high = (number.text(one.quantiles[at]) for at in (0, 2, -1))
        sentence = f"Foretold {one.number} {when}: {middle} shells ({low} to {high} in nine samples of ten)"
        values: dict[str, Value] = {"number": one.number, "last": one.window.last.isoformat()}
        values |= {"low": one.quantiles[0], "middle": one.quantiles[2], "high": one.quantiles[-1]}
        yield Finding("backtest_range", scope, values, sentence, _RANGES)


def _reliability(found: Backtest, scope: Scope) -> Finding:
    posterior = found.posterior
    effective = integer(math.floor(posterior.effective))
    sentence = (
        f"Effective sample of each input and factor: at least {effective}; medians of two repetitions "
        f"differ by at most {trimmed(posterior.distance, 2)} standard deviations"
    )
    values: dict[str, Value] = {"effective": posterior.effective, "distance": posterior.distance}
    return Finding("backtest_reliability", scope, values, sentence, _SCORES)
