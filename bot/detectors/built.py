"""What was built, in the code's own words (context).

What it finds: the new functions of production code whose names say what they do, the new part (class, type, function)
whose own documentation fits the pull request's title best, and the sentence at the head of a new file from which a
stranger learns most.

Why it matters: a stranger has to learn what was built before anybody may laugh about it, and many a pull request has no
description. Names and documentation comments are the next best witnesses.

Where it errs: a name may promise what the code does not keep, so what comes from a name is told as the name's word.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from bot.case import Case
from bot.detectors._module_words import head_of
from bot.detectors._telling import explains
from bot.detectors._words import Sentence, content_words, sentences
from bot.detectors.base import file_receipt, standing
from bot.diff import FileDiff
from bot.exhibit import Exhibit, Fact, Receipt, Stance
from bot.names import job
from bot.vocabulary import split, words_of

STANCE = Stance.CONTEXT

_DECLARED = re.compile(
    r"^(?P<indent>\s*)(?:export\s+)?(?:default\s+)?(?:pub(?:\([^)]{1,40}\))?\s+)?(?:abstract\s+|final\s+)?(?:async\s+)?"
    r"(?:unsafe\s+)?(?P<word>class|struct|interface|enum|trait|type|def|fn|func|function|const)\s+"
    r"(?:\([^)]{1,80}\)\s*)?(?P<name>[A-Za-z_]\w{2,70})(?P<rest>.*)"
)
_KIND = {
    "class": "class", "struct": "type", "interface": "type", "enum": "type", "trait": "type", "type": "type",
    "def": "function", "fn": "function", "func": "function", "function": "function", "const": "function",
}  # fmt: skip
_COMMENT = re.compile(r"^\s*(?:///?!?|/\*\*?|\*|#)\s?(.*?)(?:\*/)?\s*$")
_MARKED = re.compile(r"^\s*(?:#\[|@)")
_FOR_TESTS = re.compile(r"test|mock|fixture|bench|example", re.IGNORECASE)
_NAMED = re.compile(r"(?!__init__|index\.|mod\.rs)[A-Za-z_]\D{2,40}$")
_MARKUP = re.compile(r"``|\[`|go:|:\w+:|@\w+|https?:|\{|<")
_LINKS = re.compile(r"https?:|@\w|<|\{")
_MOST_HEADED = 8
_DOCSTRING = re.compile(r'^\s*[rR]?(?:"""|\'\'\')(.*)')
_MOST_JOBS, _LONGEST_JOB = 4, 8
_LONGEST_SAYING = 170
_LEAST_SHARED = 2  # words with the title; a class counts as one
_MOST_PARTS = 400
_NOUNS = frozenset(
    "process queue index cleanup log cache search hash tag post list group match mark link count run show filter pool"
    " print seed test order name edit query".split()
)
"""Verbs that stand as nouns in many a name: ``_process_isolation_kwargs`` processes nothing."""
_WEAK = frozenset("get set handle do append add".split())
_WEAKER = 0.5


