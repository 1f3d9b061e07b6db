"""Independent reader of the sentences of an audit: each against the tables of its folder and the evidence.

`read_audit_folder` parses each sentence by a grammar of its own and computes its numbers again from
``claims.csv``, ``exclusions.csv``, ``factors.csv``, ``inputs.csv``, ``samples.csv`` and the evidence. The
arithmetic of an exclusion is done with the numbers as written, as by a reader with a calculator. It
imports nothing of the package.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.support.claims import Claims, is_rounded, name_of_path
from tests.support.folder_figures import RunFolder
from tests.support.sentence_grammar import COUNTS, iso, value_of
from tests.support.sentence_reader import read_run

Found = Mapping[str, Any]
Row = Mapping[Any, Any]
SPREADS = {"A": 0.10, "B": 0.20, "C": 0.35, "D": 0.60}
NINETY = 1.6448536269514722
SURPRISING = 0.05
RANKS = ("Most surprising", "Second", "Third")
_COUNTED = {"shells": 1.0, "rounds": 1.0, "containers": 1.0, "tonnes": 1000.0}
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
#: Words of a unit in a sentence, and the size of one in base units.
_WORDS = {
    "shells": ("shells", 1.0),
    "shells/day": ("shells a day", 1.0),
    "containers": ("containers", 1.0),
    "containers/day": ("containers a day", 1.0),
    "kg": ("tonnes", 1000.0),
    "kg/day": ("tonnes a day", 1000.0),
    "number": ("times", 1.0),
}
_N = r"\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?"
_P = rf"(?:under 0\.001|{_N})"
_LONG = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_DATE = r"\d{1,2} [A-Z][a-z]{2} \d{4}"
_VALUE = rf"(?:{_DATE}|−?\d[\d,]*(?:\.\d+)?(?:M|bn)?)"
_TERM = re.compile(
    rf"(?P<who>.+?): (?P<figure>{_N})(?P<daily> a day × (?P<days>[\d,]+) days?)?"
    rf"(?: × (?P<times>{_N})(?P<each> shells a (?:container|kilogram))?(?= ×))? × (?P<error>{_N}) \(error\)"
    rf"(?: ÷ (?P<counting>{_N}) \(counting of (?P<family>[\w-]+)\))? = (?P<amount>{_N})"
)
_SET = (
    rf"(?P<alike>If all families count the same thing, )?(?P<count>\d+) claims exclude each other: at the "
    rf"least (?P<least>{_N}) (?P<noun>shells|containers|kilograms), at the most (?P<most>{_N})\. "
    rf"At the least: (?P<lower>.+?)\. At the most: (?P<upper>.+?)\."
    rf"(?: (?P<more>\d+) more sets? in exclusions\.csv\.)?"
)
GRAMMAR: Mapping[str, Mapping[str, str]] = {
    "audit": {
        "excluded": r"No account holds with all (?P<matched>[\d,]+) claims?: by arithmetic "
        r"(?P<open>at least )?(?P<sets>[a-z]+|\d+) sets? of them cannot be true together, "
        r"whatever each family counts\.",
        "unsupported": r"No claims exclude each other by arithmetic\. More cannot be said: (?P<refusal>.+)\.",
        "conflicting": r"No claims exclude each other by arithmetic, but (?P<some>\d+) claims? "
        r"(?P<verb>conflicts?) with the others, given that (?P<tested>\d+) were tested\.",
        "fits": r"One account fits all (?P<fit>\d+) independent claims: none excludes or conflicts with the "
        r"others, given that (?P<tested>\d+) were tested\.",
    },
    "audit_claims": {
        "claims": r"(?P<matched>\d+) of (?P<all>\d+) (?P<verb>is|are) about this account, "
        r"(?:(?P<one>and it is(?P<not> not)? independent)|(?P<share>all|none|\d+) of them independent)\."
        r"(?: Not compared: (?P<reasons>.+)\.)?",
    },
    "conflict": {
        "conflict": rf"(?P<bound>at least |at most )?(?P<figure>{_N})(?P<unit>[a-z %]*), (?P<label>.+) "
        rf"\((?P<id>[\w.-]+)\)\. The others imply (?P<middle>{_N})(?: %)? \((?P<low>{_N})(?: %)? to "
        rf"(?P<high>{_N})(?P<unit2>[a-z %]*)\)(?P<unit3>[a-z ]*); a figure so far out has a probability of "
        rf"(?P<p>{_P}), adjusted for (?P<tested>\d+) claims? (?P<adjusted>{_P})\.",
    },
    "exclusion": {"exclusion": _SET},
    "exclusion_alike": {
        "none": r"No claims exclude each other, even if all families count the same thing\.",
        "alike": _SET,
    },
    "removal": {
        "removal": r"(?P<alike>If all families count the same thing, n|N)o others exclude each other once "
        r"these are left out: (?P<choices>[\w.-]+(?: and [\w.-]+)*(?:; or [\w.-]+(?: and [\w.-]+)*)*?)"
        r"(?:; or (?P<more>[\d,]+) other choices?)?\. Arithmetic does not say which claims are false\.",
    },
    "audit_caveat": {
        "caveat": r"Inputs and drawdown follow from claims that exclude each other: leave some out and audit "
        r"again\.",
    },
    "counting": {
        "counting": rf"for both to be right on (?P<quantity>[a-z ]+), (?P<one>[\w-]+) counts "
        rf"(?P<middle>{_N}) times \((?P<low>{_N}) to (?P<high>{_N})\) what (?P<other>[\w-]+) counts; "
        rf"assumed before: (?P<before>{_N}) \((?P<before_low>{_N}) to (?P<before_high>{_N})\)\.",
    },
    "audit_input": {
        "input": rf"(?P<name>.+?): (?P<middle>{_VALUE})(?P<unit>[A-Za-z %]*?)(?: after (?P<event>[\w-]+))? "
        rf"\((?P<low>{_VALUE}) to (?P<high>{_VALUE})\); before (?P<before>{_VALUE}) "
        rf"\((?P<before_low>{_VALUE}) to (?P<before_high>{_VALUE})\)\.",
    },
    "reliability": {
        "refused": r"inputs, counting and conflicts are left out: (?P<refusal>.+)\.",
        "supported": rf"effective sample (?P<effective>[\d,]+) or more; medians of two repetitions at most "
        rf"(?P<distance>{_N}) standard deviations apart(?:; inferred anew without (?P<repeated>\d+) of "
        rf"(?P<tested>\d+) claims?)?\.(?: Conflicts are left out: (?P<refusal>.+)\.)?",
    },
    "audit_headline": {
        "none": r"No claim can be compared with the others",
        "some": r"(?P<some>\d+) of (?P<tested>\d+) claims? (?P<verb>conflicts?) with the others",
        "fits": r"None of (?P<tested>\d+) claims? conflicts with the others",
    },
}


class AuditReading(Claims):
    """The reader's results for one audit, and the tables of its folder."""

    folder: Path
    summary: Mapping[str, Any]
    words: Mapping[str, Any]
    claims_table: pd.DataFrame
    exclusions: pd.DataFrame
    factors: pd.DataFrame
    inputs: pd.DataFrame
    evidence: Mapping[str, Row]

    @property
    def tested(self) -> pd.DataFrame:
        """Claims with a p-value, the most surprising first."""
        table = self.claims_table
        return table[table["p_value"].notna()].sort_values("p_value", kind="stable")

    @property
    def conflicting(self) -> int:
        return int((self.tested["adjusted"] < SURPRISING).sum())

    def sets(self, counting: str) -> list[pd.DataFrame]:
        """Return the rows of each set of ``exclusions.csv``."""
        rows = self.exclusions[self.exclusions["counting"] == counting]
        return [rows[rows["set"] == number] for number in sorted(set(rows["set"]))]

    def same(self, what: str, said: object, is_: object) -> None:
        """Check equality."""
        self.claim(f"{what} is {is_}, not {said}", holds=said == is_)

    def probability(self, what: str, text: str, value: float) -> None:
        """Check a probability with two digits."""
        if text.startswith("under"):
            self.claim(f"{what} is {value}", holds=value < 0.001)
            return
        self.claim(f"{what} is {value}", holds=value >= 0.001)
        self.number(what, text, value, 2)


