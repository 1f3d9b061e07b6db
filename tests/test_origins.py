"""Origins of a depot: those whose shells can arrive there, and no others."""

from __future__ import annotations

from typing import Any

from sim.account import HELD, Kind
from sim.model.origins import origins_by_depot
from sim.model.run import run_once
from sim.scenario.loader import load_plain
from sim.scenario.result_axes import result_axes
from sim.scenario.scenario import Scenario

DEPOTS = ("arsenal", "hub", "east", "west", "island")


def scenario(roads: list[tuple[str, str]], **sections: Any) -> Scenario:
    """Return five depots with a line of its own at the arsenal, in the east and on the island."""
    plain = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-02-01",
        "depots": {name: {"stock": "1k"} for name in DEPOTS},
        "production": {
            f"works-{name}": {"to": name, "rate": "10/day"} for name in ("arsenal", "east", "island")
        },
        "transfers": {f"{source}-{target}": {"from": source, "to": target} for source, target in roads},
        "consumption": {"front": {"at": "east", "rate": "5/day"}},
    }
    return load_plain({**plain, **sections}, None)


def told_apart(given: Scenario) -> dict[str, set[str]]:
    return {depot: set(names) for depot, names in origins_by_depot(given, result_axes(given).origins).items()}


def test_without_transfers_each_depot_has_its_own() -> None:
    assert told_apart(scenario([])) == {
        "arsenal": {"initial", "works-arsenal"},
        "hub": {"initial"},
        "east": {"initial", "works-east"},
        "west": {"initial"},
        "island": {"initial", "works-island"},
    }


def test_transfers_bring_on_what_others_brought_whatever_their_order() -> None:
    roads = [("hub", "east"), ("hub", "west"), ("arsenal", "hub")]
    far = {"initial", "works-arsenal"}
    for order in (roads, roads[::-1]):
        assert told_apart(scenario(order)) == {
            "arsenal": far,
            "hub": far,
            "east": {*far, "works-east"},
            "west": far,
            "island": {"initial", "works-island"},
        }


def test_in_a_circle_everything_comes_everywhere() -> None:
    found = told_apart(scenario([("arsenal", "east"), ("east", "west"), ("west", "arsenal")]))
    everywhere = {"initial", "works-arsenal", "works-east"}
    assert [found[name] for name in ("arsenal", "east", "west")] == [everywhere] * 3


def test_what_is_refurbished_or_shipped_is_told_apart_where_it_comes() -> None:
    given = scenario(
        [("arsenal", "hub")],
        refurbishment={"shop": {"at": "arsenal", "rate": "1/day", "yield": "50%"}},
        shipments={"friend": {"to": "west", "offered": "1/day", "lead_time": "2 days"}},
    )
    found = told_apart(given)
    assert "refurbished" in found["arsenal"] & found["hub"]
    assert found["west"] == {"initial", "friend"}
    assert not {"refurbished", "friend"} & found["island"]


def test_a_ledger_grows_with_the_depots_and_not_with_their_square() -> None:
    def entered(count: int) -> int:
        names = [f"depot{number}" for number in range(count)]
        ledger = run_once(
            scenario(
                [],
                depots={name: {"stock": "1k"} for name in names},
                production={f"works-{name}": {"to": name, "rate": "10/day"} for name in names},
                consumption={f"front-{name}": {"at": name, "rate": "5/day"} for name in names},
            ),
            1,
            0,
        )
        assert ledger.balance_error() < 1e-12
        return sum(kind in (HELD, Kind.FIRED) for _, origin, kind in ledger.columns if origin >= 0)

    assert [entered(count) for count in (1, 2, 4)] == [4, 8, 16]