@dataclass(frozen=True, slots=True)
class _Part:
    """A declaration on an added line, with the first sentence of its documentation and where that stands."""

    diff: FileDiff
    line: int
    text: str
    kind: str
    name: str
    size: int = 0
    says: str = ""
    proof: tuple[int, str] | None = None


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts, each only where there is one: ``jobs`` (what up to four new functions say that they do, in the order of the
    text), ``doers`` (their names), ``jobs_file``; ``part``, ``part_kind`` ("class", "type", "function"), ``part_file``
    and ``part_says`` (a new thing and the first sentence of its documentation); ``new_modules`` (names of new files of
    production code); ``file`` and ``file_says`` (a new file and a sentence at its head that says what it does).
    """
    shipped = [diff for diff in case.production if not _FOR_TESTS.search(diff.path)]
    parts = [part for diff in shipped for part in _parts(diff)][:_MOST_PARTS]
    facts: dict[str, Fact] = {}
    receipts: list[Receipt] = []
    telling = words_of(case)
    for found, proof in (_jobs(case, parts, telling), _documented(case, parts), _modules(case), _headed(case)):
        facts |= found
        receipts += proof
    if facts and receipts:
        yield Exhibit(
            kind="built", stance=STANCE, weight=0, summary=f"What was built: {', '.join(sorted(facts))}.", facts=facts,
            stands_in=standing(case), receipts=tuple(receipts),
        )  # fmt: skip


_Found = tuple[dict[str, Fact], list[Receipt]]


def _jobs(case: Case, parts: Iterable[_Part], telling: dict[str, int]) -> _Found:
    """Return the new functions whose names say most of what the pull request is about."""
    named = {job(part.name): part for part in parts if part.kind == "function" and _speaks(part)}

    def worth(part: _Part) -> float:
        words = split(part.name)
        share = sum(word in telling for word in words) / max(len(words), 1)
        return (part.size + 4) * (1 + share) * (_WEAKER if job(part.name).split()[0] in _WEAK else 1)

    taken: list[_Part] = []
    while len(taken) < _MOST_JOBS and len(taken) < len(named):
        verbs = {job(part.name).split()[0] for part in taken}
        rest = [part for part in named.values() if part not in taken]
        taken.append(max(rest, key=lambda part: worth(part) * (_WEAKER if job(part.name).split()[0] in verbs else 1)))
    chosen = [part for part in named.values() if part in taken]
    if not chosen:
        return {}, []
    facts: dict[str, Fact] = {
        "jobs": tuple(job(part.name) for part in chosen), "doers": tuple(part.name for part in chosen),
    }  # fmt: skip
    files = {part.diff.path for part in chosen}
    if len(files) == 1:
        facts["jobs_file"] = PurePosixPath(files.pop()).name
    return facts, [file_receipt(case, part.diff.path, part.line, part.text) for part in chosen]


def _speaks(part: _Part) -> bool:
    """Whether the name is surely an order: its verb is no noun as well, and it does not stop in the middle."""
    words = job(part.name).split()
    return (
        3 <= len(words) <= _LONGEST_JOB
        and words[0] not in _NOUNS
        and words[1] not in {"or", "and", "on", "if", "as"}
        and words[-1] not in {"for", "to", "from", "with", "of", "in", "by", "obj", "cmd", "impl"}
        and not (part.diff.path.endswith(".go") and words[-1] == "run")
        and "(" in part.text
    )


def _documented(case: Case, parts: Iterable[_Part]) -> _Found:
    """Return the new part whose documentation shares most with the title, a class before a function."""
    title = content_words(" ".join([case.pull_request.title, *(commit.subject for commit in case.own_commits[:1])]))

    def worth(part: _Part) -> float:
        return len(title & content_words(f"{part.says} {part.name}")) + (part.kind != "function")

    best = max(
        (part for part in parts if part.says and part.proof and not part.name.endswith("Error")),
        key=worth,
        default=None,
    )
    if best is None or best.proof is None or worth(best) < _LEAST_SHARED:
        return {}, []
    facts: dict[str, Fact] = {
        "part": best.name, "part_kind": best.kind, "part_file": PurePosixPath(best.diff.path).name,
        "part_says": best.says,
    }  # fmt: skip
    return facts, [
        file_receipt(case, best.diff.path, best.line, best.text),
        file_receipt(case, best.diff.path, *best.proof),
    ]


def _modules(case: Case) -> _Found:
    new = [
        diff for diff in case.production if diff.is_new and diff.added and _NAMED.match(PurePosixPath(diff.path).name)
    ]
    new.sort(key=lambda diff: -len(diff.added))
    if not new or not new[0].added[0].text.strip():
        return {}, []
    names = tuple(dict.fromkeys(PurePosixPath(diff.path).name for diff in new))[:3]
    first = new[0].added[0]
    return {"new_modules": names}, [file_receipt(case, new[0].path, first.new or 1, first.text)]


def _headed(case: Case) -> _Found:
    """Return the sentence at the head of a new file that explains most, in the words of the title if it can."""
    title = content_words(case.pull_request.title)
    ranked = [
        (explains(Sentence(item.raw, item.clean)) + 0.5 * len(title & content_words(item.clean)) - 0.2 * at, diff, item)
        for diff in case.production
        if diff.is_new and not _FOR_TESTS.search(diff.path)
        for at, item in enumerate(islice(head_of(diff), _MOST_HEADED))
        if explains(Sentence(item.raw, item.clean)) and not _LINKS.search(item.raw)
    ]
    if not ranked:
        return {}, []
    _, diff, item = max(ranked, key=lambda entry: entry[0])
    name = PurePosixPath(diff.path).name
    return {"file": name, "file_says": item.clean}, [file_receipt(case, diff.path, item.line, item.raw)]


def _parts(diff: FileDiff) -> Iterator[_Part]:
    """Yield what the added lines declare. Nested functions are left out: they are somebody's private matter."""
    side = {line.new: line.text for hunk in diff.hunks for line in hunk.lines if line.new is not None}
    added = sorted(diff.added_numbers)
    declared = [number for number in added if _DECLARED.match(side[number][:300])]
    for line in diff.added:
        found = _DECLARED.match(line.text[:300])
        if not found or line.new is None or len(found["indent"].expandtabs(4)) > 4:
            continue
        if found["word"] == "const" and "=>" not in found["rest"]:
            continue
        below = found["word"] in {"def", "class"} and diff.path.endswith((".py", ".pyi"))
        says, proof = (_below if below else _above)(side, line.new, found["name"])
        after = bisect_right(declared, line.new)
        end = declared[after] if after < len(declared) else sys.maxsize
        size = bisect_left(added, end) - bisect_right(added, line.new)
        yield _Part(diff, line.new, line.text.strip(), _KIND[found["word"]], found["name"], size, says, proof)


