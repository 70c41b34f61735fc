"""The log when it talks: commit subjects that somebody typed without thinking of us.

What it finds: among the commits' subjects, one that comes again, one of a single word ("lint", "oops"), or one with a
voice ("again", "address review"); merges are left out.

Why it matters: a log is a diary, and the best lines of a diary are short.

Where it errs: whether a short subject is tired or only brief is not to be known, so nothing is said of that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors.base import commit_receipt, counted
from bot.exhibit import Exhibit, Stance
from bot.observations._base import observation, showable
from bot.pull_request import Commit

STANCE = Stance.CONTEXT

_VOICE = re.compile(
    r"\b(?:again|more|another|last|typos?|lint\w*|fmt|format\w*|address\w*|review\w*|feedback|comments?|nits?"
    r"|clippy|clean ?up|revert|undo|wip|tweak\w*|polish|fixup|conflicts?|missed|missing|minor|small|self-review"
    r"|progress|simplify|suggestions?|try|trying|maybe)\b",
    re.IGNORECASE,
)
_LOUD = re.compile(
    r"\b(?:oops|whoops|again|forgot|finally|ugh|actually|really|appease|happy|please|still|hopefully|maybe)\b",
    re.IGNORECASE,
)
_ODD = re.compile(
    r"\b(?:cats?|dogs?|coffee|sorry|argh|hmm+|yolo|magic|monday|friday|sigh|duh|silly|phew|boom|yay|hooray|fun)\b",
    re.IGNORECASE,
)
_BRIEF = re.compile(
    r"\W{1,3}|(?:fix(?:es|ed)?|wip|update|done|tests?|docs|rename|refactor|merge|go|ok|stuff|things|rebase|x|tmp|temp|save"
    r"|checkpoint|squash|build|ci)[.!]*",
    re.IGNORECASE,
)
_LONGEST, _MOST_QUOTED = 70, 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit, where there are two commits or more.

    Facts: ``said`` (up to three subjects, in the order of the log), ``first``, ``own_commits``, ``again`` (the subject
    that comes most often, or ""), ``again_times``, ``brief`` (whether the first quoted is of one word).
    """
    title = case.pull_request.title.strip().lower()
    commits = [
        item
        for item in work(case)
        if 0 < len(item.subject) <= _LONGEST and showable(item.subject) and item.subject.lower() != title
    ]
    if len(work(case)) < 2:
        return
    talking = [item for item in commits if _talks(item)]
    again, times = Counter(item.subject for item in commits).most_common(1)[0] if commits else ("", 0)
    if not talking and times < 2:
        return
    chosen = _chosen(talking) or [next(item for item in commits if item.subject == again)]
    loud = max((_loudness(item) for item in chosen), default=0)
    weight = 3.4 + 0.6 * min(len(chosen), 3) + loud + (times > 1)
    said = tuple(item.subject for item in chosen)
    repeated = [item for item in commits if item.subject == again] if times > 1 else []
    yield observation(
        case,
        "log_voice",
        weight,
        f"Of {counted(len(case.own_commits), 'commit')}: {', '.join(f'“{text}”' for text in said)}.",
        {
            "said": said,
            "first": said[0],
            "own_commits": len(case.own_commits),
            "again": again if times > 1 else "",
            "again_times": times if times > 1 else 0,
            "brief": len(said[0].split()) == 1,
        },
        [commit_receipt(case, item) for item in dict.fromkeys([*chosen, *repeated[:6]])],
    )


def _talks(commit: Commit) -> bool:
    return any(pattern.search(commit.subject) for pattern in (_VOICE, _LOUD, _ODD)) or bool(
        _BRIEF.fullmatch(commit.subject)
    )


def _loudness(commit: Commit) -> float:
    brief = _BRIEF.fullmatch(commit.subject)
    return 2.4 if _ODD.search(commit.subject) else 1.4 if _LOUD.search(commit.subject) else 0.8 if brief else 0.0


def _chosen(talking: list[Commit]) -> list[Commit]:
    """Return up to three different subjects, the loudest and shortest first chosen, in the order of the log."""
    unlike = list({item.subject.lower(): item for item in talking}.values())
    ranked = sorted(unlike, key=lambda item: (-_loudness(item), len(item.subject)))[:_MOST_QUOTED]
    return [item for item in unlike if item in ranked]
