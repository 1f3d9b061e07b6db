"""Keys as people name them, such as ``imports`` and ``demand``, and maps with a level left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from sim.scenario.dimension import Dimension
from sim.scenario.plain_data import node_as_flow
from sim.scenario.suggestions import Suggester
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode
from sim.units import MAX_SHOWN_LENGTH, UnitError, suggest_date

#: For each key, words of other vocabularies that are too different for a spelling suggestion.
_OTHER_WORDS: Mapping[str, str] = {
    # Of a file.
    "start": "from begin begins beginning first_day since",
    "end": "until till to finish stop duration horizon last_day length days",
    "title": "name scenario heading",
    "note": "description comment comments about notes",
    "depots": "stock stocks stockpile stockpiles inventory warehouse warehouses "
    "storage store stores arsenal arsenals reserves",
    "production": "output factory factories plant plants producers manufacturing industry",
    "shipments": "imports import supplier suppliers supply deliveries aid abroad routes",
    "orders": "procurement purchases purchase contracts replenishment reorder",
    "consumption": "demand fire usage use consumers expenditure needs requirement requirements fronts users",
    "refurbishment": "repair repairs workshops reactivation restoration",
    "transfers": "moves movements transport rail",
    "munitions": "shells ammunition ammo types calibres calibers products",
    "events": "shocks strikes attacks",
    "thresholds": "levels alerts",
    "evidence": "sources estimates",
    "draws": "samples",
    # Of components.
    "stock": "initial opening amount quantity level inventory shells rounds holdings",
    "unserviceable": "broken defective unusable bad",
    "offered": "rate per_month per_day per_year amount quantity volume supply shells",
    "rate": "output demand requirement required need use usage amount "
    "quantity per_day per_month per_year capacity shells fire",
    "lead_time": "delay duration travel transit time days lag",
    "reserve": "total limit stock pool",
    "under_way": "in_transit transit pipeline afloat on_the_way en_route",
    "to": "depot destination into at",
    "at": "depot from",
    "rationing": "rule policy",
    "reorder_point": "minimum min low trigger safety_stock",
    "order_up_to": "maximum max target base_stock up_to",
    "order_quantity": "quantity lot lots lot_size batch size",
    "review": "every interval period reviewed",
    "unit_cost": "price cost unit_price price_each",
    "order_cost": "fixed_cost setup_cost ordering_cost",
    "shortage_cost": "penalty penalty_cost backlog_cost",
    "objective": "target goal aim",
    "priority": "rank order_of_fire precedence",
    "backlog": "waits backorder backorders backordered",
    "chance": "probability likelihood",
    "quantity": "amount number shells",
    "on": "dates days",
    "label": "name title",
}
#: The number that each section is about, for maps that leave its name out.
_MAIN_KEYS = {"depots": "stock", "production": "rate", "consumption": "rate", "shipments": "offered"}
_EXAMPLE_NAMES = {"depots": "main", "production": "industry", "consumption": "front", "shipments": "supplier"}
#: A pair without the space after its colon, or with an equals sign.
_PAIR = re.compile(r"([A-Za-z_]+) *[:=] *(.*)", re.DOTALL)
_SHAPES = {2: ("low", "high"), 3: ("low", "mode", "high")}


def nearest_key(key: str, known: Collection[str], suggester: Suggester) -> str:
    """Return the known key nearest to an unknown one, by meaning or by spelling; empty if none."""
    folded = key.strip().lower().replace("-", "_").replace(" ", "_")
    if folded in known:
        return folded
    meant = next(
        (each for each, words in _OTHER_WORDS.items() if each in known and folded in words.split()), ""
    )
    return meant or suggester.nearest(key, known)


def suggest_pair(text: str, known: Collection[str]) -> str:
    """Return ``stock: 1M`` for ``stock:1M`` and ``stock = 1M``, if the key is known; empty otherwise."""
    found = _PAIR.fullmatch(text.strip())
    return f"{found[1]}: {found[2] or '...'}" if found and found[1] in known else ""


def suggest_section(key: str, node: Node) -> str:
    """Return a section as a whole, for a number under its name at the top level; empty for other values."""
    if key not in _MAIN_KEYS or not isinstance(node, TextNode) or not node.text.strip():
        return ""
    return f"{key}: {{{_EXAMPLE_NAMES[key]}: {_settings(key, node.text)}}}"


def suggest_settings(loc: Sequence[int | str], text: str, known: Collection[str]) -> str:
    """Convert text in place of a section or a component to a map; empty if unknown.

    Parameters
    ----------
    loc : sequence
        Path of the text: a section, or a section and a name.
    text : str
    known : collection of str
        Keys of a component of the section.
    """
    if not text.strip() or len(text) > MAX_SHOWN_LENGTH:
        return ""
    pair = suggest_pair(text, known)
    if pair or len(loc) > 2 or str(loc[0]) not in _MAIN_KEYS:
        return f"{{{pair}}}" if pair else ""
    section, name = str(loc[0]), str(loc[-1])
    if len(loc) == 1:
        return f"{{{_EXAMPLE_NAMES[section]}: {_settings(section, text)}}}"
    # A key of the component stands where its name belongs.
    return f"{_EXAMPLE_NAMES[section]}: {{{name}: {text}}}" if name in known else _settings(section, text)


def _settings(section: str, text: str) -> str:
    return f"{{{_MAIN_KEYS[section]}: {text}}}"


def suggest_named(node: ListNode) -> str:
    """Return the first item of a list of components as a component with a name; empty if it is none."""
    item = node[0] if node else None
    if not isinstance(item, MapNode) or not item:
        return ""
    name = item.get("name")
    rest: dict[str, Node] = {key: child for key, child in item.items() if key != "name"}
    found = f"{name.text}: {node_as_flow(rest)}" if isinstance(name, TextNode) else node_as_flow(rest)[1:-1]
    return found if len(found) <= MAX_SHOWN_LENGTH else ""


def suggest_map(node: ListNode, dimension: Dimension, *, is_course: bool) -> str:
    """Convert a list of numbers or of dates to a distribution or a course; empty if it is neither."""
    if is_course and node and all(isinstance(item, MapNode) for item in node):
        pairs = MapNode(node.where)
        for item in node:
            if isinstance(item, MapNode):
                pairs.update(item)
        return suggest_course(pairs)
    texts = [item.text.strip() for item in node if isinstance(item, TextNode)]
    shape = _SHAPES.get(len(node), ())
    if not shape or len(texts) != len(shape):
        return ""
    try:
        amounts = [dimension.read(text) for text in texts]
    except UnitError:
        return ""
    values = [amount.value for amount in amounts]
    if len({amount.unit for amount in amounts}) > 1 or values != sorted(set(values)):
        return ""
    return f"{{{', '.join(f'{key}: {text}' for key, text in zip(shape, texts, strict=True))}}}"


def suggest_course(node: MapNode) -> str:
    """Return ``{by_date: ...}`` for a map whose keys are dates as people write them; empty for any other."""
    dates = [suggest_date(key) for key in node]
    if not dates or not all(date and " " not in date for date in dates):
        return ""
    points = (f"{date}: {node_as_flow(child)}" for date, child in zip(dates, node.values(), strict=True))
    return f"{{by_date: {{{', '.join(points)}}}}}"
