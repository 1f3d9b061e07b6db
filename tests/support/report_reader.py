"""Independent reader of the page of a report of a run: its findings and figures, from the folder.

The sentences are those of ``summary.json``, which `tests.support.sentence_reader` reads; here each on the
page is compared with them, and each figure of the table with ``outcomes.csv``. It imports nothing of the
package.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from scipy import stats

from tests.support.claims import Claims
from tests.support.folder_figures import RunFolder
from tests.support.html_page import Element, read_page
from tests.support.sentence_grammar import iso

_HEADINGS = {
    "exhausted": "Day on which the stock runs out",
    "rationed_from": "Day on which the requirement is not met",
    "closing_stock": "Stock at the end, {many}",
    "sustained_fire": "{Lead} over {last}, {many} a day",
    "required": "{Many} required",
    "fired": "{Many} {past}",
    "unmet": "{Many} required but not {past}",
    "produced": "{Many} produced",
    "landed": "{Many} landed",
    "lost": "{Many} lost",
    "expired": "{Many} expired",
    "delivered": "{Many} delivered",
    "ordered": "{Many} ordered",
    "orders": "Orders placed",
    "spent": "Money spent on orders, {currency}",
    "holding": "Cost of holding, {currency}",
    "shortage": "Cost of shortage, {currency}",
    "cost": "Total cost, {currency}",
    "unfunded": "Largest cut of an order by the budget",
    "reaches": "Day on which the objective is reached",
}
#: Headings of the outcomes of one consumer.
_BY_CONSUMER = {
    "rationed_from": "Day on which {name} falls short",
    "required": "{Many} required by {name}",
    "fired": "{Many} {past} by {name}",
    "unmet": "{Many} required by {name} but not {past}",
    "met": "Share of the requirement of {name} that is met",
    "backlog": "Backlog of {name} at the end, {many}",
}
_TITLES = ("drawdown_headline", "supply_headline")
_CELL = r"(?P<value>.+?) \((?P<low>.+?) to (?P<high>.+)\)"


class ReportReading(Claims):
    """What the reader finds on the page of one run."""

    folder: RunFolder

    def value(self, cell: object) -> float:
        """An outcome of a run: a date as days from the start, infinite if it is not reached."""
        if isinstance(cell, str):
            return float((dt.date.fromisoformat(cell[:10]) - self.folder.start).days)
        number = float(cell)  # type: ignore[arg-type]
        return math.inf if math.isnan(number) else number


def read_report_page(folder: RunFolder, data: bytes) -> ReportReading:
    """Return what is wrong with the findings and the first table of a page."""
    reading = ReportReading()
    reading.folder = folder
    page = read_page(data)
    (findings,) = page.find("section", **{"aria-labelledby": "r1-findings"})
    _findings(reading, findings)
    (figures,) = page.find("section", **{"aria-labelledby": "r1-figures"})
    _outcomes(reading, figures.find("table")[0])
    return reading


def _findings(reading: ReportReading, section: Element) -> None:
    saved = [each for each in reading.folder.summary["findings"] if not each["kind"].endswith(_TITLES)]
    (answer,) = section.find("p", class_="answer")
    reading.begin("answer", answer.text)
    reading.claim(f"the answer is {saved[0]['sentence']}", holds=answer.text == saved[0]["sentence"])
    shown = zip(section.find("dt"), section.find("dd"), strict=True)
    pairs = [(label.text.strip(), text.text.strip()) for label, text in shown]
    expected = [(each["label"], each["sentence"]) for each in saved[1:] if each["label"]]
    for label, text in pairs:
        reading.begin("line", f"{label}: {text}")
        reading.claim("no finding of the folder says so", holds=(label, text) in expected)
    reading.claim(f"the lines are {[label for label, _ in expected]}", holds=pairs == expected)


def _outcomes(reading: ReportReading, table: Element) -> None:
    rows = {
        each.children[0].text: [cell.text for cell in each.children[1:4]] for each in table.find("tr")[1:]
    }
    expected = {}
    for name, cells in reading.folder.outcomes.items():
        heading = _heading(reading, str(name))
        values = [reading.value(cell) for cell in cells] if heading else []
        if any(values) or heading.startswith("Day on which "):
            expected[heading] = values
    reading.begin("figures", "the table of outcomes")
    reading.claim(f"the outcomes are {list(expected)}, not {list(rows)}", holds=list(rows) == list(expected))
    for heading, values in expected.items():
        for percent, text in zip((5, 50, 95), rows.get(heading, []), strict=False):
            reading.begin("figure", f"{heading}, {percent} %: {text}")
            _quantile(reading, text, sorted(values), percent)


def _heading(reading: ReportReading, name: str) -> str:
    found = reading.folder.words.get("nouns", {}).values()
    nouns = {word["many"] for word in found} or {"shells"}
    pasts = {word["past"] for word in reading.folder.words.get("verbs", {}).values()} or {"fired"}
    many, past = (
        each.pop() if len(each) == 1 else other for each, other in ((nouns, "items"), (pasts, "used"))
    )
    days = min(90, reading.folder.days)
    if name.startswith("below_"):
        cover = name.removeprefix("below_")
        left = "1 day of supply is left" if cover == "1" else f"{cover} days of supply are left"
        return f"Day on which less than {left}"
    lead = "Fire" if (many, past) == ("shells", "fired") else f"{many.capitalize()} {past} a day"
    last = "the last day" if days == 1 else f"the last {days} days"
    words = {
        "many": many,
        "Many": many.capitalize(),
        "past": past,
        "Lead": lead,
        "last": last,
        "currency": reading.folder.words.get("currency", ""),
    }
    outcome, _, consumer = name.partition(".")
    if consumer and name in reading.folder.outcomes and outcome in _BY_CONSUMER:
        label = reading.folder.label("consumption", consumer)
        return _BY_CONSUMER[outcome].format(name=label[0].upper() + label[1:], **words)
    if name == "exhausted" and any(stock.is_only_low for stock in reading.folder.stocks):
        return "Day on which the stock falls below one day of supply"
    return _HEADINGS.get(name, "").format(**words)


def _quantile(reading: ReportReading, text: str, ordered: list[float], percent: int) -> None:
    match = re.fullmatch(_CELL, text)
    if match is None:
        reading.unread()
        return
    runs = len(ordered)
    _shown(reading, match["value"], ordered[max(0, math.ceil(runs * percent / 100 - 1e-9) - 1)])
    low, high = (int(stats.binom.ppf(tail, runs, percent / 100)) for tail in (0.05, 0.95))
    _shown(reading, match["low"], ordered[low - 1] if low >= 1 else None)
    _shown(reading, match["high"], ordered[high] if high + 1 <= runs else None)


def _shown(reading: ReportReading, text: str, value: float | None) -> None:
    if value is None or text == "\u2026":
        reading.claim(f"the end is {value}", holds=value is None and text == "\u2026")
    elif math.isinf(value):
        reading.claim("it is not reached", holds=text == "not reached")
    elif text.endswith("%"):
        figure = text.removesuffix("%").strip()
        last_digit = 10.0 ** -len(figure.partition(".")[2])
        reading.claim(
            f"it is {value}", holds=abs(float(figure) - 100.0 * value) <= 0.5 * last_digit * (1.0 + 1e-9)
        )
    elif re.search("[A-Z]", text):
        day = reading.folder.start + dt.timedelta(days=round(value))
        reading.claim(f"the day is {day}", holds=iso(text) == day.isoformat())
    else:
        number: Any = re.sub("[^0-9]", "", text)
        reading.claim(
            f"it is {value}", holds=bool(number) and abs(float(number) - value) <= 0.5 + 1e-6 * value
        )
