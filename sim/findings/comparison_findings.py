"""Findings of a comparison: the headline of its chart, and what each scenario changes.

Where many pairs of runs are censored, a mean of days says little: the shares of runs that reach the date are
given instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sim.account import COST, SPENT
from sim.errors import format_count
from sim.findings.comparison_figures import ComparisonFigures
from sim.findings.comparison_words import (
    days_phrase,
    difference_line,
    format_amount,
    is_one,
    share_words,
    shares_phrase,
    shorten_title,
    stock_shares_text,
)
from sim.findings.finding import Finding, Value
from sim.findings.run_findings import MAX_STOCK_LINES
from sim.findings.stock_figures import stock_name
from sim.formatting import capitalised, long_date
from sim.outcomes import (
    EXHAUSTED,
    FIRED,
    MET,
    RATIONED_FROM,
    SUSTAINED_FIRE,
    UNMET,
    consumer_outcome,
    outcome_named,
    split_consumer,
)

if TYPE_CHECKING:
    from sim.study.paired_difference import Difference

HEADLINE, COMPARISON, STOCK = "comparison_headline", "comparison", "comparison_stock"
_SOURCES = ("compare.csv", "summary.json: differences")


def comparison_findings(figures: ComparisonFigures) -> list[Finding]:
    """Return the headline, then one finding for each scenario and main outcome, with its label."""
    makers = (scenario_findings, stock_findings)
    lines = [line for name in figures.other_names for make in makers for line in make(figures, name)]
    return [comparison_headline(figures), *lines]


def stock_findings(figures: ComparisonFigures, scenario: str) -> Iterator[Finding]:
    """Yield in which share of runs each of several stocks is exhausted, with that of the first."""
    first, other = (figures.exhausted_shares(name) for name in (str(figures.summary["first"]), scenario))
    shared = [place for place in other if place in first]
    if figures.stocks < 2:
        return
    for depot, munition in shared[:MAX_STOCK_LINES]:
        shares = first[depot, munition], other[depot, munition]
        values: dict[str, Value] = {
            "scenario": scenario,
            "outcome": EXHAUSTED,
            "first_share": shares[0],
            "other_share": shares[1],
        }
        name = stock_name(figures.names, list({**first, **other}), depot, munition)
        text = stock_shares_text(*shares, figures.runs, figures.end)
        scope = replace(figures.scope, depot=depot, munition=munition)
        source = ("summary.json: scenarios, exhausted",)
        yield Finding(
            STOCK, scope, values, text, source, ": ".join(filter(None, (figures.event.label, name)))
        )


class _Line(NamedTuple):
    """Label of an outcome, and the words after a negative and a positive difference."""

    outcome: str
    label: str
    less: str
    more: str


def scenario_findings(figures: ComparisonFigures, scenario: str) -> Iterator[Finding]:
    """Yield the differences of one scenario from the first, in the main outcomes."""
    for line in _main_outcomes(figures):
        change = figures.difference(scenario, line.outcome)
        if change is None:
            continue
        words = (figures.noun, figures.names.currency)
        sentence = difference_line(change, line.less, line.more, figures.end, *words)
        yield Finding(COMPARISON, figures.scope, _values(change), sentence, _SOURCES, line.label)


def comparison_headline(figures: ComparisonFigures) -> Finding:
    """Return the headline of the chart: changes in the run-out date and in fire."""
    lasts, fired = figures.differences(EXHAUSTED), figures.differences(FIRED)
    values: dict[str, Value] = {}
    if not figures.stocks or not fired:
        text = f"Nothing is {figures.action.past} in any of these scenarios"
    elif len(figures.other_names) > 1:
        text = _headline_of_several(figures, lasts, fired)
    else:
        text = _headline_of_one(figures, lasts[0], fired[0])
        values = {**_values(lasts[0]), "fired_difference": fired[0].difference}
    if lasts and fired and figures.runs == 1 and lasts[0].low is None:
        text = f"{text} (one run)"
    return Finding(HEADLINE, figures.scope, values, text, _SOURCES)


def _values(change: Difference) -> dict[str, Value]:
    found: dict[str, Value] = {"scenario": change.scenario, "outcome": change.outcome, "pairs": change.pairs}
    if change.is_misleading or change.never:
        shares = ("first_share", "other_share", "share_low", "share_high")
        return {**found, "censored": change.censored, **{name: getattr(change, name) for name in shares}}
    return {**found, "difference": change.difference, "low": change.low, "high": change.high}


def _headline_of_one(figures: ComparisonFigures, lasts: Difference, fired: Difference) -> str:
    title = figures.label_of(lasts.scenario)
    inline = title.split(" ")[0] in ("With", "Without")
    lead = f"{title} " if inline else f"{title}: "
    stock = f"{_stock_noun(figures)} {_lasting_phrase(figures, lasts)}"
    within = " within the period" if lasts.clear and lasts.bound == "open" and not lasts.is_misleading else ""
    joint = "; " if lasts.is_misleading else " and "
    return f"{lead}{stock}{within}{joint}{_fired_phrase(figures, [fired])}"


def _headline_of_several(
    figures: ComparisonFigures, lasts: Sequence[Difference], fired: Sequence[Difference]
) -> str:
    rest = _fired_phrase(figures, sorted(fired, key=lambda change: change.difference))
    stock = capitalised(_stock_noun(figures))
    event, is_known = figures.event.verb, all(change.other_share is not None for change in lasts)
    are_some_censored = any(change.is_misleading or change.never for change in lasts)
    if is_known and are_some_censored and not all(change.never for change in lasts):
        if figures.runs == 1:
            return f"{stock} {event} before {_which_run_out(figures, lasts)}"
        return f"{stock} {event} {_share_range(figures, lasts)}"
    least, most = (pick(lasts, key=lambda change: change.difference) for pick in (min, max))
    phrases = [_lasting_phrase(figures, change) for change in (least, most)]
    if len(set(phrases)) == 1:
        others = "both others" if len(lasts) == 2 else f"all {len(lasts)} others"
        return f"{stock} {phrases[0]} in {others}; {rest}"
    verb = _verb(figures)
    low, high = (text.removeprefix(f"{verb} ") for text in phrases)
    names = [shorten_title(figures.label_of(change.scenario)) for change in (least, most)]
    return f"{stock} {verb} from {low} ({names[0]}) to {high} ({names[1]}); {rest}"


def _which_run_out(figures: ComparisonFigures, lasts: Sequence[Difference]) -> str:
    """Return the scenarios whose only run runs out, of all."""
    labels = [figures.base, *(figures.label_of(change.scenario) for change in lasts)]
    reached = [lasts[0].first_share, *(change.other_share for change in lasts)]
    names = [shorten_title(label) for label, share in zip(labels, reached, strict=True) if share]
    count = f"{len(names)} of {format_count(len(labels), 'scenario')}"
    return f"{long_date(figures.end)} in {count}: {', '.join(names)}"


def _share_range(figures: ComparisonFigures, lasts: Sequence[Difference]) -> str:
    """Return the smallest and the largest share of runs over scenarios, and that of the first."""
    least, most = (pick(lasts, key=lambda change: change.other_share or 0.0) for pick in (min, max))
    low, high = (share_words(change.other_share or 0.0) for change in (least, most))
    first = share_words(lasts[0].first_share or 0.0)
    if low == high:
        others = "both others" if len(lasts) == 2 else f"all {len(lasts)} others"
        return f"{low} of {others}, {first} of the first"
    names = [shorten_title(figures.label_of(change.scenario)) for change in (least, most)]
    return f"{low} ({names[0]}) to {high.removeprefix('in ')} ({names[1]}), {first} of the first"


def _stock_noun(figures: ComparisonFigures) -> str:
    return figures.names.the_stock if figures.stocks == 1 else "the first stock"


def _is_about_lasting(figures: ComparisonFigures) -> bool:
    """Return whether a single stock lasts longer or less; else it is exhausted sooner or later."""
    return figures.stocks == 1 and not figures.event.is_weak


def _verb(figures: ComparisonFigures) -> str:
    return "lasts" if _is_about_lasting(figures) else figures.event.verb


def _lasting_phrase(figures: ComparisonFigures, change: Difference) -> str:
    """Return the change in the run-out date as a verb phrase."""
    one, verb, event = _is_about_lasting(figures), _verb(figures), figures.event
    if change.never:
        return f"lasts to {long_date(figures.end)} as well"
    if change.is_misleading:
        if change.pairs == 1 and change.other_share is not None:
            before = f"before {long_date(figures.end)}"
            return f"{event.verb} {before}" if change.other_share else f"does not {event.base} {before}"
        unclear = ": no clear difference" if change.is_share_unclear else ""
        return f"{event.verb} {shares_phrase(change)}{unclear}"
    if change.nothing:
        return f"{verb} just as long" if one else f"{verb} on the same day"
    if change.unclear:
        return f"{verb} about as long" if one else f"{verb} at about the same time"
    less, more = ("less", "longer") if one else ("sooner", "later")
    word = more if change.difference > 0 else less
    return " ".join(filter(None, (verb, change.limit, days_phrase(change.difference), word)))


def _fired_phrase(figures: ComparisonFigures, changes: Sequence[Difference]) -> str:
    """Return the change in fire over all stocks; `changes` are in ascending order."""
    done = f"{figures.action.past}{' in all' if figures.stocks > 1 else ''}"
    tail = f"{figures.noun.many} are {done}"
    clear = [change for change in changes if change.clear]
    if not clear:
        same = all(change.nothing for change in changes)
        return f"{'just' if same else 'about'} as many {tail}"
    least, most = clear[0].difference, clear[-1].difference
    low, high = format_amount(least, "shells", most), format_amount(most, "shells", least)
    fewer, more = least < 0, most > 0
    if fewer and more:
        return f"from {low} fewer to {high} more {tail}"
    near, far = (low, high) if more else (high, low)
    span = far if near == far else f"{near} to {far}"
    part = "up to " if len(clear) < len(changes) else ""
    if is_one(far):
        tail = f"{figures.noun.one} is {done}"
    return f"{part}{far if part else span} {'more' if more else 'fewer'} {tail}"


def _main_outcomes(figures: ComparisonFigures) -> list[_Line]:
    past, several = figures.action.past, figures.stocks > 1
    place = figures.names.stock_place
    stock = f"{'First' if several else 'The'} stock{place} {figures.event.verb}"
    unmet = []
    if figures.event.is_weak:
        stock = f"{'First b' if several else 'B'}elow 1 day of supply{place}"
        unmet = [_Line(RATIONED_FROM, outcome_named(RATIONED_FROM).label, "sooner", "later")]
    days = figures.last_days
    last = f"{past.capitalize()} on the last day" if days == 1 else f"{past.capitalize()}, last {days} days"
    below = [
        _Line(
            name,
            f"{'First b' if several else 'B'}elow {format_count(name.removeprefix('below_'), 'day')}"
            f" of supply{place}",
            "sooner",
            "later",
        )
        for name in figures.first_threshold()
    ]
    return [
        _Line(EXHAUSTED, stock, "sooner", "later"),
        *unmet,
        *below,
        _Line(FIRED, f"{past.capitalize()} in all", "fewer", "more"),
        _Line(UNMET, f"Required but not {past}", "fewer", "more"),
        _Line(SUSTAINED_FIRE, last, "fewer", "more"),
        *_lines_of_service(figures),
    ]


def _lines_of_service(figures: ComparisonFigures) -> Iterator[_Line]:
    """Yield the share of the requirement of each consumer that is met, then money."""
    consumers = {name: split_consumer(name)[1] for name in figures.outcomes()}
    met = {name: consumer for name, consumer in consumers.items() if name == consumer_outcome(MET, consumer)}
    names = figures.names.consumers(met.values())
    yield from (_Line(name, f"Met: {names[consumer]}", "less", "more") for name, consumer in met.items())
    for name in (SPENT, COST):
        yield _Line(name, outcome_named(name).heading, "less", "more")
