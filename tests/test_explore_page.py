"""The live page in a browser: drawing, controls, saved state, and access."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import sim
from sim.charts.style import shipped_fonts
from sim.exploring.chart_style import date_script, number_script
from sim.house_style.locale_language import find_language
from sim.language import ENGLISH
from tests.support.browser import LAPTOP, PHONE, OpenPage, axe_violations, horizontal_overflow
from tests.support.live_page import (
    HOSTILE,
    SCENARIO,
    LivePage,
    drawn_setting,
    exact_field,
    fan_paths,
    finding,
    live_page,
    local_server,
    move_slider,
    slider_of,
    wait_until_drawn,
    wait_until_nothing_differs,
)

pytestmark = pytest.mark.slow
RUNS = "30"
RATE = "consumption.front.rate"


@pytest.fixture(scope="module")
def scenario_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("explore") / "small.yaml"
    file.write_text(SCENARIO, "utf-8")
    return file


@pytest.fixture(scope="module")
def live(scenario_file: Path, browser: object) -> Iterator[LivePage]:
    with live_page(scenario_file, "--runs", RUNS) as page:
        yield page


#: Sizes of the texts of the drawing: one larger than it was laid out for touches its neighbour on a phone.
_TYPE_SIZES = "[...document.querySelectorAll('.chart svg text')].map(each => getComputedStyle(each).fontSize)"


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        pytest.param(LAPTOP, "light", id="laptop"),
        pytest.param(PHONE, "light", id="phone", marks=pytest.mark.campaign),
        pytest.param(LAPTOP, "dark", id="dark laptop", marks=pytest.mark.campaign),
        pytest.param(PHONE, "dark", id="dark phone"),
    ],
)
def test_the_page_has_no_fault_and_stays_on_this_machine(
    live: LivePage, open_page: OpenPage, size: tuple[int, int], scheme: str
) -> None:
    watched = open_page(live.url, size, color_scheme=scheme)
    wait_until_drawn(watched.page)
    watched.page.get_by_role("button", name="Hold this setting").click()
    move_slider(slider_of(watched.page, RATE), 20)
    wait_until_drawn(watched.page, f"{RATE}=", "hold=1")
    for details in watched.page.locator("summary").all():
        details.click()
    exact_field(watched.page, RATE).fill("many")
    exact_field(watched.page, RATE).press("Enter")
    watched.page.get_by_text("'many' is not a rate").wait_for()
    grounds = watched.page.evaluate(
        "['body', 'button', 'select', '.exact', '.picture'].map("
        "each => getComputedStyle(document.querySelector(each)).backgroundColor.match(/\\d+/g).map(Number))"
    )
    is_dark = [max(channels) < 128 for channels in grounds]
    # The picture has the colours of all charts, which are for a light ground.
    assert is_dark == [scheme == "dark"] * 4 + [False]
    assert set(watched.page.evaluate(_TYPE_SIZES)) == {"12px", "14px"}
    assert axe_violations(watched.page) == []
    assert watched.errors == []
    assert watched.requests_beyond(live.origin) == []
    assert horizontal_overflow(watched.page) == 0


def test_titles_labels_and_notes_stay_text(live: LivePage, open_page: OpenPage) -> None:
    watched = open_page(live.url)
    wait_until_drawn(watched.page)
    assert watched.page.inner_text("h1") == f"Title {HOSTILE}"
    assert watched.page.title() == f"Title {HOSTILE}"
    assert watched.page.locator("img, b").count() == 0
    assert f"Abroad {HOSTILE}" in watched.page.inner_text(".key")
    watched.page.locator(".chart").hover(position={"x": 300, "y": 120})
    assert watched.page.locator("img, b").count() == 0


def test_a_drag_changes_fan_and_findings(live: LivePage, open_page: OpenPage) -> None:
    watched = open_page(live.url)
    wait_until_drawn(watched.page)
    before, required = fan_paths(watched.page), finding(watched, "Required")
    assert required == "4,000 shells a day"
    for position in range(40, 9, -1):
        move_slider(slider_of(watched.page, RATE), position)
    wait_until_drawn(watched.page, f"{RATE}=1000/day")
    assert finding(watched, "Required") == "1,000 shells a day"
    assert fan_paths(watched.page) != before
    assert watched.page.locator(".answer").inner_text().startswith("It adds up")
    changed = watched.page.get_by_text("Changed:").inner_text()
    assert changed == "Changed: Required rate, front 1,000 a day (4,000 a day)"
    state = watched.page.locator(".control", has=slider_of(watched.page, RATE)).get_by_role("checkbox")
    assert not state.is_checked()
    state.check()
    wait_until_nothing_differs(watched.page)
    assert (finding(watched, "Required"), fan_paths(watched.page)) == (required, before)


def test_the_page_is_driven_by_the_keyboard_alone(live: LivePage, open_page: OpenPage) -> None:
    watched = open_page(live.url)
    wait_until_drawn(watched.page)
    reached = set()
    for _ in range(40):
        watched.page.keyboard.press("Tab")
        reached.add(
            watched.page.evaluate("document.activeElement.dataset.path ?? document.activeElement.innerText")
        )
        if watched.page.evaluate("document.activeElement.dataset.path") == RATE:
            watched.page.keyboard.press("ArrowLeft")
            watched.page.keyboard.press("ArrowLeft")
            break
    wait_until_drawn(watched.page, f"{RATE}=3800/day")
    for _ in range(40):
        watched.page.keyboard.press("Tab")
        reached.add(watched.page.evaluate("document.activeElement.innerText"))
    assert {"Hold this setting", "Scenario file", "Copy link", RATE, "depots.south.stock"} <= reached
    slider = slider_of(watched.page, RATE)
    assert slider.get_attribute("aria-valuetext") == "3,800 a day"
    name = slider.evaluate("slider => slider.labels[0].innerText")
    assert name == "Required rate, front"


def test_an_exact_value_is_typed_beside_its_slider(live: LivePage, open_page: OpenPage) -> None:
    watched = open_page(live.url)
    wait_until_drawn(watched.page)
    field, slider = exact_field(watched.page, RATE), slider_of(watched.page, RATE)
    assert field.get_attribute("aria-label") == "Exact value: Required rate, front"
    slider.focus()
    for key in ("Tab", "Tab"):
        watched.page.keyboard.press(key)
    watched.page.keyboard.type("0.7305M/year")
    watched.page.keyboard.press("Enter")
    wait_until_drawn(watched.page, f"{RATE}=0.7305M/year")
    # A year has 365.25 days; the slider has a position for every 100 a day.
    assert finding(watched, "Required") == "2,000 shells a day"
    assert slider.input_value() == "20"
    message = watched.page.locator(".wrong:visible")
    for text, says in (
        ("many", "'many' is not a rate; allowed: "),
        ("3 t", "'3 t' is not a rate"),
        ("<img src=x>", "'<img src=x>' is not a rate"),
        ("-1/day", "-1/day"),
        ("{low: 1k/day", ""),
    ):
        field.fill(text)
        field.press("Enter")
        message.filter(has_text=says).wait_for()
        assert "\n" not in message.inner_text()
        assert field.get_attribute("aria-invalid") == "true"
        described = field.evaluate("field => document.getElementById(field.getAttribute('aria-describedby'))")
        assert described is not None
        assert "0.7305M" in drawn_setting(watched.page)
    field.fill("{low: 1k/day, high: 3k/day}")
    field.press("Enter")
    wait_until_drawn(watched.page, "{low:")
    assert message.count() == 0
    assert finding(watched, "Required") != "2,000 shells a day"
    move_slider(slider, 30)
    wait_until_drawn(watched.page, f"{RATE}=3000/day")
    assert field.input_value() == "3000/day"
    field.fill("")
    field.press("Enter")
    wait_until_nothing_differs(watched.page)
    assert slider.input_value() == "40"
    assert watched.errors == []


HOUSE = """\
language: de
fonts: {regular: Own.ttf}
colours:
  line: "#7A0019"
  background: "#FFFFF0"
  hatch: "#123456"
  origins: ["#3F5A36"]
