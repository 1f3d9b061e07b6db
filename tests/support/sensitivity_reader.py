"""Independent reader of the sentences of a sensitivity analysis, from ``sensitivity.csv`` and its summary.

It imports nothing of the package.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from tests.support.claims import Claims, name_of_path
from tests.support.sentence_grammar import iso, share_agrees

_NUMBER = r"−?\d[\d,]*(?:\.\d+)?(?:k|M|bn)?"
_SIGNED = r"(?:[+−]\d\.\d\d|0\.00)"
_WHOLE = r"\d+"
_DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_VALUE = rf"(?:{_DATE}|never|{_NUMBER}(?: [a-z][a-z ]*?)?)"
_SHARE = r"(?:under 1|over 99|\d+) %"
_MEDIAN = r"(?P<median> in the median run)?"
_CENSORED = r"(?P<censored>, with the end in place of a date that is never reached)?"
_RANGE = r"(?: \((?P<low>\d+) to (?P<high>\d+) %\))?"
_HEADLINES = {
    "one end": rf"(?P<noun>[A-Z].+?){_MEDIAN}: (?P<known>{_DATE}) with (?P<name>.+) at its "
    r"(?P<at>5th|95th) percentile, never at its (?P<other>5th|95th)",
    "some ends": rf"(?P<noun>[A-Z].+?){_MEDIAN}: (?P<known>{_DATE}) at the earliest, with (?P<name>.+) "
    r"at its (?P<at>5th|95th) percentile; (?P<count>\d+) of (?P<of>\d+) inputs (?:has|have) an end at which "
    r"it is never reached",
    "does most": rf"(?P<name>.+) does most to (?P<verb>shift|change) (?P<noun>.+?): "
    rf"(?P<first>{_VALUE}) to (?P<last>{_VALUE}){_MEDIAN}",
    "does little": r"(?P<name>.+) does most to (?P<verb>shift|change) (?P<noun>.+), "
    r"and by less than (?P<least>a day|one percent)",
    "no clear rank": r"No input has a clear rank correlation with (?P<noun>.+)",
    "rank": rf"(?P<name>.+) has the strongest rank correlation with (?P<noun>.+): (?P<value>{_SIGNED}); "
    r"the higher, the (?P<way>later|earlier|more|less)",
    "mean effect": rf"(?P<name>.+) has the largest mean effect on (?P<noun>.+?): "
    rf"(?P<value>{_NUMBER})(?P<unit> [a-z ]+)?{_CENSORED}",
    "alone": rf"(?P<name>.+) alone explains (?P<alone>{_SHARE}){_RANGE} of the variance of "
    rf"(?P<noun>.+?){_CENSORED}",
    "too few": r"Too few points differ in (?P<noun>.+) to say which input explains its variance",
    "interactions": rf"(?P<name>.+) with its interactions explains (?P<total>{_SHARE}){_RANGE}"
    rf"(?:, and alone (?P<alone>{_SHARE}),)? of the variance of (?P<noun>.+?){_CENSORED}",
    "no effect": r"No input (?P<changes>affects|changes the median of) (?P<noun>.+)",
    "never": r"(?P<noun>[A-Z].+) is never reached, in any run; no input affects it",
    "not in half": r"(?P<noun>[A-Z].+) is not reached(?P<half> in half of the runs)?, "
    r"with any input at its 5th or 95th percentile",
}
#: Definition of the run-out date.
MEANING = "Runs out: less than one day of the planned requirement is left; less may still meet it."
_FORMS_OF = {
    "tornado": {"one end", "some ends", "does most", "does little", "no effect", "never", "not in half"},
    "rank": {"no clear rank", "rank", "no effect", "never"},
    "morris": {"mean effect", "no effect", "never"},
    "sobol": {"alone", "interactions", "too few", "no effect", "never"},
}
_ORDER = {"rank": "rank", "morris": "mu_star", "sobol": "total"}
_ROUNDING = 1e-9


class SensitivityReading(Claims):
    """The reader's results for one analysis."""

    summary: Mapping[str, Any]
    words: Mapping[str, Any]
    table: pd.DataFrame

    @property
    def method(self) -> str:
        return str(self.summary["method"])

    @property
    def days(self) -> int:
        start, end = (dt.date.fromisoformat(self.summary[key]) for key in ("start", "end"))
        return (end - start).days

    @property
    def goods(self) -> str:
        """Plural of the noun of the shells."""
        found: set[str] = {word["many"] for word in self.words.get("nouns", {}).values()}
        if len(found) == 1 and len(self.summary["stocks"]) == 1:
            return found.pop()
        return "items" if found else "shells"

    @property
    def past(self) -> str:
        found = {word["past"] for word in self.words.get("verbs", {}).values()} or {"fired"}
        return found.pop() if len(found) == 1 else "used"

    def rows(self, outcome: str) -> Mapping[str, Mapping[str, tuple[float, float, float]]]:
        """Index, low and high by input and name of the index."""
        return self._rows.get(outcome, {})

    # Made once: each sentence looks up several, and a selection of a table takes milliseconds.
    @cached_property
    def _rows(self) -> dict[str, dict[str, dict[str, tuple[float, float, float]]]]:
        found: dict[str, dict[str, dict[str, tuple[float, float, float]]]] = {}
        columns = self.table[["outcome", "path", "index", "value", "low", "high"]]
        for outcome, path, index, *figures in columns.itertuples(index=False):
            own = found.setdefault(str(outcome), {}).setdefault(str(path), {})
            own[str(index)] = (figures[0], figures[1], figures[2])
        return found

    def ends(self, outcome: str) -> dict[str, tuple[float, float]]:
        """Median at the 5th and the 95th percentile by input; a date beyond the end is infinite."""
        return {
            path: (self._date(outcome, rows["low"][0]), self._date(outcome, rows["high"][0]))
            for path, rows in self.rows(outcome).items()
        }

    def _date(self, outcome: str, value: float) -> float:
        return math.inf if is_date(outcome) and (math.isnan(value) or value >= self.days) else value

    def spread(self, outcome: str, path: str) -> float:
        """Change of the median by an input; not known where a date is beyond the end."""
        values = list(self.ends(outcome)[path])
        if math.inf in values:
            return math.nan
        median = self.summary["outcomes"][outcome].get("median")
        if median is not None and self._date(outcome, median) < math.inf:
            values.append(median)
        return max(values) - min(values)

    def place(self, outcome: str, path: str) -> tuple[int, float]:
        """Place in the order of inputs: those with one end of two come first, those with none last."""
        if self.method != "tornado":
            return 1, -self.strength(outcome, path)
        known = [end for end in self.ends(outcome)[path] if end < math.inf]
        if len(known) == 1:
            return 0, known[0]
        return (1, -self.spread(outcome, path)) if known else (2, 0.0)

    def is_moved(self, outcome: str) -> bool:
        """Whether an input of a tornado changes the median."""
        median = self.summary["outcomes"][outcome].get("median")
        base = math.nan if median is None else self._date(outcome, median)
        for path, ends in self.ends(outcome).items():
            known = [end for end in ends if end < math.inf]
            if len(known) == 1 or (not known and base < math.inf):
                return True
            if len(known) == 2 and self.spread(outcome, path) > _ROUNDING * max(1.0, abs(median or 0.0)):
                return True
        return False

    def strength(self, outcome: str, path: str) -> float:
        """Strength by which inputs are ordered; -1 where it is not defined."""
        if self.method == "tornado":
            return self.spread(outcome, path)
        value = self.rows(outcome)[path].get(_ORDER[self.method], (math.nan,) * 3)[0]
        return -1.0 if math.isnan(value) else abs(value)

    def noun(self, outcome: str) -> str:
        """Name of an outcome within a sentence."""
        first = " of the first stock" if len(self.summary["stocks"]) > 1 else ""
        cover = outcome.removeprefix("below_")
        last = min(90, self.days)
        lead = "fire" if (self.goods, self.past) == ("shells", "fired") else f"{self.goods} {self.past} a day"
        return {
            "exhausted": f"the run-out date{first}",
            "rationed_from": "the first day on which the requirement is not met",
            "closing_stock": "the stock at the end",
            "sustained_fire": f"the {lead} over the last {f'{last} days' if last > 1 else 'day'}",
            "fired": f"{self.goods} {self.past}",
            "unmet": f"{self.goods} required but not {self.past}",
        }.get(
            outcome,
            f"the first day below {cover} day{'' if cover == '1' else 's'} of supply{first}"
            if is_date(outcome)
            else f"{self.goods} {outcome}",
        )