_Saying = tuple[str, tuple[int, str] | None]


def _below(side: dict[int, str], start: int, name: str) -> _Saying:
    """Return the first sentence of a docstring: it begins within a few lines of ``def``, after the signature."""
    for number in range(start + 1, start + 16):
        text = side.get(number, "")
        opened = _DOCSTRING.match(text)
        if opened:
            lines = [opened[1], *(side.get(number + at, "") for at in range(1, 4))]
            return _first(lines, [text, *lines[1:]], number, name)
        if side.get(number - 1, "").rstrip().endswith(":") and text.strip():
            break
    return "", None


def _above(side: dict[int, str], start: int, name: str) -> _Saying:
    """Return the first sentence of the comment that ends right above the declaration."""
    number = start - 1
    while number in side and _MARKED.match(side[number]):
        number -= 1
    last = number
    while number in side and _COMMENT.match(side[number]) and start - number < 40:
        number -= 1
    raw = [side[at] for at in range(number + 1, last + 1)]
    lines = [found[1] for text in raw if (found := _COMMENT.match(text))]
    while lines and not lines[0].strip():
        lines, raw, number = lines[1:], raw[1:], number + 1
    return _first(lines[:4], raw[:4], number + 1, name) if lines else ("", None)


def _first(lines: list[str], raw: list[str], number: int, name: str) -> _Saying:
    """Return the first sentence of these lines and the source line on which it begins."""
    text = "\n".join(lines).split('"""')[0].split("\n\n")[0].strip()
    said = next((item.clean for item in sentences(text)), "")
    fits = (
        len(said.split()) >= 4
        and len(said) <= _LONGEST_SAYING
        and said.endswith(".")
        and said[:1].isalpha()
        and not _MARKUP.search(said)
    )
    if not fits or _MARKUP.search(said) or content_words(said) <= content_words(name.replace("_", " ")):
        return "", None
    return said, (number, raw[0].strip())
