"""Appeals: the bot looks again, and says what it saw."""

import pytest
from fakes.memory import NOON, exhibit, verdict

from bot.appeals import decide, strike
from bot.case import Case, Coverage
from bot.errors import UsageError
from bot.exhibit import StandsIn
from bot.pull_request import ChangedFile, FollowUp, PullRequest
from bot.records import Ground, Outcome
from bot.verdict import Doneness, Struck

WRONG, FIXED, UNFAIR = Ground.WRONG, Ground.FIXED, Ground.UNFAIR


def case(line="    assert token", *, sha="abc", number=7, follow_ups=(), **changes):
    """Return the pull request with one line at one place of ``src/app.py``."""
    patch = f"@@ -{number - 1},1 +{number - 1},2 @@\n def go():\n+{line}"
    pull = PullRequest(
        owner="acme",
        repo="Tools",
        number=7,
        title="t",
        head_sha=sha,
        files=(ChangedFile(path="src/app.py", patch=patch, additions=1),),
    )
    fields = {"coverage": Coverage(files_read=1, files_total=1)} | changes
    return Case(pull, follow_ups=follow_ups, **fields)


def test_upheld():
    """What still reads as quoted stands, and the answer shows the receipt."""
    decision = decide(verdict(), "e1", WRONG, case())
    assert (decision.outcome, decision.verdict) == (Outcome.UPHELD, verdict())
    assert decision.reason == "I looked again, and it stands: src/app.py:7 reads “assert token”."


def test_wrong():
    """What does not read as quoted is struck with its reason, and the doneness is computed anew."""
    decision = decide(verdict(), "e1", WRONG, case("    check(token)"))
    assert decision.outcome is Outcome.STRUCK
    assert decision.verdict.struck == (Struck(exhibit="e1", reason=decision.reason),)
    assert "src/app.py:7 does not say that" in decision.reason
    assert (decision.verdict.score, decision.verdict.doneness, decision.verdict.acquitted) == (0.0, Doneness.RARE, True)
    assert decision.verdict.exhibits == verdict().exhibits


def test_by_kind():
    """An exhibit can be named by its kind as well."""
    assert decide(verdict(), "bare_assert", WRONG, case()).outcome is Outcome.UPHELD


def test_unknown_exhibit():
    """An exhibit that is not there is told with those that are; sensitive ones stay unsaid."""
    secret = exhibit("s1", "secret_in_diff").model_copy(update={"sensitive": True})
    with pytest.raises(UsageError) as caught:
        decide(verdict(exhibits=(exhibit(), secret)), "s1", WRONG, case())
    assert "e1 (bare_assert)" in str(caught.value)
    assert "secret_in_diff" not in str(caught.value)


def test_struck_before():
    """A line that was struck before stays struck, once, with the first reason."""
    once = strike(verdict(), "e1", "first")
    decision = decide(once, "e1", FIXED, case())
    assert (decision.outcome, decision.reason, decision.verdict) == (Outcome.STRUCK, "first", once)


def test_not_read_this_time():
    """What was not read this time is no proof of anything: the appeal waits."""
    partial = Case(PullRequest(owner="a", repo="b", number=7, title="t"), coverage=Coverage(files_total=9))
    for ground in (WRONG, FIXED):
        decision = decide(verdict(), "e1", ground, partial)
        assert (decision.outcome, decision.verdict) == (Outcome.PENDING, verdict())
        assert "Try again later" in decision.reason


def test_unfair():
    """Unfair is no question of fact: it is noted, with what it takes to retire the offence here."""
    decision = decide(verdict(), "e1", UNFAIR, case())
    assert (decision.outcome, decision.verdict) == (Outcome.NOTED, verdict())
    assert "once 3 people here find “bare assert” unfair" in decision.reason


def test_fixed_at_a_new_head():
    """A line that is gone from its file at a new head is struck as fixed; one that only moved is not."""
    gone = decide(verdict(), "e1", FIXED, case("    check(token)", sha="def4567890"))
    assert (gone.outcome, gone.reason) == (Outcome.STRUCK, "Fixed since: at def4567 that is gone from src/app.py.")
    moved = decide(verdict(), "e1", FIXED, case(sha="def4567890", number=90))
    assert (moved.outcome, "still there" in moved.reason) == (Outcome.UPHELD, True)


def test_head_has_not_moved():
    """Where the head has not moved and nothing was merged later, nothing can have been fixed."""
    decision = decide(verdict(), "e1", FIXED, case())
    assert (decision.outcome, "has not moved" in decision.reason) == (Outcome.UPHELD, True)


def test_fixed_by_a_follow_up():
    """A line that a later pull request took out is struck, and that one is named."""
    mended = ChangedFile(path="src/app.py", patch="@@ -7,1 +7,1 @@\n-    assert token\n+    check(token)")
    later = FollowUp(number=9, title="Check it", merged_at=NOON, files=(mended,))
    decision = decide(verdict(), "e1", FIXED, case(follow_ups=(later,)))
    assert (decision.outcome, decision.reason) == (Outcome.STRUCK, "Fixed since, by #9. Well done.")
    touched = later.model_copy(update={"files": (mended.model_copy(update={"patch": "@@ -1 +1 @@\n-a\n+b"}),)})
    assert decide(verdict(), "e1", FIXED, case(follow_ups=(touched,))).outcome is Outcome.UPHELD


def test_fixed_on_the_way():
    """What is told as changed on the way is not struck for having been changed on the way."""
    on_the_way = exhibit().model_copy(update={"stands_in": StandsIn.ON_THE_WAY})
    assert decide(verdict(exhibits=(on_the_way,)), "e1", FIXED, case()).outcome is Outcome.UPHELD
