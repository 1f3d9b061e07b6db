"""Draw the picture of the live page for the docs: a screenshot in Chromium, with a held setting.

    python tools/explore_picture.py

Fonts of the machine are in it, so its bytes differ from machine to machine, and no test compares them.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "images" / "explore.png"
SCENARIO = "scenarios/white-house-2023.yaml"
#: The brief, and the held setting: half of the fire.
QUERY = "set=consumption.front.rate%3D30000%2Fday&hold=1"


def main() -> None:
    command = [sys.executable, "-m", "sim", "explore", SCENARIO, "--no-browser"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with sync_playwright() as driver:
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            page.goto(f"{url}?{QUERY}")
            page.wait_for_selector(".findings[data-setting]", timeout=120_000)
            page.wait_for_timeout(1000)
            page.screenshot(path=PICTURE)
            browser.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
    print(PICTURE.relative_to(ROOT))


if __name__ == "__main__":
    main()