def is_date(outcome: str) -> bool:
    """Return whether an outcome is a date."""
    return outcome in {"exhausted", "rationed_from"} or outcome.startswith("below_")


def read_definition(reading: SensitivityReading, printed: list[str]) -> None:
    """Check that printed lines on the run-out date end with its definition."""
    reading.current = "the definition"
    says_date = any("run-out date" in line for line in (each.lower() for each in printed))
    reading.claim(f"the run-out date is printed: {says_date}", holds=(printed[-1] == MEANING) == says_date)
    has_date = "exhausted" in set(reading.table["outcome"])
    reading.claim(f"the table has the run-out date: {has_date}", holds=says_date == has_date)


def read_sensitivity(folder: Path) -> SensitivityReading:
    """Return the errors of the sentences of the analysis in a folder."""
    reading = SensitivityReading()
    reading.summary = json.loads((folder / "summary.json").read_text("utf-8"))
    reading.words = json.loads((folder / "manifest.json").read_text("utf-8"))["scenario"].get("names", {})
    reading.table = pd.read_csv(folder / "sensitivity.csv")
    outcomes = list(dict.fromkeys(reading.table["outcome"]))
    findings = reading.summary["findings"]
    said = [found["values"]["outcome"] for found in findings if found["kind"] == "sensitivity_headline"]
    reading.claim(f"the outcomes are {outcomes}, not {said}", holds=said == outcomes)
    for outcome in outcomes:
        own = [found for found in findings if found["values"]["outcome"] == outcome]
        _headline(reading, outcome, own[0]["sentence"])
        _lines(reading, outcome, own[1:])
    return reading


