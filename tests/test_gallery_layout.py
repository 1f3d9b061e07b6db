"""Layout of the charts of a result: nothing cut, nothing overlaps, zero baselines, on awkward results."""

from __future__ import annotations

import pytest

import sim
from sim.charts import draw, style, to_bytes
from sim.charts.end_labels import spread_apart
from sim.errors import ArgumentError
from tests.support.awkward_results import SCENARIOS, awkward_result
from tests.support.chart_layout import find_layout_faults, kinds_in_formats, text_boxes
from tests.support.known_result import plot_axes

#: Kinds drawn from one result.
KINDS = (
    "drawdown",
    "supply",
    "survival",
    "cumulative",
    "days-of-supply",
    "mix",
    "account",
    "timeline",
    "pipeline",
    "map",
)
#: Results without the data of a kind.
MISSING = {("no consumer", "days-of-supply"), ("no consumer", "mix")}
MISSING |= {("no consumer", kind) for kind in ("timeline", "pipeline")}
MISSING |= {("one day", kind) for kind in ("timeline", "pipeline")}
SIZES = list(style.SIZES)
#: In each run of the tests every kind and every case in every size; all other triples are a campaign.
CASES = [
    pytest.param(case, kind, size, marks=[] if (n + k + s) % len(SIZES) == 0 else pytest.mark.campaign)
    for n, case in enumerate(SCENARIOS)
    for k, kind in enumerate(KINDS)
    for s, size in enumerate(SIZES)
    if (case, kind) not in MISSING
]


@pytest.mark.parametrize(("case", "kind", "size"), CASES)
@pytest.mark.filterwarnings("ignore:no installed font")
def test_nothing_is_cut_overlaps_or_is_too_small(case: str, kind: str, size: str) -> None:
    figure = draw(kind, awkward_result(case), size)
    assert not find_layout_faults(figure)
    assert all(axes.get_ylim()[0] == 0.0 for axes in plot_axes(figure)), "no baseline at zero"
    assert any("munitions-sim" in text for text, _ in text_boxes(figure)), "no provenance"
    assert any(text.startswith("Inputs: ") for text, _ in text_boxes(figure)), "no sources"


@pytest.mark.parametrize(("kind", "form"), kinds_in_formats(KINDS))
def test_the_same_result_gives_the_same_bytes_in_every_format(kind: str, form: str) -> None:
    one, other = (draw(kind, awkward_result("one run"), "column") for _ in range(2))
    assert to_bytes(one, form) == to_bytes(other, form)


def test_labels_keep_their_order_and_their_place_where_there_is_room() -> None:
    assert spread_apart([90.0, 50.0], [10.0, 10.0], 0.0, 100.0) == [90.0, 50.0]
    # The two lowest share the bottom: 5 and 15; the third stays.
    assert spread_apart([60.0, 1.0, 0.0], [10.0, 10.0, 10.0], 0.0, 100.0) == [60.0, 15.0, 5.0]
    assert spread_apart([100.0, 100.0], [10.0, 20.0], 0.0, 100.0) == [95.0, 80.0]


@pytest.mark.parametrize("size", style.SIZES)
def test_the_chart_of_service_has_room_for_long_names_and_for_months_without_a_requirement(size: str) -> None:
    name = "Armoured Brigade of the Northern and Eastern Army Group"
    late = {"by_date": {"2024-01-01": "0/day", "2024-03-01": "90/day"}}
    fronts = {
        f"c{rank}": {"rate": late if rank == 3 else "40/day", "priority": rank, "label": f"{name} {rank}"}
        for rank in range(1, 7)
    }
    plain = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-06-01",
        "depots": {"d": {"stock": "9k"}},
        "production": {"plant": {"rate": "130/day"}},
        "consumption": fronts,
    }
    result = sim.run(plain, engine="simpy")
    figure = draw("service", result, size)
    assert not find_layout_faults(figure)
    texts = " ".join(text for text, _ in text_boxes(figure)).replace("\u00a0", " ")
    # It is in no folder, and refers to no file.
    assert "1 more consumer not shown." in texts
    assert ".csv" not in texts
    # Each label keeps the share at the end of its line: the first has all, three have nothing.
    assert [texts.count(end) for end in (": 100 %", ": 56 %", ": 0 %")] == [1, 1, 3]
    with pytest.raises(ArgumentError, match="has a priority, a backlog or a shortage_cost"):
        draw("service", awkward_result("one run"), size)
