"""Print the key reference as Markdown: ``PYTHONPATH=tools python -m key_reference [SCENARIOS]``."""

from __future__ import annotations

import sys
from pathlib import Path

from key_reference.page import read_library, render_reference

if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "scenarios")
    sys.stdout.buffer.write(render_reference(read_library(folder)).encode())