def _headline(reading: SensitivityReading, outcome: str, text: str) -> None:
    forms = {form: _HEADLINES[form] for form in _HEADLINES if form in _FORMS_OF[reading.method]}
    matches = ((form, re.fullmatch(pattern, text)) for form, pattern in forms.items())
    form, match = next((each for each in matches if each[1]), ("unread", None))
    reading.begin(f"{reading.method}: {form}", text)
    if match is None:
        reading.unread()
        return
    found = match.groupdict()
    noun = reading.noun(outcome)
    said = found["noun"][0].lower() + found["noun"][1:] if noun.startswith("the ") else found["noun"]
    reading.claim(f"the outcome is {noun}", holds=said.casefold() == noun.casefold())
    if reading.summary["runs"] > 1 and "median" in found:
        reading.claim("it is of the median run", holds=found["median"] is not None)
    strengths = {path: reading.strength(outcome, path) for path in reading.rows(outcome)}
    path = ""
    if "name" in found:
        names = {_before_verb(name_of_path(reading.words, each)): each for each in strengths}
        path = names.get(found["name"], "")
        reading.claim(f"the inputs are {list(names)}", holds=bool(path))
        if form not in {"one end", "some ends"}:
            # A spread that is not known is no maximum.
            known = not any(map(math.isnan, strengths.values()))
            is_most = known and strengths.get(path, -2.0) == max(strengths.values()) > _ROUNDING
            reading.claim(f"the strengths are {strengths}", holds=is_most)
    if path or "name" not in found:
        _CHECKS[form](reading, outcome, path, found)


def _before_verb(name: str) -> str:
    """Return a name before its verb: a comma in it has a second one after it."""
    return f"{name}," if "," in name else name


def _one_end(reading: SensitivityReading, outcome: str, path: str, found: Mapping[str, str]) -> None:
    low, high = reading.ends(outcome)[path]
    known, never = (low, high) if found["at"] == "5th" else (high, low)
    reading.claim("two ends", holds=found["at"] != found["other"])
    reading.claim(f"the other end is {never}", holds=never == math.inf)
    halves = [ends for ends in reading.ends(outcome).values() if (ends[0] < math.inf) != (ends[1] < math.inf)]
    reading.claim(f"one of two ends is known in {halves}", holds=len(halves) == 1)
    _date_is(reading, found["known"], known)


def _some_ends(reading: SensitivityReading, outcome: str, path: str, found: Mapping[str, str]) -> None:
    ends = reading.ends(outcome)
    earliest = min(end for both in ends.values() for end in both)
    own = ends[path][0 if found["at"] == "5th" else 1]
    reading.claim(f"the earliest is {earliest}", holds=own == earliest < math.inf)
    _date_is(reading, found["known"], earliest)
    count = sum(math.inf in both for both in ends.values())
    reading.claim(f"{count} have such an end", holds=int(found["count"]) == count)
    reading.claim(f"there are {len(ends)}", holds=int(found["of"]) == len(ends))


