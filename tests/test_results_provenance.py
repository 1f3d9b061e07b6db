"""A manifest has the inputs of a result and no personal data; times go to the log."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from sim.results.provenance import (
    Source,
    digest,
    log_text,
    make_manifest,
    merge_inputs,
    package_versions,
    shorten_paths,
)
from sim.source_digest import source_digest


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put this process into another time zone for a while."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Vladivostok")
        time.tzset()
        yield
    time.tzset()


SETTINGS: Mapping[str, Any] = {
    "verb": "run",
    "title": "Flat",
    "engine": "simpy",
    "engine_path": "python",
    "seed": 7,
    "runs": 3,
    "scenario": b"schema: 1\n",
    "inputs": {"b.yaml": "bb", "/home/jo/a.yaml": "aa"},
    "evidence": "ee",
    "sources": (
        Source("z-source", "Z"),
        Source("a-source", "A", "Paper", "2023-01-02"),
        Source("z-source", "Z"),
    ),
    "notes": ("note",),
    "files": {"stock.csv": b"x", "manifest.json": b"", "log.txt": b"", "a.png": b"y"},
}


def test_the_digest_of_abc_is_the_one_of_fips_180() -> None:
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_manifest_of_a_small_result() -> None:
    found = make_manifest(**SETTINGS, used={"numpy": "2.0"})
    scenario = hashlib.sha256(b"schema: 1\n").hexdigest()
    assert found == {
        "format": "munitions-sim result",
        "format_version": 1,
        "verb": "run",
        "versions": {"numpy": "2.0"},
        "code": source_digest(),
        "engine": "simpy",
        "engine_path": "python",
        "seed": 7,
        "runs": 3,
        "scenario": {"title": "Flat", "digest": scenario, "short": scenario[:12], "names": {}},
        "inputs": {"a.yaml": "aa", "b.yaml": "bb"},
        "evidence": "ee",
        "sources": [
            {"id": "a-source", "claimant": "A", "publisher": "Paper", "published": "2023-01-02"},
            {"id": "z-source", "claimant": "Z", "publisher": "", "published": ""},
        ],
        "notes": ["note"],
        "files": {"a.png": digest(b"y"), "stock.csv": digest(b"x")},
    }


def test_the_order_in_which_things_were_given_is_not_in_the_manifest() -> None:
    turned: dict[str, Any] = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value
        for key, value in SETTINGS.items()
    }
    turned["sources"] = SETTINGS["sources"][::-1]
    assert json.dumps(make_manifest(**turned)) == json.dumps(make_manifest(**SETTINGS))


def test_versions_are_of_packages_and_of_python_without_its_patch() -> None:
    found = package_versions()
    assert list(found) == sorted({"munitions-sim", "numpy", "pandas", "python", "simpy"})
    assert re.fullmatch(r"3\.\d+", found["python"])
    assert re.match(r"\d+\.\d+", found["numpy"])


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        ("/home/jo/scenarios/flat.yaml", "flat.yaml"),
        ("scenarios/flat.yaml", "scenarios/flat.yaml"),
        ("../flat.yaml", "../flat.yaml"),
        ("--out=/srv/jo/runs/mine/", "--out=mine"),
        ("scenario=/a/jo/x.yaml,/a/jo/y.yaml", "scenario=x.yaml,y.yaml"),
        ("/home/jo,ann/x y.yaml", "x y.yaml"),
        ("file:///home/jo/x.yaml", "file:x.yaml"),
        ("~/jo/x.yaml", "x.yaml"),
        (r"C:\Users\jo\x.yaml", "x.yaml"),
        ("--out=C:/Users/jo/x", "--out=x"),
        (r"\\server\jo\x.yaml", "x.yaml"),
        ("production.russia.rate=2.5M/year", "production.russia.rate=2.5M/year"),
        ("rate={low: 1M / year, high: 2M/year}", "rate={low: 1M / year, high: 2M/year}"),
        ("60k/day", "60k/day"),
        ("", ""),
    ],
)
def test_absolute_paths_keep_their_last_part(word: str, kept: str) -> None:
    assert shorten_paths(word) == kept


def test_files_of_one_name_are_told_apart_where_they_differ() -> None:
    one = {"/home/jo/base.yaml": "b1", "/home/jo/own.yaml": "o1"}
    other = {"/home/ann/base.yaml": "b1", "/home/ann/own.yaml": "o2"}
    assert merge_inputs([("east", one), ("west", other)]) == {
        "base.yaml": "b1",
        "own.yaml": "o1",
        "west: own.yaml": "o2",
    }


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be set here")
def test_the_log_has_the_command_and_its_times_in_utc(far_east: None) -> None:
    kyiv = dt.timezone(dt.timedelta(hours=3))
    started = dt.datetime(2024, 5, 1, 1, 30, 0, 999_999, tzinfo=kyiv)
    text = log_text(["/usr/bin/sim", "run", "a b.yaml"], started, started + dt.timedelta(minutes=2))
    assert text == (
        "command: sim run 'a b.yaml'\n"
        "started: 2024-04-30T22:30:00+00:00\n"
        "finished: 2024-04-30T22:32:00+00:00\n"
    )


def test_the_log_has_no_host() -> None:
    now = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    text = log_text(["sim", "sweep", "--address", "lab7:8786", "--address=lab7:8786", "x.yaml"], now, now)
    assert "lab7" not in text
    assert "--address HOST:PORT --address=HOST:PORT x.yaml" in text
