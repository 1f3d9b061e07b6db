"""Reader of the sources of a number: ids of the evidence table, links, and maps with a link."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Fault
from sim.scenario.citation import Citation, Source
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode, join_path
from sim.units import UnitError, parse_date, quote
from sim.web_links import is_web_link

SOURCE_ALLOWED = (
    "an id of the evidence table (`sim evidence WORDS` finds them), a link, or {url, claimant, published}"
)
LINK_ALLOWED = "http:// or https://, a host and a path"
#: JSON Schema of a link.
LINK_PATTERN = r"^ *https?://[^\s/?#]+\S* *$"
MAX_LINK_LENGTH = 2_000
MAX_CLAIMANT_LENGTH = 200
_KEYS = ("url", "claimant", "published")


def read_sources(node: MapNode, context: ValidationContext) -> tuple[tuple[Source, ...], list[Fault]]:
    """Return the sources under the key ``source`` of a number, and their faults."""
    entry = node.get("source")
    if entry is None:
        return (), []
    path = join_path(node.path, "source")
    if isinstance(entry, ListNode) and not entry:
        return (), [Fault("no source is given", entry.where, path, SOURCE_ALLOWED)]
    sources: list[Source] = []
    faults: list[Fault] = []
    for item in entry if isinstance(entry, ListNode) else [entry]:
        found = list(_source_faults(item, path, context))
        faults += found
        if not found:
            sources.append(_make_source(item))
    return tuple(sources), faults


def _source_faults(item: Node, path: str, context: ValidationContext) -> Iterator[Fault]:
    if isinstance(item, MapNode):
        yield from _citation_faults(item, path, context)
    elif not isinstance(item, TextNode) or not item.text:
        problem = "a source is an id, a link or a map, or a list of these"
        yield Fault(problem, item.where, path, SOURCE_ALLOWED)
    elif _looks_like_link(item.text):
        yield from _link_faults(item, path)
    elif context.sources is not None and item.text not in context.sources:
        near = context.suggester.nearest(item.text, context.sources)
        yield Fault(f"unknown source {quote(item.text)}", item.where, path, SOURCE_ALLOWED, near)


def _citation_faults(item: MapNode, path: str, context: ValidationContext) -> Iterator[Fault]:
    unknown = [(key, where) for key, _, where in item.entries() if key not in _KEYS]
    for key, where in unknown:
        near = context.suggester.nearest(key, _KEYS)
        yield Fault(f"unknown key {quote(key)}", where, join_path(path, key), ", ".join(_KEYS), near)
    for key in _KEYS:
        value = item.get(key)
        if value is not None and (not isinstance(value, TextNode) or not value.text.strip()):
            yield Fault(f"{key} of a source is one text", value.where, join_path(path, key), _ALLOWED[key])
        elif isinstance(value, TextNode):
            yield from _FAULTS[key](value, join_path(path, key))
    # An unknown key is the misspelt url often enough.
    if "url" not in item and not unknown:
        yield Fault("a source that is a map has a url", item.where, path, SOURCE_ALLOWED)


def _link_faults(node: TextNode, path: str) -> Iterator[Fault]:
    text = node.text.strip()
    if text.lower().startswith("www."):
        problem = f"{quote(text)} is not a whole link"
        yield Fault(problem, node.where, path, LINK_ALLOWED, f"https://{text}")
    elif not _is_link(text):
        yield Fault(f"{quote(text)} is not a link", node.where, path, LINK_ALLOWED)


def _claimant_faults(node: TextNode, path: str) -> Iterator[Fault]:
    if len(node.text) > MAX_CLAIMANT_LENGTH or "\n" in node.text.strip():
        yield Fault("the claimant is too long", node.where, path, _ALLOWED["claimant"])


def _date_faults(node: TextNode, path: str) -> Iterator[Fault]:
    try:
        parse_date(node.text)
    except UnitError as error:
        yield Fault(error.problem, node.where, path, error.allowed)


def _looks_like_link(text: str) -> bool:
    return "://" in text or text.lower().startswith(("www.", "http:", "https:"))


def _is_link(text: str) -> bool:
    return len(text) <= MAX_LINK_LENGTH and is_web_link(text)


def _make_source(item: Node) -> Source:
    """Return a source without faults."""
    texts = {key: child.text.strip() for key, child in _texts_of(item)}
    if isinstance(item, TextNode):
        return Citation(item.text.strip()) if _looks_like_link(item.text) else item.text
    published = parse_date(texts["published"]) if "published" in texts else None
    return Citation(texts["url"], texts.get("claimant", ""), published)


def _texts_of(item: Node) -> Iterator[tuple[str, TextNode]]:
    for key, child in item.items() if isinstance(item, MapNode) else ():
        if isinstance(child, TextNode):
            yield key, child


_FAULTS = {"url": _link_faults, "claimant": _claimant_faults, "published": _date_faults}
_ALLOWED = {
    "url": LINK_ALLOWED,
    "claimant": f"one line of at most {MAX_CLAIMANT_LENGTH} characters",
    "published": "a date such as 2023-09-01",
}