def _does_most(reading: SensitivityReading, outcome: str, path: str, found: Mapping[str, str]) -> None:
    low, high = sorted(reading.ends(outcome)[path])
    reading.claim("a date", holds=(found["verb"] == "shift") == is_date(outcome))
    reading.claim(f"an end is {high}", holds=high < math.inf)
    _value(reading, outcome, found["first"], low, needs_unit=False)
    _value(reading, outcome, found["last"], high, needs_unit=True)


def _does_little(reading: SensitivityReading, outcome: str, path: str, found: Mapping[str, str]) -> None:
    low, high = sorted(reading.ends(outcome)[path])
    reading.claim(
        "a date", holds=(found["least"] == "a day") == is_date(outcome) == (found["verb"] == "shift")
    )
    is_small = high - low < 1.0 if is_date(outcome) else high - low < 0.01 * max(abs(low), abs(high))
    reading.claim(f"the ends are {low} and {high}", holds=is_small)


def _no_clear_rank(reading: SensitivityReading, outcome: str, _: str, __: Mapping[str, str]) -> None:
    for path, rows in reading.rows(outcome).items():
        value, low, high = rows["rank"]
        is_clear = not math.isnan(value) and (low > 0.0 or high < 0.0)
        reading.claim(f"the correlation of {path} is {low} to {high}", holds=not is_clear)


def _rank(reading: SensitivityReading, outcome: str, path: str, found: Mapping[str, str]) -> None:
    value, low, high = reading.rows(outcome)[path]["rank"]
    _correlation(reading, found["value"], value)
    reading.claim(f"the interval is {low} to {high}", holds=low > 0.0 or high < 0.0)
    ways = ("later", "earlier") if is_date(outcome) else ("more", "less")
    reading.claim(f"the correlation is {value}", holds=found["way"] == ways[value < 0])


def _mean_effect(reading: SensitivityReading, outcome: str, path: str, found: Mapping[str, str]) -> None:
    value = reading.rows(outcome)[path]["mu_star"][0]
    reading.number("the effect", found["value"], value)
    _unit(reading, outcome, found["unit"] or "", number=found["value"], is_effect=True)
    _counts_the_end(reading, outcome, found)


def _explains(reading: SensitivityReading, outcome: str, path: str, found: Mapping[str, str | None]) -> None:
    rows = reading.rows(outcome)[path]
    alone = [each["first"][0] for each in reading.rows(outcome).values() if not math.isnan(each["first"][0])]
    if found["alone"]:
        share = min(1.0, max(0.0, rows["first"][0]))
        reading.claim(f"alone it is {share}", holds=share_agrees(found["alone"], share))
    if "total" in found:
        share = min(1.0, max(0.0, rows["total"][0]))
        reading.claim(f"in all it is {share}", holds=share_agrees(found["total"] or "", share))
        is_first = rows["first"][0] == max(alone, default=math.nan)
        reading.claim(f"alone the shares are {alone}", holds=not is_first)
    else:
        reading.claim(f"alone the shares are {alone}", holds=rows["first"][0] == max(alone))
    _, *ends = rows["total" if "total" in found else "first"]
    limited = [100 * min(1.0, max(0.0, end)) for end in ends]
    said = [float(found["low"]), float(found["high"] or "")] if found["low"] else [round(limited[0])] * 2
    near = [abs(shown - end) <= 0.5 + 1e-6 for shown, end in zip(said, limited, strict=True)]
    reading.claim(f"the interval is {ends}", holds=all(near) and not any(map(math.isnan, ends)))
    _counts_the_end(reading, outcome, found)


def _too_few(reading: SensitivityReading, outcome: str, _: str, __: Mapping[str, str]) -> None:
    rows = reading.rows(outcome)
    largest = max(rows, key=lambda path: reading.strength(outcome, path))
    found = [*rows[largest]["first"], *rows[largest]["total"]]
    reading.claim(f"the indices are {found}", holds=any(map(math.isnan, found)))