"""


def test_the_picture_has_the_house_style(scenario_file: Path, open_page: OpenPage, tmp_path: Path) -> None:
    style = tmp_path / "house.yaml"
    style.write_text(HOUSE, "utf-8")
    shutil.copy(shipped_fonts()[0], tmp_path / "Own.ttf")
    with live_page(scenario_file, "--runs", "5", "--style", str(style)) as live:
        watched = open_page(live.url)
        wait_until_drawn(watched.page)
        picture = watched.page.locator(".picture")
        drawing = picture.locator("svg").first.inner_html()
        assert "#7A0019" in drawing
        assert "#3F5A36" in drawing
        assert "123456" in drawing
        assert "#00456E" not in drawing
        assert "Mär" in picture.inner_text()
        assert picture.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(255, 255, 240)"
        own = "[...document.fonts].filter(each => each.family === 'house').map(each => each.status)"
        assert set(watched.page.evaluate(own)) == {"loaded"}
        swatches = picture.locator(".swatch").evaluate_all("all => all.map(each => each.style.cssText)")
        assert {"#7A0019", "#3F5A36"} <= {each.split()[1].rstrip(";") for each in swatches}
        with watched.page.expect_download(timeout=60_000) as saved:
            watched.page.get_by_role("button", name="Picture (SVG)").click()
        assert "#7a0019" in Path(saved.value.path()).read_text("utf-8")
        assert axe_violations(watched.page) == []
        assert watched.errors == []


def test_ticks_and_numbers_are_written_in_the_language_of_the_style(open_page: OpenPage) -> None:
    page = open_page("about:blank").page
    german = find_language("de")
    numbers, dates = number_script(german), date_script(german)
    assert page.evaluate(f"[4594000, 60000, 0].map({numbers})") == ["4,59M", "60k", "0"]
    assert page.evaluate(f"[4594000, 60000, 0].map({number_script(ENGLISH)})") == ["4.59M", "60k", "0"]
    moments = "[[2024, 0, 1], [2024, 2, 1], [2024, 10, 14], [2024, 0, 1, 6]].map(each => +new Date(...each))"
    assert page.evaluate(f"{moments}.map({dates})") == ["2024", "Mär", "14.\N{NO-BREAK SPACE}Nov.", "06:00"]
    assert page.evaluate(f"{moments}.map({date_script(ENGLISH)})") == ["2024", "Mar", "14 Nov", "06:00"]


def test_a_faulty_style_is_one_line_before_the_page_is_served(scenario_file: Path, tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text("colour: {line: red}\n")
    command = [sys.executable, "-m", "sim", "explore", str(scenario_file), "--no-browser", "--style"]
    done = subprocess.run([*command, str(tmp_path / "house.yaml")], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "did you mean 'colours'?" in done.stderr


def test_selects_and_switches_take_part(live: LivePage, open_page: OpenPage) -> None:
    watched = open_page(live.url)
    wait_until_drawn(watched.page)
    slider_of(watched.page, "shipments.abroad.offered").select_option(label="1,000 a day")
    wait_until_drawn(watched.page, "shipments.abroad.offered=1000/day")
    slider_of(watched.page, "consumption.front.rationing").select_option(
        label="proportional, below 30 days of supply"
    )
    wait_until_drawn(watched.page, "rule:+proportional")
    assert "Rationed" in watched.page.inner_text(".answer")
    watched.page.get_by_role("switch", name="Works").uncheck()
    wait_until_drawn(watched.page, "production.works=null")
    assert "Works" not in finding(watched, "Coming in")


def test_the_saved_scenario_runs_to_the_numbers_of_the_page(
    live: LivePage, open_page: OpenPage, tmp_path: Path
) -> None:
    watched = open_page(live.url)
    wait_until_drawn(watched.page)
    move_slider(slider_of(watched.page, RATE), 26)
    move_slider(slider_of(watched.page, "depots.south.stock"), 30)
    wait_until_drawn(watched.page, f"{RATE}=2600/day", "depots.south.stock=")
    with watched.page.expect_download() as saved:
        watched.page.get_by_role("button", name="Scenario file").click()
    saved.value.save_as(tmp_path / saved.value.suggested_filename)
    assert saved.value.suggested_filename == "small-explored.yaml"
    result = sim.run(tmp_path / "small-explored.yaml", runs=int(RUNS))
    for found in result.findings:
        if found.label:
            assert finding(watched, found.label) == found.sentence
    assert (
        watched.page.inner_text(".answer").replace("\N{NO-BREAK SPACE}", " ") == result.findings[0].sentence
    )


def test_a_link_opens_the_same_setting_with_what_is_held(live: LivePage, open_page: OpenPage) -> None:
    first = open_page(live.url)
    wait_until_drawn(first.page)
    first.page.get_by_role("button", name="Hold this setting").click()
    move_slider(slider_of(first.page, RATE), 26)
    wait_until_drawn(first.page, f"{RATE}=2600/day", "hold=1")
    first.page.wait_for_url(re.compile("2600"))
    second = open_page(first.page.url)
    wait_until_drawn(second.page, f"{RATE}=2600/day")
    assert drawn_setting(second.page) == drawn_setting(first.page)
    assert slider_of(second.page, RATE).input_value() == "26"
    assert second.page.inner_text("table") == first.page.inner_text("table")
    assert fan_paths(second.page) == fan_paths(first.page)


@pytest.mark.parametrize(("form", "start"), [("PNG", b"\x89PNG"), ("SVG", b"<?xml")])
def test_a_picture_is_saved(live: LivePage, open_page: OpenPage, form: str, start: bytes) -> None:
    watched = open_page(live.url)
    wait_until_drawn(watched.page)
    with watched.page.expect_download(timeout=60_000) as saved:
        watched.page.get_by_role("button", name=f"Picture ({form})").click()
    assert Path(saved.value.path()).read_bytes().startswith(start)


def test_the_command_repeats_the_setting(live: LivePage, open_page: OpenPage) -> None:
    watched = open_page(live.url)
    wait_until_drawn(watched.page)
    move_slider(slider_of(watched.page, RATE), 26)
    wait_until_drawn(watched.page, f"{RATE}=2600/day")
    command = watched.page.inner_text(".command")
    assert command.endswith(f"small.yaml --set {RATE}=2600/day --runs {RUNS} --seed 1")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("set=consumption.back.rate%3D1%2Fday", "no such path: 'back' is not there"),
        ("set=consumption.front.rate%3Dmany", "'many' is not a rate"),
        ("set=consumption.front.rate%3D%3Cimg%20src%3Dx%3E", "<img src=x>"),
    ],
)
def test_a_link_with_a_wrong_value_says_so(
    live: LivePage, open_page: OpenPage, query: str, message: str
) -> None:
    watched = open_page(f"{live.url}?{query}")
    error = watched.page.get_by_role("alert")
    error.wait_for()
    assert message in error.inner_text()
    assert watched.errors == []
    assert watched.page.locator("img").count() == 0
    for button in ("Scenario file", "Picture (PNG)"):
        watched.page.get_by_role("button", name=button).click()
        watched.page.wait_for_timeout(300)
        assert message in error.inner_text()
    watched.page.get_by_role("button", name="All as in the file").click()
    wait_until_drawn(watched.page)
    assert not error.is_visible()


def test_only_the_address_with_its_token_opens(live: LivePage, open_page: OpenPage) -> None:
    token = urlsplit(live.url).path.split("/")[1]
    wrong = token[:-1] + ("A" if token[-1] != "A" else "B")
    for address in (
        live.origin,
        live.url.replace(token, wrong),
        live.url.replace(f"/{token}", ""),
        f"{live.origin}/_nicegui_ws/socket.io/?EIO=4&transport=polling",
        live.url.replace(token, f"{token}/../{wrong}"),
    ):
        page = open_page("about:blank").page
        response = page.goto(address)
        assert response is not None
        assert response.status == 403
        assert "token" in page.inner_text("body")


#: Opens a websocket of the page from where the script runs, and returns whether it opens.
_OPENS = """address => new Promise(resolve => {
    const socket = new WebSocket(address);
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
})"""


#: Reads an address, and returns its status; 0 if the browser forbids the script to read it.
_READS = "address => fetch(address).then(answer => answer.status, () => 0)"


def test_a_page_of_another_origin_cannot_drive_it(
    live: LivePage, open_page: OpenPage, tmp_path: Path
) -> None:
    own = open_page(live.url)
    wait_until_drawn(own.page)
    # Even a page with the token, and the window of the socket.
    socket = next(each for each in own.requests if each.startswith("ws://"))
    polling = socket.replace("ws://", "http://").replace("transport=websocket", "transport=polling")
    assert own.page.evaluate(_OPENS, socket)
    assert own.page.evaluate(_READS, polling) == 200
    (tmp_path / "stranger.html").write_text("<!doctype html><title>A page of another port</title>")
    with local_server(tmp_path) as origin:
        for address in (origin, origin.replace("localhost", "127.0.0.1")):
            stranger = open_page(f"{address}/stranger.html")
            assert not stranger.page.evaluate(_OPENS, socket)
            assert stranger.page.evaluate(_READS, polling) == 0
            assert stranger.page.evaluate(_READS, live.url) == 0
    assert drawn_setting(own.page) == ""


def test_another_name_of_the_host_is_refused(live: LivePage) -> None:
    # A name of a stranger's site that resolves to this machine.
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import http.client, sys, json\n"
            "host, path, names = json.loads(sys.argv[1])\n"
            "for name in names:\n"
            "    link = http.client.HTTPConnection(host)\n"
            "    link.putrequest('GET', path, skip_host=True)\n"
            "    [link.putheader('Host', each) for each in name]\n"
            "    link.endheaders()\n"
            "    print(link.getresponse().status)\n",
            json.dumps(
                [
                    urlsplit(live.url).netloc,
                    urlsplit(live.url).path,
                    [
                        [urlsplit(live.url).netloc],
                        ["rebound.example"],
                        [f"rebound.example:{urlsplit(live.url).port}"],
                        [urlsplit(live.url).netloc, "rebound.example"],
                    ],
                ]
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[:3] == ["200", "403", "403"]
    assert done.stdout.split()[3] in {"400", "403"}


@pytest.fixture
def notebook_output(scenario_file: Path) -> Iterator[str]:
    """Yield the HTML of a cell that ends in a page, while its kernel runs."""
    script = (
        "import sys, sim\n"
        "page = sim.explore(sys.argv[1], runs=30)\n"
        "print(page._repr_html_().replace('\\n', ' '), flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(scenario_file)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline()
    finally:
        process.communicate(timeout=30)


def test_a_notebook_shows_the_page_in_a_frame(
    notebook_output: str, open_page: OpenPage, tmp_path: Path
) -> None:
    (tmp_path / "notebook.html").write_text(notebook_output, "utf-8")
    drawn = ".chart[data-setting]"
    with local_server(tmp_path) as origin:
        for address in (origin, origin.replace("localhost", "127.0.0.1")):
            notebook = open_page(f"{address}/notebook.html")
            notebook.page.frame_locator("iframe").locator(drawn).wait_for(timeout=30_000)
    # A page of another place, here a file, may not show it.
    stranger = open_page((tmp_path / "notebook.html").as_uri())
    for _ in range(100):
        if any("frame-ancestors" in error for error in stranger.errors):
            break
        stranger.page.wait_for_timeout(100)
    else:
        raise AssertionError(stranger.errors)
    assert stranger.page.frame_locator("iframe").locator(drawn).count() == 0


def test_ctrl_c_ends_it_and_a_port_in_use_is_one_line(scenario_file: Path) -> None:
    with live_page(scenario_file, "--runs", RUNS) as first:
        port = str(urlsplit(first.url).port)
        second = subprocess.run(
            [sys.executable, "-m", "sim", "explore", str(scenario_file), "--no-browser", "--port", port],
            capture_output=True,
            text=True,
        )
    assert first.process.returncode == 0
    assert second.returncode == 2
    assert second.stderr.strip().count("\n") == 0
    assert f"port {port} cannot be used" in second.stderr
