"""Mistakes that a newcomer makes in a scenario file: each is one message, with the right spelling."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario.quantity import Quantity

SCENARIO = """\
schema: 1
title: A trial
start: 2023-09-01
end: 2024-09-01
depots:
  main: {stock: 1M}
production:
  line: {rate: 3M/year}
shipments:
  iran: {offered: 10k/month, lead_time: 20 days}
consumption:
  front: {rate: 10k/day}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def message(old: str, new: str) -> str:
    """Return the one message for a scenario with `old` replaced."""
    assert old in SCENARIO
    Path("s.yaml").write_text(SCENARIO.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        sim.load("s.yaml")
    (fault,) = caught.value.faults
    return str(fault)


STOCK, RATE, OUTPUT, LAG = "stock: 1M", "rate: 10k/day", "rate: 3M/year", "lead_time: 20 days"

AMOUNTS = [
    (STOCK, "stock: 1 to 2 million", "{low: 1M, high: 2M}"),
    (STOCK, "stock: between 1 and 2 million", "{low: 1M, high: 2M}"),
    (STOCK, "stock: 3 million", "3M"),
    (STOCK, "stock: 3million shells", "3M shells"),
    (STOCK, "stock: 1.5 mln", "1.5M"),
    (STOCK, "stock: one million", "1M"),
    (STOCK, "stock: half a million", "0.5M"),
    (STOCK, "stock: 1MM", "1M"),
    (STOCK, "stock: 2 billion", "2bn"),
    (STOCK, "stock: ~1M", "1M"),
    (STOCK, "stock: about 1M", "1M"),
    (STOCK, "stock: +1M", "1M"),
    (STOCK, "stock: .5M", "0.5M"),
    (STOCK, "stock: 1x10^6", "1e6"),
    (STOCK, "stock: 10^6", "1e6"),
    (STOCK, "stock: 1\u00a0000\u00a0000", "1000000"),
    (STOCK, "stock: 1M ± 200k", "{mean: 1M, sd: 200k}"),
    (STOCK, "stock: 1M +/- 20%", "{mean: 1M, cv: 20%}"),
    (STOCK, "stock: 400 tons", "400 t"),
    (STOCK, "stock: 1M pcs", "1M"),
    (STOCK, "stock: [1M, 2M]", "{low: 1M, high: 2M}"),
    (STOCK, "stock: [1M, 2M, 4M]", "{low: 1M, mode: 2M, high: 4M}"),
    (STOCK, "stock: {low: 1M, high: 2 million}", "2M"),
    (STOCK, "stock: {choices: [1 million, 2M]}", "1M"),
    (RATE, "rate: 10000 per day", "10000/day"),
    (RATE, "rate: 10k a day", "10k/day"),
    (RATE, "rate: 10k shells each day", "10k shells/day"),
    (RATE, "rate: 10k/day shells", "10k shells/day"),
    (RATE, "rate: 10k/d", "10k/day"),
    (RATE, "rate: 10K/day", "10k/day"),
    (RATE, "rate: 10k daily", "10k/day"),
    (RATE, "rate: 10 000 per day", "10000/day"),
    (RATE, "rate: 5000 to 10000 per day", "{low: 5000/day, high: 10000/day}"),
    (RATE, "rate: {2023-09-01: 10k/day, 2024-1-1: 5k/day}",
     "{by_date: {2023-09-01: 10k/day, 2024-01-01: 5k/day}}"),
    (RATE, "rate: [2023-09-01: 10k/day]", "{by_date: {2023-09-01: 10k/day}}"),
    (OUTPUT, "rate: 3 million/year", "3M/year"),
    (OUTPUT, "rate: 3 million shells a year", "3M shells/year"),
    (OUTPUT, "rate: 3M p.a.", "3M/year"),
    (OUTPUT, "rate: 3M annually", "3M/year"),
    (OUTPUT, "rate: 3M/yr", "3M/year"),
    (OUTPUT, "rate: 40 thousand tonnes per year", "40k t/year"),
    (LAG, "lead_time: 20d", "20 days"),
    (LAG, "lead_time: three weeks", "3 weeks"),
    (LAG, "lead_time: 20 to 30d", "{low: 20 days, high: 30 days}"),
    (LAG, "lead_time: 20 days, serviceable: 80 percent", "80 %"),
    ("offered: 10k/month", "offered: 300 TEU a month", "300 containers/month"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "meant"), AMOUNTS, ids=[new for _, new, _ in AMOUNTS])
def test_an_amount_as_people_write_it_suggests_the_amount_of_the_format(
    old: str, new: str, meant: str
) -> None:
    assert message(old, new).endswith(f"did you mean '{meant}'?")
    written = new.partition(", serviceable: ")[2] or new.partition(": ")[2]
    corrected = SCENARIO.replace(old, new.replace(written, meant) if "{" not in written else old)
    Path("s.yaml").write_text(corrected)
    if "t/" not in meant and not meant.endswith((" t", "month")):  # which need a mass or a load
        sim.load("s.yaml")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-7-1", "2024-07-01"),
        ("1 July 2024", "2024-07-01"),
        ("1st of July 2024", "2024-07-01"),
        ("1 Jul 2024", "2024-07-01"),
        ("July 1, 2024", "2024-07-01"),
        ("01.07.2024", "2024-07-01"),
        ("1.7.24", "2024-07-01"),
        ("2024/07/01", "2024-07-01"),
        ("20240701", "2024-07-01"),
        ("2024-07-01T00:00:00", "2024-07-01"),
        ("25/07/2024", "2024-07-25"),
        ("07/25/2024", "2024-07-25"),
        ("07/01/2024", "2024-01-07 or 2024-07-01"),
        ("01/01/2024", "2024-01-01"),
        ("July 2024", "2024-07-01"),
        ("2024-07", "2024-07-01"),
        ("2024", "2024-01-01"),
    ],
)
def test_a_date_as_people_write_it_suggests_the_date_of_the_format(written: str, meant: str) -> None:
    assert message("2024-09-01", written) == (
        f"s.yaml:4:6: end: {written!r} is not a date; allowed: a date such as 2023-09-01; "
        f"did you mean '{meant}'?"
    )
    moved = message(LAG, f"{LAG}, first: {{value: {written!r}}}")
    assert f"did you mean '{meant}'?" in moved


