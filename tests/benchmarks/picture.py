"""How long a picture takes. Aim: 100 ms, once the fonts are open."""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fakes.verdicts import verdict  # noqa: E402

from adapters.picture import render  # noqa: E402
from bot.card import card_of  # noqa: E402

AIM = 0.1


def main() -> int:
    """Print the first and the usual time; return 1 above the aim."""
    shown = verdict()
    card, times = card_of(shown), []
    for _ in range(8):
        start = time.process_time()
        data = render(card, shown)
        times.append(time.process_time() - start)
    print(
        f"first {times[0] * 1000:.0f} ms, then {min(times) * 1000:.0f} ms, {len(data) // 1000} kB (aim {AIM * 1000:.0f} ms)"
    )
    return min(times) > AIM


if __name__ == "__main__":
    sys.exit(main())
