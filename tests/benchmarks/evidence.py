"""What the evidence costs: against ``ast.parse`` of the Python files touched, and as the diff grows.

Aims: at most 3 times the parsing for a recorded pull request; linear from 1,000 to 100,000 changed lines
(no more than twice the time a line).
"""

import ast
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDINGS = ROOT.parent / "shared" / "recordings"
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "recordings"), str(ROOT / "tests" / "detectors")]

from fakes.large import large_case  # noqa: E402
from from_json import case_of  # noqa: E402
from made_up import case_of as made_up  # noqa: E402

from bot.case import Case  # noqa: E402
from bot.detectors import DETECTORS  # noqa: E402
from bot.trial import examine  # noqa: E402

AIM_PARSE = 3.0
AIM_GROWTH = 2.0
AIM_MEMORY = 400.0
LINES = (1_000, 10_000, 100_000)


def fastest(work: Callable[[], object], rounds: int) -> float:
    """Return the least processor time of some runs."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def fresh(case: Case) -> Case:
    """Return the case with nothing parsed yet."""
    return Case(**{name: getattr(case, name) for name in Case.__dataclass_fields__})


def python_texts(case: Case) -> list[str]:
    """Return the Python that is known of the files touched: whole files, else the pieces that parse by themselves.

    The recordings hold no whole files, so that this is far less than ``ast.parse`` of the files themselves.
    """
    return [ast.unparse(unit.tree) for unit in case.python_units]


def parse_all(texts: list[str]) -> None:
    """Parse them all."""
    for text in texts:
        ast.parse(text)


def recorded(number: int) -> bool:
    """Print one recording's ratio; return whether it met the aim."""
    case = case_of(RECORDINGS, number)
    texts = python_texts(case)
    parsing = fastest(lambda: parse_all(texts), 5)
    looking = fastest(lambda: examine(fresh(case)), 5)
    ratio = looking / parsing
    print(
        f"#{number}: ast.parse {parsing * 1000:.0f} ms, evidence {looking * 1000:.0f} ms:"
        f" {ratio:.1f} times (aim {AIM_PARSE:g})"
    )
    return ratio <= AIM_PARSE


def shares() -> None:
    """Print what each detector takes of the time, as a share of parsing, on a made-up case; and the memory."""
    case = made_up(8_000)
    parsing = fastest(lambda: parse_all(python_texts(case)), 3)
    reading = fastest(lambda: reread_shared(fresh(case)), 2)
    print(f"made up: reading for all detectors {reading / parsing:.2f} times ast.parse; then, each detector:")
    reread_shared(case)
    taken = {detector.kind: fastest(lambda found=detector: list(found.detect(case)), 2) for detector in DETECTORS}
    for kind, seconds in sorted(taken.items(), key=lambda item: -item[1])[:12]:
        print(f"  {kind:<24} {seconds / parsing:.3f} ({100 * seconds / sum(taken.values()):.0f} % of all)")
    print(f"  all {len(taken)} together {sum(taken.values()) / parsing:.2f} times ast.parse")


def reread_shared(case: Case) -> None:
    """Derive what all detectors share."""
    for unit in case.python_units:
        unit.of(ast.Call)
        unit.function_at(1)
    _ = case.structural_units


def growth() -> bool:
    """Print the time a line at each size; return whether it grows with the lines and no faster."""
    rates = []
    for lines in LINES:
        case = large_case(lines)
        seconds = fastest(lambda case=case: examine(fresh(case)), 3 if lines < LINES[-1] else 1)
        rates.append(seconds / lines)
        print(f"{lines:>7,} lines: {seconds:.2f} s, {seconds / lines * 1e6:.0f} µs a line")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"the most memory so far: {peak:.0f} MB (aim {AIM_MEMORY:g} at most)")
    ratio = rates[-1] / rates[0]
    print(f"a line of the largest costs {ratio:.2f} times one of the smallest (aim {AIM_GROWTH:g})")
    return ratio <= AIM_GROWTH and peak <= AIM_MEMORY


def main() -> int:
    """Print all; return 1 if an aim was missed."""
    met = [growth()]
    shares()
    if RECORDINGS.is_dir():
        met += [recorded(number) for number in (21477, 22004, 22067)]
    else:
        print("the recordings are not beside this repository: only the growth was measured")
    return not all(met)


if __name__ == "__main__":
    sys.exit(main())
