"""The scope shrinks while the review is on.

What it finds: a commit after the first whose subject narrows the pull request ("narrow … scope", "split out …",
"drop … from this PR", "defer …", "out of scope"), or the author saying so in the conversation.

Why it matters: what is cut in the middle was read by somebody first, and the title rarely follows.

Where it errs: cutting scope is often the wisest commit of all; the exhibit says when, not that it was wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._talk import by_author
from bot.detectors._time import hours, phrase
from bot.detectors._words import sentences
from bot.detectors.base import charge, commit_receipt, figures_receipt, remark_receipt, standing
from bot.exhibit import Exhibit, Fact, Receipt, Stance, StandsIn
from bot.pull_request import Commit, IssueComment, ReviewComment

STANCE = Stance.CHARGE
_PR = r"(?:this |the )?(?:pr|pull request|mr|branch|patch)\b"
_SUBJECT = re.compile(
    rf"(\b(?:narrow|reduce|shrink|cut|trim|limit|tighten|scale"
    rf"|restrict)\w*\b.{{0,60}}\bscope\b(?! ?(?:of )?(?:variable|lock|span))"
    rf".{{0,40}}$|\bdescop\w+|\bout of scope\b|\b(?:drop|remove|split|move|pull|back)\w*\b.{{1,60}}\b(?:from"
    rf"|out of) {_PR}(?!\s+\w)"
    rf"|\b(?:split|move|defer|leave|punt|postpone)\w*\b.{{1,60}}\b(?:follow-?up|separate {_PR}|later {_PR}"
    rf"|another {_PR}|own {_PR}))",
    re.IGNORECASE,
)
_PR_SCOPE = re.compile(rf"\b{_PR}|^\W*\w+(?: down)?(?: the)? scope\W*$", re.IGNORECASE)
_SAID = re.compile(
    rf"\b(i(?:'|’)?(?:ll| will|'ve|’ve| have)? (?:just |now )?(?:split|moved?|dropped|drop|pull(?:ed)?|remove[d]?"
    rf"|cut|narrowed)\b.{{1,80}}"
    rf"\b(?:separate|another|follow-?up|own|different|new|this) {_PR}|narrowed the scope|reduced the scope|descoped)",
    re.IGNORECASE,
)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``said`` (the subject or the sentence), ``who``, ``place`` ("a commit" or "a comment"), ``hours`` and
    ``after`` (since the first commit), ``position`` (which own commit it was), ``own_commits``, ``title``,
    ``additions`` (of the whole, as it stands); of a commit also, from its own diff (0 where that is unknown):
    ``lines_out``, ``lines_in``, ``files_touched``, ``files_left`` and ``paths_left`` (files of earlier commits that
    are in the final diff no more).
    """
    commits = work(case)
    for position, commit in enumerate(commits[1:], start=2):
        if _cuts(commit.subject):
            yield _by_commit(case, commits, commit, position)
            return
    yield from _by_word(case, commits)


def _cuts(subject: str) -> bool:
    found = _SUBJECT.search(subject[:300])
    if found is None:
        return False
    # "Narrow the scope of a lock" is code; of a pull request it is a retreat.
    return "scope" not in found[0].lower() or bool(_PR_SCOPE.search(subject[:300]))


def _by_commit(case: Case, commits: tuple[Commit, ...], commit: Commit, position: int) -> Exhibit:
    start, end = commits[0].authored_at, commit.authored_at
    facts: dict[str, Fact] = {
        "said": commit.subject,
        "who": commit.author.login,
        "place": "a commit",
        "position": position,
    }
    cut = _cut(case, commits[: position - 1], commit)
    left = len(cut["paths_left"]) if isinstance(cut["paths_left"], tuple) else 0
    return charge(
        "scope_cut",
        min(5.5 + 0.4 * left, 7.5),
        f"“{commit.subject}” came {phrase(start, end)} after the first commit"
        + (f", and {cut['files_left']} files left with it." if left > 1 else "."),
        facts | _figures(case, commits) | cut | {"hours": hours(start, end), "after": phrase(start, end)},
        [commit_receipt(case, commits[0]), commit_receipt(case, commit), _size(case)],
        stands_in=standing(case),
        confidence=0.9,
    )


def _cut(case: Case, before: tuple[Commit, ...], commit: Commit) -> dict[str, Fact]:
    """Return what the cutting commit did, where its own diff is known: lines, and files that left altogether."""
    own = case.commit_files.get(commit.sha, ())
    final = {file.path for file in case.pull_request.files}
    earlier = {file.path for item in before for file in case.commit_files.get(item.sha, ())}
    left = tuple(file.path for file in own if file.path in earlier and file.path not in final)
    return {
        "lines_out": sum(file.deletions for file in own),
        "lines_in": sum(file.additions for file in own),
        "files_touched": len(own),
        "files_left": len(left),
        "paths_left": left[:6],
    }


def _by_word(case: Case, commits: tuple[Commit, ...]) -> Iterator[Exhibit]:
    pull = case.pull_request
    every: list[IssueComment | ReviewComment] = [*pull.comments, *pull.review_comments]
    for remark in sorted(every, key=lambda item: item.created_at):
        if not by_author(case, remark):
            continue
        for sentence in sentences(remark.body):
            if _SAID.search(sentence.clean[:600]) and commits:
                start = commits[0].authored_at
                facts: dict[str, Fact] = {
                    "said": sentence.clean,
                    "who": remark.user.login,
                    "place": "a comment",
                    "position": 0,
                    "hours": hours(start, remark.created_at),
                    "after": phrase(start, remark.created_at),
                }
                yield charge(
                    "scope_cut",
                    4.0,
                    f"The author on the scope, {facts['after']} in: “{sentence.clean}”",
                    facts | _figures(case, commits),
                    [remark_receipt(remark, sentence.raw), _size(case)],
                    stands_in=StandsIn.CONVERSATION,
                    confidence=0.8,
                )
                return


def _figures(case: Case, commits: tuple[Commit, ...]) -> dict[str, Fact]:
    pull = case.pull_request
    return {"title": pull.title, "additions": pull.additions, "own_commits": len(commits)}


def _size(case: Case) -> Receipt:
    return figures_receipt(case, additions=case.pull_request.additions, commit_count=case.pull_request.commit_count)
