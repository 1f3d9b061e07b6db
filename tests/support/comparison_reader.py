"""Independent reader of the sentences of a comparison: each number and claim against the runs of both.

`read_comparison` parses the headline and every line by a grammar of its own, and re-derives their numbers
from ``outcomes.csv`` of each scenario's own folder: same seed and runs, paired by run. It imports nothing of
the package.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.folder_figures import RunFolder
from tests.support.folder_pairs import OutcomePair
from tests.support.sentence_grammar import iso, share_agrees

Found = Mapping[str, str | None]
#: Part of an outcome below which a difference is hardly one.
HARDLY = 0.01
EXACT = 1e-6
_MONTHS = "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_PARTS = {
    "N": r"(?:under )?\d[\d,]*(?:\.\d+)?M?",
    "I": r"\d[\d,]*",
    "P": r"(?:under 1|over 99|\d+(?:\.\d+)?) %",
    "D": rf"\d{{1,2}} {_MONTHS} \d{{4}}",
    "S": r"in (?:every run|no run|(?:under 1|over 99|\d+(?:\.\d+)?) % of runs)",
    "V": "[a-z][a-z ]*?",
    "T": ".+?",
}
#: What happens to an exhausted stock: the verb, its form after "does not", and the weaker words.
_EVENT = r"(?P<event>runs out|falls below one day of supply)"
_BASES = {"run out": "runs out", "fall below one day of supply": "falls below one day of supply"}
_WEAK = "falls below one day of supply"
_PERIODS = {"day": 1.0, "month": 365.25 / 12, "year": 365.25}


def _rule(text: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"<(\w+):([A-Z])>", lambda part: f"(?P<{part[1]}>{_PARTS[part[2]]})", text))


@dataclass
class ComparisonReading:
    """The reader's results for a comparison.

    Attributes
    ----------
    folders : mapping of str to RunFolder
        The scenarios by name; the first is the baseline.
    titles : mapping of str to str
    is_certain : bool
        Whether nothing is drawn.
    failures : list of str
    sentences, claims : int
    kinds : Counter
        Sentences by form.
    """

    folders: Mapping[str, RunFolder]
    titles: Mapping[str, str]
    is_certain: bool
    failures: list[str] = field(default_factory=list)
    sentences: int = 0
    claims: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    current: str = ""

    def claim(self, what: str, *, holds: bool) -> None:
        """Count a claim, and report it unless it holds."""
        self.claims += 1
        if not holds:
            self.failures.append(f"{self.current!r}: {what}")

    def same(self, what: str, said: object, is_: object) -> None:
        """Check equality."""
        self.claim(f"{what} is {is_}, not {said}", holds=said == is_)

    def number(self, what: str, text: str, value: float) -> None:
        """Check the size of a number to the digits that it shows."""
        self.claim(f"{what} is {value:.10g}, not {text}", holds=_agrees(text, abs(value)))

    @property
    def base(self) -> RunFolder:
        return next(iter(self.folders.values()))

    @property
    def others(self) -> list[str]:
        return list(self.folders)[1:]

    @property
    def several(self) -> bool:
        """Whether there are several stocks."""
        return max(len(folder.stocks) for folder in self.folders.values()) > 1

    @property
    def is_weak(self) -> bool:
        """Whether an exhausted stock meets the requirement in some run, in any scenario."""
        return any(
            stock.short.share < stock.exhausted.share
            for folder in self.folders.values()
            for stock in (folder.whole, *folder.stocks)
        )

    @property
    def is_about_lasting(self) -> bool:
        """Whether one stock lasts longer or less, rather than being exhausted later or sooner."""
        return not self.several and not self.is_weak

    def pair(self, name: str, outcome: str) -> OutcomePair:
        return OutcomePair(self.base, self.folders[name], outcome)

    def titled(self, title: str) -> str:
        """Return the name of the scenario with a title."""
        found = [name for name in self.others if self.titles[name] == title]
        self.same(f"scenarios called {title!r}", len(found), 1)
        return found[0] if found else self.others[0]

    @property
    def past(self) -> str:
        words = {folder.whole.past for folder in self.folders.values()}
        return words.pop() if len(words) == 1 else "used"

    @property
    def currency(self) -> str:
        found = re.search("^currency: ([A-Z]{3})$", self.base.scenario, re.MULTILINE)
        return found[1] if found else ""

    @property
    def nouns(self) -> tuple[str, str]:
        words = {folder.whole.nouns for folder in self.folders.values()}
        return words.pop() if len(words) == 1 else ("item", "items")


def read_comparison(
    folders: Mapping[str, RunFolder],
    titles: Mapping[str, str],
    findings: Sequence[Mapping[str, Any]],
    *,
    is_certain: bool,
) -> ComparisonReading:
    """Return the errors of the findings of a comparison."""
    reading = ComparisonReading(folders, titles, is_certain)
    for found in findings:
        reading.sentences += 1
        text, label = found["sentence"], found["label"]
        reading.current = f"{label}: {text}" if label else text
        nouns = "|".join(["day", "run", "pair", reading.nouns[0]])
        plural = rf"(?<![\d.,])1 (?:more |fewer )?(?:{reading.nouns[1]}|days|runs|pairs)\b"
        reading.claim("1 with a plural", holds=re.search(plural, text) is None)
        singular = rf"(?<![\d.,])(?!1 )[\d.,]+M? (?:more |fewer )?(?:{nouns})\b"
        reading.claim("a number with a singular", holds=re.search(singular, text) is None)
        rules = {"comparison_headline": _HEADLINES, "comparison_stock": _STOCKS}.get(found["kind"], _LINES)
        for form, (pattern, check) in rules.items():
            match = pattern.fullmatch(text)
            if match:
                reading.kinds[form] += 1
                check(reading, found, match.groupdict())
                break
        else:
            reading.claim("no rule of the grammar reads this", holds=False)
    _complete(reading, findings)
    return reading


def _complete(reading: ComparisonReading, findings: Sequence[Mapping[str, Any]]) -> None:
    """Check that there is a line for each scenario and outcome that is not zero everywhere."""
    reading.current = "all lines"
    said = [(f["values"]["scenario"], f["values"]["outcome"]) for f in findings if f["kind"] == "comparison"]
    covers = [name for name in reading.base.columns if name.startswith("below_")]
    below = [name for name in covers if name != "below_1" or not reading.is_weak][:1]
    dates = ["exhausted", *(["rationed_from"] if reading.is_weak else []), *below]
    expected = [
        (name, outcome)
        for name in reading.others
        for outcome in (*dates, "fired", "unmet", "sustained_fire", *_service(reading))
        if outcome in dates or any(folder.outcomes[outcome].any() for folder in reading.folders.values())
    ]
    reading.same("the lines", said, expected)


def _service(reading: ComparisonReading) -> list[str]:
    """Return the shares of requirements that are met, and the money, which all scenarios have."""
    names = [name for name in reading.base.columns if name.startswith("met.")] + ["spent", "cost"]
    return [name for name in names if all(name in each.columns for each in reading.folders.values())]


# Numbers --------------------------------------------------------------------------------------------------


def _agrees(text: str, size: float) -> bool:
    """Return whether a number is a size rounded to the place that it shows; 0 is nothing."""
    if text.startswith("under "):
        return 0.0 < size < _shown(text.removeprefix("under "))
    number, million = text.removesuffix("M").replace(",", ""), text.endswith("M")
    shown = _shown(text)
    if shown == 0.0 or size == 0.0:
        return shown == 0.0 and size < EXACT
    decimals = len(number.partition(".")[2])
    place = 10.0**-decimals * (1e6 if million else 1.0)
    if not million and not decimals:
        place = max(1.0, 10.0 ** (len(number) - 3))
    return abs(shown - size) <= place / 2 * (1 + 1e-6)


def _shown(text: str) -> float:
    return float(text.removesuffix("M").replace(",", "")) * (1e6 if text.endswith("M") else 1.0)


def _direction(word: str | None) -> int:
    return 1 if word in {"longer", "later", "more"} else -1


# Lines ----------------------------------------------------------------------------------------------------


def _pair_of(reading: ComparisonReading, finding: Mapping[str, Any]) -> OutcomePair:
    """Return the pair that a line is about, by its label."""
    label, several = finding["label"], reading.several
    past = reading.past
    last = reading.base.last_days
    falls = "First below 1 day of supply" if several else "Below 1 day of supply"
    runs_out = "First stock runs out" if several else "The stock runs out"
    labels = {
        (falls if reading.is_weak else runs_out): "exhausted",
        f"{past.capitalize()} in all": "fired",
        f"Required but not {past}": "unmet",
        (
            f"{past.capitalize()} on the last day" if last == 1 else f"{past.capitalize()}, last {last} days"
        ): "sustained_fire",
    }
    for name in _service(reading):
        consumer = name.removeprefix("met.")
        label = reading.base.label("consumption", consumer)
        labels[f"Met: {label[0].upper()}{label[1:]}"] = name
    labels |= {"Money spent on orders": "spent", "Total cost": "cost"}
    if reading.is_weak:
        labels["Requirement not met"] = "rationed_from"
    below = re.fullmatch(rf"{'First b' if several else 'B'}elow ([\d.]+) days? of supply", label)
    outcome = labels.get(label) or (f"below_{below[1]}" if below else "")
    reading.same("the outcome of the label", outcome, finding["values"]["outcome"])
    return reading.pair(finding["values"]["scenario"], finding["values"]["outcome"])


def _line_never(reading: ComparisonReading, finding: Mapping[str, Any], found: Found) -> None:
    pair = _pair_of(reading, finding)
    reading.claim("a run gets there", holds=pair.is_never)
    _is_end(reading, found["end"])


def _is_end(reading: ComparisonReading, text: str | None) -> None:
    reading.same("the end", iso(text or ""), reading.base.end.isoformat())


def _means_hold(reading: ComparisonReading, pair: OutcomePair) -> None:
    reading.claim(
        f"{pair.censored} of {pair.pairs} pairs are censored", holds=not (pair.is_never or pair.needs_shares)
    )


def _line_same(reading: ComparisonReading, finding: Mapping[str, Any], found: Found) -> None:
    pair = _pair_of(reading, finding)
    _means_hold(reading, pair)
    _is_the_same(reading, pair, exactly=found["nearly"] is None)


def _is_the_same(reading: ComparisonReading, pair: OutcomePair, *, exactly: bool) -> None:
    """Check that nothing differs, or next to nothing."""
    change = pair.change
    if exactly:
        reading.claim(f"the largest difference is {change.largest}", holds=change.largest < EXACT)
        return
    most = 0.05 if pair.is_date else HARDLY * pair.size
    reading.claim(f"{change.largest} is not next to nothing of {pair.size}", holds=change.largest <= most)


def _line_amount(reading: ComparisonReading, finding: Mapping[str, Any], found: Found) -> None:
    pair = _pair_of(reading, finding)
    _means_hold(reading, pair)
    change, factor = pair.change, _unit(reading, pair, found)
    reading.claim(f"the interval is {change.ends}", holds=not change.includes_zero)
    reading.same("the limit", found["limit"] or "", pair.limit if change.low is not None else "")
    reading.same("the direction", _direction(found["word"]), 1 if change.mean > 0 else -1)
    reading.number("the difference", found["amount"] or "", change.mean * factor)
    near, far = sorted(map(abs, change.ends))
    if found["near"] is None:
        for end in (near, far):
            wide = abs(end - abs(change.mean)) <= 0.05 * abs(change.mean) + (0.5 if pair.is_date else 0.0)
            reading.claim(f"an end of the interval is {end}", holds=wide)
    else:
        reading.number("the near end", found["near"], near * factor)
        reading.number("the far end", found["far"] or "", far * factor)
    _not_reached(reading, pair, found)


def _unit(reading: ComparisonReading, pair: OutcomePair, found: Found) -> float:
    """Check the unit of a number; return the number of days of its period."""
    unit = found["unit"] or ""
    if pair.is_date:
        reading.claim("days of a date", holds=unit in {"day", "days"})
        return 1.0
    if pair.outcome.startswith("met."):
        reading.claim("percentage points", holds=unit in {"percentage point", "percentage points"})
        return 100.0
    if pair.outcome in {"spent", "cost"}:
        reading.same("the currency", unit, reading.currency)
        return 1.0
    noun, _, period = unit.partition(" a ")
    reading.claim(f"the noun is {reading.nouns}, not {noun}", holds=noun in reading.nouns)
    reading.same("a rate", bool(period), pair.outcome == "sustained_fire")
    return _PERIODS[period or "day"]


def _not_reached(reading: ComparisonReading, pair: OutcomePair, found: Found) -> None:
    is_censored = pair.is_date and pair.censored > 0
    reading.same("pairs that do not get there, named", bool(found["censored"]), is_censored)
    if found["censored"]:
        _is_end(reading, found["end"])
        counts = [int((found[key] or "").replace(",", "")) for key in ("censored", "pairs")]
        reading.same("pairs that do not get there", counts, [pair.censored, pair.pairs])


def _line_unclear(reading: ComparisonReading, finding: Mapping[str, Any], found: Found) -> None:
    pair = _pair_of(reading, finding)
    _means_hold(reading, pair)
    change, (low, high) = pair.change, pair.change.ends
    reading.claim(f"the interval is {low} to {high}", holds=change.includes_zero and low < high)
    for which, end in (("low", low), ("high", high)):
        factor = _unit(reading, pair, {"unit": found[f"{which}_unit"]})
        reading.number(f"the {which} end", found[which] or "", end * factor)
        if end:
            reading.same("the direction", _direction(found[f"{which}_word"]), 1 if end > 0 else -1)
    _not_reached(reading, pair, found)


def _line_one(reading: ComparisonReading, finding: Mapping[str, Any], found: Found) -> None:
    """Check a line of one pair in which one run reaches the event."""
    pair = _pair_of(reading, finding)
    reading.same("pairs", 1, pair.pairs)
    reading.same("what the other does", found["end"] is not None, pair.shares[1] == 1.0)
    reading.claim("both get there, or none", holds=pair.shares[0] != pair.shares[1])
    if found["end"]:
        _is_end(reading, found["end"])


def _stock_line(reading: ComparisonReading, finding: Mapping[str, Any], found: Found) -> None:
    """Check in which share of runs one of several stocks runs out, in both scenarios."""
    scope, values = finding["scope"], finding["values"]
    place = (scope["depot"], scope["munition"])
    folders = (reading.base, reading.folders[values["scenario"]])
    stocks = [
        next(each for each in folder.stocks if (each.depot, each.munition) == place) for folder in folders
    ]
    first, other = (stock.exhausted.share for stock in stocks)
    reading.claim("one stock alone", holds=reading.several)
    event = finding["label"].partition(": ")[0]
    reading.same("the event", event, "Below 1 day" if reading.is_weak else "Runs out")
    for part in ((stocks[0].munition, "munitions"), (stocks[0].depot, "depots")):
        name = reading.base.label(part[1], str(part[0]))
        known = {getattr(each, part[1][:-1]) for folder in folders for each in folder.stocks}
        reading.claim(
            f"{name} is not named", holds=len(known) < 2 or name.lower() in finding["label"].lower()
        )
    if reading.base.summary["runs"] == 1:
        words = {
            (0.0, 0.0): "never, in either",
            (1.0, 0.0): "never",
            (0.0, 1.0): "unlike in the first",
            (1.0, 1.0): "in both",
        }
        reading.same("the one run", found["one"], words[first, other])
        return
    _share_words(reading, "the share of runs", found["other"] or "", other)
    if found["both"]:
        reading.same("the share of the first", first, other)
    else:
        _share_words(reading, "the share of the first", found["first"] or found["instead"] or "", first)
        reading.claim("two equal shares", holds=first != other)


def _line_shares(reading: ComparisonReading, finding: Mapping[str, Any], found: Found) -> None:
    pair = _pair_of(reading, finding)
    _shares(reading, pair, found)
    change = pair.share_change
    has_interval = change.ends[0] != change.ends[1]
    reading.same("no clear difference", bool(found["unclear"]), has_interval and change.includes_zero)
    reading.same("an interval", bool(found["near"]), has_interval and not change.includes_zero)
    if found["near"]:
        near, far = sorted(map(abs, change.ends))
        reading.number("the near end", found["near"], 100 * near)
        reading.number("the far end", found["far"] or "", 100 * far)
        reading.same("the direction", _direction(found["word"]), 1 if change.mean > 0 else -1)


def _shares(reading: ComparisonReading, pair: OutcomePair, found: Found) -> None:
    """Check the shares of runs of both scenarios."""
    reading.claim(f"{pair.censored} of {pair.pairs} pairs are censored", holds=pair.needs_shares)
    reading.claim("one pair", holds=pair.pairs > 1)
    first, other = pair.shares
    _share_words(reading, "the share of runs", found["other"] or "", other)
    if found["both"]:
        _share_words(reading, "the share of the first", found["other"] or "", first)
        alike = first == other or pair.share_change.includes_zero
        reading.claim(f"{first} and {other} differ clearly", holds=alike)
    else:
        _share_words(reading, "the share of the first", found["first"] or found["instead"] or "", first)
        reading.claim("two equal shares", holds=found["other"] != f"in {found['first']} of runs")


def _share_words(reading: ComparisonReading, what: str, text: str, share: float) -> None:
    """Check words for a share: ``in every run``, ``none``, ``in 19 % of runs``, ``1 %``."""
    words = text.removeprefix("in ").removesuffix(" of runs")
    if words in {"every run", "no run", "none"}:
        reading.same(what, float(words == "every run"), share)
        return
    decimals = len(re.sub(r"[^\d.]", "", words).partition(".")[2])
    if decimals:
        close = abs(float(words.removesuffix(" %")) / 100 - share) <= 10.0**-decimals / 200 * (1 + 1e-6)
    else:
        close = share_agrees(words, share)
    reading.claim(f"{what} is {share}, not {text}", holds=close and 0.0 < share < 1.0)


# Headlines ------------------------------------------------------------------------------------------------


def _headline_nothing(reading: ComparisonReading, _finding: Mapping[str, Any], found: Found) -> None:
    reading.same("the verb", found["verb"], reading.past)
    fired = [float(folder.outcomes["fired"].sum()) for folder in reading.folders.values()]
    reading.same("all that is fired", sum(fired), 0.0)


def _headline_one(reading: ComparisonReading, _finding: Mapping[str, Any], found: Found) -> None:
    reading.same("other scenarios", len(reading.others), 1)
    name = reading.others[0]
    title = reading.titles[name]
    lead = f"{title} " if title.split(" ")[0] in {"With", "Without"} else f"{title}: "
    reading.same("the title", found["lead"], lead)
    pair = reading.pair(name, "exhausted")
    _stock_words(reading, found["stock"])
    _phrase(reading, pair, found["phrase"] or "")
    is_clear = not pair.change.includes_zero and pair.change.largest >= 0.05
    within = pair.is_open and is_clear and not pair.needs_shares and not pair.is_never
    reading.same("within the period", bool(found["within"]), within)
    _fire(reading, [reading.pair(name, "fired")], found["fire"] or "")
    reading.same("one run", bool(found["one"]), pair.pairs == 1 and not reading.is_certain)


def _stock_words(reading: ComparisonReading, text: str | None) -> None:
    reading.same("the first of several", "first" in (text or "").lower(), reading.several)


def _event_words(reading: ComparisonReading, text: str | None) -> None:
    """Check the choice of the words: whether the requirement is not met in as many runs."""
    reading.same("the weaker words", text == _WEAK, reading.is_weak)


def _needs_shares(reading: ComparisonReading, pairs: Mapping[str, OutcomePair]) -> None:
    """Check that some dates are beyond the end, but not all of them."""
    some = any(pair.needs_shares or pair.is_never for pair in pairs.values())
    reading.claim("no shares are needed", holds=some and not all(pair.is_never for pair in pairs.values()))


def _headline_shares(reading: ComparisonReading, _finding: Mapping[str, Any], found: Found) -> None:
    """Check the range of the shares of runs over several scenarios."""
    _stock_words(reading, found["stock"])
    _event_words(reading, found["event"])
    pairs = {name: reading.pair(name, "exhausted") for name in reading.others}
    _needs_shares(reading, pairs)
    shares = {name: pair.shares[1] for name, pair in pairs.items()}
    _share_words(reading, "the share of the first", found["first"] or "", pairs[reading.others[0]].shares[0])
    if found["count"]:
        _count_of_others(reading, found["count"])
        for name, share in shares.items():
            _share_words(reading, f"the share of {name}", found["low"] or "", share)
        return
    for which, extreme in (("low", min(shares.values())), ("high", max(shares.values()))):
        name = reading.titled(found[f"{which}_title"] or "")
        reading.same(f"the {which} share", shares[name], extreme)
        _share_words(reading, f"the {which} share", found[which] or "", extreme)


def _headline_one_run_each(reading: ComparisonReading, _finding: Mapping[str, Any], found: Found) -> None:
    """Check which scenarios run out, of one run each."""
    _stock_words(reading, found["stock"])
    _event_words(reading, found["event"])
    _is_end(reading, found["end"])
    pairs = {name: reading.pair(name, "exhausted") for name in reading.others}
    reading.claim("several runs", holds=all(pair.pairs == 1 for pair in pairs.values()))
    _needs_shares(reading, pairs)
    reached = [next(iter(pairs.values())).shares[0], *(pair.shares[1] for pair in pairs.values())]
    out = [name for name, share in zip(reading.folders, reached, strict=True) if share]
    counts = [int(found["count"] or ""), int(found["of"] or "")]
    reading.same("how many run out", counts, [len(out), len(reading.folders)])
    titles = ", ".join(reading.titles[name] for name in out)
    reading.same("those that run out", found["titles"], titles)


def _count_of_others(reading: ComparisonReading, text: str) -> None:
    count = 2 if text == "both others" else int(text.split()[1])
    reading.same("other scenarios", count, len(reading.others))


def _headline_alike(reading: ComparisonReading, _finding: Mapping[str, Any], found: Found) -> None:
    _stock_words(reading, found["stock"])
    _count_of_others(reading, found["count"] or "")
    for name in reading.others:
        _phrase(reading, reading.pair(name, "exhausted"), found["phrase"] or "")
    _fire(reading, [reading.pair(name, "fired") for name in reading.others], found["fire"] or "")


def _headline_range(reading: ComparisonReading, _finding: Mapping[str, Any], found: Found) -> None:
    _stock_words(reading, found["stock"])
    never = [name for name in reading.others if reading.pair(name, "exhausted").is_never]
    reading.claim(f"no run of {never} gets there", holds=not never)
    means = {name: reading.pair(name, "exhausted").change.mean for name in reading.others}
    for which, extreme in (("low", min(means.values())), ("high", max(means.values()))):
        name = reading.titled(found[f"{which}_title"] or "")
        reading.same(f"the {which} difference", means[name], extreme)
        phrase = f"{found['verb']} {found[which]}"
        _phrase(reading, reading.pair(name, "exhausted"), phrase)
    _fire(reading, [reading.pair(name, "fired") for name in reading.others], found["fire"] or "")


def _phrase(reading: ComparisonReading, pair: OutcomePair, text: str) -> None:
    """Check the change of the stock: the phrase after `the stock`."""
    matches = ((form, pattern.fullmatch(text)) for form, pattern in _PHRASES.items())
    form, found = next(((form, match.groupdict()) for form, match in matches if match), ("", {}))
    if not form:
        reading.claim(f"no rule reads {text!r}", holds=False)
        return
    change = pair.change
    if form != "never":
        said = found.get("event") or _BASES.get(found.get("not") or "")
        if said:
            _event_words(reading, said)
        is_about_days = form in {"same", "about", "days"}
        reading.same("lasts", said is None, is_about_days and reading.is_about_lasting)
    if form == "never":
        reading.claim("a run gets there", holds=pair.is_never)
        _is_end(reading, found["end"])
    elif form == "one":
        reading.claim("shares of several runs", holds=pair.pairs == 1 and pair.needs_shares)
        reading.same("it runs out", not found["not"], pair.shares[1] == 1.0)
        _is_end(reading, found["end"])
    elif form == "shares":
        _shares(reading, pair, found)
        has_interval = pair.share_change.low is not None
        unclear = has_interval and pair.share_change.includes_zero
        reading.same("no clear difference", bool(found["unclear"]), unclear)
    elif form == "same":
        _means_hold(reading, pair)
        _is_the_same(reading, pair, exactly=change.largest < EXACT)
    elif form == "about":
        _means_hold(reading, pair)
        reading.claim(f"the interval is {change.ends}", holds=change.includes_zero and change.largest >= 0.05)
    else:
        _means_hold(reading, pair)
        reading.claim(f"the interval is {change.ends}", holds=not change.includes_zero)
        reading.same("the limit", found["limit"] or "", pair.limit)
        reading.same("the direction", _direction(found["word"]), 1 if change.mean > 0 else -1)
        reading.number("the difference", found["amount"] or "", change.mean)
    if found.get("word"):
        reading.same("a word for lasting", found["word"] in {"less", "longer"}, reading.is_about_lasting)


def _fire(reading: ComparisonReading, pairs: list[OutcomePair], text: str) -> None:
    """Check how many more or fewer are fired, over scenarios."""
    match = _FIRE.fullmatch(text)
    if match is None:
        reading.claim(f"no rule reads {text!r}", holds=False)
        return
    found = match.groupdict()
    reading.same("the verb", found["verb"], reading.past)
    reading.same("in all", bool(found["all"]), reading.several)
    nouns = reading.nouns[0 if found["be"] == "is" else 1]
    reading.same("the noun", found["noun"], nouns)
    if found["alike"] == "just":
        for pair in pairs:
            _is_the_same(reading, pair, exactly=pair.change.largest < EXACT)
        return
    if found["alike"]:
        for pair in pairs:
            reading.claim(f"the interval is {pair.change.ends}", holds=pair.change.includes_zero)
        return
    means = sorted(pair.change.mean for pair in pairs if not pair.change.includes_zero)
    reading.claim("no clear difference", holds=bool(means))
    if not means:
        return
    if found["fewer"]:
        reading.number("the fewest", found["fewer"], means[0])
        reading.number("the most", found["more"] or "", means[-1])
        reading.claim(f"{means} have one sign", holds=means[0] < 0 < means[-1])
        return
    sign = _direction(found["word"])
    reading.claim(f"{means} have other signs", holds=all(sign * mean > 0 for mean in means))
    sizes = sorted(map(abs, means))
    reading.number("the largest difference", found["far"] or "", sizes[-1])
    if found["up_to"]:
        reading.claim("all differences are clear", holds=len(means) < len(pairs))
    else:
        reading.same("clear differences", len(means), len(pairs))
        reading.number("the smallest difference", found["near"] or found["far"] or "", sizes[0])


# Rules ----------------------------------------------------------------------------------------------------

Check = Callable[[ComparisonReading, Mapping[str, Any], Found], None]
_NOT_REACHED = r"(?:; not reached before <end:D> in <censored:I> of <pairs:I> pairs?)?"
_SHARES = (
    r"<other:S>(?:(?P<both> of both)|, not <first:P>|, instead of (?P<instead>none|every run|"
    + _PARTS["P"]
    + "))"
)


_LINES: dict[str, tuple[re.Pattern[str], Check]] = {
    "never": (_rule("never before <end:D>, in any run of either"), _line_never),
    "no difference": (_rule("(?:no|(?P<nearly>next to no)) difference"), _line_same),
    "days": (
        _rule(
            r"(?:(?P<limit>at least|at most) )?<amount:N> (?P<unit>days?) (?P<word>sooner|later)"
            r"(?: \(<near:N> to <far:N>\))?" + _NOT_REACHED
        ),
        _line_amount,
    ),
    "amount": (
        _rule(
            r"(?P<limit>at least )?<amount:N> (?P<word>fewer|more) (?P<unit>[a-z][a-z ]*)"
            r"(?: \(<near:N> to <far:N>\))?(?P<end>)(?P<censored>)(?P<pairs>)"
        ),
        _line_amount,
    ),
    "unclear days": (
        _rule(
            r"no clear difference \(<low:N> (?P<low_unit>days?) (?P<low_word>sooner|later) to "
            r"<high:N> (?P<high_unit>days?) (?P<high_word>sooner|later)\)" + _NOT_REACHED
        ),
        _line_unclear,
    ),
    "unclear amount": (
        _rule(
            r"no clear difference \(<low:N> (?P<low_word>fewer|more) (?P<low_unit>[a-z][a-z ]*) to "
            r"<high:N> (?P<high_word>fewer|more) (?P<high_unit>[a-z][a-z ]*)\)(?P<end>)(?P<censored>)"
        ),
        _line_unclear,
    ),
    "service": (
        _rule(
            r"(?P<limit>)<amount:N> (?P<unit>percentage points?|[A-Z]{3}) (?P<word>less|more)"
            r"(?: \(<near:N> to <far:N>\))?(?P<end>)(?P<censored>)(?P<pairs>)"
        ),
        _line_amount,
    ),
    "unclear service": (
        _rule(
            r"no clear difference \("
            r"<low:N> (?P<low_unit>percentage points?|[A-Z]{3}) (?P<low_word>less|more) to "
            r"<high:N> (?P<high_unit>percentage points?|[A-Z]{3}) (?P<high_word>less|more)\)"
            r"(?P<end>)(?P<censored>)"
        ),
        _line_unclear,
    ),
    "one run": (_rule("(?:never|before <end:D>, unlike in the first)"), _line_one),
    "shares": (
        _rule(
            _SHARES + r"(?:(?P<unclear>; no clear difference)|"
            r" \(<near:N> to <far:N> percentage points (?P<word>more|fewer)\))?"
        ),
        _line_shares,
    ),
}
_STOCKS: dict[str, tuple[re.Pattern[str], Check]] = {
    "stock, one run": (
        _rule(r"(?:before \d+ \w+ \d{4}, )?(?P<one>never(?:, in either)?|in both|unlike in the first)"),
        _stock_line,
    ),
    "stock": (_rule(_SHARES), _stock_line),
}
_PHRASES = {
    "never": _rule("lasts to <end:D> as well"),
    "one": _rule(f"(?:{_EVENT}|does not (?P<not>{'|'.join(_BASES)})) before <end:D>"),
    "shares": _rule(_EVENT + " " + _SHARES + "(?P<unclear>: no clear difference)?"),
    "same": _rule(f"(?:lasts just as long|{_EVENT} on the same day)"),
    "about": _rule(f"(?:lasts about as long|{_EVENT} at about the same time)"),
    "days": _rule(
        f"(?:lasts|{_EVENT}) " + "(?:(?P<limit>at least|at most) )?<amount:N> days? "
        "(?P<word>less|longer|sooner|later)"
    ),
}
_FIRE = _rule(
    r"(?:(?P<alike>just|about) as many|from <fewer:N> fewer to <more:N> more|"
    r"(?:(?P<up_to>up to )|<near:N> to )?<far:N> (?P<word>more|fewer)) "
    r"<noun:V> (?P<be>is|are) <verb:V>(?P<all> in all)?"
)
_HEADLINES: dict[str, tuple[re.Pattern[str], Check]] = {
    "headline, nothing": (_rule("Nothing is <verb:V> in any of these scenarios"), _headline_nothing),
    "headline of shares": (
        _rule(
            r"(?P<stock>The (?:first )?stock) "
            + _EVENT
            + r" <low:S>(?: of (?P<count>both others|all \d+ others)|"
            r" \(<low_title:T>\) to (?P<high>(?:in )?(?:every run|no run|"
            + _PARTS["P"]
            + r" of runs)) \(<high_title:T>\)), <first:S> of the first"
        ),
        _headline_shares,
    ),
    "headline, one run each": (
        _rule(
            r"(?P<stock>The (?:first )?stock) "
            + _EVENT
            + r" before <end:D> in <count:I> of <of:I> scenarios: "
            r"<titles:T> \(one run\)"
        ),
        _headline_one_run_each,
    ),
    "headline, all alike": (
        _rule(
            r"(?P<stock>The (?:first )?stock) <phrase:T> in (?P<count>both others|all \d+ others); <fire:T>"
        ),
        _headline_alike,
    ),
    "headline, range": (
        _rule(
            r"(?P<stock>The (?:first )?stock) (?P<verb>lasts|runs out|"
            + _WEAK
            + r") from <low:T> \(<low_title:T>\) to "
            r"<high:T> \(<high_title:T>\); <fire:T>"
        ),
        _headline_range,
    ),
    "headline of one": (
        _rule(
            r"(?P<lead>.+?:? )(?P<stock>the (?:first )?stock) <phrase:T>(?P<within> within the period)?"
            r"(?:;| and) (?P<fire>(?:just|about|up|under|from|\d).*?)(?P<one> \(one run\))?"
        ),
        _headline_one,
    ),
}
