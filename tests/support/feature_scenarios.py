"""Ten scenarios as plain data, each a stress test of one feature."""

from __future__ import annotations

from typing import Any

Plain = dict[str, Any]
MUNITIONS: Plain = {"a": {"gross_mass": {"low": "45 kg", "high": "55 kg"}}, "b": {"gross_mass": "25 kg"}}
MIX: Plain = {"a": {"low": "20%", "high": "70%"}, "b": {"low": "10%", "high": "50%"}}
FRONT: Plain = {"front": {"rate": {"a": "900/day", "b": "400/day"}, "daily_variation": "40%"}}


def scenario_data(depots: Plain, munitions: Plain | None = None, **sections: Any) -> Plain:
    """Return a scenario of half a year from 1 September."""
    head = {"schema": 1, "start": "2023-09-01", "end": "2024-03-01", "depots": depots}
    return {**head, **({"munitions": munitions} if munitions else {}), **sections}


def mixed_tonnes() -> Plain:
    """All quantities in tonnes, with random masses and mixes."""
    ally = {
        "offered": {
            "by_date": {"2023-09-01": "20 t/day", "2024-01-01": {"mean": "60 t/day", "sd": "20 t/day"}},
            "between": "linear",
        },
        "mix": MIX,
        "lead_time": {"exponential": "9 days"},
        "under_way": {"low": "100 t", "high": "300 t"},
        "reserve": {"stock": {"low": "50k", "high": "90k"}, "production": "300/day"},
        "serviceable": {"a": {"low": "40%", "high": "90%"}, "b": "90%"},
    }
    other = {
        "deliveries": {"2023-10-01": {"low": "100 t", "high": "900 t"}, "2023-12-24": "1 kt"},
        "mix": MIX,
        "lead_time": "3 days",
    }
    depots = {
        "depot": {"stock": {"a": "1 kt", "b": {"mean": "300 t", "cv": 0.5}}, "unserviceable": {"a": "2 kt"}}
    }
    line = {
        "works": {
            "rate": {"a": "15 t/day", "b": {"low": "100 t/month", "high": "300 t/month"}},
            "growth": {"low": "-3%", "high": "5%"},
        }
    }
    front = {
        "front": {
            "rate": {"a": "40 t/day", "b": "10 t/day"},
            "rationing": {"rule": "controlled", "cover": "20 days"},
        }
    }
    return scenario_data(
        depots, MUNITIONS, shipments={"ally": ally, "other": other}, production=line, consumption=front
    )


def crowded_gate() -> Plain:
    """A depot that is always full, with five inflows in the same seconds and occasional fires."""
    ways: Plain = {
        name: {
            "offered": f"{each}/day",
            "mix": {"a": "50%", "b": "50%"},
            "lead_time": "36 h",
            "serviceable": "75%",
        }
        for name, each in (("z", 500), ("A", 300))
    }
    ways["fleet"] = {
        "mix": {"a": "10%", "b": "90%"},
        "route": [{"vehicles": 4, "capacity": "900 shells", "travel": "1 day"}],
    }
    return scenario_data(
        {
            "depot": {
                "stock": {"a": 7000},
                "capacity": {"low": "9k", "high": "12k"},
                "unserviceable": {"b": 9000},
            }
        },
        MUNITIONS,
        shipments=ways,
        production={
            "p": {"rate": {"a": "120/day", "b": "60/day"}},
            "P": {"rate": {"b": "75/day"}, "lead_time": {"low": "0 days", "high": "9 days"}},
        },
        refurbishment={
            "w": {"rate": "300/day", "yield": "60%"},
            "W": {"rate": "100/day", "yield": {"a": "90%", "b": "80%"}},
        },
        consumption=FRONT,
        events={"fires": {"every": {"exponential": "20 days"}, "destroys": {"low": "10%", "high": "90%"}}},
    )


def many_fires() -> Plain:
    """Several fires on one day, by share and by number, larger than the stock."""
    events: Plain = {
        f"e{n}": {"every": {"low": "6 h", "high": "60 h"}, "destroys": blow}
        for n, blow in enumerate(({"low": "0%", "high": "30%"}, {"exponential": "2k shells"}))
    }
    events["blast"] = {"date": "2023-12-01", "destroys": "1M shells"}
    events["second"] = {"date": "2023-12-01", "destroys": "50%"}
    depots = {"depot": {"stock": "20k", "unserviceable": {"low": "5k", "high": "9k"}}}
    supply = {"ally": {"offered": "3k/day", "lead_time": "2 days", "serviceable": "50%"}}
    return scenario_data(depots, shipments=supply, events=events, consumption={"front": {"rate": "1k/day"}})


