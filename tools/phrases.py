"""Turns of phrase per 1,000 words of prose, in packages (docstrings) and in paths (comments and pages too).

    python tools/phrases.py [PACKAGE_OR_PATH...] [--show]

The patterns are those that `docs/language.md` advises against: personification, pictures in place of terms,
and relative clauses in place of nouns. Code in backticks or fences is not counted. Of a package only the
docstrings outside its tests are counted. A name with a slash or a suffix is a path, such as `docs/` or
`README.md`. `--show` prints each find with its place.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import io
import json
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

PATTERNS = re.compile(
    r"\b(nobody|no one|whoever|who (wants|asks|has|looks)|"
    r"stands? (behind|beside|for itself|in|at|by|for|alone)|stood|"
    r"(is|are|was|were|be|been) (told|asked|handed|brought|done with|spoken|meant)|"
    r"(is|are|was|were|be|been) (let in|looked at|worked out|seen to)|"
    r"(asks?|asking|tells?|telling|hands?|knows?|says?|said) "
    r"(of|for|how|what|which|whether|nothing|the|a|it|who|where)\b|"
    r"of (which|whom) (nobody|one|they|it|the)|"
    r"what (lies|comes|stands|came|goes|is|was|has|there|it|a|the|they|of|does|do)|"
    r"what (makes?|moves?|holds?|brings?|takes?|follows)|"
    r"one.s own|at hand|beside (it|them|the|this|these)|of (his|her|one's) own|"
    r"looks after|goes (on|by)|comes? (of|to|out|in|back|through|from)|lets?|lie|lies|lay)\b",
    re.IGNORECASE,
)


_CODE = re.compile(r"^( *)```.*?^\1```|``.*?``|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every docstring of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield node.body[0].lineno, text


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every comment of a module."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("#: ")


def paragraphs(page: str) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every paragraph of a Markdown page, code left out."""
    line = 1
    for part in re.split(r"(\n{2,})", _CODE.sub(lambda code: "\n" * code[0].count("\n"), page)):
        if part.strip():
            yield line, part
        line += part.count("\n")


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and text of each piece of prose of a Python file, a Markdown page or a notebook."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        yield from docstrings(text)
        yield from comments(text)
    elif path.suffix == ".md":
        yield from paragraphs(text)
    else:
        for place, cell in enumerate(json.loads(text)["cells"], 1):
            if cell["cell_type"] == "markdown":
                yield place, "".join(cell["source"])


def of_path(root: Path) -> Iterator[tuple[Path, int, str]]:
    """Yield file, line and text of the prose of a file or a folder."""
    for path in [root] if root.is_file() else sorted(root.rglob("*")):
        if path.suffix in {".py", ".md", ".ipynb"}:
            yield from ((path, line, text) for line, text in prose(path))


def of_package(name: str) -> Iterator[tuple[Path, int, str]]:
    """Yield file, line and text of the docstrings of a package, its tests left out."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        sys.exit(f"there is no package and no path {name!r} here")
    root = Path(next(iter(found.submodule_search_locations)))
    for path in sorted(root.rglob("*.py")):
        if "tests" not in path.relative_to(root).parts:
            yield from ((path, line, text) for line, text in docstrings(path.read_text("utf-8")))


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description="Count turns of phrase in prose.")
    parser.add_argument("names", nargs="*", default=["sim", "simpy", "pandas"])
    parser.add_argument("--show", action="store_true", help="print each find")
    options = parser.parse_args()
    for name in options.names:
        is_path = "/" in name or Path(name).suffix != ""
        words = finds = 0
        for path, line, text in of_path(Path(name)) if is_path else of_package(name):
            plain = " ".join(_CODE.sub(" ", text).split())
            words += len(plain.split())
            for hit in PATTERNS.finditer(plain):
                finds += 1
                if options.show:
                    around = plain[max(0, hit.start() - 40) : hit.end() + 40]
                    sys.stdout.write(f"{path}:{line}: {hit.group(0)} | {around}\n")
        rate = 1000 * finds / max(1, words)
        sys.stdout.write(f"{name}: {finds} in {words:,} words, {rate:.1f} per 1,000\n")


if __name__ == "__main__":
    main()
