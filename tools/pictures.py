"""Draw the pictures of docs/architecture.md: the packages and their imports, and the order of one day.

    python tools/pictures.py

The packages are those of the import table in tests/test_import_rules.py. Boxes have a background, so
that the pictures can be read on light and on dark pages.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "tests" / "test_import_rules.py"
IMAGES = ROOT / "docs" / "images"
FILL, EDGE, INK, LINE = "#eef2f6", "#5b7083", "#1c2733", "#7d8b99"
STYLE = (
    f".box{{fill:{FILL};stroke:{EDGE}}}.ink{{fill:{INK};font:14px sans-serif;text-anchor:middle}}"
    f".small{{font-size:12px}}.line{{stroke:{LINE};stroke-width:1.5;fill:none}}.head{{fill:{LINE}}}"
)
MARKER = (
    '<marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path class="head" d="M0 0 8 4 0 8z"/></marker>'
)
#: The steps of a day, as docs/model.md numbers them.
DAY = (
    ("1 Landings", "the gate, then arrivals"),
    ("2 Production", "lots that are finished"),
    ("3 Refurbishment", "from the unserviceable"),
    ("4 Losses", "what events destroy"),
    ("5 Dispatch", "transfers that leave"),
    ("6 Fire", "the requirement, rationed"),
    ("7 Closing level", "the figure of the date"),
)
WIDTH, HEIGHT, GAP, RISE = 110, 34, 22, 84


def imports_of_rooms() -> dict[str, set[str]]:
    """Return, for each package of `sim`, the packages that it may import by the table."""
    for node in ast.walk(ast.parse(TABLE.read_text("utf-8"))):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id == "ROOMS"
        ):
            assert node.value is not None
            table = eval(compile(ast.Expression(node.value), str(TABLE), "eval"))  # noqa: S307 - our own file
            rooms = {room: set(ours) for room, (ours, _) in table.items()}
            return {**rooms, "cli": set(rooms)}
    raise SystemExit(f"{TABLE} has no table ROOMS")


def evaluated(code: str) -> dict[str, tuple[set[str], set[str]]]:
    table: dict[str, tuple[set[str], set[str]]] = eval(code, {})  # noqa: S307 - a table of our own tests
    return table


def reduced(uses: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the imports without those that a chain of others implies."""
    return {room: {used for used in names if not indirect(room, used, uses)} for room, names in uses.items()}


def indirect(room: str, used: str, uses: Mapping[str, set[str]]) -> bool:
    return any(used in below(other, uses) for other in uses[room] - {used})


def below(room: str, uses: Mapping[str, set[str]]) -> set[str]:
    return uses[room].union(*(below(used, uses) for used in uses[room]))


def depths(uses: Mapping[str, set[str]]) -> dict[str, int]:
    """Return the row of each package, counted from the bottom: above all that it imports."""
    found: dict[str, int] = {}

    def depth_of(room: str) -> int:
        if room not in found:
            found[room] = max((depth_of(used) + 1 for used in uses[room]), default=0)
        return found[room]

    for room in sorted(uses):
        depth_of(room)
    return found


def routed(uses: Mapping[str, set[str]], depth: dict[str, int]) -> dict[str, list[str]]:
    """Return the imports with a node in every row that an arrow passes, and add the nodes to `depth`."""
    links: dict[str, list[str]] = {room: [] for room in sorted(uses)}
    for room in sorted(uses):
        for used in sorted(uses[room]):
            above = room
            for row in range(depth[room] - 1, depth[used], -1):
                node = f"{room}>{used}@{row}"
                depth[node] = row
                links[above].append(node)
                links[node], above = [], node
            links[above].append(used)
    return links


def layers(links: Mapping[str, list[str]], depth: Mapping[str, int]) -> list[list[str]]:
    """Return the nodes of each row, from the bottom, each near the middle of those that it leads to."""
    rows = [sorted(node for node in links if depth[node] == row) for row in range(max(depth.values()) + 1)]
    users = {node: [other for other in links if node in links[other]] for node in links}
    for _ in range(8):
        for beside in (links, users):
            for row in rows:
                order_by_middle(row, rows, beside)
    return rows


