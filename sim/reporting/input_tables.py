"""Inputs of a result folder: every number of its scenarios with its sources, and the sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import evidence
from sim.results.provenance import SAMPLED_KEY, Source
from sim.results.storage import read_files, read_manifest
from sim.scenario.citation import Citation
from sim.scenario.loader import load_file
from sim.scenario.number_listing import ListedNumber, list_cited_numbers
from sim.scenario.rationing_rules import RULES, proportional
from sim.scenario.relative_dates import date_text
from sim.scenario.scenario import Scenario
from sim.scenario.yaml_nodes import MapNode, TextNode
from sim.scenario.yaml_reader import read_bytes
from sim.units import Unit

if TYPE_CHECKING:
    import pandas as pd

    from sim.errors import Fault

STUDY_FILE = "study.yaml"
INPUT_COLUMNS = (
    *("scenario", "path", "as written", "value", "unit", "drawn", "sources", "claimants", "note"),
)
SOURCE_COLUMNS = ("source", "claimant", "publisher", "published", "confidence", "link")
#: Keys of the file itself that are no numbers.
_TEXT_KEYS = ("title", "note", "start", "end", "evidence", "draws")
_NOTES = {"draws": "The samples of this file replace the draws of its columns; see the sheet outcomes."}


class InputTables(NamedTuple):
    """The two tables of inputs.

    Attributes
    ----------
    inputs : DataFrame
        One row per number of a stored scenario, with columns `INPUT_COLUMNS`; of a comparison, also one row
        per scenario.
    sources : DataFrame
        One row per source, with columns `SOURCE_COLUMNS`.
    """

    inputs: pd.DataFrame
    sources: pd.DataFrame


def read_inputs(folder: Path) -> InputTables:
    """Return the inputs of a result folder.

    Raises
    ------
    StorageError
        If a file is missing or modified.
    ScenarioError
        If a stored scenario is not valid for this version.
    """
    import pandas as pd

    manifest = read_manifest(folder)
    names = [name for name in manifest["files"] if name.endswith(".yaml") and name != STUDY_FILE]
    texts = read_files(folder, manifest["files"], names)
    compared = {about.get("file"): name for name, about in manifest.get("scenarios", {}).items()}
    scenarios = {
        compared.get(name, Path(name).stem): _StoredScenario.load(name, data) for name, data in texts.items()
    }
    known = _sources_by_id(manifest, [each.scenario for each in scenarios.values()])
    rows = list(_compared_rows(manifest))
    sampled = manifest.get(SAMPLED_KEY, {})
    medians = {compared.get(name, Path(name).stem): sampled[name] for name in sampled}
    for stem, each in scenarios.items():
        rows += _input_rows(stem, each, known, medians.get(stem, {}))
    described = [_source_row(source) for source in known.values()]
    return InputTables(
        pd.DataFrame(rows, columns=list(INPUT_COLUMNS), dtype=object),
        pd.DataFrame(described, columns=list(SOURCE_COLUMNS), dtype=object),
    )


class _StoredScenario(NamedTuple):
    """A resolved scenario of a result folder, and its tree as written."""

    tree: MapNode
    scenario: Scenario

    @classmethod
    def load(cls, name: str, data: bytes) -> _StoredScenario:
        """Load a scenario without the tables and Python rules that it names: a result folder has neither."""
        faults: list[Fault] = []
        tree = read_bytes(data, name, faults)
        settings = [f"{key}=null" for key in ("evidence", "draws") if key in tree]
        own = dict.fromkeys(_rule_names(tree) - set(RULES), proportional)
        return cls(tree, load_file(Path(name), None, settings, rules=own, data=data))


def _rule_names(tree: MapNode) -> set[str]:
    names = set()
    consumers = tree.get("consumption")
    for consumer in consumers.values() if isinstance(consumers, MapNode) else ():
        rationing = consumer.get("rationing") if isinstance(consumer, MapNode) else None
        rule = rationing.get("rule") if isinstance(rationing, MapNode) else None
        if isinstance(rule, TextNode):
            names.add(rule.text)
    return names


def _input_rows(
    stem: str, stored: _StoredScenario, known: Mapping[str, Source], sampled: Mapping[str, float]
) -> Iterator[tuple[Any, ...]]:
    draws = stored.tree.get("draws")
    file = draws.text if isinstance(draws, TextNode) else ""
    for key in _TEXT_KEYS:
        node = stored.tree.get(key)
        if isinstance(node, TextNode) and node.text:
            value = getattr(stored.scenario, key) if key in {"start", "end"} else None
            yield (stem, key, node.text, value, None, None, None, None, _NOTES.get(key))
    for listed in list_cited_numbers(stored.scenario):
        quantity = listed.quantity
        ids = [_id_of(source) for source in quantity.sources]
        claimants = dict.fromkeys(known[each].claimant for each in ids if each in known)
        value, drawn = _value(listed), _drawn(listed)
        if quantity.path in sampled:
            value = _sampled_value(listed, sampled[quantity.path], stored.scenario.start)
            drawn = f"replaced by {file} (value: median)"
        yield (
            *(stem, quantity.path, quantity.written, value, quantity.unit.value, drawn),
            *("; ".join(ids) or None, "; ".join(filter(None, claimants)) or None, quantity.note or None),
        )


def _value(listed: ListedNumber) -> float | dt.date | str:
    quantity = listed.quantity
    if quantity.after:
        return date_text(quantity.value, quantity.after)
    return dt.date.fromordinal(round(quantity.value)) if quantity.unit is Unit.DATE else quantity.value


def _sampled_value(listed: ListedNumber, median: float, start: dt.date) -> float | dt.date:
    """Return the median of a column of joint samples, in which dates are days from the start."""
    if listed.quantity.unit is not Unit.DATE:
        return median
    return start + dt.timedelta(days=round(median))


def _drawn(listed: ListedNumber) -> str | None:
    if listed.is_spread:
        return "spread" if listed.quantity.law is None else "spread (value: median)"
    if listed.quantity.law is None:
        return None
    return "each time (value: median)" if listed.is_drawn_each_time else "once a run (value: median)"


def _compared_rows(manifest: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for name, about in manifest.get("scenarios", {}).items():
        text = f"{about['title']} (SHA-256 {about['digest']})"
        yield (name, None, text, None, None, None, None, None, None)


def _id_of(source: str | Citation) -> str:
    return source.url if isinstance(source, Citation) else source


def _sources_by_id(manifest: Mapping[str, Any], scenarios: Sequence[Scenario]) -> dict[str, Source]:
    """Return the sources of a result: those of its manifest, and of numbers that a study varies."""
    found = {source["id"]: Source(**source) for source in manifest.get("sources", ())}
    table = evidence.load()
    for scenario in scenarios:
        for listed in list_cited_numbers(scenario):
            for source in listed.quantity.sources:
                if _id_of(source) not in found:
                    found[_id_of(source)] = _describe(source, table)
    return dict(sorted(found.items()))


def _describe(source: str | Citation, table: evidence.Table) -> Source:
    if isinstance(source, Citation):
        published = source.published.isoformat() if source.published else ""
        return Source(source.url, source.claimant, published=published)
    row = table.get(source)
    if row is None:
        return Source(source)
    published = row.published.isoformat() if row.published else ""
    return Source(row.id, row.claimant, row.publisher, published, row.confidence)


def _source_row(source: Source) -> tuple[Any, ...]:
    row = evidence.load().get(source.id)
    is_link = source.id.startswith(("http://", "https://"))
    link = source.id if is_link else row.url if row is not None else None
    published = dt.date.fromisoformat(source.published) if source.published else None
    texts = (source.claimant or None, source.publisher or None)
    return (source.id, *texts, published, source.confidence or None, link or None)
