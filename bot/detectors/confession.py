"""The pull request admits it in its own words.

What it finds: in the description, the author's remarks and the commit messages: a heading or sentence that owns up
to something ("why the earlier … was removed", "hacky", "not proud", "for now", "quick and dirty", "band-aid"),
quoted letter by letter. Templates, quotations, code and what speaks of removing somebody else's hack are left
alone.

Why it matters: a confession is the best evidence there is, and usually the most likeable line of all.

Where it errs: "for now" can be a plan and not a sigh; it weighs less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._talk import by_author, is_bot, remarks
from bot.detectors._words import Sentence, sentences
from bot.detectors.base import charge, commit_receipt, description_receipt, remark_receipt, standing
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn

STANCE = Stance.CHARGE
_EARLIER = re.compile(
    r"\b(?:earlier|previous|first|original|initial|old)\b.{0,60}\b(?:design|approach|version|attempt|implementation"
    r"|idea|draft)\b"
    r".{0,120}\b(?:removed|thrown|scrapped|abandon\w+|discarded|did not survive|didn['’]t survive|reverted|dropped)\b",
    re.IGNORECASE,
)
_GRAVE = re.compile(
    r"\b(?:hack(?:y|ish|s|ed)?|kludg\w+|not proud|quick and dirty|quick[- ]n[- ]dirty|dirty (?:fix|trick|hack)"
    r"|band-?aid|duct tape|i (?:have|had) no idea|no idea (?:why|how)"
    r"|not (?:sure|entirely sure|certain) (?:why|how) (?:this|it|that) (?!took)"
    r"|(?:this|it)(?: is|['’]s) (?:a bit |kind of |kinda |pretty |really |very )?(?:ugly|gross|horrible|awful|messy"
    r"|nasty)"
    r"|famous last words|i hate (?:this|that|it)|embarrassing\w*|black magic)\b",
    re.IGNORECASE,
)
_MILD = re.compile(
    r"\b(?:for now|temporarily|temporary (?:fix|measure|hack|patch|solution|workaround)|stop-?gap|(?:is"
    r"|as) a work-?around|not ideal|less than ideal|suboptimal"
    r"|good enough|clean(?:ed)? (?:it |this )?up later|fix (?:it|this) later)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:remov\w+|replac\w+|delet\w+|drop\w*|no longer|instead of|rid of|without|avoid\w*|not (?:a |hacky)"
    r"|eliminat\w+|revert\w*|previously|used to|existing|hack\w*ernews|hackathon|hackage|hack(?:ing)? on"
    r"|(?:css|ie|browser) hacks?|temporary (?:files?|director\w+|folders?|tables?|variables?|path))\b",
    re.IGNORECASE,
)
_BEST = 3
_MOST_BELOW = 3
_LONGEST = 400


@dataclass(frozen=True)
class Admission:
    """A sentence that owns up, where it stands, and how much it says."""

    sentence: Sentence
    place: str
    who: str
    rank: int
    word: str
    receipt: Receipt
    stands_in: StandsIn
    below: tuple[Sentence, ...] = ()


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield the three gravest admissions at most, one exhibit each.

    Facts: ``said`` (the sentence, without markup), ``place`` ("the description", "a heading of the description", "a
    commit message", "a comment"), ``who``, ``word`` (the words that give it away), ``grave``, ``admissions`` (how
    many there are), ``subject`` (of the commit, where it stands in one), ``below`` (the sentences under a heading,
    three at most).
    """
    found = sorted(_admissions(case), key=lambda item: -item.rank)
    seen: set[str] = set()
    for item in found:
        if item.sentence.clean in seen or (seen and item.rank < 2):
            continue
        seen.add(item.sentence.clean)
        if len(seen) > _BEST:
            return
        yield _exhibit(case, item, len(found))


def _admissions(case: Case) -> Iterator[Admission]:
    pull = case.pull_request
    if not is_bot(pull.user):
        every = tuple(sentences(pull.body))
        for at, sentence in enumerate(every):
            place = "a heading of the description" if sentence.is_heading else "the description"
            receipt = description_receipt(case, sentence.raw)
            below = _below(every[at + 1 :]) if sentence.is_heading else ()
            for found in _weighed(sentence, place, pull.user.login, receipt, StandsIn.CONVERSATION):
                yield replace(found, below=below)
    for commit in work(case):
        for sentence in sentences(commit.message):
            receipt = commit_receipt(case, commit, sentence.raw)
            yield from _weighed(sentence, "a commit message", commit.author.login, receipt, standing(case))
    for remark in remarks(case):
        if by_author(case, remark) and not is_bot(remark.user):
            for sentence in sentences(remark.body):
                receipt = remark_receipt(remark, sentence.raw)
                yield from _weighed(sentence, "a comment", remark.user.login, receipt, StandsIn.CONVERSATION)


def _below(rest: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Return the first sentences under a heading, up to the next one."""
    under = takewhile(lambda item: not item.is_heading, rest)
    return tuple(item for item in islice(under, _MOST_BELOW) if len(item.raw) <= _LONGEST - 100)


def _weighed(sentence: Sentence, place: str, who: str, receipt: Receipt, stands_in: StandsIn) -> Iterator[Admission]:
    text = sentence.clean
    if len(text) > _LONGEST or len(sentence.raw) > _LONGEST - 100 or text.endswith("?"):
        return
    earlier = _EARLIER.search(text)
    if earlier:
        yield Admission(sentence, place, who, 4 if sentence.is_heading else 3, "earlier", receipt, stands_in)
        return
    for rank, pattern in ((2, _GRAVE), (1, _MILD)):
        hit = pattern.search(text)
        if hit and not _OTHERS.search(text):
            yield Admission(sentence, place, who, rank, hit[0].lower(), receipt, stands_in)
            return


def _exhibit(case: Case, item: Admission, total: int) -> Exhibit:
    return charge(
        "confession",
        {4: 7.5, 3: 6.5, 2: 6.0}.get(item.rank, 3.5),
        f"In {item.place}: “{item.sentence.clean}”",
        {
            "said": item.sentence.clean,
            "place": item.place,
            "who": item.who,
            "word": item.word,
            "grave": item.rank > 1,
            "admissions": total,
            "below": tuple(one.clean for one in item.below),
        },
        [item.receipt, *(description_receipt(case, one.raw) for one in item.below)],
        stands_in=item.stands_in,
        confidence=0.95 if item.rank > 2 else 0.85 if item.rank > 1 else 0.7,
    )
