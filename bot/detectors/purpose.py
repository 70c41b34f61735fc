"""What the pull request is for, in its own words (context).

What it finds: the title, the first sentences of the description that are no heading, template or issue number, the
sentence that tells the trouble and the one that tells what was done about it, its headings, and the issues that it
closes; where there is no description, what the first commit that explains itself says.

Why it matters: a roast that cannot say fairly what was wanted has no right to the rest.

Where it errs: the trouble and the deed are told by their words ("fails", "never"; "Add", "Replace"), so a description
in another manner yields its first sentences only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import read_subject, work
from bot.detectors._talk import raises_versions
from bot.detectors._telling import Told, told
from bot.detectors._words import LONGEST_TEXT, content_words, headings
from bot.detectors.base import commit_receipt, description_receipt, standing, title_receipt
from bot.exhibit import Exhibit, Receipt, Stance

STANCE = Stance.CONTEXT
_CLOSES = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s{1,3}(?:[\w.-]+/[\w.-]+)?#(\d{1,7})\b",
    re.IGNORECASE,
)
_MOST_HEADINGS = 10
_MOST_COMMITS = 40


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit, where there is a title.

    Facts: ``title``, ``goal`` (the title without type and number), ``first_sentence``, ``second_sentence``,
    ``trouble`` (what was wrong) and ``deed`` (what was done; each may be empty), ``source`` ("the description", "the
    first commit", "a commit" or empty), ``headings``, ``closes`` (issue numbers), ``description_words``, ``labels``,
    ``author``, ``base``.
    """
    pull = case.pull_request
    if not pull.title.strip():
        return
    source, found, proof = _source(case)
    subject = read_subject(pull.title)
    words = [*(item.clean for item in (found.opening if found else ())), "", ""]
    yield Exhibit(
        kind="purpose",
        stance=STANCE,
        weight=0,
        summary=f"“{pull.title}”" + (f": {words[0]}" if words[0] else "."),
        facts={
            "title": pull.title,
            "goal": f"{_verb(subject.text, subject.rest)}",
            "first_sentence": words[0],
            "second_sentence": words[1],
            "trouble": found.trouble.clean if found and found.trouble else "",
            "deed": found.deed.clean if found and found.deed else "",
            "source": source,
            "headings": headings(pull.body)[:_MOST_HEADINGS],
            "closes": _closes(case),
            "description_words": len(pull.body.split()),
            "labels": pull.labels[:10],
            "author": pull.user.login,
            "base": pull.base_ref,
        },
        stands_in=standing(case),
        receipts=tuple(_held([title_receipt(case), *proof])),
    )


def _source(case: Case) -> tuple[str, Told | None, list[Receipt]]:
    """Return whose words say what it is for, the words, and where they stand."""
    found = told("" if raises_versions(case.pull_request.user) else case.pull_request.body)
    if found.opening:
        return "the description", found, [description_receipt(case, item.raw) for item in found.all]
    commits = () if raises_versions(case.pull_request.user) else work(case)
    for at, commit in enumerate(commits[:_MOST_COMMITS]):
        found = told(commit.body)
        if found.opening and (at == 0 or _is_of_it(case, found.opening[0].clean)):
            source = "the first commit" if at == 0 else "a commit"
            return source, found, [commit_receipt(case, commit, item.raw) for item in found.all]
    return "", None, []


def _is_of_it(case: Case, sentence: str) -> bool:
    """Whether a later commit's words speak of the pull request as a whole: they share two of its title's."""
    return len(content_words(case.pull_request.title) & content_words(sentence)) >= 2


def _verb(text: str, rest: str) -> str:
    """Return the title from its verb on, without type, ticket and number."""
    start = text.rfind(rest) if rest else -1
    if start <= 0:
        return text
    before = text[:start].rstrip().rsplit(" ", 1)[-1]
    return rest if before.endswith((":", "]")) or not before else f"{before} {rest}"


def _closes(case: Case) -> tuple[int, ...]:
    pull = case.pull_request
    text = "\n".join((pull.title, pull.body[:LONGEST_TEXT], *(commit.message[:2000] for commit in pull.commits[:1])))
    return tuple(dict.fromkeys(int(number) for number in _CLOSES.findall(text)))[:10]


def _held(receipts: list[Receipt]) -> Iterator[Receipt]:
    yield from (receipt for receipt in receipts if receipt.quote)
