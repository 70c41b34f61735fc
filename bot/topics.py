"""Which part of the story an exhibit belongs to: what was built, how it got there, what was said, what came after."""

from __future__ import annotations

from enum import StrEnum

from bot.exhibit import Exhibit


class Topic(StrEnum):
    """The part of the story, in telling order."""

    CODE = "code"
    TESTS = "tests"
    LOG = "log"
    FINDINGS = "findings"
    CONVERSATION = "conversation"
    AFTERMATH = "aftermath"
    CREDIT = "credit"


_KINDS: dict[Topic, frozenset[str]] = {
    Topic.LOG: frozenset(
        "fixup_train tug_of_war mixed_commit scope_cut round_trip pivot drive_by famous_last_words merge_marathon"
        " speedrun apology_commits misnamed_commit ghostwritten refactor_that_grows rename_storm confession".split()
    ),
    Topic.FINDINGS: frozenset("bot_caught bot_contradiction".split()),
    Topic.CONVERSATION: frozenset(
        "rubber_stamp one_word_review unanswered_question asked_nicely"
        " essay_description empty_description template_untouched nit_parade review_by_stopwatch"
        " house_rule_broken".split()
    ),
    Topic.AFTERMATH: frozenset("sequel_fix reverted hotfix_chain repeat_offence pinned_bug".split()),
    Topic.TESTS: frozenset(
        "placebo_patch uncollected_test assertionless_test sleepy_test mock_everything no_tests test_heavy"
        " skipped_without_reason snapshot_flood promoted_hack".split()
    ),
}
_TOPIC = {kind: topic for topic, kinds in _KINDS.items() for kind in kinds}


def topic_of(exhibit: Exhibit) -> Topic:
    """Return the topic of an exhibit; whatever is not listed is about the code."""
    return Topic.CREDIT if exhibit.is_credit else _TOPIC.get(exhibit.kind, Topic.CODE)