def read_audit_folder(folder: Path, evidence: Path, titles: Mapping[str, str] | None = None) -> AuditReading:
    """Return the errors of the sentences of an audit and of the titles of its charts.

    Parameters
    ----------
    folder : Path
    evidence : Path
        Table of the claims.
    titles : mapping of str to str, optional
        Titles of the charts ``audit`` and ``audit-drawdown``.
    """
    reading = AuditReading()
    reading.folder = folder
    reading.summary = json.loads((folder / "summary.json").read_text("utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    reading.words = manifest["scenario"].get("names", {})
    texts = dict.fromkeys(("family", "reason", "sentence", "bound", "date", "unit", "repeated", "id"), str)
    reading.claims_table = pd.read_csv(folder / "claims.csv", dtype=texts, keep_default_na=True)
    for column in texts:
        if column in reading.claims_table:
            reading.claims_table[column] = reading.claims_table[column].fillna("")
    reading.exclusions, reading.factors, reading.inputs = (
        pd.read_csv(folder / f"{name}.csv") for name in ("exclusions", "factors", "inputs")
    )
    table = pd.read_csv(evidence, dtype={"family": str})
    reading.evidence = {row["id"]: row for row in table.to_dict("records")}
    _check_tables(reading)
    seen: Counter[str] = Counter()
    for finding in reading.summary["findings"]:
        _read(reading, finding, seen)
    _check_kinds(reading, seen)
    title = (titles or {}).get("audit")
    if title is not None:
        headlines = [each for each in reading.summary["findings"] if each["kind"] == "audit_headline"]
        reading.same("the title of the chart", title, headlines[0]["sentence"])
    _read_drawdown(reading, (titles or {}).get("audit-drawdown"))
    return reading


def _read(reading: AuditReading, finding: Mapping[str, Any], seen: Counter[str]) -> None:
    kind, text = finding["kind"], finding["sentence"]
    if kind == "audit_drawdown":
        return
    matches = ((form, re.fullmatch(pattern, text)) for form, pattern in GRAMMAR.get(kind, {}).items())
    form, match = next((each for each in matches if each[1]), ("unread", None))
    reading.begin(f"{kind}: {form}", text)
    place = seen[kind]
    seen[kind] += 1
    if match is None:
        reading.unread()
        return
    reading.claim("a number with an exponent", holds=re.search(r"\de[+-]\d", text) is None)
    reading.claim("1 with a plural", holds=re.search(r"(?<![\d.,])1 (claims|sets|days)\b", text) is None)
    found = {**match.groupdict(), "form": form, "label_of_line": finding["label"]}
    _READERS[kind](reading, found, place)


def _check_kinds(reading: AuditReading, seen: Counter[str]) -> None:
    """Check that each kind of sentence is there as often as its table bears out."""
    reading.current = "all sentences"
    tested, own, alike = len(reading.tested), len(reading.sets("own")), len(reading.sets("alike"))
    is_supported = bool(reading.summary["inference"]["supported"])
    expected = {
        "audit": 1,
        "audit_claims": 1,
        "conflict": min(3, tested),
        "exclusion": min(3, own),
        "exclusion_alike": 0 if own else max(1, min(3, alike)),
        "removal": int(bool(own or alike) and _is_complete(reading)),
        "audit_caveat": int(is_supported and _has_set_of_independent_claims(reading)),
        "audit_input": min(2, len(reading.inputs)) if is_supported else 0,
        "reliability": 1,
        "audit_headline": 1,
    }
    for kind, count in expected.items():
        reading.same(f"the number of sentences {kind}", seen[kind], count)


# Tables ---------------------------------------------------------------------------------------------------


def _check_tables(reading: AuditReading) -> None:
    """Check figures against the evidence, adjusted p-values, products, and percentiles of samples."""
    for row in reading.claims_table[reading.claims_table["observable"].notna()].to_dict("records"):
        reading.current = f"claims.csv: {row['id']}"
        low, figure, high = figures_of(reading.evidence[row["id"]], row)
        for name, value in (("low", low), ("figure", figure), ("high", high)):
            is_there = row[name] == row[name]
            holds = is_there == (value is not None)
            if value is not None and is_there:
                holds = math.isclose(row[name], value, rel_tol=1e-9)
            reading.claim(f"{name} is {value}, not {row[name]}", holds=holds)
    tested = reading.tested
    reading.current = "claims.csv: adjusted"
    for said, is_ in zip(tested["adjusted"], adjusted(tested["p_value"].tolist()), strict=True):
        reading.claim(f"{said} is {is_}", holds=math.isclose(said, is_, rel_tol=1e-9))
    for row in reading.exclusions.to_dict("records"):
        reading.current = f"exclusions.csv: {row['id']}"
        product = row["figure"] * row["days"] * row["times"] * row["error"] / row["factor"]
        reading.claim(f"the product is {product}", holds=math.isclose(product, row["amount"], rel_tol=1e-9))
    samples = reading.folder / "samples.csv"
    reading.current = "inputs.csv"
    if samples.exists():
        drawn = pd.read_csv(samples)
        for row in reading.inputs.to_dict("records"):
            found = np.quantile(drawn[row["path"]].to_numpy(dtype=float), [0.05, 0.5, 0.95])
            for name, value in zip(("p05", "p50", "p95"), found.tolist(), strict=True):
                said = row[f"posterior_{name}"]
                reading.claim(
                    f"{name} of {row['path']} is {value}", holds=math.isclose(said, value, rel_tol=1e-9)
                )


def figures_of(row: Row, matched: Row) -> tuple[float | None, float | None, float | None]:
    """Return the low, middle and high figure of a row of the evidence in the unit of its observable."""
    thing, _, period = str(row["unit"]).partition("/")
    scale = _COUNTED.get(thing, 1.0)
    if period and str(matched["unit"]).endswith("/day"):
        scale /= _DAYS[period]
    low, central, high = (
        None if row[name] != row[name] else float(row[name]) * scale for name in ("low", "central", "high")
    )
    low = low or None
    if matched["bound"] == "at least":
        return low, low, None
    if matched["bound"] == "at most":
        top = max(value for value in (low, central, high) if value is not None)
        return None, top, top
    middle = central
    if middle is None:
        middle = math.sqrt(low * high) if low and high else low or high
    return low, middle, high


def spread_of(row: Row) -> float:
    """Return the spread of the error of a row of ``claims.csv``."""
    grade = SPREADS[row["confidence"]]
    if row["low"] != row["low"] or row["high"] != row["high"]:
        return grade
    return math.hypot(grade, math.log(row["high"] / row["low"]) / (2 * NINETY))


def adjusted(ordered: list[float]) -> list[float]:
    """Return ordered p-values adjusted for their number (Benjamini and Yekutieli)."""
    count = len(ordered)
    factor = count * sum(1.0 / place for place in range(1, count + 1))
    found, least = [], 1.0
    for place in range(count, 0, -1):
        least = min(least, ordered[place - 1] * factor / place)
        found.append(least)
    return found[::-1]


# Sentences ------------------------------------------------------------------------------------------------


def _answer(reading: AuditReading, found: Found, _place: int) -> None:
    own, tested = len(reading.sets("own")), len(reading.tested)
    expected = (
        "excluded"
        if own
        else "unsupported"
        if not tested
        else "conflicting"
        if reading.conflicting
        else "fits"
    )
    reading.same("the answer", found["form"], expected)
    matched = int((reading.claims_table["status"] != "not comparable").sum())
    if found.get("matched"):
        reading.same("the claims", int(found["matched"].replace(",", "")), matched)
        said = found["sets"]
        reading.same("the sets", COUNTS.index(said) if said in COUNTS else int(said), own)
        complete = bool(reading.summary["exclusions"]["complete"])
        reading.same("at least", bool(found["open"]), not complete)
    if found.get("tested"):
        reading.same("the claims tested", int(found["tested"]), tested)
    if found.get("fit"):
        reading.same("the claims that fit", int(found["fit"]), tested)
    if found.get("some"):
        _some(reading, found)
    if found.get("refusal"):
        reading.same("the refusal", found["refusal"], reading.summary["inference"]["refusal"])


def _some(reading: AuditReading, found: Found) -> None:
    reading.same("the claims in conflict", int(found["some"]), reading.conflicting)
    reading.same("the verb", found["verb"], "conflicts" if reading.conflicting == 1 else "conflict")


def _claims(reading: AuditReading, found: Found, _place: int) -> None:
    status = Counter(reading.claims_table["status"])
    matched = status["independent"] + status["dependent"]
    reading.same("all claims", int(found["all"]), len(reading.claims_table))
    reading.same("the claims about this account", int(found["matched"]), matched)
    reading.same("the verb", found["verb"], "is" if matched == 1 else "are")
    reading.same("one claim", bool(found["one"]), matched == 1)
    if found["one"]:
        reading.same("its independence", not found["not"], status["independent"] == 1)
    else:
        count = status["independent"]
        expected = "all" if count == matched else "none" if not count else str(count)
        reading.same("the independent claims", found["share"], expected)
    table = reading.claims_table
    left = Counter(table.loc[table["status"] == "not comparable", "reason"])
    said = {
        name: int(count)
        for name, count in (each.rsplit(" ", 1) for each in (found["reasons"] or "").split(", ") if each)
    }
    reading.same("the reasons", said, dict(left))


def _conflict(reading: AuditReading, found: Found, place: int) -> None:
    reading.same("the label", found["label_of_line"], RANKS[place])
    (row,) = reading.claims_table[reading.claims_table["id"] == found["id"]].to_dict("records")
    tested = reading.tested
    larger = int((tested["p_value"] < row["p_value"]).sum())
    reading.claim(f"{larger} claims surprise more", holds=larger <= place)
    reading.same("the number of the account", found["label"], row["observable"])
    reading.same("the bound", (found["bound"] or "").strip(), row["bound"] if "at " in row["bound"] else "")
    words, scale = _WORDS.get(row["unit"], ("%", 0.01))
    units = [found[name].strip() for name in ("unit", "unit2", "unit3")]
    reading.claim(f"the unit is {words}", holds=units[0] == words and words in units[1:])
    for name, column in (
        ("figure", "figure"),
        ("middle", "implied_p50"),
        ("low", "implied_p05"),
        ("high", "implied_p95"),
    ):
        reading.number(name, found[name], row[column] / scale)
    reading.probability("the probability", found["p"], row["p_value"])
    reading.probability("the adjusted probability", found["adjusted"], row["adjusted"])
    reading.same("the claims tested", int(found["tested"]), len(tested))
    _check_side(reading, row)


def _check_side(reading: AuditReading, row: Row) -> None:
    """Check that a p-value agrees with the place of the figure in the range that the others imply.

    Within a twentieth: quantiles are of drawn figures, and the p-value is an average over samples.
    """
    figure, low, middle, high = (
        row[name] for name in ("figure", "implied_p05", "implied_p50", "implied_p95")
    )
    p, near = row["p_value"], 1.05
    if row["bound"] == "at least":
        # The others exceed it with this probability.
        reading.claim(f"{p} above {figure}", holds=figure * near > middle if p < 0.45 else True)
        reading.claim(f"{p} above {figure}", holds=figure < middle * near if p > 0.55 else True)
    elif row["bound"] == "at most":
        reading.claim(f"{p} below {figure}", holds=figure < middle * near if p < 0.45 else True)
        reading.claim(f"{p} below {figure}", holds=figure * near > middle if p > 0.55 else True)
    elif p < 0.08:
        reading.claim(f"{p} at {figure}", holds=figure < low * near or figure * near > high)
    elif p > 0.12:
        reading.claim(f"{p} at {figure}", holds=low < figure * near and figure < high * near)


def _exclusion(reading: AuditReading, found: Found, place: int) -> None:
    if found["form"] == "none":
        reading.same("the sets", len(reading.sets("alike")), 0)
        return
    counting = "alike" if found["form"] == "alike" else "own"
    reading.same("all count the same", bool(found["alike"]), counting == "alike")
    sets = reading.sets(counting)
    rows = sets[place]
    reading.same("the label", found["label_of_line"], "And" if place else "Excluded")
    reading.same("the claims", int(found["count"]), rows["id"].nunique())
    shown = min(3, len(sets))
    more = len(sets) - shown if place == shown - 1 else 0
    reading.same("more sets", int(found["more"] or 0), more)
    totals = {}
    for end, text, total in (
        ("least", found["lower"], found["least"]),
        ("most", found["upper"], found["most"]),
    ):
        terms = [_TERM.fullmatch(part) for part in text.split("; and ")]
        if not all(terms):
            reading.claim(f"the arithmetic of {text!r} is not read", holds=False)
            return
        own = rows[rows["end"] == end]
        reading.same("the terms", len(terms), len(own))
        for term, row in zip(terms, own.to_dict("records"), strict=False):
            assert term is not None
            _term(reading, term.groupdict(), row, end, counting)
        reading.number(f"the sum at the {end}", total, own["amount"].sum(), _shown_digits(total))
        by_hand = sum(value_of(term["amount"]) for term in terms if term is not None)
        reading.claim(f"by hand the sum is {by_hand}", holds=is_by_hand(total, by_hand))
        totals[end] = value_of(total)
    reading.claim(f"{totals} do not exclude each other", holds=totals["least"] > totals["most"])
    _check_windows(reading, rows)


def _term(reading: AuditReading, term: Found, row: Row, end: str, counting: str) -> None:
    """Check the arithmetic of one claim: by hand, against the table, and against the evidence."""
    (claim,) = reading.claims_table[reading.claims_table["id"] == row["id"]].to_dict("records")
    by_hand = value_of(term["figure"]) * value_of(term["error"])
    for factor in (term["days"], term["times"]):
        by_hand *= value_of(factor) if factor else 1.0
    by_hand /= value_of(term["counting"]) if term["counting"] else 1.0
    reading.claim(f"by hand {row['id']} is {by_hand:.8g}", holds=is_by_hand(term["amount"], by_hand))
    reading.number("the amount", term["amount"], row["amount"], _shown_digits(term["amount"]))
    reading.number("the figure", term["figure"], claim["figure"], max(4, _shown_digits(term["figure"])))
    reading.same("the number and its claimant", term["who"], f"{claim['observable']}, {claim['claimant']}")
    error = math.exp((NINETY if end == "most" else -NINETY) * spread_of(claim))
    reading.number("the error", term["error"], error, _shown_digits(term["error"]))
    times = term["times"] or "1"
    reading.number("the times", times, row["times"], _shown_digits(times))
    days = window_days(claim["observable"]) if claim["observable"].startswith("mean") else 1
    reading.same("the days", int((term["days"] or "1").replace(",", "")), days)
    reading.same("a rate", bool(term["daily"]), str(claim["unit"]).endswith("/day"))
    if counting == "alike":
        reading.same("counting", term["counting"], None)
        return
    reading.number("counting", term["counting"] or "1", row["factor"], _shown_digits(term["counting"] or "1"))
    if term["counting"]:
        reading.same("the family", term["family"], claim["family"])
        known = reading.factors[reading.factors["family"] == claim["family"]]
        for ends in known[["prior_p05", "prior_p95"]].to_numpy().tolist():
            is_end = any(math.isclose(row["factor"], each, rel_tol=1e-6) for each in ends)
            reading.claim(f"the ends of counting are {ends}", holds=is_end)


def is_by_hand(text: str, value: float) -> bool:
    """Return whether a value, computed from numbers as written, is written so, whichever way a half turns."""
    shown = value_of(text)
    place = 10.0 ** (math.floor(math.log10(abs(shown))) - _shown_digits(text) + 1)
    return abs(shown - value) < place / 2


def _shown_digits(text: str) -> int:
    """Return the digits of a number as written, at least three: zeros at the end of a whole one are none."""
    digits = text.replace(",", "").replace(".", "").lstrip("0")
    return max(3, len(digits if "." in text else digits.rstrip("0")))


def window_of(label: str) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day that a number of the account is over; None if it names no window."""
    dates = re.search(rf", ({_LONG}) to ({_LONG})$", label)
    if dates is None:
        return None
    first, last = (dt.date.fromisoformat(iso(text)) for text in dates.groups())
    return first, last


def window_days(label: str) -> int:
    window = window_of(label)
    return 1 if window is None else (window[1] - window[0]).days + 1


def _check_windows(reading: AuditReading, rows: pd.DataFrame) -> None:
    """Check that of two claims on fire the larger amount lies within the days of the other."""
    labels = [(row["end"], row["observable"]) for row in rows.to_dict("records")]
    if len(labels) != 2 or not all(re.match(r"(mean|total) fire", label) for _, label in labels):
        return
    lower, upper = (next(label for each, label in labels if each == end) for end in ("least", "most"))
    inner, outer = window_of(lower), window_of(upper)
    if inner is not None and outer is not None:
        holds = outer[0] <= inner[0] and inner[1] <= outer[1]
        reading.claim(f"{inner} is not within {outer}", holds=holds)


def _is_complete(reading: AuditReading) -> bool:
    name = "exclusions" if reading.sets("own") else "exclusions_alike"
    return bool(reading.summary[name]["complete"])


def _removal(reading: AuditReading, found: Found, _place: int) -> None:
    counting = "own" if reading.sets("own") else "alike"
    reading.same("all count the same", found["alike"].startswith("If"), counting == "alike")
    sets = [set(rows["id"]) for rows in reading.sets(counting)]
    # One set after the other: each choice so far, with each claim of the set that it leaves whole.
    choices = {frozenset[str]()}
    for one in sets:
        broken = {out if out & one else out | {claim} for out in choices for claim in one}
        choices = {out for out in broken if not any(other < out for other in broken)}
    named = [frozenset(choice.split(" and ")) for choice in found["choices"].split("; or ")]
    reading.claim(f"the choices are {choices}", holds=choices.issuperset(named))
    shortest = sorted(map(len, choices))[: len(named)]
    reading.same("the sizes of the choices named", list(map(len, named)), shortest)
    reading.same("the choices named", len(set(named)), min(3, len(choices)))
    reading.same("other choices", int((found["more"] or "0").replace(",", "")), len(choices) - len(named))
    # Of a set with one claim the arithmetic would say that it is false.
    reading.claim("a set with one claim", holds=all(len(one) > 1 for one in sets))


def _has_set_of_independent_claims(reading: AuditReading) -> bool:
    table = reading.claims_table
    used = set(table[table["status"] == "independent"]["id"])
    return any(used.issuperset(rows["id"]) for rows in reading.sets("own"))


def _caveat(reading: AuditReading, found: Found, _place: int) -> None:
    reading.same("the label", found["label_of_line"], "Caveat")


def _counting(reading: AuditReading, found: Found, _place: int) -> None:
    by_name = {row["family"]: row for row in reading.factors.to_dict("records")}
    one, other = (by_name.get(found[name]) for name in ("one", "other"))
    quantities = _quantities(reading)
    quantity = found["quantity"].replace(" ", "_")
    reading.claim("both speak of it", holds={found["one"], found["other"]} <= quantities.get(quantity, set()))
    if one is None or other is None:
        reading.claim("both families have a factor", holds=False)
        return
    low, middle, high = _prior_ratio(one, other)
    for name, value in (("before", middle), ("before_low", low), ("before_high", high)):
        reading.number(f"the ratio {name}", found[name], value, 2)
    # Samples of factors are not saved: of a ratio of two numbers the quartiles bound the median.
    least, most = _median_bounds(one, other)
    said = value_of(found["middle"])
    reading.claim(f"the median is {least} to {most}", holds=least * 0.94 <= said <= most * 1.06)
    reading.claim("the order of the range", holds=value_of(found["low"]) <= said <= value_of(found["high"]))
    pairs = {pair for names in quantities.values() for pair in permutations(sorted(names), 2)}
    largest = max(_median_bounds(by_name[a], by_name[b])[0] for a, b in pairs)
    reading.claim(f"another ratio is at least {largest}", holds=said * 1.06 >= largest)


def _quantities(reading: AuditReading) -> dict[str, set[str]]:
    """Return the families with a counting factor of the independent claims, by quantity."""
    families = set(reading.factors["family"])
    found: dict[str, set[str]] = {}
    rows = reading.claims_table[reading.claims_table["status"] == "independent"]
    for quantity, family in zip(rows["quantity"], rows["family"], strict=True):
        if family in families:
            found.setdefault(quantity, set()).add(family)
    return found


def _prior_ratio(one: Row, other: Row) -> tuple[float, float, float]:
    spreads = [math.log(row["prior_p95"] / row["prior_p05"]) / 2 for row in (one, other)]
    middle, half = one["prior_p50"] / other["prior_p50"], math.exp(math.hypot(*spreads))
    return middle / half, middle, middle * half


def _median_bounds(one: Row, other: Row) -> tuple[float, float]:
    return (
        one["posterior_p25"] / other["posterior_p75"],
        one["posterior_p75"] / other["posterior_p25"],
    )


def _input(reading: AuditReading, found: Found, place: int) -> None:
    reading.same("the label", found["label_of_line"], "And" if place else "Inputs")
    rows = reading.inputs.to_dict("records")
    shifts = [
        abs(row["posterior_p50"] - row["prior_p50"]) / width
        if (width := row["prior_p95"] - row["prior_p05"]) > 0.0
        else 0.0
        for row in rows
    ]
    order = sorted(range(len(rows)), key=lambda at: -shifts[at])
    row = rows[order[place]]
    reading.same("the input that moves most", found["name"], name_of_path(reading.words, row["path"]))
    unit = found["unit"].strip()
    period = re.search(r" a (day|week|month|year)$", unit)
    factor = _DAYS[period[1]] if period else 100.0 if unit.startswith("%") else 1.0
    reading.claim(f"the unit is {row['unit']}", holds=_is_unit(unit, row["unit"], found))
    for name, column in (
        ("middle", "posterior_p50"),
        ("low", "posterior_p05"),
        ("high", "posterior_p95"),
        ("before", "prior_p50"),
        ("before_low", "prior_p05"),
        ("before_high", "prior_p95"),
    ):
        if re.fullmatch(_DATE, found[name]):
            start = dt.date.fromisoformat(reading.summary["start"])
            day = start + dt.timedelta(days=round(row[column]))
            reading.same(f"the {name}", iso(found[name]), day.isoformat())
        else:
            value = row[column] * factor
            is_whole = "." not in found[name] and found[name][-1].isdigit() and float(value).is_integer()
            holds = value_of(found[name]) == value if is_whole else is_rounded(found[name], value, 4)
            holds = holds or (unit == "times" and is_rounded(found[name], value, 3))
            reading.claim(f"the {name} is {value}, not {found[name]}", holds=holds)


def _is_unit(said: str, unit: str, found: Found) -> bool:
    """Return whether the words of a unit are those of a base unit."""
    if unit == "date":
        return not said or (said in {"day", "days"} and bool(found["event"]))
    if unit == "share":
        return said in {"%", "% a month", "times"}
    if unit == "number":
        return True
    counted, _, rate = unit.partition("/")
    said_counted, _, said_rate = said.partition(" a ")
    return bool(rate) == bool(said_rate) and said_counted.rstrip("s") == counted.rstrip("s")


def _reliability(reading: AuditReading, found: Found, _place: int) -> None:
    inference = reading.summary["inference"]
    reading.same("support", found["form"] == "supported", bool(inference["supported"]))
    reading.same("the refusal", found["refusal"] or "", inference["refusal"])
    if found["form"] == "refused":
        return
    both = [reading.inputs, reading.factors]
    effective = min(float(table["effective"].min()) for table in both if len(table))
    distance = max(float(table["distance"].max()) for table in both if len(table))
    reading.claim(f"the effective sample is {effective}", holds=_whole(found["effective"], effective))
    reading.claim("the least effective sample", holds=effective >= inference["least_effective"])
    reading.number("the distance", found["distance"], distance, 2)
    repeated = int((reading.claims_table["repeated"] == "yes").sum())
    reading.same("the repetitions", int(found["repeated"] or 0), repeated)
    reading.same("the claims tested", int(found["tested"] or 0), len(reading.tested))
    reading.claim("no claim is tested", holds=bool(len(reading.tested)) == bool(found["tested"]))


def _whole(text: str, value: float) -> bool:
    """Return whether a whole number as written is a value or more, by less than one."""
    return value_of(text) <= value < value_of(text) + 1


def _headline(reading: AuditReading, found: Found, _place: int) -> None:
    tested = len(reading.tested)
    expected = "none" if not tested else "some" if reading.conflicting else "fits"
    reading.same("the title", found["form"], expected)
    if tested:
        reading.same("the claims tested", int(found["tested"]), tested)
    if found.get("some"):
        _some(reading, found)


def _read_drawdown(reading: AuditReading, title: str | None) -> None:
    """Read the answer of the runs after the claims, and the title of their chart, as those of a run."""
    said = [each for each in reading.summary["findings"] if each["kind"] == "audit_drawdown"]
    reading.current = "the runs after the claims"
    reading.same("a drawdown", bool(said), reading.summary["drawdown"] is not None)
    if not said:
        return
    run = RunFolder(reading.folder, "drawdown")
    (answer,) = said
    findings = [{**answer, "kind": "answer"}]
    if title is not None:
        findings.append({**answer, "kind": "drawdown_headline", "label": "", "sentence": title, "values": {}})
    run.summary["findings"] = findings
    found = read_run(run)
    reading.failures += found.failures
    reading.sentences += found.sentences
    reading.claims += found.claims
    reading.kinds += Counter({f"after the claims: {kind}": n for kind, n in found.kinds.items()})


Check = Callable[[AuditReading, Found, int], None]
_READERS: Mapping[str, Check] = {
    "audit": _answer,
    "audit_claims": _claims,
    "conflict": _conflict,
    "exclusion": _exclusion,
    "exclusion_alike": _exclusion,
    "removal": _removal,
    "audit_caveat": _caveat,
    "counting": _counting,
    "audit_input": _input,
    "reliability": _reliability,
    "audit_headline": _headline,
}
