"""``sim report`` in a real browser: quiet, by keys, for all readers, on a phone, on paper, without script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim.reporting import page_bytes, read_reports, with_charts
from tests.support.browser import (
    LAPTOP,
    PHONE,
    OpenPage,
    WatchedPage,
    axe_violations,
    horizontal_overflow,
    open_watched,
    resize,
)
from tests.test_cli import sim as command

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

#: Markup, a formula and a quote, which stay text everywhere.
HOSTILE = "<img src=x onerror='document.title = 1'><b>bold</b></title><script>document.title = 2</script> \"x"
FORMULA = '=HYPERLINK("http://127.0.0.1:9/","click")'
QUOTE = '"half a quote'
SCENARIO = f"""\
schema: 1
title: {json.dumps(f"Title {HOSTILE}")}
note: {json.dumps(f"Note {HOSTILE}")}
start: 2023-09-01
end: 2023-12-01
depots:
  tikhoretsk:
    label: {json.dumps("Depot <i>at</i> Tikhoretsk")}
    stock: {{low: 0.2M, high: 0.6M, source: stock-2023-10-kiviselg-4m, note: {json.dumps(FORMULA)}}}
production: {{line: {{rate: {{value: 2k/day, note: {json.dumps(QUOTE)}}}}}}}
shipments:
  dprk:
    label: {json.dumps("Supplier <script>document.title = 3</script>")}
    shells_per_container: {{low: 200, high: 450}}
    route:
      - {{by: sea, from: Najin, to: Dunay, vehicles: 2, capacity: 60 containers, travel: 2 days}}
      - by: rail
        from: Dunay
        to: Tikhoretsk
        capacity: 30 containers
        travel: {{low: 9 days, high: 20 days}}
consumption:
  front:
    rate:
      low: 6k/day
      high: 12k/day
      source: {{url: "https://www.example.org/fire?a=1&b=2", claimant: "Ministry <i>of</i> Defence"}}
"""
TWO = """\
schema: 1
title: Two munitions
start: 2024-01-01
end: 2024-03-01
munitions: {152mm: {}, 122mm: {}}
depots: {store: {stock: {152mm: {low: 50k, high: 90k}, 122mm: 40k}}}
production: {works: {rate: {152mm: 1k/day, 122mm: 500/day}}}
consumption: {front: {rate: {152mm: 2k/day, 122mm: 1k/day}}}
"""
RATE, FIRE = "production.line.rate", "consumption.front.rate"
FEW = ("--runs", 6, "--jobs", 1, "--quiet")
STUDIES: Mapping[str, tuple[object, ...]] = {
    "run": ("run", "s.yaml", "--engine", "simpy"),
    "two": ("run", "two.yaml", "--engine", "simpy"),
    "changed": ("run", "s.yaml", "--engine", "simpy", "--set", f"{FIRE}=9k/day"),
    "compare": ("compare", "s.yaml", "t.yaml"),
    "sweep": ("sweep", "s.yaml", "--vary", f"{RATE}=1k/day,2k/day", "--vary", f"{FIRE}=4k/day,9k/day"),
    "line": ("sweep", "s.yaml", "--vary", f"{FIRE}=4k/day,8k/day,12k/day"),
    "breakeven": ("breakeven", "s.yaml", "--solve", RATE, "--bounds", "0/day:20k/day"),
    "rank": ("sensitivity", "s.yaml"),
    "sobol": ("sensitivity", "s.yaml", "--method", "sobol", "--points", "64"),
}
#: Studies on one page; a changed run is drawn like any other, and has another title alone.
SEVERAL = ("run", "breakeven")
PAGES = (*(name for name in STUDIES if name != "changed"), "several")
#: Width of the text on A4 with the margins of the page, in CSS pixels.
PAPER = (int(180 / 25.4 * 96), 1000)
#: Height of the text on A4 without these margins.
SHEET = 267 / 25.4 * 96


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the page of each study, and one of two studies."""
    here = tmp_path_factory.mktemp("report")
    (here / "s.yaml").write_text(SCENARIO, "utf-8")
    (here / "two.yaml").write_text(TWO, "utf-8")
    (here / "t.yaml").write_text(
        "extends: s.yaml\ntitle: Other\nconsumption: {front: {rate: 9k/day}}\n", "utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        for name, words in STUDIES.items():
            said = command(*words, *FEW, "--out", name)
            assert said.status == 0, said.err
        # The charts of the first of several are those of its own page, and drawn once.
        both = with_charts(read_reports([here / name for name in SEVERAL]))
        (here / "several.html").write_bytes(page_bytes(both))
        for name in STUDIES:
            reports = read_reports([here / name])
            drawn = {"changed": reports, SEVERAL[0]: both[:1]}.get(name) or with_charts(reports)
            (here / f"{name}.html").write_bytes(page_bytes(drawn))
    return here


def opened(
    name: str, pages: Path, open_page: OpenPage, *sizes: tuple[int, int], **options: object
) -> WatchedPage:
    return open_page((pages / f"{name}.html").as_uri(), *sizes, **options)


@pytest.fixture(scope="module", params=PAGES)
def each_page(
    request: pytest.FixtureRequest, pages: Path, browser: Browser
) -> Iterator[tuple[str, WatchedPage]]:
    """Open the page of each study once, and yield its name and the page.

    A test gives the window its size, and leaves the page as it was. The first of them sees all requests.
    """
    watched = open_watched(browser, (pages / f"{request.param}.html").as_uri())
    yield request.param, watched
    watched.page.context.close()


def is_on_first_screen(page: Page, size: tuple[int, int]) -> bool:
    answer = page.locator(".answer").first.bounding_box()
    return answer is not None and answer["y"] + answer["height"] <= size[1]


def test_it_is_quiet_and_its_hostile_texts_stay_text(each_page: tuple[str, WatchedPage], pages: Path) -> None:
    name, watched = each_page
    page = watched.page
    resize(page, LAPTOP)
    page.wait_for_load_state("networkidle")
    assert watched.errors == []
    assert watched.requests == [(pages / f"{name}.html").as_uri()]
    assert is_on_first_screen(page, LAPTOP)
    if name not in {"several", "two"}:
        assert HOSTILE in page.title()
        assert HOSTILE in page.inner_text("h1")
        assert any(HOSTILE in text for text in page.locator("main dd").all_text_contents())
    assert page.locator("img, b, i, iframe, object, main script").count() == 0
    assert page.evaluate("document.scripts.length") == 1


VIEWS: Mapping[str, tuple[tuple[int, int], str]] = {"laptop": (LAPTOP, "light"), "phone": (PHONE, "dark")}
#: Pages are of one template: in each run of the tests every kind in one of the views, by turns.
AXE = [
    pytest.param(
        name,
        *view,
        id=f"{name}-{label}",
        marks=[] if (place + nth) % 2 else pytest.mark.campaign,
    )
    for place, name in enumerate(PAGES)
    for nth, (label, view) in enumerate(VIEWS.items())
]


@pytest.mark.parametrize(("name", "size", "scheme"), AXE)
def test_axe_finds_nothing_wrong(
    name: str, size: tuple[int, int], scheme: str, pages: Path, open_page: OpenPage
) -> None:
    page = opened(name, pages, open_page, size, color_scheme=scheme).page
    # The parts that are folded too.
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true })")
    # Thousands of shapes, for which there is no rule: a drawing has a role, a name and a text.
    page.eval_on_selector_all("svg > :not(title, desc)", "all => all.forEach(each => each.remove())")
    assert axe_violations(page) == []


