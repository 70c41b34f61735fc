"""What the pull request is for, in its own words (context).

What it finds: the title, the first sentences of the description that are no heading, template or issue number, its
headings, and the issues that it closes; where there is no description, what the first commit says.

Why it matters: a roast that cannot say fairly what was wanted has no right to the rest.

Where it errs: people bury the purpose in the third paragraph; only the first sentences are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import read_subject, work
from bot.detectors._words import LONGEST_TEXT, Sentence, headings, sentences
from bot.detectors.base import commit_receipt, description_receipt, standing, title_receipt
from bot.exhibit import Exhibit, Receipt, Stance

STANCE = Stance.CONTEXT
_CLOSES = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s{1,3}(?:[\w.-]+/[\w.-]+)?#(\d{1,7})\b",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"^\W*(?:please|thank(?:s| you)|make sure|describe|by submitting|i have|check(?:list)?\b|ensure|if you|you can"
    r"|see (?:the )?contributing"
    r"|this (?:template|section)|add (?:a|any) (?:description|screenshots)|what (?:does|is) this|why (?:is|do)"
    r"|how (?:has|did)"
    r"|co-authored-by|signed-off-by|generated (?:with|by)|release notes|related (?:to|issues?)|closes|fixes #"
    r"|resolves #|follows|cc )",
    re.IGNORECASE,
)
_MOST_HEADINGS = 10


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit, where there is a title.

    Facts: ``title``, ``goal`` (the title without type and number), ``first_sentence``, ``second_sentence`` (both may be
    empty), ``source`` ("the description", "the first commit" or empty), ``headings``, ``closes`` (issue numbers),
    ``description_words``, ``labels``, ``author``, ``base``.
    """
    pull = case.pull_request
    if not pull.title.strip():
        return
    found = _told(pull.body)
    source, receipts = "", [title_receipt(case)]
    commits = work(case)
    if found:
        source = "the description"
        receipts += [description_receipt(case, item.raw) for item in found]
    elif commits and (found := _told(commits[0].body)):
        source = "the first commit"
        receipts += [commit_receipt(case, commits[0], item.raw) for item in found]
    subject = read_subject(pull.title)
    words = [item.clean for item in found] + ["", ""]
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
            "source": source,
            "headings": headings(pull.body)[:_MOST_HEADINGS],
            "closes": _closes(case),
            "description_words": len(pull.body.split()),
            "labels": pull.labels[:10],
            "author": pull.user.login,
            "base": pull.base_ref,
        },
        stands_in=standing(case),
        receipts=tuple(_held(receipts)),
    )


def _told(text: str) -> list[Sentence]:
    """Return the first two sentences of one flow that tell something."""
    found: list[Sentence] = []
    for item in sentences(text):
        tells = not item.is_heading and len(item.clean.split()) >= 4 and not _TEMPLATE.match(item.clean)
        if tells and not item.clean.endswith(":"):
            found.append(item)
        elif found:
            break
        if len(found) == 2:
            break
    return found


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
