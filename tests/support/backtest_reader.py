"""Independent reader of the sentences of a backtest and of the title of its chart.

`read_backtest_folder` computes the numbers again from ``scores.csv``, ``claims.csv``, ``ranges.csv`` and the
table of evidence. It imports nothing of the package.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from tests.support.audit_reader import figures_of
from tests.support.claims import Claims
from tests.support.sentence_grammar import agrees, iso, share_agrees, value_of

Found = Mapping[str, Any]
_N = r"\d[\d,]*(?:\.\d+)?"
_SHORT = r"\d[\d,]*(?:\.\d+)?(?:k|M|bn)?"
_DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_PCT = r"(?:under 1|over 99|\d+) %"
_UNITS = {
    "shells": "shells",
    "containers": "containers",
    "kg": "kilograms",
    "shells/day": "shells a day",
    "containers/day": "containers a day",
    "kg/day": "kilograms a day",
}
_BEFORE = ("stock", "fire", "output", "arrivals")
GRAMMAR: Mapping[str, str] = {
    "backtest_claims": rf"Believed: (?P<believed>\d+) claims?, published by (?P<as_of>{_DATE})\. Published "
    rf"after that, until (?P<until>{_DATE}): (?P<later>\d+) claims?; "
    r"(?:(?P<none>none of them is)|(?P<scored>\d+) of them (?P<verb>is|are)) scored",
    "backtest_coverage": rf"The 90 % ranges hold (?P<ninety>\d+) of (?P<count>\d+) figures? "
    rf"\((?P<pct>{_PCT})\), the 50 % ranges (?P<half>\d+) \((?P<half_pct>{_PCT})\)",
    "backtest_crps": rf"Mean CRPS of the logarithm over (?P<count>\d+) figures? with an earlier one: "
    rf"(?P<own>{_N}); of persistence (?P<persistence>{_N}), of a linear trend (?P<trend>{_N}): "
    r"(?:(?P<better>better than both)|not better than (?P<worse>.+))",
    "backtest_miss": rf"(?P<id>[\w.-]+) is (?P<side>below|above) its range: (?P<label>.+), (?P<figure>{_N}) "
    rf"(?P<unit>[a-z ]+?) by (?P<by>.+); foretold (?P<low>{_N}) to (?P<high>{_N})",
    "backtest_range": rf"Foretold (?P<number>[a-z]+) (?:(?P<on>on)|a day up to) (?P<date>{_DATE}): "
    rf"(?P<middle>{_SHORT}) shells \((?P<low>{_SHORT}) to (?P<high>{_SHORT}) in nine samples of ten\)",
    "backtest_reliability": r"Effective sample of each input and factor: at least (?P<effective>[\d,]+); "
    rf"medians of two repetitions differ by at most (?P<distance>{_N}) standard deviations",
    "backtest_headline": r"(?P<ninety>\d+) of (?P<count>\d+) figures? within the 90 % range, "
    rf"(?P<half>\d+) within the 50 % range; mean CRPS (?P<own>{_N})"
    rf"(?:, against (?P<persistence>{_N}) of persistence and "
    rf"(?P<trend>{_N}) of a linear trend(?:, over (?P<compared>\d+) with an earlier figure)?)?",
}


class BacktestReading(Claims):
    """The reader's results for one backtest, and the tables of its folder."""

    summary: Mapping[str, Any]
    scores: pd.DataFrame
    claims_table: pd.DataFrame
    ranges: pd.DataFrame

    @property
    def compared(self) -> pd.DataFrame:
        """Scored claims with a baseline."""
        return self.scores[self.scores["persistence"].notna()]

    def held(self, low: str, high: str) -> int:
        """Return how many figures a range holds."""
        scores = self.scores
        return int(((scores[low] <= scores["figure"]) & (scores["figure"] <= scores[high])).sum())

    def same(self, what: str, said: object, is_: object) -> None:
        """Check equality."""
        self.claim(f"{what} is {is_}, not {said}", holds=said == is_)


