"""Much production code, not one test file touched.

What it finds: a pull request that adds at least eighty lines of code that ships, declares functions in them, and
touches no test file, no fixture, no snapshot and no inline test. Refactorings, rewrites, reverts, renames, type and
documentation changes are left alone, and so is everything that was read only in part.

Why it matters: whoever changes this code next has nothing that tells them what it was meant to do.

Where it errs: code may be covered by tests that were there before, or live where this cannot see them.
The roast says what was touched, never what is covered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import Place, fresh, function_name, short
from bot.detectors._testing import suffix, tests_named
from bot.detectors.base import charge, counted, figures_receipt, line_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CHARGE
_SIZEABLE = 80
_FEWEST_FUNCTIONS = 3
_OTHER_BUSINESS = re.compile(
    r"\b(refactor\w*|renam\w*|revert\w*|moves?|moving|typing|types?|style|docs?|documentation|lint\w*|format\w*|chore"
    r"|ci|build|clean[- ]?ups?|bump|upgrade|benchmarks?|examples?|release|deprecat\w*|remov\w*|modernize|extract\w*"
    r"|polish\w*|edition|migrat\w+|drop\w*|switch\w*|simplif\w+|tweak\w*|templates?|vendor\w*|port(?:ing|ed)?|rewrite)\b",
    re.IGNORECASE,
)
_TESTISH = re.compile(
    r"(^|[/_.-])(tests?|specs?|e2e|fixtures?|snapshots?|snap|testdata|testing|testutils?|playground|cypress)([/_.-]|$)"
    r"|(Tests?|Spec|IT)\.\w+$|\.t$|_test\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(^|/)(examples?|scripts?|tools?|docs?|bench\w*|migrations?|versions|xtask|demo|samples?|storybook|website|\.github)/"
    r"|\.stories\.|\.d\.ts$|(^|/)setup\.py$",
    re.IGNORECASE,
)
_TESTABLE = frozenset(".py .js .jsx .mjs .cjs .ts .tsx .go .rs .java .kt .rb .cs .php .scala .swift".split())
_COMMENT = ("#", "//", "/*", "*", '"""', "'''")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``production_lines`` (added code, without blanks and comments), ``production_files``, ``test_files`` (0),
    ``functions`` (the first dozen names declared), ``function_count``, ``file``, ``file_name`` and ``file_lines``
    (where most of it stands), ``title``.
    """
    pull = case.pull_request
    if case.coverage.partial or any(diff.truncated for diff in case.diffs) or _OTHER_BUSINESS.search(pull.title):
        return
    if any(_TESTISH.search(path) for file in pull.files for path in (file.path, file.previous_path or "")):
        return
    if any(True for diff in case.production for _ in tests_named(diff.path, [*diff.added, *diff.removed])):
        return
    if any(">>> " in line.text or "```" in line.text for diff in case.production for line in diff.added):
        return
    if 2 * sum(diff.file.deletions for diff in case.production) > sum(diff.file.additions for diff in case.production):
        return  # a rewrite rests on the tests that were there
    places = [place for place in fresh(case, FileKind.PRODUCTION) if _counts(place)]
    declared = [place for place in places if function_name(place[1].text)]
    if len(places) < _SIZEABLE or len(declared) < _FEWEST_FUNCTIONS:
        return
    yield _exhibit(case, places, declared)


def _counts(place: Place) -> bool:
    diff, line = place
    text = line.text.strip()
    return (
        len(text) > 1
        and not text.startswith(_COMMENT)
        and suffix(diff.path) in _TESTABLE
        and not _ASIDE.search(diff.path)
    )


def _exhibit(case: Case, places: list[Place], declared: list[Place]) -> Exhibit:
    by_file = Counter(diff.path for diff, _ in places)
    fullest, most = by_file.most_common(1)[0]
    names = [function_name(line.text) for _, line in declared]
    production = sum(file.additions for file in case.pull_request.files if case.kind(file.path) is FileKind.PRODUCTION)
    return charge(
        "no_tests",
        min(4.0 + len(places) / 150, 7.5),
        f"{len(places)} lines of code, {counted(len(names), 'function')}, no test file touched.",
        {
            "production_lines": len(places),
            "production_files": len(by_file),
            "test_files": 0,
            "functions": tuple(names[:12]),
            "function_count": len(names),
            "file": fullest,
            "file_name": short(fullest),
            "file_lines": most,
            "title": case.pull_request.title,
        },
        (
            figures_receipt(case, test_files=0, production_additions=production),
            *(line_receipt(case, diff, line) for diff, line in declared[:8]),
        ),
        stands_in=standing(case),
        confidence=0.75,
    )