def web_of_transfers() -> Plain:
    """Transfers with and without `keep` that compete for one depot, in a cycle, into a depot with a gate."""
    depots = {
        "rear": {"stock": {"a": "30k", "b": "20k"}},
        "mid": {"stock": {"a": 0}, "capacity": "9k"},
        "east": {"stock": {"a": "3 days", "b": "1 day"}},
        "west": {"stock": "2 days", "capacity": "1500"},
    }
    transfers = {
        "t1": {"from": "rear", "to": "mid", "capacity": "1500/day", "lead_time": "2 days"},
        "t2": {"from": "mid", "to": "east", "keep": {"a": "4 days", "b": {"low": "1 day", "high": "9 days"}}},
        "t3": {
            "from": "mid",
            "to": "west",
            "keep": "6 days",
            "capacity": {"by_date": {"2023-09-01": "200/day", "2023-11-01": "2k/day"}, "between": "linear"},
        },
        "t4": {
            "from": "rear",
            "to": "west",
            "keep": "9 days",
            "lead_time": {"low": "0 days", "high": "12 days"},
        },
        "t5": {"from": "west", "to": "rear", "capacity": "100/day"},
    }
    fronts = {
        "e": {"at": "east", "rate": {"a": "300/day", "b": "200/day"}, "daily_variation": 0.5},
        "w": {"at": "west", "rate": {"a": "250/day"}},
        "w2": {"at": "west", "rate": {"b": "90/day"}},
    }
    events: Plain = {
        "cut": {
            "every": "20 days",
            "last": {"low": "1 day", "high": "9 days"},
            "stops": "transfers.t4",
            "share": {"low": 0, "high": 1},
        },
        "wide": {"from": "2023-12-01", "multiplies": "transfers.t1.capacity", "factor": 2.5},
    }
    line = {"works": {"to": "rear", "rate": {"a": "400/day", "b": "300/day"}}}
    return scenario_data(
        depots, MUNITIONS, transfers=transfers, consumption=fronts, production=line, events=events
    )


def closed_port() -> Plain:
    """Three legs with berths at both ends, closures at odd hours, and trains that depart full."""
    route = [
        {
            "vehicles": 3,
            "capacity": "200 containers",
            "load": {"low": "6 h", "high": "40 h"},
            "travel": {"low": "1 day", "high": "3 days"},
            "unload": "1 day",
            "berths": 1,
            "unloading_berths": 1,
        },
        {
            "vehicles": 5,
            "capacity": {"low": "50 containers", "high": "90 containers"},
            "load": "6 h",
            "travel": "2 days",
            "unload": "12 h",
            "departs": "full",
            "unloading_berths": 2,
        },
        {"capacity": "30 containers", "travel": {"exponential": "1 day"}},
    ]
    ally = {
        "route": route,
        "shells_per_container": {"a": 120, "b": {"low": 200, "high": 300}},
        "mix": MIX,
        "reserve": "2M",
        "under_way": {"low": "300 containers", "high": "900 containers"},
        "first": {"low": "0 days", "high": "20 days"},
        "until": "120 days",
    }
    events: Plain = {
        "port": {
            "every": {"low": "30 h", "high": "10 days"},
            "last": {"low": "5 h", "high": "4 days"},
            "stops": "shipments.ally",
        },
        "line": {"every": "6 days", "last": "31 h", "stops": "shipments.ally.route.1"},
        "bridge": {"from": "2023-10-10", "until": "2023-10-20", "stops": "shipments.ally.route.2"},
        "past": {"date": "2023-08-01", "stops": "shipments.ally.route.0"},
    }
    return scenario_data(
        {"depot": {"stock": {"a": 0}}}, MUNITIONS, shipments={"ally": ally}, consumption=FRONT, events=events
    )