def read_backtest_folder(folder: Path, evidence: Path, title: str | None = None) -> BacktestReading:
    """Return the errors of the sentences of a backtest and of the title of its chart.

    Parameters
    ----------
    folder : Path
    evidence : Path
        Table of the claims.
    title : str, optional
        Title of the chart.
    """
    reading = BacktestReading()
    reading.summary = json.loads((folder / "summary.json").read_text("utf-8"))
    reading.scores = pd.read_csv(folder / "scores.csv", dtype={"claim": str, "family": str})
    reading.claims_table = pd.read_csv(folder / "claims.csv", dtype=str, keep_default_na=False)
    reading.ranges = pd.read_csv(folder / "ranges.csv")
    _check_tables(reading, evidence)
    kinds = []
    for finding in reading.summary["findings"]:
        kind, text = finding["kind"], finding["sentence"]
        match = re.fullmatch(GRAMMAR.get(kind, "(?!)"), text)
        reading.begin(kind, text)
        if match is None:
            reading.unread()
            continue
        plural = re.search(r"(?<![\d.,])1 (claims|figures|of them are)\b", text)
        reading.claim("1 with a plural", holds=plural is None)
        _READERS[kind](reading, match.groupdict())
        kinds.append(kind)
        if kind == "backtest_headline" and title is not None:
            reading.same("the title of the chart", title, text)
    _check_kinds(reading, kinds)
    return reading


def _check_kinds(reading: BacktestReading, kinds: list[str]) -> None:
    """Check that each kind of sentence is there as often as the tables bear out."""
    reading.current = "all sentences"
    count = len(reading.scores)
    expected = {
        "backtest_claims": 1,
        "backtest_coverage": min(1, count),
        "backtest_crps": min(1, len(reading.compared)),
        "backtest_miss": count - reading.held("p5", "p95"),
        "backtest_range": len(_BEFORE),
        "backtest_reliability": 1,
        "backtest_headline": min(1, count),
    }
    for kind, number in expected.items():
        reading.same(f"the number of sentences {kind}", kinds.count(kind), number)


def _check_tables(reading: BacktestReading, evidence: Path) -> None:
    """Check figures against the evidence, dates against the period, and errors against medians."""
    rows = {row["id"]: row for row in pd.read_csv(evidence).to_dict("records")}
    as_of, until = reading.summary["as_of"], reading.summary["until"]
    reading.current = "claims.csv"
    for row in reading.claims_table.to_dict("records"):
        reading.claim(f"{row['claim']} is of {row['published']}", holds=as_of < row["published"] <= until)
    scored = reading.claims_table.loc[reading.claims_table["use"] == "scored", "claim"].tolist()
    reading.same("the scored claims", reading.scores["claim"].tolist(), scored)
    for row in reading.scores.to_dict("records"):
        reading.current = f"scores.csv: {row['claim']}"
        figure = figures_of(rows[row["claim"]], {"unit": row["unit"], "bound": "central"})[1]
        reading.claim(f"the figure is {figure}", holds=figure is not None and _is_near(row["figure"], figure))
        for name, middle in (
            ("error", "p50"),
            ("error_persistence", "persistence"),
            ("error_trend", "trend"),
        ):
            error = abs(math.log(row["figure"] / row[middle])) if row[middle] == row[middle] else math.nan
            holds = row[name] != row[name] if math.isnan(error) else abs(row[name] - error) < 1e-9
            reading.claim(f"{name} is {error}", holds=holds)
        ends = [row[name] for name in ("p5", "p25", "p50", "p75", "p95")]
        reading.claim("percentiles in order", holds=ends == sorted(ends))
        for share, value in zip((0.05, 0.25, 0.5, 0.75, 0.95), ends, strict=True):
            holds = (row["place"] > share) == (row["figure"] > value) or _is_near(row["place"], share)
            reading.claim(f"the place is {row['place']}", holds=holds)


def _is_near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-6)


def _claims(reading: BacktestReading, found: Found) -> None:
    use = reading.claims_table["use"].tolist()
    reading.same("the first date", iso(found["as_of"]), reading.summary["as_of"])
    reading.same("the last date", iso(found["until"]), reading.summary["until"])
    reading.same("the later claims", int(found["later"]), len(use))
    reading.same("the scored claims", int(found["scored"] or 0), use.count("scored"))
    reading.same("the believed claims", int(found["believed"]), reading.summary["believed"])
    if found["verb"]:
        reading.same("the verb", found["verb"], "is" if found["scored"] == "1" else "are")


