"""Who held the pen (context): commits by a bot, or written together with one.

What it finds: a log in which most of the commits are a coding agent's or carry it as co-author, by the author
field, the ``Co-authored-by`` trailers or the description's own footer.

Why it matters: it is part of how the change came about; it is told as a fact, never as a sneer.

Where it errs: tools that leave no trailer leave no trace; silence says nothing about who typed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._talk import is_bot
from bot.detectors.base import commit_receipt, counted, description_receipt, standing
from bot.exhibit import Exhibit, Receipt, Stance
from bot.pull_request import Commit

STANCE = Stance.CONTEXT
_AGENT = re.compile(
    r"\b(claude|copilot|devin|cursor(?: ?agent)?|codex|gemini|aider|jules|windsurf|amp|openhands|sweep|kiro"
    r"|opencode)\b",
    re.IGNORECASE,
)
_TRAILER = re.compile(r"^co-authored-by:[ \t]*([^<\n]{1,100}?)[ \t]*<[^>\n]{0,120}>", re.IGNORECASE | re.MULTILINE)
_FOOTER = re.compile(r"^.{0,6}generated (?:with|by) \[?([^\]\n(]{2,60})", re.IGNORECASE | re.MULTILINE)
_NAMES = {"cursor agent": "Cursor", "cursoragent": "Cursor"}
_RECEIPTS = 4


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit, where most of the commits (and at least one) show an agent's hand.

    Facts: ``tool`` ("Claude"), ``signature`` (the trailer's own words, such as a model's name), ``count``,
    ``own_commits``, ``by_a_bot`` (commits whose author is an agent), ``together`` (with an agent as co-author),
    ``footer`` (the description's own line, or empty), ``all_of_them``.
    """
    commits = work(case)
    signed = [(commit, name) for commit in commits if (name := _signature(commit))]
    footer = _FOOTER.search(case.pull_request.body[:40_000])
    footer = footer if footer and _AGENT.search(footer[1]) else None
    if len(signed) * 2 <= len(commits) and footer is None:
        return
    names = Counter(name for _, name in signed)
    signature = names.most_common(1)[0][0] if names else footer[1].strip() if footer else ""
    found = _AGENT.search(signature)
    tool = _NAMES.get(found[1].lower(), found[1].capitalize()) if found else signature
    by_a_bot = sum(_is_agent(commit) for commit, _ in signed)
    receipts: list[Receipt] = [commit_receipt(case, commit, _quote(commit)) for commit, _ in signed[:_RECEIPTS]]
    if footer:
        receipts.append(description_receipt(case, footer[0].strip()))
    yield Exhibit(
        kind="ghostwritten",
        stance=STANCE,
        weight=1.5,
        summary=f"{counted(len(signed), 'commit')} of {len(commits)} carry {tool}'s name."
        if signed
        else f"The description says that it was generated with {tool}.",
        facts={
            "tool": tool,
            "signature": signature,
            "count": len(signed),
            "own_commits": len(commits),
            "by_a_bot": by_a_bot,
            "together": len(signed) - by_a_bot,
            "footer": footer[0].strip() if footer else "",
            "all_of_them": len(signed) == len(commits),
        },
        stands_in=standing(case),
        receipts=tuple(receipts),
    )


def _is_agent(commit: Commit) -> bool:
    names = f"{commit.author.login} {commit.author.name}"
    return bool(_AGENT.search(names.replace("-", " "))) and (
        is_bot(commit.author) or " " in commit.author.login.strip()
    )


def _signature(commit: Commit) -> str:
    if _is_agent(commit):
        return commit.author.login
    names = (*_TRAILER.findall(commit.message[:8000]), *commit.co_authors)
    return next((name.split("<")[0].strip() for name in names if _AGENT.search(name)), "")


def _quote(commit: Commit) -> str:
    return next(
        (found[0] for found in _TRAILER.finditer(commit.message[:8000]) if _AGENT.search(found[1])), commit.subject
    )
