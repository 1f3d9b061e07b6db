"""Findings of a sensitivity analysis: a headline for each outcome, then a line for each input.

A date that the median run does not reach is "never"; it has no figure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from sim.findings.finding import Finding, Value
from sim.findings.sensitivity_figures import (
    FIRST_ORDER,
    MU_STAR,
    RANK,
    SIGMA,
    TOTAL,
    UNKNOWN,
    Index,
    SensitivityFigures,
)
from sim.findings.sweep_findings import format_day
from sim.findings.wording import counted_text
from sim.formatting import capitalised, integer, percent, rounded, signed
from sim.language import localised
from sim.names import as_subject
from sim.outcomes import outcome_named

HEADLINE, INPUT = "sensitivity_headline", "sensitivity"
_SOURCES = ("sensitivity.csv",)
#: Why there is no share of a variance that rests on the points of some samples alone.
TOO_FEW_POINTS = "not known: too few points differ"
#: Relative difference of two values that is rounding.
_ROUNDING = 1e-9
#: Index that orders the inputs, by method; a tornado has none.
ORDER: Mapping[str, str] = {"rank": RANK, "morris": MU_STAR, "sobol": TOTAL, "tornado": ""}


def sensitivity_findings(figures: SensitivityFigures) -> list[Finding]:
    """Return the findings of each outcome: its headline, and its inputs in order of decreasing strength."""
    found = []
    for outcome in figures.indices:
        found.append(sensitivity_headline(figures, outcome))
        if figures.has_effect(outcome):
            found += input_findings(figures, outcome)
    return found


def sensitivity_headline(figures: SensitivityFigures, outcome: str) -> Finding:
    """Return the headline of an outcome: its strongest input, or why there is none."""
    values: dict[str, Value] = {
        "outcome": outcome,
        "name": figures.noun(outcome),
        "censored": figures.censored.get(outcome),
    }
    if not figures.has_effect(outcome) or _is_never_reached(figures, outcome):
        return Finding(HEADLINE, figures.scope, values, _no_effect(figures, outcome), _SOURCES)
    path = _leading_input(figures, outcome)
    rows = figures.indices[outcome][path]
    numbers = {name: None if math.isnan(index.value) else index.value for name, index in rows.items()}
    sentence = _SENTENCES[figures.method](figures, outcome, path, as_subject(figures.input_names()[path]))
    values |= {"path": path, **numbers}
    return Finding(HEADLINE, figures.scope, values, sentence, _SOURCES)


def input_findings(figures: SensitivityFigures, outcome: str) -> Iterator[Finding]:
    """Yield the indices of each input of an outcome, the strongest first, with its name as the label."""
    names = figures.input_names()
    for path in figures.ranked(outcome, ORDER[figures.method]):
        rows = figures.indices[outcome][path]
        values: dict[str, Value] = {"outcome": outcome, "path": path}
        for kind, index in rows.items():
            values[kind] = None if math.isnan(index.value) else index.value
        text = _LINES[figures.method](figures, outcome, path)
        yield Finding(INPUT, figures.scope, values, text, _SOURCES, names[path])


def undefined_text(figures: SensitivityFigures, outcome: str) -> str:
    """Return why an index is not defined."""
    if outcome_named(outcome).is_date and figures.censored.get(outcome) == 1.0:
        return "never, in any run"
    return "no effect" if figures.has_effect(outcome) else "same in every run"


def format_outcome(figures: SensitivityFigures, outcome: str, value: float, *, brief: bool = False) -> str:
    """Return a value of an outcome with its unit; ``never`` for a date that the median run never reaches."""
    if math.isnan(value):
        return "never" if outcome_named(outcome).is_date else "no figure"
    measure = outcome_named(outcome)
    if measure.is_date:
        return format_day(figures.start, value, brief=brief)
    if brief:
        return measure.number_format.text(value)
    return counted_text(measure, value, figures.counted, figures.names.currency)


def format_correlation(value: float) -> str:
    """Return a correlation with two decimals and its sign: ``+0.78``."""
    return localised("0.00") if abs(value) < 0.005 else signed(value, 2)


def _leading_input(figures: SensitivityFigures, outcome: str) -> str:
    """Return the input of the headline: the strongest, or of a tornado with censored ends what is known.

    That is the only input with one censored end, else the one with the earliest date.
    """
    ranked = figures.ranked(outcome, ORDER[figures.method])
    if figures.method != "tornado" or not figures.censored_inputs(outcome):
        return ranked[0]
    known = {
        path: [end for end in ends if not math.isnan(end)] for path, ends in figures.ends(outcome).items()
    }
    if [len(ends) for ends in known.values()].count(1) == 1:
        return ranked[0]
    return min(ranked, key=lambda path: min(known[path], default=math.inf))


def _is_never_reached(figures: SensitivityFigures, outcome: str) -> bool:
    """Return whether the median of a tornado is censored at both ends of each input."""
    ends = figures.ends(outcome).values() if figures.method == "tornado" else ()
    return bool(ends) and all(math.isnan(end) for both in ends for end in both)


def _no_effect(figures: SensitivityFigures, outcome: str) -> str:
    noun = figures.noun(outcome)
    changes = "affects" if figures.method != "tornado" or figures.runs == 1 else "changes the median of"
    nothing = f"No input {changes} {noun}"
    if not outcome_named(outcome).is_date:
        return nothing
    if figures.censored.get(outcome) == 1.0:
        return f"{capitalised(noun)} is never reached, in any run; no input affects it"
    if _is_never_reached(figures, outcome):
        lead = f"{capitalised(noun)} is not reached{' in half of the runs' if figures.runs > 1 else ''}"
        return f"{lead}, with any input at its 5th or 95th percentile"
    return nothing


def _tornado_sentence(figures: SensitivityFigures, outcome: str, path: str, name: str) -> str:
    low, high = figures.ends(outcome)[path]
    noun, is_date = figures.noun(outcome), outcome_named(outcome).is_date
    if figures.censored_inputs(outcome):
        return _censored_sentence(figures, outcome, path, name)
    first, last = (format_outcome(figures, outcome, value) for value in sorted((low, high)))
    change = "shift" if is_date else "change"
    lead = f"{name} does most to {change} {noun}"
    if first == last:
        return f"{lead}, and by less than {'a day' if is_date else 'one percent'}"
    if not is_date:
        first = format_outcome(figures, outcome, min(low, high), brief=True)
    return f"{lead}: {first} to {last}{_in_median(figures)}"


def _censored_sentence(figures: SensitivityFigures, outcome: str, path: str, name: str) -> str:
    """Return what is known where dates are censored: the earliest date, and how many ends are never."""
    low, high = figures.ends(outcome)[path]
    known, at, other = (low, "5th", "95th") if math.isnan(high) or low <= high else (high, "95th", "5th")
    halves = [sum(map(math.isnan, ends)) for ends in figures.ends(outcome).values()].count(1)
    lead = f"{capitalised(figures.noun(outcome))}{_in_median(figures)}"
    day = format_outcome(figures, outcome, known)
    if halves == 1:
        return f"{lead}: {day} with {name} at its {at} percentile, never at its {other}"
    count = len(figures.censored_inputs(outcome))
    of = f"of {integer(len(figures.indices[outcome]))} inputs {'has' if count == 1 else 'have'}"
    never = f"{integer(count)} {of} an end at which it is never reached"
    return f"{lead}: {day} at the earliest, with {name} at its {at} percentile; {never}"


def _in_median(figures: SensitivityFigures) -> str:
    return " in the median run" if figures.runs > 1 else ""


def _rank_sentence(figures: SensitivityFigures, outcome: str, path: str, name: str) -> str:
    index, noun = figures.indices[outcome][path][RANK], figures.noun(outcome)
    if not index.is_clear:
        return f"No input has a clear rank correlation with {noun}"
    ways = ("later", "earlier") if outcome_named(outcome).is_date else ("more", "less")
    way = ways[0] if index.value > 0 else ways[1]
    value = format_correlation(index.value)
    return f"{name} has the strongest rank correlation with {noun}: {value}; the higher, the {way}"


def _morris_sentence(figures: SensitivityFigures, outcome: str, path: str, name: str) -> str:
    text = effect_text(figures, outcome, figures.indices[outcome][path].get(MU_STAR, UNKNOWN).value)
    end = _end_clause(figures, outcome)
    return f"{name} has the largest mean effect on {figures.noun(outcome)}: {text}{end}"


def _sobol_sentence(figures: SensitivityFigures, outcome: str, path: str, name: str) -> str:
    rows = figures.indices[outcome][path]
    alone, total = rows.get(FIRST_ORDER, UNKNOWN), rows.get(TOTAL, UNKNOWN)
    if not (alone.has_interval and total.has_interval):
        return f"Too few points differ in {figures.noun(outcome)} to say which input explains its variance"
    of = f"of the variance of {figures.noun(outcome)}{_end_clause(figures, outcome)}"
    others = (each.get(FIRST_ORDER, UNKNOWN).value for each in figures.indices[outcome].values())
    if not any(other > alone.value for other in others):
        return f"{name} alone explains {_share_with_interval(alone)} {of}"
    own = f", and alone {percent(share_of_variance(alone.value))},"
    return f"{name} with its interactions explains {_share_with_interval(total)}{own} {of}"


def share_of_variance(value: float) -> float:
    """Return an estimate of a share of the variance within 0 and 1, which sampling may leave."""
    return min(1.0, max(0.0, value))


def _share_with_interval(index: Index) -> str:
    low, high = (integer(100 * share_of_variance(end)) for end in (index.low, index.high))
    text = percent(share_of_variance(index.value))
    return text if low == high else f"{text} ({low} to {high} %)"


def _end_clause(figures: SensitivityFigures, outcome: str) -> str:
    """Return how a mean counts dates that are never reached; empty if there are none."""
    is_censored = outcome_named(outcome).is_date and figures.censored.get(outcome, 0.0) > 0.0
    return ", with the end in place of a date that is never reached" if is_censored else ""


def _tornado_line(figures: SensitivityFigures, outcome: str, path: str) -> str:
    ends = figures.ends(outcome)[path]
    low, high = (format_outcome(figures, outcome, value, brief=True) for value in ends)
    if math.isclose(*ends, rel_tol=_ROUNDING):
        return "no effect"
    return f"{low} at both" if low == high else f"{low} at 5 %, {high} at 95 %"


def _rank_line(figures: SensitivityFigures, outcome: str, path: str) -> str:
    return _with_interval(figures, outcome, figures.indices[outcome][path][RANK], format_correlation)


def _morris_line(figures: SensitivityFigures, outcome: str, path: str) -> str:
    rows = figures.indices[outcome][path]
    mean, spread = rows.get(MU_STAR, UNKNOWN), rows.get(SIGMA, UNKNOWN).value
    if abs(mean.value) <= _ROUNDING:
        return "no effect"
    text = _with_interval(figures, outcome, mean, rounded)
    return text if math.isnan(spread) or math.isnan(mean.value) else f"{text}, spread {rounded(spread)}"


def _sobol_line(figures: SensitivityFigures, outcome: str, path: str) -> str:
    rows = figures.indices[outcome][path]
    if all(abs(rows.get(name, UNKNOWN).value) <= _ROUNDING for name in (FIRST_ORDER, TOTAL)):
        return "no effect"
    alone, total = (
        _with_interval(
            figures, outcome, rows.get(name, UNKNOWN), lambda value: integer(100 * share_of_variance(value))
        )
        for name in (FIRST_ORDER, TOTAL)
    )
    if not all(rows.get(name, UNKNOWN).has_interval for name in (FIRST_ORDER, TOTAL)):
        return TOO_FEW_POINTS
    return f"{alone} % alone, {total} % with interactions"


def effect_text(figures: SensitivityFigures, outcome: str, value: float) -> str:
    """Return the size of an effect with its unit: ``35 days``, ``2.1M shells``."""
    return counted_text(outcome_named(outcome), value, figures.counted, figures.names.currency)


def _with_interval(
    figures: SensitivityFigures, outcome: str, index: Index, text: Callable[[float], str]
) -> str:
    if math.isnan(index.value):
        return undefined_text(figures, outcome)
    if math.isnan(index.low) or math.isnan(index.high):
        return text(index.value)
    return f"{text(index.value)} ({text(index.low)} to {text(index.high)})"


Sentence = Callable[[SensitivityFigures, str, str, str], str]
_SENTENCES: Mapping[str, Sentence] = {
    "tornado": _tornado_sentence,
    "rank": _rank_sentence,
    "morris": _morris_sentence,
    "sobol": _sobol_sentence,
}
Line = Callable[[SensitivityFigures, str, str], str]
_LINES: Mapping[str, Line] = {
    "tornado": _tornado_line,
    "rank": _rank_line,
    "morris": _morris_line,
    "sobol": _sobol_line,
}
