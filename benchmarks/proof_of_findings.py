"""Read every sentence of awkward runs or studies with an independent reader.

    python benchmarks/proof_of_findings.py [--kind run] [--scenarios N] [--first 0] [--shipped-runs 50]

The kinds are ``run`` (1,000 scenarios of `tests/support/awkward_scenarios.py`, and the shipped ones) and
those of `_KINDS`, 200 cases each, 80 of audits. The reader of a kind parses each sentence by a grammar of
its own, and computes its numbers and claims again from the tables of the saved folders. Prints how many were
read, how often each awkward place was reached, and each failure; exits with 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).parent.parent

if TYPE_CHECKING:
    from tests.support.awkward_audits import AUDIT_PLACES, prove_audits
    from tests.support.awkward_breakevens import BREAKEVEN_FORMS, prove_breakevens
    from tests.support.awkward_comparisons import COMPARISON_PLACES
    from tests.support.awkward_overlays import OVERLAY_PLACES, prove_overlays
    from tests.support.awkward_scenarios import PLACES
    from tests.support.awkward_sensitivities import SENSITIVITY_PLACES, prove_sensitivities
    from tests.support.awkward_sweeps import SWEEP_PLACES, prove_sweeps
    from tests.support.awkward_unknown_stocks import UNKNOWN_PLACES, prove_unknown_stocks
    from tests.support.awkward_varied_breakevens import VARIED_PLACES, prove_varied_breakevens
    from tests.support.comparisons_proof import prove_comparisons
    from tests.support.findings_proof import Proof, prove, prove_shipped
    from tests.support.gallery_proof import GALLERY_PLACES, prove_gallery, prove_gallery_of, prove_published
    from tests.support.reports_proof import prove_reports
else:
    sys.path.insert(0, str(ROOT))
    from tests.support.awkward_audits import AUDIT_PLACES, prove_audits
    from tests.support.awkward_breakevens import BREAKEVEN_FORMS, prove_breakevens
    from tests.support.awkward_comparisons import COMPARISON_PLACES
    from tests.support.awkward_overlays import OVERLAY_PLACES, prove_overlays
    from tests.support.awkward_scenarios import PLACES
    from tests.support.awkward_sensitivities import SENSITIVITY_PLACES, prove_sensitivities
    from tests.support.awkward_sweeps import SWEEP_PLACES, prove_sweeps
    from tests.support.awkward_unknown_stocks import UNKNOWN_PLACES, prove_unknown_stocks
    from tests.support.awkward_varied_breakevens import VARIED_PLACES, prove_varied_breakevens
    from tests.support.comparisons_proof import prove_comparisons
    from tests.support.findings_proof import Proof, prove, prove_shipped
    from tests.support.gallery_proof import GALLERY_PLACES, prove_gallery, prove_gallery_of, prove_published
    from tests.support.reports_proof import prove_reports

_CHUNK = 20


class _Kind(NamedTuple):
    """Cases of one kind, and the places that they reach."""

    prove: Callable[[range], Proof]
    places: Sequence[str]
    cases: int


_KINDS = {
    "run": _Kind(prove, PLACES, 1000),
    "compare": _Kind(prove_comparisons, COMPARISON_PLACES, 200),
    "breakeven": _Kind(prove_breakevens, BREAKEVEN_FORMS, 200),
    "gallery": _Kind(prove_gallery, GALLERY_PLACES, 200),
    "report": _Kind(prove_reports, PLACES, 200),
    "overlay": _Kind(prove_overlays, OVERLAY_PLACES, 200),
    "sensitivity": _Kind(prove_sensitivities, SENSITIVITY_PLACES, 200),
    "sweep": _Kind(prove_sweeps, SWEEP_PLACES, 200),
    "varied-breakeven": _Kind(prove_varied_breakevens, VARIED_PLACES, 200),
    "audit": _Kind(prove_audits, AUDIT_PLACES, 80),
    "unknown-stock": _Kind(prove_unknown_stocks, UNKNOWN_PLACES, 200),
}


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", choices=_KINDS, default="run")
    parser.add_argument("--scenarios", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--shipped-runs", type=int, default=50)
    options = parser.parse_args()
    kind = _KINDS[options.kind]
    last = options.first + (kind.cases if options.scenarios is None else options.scenarios)
    chunks = [range(n, min(n + _CHUNK, last)) for n in range(options.first, last, _CHUNK)]
    of_file = {"run": prove_shipped, "gallery": prove_gallery_of}.get(options.kind)
    files = sorted((ROOT / "scenarios").glob("*.yaml")) if of_file else []
    proof = Proof()
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for found in pool.map(kind.prove, chunks):
            proof.merge(found)
        shipped = list(pool.map(of_file, files, [options.shipped_runs] * len(files))) if of_file else []
    print(f"{proof.scenarios:,} cases and {len(shipped)} shipped scenarios")
    if options.kind == "gallery":
        proof.merge(prove_published())
    for found in shipped:
        proof.merge(found)
    print(f"{proof.sentences:,} sentences, {proof.claims:,} claims, {len(proof.failures):,} failures")
    print("sentences by kind: " + ", ".join(f"{name} {n:,}" for name, n in proof.kinds.most_common()))
    print("cases by place: " + ", ".join(f"{place} {proof.places[place]:,}" for place in kind.places))
    for failure in proof.failures:
        print(failure)
    return int(bool(proof.failures))


if __name__ == "__main__":
    sys.exit(main())