@pytest.mark.parametrize(
    "written", ["2023-02-30", "31.04.2024", "13/13/2024", "soon", "1 Jul 2024x", "12024"]
)
def test_what_is_no_day_of_the_calendar_suggests_none(written: str) -> None:
    assert "did you mean" not in message("2024-09-01", written)


@pytest.mark.parametrize(
    ("old", "new", "place", "meant"),
    [
        ("{offered:", "{rate:", "10:10: shipments.iran.rate", "offered"),
        ("lead_time:", "delay:", "10:30: shipments.iran.delay", "lead_time"),
        ("lead_time:", "lead time:", "10:30: shipments.iran.lead time", "lead_time"),
        ("shipments:", "imports:", "9:1: imports", "shipments"),
        ("consumption:", "demand:", "11:1: demand", "consumption"),
        ("production:", "factories:", "7:1: factories", "production"),
        ("depots:", "warehouses:", "5:1: warehouses", "depots"),
        ("depots:", "Depots:", "5:1: Depots", "depots"),
        ("start:", "from:", "3:1: from", "start"),
        ("end:", "until:", "4:1: until", "end"),
        ("{stock:", "{initial:", "6:10: depots.main.initial", "stock"),
        ("{rate: 3M", "{output: 3M", "8:10: production.line.output", "rate"),
        (RATE, f"{RATE}, from: main", "12:26: consumption.front.from", "at"),
        ("depots:\n  main: {stock: 1M}", "stock: 1M", "5:1: stock", "depots: {main: {stock: 1M}}"),
        ("consumption:\n  front: {rate: 10k/day}", "demand: 10k/day", "11:1: demand",
         "consumption: {front: {rate: 10k/day}}"),
        ("\n  main: {stock: 1M}", " 1M", "5:9: depots", "{main: {stock: 1M}}"),
        ("\n  main: {stock: 1M}", " {main: 1M}", "5:16: depots.main", "{stock: 1M}"),
        ("{stock: 1M}", "1M", "6:9: depots.main", "{stock: 1M}"),
        ("{rate: 3M/year}", "3M/year", "8:9: production.line", "{rate: 3M/year}"),
        ("\n  line: {rate: 3M/year}", "\n  rate: 3M/year", "8:9: production.rate",
         "industry: {rate: 3M/year}"),
        ("{stock: 1M}", "{stock:1M}", "6:10: depots.main.stock:1M", "stock: 1M"),
        ("{stock: 1M}", "{stock= 1M}", "6:10: depots.main.stock= 1M", "stock: 1M"),
        (" {stock: 1M}", "\n    stock:1M", "7:5: depots.main", "{stock: 1M}"),
        ("  main: {stock: 1M}", "  - name: main\n    stock: 1M", "6:3: depots", "main: {stock: 1M}"),
    ],
)  # fmt: skip
def test_another_word_or_a_level_left_out_suggests_the_key(
    old: str, new: str, place: str, meant: str
) -> None:
    said = message(old, new)
    assert said.startswith(f"s.yaml:{place}: ")
    assert said.endswith(f"did you mean '{meant}'?")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  main: {", "\tmain: {",
         "6:1: not YAML: a tab indents this line; allowed: spaces, such as two for each level"),
        ("A trial", "Russia: a trial", "2:14: not YAML: a text with a colon stands without quotes; "
         "allowed: quotes around the text; did you mean 'title: \"Russia: a trial\"'?"),
        ("A trial", "'Russia's war'",
         "2:16: not YAML: text follows the end of the value that begins on this line; "
         "allowed: quotes around the text; did you mean title: \"Russia's war\"?"),
        ("A trial", "[Draft] a trial",
         "2:16: not YAML: text follows the end of the value that begins on this line; "
         "allowed: quotes around the text; did you mean 'title: \"[Draft] a trial\"'?"),
        ("A trial", "@home", "2:8: not YAML: a text that begins with @ stands without quotes; "
         "allowed: quotes around the text; did you mean 'title: \"@home\"'?"),
        ("A trial", "- a trial", "2:8: not YAML: a text that begins with - stands without quotes; "
         "allowed: quotes around the text; did you mean 'title: \"- a trial\"'?"),
        ("A trial", "*A trial*", "2:8: title: the alias *A is not part of the format; "
         "allowed: write the value again, or use extends; did you mean 'title: \"*A trial*\"'?"),
        ("A trial", '"A trial', '2:8: not YAML: the quote " that opens here is not closed; '
         'allowed: a quote " at the end of the text'),
        ("main: {stock: 1M}", "main: stock: 1M", "6:14: not YAML: a second key stands on this line; "
         "allowed: one key a line, or KEY: {KEY: value}; did you mean 'main: {stock: 1M}'?"),
        ("{stock: 1M}", "{stock: 1M",
         "6:9: not YAML: the { that opens here is not closed, or a comma is missing "
         "after it; allowed: } at its end, and commas between; did you mean '{stock: 1M}'?"),
        ("{stock: 1M}", "{stock: 1M)", "6:9: not YAML: a ) stands where } is expected; allowed: }; "
         "did you mean '{stock: 1M}'?"),
        ("month, lead", "month; lead",
         "10:9: not YAML: a semicolon stands between { and }; allowed: commas between; "
         "did you mean '{offered: 10k/month, lead_time: 20 days}'?"),
        ("{stock: 1M}", "{stock: 1M}}", "6:20: not YAML: this bracket closes nothing; "
         "allowed: as many closing brackets as opening ones"),
        ("production:", "production", "7:1: not YAML: this line has no colon and space after its key; "
         "allowed: KEY: value; did you mean 'production:'?"),
        (" {rate: 3M/year}", "\n    rate: 3M/year\n   growth: 1%",
         "10:4: not YAML: this line is not indented as the "
         "keys beside it; allowed: the same number of spaces for each key"),
        (" {rate: 3M/year}", "\n    rate:3M/year\n    growth: 1%",
         "10:11: not YAML: this line is indented below one "
         "that ends with a value; allowed: the indentation of the keys beside it, or a colon and a space "
         "after the key on the line before"),
        ("stock: 1M", "stock: >1M", "6:17: not YAML: a value cannot begin with this character; "
         "allowed: a number, a word, or text in quotes"),
    ],
)  # fmt: skip
def test_a_slip_of_yaml_says_what_the_line_lacks(old: str, new: str, said: str) -> None:
    assert message(old, new) == f"s.yaml:{said}"


def test_the_starter_offers_cargo_without_a_route() -> None:
    """As in the comment of the file: uncomment two lines and remove the route."""
    text = (files("sim.cli") / "template" / "scenario.yaml").read_text("utf-8")
    assert text.count("    # offered: ") == text.count("    # lead_time: ") == 1
    lines = text.replace("    # offered: ", "    offered: ").replace("    # lead_time: ", "    lead_time: ")
    before, _, after = lines.partition("    route:\n")
    Path("s.yaml").write_text(before + after[after.index("\nconsumption:") :])
    offered = sim.load("s.yaml").shipments["supplier"].offered
    assert isinstance(offered, Quantity)
    assert offered.written == "20k/month"
