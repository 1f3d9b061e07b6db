"""``sim report``: the contents of a result folder on one page, by the HTML parser of Python."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import json
import math
import os
import re
import shutil
from collections.abc import Mapping
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.charts import breakeven, to_bytes
from sim.charts.chart_figure import ChartFigure
from sim.findings.finding import Finding, Scope
from sim.names import Names
from sim.reporting import page_bytes, read_reports, report_charts
from sim.reporting.balance_check import saved_balance_error
from sim.reporting.inline_svg import inline_svg
from sim.reporting.input_tables import read_inputs
from sim.reporting.quantile_error import estimate_quantile
from sim.reporting.report_findings import group_findings
from sim.reporting.study_view import study_views
from sim.reporting.table_view import MAX_ROWS, Cell, Link, TableView, cell_of, view_frame
from sim.results.intervals import interval_ranks
from sim.results.reader import Tables, read_folder
from tests.support.html_page import Element, read_page
from tests.support.known_result import figure_text
from tests.test_cli import sim as command

LINK = "https://www.example.org/fire?a=1&b=2"
TITLE = "A <script>alert(1)</script> \"quoted\" & 'single' </title> front"
NOTE = "<img src=x onerror=alert(2)>"
RTL = "مستودع ‮الجبهة"
LONG = "d" * 60
SCENARIO = f"""\
schema: 1
title: {json.dumps(TITLE)}
note: "{NOTE}"
start: 2023-09-01
end: 2023-12-01
depots:
  {LONG}:
    label: "{RTL}"
    stock: {{low: 0.2M, high: 0.6M, source: stock-2023-10-kiviselg-4m, note: "{NOTE}"}}
production: {{line: {{to: {LONG}, label: "<b>Line</b>", rate: 2k/day}}}}
consumption:
  front:
    at: {LONG}
    rate:
      low: 6k/day
      high: 12k/day
      source: {{url: "{LINK}", claimant: "Ministry <i>of</i> Defence", published: 2023-08-01}}
"""
FEW = ("--runs", 6, "--jobs", 1, "--quiet")
RATE, FIRE = "production.line.rate", "consumption.front.rate"
KINDS = {
    "run": {"drawdown", "supply", "survival", "cumulative", "days-of-supply", "mix", "map", "account"},
    "compare": {"compare"},
    "sweep": {"line", "sustainable"},
    "grid": {"heatmap"},
    "breakeven": {"breakeven"},
    "sensitivity": {"rank"},
    "sobol": {"sobol"},
}
SEVERAL = ("sweep", "compare", "compare")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a result folder of each verb, by its name."""
    here = tmp_path_factory.mktemp("results")
    (here / "s.yaml").write_text(SCENARIO)
    (here / "t.yaml").write_text("extends: s.yaml\ntitle: Other\nconsumption: {front: {rate: 9k/day}}\n")
    before = Path.cwd()
    os.chdir(here)
    try:
        for name, *words in (
            ("run", "s.yaml", "--engine", "simpy"),
            ("compare", "s.yaml", "t.yaml"),
            ("sweep", "s.yaml", "--vary", f"{FIRE}=4k/day,8k/day,12k/day"),
            ("grid", "s.yaml", "--vary", f"{RATE}=1k/day,2k/day", "--vary", f"{FIRE}=4k/day,9k/day"),
            ("breakeven", "s.yaml", "--solve", RATE, "--bounds", "0/day:20k/day"),
            ("sensitivity", "s.yaml"),
            ("sobol", "s.yaml", "--method", "sobol", "--points", "64"),
        ):
            verb = {"grid": "sweep", "sobol": "sensitivity"}.get(name, name)
            said = command(verb, *words, *FEW, "--out", name)
            assert said.status == 0, said.err
    finally:
        os.chdir(before)
    return here


