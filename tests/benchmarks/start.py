"""How fast ``roast-bot --help`` comes, against a Python that does nothing. Aim: at most 8 times."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 15
AIM = 8.0


def fastest(*words: str) -> float:
    """Return the least time of many runs: what the program itself takes, with the machine's other work left out."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    """Print both and their ratio; return 1 above the aim."""
    nothing, shown = fastest("-c", "pass"), fastest("-m", "bot", "--help")
    ratio = shown / nothing
    print(
        f"python -c pass {nothing * 1000:.0f} ms, roast-bot --help {shown * 1000:.0f} ms: {ratio:.1f} times (aim {AIM:g})"
    )
    return ratio > AIM


if __name__ == "__main__":
    sys.exit(main())