def growing_reserves() -> Plain:
    """Fleets and lots limited by the production of their suppliers."""
    reserve = {
        "stock": "900",
        "production": {
            "by_date": {"2023-09-01": "90/day", "2023-12-01": "700/day", "2024-02-01": "0/day"},
            "between": "linear",
        },
    }
    leg = {"vehicles": 3, "capacity": "500 shells", "travel": "18 h"}
    ships = {
        "endless": {"route": [leg], "reserve": reserve},
        "offered": {
            "route": [{**leg, "departs": "any"}],
            "offered": {"low": "100/day", "high": "400/day"},
            "reserve": reserve,
        },
        "full": {"route": [leg], "offered": "170/day", "reserve": reserve},
        "given": {
            "route": [leg],
            "deliveries": {"2023-09-09": 1700, "2023-12-09": 99, "2024-02-20": "5k"},
            "reserve": reserve,
        },
        "lots": {"lead_time": "5 days", "offered": "200/day", "reserve": reserve},
        "last": {"route": [leg], "offered": "170/day", "reserve": 7777},
    }
    return scenario_data({"depot": {"stock": 0}}, shipments=ships, consumption={"front": {"rate": "1k/day"}})


def worn_barrels() -> Plain:
    """Two consumers at one depot, both limited by guns, barrels and rationing."""
    guns = {
        "guns": {"low": 40, "high": 60},
        "rounds_per_gun": 20,
        "barrel_life": {"mean": 300, "sd": 90},
        "barrels": {
            "stock": {"low": 20, "high": 70},
            "production": {"by_date": {"2023-09-01": "1/day", "2024-02-01": "5/day"}, "between": "linear"},
        },
    }
    fronts = {
        "north": {
            "rate": {"a": "900/day", "b": "200/day"},
            "daily_variation": 0.6,
            "rationing": {"rule": "proportional", "cover": {"low": "10 days", "high": "40 days"}},
            **guns,
        },
        "south": {
            "rate": {"a": {"by_date": {"2023-09-01": "0/day", "2023-12-01": "1500/day"}}},
            "rationing": {"rule": "controlled", "cover": "15 days"},
            **guns,
        },
    }
    line = {"works": {"rate": {"a": "350/day", "b": "90/day"}}}
    surge = {
        "surge": {
            "from": "2023-11-01",
            "until": "2023-11-20",
            "multiplies": "consumption.north.rate",
            "factor": {"low": 1, "high": 3},
        }
    }
    return scenario_data(
        {"depot": {"stock": {"a": "25k", "b": "9 days"}}},
        MUNITIONS,
        consumption=fronts,
        production=line,
        events=surge,
    )


def restless_lines() -> Plain:
    """Lines with overlapping outages, stops and factors, and lots that overtake each other."""
    outages = {
        "every": {"mean": "9 days", "cv": 1},
        "last": {"exponential": "4 days"},
        "share": {"low": 0, "high": 1},
    }
    lines = {
        "one": {
            "rate": {"a": "300/day", "b": "1 t/day"},
            "outages": outages,
            "lead_time": {"low": "0 days", "high": "20 days"},
        },
        "two": {"rate": {"b": "90/day"}, "growth": "10%", "outages": {"every": "5 days", "last": "30 min"}},
    }
    events: Plain = {
        f"x{n}": {
            "every": {"low": "1 h", "high": "3 days"},
            "last": {"low": "1 h", "high": "5 days"},
            "multiplies": "production.one.rate",
            "factor": {"low": 0.5, "high": 1.6},
        }
        for n in range(3)
    }
    events["strike"] = {
        "from": "2023-11-11",
        "stops": "production.two",
        "share": {"low": "10%", "high": "90%"},
    }
    return scenario_data(
        {"depot": {"stock": {"a": 0}}}, MUNITIONS, production=lines, consumption=FRONT, events=events
    )


def busy_workshops() -> Plain:
    """Unserviceable shells of two suppliers, three workshops at two depots, and occasional fires."""
    dud = {"mix": MIX, "lead_time": "2 days", "serviceable": {"low": "0%", "high": "60%"}}
    ships = {
        "x": {"to": "d1", "offered": "5 containers/day", "shells_per_container": {"a": 100, "b": 150}, **dud},
        "y": {"to": "d2", "offered": "400/day", **dud},
    }
    work = {
        "w1": {"at": "d1", "rate": "150/day", "yield": {"a": {"low": "30%", "high": "90%"}, "b": "50%"}},
        "w0": {
            "at": "d1",
            "rate": {"by_date": {"2023-09-01": "0/day", "2024-01-01": "900/day"}, "between": "linear"},
            "yield": "80%",
        },
        "w2": {"at": "d2", "rate": "10k/day", "yield": "100%"},
    }
    events: Plain = {
        "slow": {
            "every": "9 days",
            "last": "5 days",
            "multiplies": "refurbishment.w1.rate",
            "factor": {"low": 0, "high": 2},
        },
        "shut": {"date": "2023-10-01", "stops": "refurbishment.w2"},
        "burn": {"every": {"low": "9 days", "high": "30 days"}, "at": "d1", "destroys": "700 shells"},
    }
    fronts = {
        "f": {"at": "d1", "rate": {"a": "150/day"}},
        "g": {"at": "d2", "rate": {"a": "150/day", "b": "60/day"}},
    }
    return scenario_data(
        {"d1": {"stock": {"a": 500}, "unserviceable": {"b": "6k"}}, "d2": {"stock": "8 days"}},
        MUNITIONS,
        shipments=ships,
        refurbishment=work,
        events=events,
        consumption=fronts,
    )


