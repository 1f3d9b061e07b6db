"""Settings of the documentation site: `make docs` builds it into docs/_build/html.

The source folder is the root of the repository, so that a link between pages works on a code host and
on the site alike.
"""

from __future__ import annotations

from importlib.metadata import version as installed_version
from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "munitions-sim"
author = "The munitions-sim authors"
release = version = installed_version("munitions-sim")

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinxcontrib.mermaid",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "docs/index"
include_patterns = ["docs/**", "*.md", "benchmarks/README.md"]
exclude_patterns = ["docs/_build", "docs/_templates", "docs/site"]

# Relative to the root, the source folder.
templates_path = ["docs/_templates"]
html_theme = "furo"
html_title = f"munitions-sim {release}"
html_extra_path = ["site"]
html_show_sphinx = False

# Headings get the anchors that code hosts give them.
myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]

autosummary_generate = True
# The numpydoc sections name the types.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False


def setup(app: Sphinx) -> None:
    """Show CSV as plain text: Pygments has no lexer for it."""
    app.add_lexer("csv", TextLexer)
