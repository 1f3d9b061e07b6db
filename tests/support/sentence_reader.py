"""Independent reader of the sentences of a run: each number and claim against the tables of its folder.

`read_run` parses every sentence by a grammar of its own and re-derives its numbers from the tables. It
reports a sentence that it cannot parse, a number or claim that the tables do not bear out, and sentences that
contradict each other. It imports nothing of the package.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML

from tests.support.folder_figures import ENOUGH, First, RunFolder, Spread, StockFolder, plain
from tests.support.sentence_grammar import (
    COUNT,
    COUNTS,
    PERIODS,
    agrees,
    end_of_span,
    iso,
    iso_month,
    sentence,
    share_agrees,
    value_of,
)

Found = Mapping[str, str | None]
#: Significant digits of rates, and of stocks and totals: three, of a count without decimals.
RATE, TOTAL = 3, COUNT
#: A stock below half a piece is none.
NO_STOCK = 0.5
#: Share of runs that is nearly all.
NEARLY_ALL = 0.99
FEW_RUNS = 20
ALWAYS, NEVER = "in every run", "in no run"


@dataclass
class Reading:
    """A reader's results for a run.

    Attributes
    ----------
    failures : list of str
        Sentences that cannot be parsed, false claims, contradictions.
    sentences, claims : int
        How many were read.
    facts : dict
        Facts in the sentences, for comparison with each other.
    """

    folder: RunFolder
    failures: list[str] = field(default_factory=list)
    sentences: int = 0
    claims: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    facts: dict[str, Any] = field(default_factory=dict)
    current: str = ""

    def claim(self, what: str, *, holds: bool) -> None:
        """Count a claim, and report it unless it holds."""
        self.claims += 1
        if not holds:
            self.failures.append(f"{self.current!r}: {what}")

    def number(self, what: str, text: str | None, value: float, digits: int, least: float = 1e-9) -> None:
        """Check a number as written."""
        assert text is not None
        self.claim(f"{what} is {value:.10g}", holds=agrees(text, value, digits, least))

    def share(self, what: str, text: str | None, share: float) -> None:
        """Check a percentage as written."""
        assert text is not None
        self.claim(f"{what} is {share:.10g}", holds=share_agrees(text, share))

    def same(self, what: str, said: object, is_: object) -> None:
        """Check equality."""
        self.claim(f"{what} is {is_}, not {said}", holds=said == is_)

    def note(self, fact: str, value: object) -> None:
        """Record a fact of a sentence."""
        self.facts[fact] = value


def read_run(folder: RunFolder) -> Reading:
    """Return the errors of the sentences in `summary.json` of a folder."""
    reading = Reading(folder)
    for found in folder.summary["findings"]:
        _read(reading, found)
    reading.current = "all sentences"
    _contradictions(reading)
    return reading


def _read(reading: Reading, finding: Mapping[str, Any]) -> None:
    kind, label, text, scope = (finding[key] for key in ("kind", "label", "sentence", "scope"))
    reading.sentences += 1
    reading.current = f"{label}: {text}" if label else text
    folder = reading.folder
    stock = next(
        (
            each
            for each in folder.stocks
            if (each.depot, each.munition) == (scope.get("depot"), scope.get("munition"))
        ),
        folder.whole,
    )
    reading.claim("a number with an exponent", holds=re.search(r"\de[-+−]?\d", text) is None)
    words = ["days", "runs", "are", "were", "pile", "come", *(each.nouns[1] for each in folder.stocks)]
    plural = rf"(?<![\d.,])1 ({'|'.join(words)})\b"
    reading.claim("1 with a plural", holds=re.search(plural, text) is None)
    if kind != "drawdown_headline":
        _check_values(reading, stock, finding["values"])
    for pattern, check in GRAMMAR.get(re.sub(r"_[\d.]+$", "", kind), ()):
        found = pattern.fullmatch(text)
        if found:
            reading.kinds[kind] += 1
            check(reading, stock, label, found.groupdict())
            return
    reading.claim(f"no rule of the grammar of {kind!r} reads this", holds=False)


# Parts of sentences ---------------------------------------------------------------------------------------

_ARE = "(?:is|are)"
_PLAN = (
    r"(?P<plan> \(the guns left can fire no more; {planned:N} a {planned_per:PER} (?:was|were) planned\))?"
)
_SUPPLY = (
    r"(?:(?P<none>nothing comes in), {required:N} {noun:NOUN} a {per:PER}|"
    r"{coming:N} {noun2:NOUN} a {per2:PER} comes? in(?:,| and) {required2:N}) " + _ARE + r" required" + _PLAN
)
_REQUIREMENT = (
    r"{required:N} {noun:NOUN} a {per:PER} "
    + _ARE
    + r" required"
    + _PLAN
    + r", (?:(?P<none>nothing comes in)|{coming:N} comes? in)"
)
_WHERE = r"(?: \({where:NAME}\))?"
_GUNS = r"(?P<guns> only because guns are missing)?"


def _rates(reading: Reading, stock: StockFolder, found: Found) -> None:
    """Check requirement and inflow, with noun and period."""
    get = {key: found.get(key) or found.get(f"{key}2") for key in ("required", "noun", "per", "coming")}
    per = PERIODS[get["per"] or "day"]
    days = stock.folder.days
    reading.number("the requirement", get["required"], stock.required / days * per, RATE)
    if found.get("none"):
        reading.same("what comes in", 0.0, stock.coming_in)
    else:
        reading.number("what comes in", get["coming"], stock.coming_in / days * per, RATE)
    reading.claim(f"the noun is {stock.nouns}", holds=get["noun"] in stock.nouns)
    if found.get("plan"):
        planned = stock.planned / days * PERIODS[found["planned_per"] or ""]
        reading.number("the plan", found["planned"], planned, RATE)
    is_cut = stock.folder.has_guns and stock.required < 0.99 * stock.planned
    reading.same("a requirement cut by guns", bool(found.get("plan")), is_cut)


def _deciding(reading: Reading, found: Found) -> StockFolder:
    """Return the stock that the answer names."""
    folder, where = reading.folder, found.get("where") or ""
    several = len(folder.stocks) > 1
    # Of the only stock with a consumer, only what is in doubt is said; rates are of all depots.
    reading.same(
        "a name among several stocks", bool(where), several or ("part" in found and bool(folder.only_name))
    )
    if where and not several:
        reading.same("the only stock", plain(where), plain(folder.only_name))
    reading.note("deciding", plain(where if several else ""))
    return folder.stock_named(where if several else "")


def _middle_is_named(reading: Reading, first: First, text: str | None) -> None:
    reading.same("the median run named", bool(text), first.p05 != first.p95)


# The answer -----------------------------------------------------------------------------------------------


def _answer_nothing(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    reading.note("adds up", None)
    stock = reading.folder.stock_named(found.get("where") or "")
    reading.same("what is required", 0.0, stock.required)
    reading.note("nothing required", value=True)


def _answer_grows(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    stock = _deciding(reading, found)
    _adds_up(reading, stock, found)
    reading.claim("the stock grows in less than 95 % of runs", holds=stock.grows >= 0.95)
    reading.number("what piles up", found["gain"], stock.change.p50, TOTAL, NO_STOCK)
    reading.same("the end", end_of_span(found["span"] or "", stock.folder.start), stock.folder.end)
    reading.note("grows", value=True)


def _answer_lasts(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    stock = _deciding(reading, found)
    _adds_up(reading, stock, found)
    reading.same("the end", iso(found["until"] or ""), stock.folder.end.isoformat())
    less = stock.coming_in < stock.required
    reading.same("a difference that the opening stock covers", bool(found["covers"]), less)
    reading.claim("there is no opening stock", holds=not found["covers"] or stock.opening.p95 > stock.residue)
    _left(reading, stock, found["left"])


def _left(reading: Reading, stock: StockFolder, text: str | None) -> None:
    """Check the closing stock; zero is `none`."""
    if text is None:
        reading.claim(f"{stock.closing.p50} are left", holds=stock.closing.p50 < NO_STOCK)
    else:
        reading.number("what is left", text, stock.closing.p50, TOTAL, NO_STOCK)


def _adds_up(reading: Reading, stock: StockFolder, found: Found) -> None:
    reading.note("adds up", value=True)
    reading.same("share of runs that are short", 0.0, stock.short.share)
    reading.same("share of runs that are short anywhere", 0.0, reading.folder.whole.short.share)
    _rates(reading, stock, found)
    would_last = stock.opening.p05 + stock.coming_in >= stock.planned
    reading.same("guns named as the reason", bool(found["guns"]), bool(found["plan"]) and not would_last)


def _answer_doubt(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    stock = _deciding(reading, found)
    reading.note("adds up", "in doubt")
    short = stock.short
    reading.share("share of runs that are short", found["part"], short.share)
    reading.claim("nearly all runs are short", holds=0.0 < short.share < NEARLY_ALL)
    reading.same("the end", iso(found["end"] or ""), stock.folder.end.isoformat())
    if found["out"]:
        reading.share("share of runs that run out", found["part"], stock.exhausted.share)
        reading.same("a stock that runs out", stock.is_emptied, True)
        reading.note(f"runs out {plain(found.get('where') or '')}", found["part"])
    else:
        reading.same("the verb", found["verb"], stock.past)


def _does_not_add_up(reading: Reading, stock: StockFolder, found: Found) -> None:
    reading.note("adds up", value=False)
    reading.claim("few runs are short", holds=stock.short.share >= NEARLY_ALL)
    _rates(reading, stock, found)


def _answer_although(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    stock = _deciding(reading, found)
    _does_not_add_up(reading, stock, found)
    reading.claim("less comes in than is required", holds=stock.coming_in >= stock.required)
    reading.share("the unmet share", found["unmet"], stock.not_fired / stock.required)
    need, fire = (math.fsum(each[-90:]) for each in (stock.daily_required, stock.daily_fired))
    is_met = stock.folder.days > 90 and fire >= need * ENOUGH
    reading.same("all is met in the end", bool(found["late"]), is_met)


def _answer_short(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    stock = _deciding(reading, found)
    _does_not_add_up(reading, stock, found)
    reading.claim("more comes in than is required", holds=stock.coming_in < stock.required)
    reading.claim(
        "a rule rations it", holds=not stock.is_rationed or "rationing" not in stock.folder.scenario
    )
    if found["month"]:
        reading.same("the month", iso_month(found["month"]), (stock.short.p50 or "")[:7])
        reading.same("a date that the opening stock explains", bool(found["covers"]), _is_used_up(stock))
        _middle_is_named(reading, stock.short, found["median"])
        return
    reading.same("the first day short", stock.folder.start.isoformat(), stock.short.p50)
    reading.same("no opening stock", bool(found["no_stock"]), stock.opening.p95 <= stock.residue)


def _is_used_up(stock: StockFolder) -> bool:
    """Whether the opening stock, less the mean difference a day, lasts about until half the runs are short.

    About is 10 days, or a tenth of the days until then.
    """
    assert stock.short.p50 is not None
    until = (dt.date.fromisoformat(stock.short.p50) - stock.folder.start).days
    a_day = (stock.required - stock.coming_in) / stock.folder.days
    slack = max(10.0, until / 10)
    return stock.opening.p50 > stock.residue and a_day * (until - slack) <= stock.opening.p50 <= a_day * (
        until + slack
    )


def _answer_rationed(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    stock = _deciding(reading, found)
    _does_not_add_up(reading, stock, found)
    reading.claim("no rule rations", holds="rationing" in stock.folder.scenario)
    reading.claim("the stock runs out first", holds=stock.is_rationed)
    reading.same("as much that comes in", bool(found.get("although")), stock.coming_in >= stock.required)
    reading.same("the first day short", iso(found["first"] or ""), stock.short.p50)
    _middle_is_named(reading, stock.short, found["median"])
    _last_fire(reading, stock, found)
    met = stock.last_met
    is_lasting = stock.stays_short and (met is None or met.p50 < ENOUGH)
    reading.same("rationed on each later day", bool(found["on"]), is_lasting)


def _last_fire(reading: Reading, stock: StockFolder, found: Found) -> None:
    """Check a rate of the last days with its share of the requirement and verb."""
    rate = stock.last_fire.p50 * PERIODS[found["fire_per"] or ""]
    reading.number("fire of the last days", found["fire"], rate, RATE)
    reading.same("the verb", found["verb"], stock.past)
    reading.same("the last days", int(found["last"] or 1), stock.folder.last_days)
    if found.get("met"):
        assert stock.last_met is not None
        reading.share("the share met in the last days", found["met"], stock.last_met.p50)
        _medians_apart(reading, stock, found)


def _medians_apart(reading: Reading, stock: StockFolder, found: Found) -> None:
    """Check that fire is called a share of the requirement only where it is one."""
    assert stock.last_met is not None
    last = stock.daily_required[-stock.folder.last_days :]
    share = stock.last_fire.p50 * len(last) / sum(last)
    reading.same("medians of their own", bool(found["apart"]), abs(share - stock.last_met.p50) >= 0.005)


# Lines of the verdict -------------------------------------------------------------------------------------


def _line_stock(reading: Reading, _stock: StockFolder, label: str, found: Found) -> None:
    stock = reading.folder.stock_named(label)
    short, said = stock.short, found["case"]
    if said == "nothing is required":
        reading.same("what is required", 0.0, stock.required)
        return
    _rates(reading, stock, found)
    expected = (
        "adds up"
        if short.share == 0.0
        else "may not add up"
        if short.share < NEARLY_ALL
        else "does not add up"
    )
    reading.same("the case", said, expected)
    reading.facts.setdefault("lines", {})[plain(label)] = said
    if found.get("met"):
        reading.share("the share met", found["met"], 1 - stock.not_fired / stock.required)
    if found.get("part"):
        reading.share("share of runs that are short", found["part"], short.share)
    if said == "adds up":
        _left(reading, stock, found.get("left"))


def _line_required(reading: Reading, stock: StockFolder, label: str, found: Found) -> None:
    reading.same("the label", label, "Required")
    rate = stock.required / stock.folder.days * PERIODS[found["per"] or ""]
    reading.number("the requirement", found["required"], rate, RATE)
    reading.claim(f"the noun is {stock.nouns}", holds=found["noun"] in stock.nouns)
    reading.note("required", found["required"])


def _line_coming_in(reading: Reading, stock: StockFolder, label: str, found: Found) -> None:
    reading.same("the label", label, "Coming in")
    if found["coming"] is None:
        reading.same("what comes in", 0.0, stock.coming_in)
        return
    factor = PERIODS[found["per"] or ""] / stock.folder.days
    reading.number("what comes in", found["coming"], stock.coming_in * factor, RATE)
    by_name = {plain(name): amount for name, amount in stock.inflow.items()}
    if found["single"]:
        reading.same("the origin", [plain(found["single"])], list(by_name))
        return
    parts = re.findall(r"(?:^|, )(.+?) (\d[\d,.]*)(?=, |$)", found["parts"] or "")
    reading.same("the origins", sorted(plain(name) for name, _ in parts), sorted(by_name))
    for name, rate in parts:
        reading.number(f"what comes in from {name}", rate, by_name.get(plain(name), -1) * factor, RATE)


def _all_depots(reading: Reading, stock: StockFolder, found: Found) -> None:
    stocks = stock.folder.stocks
    reading.same("all depots named", bool(found["all"]), bool(stocks and stocks[0].name))


def _line_opening(reading: Reading, stock: StockFolder, label: str, found: Found) -> None:
    reading.same("the label", label, "Opening stock")
    _all_depots(reading, stock, found)
    if found["middle"] is None:
        reading.claim(f"it is {stock.opening.p95}", holds=stock.opening.p95 <= stock.residue)
        return
    _range(reading, "the opening stock", found, stock.opening, TOTAL)
    reading.claim(f"the noun is {stock.nouns}", holds=found["noun"] in stock.nouns)
    if found["supply"]:
        only = stock.folder.stocks[0]
        need = only.daily_required[0]
        stated = stock.found["opening_days"]
        days = Spread(**stated)
        if only.is_certain:
            days = Spread(*(value / need for value in (only.opening.p05, only.opening.p50, only.opening.p95)))
        daily = only.daily_required
        is_steady = max(abs(each - daily[0]) for each in daily) <= 0.1 * daily[0]
        reading.same("the requirement of the first day", bool(found["first_day"]), not is_steady)
        parts = {"middle": found["supply"], "low": found["supply_low"], "high": found["supply_high"]}
        for name, text, value in zip(parts, parts.values(), (days.p50, days.p05, days.p95), strict=True):
            if text:
                place = (
                    1.0 if value >= 9.95 else 10.0 ** (math.floor(math.log10(value)) - 1) if value else 0.0
                )
                reading.claim(
                    f"days of supply ({name}) are {value}",
                    holds=abs(value_of(text) - value) <= place / 2 + 1e-6,
                )


def _range(
    reading: Reading, what: str, found: Found, spread: Spread, digits: int, factor: float = 1.0
) -> None:
    """Check a median and its range; alone where all three look the same."""
    reading.number(what, found["middle"], spread.p50 * factor, digits, NO_STOCK)
    if found["low"] is not None:
        reading.number(f"{what}, low end", found["low"], spread.p05 * factor, digits, NO_STOCK)
        reading.number(f"{what}, high end", found["high"], spread.p95 * factor, digits, NO_STOCK)
    else:
        for end in (spread.p05, spread.p95):
            reading.number(f"{what}, without a range", found["middle"], end * factor, digits, NO_STOCK)


def _first_event(
    reading: Reading, stock: StockFolder, label: str, others: str | None
) -> tuple[StockFolder, First]:
    """Return the stock and first day that a label of a verdict is about."""
    folder = reading.folder
    stock = folder.stocks[0] if len(folder.stocks) == 1 else stock
    lower = label.removeprefix("First ").lower()
    below = re.fullmatch(r"below ([\d.,]+) days?", lower)
    reading.claim("the label is unknown", holds=bool(below) or lower == "runs out")
    is_out = lower in {"runs out", "below 1 day"}
    cover = below[1].replace(",", "") if below else "1"

    def of(each: StockFolder) -> First:
        return each.exhausted if is_out else each.below(cover)

    if label.startswith("First "):
        emptied = [each for each in folder.stocks if is_out and each.is_emptied] or folder.stocks
        middles = [of(each).p50 or "never" for each in emptied]
        reading.same("the first stock by its median date", of(stock).p50 or "never", min(middles))
        alike = sum(of(each) == of(stock) for each in emptied) - 1
        reading.same("others with the same dates", int(others or 0), alike)
    elif len(folder.stocks) > 1:
        reading.same("the share of the stocks", 0.0, max(of(each).share for each in folder.stocks))
    if lower == "runs out":
        reading.same("a stock that runs out", stock.exhausted.share > 0.0, stock.is_emptied)
    return stock, of(stock)


def _line_first_day(reading: Reading, stock: StockFolder, label: str, found: Found) -> None:
    stock, first = _first_event(reading, stock, label, found.get("others"))
    is_named = label.startswith("First ") or bool(reading.folder.only_name)
    reading.same("a name among several stocks", bool(found.get("name")), is_named)
    if found.get("name"):
        reading.same("the name", plain(found["name"] or ""), plain(stock.name))
    if label.lower().endswith("runs out") or label.endswith("elow 1 day"):
        reading.note(f"event {plain(stock.name)}", "runs out" if label.endswith("uns out") else "falls below")
    if label.lower().endswith("runs out"):
        said = NEVER if found.get("never") else found.get("part") or ALWAYS
        reading.note(f"runs out {plain(stock.name)}", said)
    _first_day(reading, first, found)


def _line_consumer(reading: Reading, _stock: StockFolder, label: str, found: Found) -> None:
    folder = reading.folder
    (consumer,) = [
        name
        for name in folder.consumers
        if plain(label.removeprefix("Short: ")) == plain(folder.label("consumption", name))
    ]
    reading.claim("there is one priority alone", holds=len(set(folder.priorities.values())) > 1)
    first = folder.first_short(consumer)
    earlier = reading.facts.setdefault("consumers", [])
    earlier.append((-first.share, first.p50 or ""))
    reading.claim("a consumer before it goes short later", holds=earlier == sorted(earlier))
    reading.claim("no consumer goes short", holds=earlier[0][0] < 0.0)
    _first_day(reading, first, found)


def _line_objective(reading: Reading, _stock: StockFolder, label: str, found: Found) -> None:
    reading.same("the label", label, "Objective reached")
    _first_day(reading, reading.folder.reached, found)


def _first_day(reading: Reading, first: First, found: Found) -> None:
    """Check the share of runs, the dates and the range of a first day."""
    reading.same("one run", bool(found.get("one")), reading.folder.runs == 1)
    if found.get("part"):
        reading.share("the share of runs", found["part"], first.share)
        reading.claim("all runs or none", holds=0.0 < first.share < 1.0)
    else:
        reading.same("the share of runs", 0.0 if found.get("never") else 1.0, first.share)
    for name, date in (("date", first.p50), ("low", first.p05), ("high", first.p95)):
        if found.get(name):
            reading.same(f"the {name}", iso(found[name] or ""), date)
    if found.get("after"):
        after = dt.date.fromisoformat(iso(found["after"] or "")) + dt.timedelta(days=1)
        reading.same("a range that ends after the period", (after, None), (reading.folder.end, first.p95))
    if found.get("end"):
        reading.same("the end", iso(found["end"] or ""), reading.folder.end.isoformat())
    if found.get("date") and not found.get("low"):
        reading.same("a date without range", first.p05, first.p95)


def _line_last_days(reading: Reading, stock: StockFolder, label: str, found: Found) -> None:
    last = re.fullmatch(r"Last (\d+) days?", label)
    reading.same("the last days", last and int(last[1]), stock.folder.last_days)
    _range(reading, "fire of the last days", found, stock.last_fire, RATE, PERIODS[found["per"] or ""])
    reading.same("the verb", found["verb"], stock.past)
    met = stock.last_met
    assert met is not None
    for name, share in (("met", met.p50), ("met_low", met.p05), ("met_high", met.p95)):
        if found[name]:
            reading.share(f"the share {name}", found[name], share)
    _medians_apart(reading, stock, found)
    reading.note("last met", found["met"])


def _line_totals(reading: Reading, stock: StockFolder, label: str, found: Found) -> None:
    span = label.removeprefix("In ")
    reading.same("the end", end_of_span(span, stock.folder.start), stock.folder.end)
    reading.number("all that is required", found["required"], stock.required, TOTAL)
    reading.same("the verb", found["verb"], stock.past)
    reading.note("all met", bool(found["all"]))
    if found["all"]:
        reading.same("share of runs that are short", 0.0, stock.short.share)
        return
    reading.number("all that is fired", found["fired"], stock.fired, TOTAL, 1e-6 * stock.required)
    reading.number("all that is not", found["unmet"], stock.not_fired, TOTAL, 1e-6 * stock.required)


def _line_expired(reading: Reading, stock: StockFolder, label: str, found: Found) -> None:
    reading.same("the label", label, "Expired")
    reading.number("all that expires", found["expired"], stock.expired, TOTAL)
    reading.claim(f"the noun is {stock.nouns}", holds=found["noun"] in stock.nouns)


def _line_orders_cut(reading: Reading, stock: StockFolder, label: str, found: Found) -> None:
    folder = reading.folder
    reading.same("the label", label, "Orders cut")
    reading.claim("there is no budget", holds="budget:" in folder.scenario)
    cuts = [float(cut) for cut in folder.outcomes["unfunded"]]
    share, spread = sum(cut > 0.0 for cut in cuts) / len(cuts), Spread.of(cuts)
    reading.claim("no order is cut in any run", holds=share > 0.0)
    if found["part"]:
        reading.share("the share of runs", found["part"], share)
        reading.claim("all runs", holds=share < 1.0)
    else:
        reading.same("every run", bool(found["every"]), folder.runs > 1)
        reading.same("the share of runs", 1.0, share)
    reading.same("a size of the cut", found["middle"] is not None, spread.p50 >= NO_STOCK)
    if found["middle"]:
        _range(reading, "the largest cut", found, spread, TOTAL)
        reading.claim(f"the noun is {stock.nouns}", holds=found["noun"] in stock.nouns)
        lines = YAML(typ="safe").load(folder.scenario)["orders"]
        reading.same("a cut of each of several stocks", bool(found["each"]), len(lines) > 1)


def _line_closing(reading: Reading, stock: StockFolder, label: str, found: Found) -> None:
    reading.same("the label", label, "Closing stock")
    reading.note("closing", bool(found["middle"]))
    if found["middle"]:
        _all_depots(reading, stock, found)
        _range(reading, "the closing stock", found, stock.closing, TOTAL)
        return
    reading.claim(f"up to {stock.closing.p95} are left", holds=stock.closing.p95 < NO_STOCK)
    runs = stock.folder.runs
    expected = "" if runs == 1 else " in any run" if runs < FEW_RUNS else " in at least 95 % of runs"
    reading.same("the runs", found["runs"] or "", expected)


def _line_fired_from(reading: Reading, stock: StockFolder, label: str, found: Found) -> None:
    reading.same("the label", label.lower(), f"{stock.past} from")
    if found["nothing"]:
        reading.same("what is fired", 0.0, stock.fired)
        reading.same("the verb", found["verb"], stock.past)
        return
    shares = {plain(name): share for name, share in stock.fired_from.items() if share > 0.0}
    parts = re.findall(r"(?:^|, )(.+?) ((?:under 1|over 99|\d+) %)", found["parts"] or "")
    reading.same("the origins", sorted(plain(name) for name, _ in parts), sorted(shares))
    for name, text in parts:
        reading.share(f"the share of {name}", text, shares.get(plain(name), -1.0))


# Headlines ------------------------------------------------------------------------------------------------


def _headline_nothing(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    reading.same("what is required", 0.0, reading.folder.whole.required)
    reading.same("no one draws", bool(found.get("no_one")), not reading.folder.stocks)
    reading.note("nothing required", value=True)


def _headline_lasts(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    folder = reading.folder
    reading.same("the end", iso(found["end"] or ""), folder.end.isoformat())
    for each in folder.stocks:
        reading.same(f"share of runs that run out {each.name}", 0.0, each.exhausted.share)
    reading.same("several stocks", bool(found.get("every")), len(folder.stocks) > 1)
    reading.same("the only stock", plain(found.get("name") or ""), plain(folder.only_name))
    reading.note("headline", NEVER)
    if found.get("level"):
        stock = folder.stocks[0]
        reading.number("the level at the end", found["level"], stock.closing.p50, TOTAL)
        reading.same("share of runs that grow", 1.0, stock.grows)
    else:
        reading.same("every run named", bool(found["all"]), folder.runs > 1)
    _headline_requirement(reading, found)


def _headline_runs_out(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    folder = reading.folder
    stock = folder.stock_named(found.get("name") or "") if len(folder.stocks) > 1 else folder.stocks[0]
    if len(folder.stocks) == 1:
        reading.same("the only stock", plain(found.get("name") or ""), plain(folder.only_name))
    first = stock.exhausted
    emptied = [each for each in folder.stocks if each.is_emptied] or folder.stocks
    alike = sum(each.exhausted == first for each in emptied) - 1
    reading.same("the only first stock", bool(found["first"]), len(folder.stocks) > 1 and not alike)
    reading.same("others with the same dates", int(found["others"] or 0), alike)
    earliest = min(each.exhausted.p50 or "never" for each in emptied)
    reading.same("the earliest date", first.p50 or "never", earliest)
    is_out = (found["event"] or "").endswith("out")
    reading.same("a stock that runs out", is_out, stock.is_emptied)
    if is_out:
        reading.note("headline", found["part"] or ALWAYS)
    reading.note("headline stock", plain(stock.name))
    reading.note("headline event", "runs out" if is_out else "falls below")
    if found["part"]:
        reading.share("the share of runs", found["part"], first.share)
    else:
        reading.same("the share of runs", 1.0, first.share)
    if found["date"]:
        reading.same("the date", iso(found["date"]), first.p50)
    if found["first_day"]:
        reading.same("the date", folder.start.isoformat(), first.p50)
    if found["day"]:
        reading.same("the date", iso(found["day"]), first.p50)
    if found["first_day"] or found["day"]:
        reading.same("one date in all runs", first.p05, first.p95)
    if found["back"]:
        reading.number("the level in the end", found["back"], stock.closing.p50, TOTAL)
    _headline_requirement(reading, found)


def _check_values(reading: Reading, stock: StockFolder, values: Mapping[str, Any]) -> None:
    """Check the numbers that a finding stores beside its sentence."""
    days = stock.folder.days
    known: Mapping[str, Callable[[], float]] = {
        "required_a_day": lambda: stock.required / days,
        "coming_in_a_day": lambda: stock.coming_in / days,
        "required": lambda: stock.required,
        "fired": lambda: stock.fired,
        "unmet": lambda: stock.not_fired,
        "short_share": lambda: stock.short.share,
        "exhausted_share": lambda: stock.exhausted.share,
        "closing_p50": lambda: stock.closing.p50,
        "last_fire_p50": lambda: stock.last_fire.p50,
        "fire_p50": lambda: stock.last_fire.p50,
    }
    for name in sorted(values.keys() & known.keys()):
        value, least = known[name](), stock.residue or 1e-9
        is_same = math.isclose(values[name], value, rel_tol=1e-9, abs_tol=least)
        reading.claim(f"the value {name} is {value!r}, not {values[name]!r}", holds=is_same)


def _headline_requirement(reading: Reading, found: Found) -> None:
    whole = reading.folder.whole
    reading.same("met throughout", bool(found["throughout"]), whole.short.share == 0.0)
    if found["throughout"]:
        reading.note("throughout", value=True)
        return
    met = whole.last_met
    reading.same("the last days left out", found["last"] is None and not found["last_day"], met is None)
    if met is None:
        return
    reading.same("the last days", int(found["last"] or 1), whole.folder.last_days)
    fired, required = (
        math.fsum(daily[-whole.folder.last_days :]) for daily in (whole.daily_fired, whole.daily_required)
    )
    share = fired / required
    if found["is_met"]:
        reading.claim(f"{met.p50} is met in the last days", holds=met.p50 >= ENOUGH)
        reading.same("all runs meet it", not (found["median"] or found["most"]), share >= ENOUGH)
        reading.same("the median run named", bool(found["median"]), met.p05 < ENOUGH)
        reading.same("the mean of the bars named", found["together"] is not None, share < 0.995)
        if found["together"]:
            reading.share("the share met over all runs", found["together"], share)
        return
    # The bars are means: medians stand for them only where they look the same.
    is_alike = abs(share - met.p50) < 0.005 and (
        abs(whole.last_fire.p50 * whole.folder.last_days / required - met.p50) < 0.005
    )
    reading.same("the mean named", bool(found["mean"]), not is_alike)
    rate = (whole.last_fire.p50 if is_alike else fired / whole.folder.last_days) * PERIODS[
        found["fire_per"] or ""
    ]
    reading.number("fire of the last days", found["fire"], rate, RATE)
    reading.same("the verb", found["verb"], whole.past)
    if found["met"]:
        reading.share("the share met in the last days", found["met"], met.p50 if is_alike else share)
    if found["all_guns"]:
        reading.claim("the requirement is not cut by guns", holds=whole.folder.has_guns)
        reading.claim(f"{met.p50} is met in the last days", holds=met.p50 >= ENOUGH)
        reading.claim(f"{share} is met over all runs", holds=share >= 0.995)


def _supply_gap(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    by_munition = reading.folder.whole.months
    reading.same("a munition among several", bool(found["of"]), len(by_munition) > 1)
    name = next((each for each in by_munition if plain(each) == plain(found["of"] or each)), "")
    months = by_munition.get(name, [])
    reading.claim("no such munition is required", holds=bool(months))
    if not months:
        return
    names = [month for month, _, _ in months]
    if found["whole"]:
        first, last = names[0], names[-1]
    elif found["only"]:
        first = last = iso_month(found["only"])
    elif found["on"]:
        first, last = iso_month(found["on"]), names[-1]
    else:
        last = iso_month(found["last"] or "")
        start = found["start"] or ""
        first = iso_month(start if " " in start else f"{start} {last[:4]}")
    inside = [(need, fired) for month, need, fired in months if first <= month <= last]
    need, fired = (sum(column) for column in zip(*inside, strict=True))
    reading.share("the unmet share", found["unmet"], 1 - fired / need)
    gaps = _gaps(months)
    reading.claim("the gap is another", holds=(first, last) in gaps)
    reading.same("the largest gap", gaps.get((first, last), -1.0), max(gaps.values(), default=0.0))
    others = sum(fired < 0.995 * need for _, need, fired in months) - len(inside)
    reading.same("the other months", int(found["others"] or 0), others)
    shares = {each: _largest_share(of) for each, of in by_munition.items() if _gaps(of)}
    reading.claim(
        "more is missing of another munition",
        holds=shares.get(name, 0.0) >= max(shares.values(), default=0.0) - 1e-12,
    )
    either = sorted(plain(each) for each in shares if each != name)
    if found["either_name"]:
        reading.same("the other munitions", [plain(found["either_name"])], either)
    else:
        said = COUNTS.index(found["either_count"]) if found["either_count"] else 0
        reading.same("the number of other munitions", said, len(either))
    reading.note("supply", "gap")


def _largest_share(months: list[tuple[str, float, float]]) -> float:
    """Return the unmet share of the largest gap of a munition."""
    gaps = _gaps(months)
    first, last = max(gaps, key=lambda each: gaps[each])
    need = sum(need for month, need, _ in months if first <= month <= last)
    return gaps[first, last] / need


def _gaps(months: list[tuple[str, float, float]]) -> dict[tuple[str, str], float]:
    """Return the unmet requirement by first and last month of each stretch of short months."""
    gaps: dict[tuple[str, str], float] = {}
    first, missing, last = "", 0.0, ""
    for month, need, fired in [*months, ("", 1.0, 1.0)]:
        if fired < 0.995 * need:
            first, missing, last = first or month, missing + need - fired, month
        elif first:
            gaps[first, last] = missing
            first, missing = "", 0.0
    return gaps


def _supply_met(reading: Reading, _stock: StockFolder, _label: str, found: Found) -> None:
    whole = reading.folder.whole
    reading.claim("a month is short", holds=not any(map(_gaps, whole.months.values())))
    reading.same("all of it met", not found["nearly"], whole.short.share == 0.0)
    rows = reading.folder.origins[reading.folder.origins["kind"] == "fired"]
    opening = float(rows.loc[rows["origin"] == "initial", "mean"].sum())
    share = opening / float(rows["mean"].sum()) if opening else 0.0
    if found["opening"]:
        reading.share("the share of the opening stock", found["opening"], share)
    else:
        reading.same("the share of the opening stock", 0.0, share)
    reading.note("supply", "nearly met" if found["nearly"] else "met")


# Rules ----------------------------------------------------------------------------------------------------

Check = Callable[[Reading, StockFolder, str, Found], None]
_RANGE = r"{middle:N}(?: \({low:N} to {high:N}\))?"
_LAST = r"in the last (?:(?P<last_day>day)|{last:INT} days)"
_TAIL = (
    r"(?:(?P<throughout>; the requirement is met throughout)|; "
    + _LAST
    + r" (?:(?P<is_met>the requirement is met)"
    r"(?:(?: in (?:(?P<median>the median run)|(?P<most>at least 95 % of runs)))"
    r"(?:, and {together:PCT} of it over all runs)?)?|"
    r"{fire:N} a {fire_per:PER} (?:is|are) {verb:VERB}(?P<mean> on average)?"
    r"(?P<all_guns>, all that the guns left can fire)?(?:, {met:PCT} of the requirement)?))?"
)
_RATIONED = (
    r". Rationed (?:from {first:DATE} (?P<on>on)|for the first time on {first2:DATE})"
    r"(?P<median> in the median run)?; "
    r"{fire:N} a {fire_per:PER} (?:is|are) {verb:VERB} in the last {last:INT} days?"
    r"(?:,(?P<apart> and)? {met:PCT} of the requirement(?(apart) is met, each a median))?."
)
_NAMED = r"(?:{name:NAME}(?: and {others:INT} others?)?: )?"


def _rules(*rules: tuple[str, Check]) -> list[tuple[re.Pattern[str], Check]]:
    return [(sentence(text), check) for text, check in rules]


def _dates(check: Check) -> list[tuple[re.Pattern[str], Check]]:
    """Return the rules of a first day."""
    return _rules(
        (_NAMED + r"(?P<never>never, in any run)", check),
        (_NAMED + r"(?P<one>(?P<never>never)|on {date:DATE})", check),
        (_NAMED + r"in every run, on {date:DATE}", check),
        (_NAMED + r"in {part:PCT} of runs, half of all by {date:DATE}", check),
        (_NAMED + r"in {part:PCT} of runs before {end:DATE}(?:, in 5 % of all by {low:DATE})?", check),
        (
            _NAMED
            + r"in (?:every run; in half of them|{part:PCT} of runs; in half of all runs) by {date:DATE} "
            r"\({low:DATE} to (?:{high:DATE}|after {after:DATE})\)",
            check,
        ),
    )


GRAMMAR: Mapping[str, list[tuple[re.Pattern[str], Check]]] = {
    "answer": _rules(
        (r"Nothing is required of these stocks" + _WHERE + ".", _answer_nothing),
        (
            r"It adds up" + _WHERE + _GUNS + ": " + _SUPPLY + ". {gain:N} piles? up in {span:SPAN}.",
            _answer_grows,
        ),
        (
            r"It adds up"
            + _WHERE
            + r" until {until:DATE}"
            + _GUNS
            + ": "
            + _SUPPLY
            + r"; (?P<covers>the opening stock covers the difference, and )?"
            r"(?:{left:N}|none) (?:is|are) left.",
            _answer_lasts,
        ),
        (
            r"It may not add up" + _WHERE + r": in {part:PCT} of runs (?:(?P<out>the stock runs out)|"
            r"less than is required is {verb:VERB} at some time) before {end:DATE}.",
            _answer_doubt,
        ),
        (
            r"It does not add up"
            + _WHERE
            + r", although "
            + _SUPPLY
            + r": {unmet:PCT} of the requirement is not met(?P<late>, none of it in the last 90 days)?.",
            _answer_although,
        ),
        (
            r"It does not add up"
            + _WHERE
            + ": "
            + _REQUIREMENT
            + r". (?:(?:(?P<covers>The opening stock covers the difference)|The requirement is met)"
            r" until {month:MONTH}"
            r"(?P<median> in the median run)?|"
            r"(?:(?P<no_stock>There is no opening stock)|The opening stock does not suffice) "
            r"to cover the difference, not even on the first day).",
            _answer_short,
        ),
        (
            r"It does not add up" + _WHERE + ": " + _REQUIREMENT + _RATIONED,
            lambda r, s, label, found: _answer_rationed(
                r, s, label, {**found, "first": found["first"] or found["first2"]}
            ),
        ),
        (
            r"It does not add up" + _WHERE + r"(?P<although>, although )" + _SUPPLY + _RATIONED,
            lambda r, s, label, found: _answer_rationed(
                r, s, label, {**found, "first": found["first"] or found["first2"]}
            ),
        ),
    ),
    "stock": _rules(
        (r"(?P<case>nothing is required)", _line_stock),
        (r"(?P<case>may not add up): " + _REQUIREMENT + r"; short in {part:PCT} of runs", _line_stock),
        (r"(?P<case>does not add up): " + _REQUIREMENT + r"; {met:PCT} is met", _line_stock),
        (r"(?P<case>adds up): " + _REQUIREMENT + r"; (?:{left:N}|none) (?:is|are) left", _line_stock),
    ),
    "required": _rules((r"{required:N} {noun:NOUN} a {per:PER}", _line_required)),
    "coming_in": _rules(
        (r"(?:nothing|{coming:N} a {per:PER}(?:, all of it {single:NAME}|: (?P<parts>.+)))", _line_coming_in)
    ),
    "opening_stock": _rules(
        (
            r"(?:none|" + _RANGE + r" {noun:NOUN})(?P<all>, in all depots)?"
            r"(?:, {supply:N}(?: \({supply_low:N} to {supply_high:N}\))? days? of supply"
            r"(?P<first_day> at the requirement of the first day)?)?",
            _line_opening,
        )
    ),
    "runs_out": _dates(_line_first_day),
    "below": _dates(_line_first_day),
    "objective": _dates(_line_objective),
    "consumer_short": _dates(_line_consumer),
    "last_days": _rules(
        (
            _RANGE + r" a {per:PER} {verb:VERB}(?:,|(?P<apart>;)) {met:PCT}"
            r"(?: \({met_low:PCT} to {met_high:PCT}\))? of the requirement(?(apart) met, each a median)",
            _line_last_days,
        )
    ),
    "totals": _rules(
        (
            r"{required:N} required, (?:(?P<all>all)|{fired:N}) {verb:VERB}(?:, {unmet:N} not)?",
            _line_totals,
        )
    ),
    "expired": _rules((r"{expired:N} {noun:NOUN} past their shelf life", _line_expired)),
    "orders_cut": _rules(
        (
            r"for want of money(?: (?:in {part:PCT} of runs|(?P<every>in every run)))?"
            r"(?:; the largest (?:by|(?P<each>cut of each stock, added up,)) " + _RANGE + r" {noun:NOUN})?",
            _line_orders_cut,
        )
    ),
    "closing_stock": _rules(
        (
            r"(?:"
            + _RANGE
            + r"(?P<all>, in all depots)?|none(?P<runs> in any run| in at least 95 % of runs)?)",
            _line_closing,
        )
    ),
    "fired_from": _rules(
        (r"(?:(?P<nothing>nothing) was {verb:VERB}|(?P<parts>.+ %))", _line_fired_from),
    ),
    "drawdown_headline": _rules(
        (r"(?:(?P<no_one>No one draws on)|Nothing is required of) these stocks", _headline_nothing),
        (
            r"(?:{name:NAME}: the stock|The stock|(?P<every>Every stock)) "
            r"(?:grows to {level:N} by|lasts to) {end:LDATE}(?P<all>, in every run)?" + _TAIL,
            _headline_lasts,
        ),
        (
            _NAMED + r"[Tt]he stocks? (?P<event>runs? out|falls? below one day of supply)(?P<first> first)?"
            r"(?: in (?:every run|{part:PCT} of runs)(?:, in half of (?:them|all runs) by {date:LDATE})?|"
            r" on (?:(?P<first_day>the first day)|{day:LDATE})(?: in every run)?)"
            r"(?:, but {back:N} (?:is|are) there in the end)?" + _TAIL,
            _headline_runs_out,
        ),
    ),
    "supply_headline": _rules(
        (r"Nothing is required", lambda r, s, label, found: _headline_nothing(r, s, label, found)),
        (
            r"(?:(?P<nearly>Over 99 % of the requirement is met|At least 99.5 % of the requirement is met)|"
            r"The requirement is met) in every month(?:; {opening:PCT} of it from the opening stock)?",
            _supply_met,
        ),
        (
            r"(?:(?P<whole>Over the whole period)|In {only:MONTH}|Over the months from {on:MONTH} on|"
            r"Over the months from (?P<start>[A-Z][a-z]+(?: \d{4})?) to {last:MONTH}) "
            r"{unmet:PCT} of the requirement(?: of {of:NAME})? is not met"
            r"(?:, and some of it in {others:INT} other months?)?"
            r"(?:; some of that of (?:(?P<either_count>[a-z]+) other munitions|{either_name:NAME}) "
            r"is not met either)?",
            _supply_gap,
        ),
    ),
}


# Contradictions -------------------------------------------------------------------------------------------


def _contradictions(reading: Reading) -> None:
    """Report sentences that cannot both be true, whatever the tables say."""
    facts = reading.facts
    adds_up = facts.get("adds up")
    outs = {name: said for name, said in facts.items() if name.startswith("runs out ")}
    headline = facts.get("headline")
    says_out = [said for said in (*outs.values(), headline) if said not in {None, NEVER}]
    pairs = {
        "it adds up, and a stock runs out": adds_up is True and bool(says_out),
        "it adds up, and not all is met": adds_up is True and facts.get("all met") is False,
        "it does not add up, and all is met": adds_up is False and facts.get("all met") is True,
        "it does not add up, and the requirement is met throughout": adds_up in {False, "in doubt"}
        and facts.get("throughout") is True,
        "it does not add up, and the requirement is met in every month": adds_up in {False, "in doubt"}
        and facts.get("supply") == "met",
        "it adds up, and a month is short": adds_up is True and facts.get("supply") in {"gap", "nearly met"},
        "the stock runs out, and the requirement is met throughout": bool(says_out)
        and bool(facts.get("throughout")),
        "the stock piles up, and none is left": bool(facts.get("grows")) and facts.get("closing") is False,
        "nothing is required, and a requirement": bool(facts.get("nothing required"))
        and "required" in facts
        and "deciding" not in facts,
        "the answer and the line of its stock differ": _differs(facts),
        "the headline and the line of the same stock differ in what happens": "headline event" in facts
        and facts.get(f"event {facts['headline stock']}", facts["headline event"]) != facts["headline event"],
        "the headline and the line of the same stock differ in their share of runs": headline is not None
        and headline != NEVER
        and outs.get(f"runs out {facts['headline stock']}", headline) != headline,
    }
    for what, is_so in pairs.items():
        reading.claim(what, holds=not is_so)


def _differs(facts: Mapping[str, Any]) -> bool:
    cases = {True: "adds up", False: "does not add up", "in doubt": "may not add up"}
    lines, name = facts.get("lines", {}), facts.get("deciding")
    if name not in lines:
        return bool(facts.get("adds up") is True and set(lines.values()) - {"adds up"})
    return bool(lines[name] != cases[facts["adds up"]])