def fickle_donor() -> Plain:
    """Lots with random first day, last day, share and offer, and partial stops."""
    ally = {
        "offered": {
            "by_date": {
                "2023-09-01": "9 containers/day",
                "2023-12-01": {"choices": {"0 containers/day": 1, "30 containers/day": 2}},
            }
        },
        "shells_per_container": {"low": 90, "high": 110},
        "mix": {"a": "0%", "b": "100%"},
        "first": {"low": "2023-08-20", "high": "2023-10-20"},
        "until": {"low": "2023-12-01", "high": "2024-04-01"},
        "lead_time": {"median": "5 days", "p95": "20 days"},
        "reserve": {"exponential": "90k"},
    }
    events: Plain = {
        "part": {
            "every": "12 days",
            "last": {"exponential": "5 days"},
            "stops": "shipments.ally",
            "share": {"low": "20%", "high": "100%"},
        },
        "gift": {
            "from": "2023-11-01",
            "until": "2023-12-01",
            "multiplies": "shipments.ally.offered",
            "factor": {"mean": 1.5, "sd": 1},
        },
    }
    return scenario_data(
        {"depot": {"stock": "12 days"}}, MUNITIONS, shipments={"ally": ally}, events=events, consumption=FRONT
    )


def old_shells() -> Plain:
    """Shelf lives of months and of days, every order of issue, ages that travel, wait and are renewed."""
    gift = {"mix": MIX, "lead_time": "3 days", "serviceable": "70%"}
    depots = {
        "d1": {
            "stock": {"a": "9k", "b": "4k"},
            "capacity": "15k",
            "age": {"a": {"low": "0 days", "high": "9 months"}, "b": {"20 days": "70%", "3 days": "30%"}},
            "issue": "lifo",
        },
        "d2": {"stock": {"a": "2k"}, "age": "5 days", "unserviceable": {"b": 500}},
        "d3": {"stock": {"b": "8 days"}, "age": {"b": {"mean": "9 days", "sd": "6 days"}}, "issue": "mixed"},
    }
    munitions = {
        "a": {"shelf_life": {"low": "7 months", "high": "10 months"}},
        "b": {"shelf_life": "30 days", "expired": "unserviceable"},
    }
    sections: Plain = {
        "production": {"works": {"to": "d1", "rate": {"a": "150/day", "b": "90/day"}}},
        "shipments": {
            "x": {"to": "d2", "offered": "300/day", "age": {"mean": "25 days", "sd": "20 days"}, **gift},
            "y": {"to": "d1", "deliveries": {"2023-10-05": "9k", "2024-02-01": "4k"}, "age": "1 day", **gift},
        },
        "refurbishment": {
            "shop": {"at": "d2", "rate": "90/day", "yield": "60%"},
            "yard": {"at": "d3", "rate": "40/day", "yield": "80%"},
        },
        "transfers": {
            "r1": {"from": "d1", "to": "d2", "capacity": "250/day", "lead_time": "2 days"},
            "r2": {
                "from": "d2",
                "to": "d3",
                "keep": "12 days",
                "lead_time": {"low": "1 day", "high": "9 days"},
            },
            "r3": {"from": "d2", "to": "d1", "capacity": "60/day"},
        },
        "events": {"burn": {"every": "25 days", "at": "d1", "destroys": "20%"}},
        "consumption": {
            "f": {"at": "d3", "rate": {"a": "90/day", "b": "120/day"}, "daily_variation": "40%"},
            "g": {"at": "d1", "rate": {"a": "60/day"}},
        },
    }
    return scenario_data(depots, munitions, **sections)


FEATURES = {
    each.__name__: each
    for each in (
        mixed_tonnes,
        crowded_gate,
        many_fires,
        web_of_transfers,
        closed_port,
        growing_reserves,
        worn_barrels,
        restless_lines,
        busy_workshops,
        fickle_donor,
        old_shells,
    )
}