def _coverage(reading: BacktestReading, found: Found) -> None:
    count = len(reading.scores)
    reading.same("the figures", int(found["count"]), count)
    for name, share, ends in (("ninety", "pct", ("p5", "p95")), ("half", "half_pct", ("p25", "p75"))):
        held = reading.held(*ends)
        reading.same(f"the figures within {ends}", int(found[name]), held)
        if found.get(share):
            reading.claim(f"the share is {held / count}", holds=share_agrees(found[share], held / count))


def _crps(reading: BacktestReading, found: Found) -> None:
    compared = reading.compared
    reading.same("the figures", int(found["count"]), len(compared))
    own, *others = _means(reading, found, 3)
    names = ("persistence", "a linear trend")
    worse = [name for name, value in zip(names, others, strict=True) if value <= own]
    reading.same("better", bool(found["better"]), not worse)
    reading.same("what is as good", found["worse"] or "", " and ".join(worse))


def _means(reading: BacktestReading, found: Found, digits: int) -> list[float]:
    """Check the mean CRPS of the account and of both baselines, over claims with a baseline."""
    means = []
    for name, column in (
        ("own", "crps"),
        ("persistence", "crps_persistence"),
        ("trend", "crps_trend"),
    ):
        mean = float(reading.compared[column].mean())
        reading.number(f"the mean {column}", found[name], mean, digits)
        means.append(mean)
    return means


def _miss(reading: BacktestReading, found: Found) -> None:
    rows = reading.scores[reading.scores["claim"] == found["id"]].to_dict("records")
    reading.same("the claim", len(rows), 1)
    (row,) = rows
    reading.same("the side", found["side"], "below" if row["figure"] < row["p5"] else "above")
    reading.claim("outside of its range", holds=not row["p5"] <= row["figure"] <= row["p95"])
    reading.same("the number", found["label"], row["number"])
    reading.same("the unit", found["unit"], _UNITS[row["unit"]])
    reading.same("the claimant", found["by"], row["claimant"])
    for name, column in (("figure", "figure"), ("low", "p5"), ("high", "p95")):
        reading.number(name, found[name], row[column])


def _range(reading: BacktestReading, found: Found) -> None:
    rows = reading.ranges[reading.ranges["number"] == found["number"]]
    row = rows.iloc[-1]
    reading.same("the last day", iso(found["date"]), row["last"])
    reading.same("the end", row["last"], reading.summary["until"])
    reading.same("a level", bool(found["on"]), found["number"] == "stock")
    reading.same("the unit", row["unit"], "shells" if found["on"] else "shells/day")
    for name, column in (("middle", "p50"), ("low", "p5"), ("high", "p95")):
        reading.claim(f"{name} is {row[column]}", holds=agrees(found[name], float(row[column]), 3, 0.5))
    dates = [dt.date.fromisoformat(day) for day in rows["first"]]
    day_after = dt.date.fromisoformat(reading.summary["as_of"]) + dt.timedelta(days=1)
    reading.same("the first day", dates[0], day_after)


def _reliability(reading: BacktestReading, found: Found) -> None:
    effective = reading.summary["effective"]
    holds = value_of(found["effective"]) <= effective < value_of(found["effective"]) + 1
    reading.claim(f"the effective sample is {effective}", holds=holds)
    reading.number("the distance", found["distance"], reading.summary["distance"], 2)


def _headline(reading: BacktestReading, found: Found) -> None:
    _coverage(reading, found)
    count, compared = len(reading.scores), len(reading.compared)
    reading.same("baselines", bool(found["persistence"]), compared > 0)
    if not found["persistence"]:
        reading.number("the mean CRPS", found["own"], float(reading.scores["crps"].mean()), 2)
        return
    _means(reading, found, 2)
    reading.same("those compared", int(found["compared"] or count), compared)


Check = Callable[[BacktestReading, Found], None]
_READERS: Mapping[str, Check] = {
    "backtest_claims": _claims,
    "backtest_coverage": _coverage,
    "backtest_crps": _crps,
    "backtest_miss": _miss,
    "backtest_range": _range,
    "backtest_reliability": _reliability,
    "backtest_headline": _headline,
}
