"""Audits of simulated worlds: whether ranges hold the truth, and whether false claims stand out.

    python benchmarks/audit_truth.py [--worlds 100] [--first 0]

Each world draws six inputs and two counting factors from their priors, and eighteen claims about its account,
with their errors (`tests/support/simulated_claims.py`). Other draws of a run have a seed that the inference
does not know. Counted:

- how often the central 90 % of an input after the claims holds the true input: aim 85 to 95 %;
- how often one claim, made false by a factor of three to five, is among the three most surprising: at least
  90 %;
- how often honest claims exclude each other by arithmetic: at most 5 %.

Prints the counts after each ten worlds, and exits with 1 if an aim is missed at the end.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent

if TYPE_CHECKING:
    from tests.support import simulated_claims as worlds
else:
    sys.path.insert(0, str(ROOT))
    from tests.support import simulated_claims as worlds

#: Of the three most surprising claims, and the aims.
MOST_SURPRISING = 3
COVERAGE, STANDING_OUT, EXCLUSIONS = (0.85, 0.95), 0.90, 0.05


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    scenario = worlds.world_scenario()
    held: Counter[str] = Counter()
    found, excluded = 0, 0
    began = time.process_time()
    for done, number in enumerate(range(options.first, options.first + options.worlds), start=1):
        world = worlds.make_world(scenario, number)
        posterior = worlds.ask(scenario, world.claims)
        held.update(name for name, is_held in worlds.covered(posterior.parameters, world).items() if is_held)
        found += worlds.rank_of_planted(scenario, world, number) <= MOST_SURPRISING
        excluded += worlds.has_exclusion(scenario, world)
        if done % 10 == 0 or done == options.worlds:
            inputs = [held[name] / done for name in posterior.paths]
            coverage = sum(inputs) / len(inputs)
            each = ", ".join(f"{name} {held[name]}" for name in world.truth)
            print(
                f"{done} worlds, {time.process_time() - began:.0f} s of processor time: inputs held "
                f"{coverage:.1%} ({each}); planted among the three {found}; exclusions {excluded}",
                flush=True,
            )
    is_met = COVERAGE[0] <= coverage <= COVERAGE[1] and found >= STANDING_OUT * done
    return 0 if is_met and excluded <= EXCLUSIONS * done else 1


if __name__ == "__main__":
    sys.exit(main())
