"""Two machines, two verdicts.

What it finds: one review bot that gives a clean bill ("no issues found") and another that reports a fault of the
grade P0 to P2, with no commit between the two remarks.

Why it matters: whoever wanted a machine's blessing had a choice.

Where it errs: the bots may have looked at different files; what each said is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._talk import Remark, gist, is_bot, remarks, tool_name, when
from bot.detectors._words import Sentence, sentences
from bot.detectors.base import charge, remark_receipt
from bot.exhibit import Exhibit, Stance, StandsIn
from bot.pull_request import ReviewComment

STANCE = Stance.CHARGE
_CLEAN = re.compile(
    r"\b(?:no (?:major |actionable |critical |significant |new )?(?:issues|problems|bugs"
    r"|comments)(?: (?:were )?(?:found|detected|generated))?"
    r"|didn['’]t find any (?:major |new )?(?:issues|problems|bugs)|generated no (?:new )?comments"
    r"|looks good(?: to me)?|lgtm)\b",
    re.IGNORECASE,
)
_GRADED = re.compile(r"\bP([0-2])\b|\b(critical|high severity|potential issue)\b", re.IGNORECASE)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``clean_bot``, ``clean_tool``, ``clean_said``, ``stern_bot``, ``stern_tool``, ``stern_said``,
    ``severity``, ``path``, ``clean_first`` (whether the clean bill came first).
    """
    every = [item for item in remarks(case) if is_bot(item.user)]
    clean = [(item, said) for item in every if (said := _bill(item))]
    stern = [item for item in every if isinstance(item, ReviewComment) and _GRADED.search(item.body[:400])]
    moments = [commit.authored_at for commit in work(case)]
    for fine, said in clean:
        for bad in stern:
            first, last = sorted((when(fine) or bad.created_at, bad.created_at))
            if fine.user.login != bad.user.login and not any(first < moment <= last for moment in moments):
                yield _exhibit(fine, said, bad)
                return


def _bill(remark: Remark) -> Sentence | None:
    if isinstance(remark, ReviewComment) or len(remark.body) > 20_000:
        return None
    return next((item for item in sentences(remark.body) if _CLEAN.search(item.clean[:400])), None)


def _exhibit(fine: Remark, said: Sentence, bad: ReviewComment) -> Exhibit:
    raw, stern = gist(bad.body)
    grade = _GRADED.search(bad.body[:400])
    return charge(
        "bot_contradiction",
        5.5,
        f"{tool_name(fine.user.login)}: “{said.clean}” {tool_name(bad.user.login)}: “{stern}”",
        {
            "clean_bot": fine.user.login,
            "clean_tool": tool_name(fine.user.login),
            "clean_said": said.clean,
            "stern_bot": bad.user.login,
            "stern_tool": tool_name(bad.user.login),
            "stern_said": stern,
            "severity": grade[0] if grade else "",
            "path": bad.path,
            "clean_first": (when(fine) or bad.created_at) <= bad.created_at,
        },
        [remark_receipt(fine, said.raw), remark_receipt(bad, raw or bad.body.strip()[:200])],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.85,
    )
