"""Names for readers: of components, nouns and verbs, of paths, and of lists without two alike."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import StorageError
from sim.names import Names, Noun, Verb, merge_names, noun_of, shorten_names, verb_of

NORTH_KOREA = Names(
    labels={
        "depots.tikhoretsk": "Depot at Tikhoretsk",
        "depots.russia": "Russian depots",
        "depots.kyiv": "Northern depot at Kyiv",
        "production.russia": "Russian output",
        "production.plants": "Russian plants",
        "shipments.dprk": "North Korea",
        "shipments.dprk.route.2": "Last leg",
        "consumption.army": "Russian forces",
    },
    routes={"shipments.dprk.route.0": "by sea, Najin to Dunay", "shipments.dprk.route.1": "trains"},
)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("tikhoretsk", "Tikhoretsk"),
        ("dprk", "DPRK"),
        ("uk", "UK"),
        ("iran", "Iran"),
        ("himars", "HIMARS"),
        ("152mm", "152 mm"),
        ("155mm-shells", "155 mm shells"),
        ("water_kits", "Water kits"),
        ("camps-north", "Camps north"),
        ("ATACMS", "ATACMS"),
        ("McDonald", "McDonald"),
        ("-", "-"),
    ],
)
def test_a_key_without_a_label_has_an_automatic_name(key: str, name: str) -> None:
    assert Names().depot(key) == Names().munition(key) == Names().consumer(key) == Names().origin(key) == name


def test_a_label_replaces_the_automatic_name_of_its_own_section_alone() -> None:
    assert NORTH_KOREA.depot("tikhoretsk") == "Depot at Tikhoretsk"
    assert NORTH_KOREA.depot("russia") == "Russian depots"
    assert NORTH_KOREA.consumer("army") == "Russian forces"
    assert NORTH_KOREA.consumer("russia") == "Russia"


def test_an_origin_is_opening_stock_refurbished_a_production_line_or_a_supplier() -> None:
    origins = ["initial", "refurbished", "russia", "dprk", "iran"]
    expected = ["opening stock", "refurbished", "Russian output", "North Korea", "Iran"]
    assert [NORTH_KOREA.origin(name) for name in origins] == expected


def test_an_origin_labelled_like_the_opening_stock_is_told_apart_from_it() -> None:
    names = Names(labels={"production.new": "Opening stock"})
    assert names.origins(["initial", "new"]) == {
        "initial": "opening stock (initial)",
        "new": "Opening stock (new)",
    }


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("depots.tikhoretsk.stock", "Opening stock at Tikhoretsk"),
        ("depots.toropets.stock.152mm", "Opening stock of 152 mm at Toropets"),
        ("depots.russia.stock", "Opening stock of Russian depots"),
        ("depots.kyiv.stock", "Opening stock of Northern depot at Kyiv"),
        ("depots.russia.stock.low", "Opening stock of Russian depots, lowest"),
        ("shipments.dprk", "North Korea"),
        ("shipments.dprk.shells_per_container", "Shells per container, North Korea"),
        ("shipments.dprk.serviceable.122mm", "Serviceable share of 122 mm, North Korea"),
        ("shipments.dprk.mix.122mm", "Share of 122 mm in the cargo, North Korea"),
        ("shipments.dprk.deliveries.2023-11-02", "Delivery, North Korea, 2 Nov 2023"),
        ("shipments.dprk.reserve", "Reserve, North Korea"),
        ("shipments.dprk.route.0", "By sea, Najin to Dunay"),
        ("shipments.dprk.route.0.travel", "Travel by sea, Najin to Dunay"),
        ("shipments.dprk.route.0.capacity", "Capacity of a vehicle by sea, Najin to Dunay"),
        ("shipments.dprk.route.1.load", "Loading, trains"),
        ("shipments.dprk.route.2.load", "Loading, Last leg"),
        ("shipments.dprk.route.3.load", "Loading, leg 4, North Korea"),
        ("production.russia.rate", "Russian output"),
        ("production.russia.rate.152mm", "Russian output of 152 mm"),
        ("production.russia.growth", "Growth a month, Russian output"),
        ("production.plants.rate", "Output, Russian plants"),
        ("production.iran.rate", "Output, Iran"),
        ("production.iran.rate.by_date.2024-01-01", "Output, Iran, from 1 Jan 2024"),
        ("production.iran.rate.by_date.ceasefire + 30 days", "Output, Iran, from ceasefire + 30 days"),
        ("production.iran.outages.every", "Time between outages, Iran"),
        ("consumption.front.rate", "Required rate, front"),
        ("consumption.east-front.rationing.cover", "Rationing threshold, east front"),
        ("consumption.army.rate.152mm.by_date.2024-01-01.high", None),
        ("transfers.main-line.keep.152mm", "Days of supply of 152 mm to keep, main line"),
        ("events.himars.destroys", "Loss, HIMARS"),
        ("munitions.152mm.gross_mass", "Gross mass per piece, 152 mm"),
        ("start", "Start"),
        ("scenario", "Scenario"),
    ],
)
def test_a_path_has_a_name_that_says_what_the_number_is(path: str, name: str | None) -> None:
    expected = name or "Required rate of 152 mm, Russian forces, from 1 Jan 2024, highest"
    assert NORTH_KOREA.path(path) == expected


def test_two_paths_that_would_have_one_name_have_more_words() -> None:
    paths = ["shipments.iran.route.0.travel", "shipments.dprk.route.0.travel", "depots.iran.stock"]
    legs = {f"shipments.{name}.route.0": "by sea, Astara to Olya" for name in ("iran", "dprk")}
    assert Names(routes=legs).paths(paths) == {
        "shipments.iran.route.0.travel": "Travel by sea, Astara to Olya (leg 1, supplier iran)",
        "shipments.dprk.route.0.travel": "Travel by sea, Astara to Olya (leg 1, supplier dprk)",
        "depots.iran.stock": "Opening stock at Iran",
    }


def test_a_setting_that_is_not_known_here_is_still_named() -> None:
    assert Names().path("depots.west.roof_height.north") == "Roof height north at West"
    assert Names().path("events.{one}.{many}") == "Many, {one}"


WORDS = st.one_of(
    st.sampled_from(["depots", "shipments", "route", "stock", "rate", "by_date", "low", "0", "1", "a", "A"]),
    st.sampled_from(["2024-01-01", "shells_a", "shells-a", "152mm", "", "capacity", "production"]),
    st.text(max_size=4).filter(lambda text: "." not in text),
)
PATHS = st.lists(st.lists(WORDS, min_size=1, max_size=6).map(".".join), max_size=12, unique=True)
TEXTS = st.one_of(st.sampled_from(["West", "a", "A (a)", "Depot at West"]), st.text(max_size=12))
NOUNS = st.builds(Noun, TEXTS, TEXTS)
VERBS = st.builds(Verb, TEXTS, TEXTS, TEXTS)
NAMES = st.builds(
    Names,
    st.dictionaries(st.lists(WORDS, min_size=2, max_size=4).map(".".join), TEXTS, max_size=5),
    st.dictionaries(st.lists(WORDS, min_size=4, max_size=4).map(".".join), TEXTS, max_size=5),
    st.dictionaries(TEXTS, NOUNS, max_size=3),
    st.dictionaries(TEXTS, VERBS, max_size=3),
)


@given(NAMES, PATHS)
def test_distinct_paths_have_distinct_names_in_any_order(names: Names, paths: list[str]) -> None:
    found = names.paths(paths)
    assert list(found) == paths
    assert len({name.casefold() for name in found.values()}) == len(paths)
    assert names.paths(paths[::-1]) == found


@given(NAMES)
def test_names_read_back_from_json_are_the_same(names: Names) -> None:
    assert Names.from_json(json.loads(json.dumps(names.to_json()))) == names


def test_a_folder_of_an_earlier_version_has_automatic_names() -> None:
    assert Names.from_json(None) == Names.from_json({}) == Names()


@pytest.mark.parametrize(
    "data", [[], "names", {"labels": []}, {"labels": {"a": 1}}, {"nouns": {"a": {"b": "c"}}}, {"currency": 3}]
)
def test_names_of_another_form_are_one_message(data: object) -> None:
    with pytest.raises(StorageError, match="the names of a result cannot be read"):
        Names.from_json(data)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("shell", "shells"),
        ("water kit", "water kits"),
        ("box", "boxes"),
        ("supply", "supplies"),
        ("tray", "trays"),
        ("aircraft", "aircraft"),
    ],
)
def test_a_noun_has_its_plural(one: str, many: str) -> None:
    assert noun_of(one) == Noun(one, many)


@pytest.mark.parametrize(
    ("present", "plural", "past"),
    [
        ("fires", "fire", "fired"),
        ("hands out", "hand out", "handed out"),
        ("launches", "launch", "launched"),
        ("uses", "use", "used"),
        ("supplies", "supply", "supplied"),
        ("drops", "drop", "dropped"),
        ("passes on", "pass on", "passed on"),
        ("gives away", "give away", "given away"),
        ("loads", "load", "loaded"),
    ],
)
def test_a_verb_has_its_plural_and_its_past(present: str, plural: str, past: str) -> None:
    assert verb_of(present) == Verb(present, plural, past)


def test_given_forms_replace_the_regular_ones() -> None:
    assert noun_of("ox", "oxen") == ("ox", "oxen")
    assert verb_of("grinds", past="ground") == ("grinds", "grind", "ground")


RELIEF = Names(
    nouns={"blankets": noun_of("blanket"), "sheets": noun_of("blanket"), "water": noun_of("kit")},
    verbs={"north": verb_of("hands out"), "south": verb_of("hands out"), "east": verb_of("sells")},
)


def test_munitions_share_a_noun_or_are_items() -> None:
    assert Names().noun(["152mm", "122mm"]) == ("shell", "shells")
    assert RELIEF.noun([]) == ("shell", "shells")
    assert RELIEF.noun(["blankets", "sheets"]) == ("blanket", "blankets")
    assert RELIEF.noun(["blankets", "water"]) == ("item", "items")


def test_consumers_share_a_verb_or_use() -> None:
    assert Names().verb(["front"]) == ("fires", "fire", "fired")
    assert RELIEF.verb(["north", "south"]) == ("hands out", "hand out", "handed out")
    assert RELIEF.verb(["north", "east"]) == ("uses", "use", "used")


def test_a_noun_is_in_the_names_of_paths() -> None:
    assert RELIEF.path("shipments.un.shells_per_container.water") == "Kits per container of water, UN"
    assert RELIEF.path("shipments.un.shells_per_container.blankets") == "Blankets per container, UN"
    assert RELIEF.path("shipments.un.shells_per_container") == "Items per container, UN"
    assert RELIEF.path("munitions.blankets.gross_mass") == "Gross mass per piece, blankets"


def test_the_names_of_several_scenarios_are_those_of_the_first_and_what_it_lacks() -> None:
    first = Names({"depots.a": "First", "depots.b": "B"})
    second = Names({"depots.a": "Second", "depots.c": "C"}, verbs={"x": verb_of("uses")})
    merged = merge_names([first, second])
    assert merged == Names({"depots.a": "First", "depots.b": "B", "depots.c": "C"}, verbs=second.verbs)


def test_a_long_name_is_cut_at_a_word_where_that_tells_it_apart() -> None:
    names = ["Opening stock at Tikhoretsk", "Reserve"]
    assert shorten_names(names, 20) == {names[0]: "Opening stock at\u2026", names[1]: "Reserve"}


def test_a_long_name_does_not_end_in_an_open_bracket_or_like_another_name() -> None:
    burns = "The depot burns (changed: Required rate, front: 30,000 a day)"
    assert shorten_names([burns], 40) == {burns: "The depot burns\u2026"}
    both = shorten_names(["The depot burns", burns], 40)
    assert list(both.values()) == ["The depot burns", "The depot burns (ch\u2026front: 30,000 a day)"]


def test_names_that_begin_alike_keep_their_ends_and_names_that_end_alike_too_are_numbered() -> None:
    ends = ["Opening stock at Kotluban", "Opening stock at Toropets"]
    assert list(shorten_names(ends, 18).values()) == ["Opening\u2026Kotluban", "Opening\u2026Toropets"]
    starts = ["Opening stock A of all", "Opening stock B of all"]
    assert list(shorten_names(starts, 10).values()) == ["\u2026A of all", "\u2026B of all"]
    middles = ["Opening stock A of them all", "Opening stock B of them all"]
    assert list(shorten_names(middles, 10).values()) == ["Opening\u2026", "Openi\u2026 (2)"]


@given(st.lists(st.text(max_size=30), max_size=8, unique_by=str.casefold), st.integers(8, 40))
def test_short_names_fit_the_width_and_no_two_are_alike(names: list[str], width: int) -> None:
    short = shorten_names(names, width)
    assert list(short) == names
    assert len({name.casefold() for name in short.values()}) == len(names)
    assert all(len(name) <= width for name in short.values())
