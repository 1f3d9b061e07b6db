"""Read every sentence of a thousand awkward runs with an independent reader.

    python benchmarks/proof_of_findings.py [--scenarios 1000] [--first 0] [--shipped-runs 50]

The scenarios are those of `tests/support/awkward_scenarios.py`, and the shipped ones. The reader parses each
sentence that a run prints by a grammar of its own, and computes its numbers and claims again from the tables
of the saved folder. Prints how many were read, how often each awkward place was reached, and each failure;
exits with 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent

if TYPE_CHECKING:
    from tests.support.awkward_scenarios import PLACES
    from tests.support.findings_proof import Proof, prove, prove_shipped
else:
    sys.path.insert(0, str(ROOT))
    from tests.support.awkward_scenarios import PLACES
    from tests.support.findings_proof import Proof, prove, prove_shipped

_CHUNK = 20


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenarios", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--shipped-runs", type=int, default=50)
    options = parser.parse_args()
    last = options.first + options.scenarios
    chunks = [range(n, min(n + _CHUNK, last)) for n in range(options.first, last, _CHUNK)]
    files = sorted((ROOT / "scenarios").glob("*.yaml"))
    proof = Proof()
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for found in pool.map(prove, chunks):
            proof.merge(found)
        shipped = list(pool.map(prove_shipped, files, [options.shipped_runs] * len(files)))
    print(f"{proof.scenarios:,} scenarios and {len(shipped)} shipped ones")
    for found in shipped:
        proof.merge(found)
    print(f"{proof.sentences:,} sentences, {proof.claims:,} claims, {len(proof.failures):,} failures")
    print("sentences by kind: " + ", ".join(f"{kind} {n:,}" for kind, n in proof.kinds.most_common()))
    print("scenarios by place: " + ", ".join(f"{place} {proof.places[place]:,}" for place in PLACES))
    for failure in proof.failures:
        print(failure)
    return int(bool(proof.failures))


if __name__ == "__main__":
    sys.exit(main())
