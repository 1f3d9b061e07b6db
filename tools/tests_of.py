"""Name the test files that use a package of `sim`, those first that are most likely to find a fault.

python tools/tests_of.py units
"""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


def modules_of(room: str) -> list[str]:
    """Return the files of a package or module of `sim`, relative to the root."""
    folder = ROOT / "sim" / room
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    if not all(file.exists() for file in files) or not files:
        raise SystemExit(f"sim has no package or module {room!r}")
    return [file.relative_to(ROOT).as_posix() for file in files]


@cache
def public_homes() -> dict[str, str]:
    """Return the package of `sim` that defines each public name, by the type checker's imports."""
    homes = {}
    for node in ast.walk(ast.parse((ROOT / "sim" / "__init__.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sim"):
            for alias in node.names:
                homes[alias.name] = (node.module + f".{alias.name}").split(".")[1]
    return homes


def rooms_used(test: Path) -> set[str]:
    """Return the packages of `sim` that a test file or the helpers that it imports use."""
    seen, waiting, rooms = set[Path](), [test], set[str]()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            used, imported = uses_of(path)
            rooms |= used
            waiting += [test.parent / f"{name}.py" for name in imported]
    return rooms


@cache
def uses_of(path: Path) -> tuple[set[str], set[str]]:
    """Return the packages of `sim` that a file itself uses, and the helpers that it may import."""
    homes, rooms, imported = public_homes(), set[str](), set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8") if path.exists() else "")):
        if isinstance(node, ast.ImportFrom) and node.module:
            rooms |= of_import(node, homes)
            imported.add(node.module.removeprefix("tests.").replace(".", "/"))
        elif isinstance(node, ast.Import):
            rooms |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("sim.")}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            rooms |= {homes[node.attr]} if node.value.id == "sim" and node.attr in homes else set()
    return rooms, imported


def of_import(node: ast.ImportFrom, homes: dict[str, str]) -> set[str]:
    top, _, rest = (node.module or "").partition(".")
    if top != "sim":
        return set()
    if rest:
        return {rest.split(".")[0]}
    return {homes.get(alias.name, alias.name) for alias in node.names}


def tests_of(room: str) -> list[str]:
    """Return the test files that use a package, those first that are most likely to find a fault."""
    room = room.partition("/")[0]
    files = sorted((ROOT / "tests").glob("test_*.py"))
    found = [file for file in files if room in file.stem or room in rooms_used(file)]
    if not found:
        raise SystemExit(f"no test imports sim.{room}")
    found.sort(key=lambda file: (room not in file.stem, f"sim.{room}" not in file.read_text("utf-8")))
    return [file.relative_to(ROOT).as_posix() for file in found]


if __name__ == "__main__":
    print("\n".join(tests_of(sys.argv[1])))
