"""A test for the very bug that the title says it fixes.

What it finds: a pull request whose title says that it fixes something, and a new test whose name, or the words beside
it, name the same issue number, or share at least two telling words with the title.

Why it matters: the bug may come back; not unseen.

Where it errs: shared words are a hint, not a proof; the credit names both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._testing import AddedTest, added_tests
from bot.detectors.base import credit, line_receipt, standing, title_receipt
from bot.exhibit import Exhibit, Stance

STANCE = Stance.CREDIT
_FIXES = re.compile(
    r"\b(?:fix(?:e[sd]|ing)?|bug(?:fix)?|regression|crash(?:es)?|hotfix|prevent|do not|don't)\b", re.IGNORECASE
)
_ISSUE = re.compile(
    r"(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)\s{0,3}:?\s{0,3}(?:[\w./\-]{0,60})#(\d{2,7})\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Z]?[a-z]{4,}|[A-Z]{3,}|\d{3,}")
_COMMON = frozenset(
    "fix fixes fixed bug when with from into that this test tests should does not for and the error"
    " errors add adds use using issue"
    " value values after before while work works instead only also more correct correctly handle handles"
    " handling make case cases"
    " return returns name names type types file files support allow prevent data server client core missing".split()
)
_FEWEST = 2


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``test`` (its name), ``tests`` (all that match), ``title``, ``issue`` (the number that both name, or 0),
    ``shared`` (the words that both hold), ``path``, ``code`` (the line of the test).
    """
    pull = case.pull_request
    if not _FIXES.search(pull.title):
        return
    issues = set(_ISSUE.findall(f"{pull.title}\n{pull.body}")) | set(re.findall(r"#(\d{2,7})\b", pull.title))
    wanted = _words(pull.title)
    scored: list[tuple[int, AddedTest, str, tuple[str, ...]]] = []
    for test in added_tests(case):
        issue = next((number for number in issues if number in re.findall(r"\d+", test.name)), "")
        shared = tuple(word for word in _words(test.name) if word in wanted)
        if issue or len(shared) >= _FEWEST:
            scored.append((len(shared) + (10 if issue else 0), test, issue, shared))
    if not scored:
        return
    scored.sort(key=lambda item: -item[0])
    _, best, issue, shared = scored[0]
    yield credit(
        "regression_test",
        4.5 if issue else 4.0,
        f"“{pull.title}” comes with its own test: `{best.name}`.",
        {
            "test": best.name,
            "tests": tuple(test.name for _, test, _, _ in scored)[:12],
            "title": pull.title,
            "issue": int(issue) if issue else 0,
            "shared": shared,
            "path": best.diff.path,
            "code": best.line.text.strip()[:200],
        },
        (title_receipt(case), *(line_receipt(case, test.diff, test.line) for _, test, _, _ in scored[:6])),
        stands_in=standing(case),
        confidence=0.9 if issue else 0.75,
    )


def _words(text: str) -> tuple[str, ...]:
    spread = re.sub(r"([a-z])([A-Z])", r"\1 \2", text.replace("_", " "))
    return tuple(dict.fromkeys(word.lower() for word in _WORD.findall(spread) if word.lower() not in _COMMON))