def order_by_middle(row: list[str], rows: list[list[str]], beside: Mapping[str, list[str]]) -> None:
    """Sort a row by the mean position of each node's neighbours."""
    place = {node: (at + 0.5) / len(each) for each in rows for at, node in enumerate(each)}
    middle = {
        node: sum(place[other] for other in beside[node]) / len(beside[node]) if beside[node] else place[node]
        for node in row
    }
    row.sort(key=lambda node: (middle[node], node))


def box(x: float, y: float, width: float, *lines: str) -> str:
    """Return a box with its top left corner at (x, y) and one or two lines of text."""
    height = HEIGHT if len(lines) == 1 else HEIGHT + 14
    parts = [f'<rect class="box" x="{x:g}" y="{y:g}" width="{width:g}" height="{height}" rx="6"/>']
    for number, line in enumerate(lines):
        kind = "ink small" if number else "ink"
        parts.append(f'<text class="{kind}" x="{x + width / 2:g}" y="{y + 22 + 17 * number:g}">{line}</text>')
    return "".join(parts)


def page(width: float, height: float, title: str, parts: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img"><title>{title}</title><style>{STYLE}</style><defs>{MARKER}</defs>'
    )
    return "\n".join([head, *parts, "</svg>", ""])


def rooms_picture() -> str:
    """Return the picture of the packages as SVG: an arrow goes from a package to one that it imports."""
    uses = reduced(imports_of_rooms())
    depth = depths(uses)
    links = routed(uses, depth)
    rows = layers(links, depth)
    width = max(sum(map(width_of, row)) for row in rows) + GAP
    corner: dict[str, tuple[float, float]] = {}
    for level, row in enumerate(rows):
        x = (width - sum(map(width_of, row)) + GAP) / 2
        for node in row:
            corner[node] = x, GAP + (len(rows) - 1 - level) * RISE
            x += width_of(node)
    lines = [
        arrow(node, other, corner, has_head=other in uses) for node in links for other in sorted(links[node])
    ]
    boxes = [box(*corner[room], WIDTH, room) for room in sorted(uses)]
    height = GAP * 2 + (len(rows) - 1) * RISE + HEIGHT
    return page(width, height, "Packages of sim and their imports", lines + boxes)


def width_of(node: str) -> int:
    """Return the room that a package, or an arrow that passes a row, takes in the row."""
    return GAP if "@" in node else WIDTH + GAP


def arrow(node: str, other: str, corner: Mapping[str, tuple[float, float]], *, has_head: bool) -> str:
    """Return a curve from the bottom of one node to the top of another, and on through a passing node."""
    middle = {name: corner[name][0] + (width_of(name) - GAP) / 2 for name in (node, other)}
    y, to_y = corner[node][1] + HEIGHT, corner[other][1] - (2 if has_head else 0)
    bend = (to_y - y) / 2
    curve = f"M{middle[node]:g} {y:g}C{middle[node]:g} {y + bend:g} {middle[other]:g} {to_y - bend:g} "
    curve += f"{middle[other]:g} {to_y:g}" + ("" if has_head else f"v{HEIGHT}")
    head = ' marker-end="url(#head)"' if has_head else ""
    return f'<path class="line"{head} d="{curve}"/>'


def day_picture() -> str:
    """Return the picture of one day as SVG: its seven steps in their order."""
    width, rise = 190, 64
    steps = [box(GAP, GAP + number * rise, width, *step) for number, step in enumerate(DAY)]
    x = GAP + width / 2
    ends = [(GAP + number * rise + 48, GAP + (number + 1) * rise - 2) for number in range(len(DAY) - 1)]
    joins = [f'<path class="line" marker-end="url(#head)" d="M{x:g} {top:g}V{end:g}"/>' for top, end in ends]
    return page(width + 2 * GAP, 2 * GAP + (len(DAY) - 1) * rise + 48, "The steps of one day", joins + steps)


def pictures() -> dict[Path, str]:
    """Return the text of each picture by its file."""
    return {IMAGES / "packages.svg": rooms_picture(), IMAGES / "day.svg": day_picture()}


def main() -> int:
    """Write the pictures; with ``--check`` only compare them with the files."""
    for path, text in pictures().items():
        if "--check" not in sys.argv[1:]:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            print(f"{path.name} is out of date; run: make pictures", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
