"""Time and memory until an invalid file is rejected: the worst of many, one process each.

    python benchmarks/bad_input.py

The files are those of `tests/support/hostile_files.py`, and a few more that are as large as a file may be.
Prints the worst first; ends with 1 if one is not refused, takes more than two seconds or more than 500 MB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).parent.parent

if TYPE_CHECKING:
    from tests.support.hostile_files import hostile
    from tests.support.invalid_files import BASE, InvalidFile
else:
    sys.path.insert(0, str(ROOT))
    from tests.support.hostile_files import hostile
    from tests.support.invalid_files import BASE, InvalidFile

COMMAND = (sys.executable, "-c", "from sim.cli.entry import main; main()", "validate", "scenario.yaml")
MOST_SECONDS, MOST_MEGABYTES = 2.0, 500.0
LARGEST = 990_000


class Taken(NamedTuple):
    seconds: float
    processor: float
    megabytes: float
    status: int
    name: str


def large() -> Iterator[InvalidFile]:
    """Yield files of the largest size allowed, with thousands of faults."""
    lines = {
        "6,000 unknown keys": "".join(f"k{n:05}: 1\n" for n in range(6_000)) + BASE,
        "6,000 keys nearly right": "".join(f"shipmentz{n:05}: 1\n" for n in range(6_000)) + BASE,
        "7,000 wrong lines": BASE.replace(
            "  russia:\n", "".join(f"  p{n}: 1\n" for n in range(7_000)) + "  russia:\n"
        ),
        "2,000 lines with a slip": BASE.replace(
            "  russia:\n", "".join(f"  p{n}: {{ratee: 1/day}}\n" for n in range(2_000)) + "  russia:\n"
        ),
        "7,000 wrong dates": BASE.replace(
            "2.5M/year, source", "{by_date: {" + ", ".join(f"{n}: 1" for n in range(7_000)) + "}}, source"
        ),
        "7,000 unknown sources": BASE.replace(
            "source: prod-2023-seed-2p5m", "source: [" + ", ".join(f"prod-{n}" for n in range(7_000)) + "]"
        ),
        "7,000 keys twice": "".join("k: 1\n" for _ in range(7_000)) + BASE,
        "a key of a million letters": "k" * LARGEST + ": 1\n",
        "a word of a million letters": BASE.replace("Najin", "n" * LARGEST),
        "a million words": BASE.replace("Every number", "word " * (LARGEST // 5)).replace("20%", "x"),
        "a text of 50,000 lines": BASE.replace("note: >", "note: >" + "\n  word" * 49_900).replace(
            "20%", "x"
        ),
        "1,400 depots, 1,400 unknown ones": "depots: {"
        + ", ".join(f"d{n}: {{stock: 1}}" for n in range(1_400))
        + "}\nproduction: {"
        + ", ".join(f"p{n}: {{to: e{n}, rate: 1/day}}" for n in range(1_400))
        + "}\n",
        "7,000 wrong units": BASE.replace(
            "2.5M/year, source",
            "{by_date: {"
            + ", ".join(
                f"{1900 + n // 28 // 12}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}: 1/dya" for n in range(7_000)
            )
            + "}}, source",
        ),
        "a million lines": "\n" * LARGEST,
        "a million spaces": " " * LARGEST,
        "a million remarks": "#\n" * (LARGEST // 2),
        "a million quotes": "'" * LARGEST,
        "a million brackets": "[" * LARGEST,
        "a million braces": "{" * LARGEST,
        "a million colons": ":" * LARGEST,
        "a million question marks": "? " * (LARGEST // 2),
        "a million dashes": "- " * (LARGEST // 2),
        "a million escapes": '"' + "\\u0041" * (LARGEST // 6),
        "a million percent signs": "%" * LARGEST,
        "a million exclamation marks": "!" * LARGEST,
        "a number of a million digits": BASE.replace("60k/day", "6" * LARGEST),
        "a folded text that never ends": "note: >\n" + " a\n" * (LARGEST // 3) + "b",
    }
    for name, text in lines.items():
        yield InvalidFile(name, text.encode(), ())


def measure(mutant: InvalidFile) -> Taken:
    """Run the command on a file; wall time, largest resident set and exit status."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in {"scenario.yaml": mutant.data, **mutant.beside}.items():
            (Path(folder) / name).parent.mkdir(exist_ok=True)
            (Path(folder) / name).write_bytes(data)
        began = time.perf_counter()
        with (Path(folder) / "said").open("wb") as said:
            process = subprocess.Popen(
                COMMAND, cwd=folder, stdout=said, stderr=said, env={**os.environ, "PYTHONPATH": str(ROOT)}
            )
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        taken = time.perf_counter() - began
    return Taken(taken, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode, mutant.name)


def main() -> int:
    taken = sorted((measure(mutant) for mutant in (*hostile(), *large())), reverse=True)
    print(f"{'seconds':>8}{'of CPU':>8}{'MB':>8}{'exit':>6}  of {len(taken)} files, the slowest")
    for row in taken[:15]:
        print(f"{row.seconds:>8.2f}{row.processor:>8.2f}{row.megabytes:>8.0f}{row.status:>6}  {row.name}")
    print(f"largest: {max(row.megabytes for row in taken):.0f} MB")
    wrong = [
        row.name
        for row in taken
        if row.status != 1 or row.seconds > MOST_SECONDS or row.megabytes > MOST_MEGABYTES
    ]
    if wrong:
        print(f"beyond the limits: {', '.join(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