@pytest.fixture(scope="module")
def pages(folders: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Return the page of each folder, and one of three folders, one of them twice."""
    out = tmp_path_factory.mktemp("pages")
    found = {}
    for name, results in {**{name: (name,) for name in KINDS}, "several": SEVERAL}.items():
        file = out / f"{name}.html"
        said = command("report", *(folders / result for result in results), "--out", file)
        assert (said.status, said.out, said.err) == (0, f"{file}\n", "")
        found[name] = file.read_bytes()
    return found


PAGES = (*KINDS, "several")
MAY_STILL_MEET = "less than one day of the planned requirement is left; less may still meet it."


def words_of(text: str) -> str:
    return " ".join(text.split())


# A page that anyone can read


@pytest.mark.parametrize("name", PAGES)
def test_headings_are_in_order_and_landmarks_and_names_are_there(
    name: str, pages: Mapping[str, bytes]
) -> None:
    page = read_page(pages[name])
    assert page.find("html")[0].attributes["lang"] == "en"
    levels = [int(each.tag[1]) for each in page.walk() if re.fullmatch(r"h[1-6]", each.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.find(landmark)) == 1
    assert all("aria-label" in each.attributes for each in page.find("nav"))
    assert all(each.attributes["scope"] in {"col", "row"} for each in page.find("th"))
    assert all(len(each.find("caption")) == 1 for each in page.find("table"))


@pytest.mark.parametrize("name", PAGES)
def test_every_reference_leads_to_one_element(name: str, pages: Mapping[str, bytes]) -> None:
    elements = list(read_page(pages[name]).walk())
    ids = [each.attributes["id"] for each in elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    wanted = set()
    for each in elements:
        wanted |= {each.attributes[key] for key in ("aria-labelledby",) if key in each.attributes}
        for value in each.attributes.values():
            wanted |= set(re.findall(r"url\(#([^)]+)\)", value))
        link = each.attributes.get("href", "")
        wanted |= {link[1:]} if link.startswith("#") else set()
    assert wanted
    assert wanted <= set(ids)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_chart_of_the_folder_is_drawn_with_its_statement(
    name: str, folders: Path, pages: Mapping[str, bytes]
) -> None:
    page = read_page(pages[name])
    figures = page.find("figure")
    assert {each.find("code")[0].text for each in figures} == KINDS[name]
    for figure in figures:
        drawings = figure.find("svg", role="img")
        assert [each.attributes["class"] for each in drawings] == ["chart page", "chart column"]
        statements = set()
        for drawing in drawings:
            (title,) = drawing.find("title")
            assert title.attributes["id"] == drawing.attributes["aria-labelledby"]
            assert len(drawing.find("path")) > 5
            statements.add(title.text)
        assert len(statements - {""}) == 1


@pytest.mark.parametrize("name", PAGES)
def test_each_chart_leads_to_all_sources_of_the_folder(
    name: str, folders: Path, pages: Mapping[str, bytes]
) -> None:
    page = read_page(pages[name])
    ids = {"several": SEVERAL}.get(name, (name,))
    for place, folder in enumerate(ids, 1):
        (listed,) = page.find("div", id=f"r{place}-sources")
        sources = json.loads((folders / folder / "manifest.json").read_text("utf-8"))["sources"]
        assert sources
        assert {each["id"] for each in sources} <= {each.text for each in listed.find("th")}
    links = [link.attributes["href"] for caption in page.find("figcaption") for link in caption.find("a")]
    assert len(links) == len(page.find("figure"))
    assert set(links) == {f"#r{place}-sources" for place in range(1, len(ids) + 1)}


def test_a_chart_on_a_page_names_the_list_of_the_page(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_reports([folders / "breakeven"])[0].found
    many = [{"id": f"{n}", "claimant": f"Ministry number {n}", "published": "2024"} for n in range(99)]
    found = dataclasses.replace(found, manifest={**found.manifest, "sources": many})
    notes = []

    def noted(figure: ChartFigure, *args: Any, **options: Any) -> bytes:
        notes.append(" ".join(figure.notes))
        return to_bytes(figure, *args, **options)

    monkeypatch.setattr(report_charts, "to_bytes", noted)
    report_charts.draw_charts(found, "r1")
    assert len(notes) == 2
    assert all("other sources, listed under Sources below." in each for each in notes)
    assert "other sources, listed in manifest.json." in figure_text(breakeven(found))


def test_colours_of_text_have_a_contrast_of_at_least_4_5() -> None:
    style = (files("sim.reporting") / "page" / "report.css").read_text("utf-8")
    light, dark, paper = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root {([^}]*)}", style)
    )
    for scheme in (light, dark, {**light, **paper}):
        for text, ground in (
            *(("ink", ground) for ground in ("page", "band")),
            *((text, "page") for text in ("quiet", "link")),
            ("stamp-ink", "stamp"),
        ):
            assert contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)
        for text in re.findall(r"figcaption[ a]* {[^}]*color: (#[0-9a-f]{6})", style):
            assert contrast(text, scheme["card"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# Nothing from elsewhere, and text stays text


@pytest.mark.parametrize("name", PAGES)
def test_the_page_requests_nothing_and_runs_its_own_script_alone(
    name: str, pages: Mapping[str, bytes]
) -> None:
    page = read_page(pages[name])
    for each in page.walk():
        assert each.tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert not {key for key in each.attributes if key in {"src", "srcset"} or key.startswith("on")}
        link = each.attributes.get("href", "#")
        if each.tag == "image":
            assert link.startswith("data:image/png;base64,")
            continue
        assert link.startswith("#") or (each.tag == "a" and link.startswith(("http://", "https://")))
        assert "url(" not in re.sub(r"url\(#", "", each.attributes.get("style", ""))
    (style,), (script,) = page.find("style"), page.find("script")
    assert not re.search(r"url\(|@import", style.text)
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    policy = page.find("meta", **{"http-equiv": "Content-Security-Policy"})[0].attributes["content"]
    assert policy.startswith("default-src 'none'")
    assert f"script-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("name", PAGES)
def test_hostile_texts_stay_text(name: str, pages: Mapping[str, bytes]) -> None:
    page = read_page(pages[name])
    for tag in ("b", "i"):
        assert not page.find(tag)
    assert TITLE in page.find("h1" if name != "several" else "h2")[0].text
    if name != "several":
        assert page.find("title")[0].text == page.find("h1")[0].text
    body = words_of(page.find("main")[0].text)
    assert TITLE in body
    assert NOTE in body
    assert "Ministry <i>of</i> Defence" in body


def test_names_keep_their_direction_to_themselves(pages: Mapping[str, bytes]) -> None:
    page = read_page(pages["run"])
    holders = [each for each in page.walk() if any(RTL in text for text in each.texts) and not each.children]
    assert holders
    parents = {id(child): each for each in page.walk() for child in each.children}
    for each in holders:
        chain = [each]
        while id(chain[-1]) in parents:
            chain.append(parents[id(chain[-1])])
        assert any(one.attributes.get("dir") == "auto" or one.tag == "svg" for one in chain)


def test_an_address_that_is_not_of_the_web_is_no_link(folders: Path) -> None:
    (report,) = read_reports([folders / "run"])
    links = (Link("click", "javascript:alert(1)"), Link("file", "file:///etc/passwd"), Link("web", LINK))
    sources = TableView("Sources", ("Source",), ((Cell("x", links=links),),))
    page = read_page(page_bytes([dataclasses.replace(report, sources=sources)]))
    table = next(each for each in page.find("table") if each.find("caption")[0].text == "Sources")
    assert [each.attributes["href"] for each in table.find("a")] == [LINK]
    assert "click; file; web" in table.text


def test_a_control_character_does_not_reach_the_page(folders: Path) -> None:
    (report,) = read_reports([folders / "run"])
    data = page_bytes([dataclasses.replace(report, answer="one\x00two\x1b[31m\udcff")])
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", data)


# Contents


def test_the_findings_are_those_that_sim_run_prints(
    folders: Path, pages: Mapping[str, bytes], tmp_path: Path
) -> None:
    said = command(
        "run", folders / "s.yaml", "--engine", "simpy", "--runs", 6, "--jobs", 1, "--out", tmp_path / "out"
    )
    printed = words_of(said.out)
    page = read_page(pages["run"])
    findings = page.find("section", **{"aria-labelledby": "r1-findings"})[0]
    answer = findings.find("p", class_="answer")[0].text
    assert answer in printed
    pairs = list(zip(findings.find("dt"), findings.find("dd"), strict=True))
    assert len(pairs) >= 6
    for label, sentence in pairs:
        assert f"{label.text} {sentence.text}" in printed
    for meaning in findings.find("p", class_="quiet"):
        assert words_of(meaning.text) in printed


def test_a_comparison_says_what_sim_compare_prints(
    folders: Path, pages: Mapping[str, bytes], tmp_path: Path
) -> None:
    files_of_both = (folders / "s.yaml", folders / "t.yaml")
    said = command("compare", *files_of_both, "--runs", 6, "--jobs", 1, "--out", tmp_path / "out")
    findings = read_page(pages["compare"]).find("section", **{"aria-labelledby": "r1-findings"})[0]
    pairs = list(zip(findings.find("dt"), findings.find("dd"), strict=True))
    assert len(pairs) >= 4
    for label, sentence in pairs:
        assert f"{label.text} {sentence.text}" in words_of(said.out)


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("run", "Runs out: less than one day of the planned requirement is left."),
        ("compare", "Runs out: less than one day of the planned requirement is left."),
        ("sweep", f"Runs out: {MAY_STILL_MEET}"),
        ("grid", f"Runs out: {MAY_STILL_MEET}"),
        ("sensitivity", f"Runs out: {MAY_STILL_MEET}"),
        ("sobol", f"Runs out: {MAY_STILL_MEET}"),
        ("breakeven", f"Lasts: on every day at least {MAY_STILL_MEET.removeprefix('less than ')}"),
    ],
)
def test_a_page_defines_the_event_of_a_stock(name: str, meaning: str, pages: Mapping[str, bytes]) -> None:
    findings = read_page(pages[name]).find("section", **{"aria-labelledby": "r1-findings"})[0]
    assert meaning in [words_of(each.text) for each in findings.find("p", class_="quiet")]


def test_a_stock_that_each_day_brings_enough_does_not_run_out_on_any_page(tmp_path: Path) -> None:
    for name, stock in (("half", "50"), ("more", "500")):
        (tmp_path / f"{name}.yaml").write_text(
            f"schema: 1\ntitle: {name.capitalize()}\nstart: 2024-01-01\nend: 2024-01-21\n"
            f"depots: {{d: {{stock: {stock}}}}}\nproduction: {{works: {{rate: 100/day}}}}\n"
            "consumption: {front: {rate: 100/day}}\n"
        )
    half, more = tmp_path / "half.yaml", tmp_path / "more.yaml"
    for verb, *words in (("run", half, "--engine", "simpy"), ("compare", half, more)):
        assert command(verb, *words, *FEW, "--out", tmp_path / verb).status == 0
        file = tmp_path / f"{verb}.html"
        assert command("report", tmp_path / verb, "--out", file).status == 0
        text = words_of(read_page(file.read_bytes()).text)
        assert "Day on which the stock falls below one day of supply" in text
        assert "it may still be met." in text
        assert "runs out" not in text.lower()


def test_lines_of_a_verdict_stay_with_the_scenario_that_they_are_about() -> None:
    scope = Scope("2024-01-01", "2024-02-01", 1)
    labels = (("", "a, compared"), ("Fired", "1"), ("Lasts", "2"), ("", "b, compared"), ("Fired", "3"))
    findings = [Finding("x", scope, {}, sentence, label=label) for label, sentence in labels]
    groups = [(lead, [each.sentence for each in lines]) for lead, lines in group_findings(findings)]
    assert groups == [("a, compared", ["1", "2"]), ("b, compared", ["3"])]
    assert [lead for lead, _ in group_findings(findings[1:])] == ["", "b, compared"]


def rows_of(page: Element, caption: str) -> list[list[Element]]:
    (table,) = [each for each in page.find("table") if each.find("caption")[0].text == caption]
    return [row.children for row in table.find("tbody")[0].find("tr")]


@pytest.mark.parametrize("name", ["run", "sweep", "breakeven", "sensitivity"])
def test_each_input_has_its_source_or_the_stamp(name: str, pages: Mapping[str, bytes]) -> None:
    page = read_page(pages[name])
    rows = {row[1].text: row for row in rows_of(page, "Inputs")}
    assert set(rows) == {f"depots.{LONG}.stock", RATE, FIRE}
    texts = {path: [cell.text for cell in row[2:]] for path, row in rows.items()}
    assert texts[f"depots.{LONG}.stock"] == [
        *("{low: 0.2M, high: 0.6M}", "400,000 shells", "once a run", "stock-2023-10-kiviselg-4m"),
        *("Col Ants Kiviselg, Estonian military intelligence", NOTE),
    ]
    assert texts[RATE] == ["2k/day", "2,000 shells a day", "fixed", "assumed, no source", "", ""]
    assert rows[RATE][5].find("span", class_="stamp")
    assert rows[FIRE][5].find("a")[0].attributes["href"] == LINK
    assert "1 of 3 inputs have no source." in words_of(page.text)


def test_inputs_that_samples_replace_have_the_median_of_their_column(tmp_path: Path) -> None:
    (tmp_path / "samples.csv").write_text(
        "depots.d.stock,shipments.abroad.first,production.line.rate\n"
        "100k,2026-01-09,3k/day\n900k,2026-01-20,1k/day\n200k,2026-01-05,9k/day\n"
    )
    (tmp_path / "s.yaml").write_text(
        "schema: 1\ntitle: Joint\nstart: 2026-01-01\nend: 2026-02-01\ndraws: samples.csv\n"
        "depots: {d: {stock: {low: 2M, high: 4M}}}\n"
        "production: {line: {rate: 7k/day}}\n"
        "shipments: {abroad: {offered: {low: 1k/day, high: 3k/day}, first: 2026-01-02, lead_time: 1 day}}\n"
        "consumption: {front: {rate: 6k/day}}\n"
    )
    sampled = {
        "depots.d.stock": ("{low: 2M, high: 4M}", "200,000 shells", "replaced by samples.csv"),
        "production.line.rate": ("7k/day", "3,000 shells a day", "replaced by samples.csv"),
        "shipments.abroad.first": ("2026-01-02", "9 Jan 2026", "replaced by samples.csv"),
        "shipments.abroad.offered": ("{low: 1k/day, high: 3k/day}", "2,000 shells a day", "once a run"),
        "consumption.front.rate": ("6k/day", "6,000 shells a day", "fixed"),
    }
    questions = {
        "run": (),
        "sweep": ("--vary", "consumption.front.rate=6k/day,8k/day"),
        "breakeven": ("--solve", "consumption.front.rate", "--bounds", "1k/day:99k/day"),
    }
    for verb, more in questions.items():
        out = tmp_path / verb
        assert command(verb, tmp_path / "s.yaml", *more, *FEW, "--out", out).status == 0
        rows = rows_of(read_page(page_bytes(read_reports([out]))), "Inputs")
        found = {row[1].text: tuple(cell.text for cell in row[2:5]) for row in rows}
        assert found == sampled | {"shipments.abroad.lead_time": ("1 day", "1 day", "fixed")}
    (tmp_path / "t.yaml").write_text("extends: s.yaml\nconsumption: {front: {rate: 7k/day}}\n")
    out = tmp_path / "compare"
    assert command("compare", tmp_path / "s.yaml", tmp_path / "t.yaml", *FEW, "--out", out).status == 0
    table = read_inputs(out).inputs
    replaced = table[table["drawn"] == "replaced by samples.csv (value: median)"]
    values = [200_000.0, 3_000.0, dt.date(2026, 1, 9)]
    assert replaced.groupby("scenario")["value"].apply(list).to_dict() == {"s": values, "t": values}


def test_inputs_have_the_noun_of_the_munition_and_the_currency_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "schema: 1\ntitle: Blood\nstart: 2026-01-01\nend: 2026-02-01\ncurrency: EUR\n"
        "budget: {rate: 1M EUR/year}\n"
        "munitions: {cells: {noun: unit, unit_cost: 200 EUR}}\n"
        "depots: {bank: {stock: 400, holding_cost: 1 EUR/day}}\n"
        "orders: {blood: {reorder_point: 200, order_up_to: 400, lead_time: 1 day}}\n"
        "consumption: {surgery: {rate: 1/day}}\n"
    )
    run = tmp_path / "run"
    assert command("run", tmp_path / "s.yaml", "--engine", "simpy", *FEW, "--out", run).status == 0
    page = read_page(page_bytes(read_reports([run])))
    rows = {row[1].text: row[3].text for row in rows_of(page, "Inputs")}
    assert rows["depots.bank.stock"] == "400 units"
    assert rows["consumption.surgery.rate"] == "1 unit a day"
    assert rows["munitions.cells.unit_cost"] == "200 EUR"
    assert rows["budget.rate"] == "2,738 EUR a day"
    assert rows["orders.blood.lead_time"] == "1 day"
    said = command("show", tmp_path / "s.yaml").out
    assert "1/day = 1 unit/day" in said
    assert "400 = 400 units" in said
    assert "1M EUR/year = 2,738 EUR/day" in said
    assert "1 EUR/day = 1 EUR/day" in said


def test_a_date_that_depends_on_an_event_is_shown_as_written(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "schema: 1\ntitle: War\nstart: 2026-01-01\nend: 2026-04-01\n"
        "depots: {store: {stock: 5k}}\n"
        "consumption: {army: {at: store, rate: {by_date: {2026-01-01: 0/day, war: 100/day}}}}\n"
        "events: {warning: {date: 2026-02-01}, war: {date: warning + 10 days}}\n"
    )
    run, file = tmp_path / "run", tmp_path / "page.html"
    assert command("run", tmp_path / "s.yaml", "--engine", "simpy", *FEW, "--out", run).status == 0
    said = command("report", run, "--out", file)
    assert (said.status, said.err) == (0, "")
    rows = {row[1].text: row for row in rows_of(read_page(file.read_bytes()), "Inputs")}
    assert [cell.text for cell in rows["events.war.date"][2:4]] == ["warning + 10 days"] * 2


def test_percentiles_on_the_page_are_those_of_the_summary(folders: Path, pages: Mapping[str, bytes]) -> None:
    summary = json.loads((folders / "run" / "summary.json").read_text())
    rows = {
        row[0].text: row
        for row in rows_of(read_page(pages["run"]), "Outcomes over the runs, with their Monte Carlo error")
    }
    gone = rows["Day on which the stock runs out"]
    for cell, name in zip(gone[1:4], ("p05", "p50", "p95"), strict=True):
        iso = summary["exhausted"][name]
        day = dt.date.fromisoformat(iso or "2023-12-01")
        assert cell.text.startswith(f"{day.day} {day:%b} {day.year} (" if iso else "not reached (")
    fire = rows["Fire over the last 90 days, shells a day"]
    assert fire[2].text.startswith(f"{summary['sustained']['fire']['p50']:,.0f} (")


def test_checks_and_reproduction_name_what_repeats_the_result(
    folders: Path, pages: Mapping[str, bytes]
) -> None:
    page = read_page(pages["run"])
    text = words_of(page.text)
    log = (folders / "run" / "log.txt").read_text().splitlines()[0]
    assert words_of(log.removeprefix("command: ")) in text
    assert hashlib.sha256((folders / "s.yaml").read_bytes()).hexdigest() in text
    assert hashlib.sha256((folders / "run" / "scenario.yaml").read_bytes()).hexdigest() in text
    summary = json.loads((folders / "run" / "summary.json").read_text())
    assert f"{summary['balance_error']:.1e} of the gross turnover" in text


def cells_of(table: Element) -> list[list[str]]:
    return [[words_of(cell.text) for cell in row.children] for row in table.find("tbody")[0].find("tr")]


def test_a_comparison_shows_the_inputs_that_differ_side_by_side(pages: Mapping[str, bytes]) -> None:
    inputs = read_page(pages["compare"]).find("section", **{"aria-labelledby": "r1-inputs"})[0]
    side_by_side, others, *_ = inputs.find("table")
    headings = [words_of(each.text) for each in side_by_side.find("thead")[0].find("th")]
    assert headings == ["Input", "Path", TITLE, "Other"]
    # The second scenario replaces one number alone: the rate of fire.
    assert [row[1:] for row in cells_of(side_by_side)] == [
        [FIRE, f"{{low: 6k/day, high: 12k/day}} ({LINK})", "9k/day (assumed, no source)"]
    ]
    assert [row[1] for row in cells_of(others)] == [f"depots.{LONG}.stock", RATE]
    assert others.find("caption")[0].text == "Inputs that all scenarios have"


def test_a_line_of_steps_keeps_its_corners_alone() -> None:
    level = " ".join(f"L {x} 5 L {x} 5" for x in range(100))
    # Level to 99, up to 8, back down to 2: the turn at 8 is on no line between its neighbours.
    path = f"M 0 0 {level} L 99 8 L 99 2"
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><path d="{path}"/></svg>'.encode()
    assert 'd="M 0 0 L 0 5 99 5 99 8 99 2"' in inline_svg(drawing, "r", "a line", "chart")
    closed = drawing.replace(b"L 99 2", b"L 99 2 z")
    assert 'd="M 0 0 L 0 5 99 5 99 8 99 2 z"' in inline_svg(closed, "r", "a line", "chart")
    second = drawing.replace(b"L 99 2", b"L 99 2 L 100 2 L 101 2 L 102 2")
    assert 'd="M 0 0 L 0 5 99 5 99 8 99 2 102 2"' in inline_svg(second, "r", "a line", "chart")


def test_neighbouring_shapes_of_one_look_are_one_path() -> None:
    bars = "".join(f'<g id="b{x}"><path d="M {x} 0 L {x} 1 z" style="fill: #aabbcc"/></g>' for x in range(3))
    faint = '<path d="M 7 0 L 7 1 z" style="fill: #aabbcc; opacity: 0.5"/>' * 2
    other = '<path d="M 9 0 L 9 1 z" style="fill: #000000"/>'
    letter = '<use href="#q" transform="translate(63.625 0)"/><path id="q" d="M 0 0"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg">{bars}{faint}{other}{letter}</svg>'.encode()
    page = read_page(f"<main>{inline_svg(drawing, 'r', 'bars', 'chart')}</main>".encode())
    assert [each.attributes["d"] for each in page.find("path")] == [
        "M 0 0 L 0 1 z M 1 0 L 1 1 z M 2 0 L 2 1 z",
        *["M 7 0 L 7 1 z"] * 2,
        *("M 9 0 L 9 1 z", "M 0 0"),
    ]
    # Where a letter is, in fewer bytes.
    (use,) = page.find("use")
    assert use.attributes["x"] in {"63.62", "63.63"}


def test_charts_share_glyphs_and_hatches(pages: Mapping[str, bytes]) -> None:
    page = read_page(pages["run"])
    (shapes,) = (each for each in page.find("svg") if each.attributes["class"] == "shapes")
    defined = shapes.find("path")
    assert len({each.attributes.get("d") for each in defined if "id" in each.attributes}) > 30
    assert len(shapes.find("pattern")) > 0
    for chart in page.find("svg"):
        if chart is not shapes:
            assert not [each for each in chart.find("path") if "id" in each.attributes]
            assert not chart.find("pattern")
    # Every reference leads to an element of the page.
    ids = {each.attributes["id"] for each in page.walk() if "id" in each.attributes}
    assert {each.attributes["href"][1:] for each in page.find("use")} <= ids


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        ("breakeven", "Values tried, and the share of runs that meet the target"),
        ("compare", "Inputs that all scenarios have"),
    ],
)
def test_a_long_table_of_details_is_folded(name: str, caption: str, pages: Mapping[str, bytes]) -> None:
    (folded,) = read_page(pages[name]).find("details")
    rows = len(folded.find("tbody")[0].find("tr"))
    assert words_of(folded.find("summary")[0].text) == f"{caption} ({rows} rows)"
    assert folded.find("caption")[0].text == caption


def test_values_tried_that_look_alike_are_one_row_and_the_answer_is_among_them() -> None:
    tried = [(1e6, 0.0, 0.0), (2e6, 0.0, 0.0), (3e6, 0.0, 0.0), (4_258_197.0, 0.94, 0.95)]
    tried += [(4_258_200.1, 0.95, 0.96), (4_258_203.0, 0.96, 0.97), (4_320_552.0, 1.0, 1.0), (5e6, 1.0, 1.0)]
    points = pd.DataFrame(tried, columns=["value", "share", "met_share"])
    answers = pd.DataFrame({"value": [4_258_200.1], "low": [math.nan], "high": [4_320_552.0]})
    found = SimpleNamespace(verb="breakeven", names=Names(), table=answers, points=points)
    view = study_views(found)[1]
    assert [[cell.text for cell in row] for row in view.rows] == [
        *(["1,000,000", "0", "0"], ["3,000,000", "0", "0"], ["4,258,000", "0.95", "0.96"]),
        *(["4,321,000", "1", "1"], ["5,000,000", "1", "1"]),
    ]
    assert view.headings[1:] == (
        *("Share of runs that meet the target", "Share of runs in which the requirement is met"),
    )
    assert view.note == (
        "3 of 8 values tried are in breakeven-points.csv alone: the same as another one to 4 significant "
        "digits, or between two with the same shares."
    )


def test_other_outcomes_of_a_sensitivity_are_folded_below_that_of_the_answer(
    pages: Mapping[str, bytes],
) -> None:
    findings = read_page(pages["sensitivity"]).find("section", **{"aria-labelledby": "r1-findings"})[0]
    (folded,) = findings.find("details")
    terms = {words_of(each.text) for each in findings.find("dt")}
    inside = folded.find("dt")
    # Two inputs are drawn: each has a line for every outcome, the first outcome open.
    assert len(terms) == 2
    assert len(findings.find("dt")) - len(inside) == 2
    outcomes = int(words_of(folded.find("summary")[0].text).removeprefix("The other outcomes (")[:-1])
    assert outcomes == len(folded.find("p")) > 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (6844.63, "6,845"),
        (20.0, "20"),
        (1234567.0, "1,234,567"),
        (-9.71667, "\N{MINUS SIGN}9.717"),
        (0.000140699, "0.0001407"),
        (999.96, "1,000"),
        (-0.0, "0"),
    ],
)
def test_a_number_of_a_table_has_four_figures(value: float, text: str) -> None:
    assert cell_of(value) == Cell(text, repr(value), is_number=True)


def test_an_empty_column_is_left_out() -> None:
    frame = pd.DataFrame({"n": [1, 2], "empty": [None, None], "half": [None, 3.5]})
    view = view_frame("Some", frame, {"n": "N", "empty": "Empty", "half": "Half"}, {})
    assert view.headings == ("N", "Half")
    assert view_frame("None", frame.head(0), {"n": "N", "empty": "Empty"}, {}).headings == ("N", "Empty")


@pytest.mark.parametrize(("rows", "is_folded"), [(20, False), (21, True)])
def test_a_table_of_more_than_twenty_rows_is_folded(rows: int, is_folded: bool) -> None:
    assert TableView("Long", ("N",), ((Cell("1"),),) * rows).is_folded is is_folded


def test_several_folders_have_a_table_of_contents(pages: Mapping[str, bytes]) -> None:
    page = read_page(pages["several"])
    links = page.find("nav")[0].find("a")
    assert [each.attributes["href"] for each in links] == ["#r1", "#r2", "#r3"]
    assert [each.text for each in links] == [each.text for each in page.find("h2")]
    assert page.find("h1")[0].text == "Report of 3 results"


# Figures computed for the report


@pytest.mark.parametrize(("runs", "percent"), [(1000, 50), (1000, 5), (40, 95), (200, 50), (6, 50), (6, 5)])
def test_order_statistics_enclose_a_quantile_with_at_least_90_percent(runs: int, percent: int) -> None:
    """The number of runs below the quantile is binomial: its exact distribution, in fractions."""
    share = Fraction(percent, 100)
    chance = [math.comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in range(runs + 1)]
    low, high = interval_ranks(runs, percent / 100)
    # The quantile is below order statistic k where fewer than k runs are below it.
    assert sum(chance[:low]) <= Fraction(1, 20)
    assert sum(chance[high:]) <= Fraction(1, 20)
    assert sum(chance[: low + 1]) > Fraction(1, 20)
    assert sum(chance[high - 1 :]) > Fraction(1, 20)


def test_an_interval_of_a_quantile_is_made_of_values_of_runs() -> None:
    # For 20 runs, by hand: P(B <= 5) = 0.0207 and P(B <= 6) = 0.0577, so ranks 6 and 15.
    assert interval_ranks(20, 0.5) == (6, 15)
    values = [float(n) for n in range(20, 0, -1)]
    assert estimate_quantile(values, 50) == (10.0, 6.0, 15.0)
    assert estimate_quantile([*values[:8], *[math.inf] * 12], 50) == (math.inf, 18.0, math.inf)
    assert estimate_quantile([3.0, 1.0, 2.0], 50) == (2.0, None, None)


def day_tables(levels: list[float], produced: list[float], fired: list[float]) -> Tables:
    days = [f"2024-01-0{n + 1}" for n in range(len(levels))]
    where = {"depot": "d", "munition": "m"}
    stock = pd.DataFrame({"date": days, **where, "mean": levels})
    flows = [
        pd.DataFrame({"date": days, **where, "kind": kind, "mean": means})
        for kind, means in (("produced", produced), ("fired", fired), ("required", [99.0] * len(days)))
    ]
    empty = pd.DataFrame()
    return Tables(stock, pd.concat(flows), empty, empty, empty, empty, empty, {}, {})


def test_saved_tables_that_do_not_add_up_have_a_balance_error() -> None:
    # 100 + 10 - 30 = 80; 80 + 10 - 40 = 50. Turnover: 100 + 30 + 100 with the flows of the first day.
    exact = day_tables([100.0, 80.0, 50.0], [10.0, 10.0, 10.0], [30.0, 30.0, 40.0])
    assert saved_balance_error(exact) == 0.0
    wrong = day_tables([100.0, 80.0, 55.0], [10.0, 10.0, 10.0], [30.0, 30.0, 40.0])
    assert saved_balance_error(wrong) == pytest.approx(5.0 / 230.0)


def test_the_tables_of_a_run_balance(folders: Path) -> None:
    assert 0.0 <= saved_balance_error(read_folder(folders / "run")) < 1e-12


def test_a_long_table_is_cut_and_says_so() -> None:
    frame = pd.DataFrame({"n": range(MAX_ROWS + 1), "left_out": 1})
    view = view_frame("Long", frame, {"n": "Number", "absent": "None"}, {})
    assert (len(view.rows), view.headings) == (MAX_ROWS, ("Number",))
    assert view.note == "The first 500 of 501 rows."
    assert view_frame("Short", frame.head(3), {"n": "Number"}, {}).note == ""


def test_a_drawing_loses_its_style_and_keeps_its_shape() -> None:
    drawing = b"""<?xml version="1.0"?>
    <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9pt">
    <title>old</title><metadata><a/></metadata>
    <defs><style>*{fill: red}</style><path id="p1" d="M 1.23456 -0.001&#10;L 2 3"/></defs>
    <!-- a comment --><g id="unused" clip-path="url(#c2)"><use xlink:href="#p1"/></g>
    <clipPath id="c2"/><image xlink:href="data:image/png;base64,AA=="/></svg>"""
    found = inline_svg(drawing, "r1-x", "A <b> & 'c'", "chart page")
    for absent in ("red", "old", "comment", "metadata", "unused", "xlink", "9pt", "ns0:"):
        assert absent not in found
    page = read_page(f"<main>{found}</main>".encode())
    (path,), (use,), (clip,) = page.find("path"), page.find("use"), page.find("clippath")
    assert path.attributes["d"] in {"M 1.23 -0 L 2 3", "M 1.23 0 L 2 3"}
    assert use.attributes["href"] == f"#{path.attributes['id']}"
    assert page.find("image")[0].attributes["href"] == "data:image/png;base64,AA=="
    assert page.find("g")[0].attributes["clip-path"] == f"url(#{clip.attributes['id']})"
    assert page.find("title")[0].text == "A <b> & 'c'"


# The command


def test_the_default_file_is_beside_the_folder_and_an_existing_one_stays(
    folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folders / "breakeven", tmp_path / "runs" / "b")
    monkeypatch.chdir(tmp_path)
    said = command("report", "runs/b")
    assert (said.status, said.out) == (0, f"{Path('runs/b.html')}\n")
    first = Path("runs/b.html").read_bytes()
    said = command("report", "runs/b")
    assert (said.status, said.out) == (1, "")
    assert (
        said.err == "error: runs/b.html is there already; choose another name with --out, or give --force\n"
    )
    said = command("report", "runs/b", "--force", "--json")
    assert json.loads(said.out)["file"] == "runs/b.html"
    assert Path("runs/b.html").read_bytes() == first
    said = command("report", "runs/b", "runs/b")
    assert said.out == "runs/b-and-b.html\n"
    assert command("verify", "runs/b").status == 0


@pytest.mark.parametrize(
    ("file", "status", "message"),
    [
        ("x.pdf", 2, "is no name of a page; allowed: a name in .html; did you mean"),
        ("nowhere/x.html", 1, "the folder above it does not exist"),
        ("folder.html", 1, "it is a folder; name a file in it"),
    ],
)
def test_a_wrong_name_is_one_message(
    file: str, status: int, message: str, folders: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder.html").mkdir()
    said = command("report", folders / "run", "--out", tmp_path / file)
    assert (said.status, said.out) == (status, "")
    assert message in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]


def edit_manifest(folder: Path, **entries: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **entries}))


def test_what_is_no_whole_result_is_one_message(folders: Path, tmp_path: Path) -> None:
    for name in ("sweep", "run", "other"):
        shutil.copytree(folders / ("run" if name == "other" else name), tmp_path / name)
    edit_manifest(tmp_path / "sweep", unfinished=True)
    edit_manifest(tmp_path / "other", verb="dance")
    with (tmp_path / "run" / "stock.csv").open("a") as table:
        table.write("2030-01-01,depot,shells,1,1,1,1,1,1\n")
    for folder, message in (
        ("sweep", "is not finished: the same command goes on with it"),
        ("run", "stock.csv is not the file that was written"),
        ("other", "holds the answer of `sim dance`, of which there is no report"),
        ("nowhere", "there is no such folder"),
    ):
        said = command("report", folders / "run", tmp_path / folder, "--out", tmp_path / "x.html")
        assert (said.status, said.out) == (1, ""), folder
        assert message in said.err
        assert said.err.count("\n") == 1
        assert not (tmp_path / "x.html").exists()
    said = command("report", folders / "run", "--out", folders / "run" / "x.html")
    assert "a result folder holds only the files of its result" in said.err


def test_a_failed_write_leaves_the_old_page(
    folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.html"
    file.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    said = command("report", folders / "breakeven", "--out", file, "--force")
    assert (said.status, said.out) == (1, "")
    assert [path.name for path in tmp_path.iterdir()] == ["x.html"]
    assert file.read_text() == "old"
