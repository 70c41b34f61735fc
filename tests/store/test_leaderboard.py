"""The leaderboard: repositories by their record, verdicts by their votes, people only to themselves."""

from fakes.memory import NOON

from bot.leaderboard import FunnyVerdict, RepositoryRecord, leaderboard, mine
from bot.records import PriorVerdict, UserSettings


def month(repository, name, verdicts, score, acquitted=0):
    """Return a repository's month."""
    return RepositoryRecord(repository=repository, month=name, verdicts=verdicts, score=score, acquitted=acquitted)


RECORDS = [
    month("acme/calm", "2026-04", 2, 2.0, 1),
    month("acme/calm", "2026-05", 2, 3.0, 1),
    month("acme/wild", "2026-04", 4, 9.0),
    month("acme/wild", "2026-05", 4, 4.0, 1),
    month("acme/new", "2026-05", 2, 0.0, 2),
]


def test_ranked():
    """Best behaved by mean score, most acquitted by share, most improved by the fall; two verdicts are no record."""
    board = leaderboard((), RECORDS)
    assert [(one.repository, one.figure) for one in board.best_behaved] == [("acme/calm", 2.5), ("acme/wild", 6.5)]
    assert [(one.repository, one.figure) for one in board.most_acquitted] == [("acme/calm", 0.5), ("acme/wild", 0.12)]
    assert [(one.repository, one.figure) for one in board.most_improved] == [("acme/wild", 5.0)]


def test_weighted():
    """A month of many verdicts weighs more than a month of one."""
    board = leaderboard((), [month("a/b", "2026-01", 9, 1.0), month("a/b", "2026-02", 1, 11.0)])
    assert board.best_behaved[0].figure == 2.0


def test_empty():
    """An empty memory makes an empty board."""
    assert leaderboard((), ()).is_empty


def test_no_people():
    """No line of the board has room for a person's name."""
    named = {"author", "login", "person", "user", "asker"}
    assert not named & set(FunnyVerdict.model_fields)
    assert not named & set(RepositoryRecord._fields)


def test_mine():
    """One's own record counts repeated offences and every credit."""
    prior = [
        PriorVerdict(
            id=number,
            pull_request=f"a/b#{number}",
            url="",
            title="t",
            doneness="rare",
            acquitted=False,
            created_at=NOON,
            offences=offences,
            credits=("focused",),
        )
        for number, offences in enumerate([("bare_assert",), ("bare_assert", "tug_of_war"), ()], start=1)
    ]
    found = mine("alice", prior, UserSettings(), opted_out=False)
    assert (found.repeat_offences, found.credits) == ({"bare_assert": 2}, {"focused": 3})