def _counts_the_end(reading: SensitivityReading, outcome: str, found: Mapping[str, str | None]) -> None:
    censored = reading.summary["outcomes"][outcome]["censored"]
    is_said = found["censored"] is not None
    reading.claim(f"{censored} are censored", holds=is_said == (is_date(outcome) and (censored or 0.0) > 0.0))


def _no_effect(reading: SensitivityReading, outcome: str, _: str, found: Mapping[str, str]) -> None:
    strengths = [reading.strength(outcome, path) for path in reading.rows(outcome)]
    size = abs(reading.summary["outcomes"][outcome].get("median") or 0.0)
    if reading.method == "tornado":
        reading.claim(f"the strengths are {strengths}", holds=not reading.is_moved(outcome))
        return
    reading.claim(f"the strengths are {strengths}", holds=max(strengths) <= _ROUNDING * max(1.0, size))
    reading.claim("no median", holds=found["changes"] == "affects")


def _never(reading: SensitivityReading, outcome: str, _: str, __: Mapping[str, str]) -> None:
    censored = reading.summary["outcomes"][outcome]["censored"]
    reading.claim(f"{censored} are censored", holds=is_date(outcome) and censored == 1.0)


def _not_in_half(reading: SensitivityReading, outcome: str, _: str, found: Mapping[str, str]) -> None:
    ends = reading.ends(outcome)
    is_beyond = all(end == math.inf for each in ends.values() for end in each)
    reading.claim(f"the ends are {ends}", holds=is_beyond and is_date(outcome))
    if reading.summary["runs"] > 1:
        reading.claim("half of the runs", holds=found["half"] is not None)


Check = Callable[[SensitivityReading, str, str, Mapping[str, Any]], None]
_CHECKS: Mapping[str, Check] = {
    "one end": _one_end,
    "some ends": _some_ends,
    "does most": _does_most,
    "does little": _does_little,
    "no clear rank": _no_clear_rank,
    "rank": _rank,
    "mean effect": _mean_effect,
    "alone": _explains,
    "too few": _too_few,
    "interactions": _explains,
    "no effect": _no_effect,
    "never": _never,
    "not in half": _not_in_half,
}


def _lines(reading: SensitivityReading, outcome: str, findings: list[dict[str, Any]]) -> None:
    rows = reading.rows(outcome)
    names = {name_of_path(reading.words, path): path for path in rows}
    if not findings:
        strengths = [reading.strength(outcome, path) for path in rows]
        is_still = not reading.is_moved(outcome) if reading.method == "tornado" else max(strengths) <= 1e-6
        reading.claim(f"the strengths are {strengths}", holds=is_still)
        return
    labels = [found["label"] for found in findings]
    reading.claim(f"the inputs are {sorted(names)}", holds=sorted(labels) == sorted(names))
    places = [reading.place(outcome, names[label]) for label in labels if label in names]
    reading.claim(f"their strengths are {places}", holds=places == sorted(places))
    for found in findings:
        reading.begin(f"{reading.method} line", f"{found['label']}: {found['sentence']}")
        path = names.get(found["label"])
        if path is not None:
            _LINES[reading.method](reading, outcome, path, found["sentence"])


def _tornado_line(reading: SensitivityReading, outcome: str, path: str, text: str) -> None:
    ends = reading.ends(outcome)[path]
    if text == "no effect":
        same = ends[0] == ends[1] or math.isclose(*ends, rel_tol=_ROUNDING)
        reading.claim(f"the ends are {ends}", holds=same)
        return
    both = re.fullmatch(rf"({_VALUE}) at both", text)
    match = re.fullmatch(rf"({_VALUE}) at 5 %, ({_VALUE}) at 95 %", text)
    if not both and not match:
        reading.unread()
        return
    texts = (both[1], both[1]) if both else match.groups() if match else ()
    for each, value in zip(texts, ends, strict=True):
        _value(reading, outcome, each, value, needs_unit=False)


def _rank_line(reading: SensitivityReading, outcome: str, path: str, text: str) -> None:
    figures = reading.rows(outcome)[path]["rank"]
    if text in {"no effect", "same in every run", "never, in any run"}:
        reading.claim(f"the correlation is {figures[0]}", holds=math.isnan(figures[0]))
        return
    match = re.fullmatch(rf"({_SIGNED})(?: \(({_SIGNED}) to ({_SIGNED})\))?", text)
    if match is None:
        reading.unread()
        return
    for each, value in zip(match.groups(), figures, strict=True):
        reading.claim(f"the interval is {figures}", holds=(each is None) == math.isnan(value))
        if each is not None:
            _correlation(reading, each, value)