def test_a_phone_shows_narrow_charts_and_does_not_scroll_sideways(
    each_page: tuple[str, WatchedPage],
) -> None:
    page = each_page[1].page
    resize(page, PHONE)
    assert is_on_first_screen(page, PHONE)
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true })")
    assert horizontal_overflow(page) == 0
    assert page.locator(".chart.column").first.is_visible()
    assert not page.locator(".chart.page").first.is_visible()
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = false })")


#: Every element that a key should reach.
_REACHABLE = "main a[href], main button, main summary, main [tabindex='0']"


#: One page has both results; the page of each alone is of the campaign.
WITH_EACH = [*(pytest.param(name, marks=pytest.mark.campaign) for name in SEVERAL), "several"]


@pytest.mark.parametrize("name", WITH_EACH)
def test_tab_reaches_links_buttons_details_and_tables(name: str, pages: Path, open_page: OpenPage) -> None:
    page = opened(name, pages, open_page).page
    page.eval_on_selector_all(
        _REACHABLE,
        "all => all.filter(each => each.checkVisibility()).forEach((each, n) => { each.dataset.n = n })",
    )
    count = page.locator("[data-n]").count()
    assert count > 10
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    reached = []
    for _ in range(count):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            "[document.activeElement.dataset.n, getComputedStyle(document.activeElement).outlineStyle]"
        )
        reached.append(shown)
    assert reached == [[str(n), "solid"] for n in range(count)]


def test_keys_sort_a_table_and_open_details(pages: Path, open_page: OpenPage) -> None:
    page = opened("breakeven", pages, open_page).page
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    details = page.locator("details").first
    assert details.locator("table").is_visible()
    heading = details.locator("thead th").first
    button = heading.locator("button")
    button.focus()
    column = int(heading.evaluate("head => head.cellIndex"))
    read = "(rows, n) => rows.map(row => Number(row.cells[n].dataset.value))"
    for key, order, sign in (("Enter", "ascending", 1), ("Space", "descending", -1)):
        page.keyboard.press(key)
        assert heading.get_attribute("aria-sort") == order
        values = details.locator("tbody tr").evaluate_all(read, column)
        assert values == sorted(values, key=lambda value: sign * value)
        assert len(set(values)) > 1


