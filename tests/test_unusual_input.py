"""Unusual but valid input is read correctly; other input is an error with its position."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sim.errors import Fault, ScenarioError
from sim.scenario.loader import load_file
from tests.support.invalid_files import BASE, replace_in_base


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path


def as_json() -> str:
    """Return the file as JSON, which is YAML too, by another reader than ours."""
    data = YAML(typ="safe").load(BASE)
    return json.dumps(data, default=str, indent=1)


#: Other texts with the same meaning.
TEXTS = {
    "JSON": as_json(),
    "lines that end with CR LF": BASE.replace("\n", "\r\n"),
    "lines that end with CR": BASE.replace("\n", "\r"),
    "no line end at the end": BASE.rstrip(),
    "a byte-order mark": f"\ufeff{BASE}",
    "a document that is begun and ended": f"---\n{BASE}...\n",
    "quoted keys and values": re.sub(r"^(\w+): (\d.*)$", r'"\1": "\2"', BASE, flags=re.MULTILINE),
    "another order": "\n".join(reversed(re.split(r"\n(?=\w)", BASE.rstrip()))),
    "keys of one's own": f"x-a: null\nx-b: [1, {{c: ~}}]\n{BASE}",
}
#: Replacements in the file that keep its meaning.
VALUES = {
    "1e6": ("high: 7M", "high: 7e6"),
    "a fraction": ("high: 7M", "high: 0.007bn"),
    "no multiple": ("high: 7M", "high: 7000000"),
    "a unit": ("high: 7M", "high: 7M shells"),
    "quotes": ("high: 7M", "high: '7M'"),
    "a share without its sign": ("mode: 70%", "mode: 0.7"),
    "a rate by the hour": ("60k/day", "2.5k shells/h"),
    "hours": ("mode: 1 day", "mode: 24 h"),
    "a unit in the plural": ("mode: 1 day", "mode: 1 days"),
    "a number without its source": ("{value: 60k/day, source: seed-cons-2023-60k}", "60k/day"),
    "by munition": ("{value: 60k/day, source: seed-cons-2023-60k}", "{shells: 60k/day}"),
    "the only depot by name": ("  front:\n", "  front:\n    at: tikhoretsk\n"),
    "a default by name": ("  russia:\n", "  russia:\n    lead_time: 0 h\n"),
    "a key of one's own in a component": ("  russia:\n", "  russia:\n    x-c: {d: [e]}\n"),
    "letters of every kind": ("note: >", "note: >\n  \u00e9\u4e2d\u0444\u0627\U0001f600 <b>=1+1</b>"),
}
SAME = {**TEXTS, **{name: replace_in_base(old, new) for name, (old, new) in VALUES.items()}}


@pytest.mark.parametrize("name", SAME)
def test_odd_but_right_is_read_as_what_it_says(here: Path, name: str) -> None:
    (here / "plain.yaml").write_text(BASE)
    (here / "odd.yaml").write_bytes(SAME[name].encode())
    assert SAME[name] != BASE
    odd, plain = load_file(here / "odd.yaml", None), load_file(here / "plain.yaml", None)
    assert odd.account_digest() == plain.account_digest()


def test_a_word_that_looks_like_something_else_stays_a_word(here: Path) -> None:
    for word in ("no", "010", "1:30", "1_000", "0x1F", "2023-09-01", "~x", ".inf", "Null", "'null'", "=1"):
        (here / "odd.yaml").write_text(BASE.replace("by: rail", f"by: {word}"))
        assert load_file(here / "odd.yaml", None).shipments["dprk"].route[1].by == word.strip("'")


SIGNS = "\t\n\r :-?#[]{},&*!|>'\"%@`<=~0189.eEkM_/+\\\0\x85\u2028\ufeff"
WORDS = "null;: ;- ;? ;<<: ;---\n;\n  ;!!int ;&a ;*a ;%YAML 1.1\n;x-;{a: b};1e999;5 days"
ESCAPES = ('"\\UFFFFFFFF"', '"\\ud800"', '"\\q"')
BITS = st.sampled_from([*SIGNS, *WORDS.split(";"), *ESCAPES])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw the file with some bits of it cut out, doubled, or replaced by others."""
    text = BASE
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        new = draw(st.one_of(BITS, st.just(text[start:end] * 2), st.text(max_size=3)))
        text = text[:start] + new + text[end:]
    data = text.encode("utf-8", "surrogatepass")
    if draw(st.booleans()):
        return data
    cut = draw(st.integers(0, len(data)))
    return data[:cut] + draw(st.binary(max_size=3)) + data[cut:]


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(data=st.one_of(damaged(), st.binary(max_size=60)))
def test_whatever_the_bytes_it_is_a_scenario_or_an_error_with_places(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    file.write_bytes(data)
    faults: tuple[Fault, ...] = ()
    try:
        scenario = load_file(file, None)
    except ScenarioError as error:
        faults = error.faults
    else:
        file.write_text(scenario.text(), "utf-8")
        assert load_file(file, None).account_digest() == scenario.account_digest()
        return
    assert faults
    for fault in faults:
        assert fault.where is not None
        assert str(fault).isprintable()
