"""A claim of speed that brought its figures.

What it finds: a description or commit that speaks of speed and gives at least two measured figures with units, or a
table of them; or a benchmark that the pull request adds while its title speaks of speed.

Why it matters: "faster" is an opinion; a table is an argument.

Where it errs: figures can be measured badly; the credit is for showing them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import credit, description_receipt, line_receipt, standing, title_receipt
from bot.diff import FileDiff
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn
from bot.kinds import FileKind

STANCE = Stance.CREDIT
_SPEED = re.compile(
    r"\b(?:bench(?:mark)?(?:s|ed|ing)?|faster|slower|speed(?:s|ed)?[ -]?up|throughput|latency"
    r"|perf(?:ormance)?|ops/s|hyperfine)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:perf|faster|speed(?:s|ed)?[ -]?up|optimi[sz]\w*|performance|benchmark\w*|avoid alloc\w*)\b", re.IGNORECASE
)
_FIGURE = re.compile(
    r"(?<![\w.])\d+(?:[.,]\d+)*\s?(?:ns|µs|us|ms|s|sec(?:onds)?|ops/s(?:ec)?|req/s|MB/s|GB/s|MiB|MB|%|x|×"
    r"|allocs/op|B/op|ns/op)(?![\w])"
)
_FILE = re.compile(
    r"(^|/)(bench(es|marks?)?|perf)/|[._-]bench(mark)?[._]|_bench_test\.go$|Benchmark\w*\.java$", re.IGNORECASE
)
_FEWEST = 2
_LONGEST = 20_000


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``figures`` (as written, the first dozen), ``figure_count``, ``said`` (the line with most figures),
    ``has_table``, ``bench_file`` (a benchmark that was added, or empty), ``title``.
    """
    body = case.pull_request.body[:_LONGEST]
    lines = [line.strip() for line in body.split("\n") if _FIGURE.search(line[:1000])]
    figures = tuple(dict.fromkeys(figure for line in lines for figure in _FIGURE.findall(line[:1000])))
    measured = bool(_SPEED.search(body)) and len(figures) >= _FEWEST and bool(_units(figures))
    bench = next((diff for diff in case.diffs if _is_benchmark(case, diff)), None)
    if not measured and not (bench and _TITLE.search(case.pull_request.title)):
        return
    said = max(lines, key=lambda line: len(_FIGURE.findall(line[:1000])), default="") if measured else ""
    yield credit(
        "benchmark_attached",
        4.0,
        f"The speed is measured: “{said[:160]}”."
        if said
        else f"The speed has a benchmark of its own: `{bench.path if bench else ''}`.",
        {
            "figures": figures[:12] if measured else (),
            "figure_count": len(figures) if measured else 0,
            "said": said[:200],
            "has_table": any(line.count("|") > 2 for line in lines),
            "bench_file": bench.path if bench else "",
            "title": case.pull_request.title,
        },
        _receipts(case, said, bench),
        stands_in=StandsIn.CONVERSATION if measured else standing(case),
        confidence=0.75,
    )


def _units(figures: tuple[str, ...]) -> bool:
    """Whether at least one figure is a time or a rate: percentages alone may be coverage."""
    return any(not figure.endswith(("%", "x", "×", "MB", "MiB")) for figure in figures) or any(
        figure.endswith(("x", "×")) for figure in figures
    )


def _is_benchmark(case: Case, diff: FileDiff) -> bool:
    """Whether a file is new code of a benchmark: what such a folder locks or configures measures nothing."""
    is_code = case.kind(diff.path) in {FileKind.PRODUCTION, FileKind.TEST}
    return is_code and diff.is_new and bool(diff.added) and _FILE.search(diff.path) is not None


def _receipts(case: Case, said: str, bench: FileDiff | None) -> Iterator[Receipt]:
    if said:
        yield description_receipt(case, said)
    if bench is not None:
        first = next((line for line in bench.added if line.text.strip()), None)
        if first is not None:
            yield line_receipt(case, bench, first)
    if not said:
        yield title_receipt(case)