def _morris_line(reading: SensitivityReading, outcome: str, path: str, text: str) -> None:
    rows = reading.rows(outcome)[path]
    if text == "no effect":
        reading.claim(f"the effect is {rows['mu_star'][0]}", holds=abs(rows["mu_star"][0]) <= _ROUNDING)
        return
    number = rf"({_NUMBER})"
    match = re.fullmatch(rf"{number}(?: \({number} to {number}\))?(?:, spread {number})?", text)
    if match is None:
        reading.unread()
        return
    for each, value in zip(match.groups(), (*rows["mu_star"], rows["sigma"][0]), strict=True):
        reading.claim(f"a figure is {value}", holds=(each is None) == math.isnan(value))
        if each is not None:
            _figure(reading, each, value)


def _figure(reading: SensitivityReading, text: str, value: float) -> None:
    """Check a figure of three digits; those of rounding errors may be 0."""
    if abs(value) < 1e-6:
        reading.claim(
            f"the figure is {value}", holds=abs(float(text.replace(",", "").replace("−", "-"))) < 1e-6
        )
    else:
        reading.number("the figure", text.replace("-", "−"), value)


def _sobol_line(reading: SensitivityReading, outcome: str, path: str, text: str) -> None:
    rows = reading.rows(outcome)[path]
    if text == "no effect":
        size = max(abs(rows[name][0]) for name in ("first", "total"))
        reading.claim(f"the shares are {size}", holds=size <= _ROUNDING)
        return
    if text == "not known: too few points differ":
        figures = [*rows["first"], *rows["total"]]
        reading.claim(f"the indices are {figures}", holds=any(map(math.isnan, figures)))
        return
    part = rf"({_WHOLE})(?: \(({_WHOLE}) to ({_WHOLE})\))? %"
    match = re.fullmatch(rf"{part} alone, {part} with interactions", text)
    if match is None:
        reading.unread()
        return
    for each, value in zip(match.groups(), (*rows["first"], *rows["total"]), strict=True):
        if each is not None:
            limited = 100 * min(1.0, max(0.0, value))
            reading.claim(f"the share is {value}", holds=abs(float(each) - limited) <= 0.5 + 1e-6)


_LINES: Mapping[str, Callable[[SensitivityReading, str, str, str], None]] = {
    "tornado": _tornado_line,
    "rank": _rank_line,
    "morris": _morris_line,
    "sobol": _sobol_line,
}


def _correlation(reading: SensitivityReading, text: str, value: float) -> None:
    shown = float(text.replace("−", "-"))
    reading.claim(f"the correlation is {value}", holds=abs(shown - value) <= 0.005 + 1e-9)


def _date_is(reading: SensitivityReading, text: str, value: float) -> None:
    day = dt.date.fromisoformat(reading.summary["start"]) + dt.timedelta(days=round(value))
    reading.claim(f"the date is {day}", holds=iso(text) == day.isoformat())


def _value(reading: SensitivityReading, outcome: str, text: str, value: float, *, needs_unit: bool) -> None:
    """Check a value of an outcome: a date, never, or a number."""
    if text == "never" or value == math.inf:
        reading.claim(f"the value is {value}", holds=text == "never" and value == math.inf)
    elif is_date(outcome):
        _date_is(reading, text, value)
    else:
        match = re.fullmatch(rf"({_NUMBER})( [a-z ]+)?", text)
        assert match
        _figure(reading, match[1], value)
        if needs_unit or match[2]:
            _unit(reading, outcome, match[2] or "", number=match[1], is_effect=False)


def _unit(reading: SensitivityReading, outcome: str, unit: str, *, number: str, is_effect: bool) -> None:
    days = " day" if number == "1" else " days"
    one = {word["many"]: word["one"] for word in reading.words.get("nouns", {}).values()}
    goods = one.get(reading.goods, reading.goods[:-1]) if number == "1" else reading.goods
    expected = days if is_date(outcome) and is_effect else f" {goods}"
    expected = " a day" if outcome == "sustained_fire" else expected
    reading.claim(f"the unit is {expected!r}", holds=unit == expected)
