"""Sources cited on the spot: links and maps of a link, its claimant and its date."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import sim
from sim import simulate
from sim.charts import drawdown
from sim.errors import ScenarioError
from sim.results.reader import read_folder
from sim.scenario.citation import Citation
from sim.scenario.schema import scenario_schema
from tests.support.known_result import figure_text
from tests.test_cli import sim as command

LINK = "https://www.example.org/a?b=1#c"
SCENARIO = """\
schema: 1
start: 2023-09-01
end: 2023-09-21
depots: {depot: {stock: {value: 1000, source: SOURCE}}}
consumption: {front: {rate: 10/day}}
"""


def written(source: str, folder: Path) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(SCENARIO.replace("SOURCE", source))
    return path


def sources_of(source: str, folder: Path) -> tuple[object, ...]:
    return sim.load(written(source, folder)).depots["depot"].stock["shells"].sources


@pytest.mark.parametrize(
    ("source", "cited"),
    [
        (LINK, (Citation(LINK),)),
        ("HTTP://example.org", (Citation("HTTP://example.org"),)),
        (f"{{url: {LINK}}}", (Citation(LINK),)),
        (
            f"{{url: {LINK}, claimant: 'Ministry of Defence, Kyiv', published: 2023-10-01}}",
            (Citation(LINK, "Ministry of Defence, Kyiv", dt.date(2023, 10, 1)),),
        ),
        (
            f"[stock-2023-10-kiviselg-4m, {LINK}, {{url: 'https://b.org', claimant: B}}]",
            ("stock-2023-10-kiviselg-4m", Citation(LINK), Citation("https://b.org", "B")),
        ),
    ],
)
def test_a_link_or_a_map_cites_a_page(source: str, cited: tuple[object, ...], tmp_path: Path) -> None:
    assert sources_of(source, tmp_path) == cited
    scenario = sim.load(tmp_path / "scenario.yaml")
    again = tmp_path / "again.yaml"
    again.write_text(scenario.text())
    assert sim.load(again).depots["depot"].stock["shells"].sources == cited


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("ftp://example.org/x", "4:47", "'ftp://example.org/x' is not a link; allowed: http:// or https://"),
        ("file:///etc/passwd", "4:47", "is not a link"),
        ("https:///x", "4:47", "is not a link"),
        ("'https://a b'", "4:47", "is not a link"),
        # An address of a host that never closes its bracket.
        ("'https://[2001:db8'", "4:47", "is not a link"),
        ("http:example.org", "4:47", "is not a link"),
        (
            "www.example.org/x",
            "4:47",
            "is not a whole link",
        ),
        ("{claimant: A}", "4:47", "source: a source that is a map has a url"),
        ("{url: example.org}", "4:53", "source.url: 'example.org' is not a link"),
        (
            "{ulr: https://a.org}",
            "4:48",
            "source.ulr: unknown key 'ulr'; allowed: url, claimant, published; did you mean 'url'?",
        ),
        (
            "{url: https://a.org, published: 2023-02-30}",
            "4:79",
            "source.published: '2023-02-30' is not in the calendar",
        ),
        (
            "{url: https://a.org, published: May 2023}",
            "4:79",
            "source.published: 'May 2023' is not a date; allowed: a date such as 2023-09-01",
        ),
        ("{url: https://a.org, claimant: [A]}", "4:78", "source.claimant: claimant of a source is one text"),
        ("[[stock-2023-10-kiviselg-4m]]", "4:48", "a source is an id, a link or a map, or a list of these"),
        (
            "kiviselg",
            "4:47",
            "unknown source 'kiviselg'; allowed: an id of the evidence table",
        ),
    ],
)
def test_a_source_that_is_none_is_one_error_at_its_place(
    source: str, place: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError) as caught:
        sim.load(written(source, tmp_path))
    (fault,) = caught.value.faults
    assert f"scenario.yaml:{place}: depots.depot.stock.source" in str(fault)
    assert message in str(fault)


def test_a_link_without_its_scheme_is_completed(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"did you mean 'https://www\.example\.org/x'"):
        sim.load(written("www.example.org/x", tmp_path))


@pytest.mark.parametrize(
    ("source", "is_valid"),
    [
        (LINK, True),
        ({"url": LINK, "claimant": "A", "published": "2023-10-01"}, True),
        (["stock-2023-10-kiviselg-4m", {"url": LINK}], True),
        ({"url": "ftp://example.org"}, False),
        ({"claimant": "A"}, False),
        ({"url": LINK, "publisher": "A"}, False),
        ([], False),
    ],
)
def test_the_schema_takes_the_same(source: Any, is_valid: bool) -> None:
    plain = {
        "schema": 1,
        "start": "2023-09-01",
        "end": "2023-09-21",
        "depots": {"depot": {"stock": {"value": 1000, "source": source}}},
    }
    assert Draft202012Validator(json.loads(scenario_schema())).is_valid(plain) is is_valid
    if is_valid:
        assert simulate.as_scenario(plain)
    else:
        with pytest.raises(ScenarioError):
            simulate.as_scenario(plain)


def test_results_charts_and_show_name_the_claimant(tmp_path: Path) -> None:
    cited = f"[{{url: {LINK}, claimant: Ministry of Defence, published: 2023-10-01}}, https://b.org/x]"
    path = written(cited, tmp_path)
    result = sim.run(path)
    folder = result.save(tmp_path / "out")
    assert json.loads((folder / "manifest.json").read_text())["sources"] == [
        {"id": "https://b.org/x", "claimant": "", "publisher": "", "published": ""},
        {"id": LINK, "claimant": "Ministry of Defence", "publisher": "", "published": "2023-10-01"},
    ]
    told = figure_text(drawdown(result))
    # A chart of a result in memory refers to no file of a folder.
    assert "Inputs: Ministry of Defence (2023); and 1 other source. Model" in told
    told = figure_text(drawdown(read_folder(folder)))
    assert "Inputs: Ministry of Defence (2023); and 1 other source, listed in manifest.json." in told
    shown = command("show", path)
    assert f"[{LINK} (Ministry of Defence, 2023-10-01), https://b.org/x]" in shown.out
    (value, *_) = json.loads(command("show", path, "--json").out)["values"]
    assert value["sources"] == [
        {"url": LINK, "claimant": "Ministry of Defence", "published": "2023-10-01"},
        {"url": "https://b.org/x", "claimant": "", "published": None},
    ]


def test_a_cited_page_gives_no_warning_of_its_own(tmp_path: Path) -> None:
    assert sim.warnings(written(LINK, tmp_path)) == []


def test_two_dates_of_one_page_and_a_course_keep_all_sources(tmp_path: Path) -> None:
    path = written(LINK, tmp_path)
    course = f"{{by_date: {{2023-09-01: {{value: 10/day, source: https://b.org}}}}, source: {LINK}}}"
    path.write_text(path.read_text().replace("rate: 10/day", f"rate: {course}"))
    assert {source.id for source in sim.run(path).sources} == {LINK, "https://b.org"}
