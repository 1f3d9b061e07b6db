"""Results of small scenarios that are hard to draw: short, long, empty, with many or long names."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import sim
from sim.results.result import Result

LONG_NAME = "Depot of the Northern and Eastern Army Group near the Frontier"
HEBREW = "\u05de\u05d7\u05e1\u05df \u05d4\u05e6\u05e4\u05d5\u05df"
ROUTE = """
    shells_per_container: 200
    route:
      - {by: sea, from: a, to: b, vehicles: 2, capacity: 40 containers, load: 2 days,
         travel: {low: 1 day, high: 5 days}, unload: 1 day}
      - {by: rail, from: b, to: d, capacity: 20 containers, load: 1 day, travel: 9 days, unload: 1 day}
"""
PLAIN = "schema: 1\nstart: 2023-09-16\n"
SUPPLY = f"shipments:\n  north:{ROUTE}production: {{plant: {{rate: 3k/day}}}}\n"
SCENARIOS = {
    "one run": "end: 2024-03-16\ndepots: {d: {stock: 500k}}\nconsumption: {front: {rate: 10k/day}}\n"
    + SUPPLY,
    "never": "end: 2024-03-16\ndepots: {d: {stock: 9M}}\nconsumption: {front: {rate: 10k/day}}\n" + SUPPLY,
    "at once": "end: 2024-03-16\ndepots: {d: {stock: 0}}\nconsumption: {front: {rate: 10k/day}}\n" + SUPPLY,
    "one day": "end: 2023-09-17\ndepots: {d: {stock: 1M}}\nconsumption: {front: {rate: 10k/day}}\n" + SUPPLY,
    "ten years": "end: 2033-09-16\ndepots: {d: {stock: {low: 9M, high: 20M}}}\n"
    "consumption: {front: {rate: 10k/day}}\n" + SUPPLY,
    "twelve suppliers": "end: 2024-03-16\ndepots: {d: {stock: {low: 1M, high: 2M}}}\n"
    "consumption: {front: {rate: 20k/day}}\nshipments:\n"
    + "".join(f"  country-{n}:{ROUTE.replace('200', str(20 * n))}" for n in range(1, 13)),
    "long names": f"title: {LONG_NAME * 3}\nend: 2024-03-16\n"
    f"depots: {{d: {{stock: {{low: 1M, high: 2M}}, label: {LONG_NAME}}},"
    f" e: {{stock: 100k, label: Second {LONG_NAME}}}}}\n"
    "transfers: {t: {from: e, to: d, capacity: 2k/day}}\n"
    f"consumption: {{front: {{rate: 10k/day, at: d, label: {LONG_NAME}}}, rear: {{rate: 1k/day, at: e}}}}\n"
    f"production: {{plant: {{rate: 3k/day, to: d, label: Plant {LONG_NAME}}}}}\n"
    f"shipments:\n  north:\n    label: Sea {LONG_NAME}\n    to: d{ROUTE}",
    "right to left": "end: 2024-03-16\n"
    f"depots: {{d: {{stock: {{low: 1M, high: 2M}}, label: {HEBREW}}}}}\n"
    f"consumption: {{front: {{rate: 10k/day, label: {HEBREW}}}}}\n"
    f"production: {{plant: {{rate: 3k/day, label: {HEBREW[:4]}}}}}\n"
    f"shipments:\n  north:\n    label: {HEBREW}{ROUTE}",
    "known places": "end: 2023-12-16\n"
    "depots: {d: {stock: 1M, label: Depot at Tikhoretsk}, e: {stock: 10k}}\n"
    "transfers: {t: {from: d, to: e, capacity: 20k/day, lead_time: 3 days}}\n"
    "consumption: {front: {rate: 10k/day, at: e}}\n"
    f"shipments:\n  north:{ROUTE}    to: d\n".replace("from: a, to: b", "from: Najin, to: Dunay").replace(
        "from: b, to: d", "from: Dunay, to: Tikhoretsk"
    ),
    "no consumer": "end: 2024-03-16\ndepots: {d: {stock: 1M}}\nproduction: {plant: {rate: 3k/day}}\n",
}


@cache
def awkward_result(name: str) -> Result:
    """Return a result of few runs, made once."""
    runs = 1 if name in {"one run", "one day"} else 2 if name == "ten years" else 4
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "s.yaml")
        path.write_text(PLAIN + SCENARIOS[name], "utf-8")
        return sim.run(path, runs=runs, engine="simpy")


@cache
def money_result() -> Result:
    """Return a result with money and a budget, which no awkward one has."""
    return sim.run(
        Path(__file__).parents[2] / "scenarios" / "contract-with-budget.yaml", runs=2, engine="simpy"
    )


@cache
def service_result() -> Result:
    """Return a result that lists its consumers, which no awkward one does."""
    return sim.run(Path(__file__).parents[2] / "scenarios" / "training-waits.yaml", runs=2, engine="simpy")
