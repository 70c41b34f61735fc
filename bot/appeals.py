"""Appeals: somebody says that an exhibit is wrong, unfair or fixed since; the bot looks again and says what it saw.

Anybody may doubt a fact: what decides is the second look (``bot.reread``), not who asked for it. So nobody has to show
first that they are the author or a reviewer, which few have told us (``link``), and which would keep the others from
having what is wrong struck.
"Unfair" is no question of fact: it is noted, and counts towards retiring the offence in that channel, a voice a person.
Anybody has one: at stake is which jokes are told there, and an admin may revive what was retired.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.case import Case
from bot.doneness import doneness, is_acquitted, score
from bot.errors import UsageError
from bot.exhibit import Exhibit, Receipt, StandsIn, Where
from bot.records import Ground, Outcome
from bot.reread import reread
from bot.taste import UNFAIR_PEOPLE
from bot.verdict import Struck, Verdict

Reread = Callable[[Case, Receipt], bool]
_LONGEST_QUOTE = 120
_CONVERSATION = frozenset({Where.REVIEW, Where.REVIEW_COMMENT, Where.COMMENT})


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of an appeal, the reason as people are told it, and the verdict as it stands now."""

    outcome: Outcome
    reason: str
    verdict: Verdict


def exhibit_of(verdict: Verdict, key: str) -> Exhibit:
    """Return an exhibit by its id or its kind. Raises ``UsageError`` naming those there are."""
    for item in verdict.public_exhibits:
        if key in {item.id, item.kind}:
            return item
    known = ", ".join(f"{item.id} ({item.kind})" for item in verdict.public_exhibits) or "none"
    raise UsageError(f"That roast has no exhibit “{key[:60]}”.", f"Its exhibits: {known}.")


def decide(verdict: Verdict, key: str, ground: Ground, case: Case, *, look: Reread = reread) -> Decision:
    """Look again at one exhibit and decide.

    ``case`` is the pull request as it stands now; reading it is the caller's, and where that fails the
    appeal stays pending. Raises ``UsageError`` where the verdict has no such exhibit.
    """
    item = exhibit_of(verdict, key)
    for struck in verdict.struck:
        if struck.exhibit == item.id:
            return Decision(Outcome.STRUCK, struck.reason, verdict)
    if ground is Ground.UNFAIR:
        return Decision(Outcome.NOTED, _noted(item), verdict)
    outcome, reason = _fixed(item, case, look) if ground is Ground.FIXED else _wrong(item, case, look)
    return Decision(outcome, reason, strike(verdict, item.id, reason) if outcome is Outcome.STRUCK else verdict)


def strike(verdict: Verdict, exhibit: str, reason: str) -> Verdict:
    """Return the verdict with one exhibit struck and the doneness computed anew from the rest."""
    struck = (*verdict.struck, Struck(exhibit=exhibit, reason=reason))
    gone = {one.exhibit for one in struck}
    rest = [item for item in verdict.exhibits if item.id not in gone]
    points = score(rest)
    changes = {"struck": struck, "score": points, "doneness": doneness(points), "acquitted": is_acquitted(rest)}
    return verdict.model_copy(update=changes)


def _noted(item: Exhibit) -> str:
    return (
        f"Noted. What it says is true ({_shown(item.receipts[0])}), so it stays; once {UNFAIR_PEOPLE} people here"
        f" find “{item.kind.replace('_', ' ')}” unfair, it is not told in this channel any more."
    )


def _wrong(item: Exhibit, case: Case, look: Reread) -> tuple[Outcome, str]:
    for receipt in item.receipts:
        if not _in_reach(receipt, case):
            return (
                Outcome.PENDING,
                f"I could not look again: {_place(receipt)} was not read this time. Try again later.",
            )
        if not look(case, receipt):
            return Outcome.STRUCK, f"I looked again, and {_place(receipt)} does not say that. My mistake."
    return Outcome.UPHELD, f"I looked again, and it stands: {_shown(item.receipts[0])}."


