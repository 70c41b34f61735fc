"""Lay out a new detector: its file, its cases, its wording and its line in the tuple (``make detector NAME=…``).

With ``--register`` it only writes the line in the tuple, for a detector whose file is already there.
"""

from __future__ import annotations

import argparse
import fcntl
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DETECTORS = ROOT / "bot" / "detectors"

_MODULE = '''"""One line: what the offence is.

What it finds: …

Why it matters: …

Where it errs: …
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import charge, file_receipt, standing
from bot.exhibit import Exhibit, Stance

STANCE = Stance.CHARGE


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a …

    Facts: …
    """
    yield from ()
'''
_CASE = "claim: …\nfiles:\n  - path: src/app/a.py\n    after: |\n      x = 1\nexpect: []\n"


def register(name: str) -> None:
    """Put the detector into both lists of the package, in order; safe beside another run of this tool."""
    init = DETECTORS / "__init__.py"
    with init.open("r+", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        text = stream.read()
        names = sorted({*re.findall(r"^    (\w+),$", text, re.MULTILINE), name})
        imported = "".join(f"    {item},\n" for item in names)
        listed = "".join(f"        {item},\n" for item in names)
        text = re.sub(r"(from bot\.detectors import \(\n)(?:    \w+,\n)*", lambda m: m[1] + imported, text)
        text = re.sub(r"(    for module in \(\n)(?:        \w+,\n)*", lambda m: m[1] + listed, text)
        stream.seek(0)
        stream.write(text)
        stream.truncate()


def lay_out(name: str) -> None:
    """Write the files that are not there yet."""
    files = {DETECTORS / f"{name}.py": _MODULE}
    for case in ("hit_one", "hit_two", "miss_one", "miss_two"):
        files[ROOT / "tests" / "detectors" / "cases" / name / f"{case}.yml"] = _CASE
    for path, text in files.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def main() -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--register", action="store_true", help="only write the line in the tuple")
    options = parser.parse_args()
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*", options.name):
        sys.stderr.write("a detector is named by its offence in lower case: swallowed_error\n")
        return 2
    if not options.register:
        lay_out(options.name)
    register(options.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
