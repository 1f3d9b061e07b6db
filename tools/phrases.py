"""Turns of phrase per 1,000 docstring words, in this package and in others that are installed.

    python tools/phrases.py [PACKAGE...] [--show]

The patterns are those that `docs/language.md` advises against: personification, pictures in place of terms,
and relative clauses in place of nouns. `--show` prints each find with its place.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import re
import sys
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


def docstrings(package: Path) -> Iterator[tuple[Path, int, str]]:
    """Yield the file, line and text of every docstring of a package, its tests left out."""
    for path in sorted(package.rglob("*.py")):
        if "tests" in path.relative_to(package).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = ast.get_docstring(node)
                if text:
                    yield path, getattr(node, "lineno", 1), text


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description="Count turns of phrase in docstrings.")
    parser.add_argument("packages", nargs="*", default=["sim", "simpy", "pandas"])
    parser.add_argument("--show", action="store_true", help="print each find")
    options = parser.parse_args()
    for name in options.packages:
        found = importlib.util.find_spec(name)
        if found is None or not found.submodule_search_locations:
            sys.exit(f"there is no package {name!r} here")
        words = finds = 0
        for path, line, text in docstrings(Path(next(iter(found.submodule_search_locations)))):
            words += len(text.split())
            for hit in PATTERNS.finditer(text):
                finds += 1
                if options.show:
                    sys.stdout.write(f"{path}:{line}: {hit.group(0)}\n")
        rate = 1000 * finds / max(1, words)
        sys.stdout.write(f"{name}: {finds} in {words:,} words, {rate:.1f} per 1,000\n")


if __name__ == "__main__":
    main()