def _fixed(item: Exhibit, case: Case, look: Reread) -> tuple[Outcome, str]:
    if item.stands_in is StandsIn.ON_THE_WAY:
        return Outcome.UPHELD, "It is told as something that was changed on the way, which is what happened."
    in_code = [receipt for receipt in item.receipts if receipt.where is Where.FILE]
    if not in_code:
        return (
            Outcome.UPHELD,
            f"This is about how it went, not about a line that can be mended: {_shown(item.receipts[0])}.",
        )
    for receipt in in_code:
        cure = _cure(receipt, case)
        if cure:
            return Outcome.STRUCK, f"Fixed since, by {cure}. Well done."
    if case.pull_request.head_sha == in_code[0].sha:
        return Outcome.UPHELD, f"The head has not moved since, and nothing merged later mends it: {_shown(in_code[0])}."
    return _gone_at_head(in_code, case, look)


def _gone_at_head(in_code: list[Receipt], case: Case, look: Reread) -> tuple[Outcome, str]:
    """Decide at a head that moved: gone from its file, or still there."""
    missing = [one for one in in_code if not _in_reach(one, case)]
    if missing:
        return Outcome.PENDING, f"I could not look again: {_place(missing[0])} was not read this time. Try again later."
    gone = [one for one in in_code if not look(case, one) and not _anywhere(one, case)]
    if gone:
        return Outcome.STRUCK, f"Fixed since: at {case.pull_request.head_sha[:7]} that is gone from {gone[0].path}."
    return Outcome.UPHELD, f"It is still there at {case.pull_request.head_sha[:7]}: {_shown(in_code[0])}."


def _cure(receipt: Receipt, case: Case) -> str:
    """Return the follow-up that took the quoted line away, in words, or nothing."""
    wanted = {line.strip() for line in receipt.quote.split("\n") if line.strip()}
    for later in case.follow_ups:
        for file in later.files:
            if file.path != receipt.path or not file.patch:
                continue
            taken = {line[1:].strip() for line in file.patch.split("\n") if line.startswith("-")}
            put = {line[1:].strip() for line in file.patch.split("\n") if line.startswith("+")}
            if wanted & (taken - put):
                return f"#{later.number}" if later.number else later.sha[:7]
    return ""


def _anywhere(receipt: Receipt, case: Case) -> bool:
    """Whether the quoted lines stand anywhere in the file: they may only have moved."""
    path = receipt.path or ""
    diff = case.diff_of(path)
    text = case.head_files.get(path)
    if text is None and diff is not None:
        text = "\n".join(line.text for hunk in diff.hunks for line in hunk.lines if line.new is not None)
    lines = {line.strip() for line in (text or "").split("\n")}
    return all(any(part.strip() in line for line in lines) for part in receipt.quote.split("\n"))


def _in_reach(receipt: Receipt, case: Case) -> bool:
    """Whether the place was read at all this time: what was not read is no proof of absence."""
    path, whole = receipt.path or "", not case.coverage.partial
    read = {
        Where.FILE: whole or path in case.head_files or case.diff_of(path) is not None,
        Where.BASE_FILE: whole or path in case.base_files,
        Where.COMMIT_FILE: bool(case.commit_diffs(receipt.sha or "")),
        Where.HOUSE_RULE: path in case.house_rules,
        Where.RECORD: bool(case.record),
        Where.FOLLOW_UP: case.coverage.follow_ups_known,
    }
    read |= dict.fromkeys(_CONVERSATION, case.coverage.conversation_known)
    return read.get(receipt.where, True)


def _place(receipt: Receipt) -> str:
    if receipt.path:
        return f"{receipt.path}:{receipt.line}" if receipt.line else receipt.path
    if receipt.sha:
        return f"commit {receipt.sha[:7]}"
    return f"the {receipt.where.value.replace('_', ' ')}"


def _shown(receipt: Receipt) -> str:
    quote = " ".join(receipt.quote.split())
    short = quote if len(quote) <= _LONGEST_QUOTE else quote[: _LONGEST_QUOTE - 1] + "…"
    return f"{_place(receipt)} reads “{short}”"
