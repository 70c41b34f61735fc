"""Write docs/offences.md: the table of everything that can be found, from the detectors' own docstrings."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from bot.detectors import DETECTORS
from bot.detectors.base import Detector
from bot.exhibit import Stance

PAGE = Path(__file__).resolve().parent.parent / "docs" / "offences.md"
_TITLES = {
    Stance.CHARGE: "Offences",
    Stance.CREDIT: "Credits",
    Stance.CONTEXT: "Context: neither for nor against",
}
_HEAD = """# What can be found

Made by `python -m tools.offences` from the detectors' own docstrings.
`roast-bot offences --explain NAME` says the same.
"""


def page() -> str:
    """Return the whole page."""
    parts = [_HEAD]
    for stance, title in _TITLES.items():
        rows = [_row(detector) for detector in DETECTORS if detector.stance is stance]
        parts.append(f"## {title} ({len(rows)})\n\n| name | what it finds | where it errs |\n| --- | --- | --- |\n")
        parts[-1] += "\n".join(rows) + "\n"
    return "\n".join(parts)


def _row(detector: Detector) -> str:
    mark = " (private)" if detector.sensitive else ""
    found, errs = _part(detector.docstring, "What it finds"), _part(detector.docstring, "Where it errs")
    return f"| `{detector.kind}`{mark} | {found} | {errs} |"


def _part(docstring: str, name: str) -> str:
    match = re.search(rf"{name}:\s*(.*?)(?:\n\n|\Z)", docstring, re.DOTALL)
    text = " ".join(match[1].split()) if match else ""
    return text.replace("``", "`").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}: {len(DETECTORS)} detectors\n")
