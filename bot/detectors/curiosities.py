"""The small things that make a diff unlike any other: its favourite word, its one-line change, its odd file name.

What it finds: the telling word that the added code says most often, the shortest whole change of a file (one line
replaced by one), the longest name among the new tests, and a new file with a name out of a hat. Context: it neither
speaks for nor against.

Why it matters: an acquittal has no charge to laugh at, and still must be about this pull request and no other.

Where it errs: a word's count is by identifiers on added lines, so a rename counts as much as a use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from bot.case import Case
from bot.detectors.base import added_lines, figures_receipt, line_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Receipt, Stance
from bot.pull_request import FileStatus
from bot.vocabulary import code_words

STANCE = Stance.CONTEXT

_TEST = re.compile(r"\b(?:def|fn|func)\s+(test\w{8,90})|\b(?:it|test)\(\s*[\"'`]([^\"'`]{12,90})[\"'`]")
_HAT = re.compile(r"^[a-z]+(?:-[a-z]+){2,3}$")
_CANDIDATES = 6
_LEAST_TIMES = 8
_LONGEST_LINE = 100


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts, each only where there is one: ``word`` and ``word_count`` (the telling word said most often by added code),
    ``before``, ``after`` and ``changed_file`` (a file of which exactly one line became one other), ``longest_test``
    and ``longest_test_words``, ``odd_file`` (a new file's name out of a hat) and ``odd_name`` (its words with spaces).
    """
    facts: dict[str, Fact] = {}
    receipts: list[Receipt] = []
    for look in (_favourite, _one_liner, _longest_test, _odd_file):
        found, proof = look(case)
        facts |= found
        receipts += proof
    if facts:
        yield Exhibit(
            kind="curiosities",
            stance=Stance.CONTEXT,
            weight=0,
            summary=f"Small things: {', '.join(sorted(facts))}.",
            facts=facts,
            stands_in=standing(case),
            receipts=tuple(receipts) or (figures_receipt(case, additions=case.pull_request.additions),),
        )


_Found = tuple[dict[str, Fact], list[Receipt]]


def _favourite(case: Case) -> _Found:
    for word, count in code_words(case).most_common(_CANDIDATES):
        if count < _LEAST_TIMES:
            break
        alone = re.compile(rf"\b{word}\b")
        where = next(((diff, line) for diff, line in added_lines(case.production) if alone.search(line.text)), None)
        if where is not None:
            return {"word": word, "word_count": count}, [line_receipt(case, *where)]
    return {}, []


def _one_liner(case: Case) -> _Found:
    for diff in case.production:
        if len(diff.added) == len(diff.removed) == 1:
            before, after = diff.removed[0], diff.added[0]
            texts = (before.text.strip(), after.text.strip())
            if all(0 < len(text) <= _LONGEST_LINE for text in texts) and texts[0] != texts[1]:
                facts: dict[str, Fact] = {"before": texts[0], "after": texts[1], "changed_file": _name(diff.path)}
                return facts, [line_receipt(case, diff, before), line_receipt(case, diff, after)]
    return {}, []


def _longest_test(case: Case) -> _Found:
    best: tuple[str, FileDiff, Line] | None = None
    for diff, line in added_lines(case.tests):
        match = _TEST.search(line.text[:300])
        name = (match[1] or match[2]) if match else ""
        if name and (best is None or len(name) > len(best[0])):
            best = (name, diff, line)
    words = len(re.findall(r"[A-Za-z0-9]+", best[0].removeprefix("test_").replace("_", " "))) if best else 0
    if best is None or words < 6:
        return {}, []
    return {"longest_test": best[0], "longest_test_words": words}, [line_receipt(case, best[1], best[2])]


def _odd_file(case: Case) -> _Found:
    for diff in case.diffs:
        stem = PurePosixPath(diff.path).stem
        if diff.file.status is FileStatus.ADDED and _HAT.match(stem) and ".changeset" in diff.path:
            proof = [line_receipt(case, diff, line) for line in diff.added if line.text.strip()][:1]
            return {"odd_file": _name(diff.path), "odd_name": stem.replace("-", " ")}, proof
    return {}, []


def _name(path: str) -> str:
    return path.rpartition("/")[2]
