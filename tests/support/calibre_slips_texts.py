"""Slips in the text of `two-calibres.yaml`: duplicate keys, and faults in files that extend it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.support.calibre_slips import FILE, PAGE, ExpectedMessage
from tests.support.scenario_text import ScenarioText


class ChildFile(NamedTuple):
    """A file that extends `two-calibres.yaml`, with the messages expected for each of the two."""

    name: str
    text: str
    messages: tuple[ExpectedMessage, ...] = ()
    of_ours: tuple[ExpectedMessage, ...] = ()


def duplicate_keys() -> Iterator[tuple[str, str, ExpectedMessage]]:
    """Yield texts with a duplicate key, its name, and the message expected for the second."""
    for path, key in PAGE.keys.items():
        if PAGE.is_block(path):
            continue
        again = PAGE.text[key.at : key.value_end]
        between = ", " if key.indent is None else "\n" + " " * key.indent
        text = PAGE.text[: key.at] + again + between + PAGE.text[key.at :]
        line, _ = PAGE.place(path, key=True)
        name = path.rpartition(".")[2]
        problem = f"the key {name!r} stands here again, first on line {line}"
        yield path, text, ExpectedMessage(path, problem, "each key once", on_key=True)


def child_file(
    name: str, lines: str, *messages: ExpectedMessage, of_ours: tuple[ExpectedMessage, ...] = ()
) -> ChildFile:
    return ChildFile(name, f"extends: {FILE.name}\n{lines}\n", messages, of_ours)


def _unknown_122mm(paths: tuple[str, ...]) -> tuple[ExpectedMessage, ...]:
    return tuple(
        ExpectedMessage(path, "unknown key '122mm'", "152mm", "152mm", on_key=True) for path in paths
    )


def child_files() -> Iterator[ChildFile]:
    """Yield files that extend `two-calibres.yaml` with a dangling reference or a conflict."""
    keep = ExpectedMessage("transfers.railhead.keep", "keep needs a consumer", "add a consumer", on_key=True)
    stops = ExpectedMessage(
        "events.port-closed.stops", "'shipments.dprk' cannot be stopped", "production.factories"
    )
    grows = ExpectedMessage(
        "events.offensive.multiplies", "'consumption.guns.rate' cannot be", "production.factories.rate"
    )
    yield child_file("no supplier", "shipments: {dprk: null}", of_ours=(stops,))
    yield child_file("no suppliers", "shipments: null", of_ours=(stops,))
    yield child_file("no consumer", "consumption: {guns: null}", of_ours=(keep, grows))
    yield child_file(
        "no front",
        "depots: {front: null}",
        of_ours=(
            ExpectedMessage("transfers.railhead.to", "unknown depot 'front'", "arsenals"),
            ExpectedMessage("consumption.guns.at", "unknown depot 'front'", "arsenals"),
        ),
    )
    yield child_file(
        "no arsenals",
        "depots: {arsenals: null}",
        of_ours=tuple(
            ExpectedMessage(path, "unknown depot 'arsenals'", "front")
            for path in (
                "production.factories.to",
                "refurbishment.workshops.at",
                "shipments.dprk.to",
                "transfers.railhead.from",
                "events.depot-fire.at",
                "events.accidents.at",
            )
        ),
    )
    yield child_file(
        "one munition less",
        "munitions: {122mm: null}",
        of_ours=_unknown_122mm(
            (
                "depots.arsenals.stock.122mm",
                "depots.arsenals.unserviceable.122mm",
                "depots.front.stock.122mm",
                "production.factories.rate.122mm",
                "shipments.dprk.mix.122mm",
                "shipments.dprk.shells_per_container.122mm",
                "consumption.guns.rate.122mm",
            )
        ),
    )
    for section, name, wrong in (
        ("shipments", "dprk", "drpk"),
        ("production", "factories", "factory"),
        ("events", "offensive", "ofensive"),
        ("depots", "front", "fron"),
        ("transfers", "railhead", "railway"),
    ):
        at = f"{section}.{wrong}"
        near = name if wrong != "railway" else "railhead"
        yield child_file(
            f"null for {at}",
            f"{section}: {{{wrong}: null}}",
            ExpectedMessage(at, "null removes nothing", name, near, on_key=True),
        )
    for path, problem, allowed in (
        ("depots.front.stock", "'stock' is required", ""),
        ("production.factories.rate", "'rate' is required", ""),
        ("refurbishment.workshops.yield", "'yield' is required", ""),
        ("consumption.guns.at", "required with several depots", "arsenals, front"),
        ("events.offensive.factor", "needs a factor", "1.6"),
        ("shipments.dprk.offered", "somebody must say", "offered, or deliveries"),
        ("shipments.dprk.mix", "'mix' is required", "a share for each"),
        ("shipments.dprk.shells_per_container", "'shells_per_container' is required", "300"),
    ):
        section, name, key = path.split(".")
        message = ExpectedMessage(f"{section}.{name}", problem, allowed, on_key=True, path=path)
        yield child_file(f"no {path}", f"{section}: {{{name}: {{{key}: null}}}}", message)
    yield child_file(
        "an event that is left with nothing to do",
        "events: {port-closed: {stops: null}}",
        ExpectedMessage("events.port-closed", "the event does nothing", "one of stops", on_key=True),
    )
    yield child_file(
        "a share that is 80",
        "refurbishment: {workshops: {yield: 80}}",
        ExpectedMessage("refurbishment.workshops.yield", "80% is 0.8", "a share"),
    )
    yield child_file(
        "a component that is new, and misspelt",
        "production: {iran: {to: arsenals, rates: {152mm: 1k/day}}}",
        ExpectedMessage("production.iran.rates", "unknown key 'rates'", "to, rate", "rate", on_key=True),
    )
    yield child_file(
        "a mix that is replaced as a whole",
        "shipments: {dprk: {mix: {152mm: 70%}}}",
        ExpectedMessage("shipments.dprk.mix", "add up to 0.7", "100 %"),
    )
    yield child_file(
        "a mass that others count on",
        "depots: {front: {stock: {152mm: 20 kt, 122mm: 9 kt}}}\nmunitions: {122mm: {gross_mass: null}}",
        ExpectedMessage("depots.front.stock.122mm", "tonnes of 122mm need its gross_mass", "munitions.122mm"),
    )
    yield child_file(
        "an end before the start",
        "end: 2023-01-01",
        ExpectedMessage("end", "not after the start", "2024-01-01"),
    )
    yield child_file(
        "a schema of another version", "schema: 2", ExpectedMessage("schema", "format '2' is not known", "1")
    )
    yield child_file(
        "a start that puts the deal's end before it",
        "shipments: {dprk: {until: 2024-06-01}}\nstart: 2024-08-01",
        ExpectedMessage("shipments.dprk.until", "until is not after first", "a later date"),
    )
    yield ChildFile(
        "a file of another name",
        "extends: two-calibers.yaml\n",
        (ExpectedMessage("extends", "two-calibers.yaml", "a scenario file", "two-calibres.yaml"),),
    )


def position_of(message: ExpectedMessage, text: str) -> tuple[int, int]:
    return ScenarioText.of(text).place(message.at, key=message.on_key)
