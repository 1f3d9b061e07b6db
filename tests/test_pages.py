"""Links and tables of every page, offline; the site's own build checks its cross references."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment
from sphinx.util.template import SphinxTemplateLoader

import sim
from tests.support.markdown_page import MarkdownPage

ROOT = Path(__file__).parent.parent
PAGES = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "benchmarks" / "README.md"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_links_of_a_page_lead_to_a_file_and_a_heading(path: Path) -> None:
    MarkdownPage(path).check_links()


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    trees = re.findall(r"(?ms)^```\{toctree\}.*?\n\n(.*?)^```", index)
    listed = {(ROOT / "docs" / name).resolve() for tree in trees for name in tree.split()}
    on_site = {path.with_suffix("") for path in (*PAGES, ROOT / "docs" / "api.rst")}
    assert listed == on_site - {ROOT / "docs" / "index"}


def test_the_reference_lists_every_public_name() -> None:
    text = (ROOT / "docs" / "api.rst").read_text("utf-8")
    listed = set(re.findall(r"(?m)^   ([\w.]+)$", text))
    modules = {"charts", "evidence"}
    assert set(sim.__all__) - modules <= listed
    for module in modules:
        assert [name for name in listed if name.startswith(f"{module}.")], module
    public = {name.partition(".")[0] for name in listed}
    assert public <= {*sim.__all__, "study", "names"}, "a name that is not public"


def test_the_page_of_a_class_comes_from_the_template_with_its_members() -> None:
    """Sphinx looks in the source folder, the root, and takes a template of its own if there is none."""
    settings = runpy.run_path(str(ROOT / "docs" / "conf.py"))
    loader = SphinxTemplateLoader(ROOT, settings["templates_path"], [])
    text, _, _ = loader.get_source(Environment(autoescape=True), "autosummary/class.rst")
    assert {":members:", ":inherited-members:"} <= {line.split()[0] for line in text.splitlines() if line}


def test_the_tool_of_documentation_checks_fails_on_a_dead_link(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A title\n\n[here](#a-title), [there](#another)\n", "utf-8")
    with pytest.raises(AssertionError, match="#another"):
        MarkdownPage(page).check_links()


def test_the_pictures_are_those_that_the_import_table_gives() -> None:
    drawn = subprocess.run(
        [sys.executable, "tools/pictures.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert drawn.returncode == 0, drawn.stderr
