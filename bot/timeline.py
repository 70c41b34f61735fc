"""The commits in time, for the picture: which of them worked on, and which repaired what came before."""

from __future__ import annotations

from bot.case import Case
from bot.detectors._commits import about, is_fix, read_subject, repairs, work
from bot.verdict import Moment

MOST = 250


def timeline_of(case: Case) -> tuple[Moment, ...]:
    """Return when each commit was made, in the log's order; repairs are what ``fixup_train`` calls so."""
    topic, fixing = about(case), is_fix(case)
    repaired = {commit.sha for commit in work(case)[1:] if repairs(read_subject(commit.subject), topic, is_fix=fixing)}
    return tuple(
        Moment(sha=commit.sha, at=commit.authored_at, is_merge=commit.is_merge, is_repair=commit.sha in repaired)
        for commit in case.pull_request.commits[:MOST]
    )
