"""All lines of a kind, filled with the facts of its own cases, to be read aloud: ``make lines KIND=god_function``.

Without a kind it lists how many lines each kind has in each heat. A line that fits none of the cases is printed as it
stands, marked ``never``; what the tests would object to stands under the line. The exit status is 1 where they would.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "writers")]

from rendered import Filled, faults, filled, too_long  # noqa: E402

from bot.brief import Heat  # noqa: E402
from bot.detectors import BY_KIND  # noqa: E402
from bot.exhibit import Stance  # noqa: E402
from bot.writers.wording import wording_of  # noqa: E402

SHOWN = ("title", "gist", "body", "plain", "punchline", "epithet")


def overview() -> None:
    """Print a table: for each kind and slot, how many lines are mild, medium and spicy."""
    print(f"{'kind':28}" + "".join(f"{slot:>12}" for slot in SHOWN))
    for kind in sorted(kind for kind, detector in BY_KIND.items() if detector.stance is not Stance.CONTEXT):
        heats = {slot: Counter(line.heat for line in wording_of(kind).slot(slot)) for slot in SHOWN}
        cells = ("/".join(str(heats[slot][heat]) for heat in Heat) for slot in SHOWN)
        print(f"{kind:28}" + "".join(f"{cell:>12}" for cell in cells))


def show(kind: str) -> int:
    """Print every line of a kind over every exhibit that it fits, and return how many faults there are."""
    wording, said = wording_of(kind), defaultdict[str, list[Filled]](list)
    for item in filled(wording, kind):
        said[item.line.key].append(item)
    wrong = 0
    for slot, lines in wording.lines.items():
        for line in lines:
            print(f"\n[{slot}] {line.heat.value}" + ("" if said[line.key] else f"  never: {line.text}"))
            for text, item in {item.text: item for item in said[line.key]}.items():
                found = [*faults(item), *(["longer than its place"] if too_long(item) else [])]
                wrong += len(found)
                print(f"  {item.case}: {text}", *(f"\n      !! {fault}" for fault in found), sep="")
    return wrong


def main() -> int:
    """Read the command line and print."""
    kinds = sys.argv[1:]
    if not kinds:
        overview()
        return 0
    if unknown := [kind for kind in kinds if kind not in BY_KIND]:
        sys.stderr.write(f"There is no detector called {', '.join(unknown)}; `make lines` lists them all.\n")
        return 2
    return 1 if sum(show(kind) for kind in kinds) else 0


if __name__ == "__main__":
    sys.exit(main())
