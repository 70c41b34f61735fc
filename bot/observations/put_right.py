"""A word that was put right, letter by letter.

What it finds: in a small change, a line of prose, a comment or a text in quotes of which one word became another by one
letter or two: one more, one less, another one, two that changed places, a small one that is a capital now.

Why it matters: it is the smallest thing that one can be wrong about in public, and it can be told exactly.

Where it errs: which of the two is the right spelling is the author's word; only what became what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.exhibit import Exhibit, Fact, Stance
from bot.kinds import FileKind
from bot.observations._base import name_of, observation
from bot.observations._pairs import HANDLE, is_small, pairs, shared_start
from bot.prose import PROSE

STANCE = Stance.CONTEXT

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{2,30}")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z'-]*|[^A-Za-z]+")
_SPOKEN = re.compile(r"^\s*(?:#|//|/\*|\*|--|<!--|\"\"\")|[\"'`][^\"'`]*\s[^\"'`]*[\"'`]")
_TITLE = re.compile(r"\b(?:typos?|spelling|misspell\w*|grammar|wording)\b", re.IGNORECASE)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``was`` and ``became`` (the words), ``how`` (more, less, other, places or capital), ``letter`` (the one that
    came, went or came instead; "" for two), ``words_mended`` (how many words in all), ``place``.
    """
    found = []
    for diff, old, new in pairs(case) if is_small(case) else ():
        if HANDLE.search(f"{old.text} {new.text}"):
            continue
        prose = diff.path.endswith(PROSE) or case.kind(diff.path) is FileKind.DOCS
        if prose or _SPOKEN.search(new.text[:400]) or _TITLE.search(case.pull_request.title):
            found += [(diff, old, new, *word) for word in _mended(old.text.strip(), new.text.strip())]
    if not found:
        return
    diff, old, new, was, became, how, letter = found[0]
    facts: dict[str, Fact] = {
        "was": was, "became": became, "how": how, "letter": letter, "words_mended": len(found),
        "place": name_of(diff.path),
    }  # fmt: skip
    yield observation(
        case, "put_right", 6.8, f"In `{facts['place']}`, `{was}` became `{became}`.", facts,
        [line_receipt(case, diff, old), line_receipt(case, diff, new)],
    )  # fmt: skip


def _mended(before: str, after: str) -> list[tuple[str, str, str, str]]:
    """Return the words that changed by a letter or two, where nothing else of the line changed."""
    old, new = (_TOKEN.findall(text[:2000].replace("`", "")) for text in (before, after))
    changed = [(one, other) for one, other in zip(old, new, strict=False) if one != other]
    found = [(one, other, *how) for one, other in changed if (how := _how(one, other))]
    return found if len(old) == len(new) and len(found) == len(changed) else []


def _how(was: str, became: str) -> tuple[str, str] | None:
    """Return in which way one word differs from another and by which letter, or nothing where they are two words."""
    if not _WORD.fullmatch(was) or not _WORD.fullmatch(became):
        return None
    if was.lower() == became.lower():
        return "capital", ""
    left = shared_start(was, became)
    one, other = was[left:], became[left:]
    ways = {
        "more": (other[1:] == one, other[:1]),
        "less": (one[1:] == other, one[:1]),
        "other": (one[1:] == other[1:], other[:1]),
        "places": (one[:2] == other[1::-1] and one[2:] == other[2:], ""),
    }
    return next(((how, letter) for how, (fits, letter) in ways.items() if fits), None)
