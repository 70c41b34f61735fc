"""A headless Chromium, where there is one: takes pictures of pages, and tells what a page says of itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
MISSING = "there is no Chromium here (apt-get install chromium)"
_SECONDS = 90


def picture(page: str, path: Path, *, width: int, height: int, scale: float = 1) -> None:
    """Take a picture of a page of HTML."""
    _run(page, f"--screenshot={path}", f"--window-size={width},{height}", f"--force-device-scale-factor={scale}")
    assert path.stat().st_size


def told(page: str, *, width: int = 900) -> str:
    """Return the title of a page once its scripts have run: what they put there is what they found."""
    dom = _run(page, "--dump-dom", f"--window-size={width},900")
    found = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)
    assert found, dom[:500]
    return unescape(found[1])


def _run(page: str, *options: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(page, encoding="utf-8")
        done = subprocess.run(
            [
                CHROMIUM,
                "--headless=new",
                "--no-sandbox",  # it runs as root in containers
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run",
                "--virtual-time-budget=5000",
                f"--user-data-dir={folder}/profile",
                *options,
                file.as_uri(),
            ],
            check=True,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
        return done.stdout