_DISPLAYS = "all => all.map(each => getComputedStyle(each).display)"


def test_on_paper_nothing_is_cut_and_details_are_open(each_page: tuple[str, WatchedPage]) -> None:
    page = each_page[1].page
    resize(page, PAPER)
    assert page.locator("details[open]").count() == 0
    page.emulate_media(media="print")
    beyond = page.eval_on_selector_all(
        "main *:not(svg *), header *",
        "all => all.filter(each => each.getBoundingClientRect().right > innerWidth + 1)"
        ".map(each => each.outerHTML)",
    )
    assert beyond == []
    heights = page.eval_on_selector_all(
        "details > :not(summary, .tools)", "all => all.map(each => each.offsetHeight)"
    )
    assert all(height > 10 for height in heights)
    tall = 0
    for chart in page.locator("figure:has(.chart.page)").all():
        box = chart.locator(".chart.page").bounding_box()
        assert box is not None
        is_half = "half" in (chart.get_attribute("class") or "").split()
        tall += not is_half
        assert 100 < box["height"] < SHEET / (2 if is_half else 1)
    # The drawdown in two panels and the map of each result; two of the others fit on a sheet.
    assert tall <= 2 * max(1, page.locator("article").count())
    # Chromium repeats no heading of a table that has a button.
    assert set(page.eval_on_selector_all("thead button", _DISPLAYS)) <= {"contents"}
    for hidden in (".chart.column", ".tools", "nav"):
        assert not page.locator(hidden).first.is_visible()
    page.emulate_media(media="screen")


@pytest.mark.parametrize("name", ["run", "two", "compare", "sobol"])
def test_a_page_of_paper_is_seldom_left_empty(
    name: str, pages: Path, open_page: OpenPage, tmp_path: Path
) -> None:
    page = opened(name, pages, open_page, PAPER).page
    data = page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    printed = len(re.findall(rb"/Type\s*/Page\b", data))
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", data)}
    assert len(boxes) == 1
    assert boxes.pop()[2:] == pytest.approx((595, 842), abs=1)
    page.emulate_media(media="print")
    height = page.evaluate("document.documentElement.scrollHeight") / SHEET
    assert height <= printed <= 1.5 * height + 1


@pytest.mark.parametrize("name", [*WITH_EACH, "sobol"])
def test_without_script_all_content_is_there(name: str, pages: Path, open_page: OpenPage) -> None:
    texts = []
    for has_script in (True, False):
        page = opened(name, pages, open_page, java_script_enabled=has_script).page
        text = page.locator("main").text_content() or ""
        texts.append(" ".join(text.replace("Copy table", "").split()))
    assert texts[0] == texts[1]
    assert page.locator("main button").count() == 0
    assert page.locator(".chart.page").first.is_visible()
    assert page.locator("main table").count() > 1
    for summary in page.locator("summary").all():
        summary.click()
    assert all(table.is_visible() for table in page.locator("main table").all())


def test_a_drawing_by_itself_keeps_them_as_text_too(pages: Path, open_page: OpenPage) -> None:
    said = command("chart", pages / "run", "--kind", "drawdown", "--format", "svg")
    assert said.status == 0, said.err
    watched = open_page((pages / "run" / "drawdown.svg").as_uri())
    assert watched.errors == []
    assert watched.page.locator("script, img, b, foreignObject").count() == 0


def test_copied_tables_hold_no_formula_and_no_open_quote(pages: Path, open_page: OpenPage) -> None:
    page = opened("run", pages, open_page).page
    page.evaluate(
        "navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve() }"
    )
    inputs = page.locator("section[aria-labelledby='r1-inputs']")
    inputs.get_by_role("button", name="Copy table").first.click()
    assert inputs.get_by_role("status").first.inner_text().strip() == "Copied"
    rows = [line.split("\t") for line in page.evaluate("window.copied").split("\n")[1:]]
    assert len({len(row) for row in rows}) == 1
    notes = {row[1]: row[-1] for row in rows}
    assert notes["depots.tikhoretsk.stock"] == f"'{FORMULA}"
    # As a spreadsheet quotes a cell, so that it does not take the cells behind it.
    assert notes[RATE] == '"""half a quote"'
    assert not [cell for row in rows for cell in row if re.match(r"[=+@]", cell)]


def test_a_title_names_what_is_changed_for_people(pages: Path, open_page: OpenPage) -> None:
    watched = opened("changed", pages, open_page)
    assert watched.errors == []
    assert watched.page.inner_text("h1").endswith("(changed: Required rate, front: 9,000 a day)")
    assert HOSTILE in watched.page.title()
    assert FIRE not in watched.page.title()
