"""Generated scenarios that mix all features, on both engines: every figure is compared bit for bit.

    python benchmarks/generated.py --cases 20000 --seed 1 [--reference]

The scenarios are those of `tests/support/dated_scenarios.py`; each has a run of its own among two others
of a block. With ``--reference`` the second, independent account of the tests computes it as well. Prints each
difference with the scenario, and at the end how many cases
reached each hard place of `tests/support/hard_cases.py`; ends with 1 if any differs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed

from sim.model.run import run_once
from sim.scenario.loader import load_plain

ROOT = Path(__file__).parent.parent

if TYPE_CHECKING:
    from tests.support.dated_scenarios import mixed_scenarios
    from tests.support.engine_comparison import run_differences
    from tests.support.hard_cases import HARD_CASES, hard_cases
    from tests.support.reference_model import ReferenceRun
    from tests.support.scenario_strategies import RUNS, SEEDS
    from tests.test_reference_model import differences
else:
    sys.path.insert(0, str(ROOT))
    from tests.support.dated_scenarios import mixed_scenarios
    from tests.support.engine_comparison import run_differences
    from tests.support.hard_cases import HARD_CASES, hard_cases
    from tests.support.reference_model import ReferenceRun
    from tests.support.scenario_strategies import RUNS, SEEDS
    from tests.test_reference_model import differences

#: Cases of one search of Hypothesis, which remembers them.
BATCH = 100


class Campaign:
    """Cases of both engines, and the hard places they reached.

    Attributes
    ----------
    seen : Counter
        Cases by hard place.
    differing : list of str
    """

    def __init__(self, *, has_reference: bool) -> None:
        self.has_reference = has_reference
        self.seen: Counter[str] = Counter()
        self.differing: list[str] = []

    def look(self, plain: dict[str, Any], seed: int, run: int) -> None:
        """Compare one case."""
        scenario = load_plain(plain, None)
        found = run_differences(scenario, seed, [(run + 1) % 2**64, run, (run + 17) % 2**64], [run])
        ledger = run_once(scenario, seed, run)
        if self.has_reference and not found:
            found = differences(ledger, ReferenceRun(scenario, seed, run))
        self.seen.update(["cases", *hard_cases(scenario, ledger, seed)])
        if found:
            self.differing.append(f"seed {seed}, run {run}: {found[0]}\n{json.dumps(plain)}")
            print(self.differing[-1], flush=True)

    def batch(self, cases: int, seed: int) -> None:
        """Compare some cases, the same for the same seed."""

        @hypothesis_seed(seed)
        @settings(
            max_examples=cases,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(mixed_scenarios(), SEEDS, RUNS)
        def look(plain: dict[str, Any], seed: int, run: int) -> None:
            self.look(plain, seed, run)

        look()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no batch after this time")
    arguments = parser.parse_args()
    campaign, begun, batch = Campaign(has_reference=arguments.reference), time.monotonic(), 0
    while campaign.seen["cases"] < arguments.cases and time.monotonic() - begun < arguments.seconds:
        campaign.batch(min(BATCH, arguments.cases - campaign.seen["cases"]), arguments.seed * 10**6 + batch)
        batch += 1
        print(
            f"{campaign.seen['cases']} cases, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True
        )
    cases = campaign.seen.pop("cases")
    print(f"{cases} cases, {len(campaign.differing)} differ; {time.monotonic() - begun:.0f} s")
    for place in sorted(HARD_CASES, key=campaign.seen.__getitem__):
        print(f"{place:40}{campaign.seen[place]:8}  {campaign.seen[place] / cases:6.1%}")
    sys.exit(bool(campaign.differing))


if __name__ == "__main__":
    main()
