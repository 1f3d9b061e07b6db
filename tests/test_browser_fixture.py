"""The browser fixture detects errors, requests to other places, faults of access, and overflow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.browser import PHONE, OpenPage, axe_violations, horizontal_overflow

pytestmark = pytest.mark.slow

GOOD = "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1><p>Text.</p></main>"
BAD = (
    "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1><img src=data:,>"
    "<p style='width: 1000px'>Wide.</p><script src='http://127.0.0.1:9/elsewhere.js'></script>"
    "<script>throw new Error('thrown')</script></main>"
)


def test_a_page_without_fault_has_none(tmp_path: Path, open_page: OpenPage) -> None:
    (tmp_path / "good.html").write_text(GOOD)
    watched = open_page((tmp_path / "good.html").as_uri(), PHONE)
    assert watched.page.inner_text("h1") == "A page"
    assert (watched.errors, axe_violations(watched.page), horizontal_overflow(watched.page)) == ([], [], 0)


def test_the_faults_of_a_page_are_found(tmp_path: Path, open_page: OpenPage) -> None:
    (tmp_path / "bad.html").write_text(BAD)
    watched = open_page((tmp_path / "bad.html").as_uri(), PHONE)
    assert any("thrown" in error for error in watched.errors)
    assert "http://127.0.0.1:9/elsewhere.js" in watched.requests_beyond("http://127.0.0.1:8000")
    assert any(fault.startswith("image-alt (critical)") for fault in axe_violations(watched.page))
    assert horizontal_overflow(watched.page) > 600
