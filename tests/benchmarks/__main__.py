"""Every benchmark of this folder, one after the other: ``make bench``. Each prints ratios, and fails on its own aim."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run them all; return 1 if one missed its aim."""
    missed = []
    for script in sorted(HERE.glob("*.py")):
        if script.name.startswith("_"):
            continue
        print(f"\n== {script.stem.replace('_', ' ')}", flush=True)
        if subprocess.run([sys.executable, str(script)], check=False).returncode:
            missed.append(script.stem)
    print(f"\nmissed its aim: {', '.join(missed)}" if missed else "\nevery aim was met")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
